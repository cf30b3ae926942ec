// Random fills by Philox4x32-10 with the streams of org.cotangent.spi.Philox: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw,
// "Parallel random numbers: as easy as 1, 2, 3", SC '11.
//
// ELEMENT: type of the elements; RANK: of y; UNIFORM, NORMAL or INTEGER is defined; NARROW where an element takes 32 bits of a block rather than 64.
#include "numbers.cuh"

using T = ELEMENT;
constexpr int R = RANK;

struct Lanes {
  unsigned v[4];
};

__device__ __forceinline__ Lanes philox(unsigned long long key, unsigned long long high, unsigned long long low) {
  unsigned k0 = (unsigned)key, k1 = (unsigned)(key >> 32);
  unsigned c0 = (unsigned)low, c1 = (unsigned)(low >> 32), c2 = (unsigned)high, c3 = (unsigned)(high >> 32);
#pragma unroll
  for (int round = 0; round < 10; round++) {
    unsigned h0 = __umulhi(0xD2511F53u, c0), l0 = 0xD2511F53u * c0;
    unsigned h1 = __umulhi(0xCD9E8D57u, c2), l1 = 0xCD9E8D57u * c2;
    c0 = h1 ^ c1 ^ k0;
    c1 = l1;
    c2 = h0 ^ c3 ^ k1;
    c3 = l0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return {{c0, c1, c2, c3}};
}

#ifdef NARROW
#define ELEMENTS 4
#else
#define ELEMENTS 2
#endif

// Bits of an element of a block, to the double in [0, 1) that they stand for.
__device__ __forceinline__ double fraction(const Lanes& b, int e) {
  unsigned long long bits = (unsigned long long)b.v[2 * e + 1] << 32 | b.v[2 * e];
  return (double)(bits >> 11) * 0x1p-53;
}

// Sine and cosine of an angle from 0 to 2 pi: a multiple of pi/2, in two parts, is taken off by fused operations, the first of which is
// exact (W. J. Cody and W. Waite, "Software Manual for the Elementary Functions", 1980).
__device__ __forceinline__ void turn(double angle, double& sine, double& cosine) {
  double quarters = rint(angle * 0x1.45f306dc9c883p-1);
  double r = fma(-quarters, 0x1.1a62633145c07p-54, fma(-quarters, 0x1.921fb54442d18p0, angle));
  double s, c;
  sincospi(r * 0x1.45f306dc9c883p-2, &s, &c);
  int k = (int)quarters;
  sine = k & 1 ? c : s;
  cosine = k & 1 ? s : c;
  if (k & 2) sine = -sine;
  if ((k + 1) & 2) cosine = -cosine;
}

// Elements e and e + 1 of a block, e even.
__device__ __forceinline__ void draw(const Lanes& b, int e, long long low, unsigned long long range, T (&to)[2]) {
#if defined(UNIFORM) && defined(NARROW)
  to[0] = (float)(b.v[e] >> 8) * 0x1p-24f;
  to[1] = (float)(b.v[e + 1] >> 8) * 0x1p-24f;
#elif defined(UNIFORM)
  to[0] = (T)(fraction(b, 0));
  to[1] = (T)(fraction(b, 1));
#elif defined(NORMAL)
#ifdef NARROW
  double u = ((double)b.v[e] + 1) * 0x1p-32, v = (double)b.v[e + 1] * 0x1p-32;
#else
  double u = 1 - fraction(b, 0), v = fraction(b, 1);
#endif
  double radius = sqrt(-2 * log(u)), sine, cosine;
  turn(6.283185307179586 * v, sine, cosine);
  to[0] = (T)(radius * cosine);
  to[1] = (T)(radius * sine);
#else
  for (int k = 0; k < 2; k++) {
    unsigned long long bits = (unsigned long long)b.v[2 * k + 1] << 32 | b.v[2 * k];
    to[k] = (T)(low + (long long)__umul64hi(bits, range));
  }
#endif
}

extern "C" __global__ void __launch_bounds__(256, 1) randomFill(Position n, Sizes<R> sizes, unsigned long long seed,
    unsigned long long offset, long long low, unsigned long long range, T* __restrict__ y, Steps<R> sy) {
  Position blocks = (n + ELEMENTS - 1) / ELEMENTS;
  for (Position b = blockIdx.x * (Position)blockDim.x + threadIdx.x; b < blocks; b += gridDim.x * (Position)blockDim.x) {
    Lanes lanes = philox(seed, offset, b);
#pragma unroll
    for (int e = 0; e < ELEMENTS; e += 2) {
      T pair[2];
      draw(lanes, e, low, range, pair);
      Position i = b * ELEMENTS + e;
      if (i < n) y[place(i, sizes, sy)] = pair[0];
      if (i + 1 < n) y[place(i + 1, sizes, sy)] = pair[1];
    }
  }
}
