// The scalar functions of expressions, one for each constant of org.cotangent.expr.Fn: of real numbers, of integers, which wrap to
// the width of their type, and of bools.
#pragma once
#include "numbers.cuh"

#define FUNCTION template <class T> __device__ __forceinline__ T
#define TEST template <class T> __device__ __forceinline__ bool

template <class T>
__device__ __forceinline__ typename Word<T>::type word(T x) {
  return (typename Word<T>::type)x;
}

// ---- Arithmetic

FUNCTION fnAdd(T x, T y) {
  if constexpr (real<T>) return x + y;
  else if constexpr (logical<T>) return x | y;
  else return (T)(word(x) + word(y));
}

FUNCTION fnSub(T x, T y) {
  if constexpr (real<T>) return x - y;
  else if constexpr (logical<T>) return x ^ y;
  else return (T)(word(x) - word(y));
}

FUNCTION fnMul(T x, T y) {
  if constexpr (real<T>) return x * y;
  else if constexpr (logical<T>) return x & y;
  else return (T)(word(x) * word(y));
}

FUNCTION fnDiv(T x, T y) { return x / y; }

FUNCTION fnFmod(T x, T y) { return fmod(x, y); }

// The sign of the divisor, as Python's %.
FUNCTION fnRemainder(T x, T y) {
  T r = fmod(x, y);
  return r != 0 && (r < 0) != (y < 0) ? r + y : r;
}

// Whether y is 0, which is a fault.
template <class T>
__device__ __forceinline__ bool zero(T y, Fault* fault, int op) {
  if (y != (T)0) return false;
  raise(fault, op, 0, 0, -1);
  return true;
}

// Toward zero; the least integer by -1 wraps to itself.
FUNCTION fnDiv(T x, T y, Fault* fault, int op) {
  if (zero(y, fault, op)) return 0;
  if constexpr (logical<T>) return x;
  else return y == (T)-1 ? (T)(0 - word(x)) : (T)(x / y);
}

FUNCTION fnFmod(T x, T y, Fault* fault, int op) {
  if (zero(y, fault, op)) return 0;
  if constexpr (logical<T>) return false;
  else return y == (T)-1 ? (T)0 : (T)(x % y);
}

FUNCTION fnRemainder(T x, T y, Fault* fault, int op) {
  T r = fnFmod(x, y, fault, op);
  return r != 0 && (r < 0) != (y < 0) ? (T)(r + y) : r;
}

// NaN if either is, and 0 above -0.
FUNCTION fnMax(T x, T y) {
  if constexpr (real<T>) return x != x || y != y ? x + y : fmax(x, y);
  else return x > y ? x : y;
}

FUNCTION fnMin(T x, T y) {
  if constexpr (real<T>) return x != x || y != y ? x + y : fmin(x, y);
  else return x < y ? x : y;
}

// Integers by repeated squaring; a negative power is 0 but for 1 and -1.
FUNCTION fnPow(T x, T y) {
  if constexpr (real<T>) {
    return pow(x, y);
  } else if constexpr (logical<T>) {
    return x | !y;
  } else {
    if (y < 0) return x == 1 ? (T)1 : x == (T)-1 ? (y & 1) == 0 ? (T)1 : (T)-1 : (T)0;
    typename Word<T>::type r = 1, b = word(x);
    for (typename Word<T>::type e = word(y); e != 0; e >>= 1, b *= b) {
      if (e & 1) r *= b;
    }
    return (T)r;
  }
}

FUNCTION fnNextafter(T x, T y) { return nextafter(x, y); }

FUNCTION fnAbs(T x) {
  if constexpr (real<T>) return fabs(x);
  else if constexpr (logical<T>) return x;
  else return x < 0 ? (T)(0 - word(x)) : x;
}

// Not negative; gcd(0, 0) is 0. Computed in words, since the least number of a type has no magnitude there.
FUNCTION fnGcd(T x, T y) {
  if constexpr (logical<T>) {
    return x | y;
  } else {
    typename Word<T>::type a = x < 0 ? 0 - word(x) : word(x), b = y < 0 ? 0 - word(y) : word(y);
    while (b != 0) {
      typename Word<T>::type rest = a % b;
      a = b;
      b = rest;
    }
    return (T)a;
  }
}

FUNCTION fnAtan2(T y, T x) { return atan2(y, x); }
FUNCTION fnCopysign(T x, T y) { return copysign(x, y); }

// ---- Comparisons and logic

TEST fnGt(T x, T y) { return x > y; }
TEST fnGe(T x, T y) { return x >= y; }
TEST fnEq(T x, T y) { return x == y; }
TEST fnNe(T x, T y) { return x != y; }
FUNCTION fnAnd(T x, T y) { return (T)(x & y); }
FUNCTION fnOr(T x, T y) { return (T)(x | y); }
FUNCTION fnXor(T x, T y) { return (T)(x ^ y); }

FUNCTION fnNot(T x) {
  if constexpr (logical<T>) return !x;
  else return (T)~x;
}

