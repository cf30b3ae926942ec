// The extreme along an axis and where it first stands; a NaN is more extreme than any number.
//
// ELEMENT: type of the elements; VALUE: of their values; RANK: of the results; LARGEST: 1 or 0; LAST_NAN: whether the last of
// several NaN counts, 1 or 0.
#include "blocks.cuh"

using T = ELEMENT;
using V = VALUE;
constexpr int R = RANK;

// Whether x at i comes before y at j.
__device__ __forceinline__ bool before(V x, int64 i, V y, int64 j) {
  bool xn = x != x, yn = y != y;
  if (xn != yn) return xn;
  if (!xn && x != y) return LARGEST ? x > y : x < y;
  return LAST_NAN && xn ? i > j : i < j;
}

// As `reduce`, with `known` to join what the parts of an axis found: position r stands for known[.., r, ..] then.
extern "C" __global__ void __launch_bounds__(THREADS, 1) argReduce(Position results, Position count, Position part, unsigned lanes,
    int across, Sizes<R> sizes, const T* __restrict__ x, Steps<R> sx, int xAxis, const int64* __restrict__ known,
    T* __restrict__ values, Steps<R> sv, int64* __restrict__ indices, Steps<R> si) {
  __shared__ V best[THREADS];
  __shared__ int64 where[THREADS];
  unsigned width = blockDim.x / lanes;
  unsigned lane = across ? threadIdx.x / width : threadIdx.x % lanes;
  unsigned column = across ? threadIdx.x % width : threadIdx.x / lanes;
  Position from = blockIdx.y * part, to = count - from < part ? count : from + part;
  for (Position first = (Position)blockIdx.x * width; first < results; first += (Position)gridDim.x * width) {
    Position o = first + column;
    V v = 0;
    int64 at = -1;
    if (o < results) {
      int origin = place(o, sizes, sx);
      for (Position r = from + lane; r < to; r += lanes) {
        V w = value(x[origin + (int)r * xAxis]);
        int64 j = known ? known[origin + (int)r * xAxis] : (int64)r;
        if (at < 0 || before(w, j, v, at)) {
          v = w;
          at = j;
        }
      }
    }
    unsigned slot = lane * width + column;
    __syncthreads();
    best[slot] = v;
    where[slot] = at;
    for (unsigned half = lanes / 2; half > 0; half /= 2) {
      __syncthreads();
      if (lane < half) {
        unsigned other = slot + half * width;
        if (where[other] >= 0 && (where[slot] < 0 || before(best[other], where[other], best[slot], where[slot]))) {
          best[slot] = best[other];
          where[slot] = where[other];
        }
      }
    }
    if (lane == 0 && o < results) {
      values[place(o, sizes, sv) + (int)(blockIdx.y * results)] = element<T>(best[slot]);
      indices[place(o, sizes, si) + (int)(blockIdx.y * results)] = where[slot];
    }
  }
}
