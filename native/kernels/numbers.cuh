// Types of elements and positions, division by numbers that the host prepares, and faults.
#pragma once

// Numbers of elements and positions among them; LARGE where there are 2^31 or more.
#ifdef LARGE
typedef long long Position;
#else
typedef unsigned Position;
#endif

// A size that positions are divided by; see `quotient`.
struct Divisor {
  unsigned size, multiplier, shift;
};

// Steps of an operand from element to element along R axes, in elements.
template <int R>
struct Steps {
  int step[R];
};

// Sizes of all axes but the outermost of R; one that is not used for R = 1.
template <int R>
struct Sizes {
  Divisor size[R > 1 ? R - 1 : 1];
};

// n / d for n < 2^31 by a multiplication: T. Granlund and P. L. Montgomery, "Division by invariant integers using
// multiplication", PLDI 1994, with the multiplier 2^32 (2^shift - d) / d + 1 and shift = ceil(log2 d).
__device__ __forceinline__ Position quotient(Position n, Divisor d) {
#ifdef LARGE
  return n / d.size;
#else
  return (__umulhi(n, d.multiplier) + n) >> d.shift;
#endif
}

// Places of one element in K operands, given its position in row-major order.
template <int R, int K>
__device__ __forceinline__ void places(Position i, const Sizes<R>& sizes, const Steps<R>* const (&steps)[K], int (&at)[K]) {
#pragma unroll
  for (int k = 0; k < K; k++) at[k] = 0;
#pragma unroll
  for (int axis = R - 1; axis > 0; axis--) {
    Position q = quotient(i, sizes.size[axis - 1]);
    int c = (int)(i - q * sizes.size[axis - 1].size);
#pragma unroll
    for (int k = 0; k < K; k++) at[k] += c * steps[k]->step[axis];
    i = q;
  }
#pragma unroll
  for (int k = 0; k < K; k++) at[k] += (int)i * steps[k]->step[0];
}

// The place of one element in one operand.
template <int R>
__device__ __forceinline__ int place(Position i, const Sizes<R>& sizes, const Steps<R>& steps) {
  const Steps<R>* const all[1] = {&steps};
  int at[1];
  places<R, 1>(i, sizes, all, at);
  return at[0];
}

// The first fault since the host looked, as org.cotangent.cuda.driver.ErrorFlags reads it: the number of the operation, and the index
// that is outside an axis of this size; axis -1 stands for a divisor 0.
struct Fault {
  int op, unused;
  long long index, size, axis;
};

__device__ __forceinline__ void raise(Fault* fault, int op, long long index, long long size, long long axis) {
  if (atomicCAS(&fault->op, 0, op) == 0) {
    fault->index = index;
    fault->size = size;
    fault->axis = axis;
  }
}

// An index, or -1 if it is out of range, which is a fault.
__device__ __forceinline__ int checked(long long index, int size, int axis, Fault* fault, int op) {
  if (index >= 0 && index < size) return (int)index;
  raise(fault, op, index, size, axis);
  return -1;
}

// ---- Kinds of types

typedef signed char int8;
typedef unsigned char uint8;
typedef short int16;
typedef int int32;
typedef long long int64;

// Half precision and bfloat16 as they lie in memory; their values are computed with as floats that were rounded to them.
struct half16 {
  unsigned short bits;
};
struct brain16 {
  unsigned short bits;
};

template <class T>
constexpr bool real = false;
template <>
constexpr bool real<float> = true;
template <>
constexpr bool real<double> = true;

template <class T>
constexpr bool logical = false;
template <>
constexpr bool logical<bool> = true;

// The unsigned type that an integer type's arithmetic wraps in.
template <class T>
struct Word {
  typedef unsigned type;
};
template <>
struct Word<int64> {
  typedef unsigned long long type;
};

__device__ __forceinline__ float halfToFloat(unsigned short bits) {
  float v;
  asm("{ .reg .b16 h; mov.b16 h, %1; cvt.f32.f16 %0, h; }" : "=f"(v) : "h"(bits));
  return v;
}

__device__ __forceinline__ unsigned short floatToHalf(float v) {
  unsigned short bits;
  asm("{ .reg .b16 h; cvt.rn.f16.f32 h, %1; mov.b16 %0, h; }" : "=h"(bits) : "f"(v));
  return bits;
}

// The upper half of a float.
__device__ __forceinline__ float brainToFloat(unsigned short bits) {
  return __int_as_float((int)bits << 16);
}

// Rounds to nearest even by the carry out of the lower half; devices before compute capability 8.0 have no instruction for it.
__device__ __forceinline__ unsigned short floatToBrain(float v) {
  unsigned b = (unsigned)__float_as_int(v);
  return v != v ? 0x7fc0 : (unsigned short)((b + 0x7fff + (b >> 16 & 1)) >> 16);
}

// A float rounded to half precision, and to bfloat16.
__device__ __forceinline__ float roundHalf(float v) { return halfToFloat(floatToHalf(v)); }
__device__ __forceinline__ float roundBrain(float v) { return brainToFloat(floatToBrain(v)); }

// Values of elements in memory, and back: bools are bytes of 0 and 1.
template <class T>
__device__ __forceinline__ T value(T x) {
  return x;
}
__device__ __forceinline__ float value(half16 x) { return halfToFloat(x.bits); }
__device__ __forceinline__ float value(brain16 x) { return brainToFloat(x.bits); }

template <class S, class V>
__device__ __forceinline__ S element(V v) {
  return (S)v;
}
template <>
__device__ __forceinline__ half16 element<half16, float>(float v) {
  half16 h;
  h.bits = floatToHalf(v);
  return h;
}
template <>
__device__ __forceinline__ brain16 element<brain16, float>(float v) {
  brain16 b;
  b.bits = floatToBrain(v);
  return b;
}

// ---- Conversions

// Floating numbers become integers by truncation, limited to the range of int64, with NaN giving 0, and wrap to narrower types.
template <class T, class F>
__device__ __forceinline__ T cast(F x) {
  if constexpr (logical<T>) return x != (F)0;
  else if constexpr (real<F> && !real<T>) return (T)(x != x ? 0 : sizeof(F) == 4 ? __float2ll_rz((float)x) : __double2ll_rz((double)x));
  else return (T)x;
}
