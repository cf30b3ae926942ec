// Adds windows back to where they were taken from: y[.., o * stride + k * dilation, ..] += x[.., o, .., k].
//
// ELEMENT: type of the elements; RANK: of y.
#include "arithmetic.cuh"

using T = ELEMENT;
constexpr int R = RANK;

// A thread an element of y, in the order of k. `coordinate` is the place of an element along the axis; `sx` has no step along it.
extern "C" __global__ void __launch_bounds__(256, 1) overlapAdd(Position n, Sizes<R> sizes, Steps<R> coordinate, int windows, int width,
    int stride, int dilation, const T* __restrict__ x, Steps<R> sx, int xAxis, int xWindow, T* __restrict__ y, Steps<R> sy) {
  for (Position i = blockIdx.x * (Position)blockDim.x + threadIdx.x; i < n; i += gridDim.x * (Position)blockDim.x) {
    const Steps<R>* const steps[] = {&coordinate, &sx, &sy};
    int at[3];
    places<R, 3>(i, sizes, steps, at);
    const int here = at[0], from = at[1], to = at[2];
    T sum = y[to];
    for (int k = 0; k < width && k * dilation <= here; k++) {
      int o = here - k * dilation;
      if (o % stride == 0 && o / stride < windows) {
        sum = element<T>(fnAdd(value(sum), value(x[from + o / stride * xAxis + k * xWindow])));
      }
    }
    y[to] = sum;
  }
}
