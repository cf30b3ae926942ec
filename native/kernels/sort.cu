// Stable sorts along an axis, NaN counting as largest and -0 as 0: by keys of the same order and, where they are equal, by
// positions, so that any sort is stable.
//
// ELEMENT: type of the elements; RANK: of the lines; DESCENDING: 1 or 0.
#include "blocks.cuh"

using T = ELEMENT;
constexpr int R = RANK;

#define TILE 2048

template <class V>
__device__ __forceinline__ int64 key(V v) {
  int64 k;
  if constexpr (real<V>) {
    int64 b = __double_as_longlong((double)v + 0.0);
    k = v != v ? 0x7fffffffffffffffll : b ^ (b >> 63 & 0x7fffffffffffffffll);
  } else {
    k = (int64)v;
  }
  return DESCENDING ? ~k : k;
}

__device__ __forceinline__ bool less(int64 k, int i, int64 l, int j) { return k < l || (k == l && i < j); }

// Sorts tiles of `tile` elements, a power of two up to TILE, in shared memory by a bitonic network: K. E. Batcher, "Sorting
// networks and their applications", AFIPS 1968. Lines of one tile are done then; of others the keys and positions are left.
extern "C" __global__ void __launch_bounds__(THREADS, 1) sortTiles(Position lines, int count, int tile, int tiles, Sizes<R> sizes,
    const T* __restrict__ x, Steps<R> sx, int xAxis, T* __restrict__ values, Steps<R> sv, int vAxis,
    int64* __restrict__ indices, Steps<R> si, int iAxis, int64* __restrict__ keys, int* __restrict__ positions) {
  __shared__ int64 ks[TILE];
  __shared__ int ps[TILE];
  for (Position b = blockIdx.x; b < lines * tiles; b += gridDim.x) {
    Position line = b / tiles;
    int first = (int)(b % tiles) * tile;
    int from = place(line, sizes, sx);
    __syncthreads();
    for (int e = threadIdx.x; e < tile; e += blockDim.x) {
      int i = first + e;
      ks[e] = i < count ? key(value(x[from + i * xAxis])) : 0x7fffffffffffffffll;
      ps[e] = i;
    }
    for (int run = 2; run <= tile; run *= 2) {
      for (int d = run / 2; d > 0; d /= 2) {
        __syncthreads();
        for (int e = threadIdx.x; e < tile / 2; e += blockDim.x) {
          int i = e / d * 2 * d + e % d, j = i + d;
          bool up = (i & run) == 0;
          if (less(ks[j], ps[j], ks[i], ps[i]) == up) {
            int64 k = ks[i];
            ks[i] = ks[j];
            ks[j] = k;
            int p = ps[i];
            ps[i] = ps[j];
            ps[j] = p;
          }
        }
      }
    }
    __syncthreads();
    int v = place(line, sizes, sv), w = place(line, sizes, si);
    for (int e = threadIdx.x; e < tile; e += blockDim.x) {
      int i = first + e;
      if (i < count && tiles == 1) {
        values[v + i * vAxis] = x[from + ps[e] * xAxis];
        indices[w + i * iAxis] = ps[e];
      } else if (i < count) {
        keys[line * count + i] = ks[e];
        positions[line * count + i] = ps[e];
      }
    }
  }
}

// Merges neighbouring runs: an element's place is its own number in its run and the number of those of the other run before it.
extern "C" __global__ void __launch_bounds__(THREADS, 1) sortMerge(Position size, int count, int run, const int64* __restrict__ keys,
    const int* __restrict__ positions, int64* __restrict__ toKeys, int* __restrict__ toPositions) {
  for (Position t = blockIdx.x * (Position)blockDim.x + threadIdx.x; t < size; t += gridDim.x * (Position)blockDim.x) {
    Position line = t / count * count;
    int i = (int)(t - line);
    int64 k = keys[t];
    int p = positions[t];
    int pair = i / (2 * run) * 2 * run, half = i / run * run;
    int other = half == pair ? pair + run : pair;
    int low = other < count ? other : count, high = other + run < count ? other + run : count;
    int start = low;
    while (low < high) {
      int middle = low + (high - low) / 2;
      if (less(keys[line + middle], positions[line + middle], k, p)) low = middle + 1;
      else high = middle;
    }
    Position to = line + pair + (i - half) + (low - start);
    toKeys[to] = k;
    toPositions[to] = p;
  }
}

// Values and indices from positions in sorted order.
extern "C" __global__ void __launch_bounds__(THREADS, 1) sortPick(Position size, int count, Sizes<R> sizes, const T* __restrict__ x,
    Steps<R> sx, int xAxis, T* __restrict__ values, Steps<R> sv, int vAxis, int64* __restrict__ indices, Steps<R> si, int iAxis,
    const int* __restrict__ positions) {
  for (Position t = blockIdx.x * (Position)blockDim.x + threadIdx.x; t < size; t += gridDim.x * (Position)blockDim.x) {
    Position line = t / count;
    int i = (int)(t - line * count), p = positions[t];
    values[place(line, sizes, sv) + i * vAxis] = x[place(line, sizes, sx) + p * xAxis];
    indices[place(line, sizes, si) + i * iAxis] = p;
  }
}
