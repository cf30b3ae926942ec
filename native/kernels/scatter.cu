// Adds elements along an axis into the places that an index tensor names: y[.., index[.., k, ..], ..] += x[.., k, ..].
//
// ELEMENT: type of the elements; RANK: of the lines or of y. Bad indices are faults, and their elements are left out.
#include "arithmetic.cuh"

using T = ELEMENT;
constexpr int R = RANK;

// Sums are rounded to the type at each addition, as in a loop over memory.
__device__ __forceinline__ T plus(T sum, T x) { return element<T>(fnAdd(value(sum), value(x))); }

// In the order of x, a thread an element of y that looks at all indices of its line: for short lines. `coordinate` is the place
// of an element along the axis, `si` and `sx` have no step along it.
extern "C" __global__ void __launch_bounds__(256, 1) scatterShort(Position n, Sizes<R> sizes, Steps<R> coordinate, int size, int count,
    const T* __restrict__ x, Steps<R> sx, int xAxis, const int64* __restrict__ index, Steps<R> si, int iAxis, T* __restrict__ y,
    Steps<R> sy, int axis, Fault* fault, int op) {
  for (Position i = blockIdx.x * (Position)blockDim.x + threadIdx.x; i < n; i += gridDim.x * (Position)blockDim.x) {
    const Steps<R>* const steps[] = {&coordinate, &sx, &si, &sy};
    int at[4];
    places<R, 4>(i, sizes, steps, at);
    const int here = at[0], from = at[1], indices = at[2], to = at[3];
    T sum = y[to];
    bool any = false;
    for (int k = 0; k < count; k++) {
      int64 target = index[indices + k * iAxis];
      if (here == 0) checked(target, size, axis, fault, op);
      if (target == here) {
        sum = plus(sum, x[from + k * xAxis]);
        any = true;
      }
    }
    if (any) y[to] = sum;
  }
}

// In the order of x, from a stable sort of the indices: the thread at the first of equal ones adds all of theirs.
extern "C" __global__ void __launch_bounds__(256, 1) scatterSorted(Position lines, int count, Sizes<R> sizes, const T* __restrict__ x,
    Steps<R> sx, int xAxis, const int64* __restrict__ sorted, const int64* __restrict__ order, Steps<R> si, int iAxis,
    T* __restrict__ y, Steps<R> sy, int yAxis, int size, int axis, Fault* fault, int op) {
  for (Position t = blockIdx.x * (Position)blockDim.x + threadIdx.x; t < lines * count; t += gridDim.x * (Position)blockDim.x) {
    Position line = t % lines;
    int i = (int)(t / lines);
    int indices = place(line, sizes, si);
    int64 at = sorted[indices + i * iAxis];
    if (i > 0 && sorted[indices + (i - 1) * iAxis] == at) continue;
    int to = checked(at, size, axis, fault, op);
    if (to < 0) continue;
    int from = place(line, sizes, sx);
    to = place(line, sizes, sy) + to * yAxis;
    T sum = y[to];
    for (; i < count && sorted[indices + i * iAxis] == at; i++) sum = plus(sum, x[from + (int)order[indices + i * iAxis] * xAxis]);
    y[to] = sum;
  }
}

#ifdef ATOMIC
template <class E>
__device__ __forceinline__ void add(E* to, E v) {
  if constexpr (real<E>) atomicAdd(to, v);
  else atomicAdd((typename Word<E>::type*)to, word(v));
}

// In any order; of integers the sum is the same.
extern "C" __global__ void __launch_bounds__(256, 1) scatterAtomic(Position n, Sizes<R> sizes, const T* __restrict__ x, Steps<R> sx,
    const int64* __restrict__ index, Steps<R> si, T* __restrict__ y, Steps<R> sy, int yAxis, int size, int axis, Fault* fault, int op) {
  for (Position i = blockIdx.x * (Position)blockDim.x + threadIdx.x; i < n; i += gridDim.x * (Position)blockDim.x) {
    int k = checked(index[place(i, sizes, si)], size, axis, fault, op);
    if (k < 0) continue;
    add(y + place(i, sizes, sy) + k * yAxis, x[place(i, sizes, sx)]);
  }
}
#endif
