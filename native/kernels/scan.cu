// Inclusive scans along an axis: running sums, products and extremes.
//
// ELEMENT: type of the elements; ACCUMULATOR: of the totals; REDUCTION: a Kind; RANK: of the lines.
#include "blocks.cuh"

using T = ELEMENT;
using A = ACCUMULATOR;
constexpr Kind KIND = REDUCTION;
constexpr int R = RANK;

#define ITEMS 4

// The lines one after the other, a block each: chunk by chunk, with what came before carried on.
extern "C" __global__ void __launch_bounds__(THREADS, 1) scanAlong(Position lines, Position count, Sizes<R> sizes,
    const T* __restrict__ x, Steps<R> sx, int xAxis, T* __restrict__ y, Steps<R> sy, int yAxis) {
  __shared__ A totals[THREADS / WARP];
  unsigned lane = threadIdx.x % WARP, warp = threadIdx.x / WARP, warps = blockDim.x / WARP;
  for (Position line = blockIdx.x; line < lines; line += gridDim.x) {
    int from = place(line, sizes, sx), to = place(line, sizes, sy);
    A carry = nothing<KIND, A>();
    for (Position chunk = 0; chunk < count; chunk += blockDim.x * ITEMS) {
      Position i = chunk + threadIdx.x * ITEMS;
      A v[ITEMS];
#pragma unroll
      for (int k = 0; k < ITEMS; k++) {
        v[k] = i + k < count ? (A)value(x[from + (int)(i + k) * xAxis]) : nothing<KIND, A>();
        if (k > 0) v[k] = join<KIND>(v[k - 1], v[k]);
      }
      A upTo = v[ITEMS - 1];
      for (unsigned d = 1; d < WARP; d *= 2) {
        A left = __shfl_up_sync(ALL, upTo, d);
        if (lane >= d) upTo = join<KIND>(left, upTo);
      }
      A before = __shfl_up_sync(ALL, upTo, 1);
      __syncthreads();
      if (lane == WARP - 1) totals[warp] = upTo;
      __syncthreads();
      bool any = chunk > 0;
      A prefix = carry;
      for (unsigned w = 0; w < warps; w++) {
        if (w == warp) {
          A mine = any ? prefix : before;
          bool some = any || lane > 0;
          if (any && lane > 0) mine = join<KIND>(prefix, before);
#pragma unroll
          for (int k = 0; k < ITEMS; k++) {
            if (i + k < count) y[to + (int)(i + k) * yAxis] = element<T>(some ? join<KIND>(mine, v[k]) : v[k]);
          }
        }
        prefix = any ? join<KIND>(prefix, totals[w]) : totals[w];
        any = true;
      }
      carry = prefix;
    }
  }
}

// A thread a line, where neighbouring lines lie side by side.
extern "C" __global__ void __launch_bounds__(THREADS, 1) scanAcross(Position lines, Position count, Sizes<R> sizes,
    const T* __restrict__ x, Steps<R> sx, int xAxis, T* __restrict__ y, Steps<R> sy, int yAxis) {
  for (Position line = blockIdx.x * (Position)blockDim.x + threadIdx.x; line < lines; line += gridDim.x * (Position)blockDim.x) {
    int from = place(line, sizes, sx), to = place(line, sizes, sy);
    A total = nothing<KIND, A>();
    for (Position i = 0; i < count; i++) {
      A v = (A)value(x[from + (int)i * xAxis]);
      total = i == 0 ? v : join<KIND>(total, v);
      y[to + (int)i * yAxis] = element<T>(total);
    }
  }
}
