// Takes elements along an axis by an index tensor: y[.., k, ..] = x[.., index[.., k, ..], ..].
//
// ELEMENT: unsigned integers of the size of the elements; RANK: of y.
#include "numbers.cuh"

using T = ELEMENT;
constexpr int R = RANK;

// x is stepped through along all axes but the indexed one, where xAxis leads. A bad index is a fault, and 0 is written.
extern "C" __global__ void __launch_bounds__(256, 1) gather(Position n, Sizes<R> sizes, const T* __restrict__ x, Steps<R> sx,
    int xAxis, int size, const int64* __restrict__ index, Steps<R> si, T* __restrict__ y, Steps<R> sy, int axis, Fault* fault, int op) {
  for (Position i = blockIdx.x * (Position)blockDim.x + threadIdx.x; i < n; i += gridDim.x * (Position)blockDim.x) {
    int k = checked(index[place(i, sizes, si)], size, axis, fault, op);
    y[place(i, sizes, sy)] = k < 0 ? (T)0 : x[place(i, sizes, sx) + k * xAxis];
  }
}