template <class T>
__device__ __forceinline__ T fnWhere(bool c, T x, T y) {
  return c ? x : y;
}

// ---- Signs and roundings, which leave integers as they are

FUNCTION fnNeg(T x) {
  if constexpr (real<T>) return -x;
  else if constexpr (logical<T>) return x;
  else return (T)(0 - word(x));
}

FUNCTION fnSign(T x) {
  if constexpr (logical<T>) return x;
  else return x > 0 ? (T)1 : x < 0 ? (T)-1 : (T)0;
}

FUNCTION fnRelu(T x) {
  if constexpr (logical<T>) return x;
  else return x < 0 ? (T)0 : x;
}

#define ROUNDING(name, call)            \
  FUNCTION name(T x) {                  \
    if constexpr (real<T>) return call; \
    else return x;                      \
  }
ROUNDING(fnFloor, floor(x))
ROUNDING(fnCeil, ceil(x))
ROUNDING(fnRound, rint(x))
ROUNDING(fnTrunc, trunc(x))

// ---- Functions of real numbers; those that CUDA has, within the errors that its programming guide states

FUNCTION fnSqrt(T x) { return sqrt(x); }
FUNCTION fnRsqrt(T x) { return (T)1 / sqrt(x); }
FUNCTION fnExp(T x) { return exp(x); }
FUNCTION fnExpm1(T x) { return expm1(x); }
FUNCTION fnLog(T x) { return log(x); }
FUNCTION fnLog1p(T x) { return log1p(x); }
FUNCTION fnLog2(T x) { return log2(x); }
FUNCTION fnLog10(T x) { return log10(x); }
FUNCTION fnSin(T x) { return sin(x); }
FUNCTION fnCos(T x) { return cos(x); }
FUNCTION fnTan(T x) { return tan(x); }
FUNCTION fnAsin(T x) { return asin(x); }
FUNCTION fnAcos(T x) { return acos(x); }
FUNCTION fnAtan(T x) { return atan(x); }
FUNCTION fnTanh(T x) { return tanh(x); }
FUNCTION fnAsinh(T x) { return asinh(x); }
FUNCTION fnAcosh(T x) { return acosh(x); }
FUNCTION fnAtanh(T x) { return atanh(x); }
FUNCTION fnErf(T x) { return erf(x); }
FUNCTION fnErfc(T x) { return erfc(x); }
FUNCTION fnErfinv(T x) { return erfinv(x); }
FUNCTION fnLgamma(T x) { return lgamma(x); }

// Whether e^|x| overflows: sinh and cosh are infinite from there on, although they would fit for another log 2.
TEST large(T x) { return fabs(x) > (sizeof(T) == 4 ? (T)0x1.62e42ep6f : (T)0x1.62e42fefa39efp9); }
FUNCTION fnSinh(T x) { return large(x) ? x * (T)(1 / 0.0) : sinh(x); }
FUNCTION fnCosh(T x) { return large(x) ? (T)(1 / 0.0) : cosh(x); }

// 1 / (1 + e^-x): of e^-|x|, which cannot overflow.
FUNCTION fnSigmoid(T x) {
  T t = exp(-fabs(x));
  return (x < 0 ? t : (T)1) / (1 + t);
}

// log(1 + e^x) as max(x, 0) + log(1 + e^-|x|).
FUNCTION fnSoftplus(T x) { return fnMax(x, (T)0) + log1p(exp(-fabs(x))); }

// x log(y) and x log(1 + y); 0 where x is 0 and y is a number.
FUNCTION fnXlogy(T x, T y) { return y != y ? y : x == 0 ? (T)0 : x * log(y); }
FUNCTION fnXlog1py(T x, T y) { return y != y ? y : x == 0 ? (T)0 : x * log1p(y); }

// e^-|x| times the modified Bessel function of the first kind of an order, for x >= 0: Abramowitz and Stegun 9.6.10, and 9.7.1 from where
// it reaches full precision.
__device__ __forceinline__ double bessel(int order, double x) {
  if (!(x < 1 / 0.0)) return x != x ? x : 0;
  double term, sum;
  if (x < 20) {
    double q = x * x / 4;
    sum = term = order == 0 ? 1 : x / 2;
    for (int k = 1; term > sum * 0x1p-60; k++) {
      term *= q / (k * (double)(k + order));
      sum += term;
    }
    return sum * exp(-x);
  }
  sum = term = 1;
  for (int k = 1; fabs(term) > 0x1p-58 && k < 40; k++) {
    int odd = 2 * k - 1;
    term *= (odd * (double)odd - 4 * order) / (8 * x * k);
    sum += term;
  }
  return sum / sqrt(6.283185307179586 * x);
}

FUNCTION fnI0e(T x) { return (T)bessel(0, fabs((double)x)); }
FUNCTION fnI1e(T x) { return (T)copysign(bessel(1, fabs((double)x)), (double)x); }
FUNCTION fnErfcx(T x) { return (T)erfcx((double)x); }
FUNCTION fnNdtri(T x) { return (T)normcdfinv((double)x); }
