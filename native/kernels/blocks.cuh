// How the threads of a block share work, and what reductions and scans join by.
#pragma once
#include "arithmetic.cuh"

#define THREADS 256
#define WARP 32
#define ALL 0xffffffffu

// A number that lies together with others, so that one access of up to 16 bytes moves them.
template <class T, int V>
struct alignas(sizeof(T) * V) Pack {
  T v[V];
};

// Kinds of org.cotangent.spi.Reduction.
enum Kind { SUM, PROD, MAX, MIN };

// What no elements give; for extremes a number that every element replaces or equals.
template <Kind KIND, class A>
__device__ __forceinline__ A nothing() {
  if constexpr (KIND == SUM) return (A)0;
  else if constexpr (KIND == PROD) return (A)1;
  else if constexpr (real<A>) return (A)(KIND == MAX ? -1 / 0.0 : 1 / 0.0);
  else return (A)(KIND == MAX ? 0x8000000000000000ll : 0x7fffffffffffffffll);
}

template <Kind KIND, class A>
__device__ __forceinline__ A join(A x, A y) {
  if constexpr (KIND == SUM) return fnAdd(x, y);
  else if constexpr (KIND == PROD) return fnMul(x, y);
  else if constexpr (KIND == MAX) return fnMax(x, y);
  else return fnMin(x, y);
}

// Four values joined for one accumulator: sums of floats as floats, which saves conversions to double.
template <Kind KIND, class A, class V>
__device__ __forceinline__ A joinFour(V a, V b, V c, V d) {
  if constexpr (KIND == SUM && real<V>) return (A)((a + b) + (c + d));
  else return join<KIND>(join<KIND>((A)a, (A)b), join<KIND>((A)c, (A)d));
}

// The values of a group joined for one accumulator.
template <Kind KIND, class A, class V, int G>
__device__ __forceinline__ A joinGroup(const V (&g)[G]) {
  if constexpr (G == 4) {
    return joinFour<KIND, A>(g[0], g[1], g[2], g[3]);
  } else {
    A total = (A)g[0];
#pragma unroll
    for (int i = 1; i < G; i++) total = join<KIND>(total, (A)g[i]);
    return total;
  }
}

// Joins the values of the `lanes` threads of a result, neighbours in the block, in a fixed order; the first of them has the
// total. A power of two of lanes, at most THREADS; all threads of the block take part.
template <Kind KIND, class A>
__device__ __forceinline__ A joinRow(A v, unsigned lanes, A* warps) {
  unsigned within = lanes < WARP ? lanes : WARP;
  for (unsigned d = within / 2; d > 0; d /= 2) v = join<KIND>(v, __shfl_xor_sync(ALL, v, d));
  if (lanes > WARP) {
    __syncthreads();
    if (threadIdx.x % WARP == 0) warps[threadIdx.x / WARP] = v;
    __syncthreads();
    if (threadIdx.x % lanes == 0) {
      for (unsigned w = 1; w < lanes / WARP; w++) v = join<KIND>(v, warps[threadIdx.x / WARP + w]);
    }
  }
  return v;
}

// The same, and every thread of a row has its total.
template <Kind KIND, class A>
__device__ __forceinline__ A joinWholeRow(A v, unsigned lanes, A* warps) {
  v = joinRow<KIND>(v, lanes, warps);
  if (lanes > WARP) {
    __syncthreads();
    if (threadIdx.x % lanes == 0) warps[threadIdx.x / WARP] = v;
    __syncthreads();
    v = warps[threadIdx.x / lanes * (lanes / WARP)];
  }
  return v;
}

// Joins the values of the `lanes` threads of a result that lie `width` apart in the block.
template <Kind KIND, class A>
__device__ __forceinline__ A joinColumn(A v, unsigned lanes, unsigned width, A* tile) {
  if (lanes == 1) return v;
  __syncthreads();
  tile[threadIdx.x] = v;
  for (unsigned half = lanes / 2; half > 0; half /= 2) {
    __syncthreads();
    if (threadIdx.x < half * width) {
      v = join<KIND>(v, tile[threadIdx.x + half * width]);
      tile[threadIdx.x] = v;
    }
  }
  return v;
}
