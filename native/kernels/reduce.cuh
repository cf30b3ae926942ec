// Reductions of what an input gives: `in.origin(o)` finds where the elements of result o begin, `in.get(origin, r)` is number r.
//
// A result has `lanes` threads, a power of two. Where the reduced elements lie side by side the lanes are neighbours, so that
// they read together (ACROSS is false); where those of the results do, neighbouring threads have neighbouring results. Block row
// p of the grid does the elements of part p, and parts are joined by a second reduction; so the order depends on sizes alone.
#pragma once
#include "blocks.cuh"

template <Kind KIND, bool ACROSS, class A, class V, class In, class Out>
__device__ __forceinline__ void reduce(Position results, Position count, Position part, unsigned lanes, const In& in, const Out& out) {
  __shared__ A shared[ACROSS ? THREADS : THREADS / WARP];
  unsigned width = blockDim.x / lanes;
  unsigned lane = ACROSS ? threadIdx.x / width : threadIdx.x % lanes;
  unsigned column = ACROSS ? threadIdx.x % width : threadIdx.x / lanes;
  Position from = blockIdx.y * part, to = count - from < part ? count : from + part;
  for (Position first = (Position)blockIdx.x * width; first < results; first += (Position)gridDim.x * width) {
    Position o = first + column;
    A total = nothing<KIND, A>();
    if (o < results) {
      auto origin = in.origin(o);
      Position r = from + lane;
      for (; r + 3 * lanes < to; r += 4 * lanes) {
        V a = in.get(origin, r), b = in.get(origin, r + lanes), c = in.get(origin, r + 2 * lanes), d = in.get(origin, r + 3 * lanes);
        total = join<KIND>(total, joinFour<KIND, A, V>(a, b, c, d));
      }
      for (; r < to; r += lanes) total = join<KIND>(total, (A)in.get(origin, r));
    }
    total = ACROSS ? joinColumn<KIND>(total, lanes, width, shared) : joinRow<KIND>(total, lanes, shared);
    if (lane == 0 && o < results) out.put(o, blockIdx.y, total);
  }
}
