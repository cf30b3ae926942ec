// Derivatives of the logarithm of the gamma function, which CUDA lacks, in double precision: Abramowitz and Stegun, "Handbook of
// Mathematical Functions", chapter 6.
#pragma once
#include "numbers.cuh"

#define PI 3.14159265358979323846

// Bernoulli numbers B_2 to B_24.
__device__ const double BERNOULLI[12] = {1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6,
    -3617.0 / 510, 43867.0 / 798, -174611.0 / 330, 854513.0 / 138, -236364091.0 / 2730};

// digamma(1 + u) = (1 + u - root) P(u) / Q(u) for u from 0 to 1, a near-minimax fit with a relative error below 2^-59.
__device__ __forceinline__ double digammaNearOne(double u) {
  double p = 0x1.dbf0babba195fp-13;
  p = p * u + 0x1.97e0247d0d67cp-7;
  p = p * u + 0x1.598b12403d531p-3;
  p = p * u + 0x1.b82ca04f3e0e4p-1;
  p = p * u + 0x1.c8adcd4fc423bp0;
  p = p * u + 0x1.4018e9a62525ep0;
  double q = 0x1.50917e56222d1p-15;
  q = q * u + 0x1.c589a43ceb452p-9;
  q = q * u + 0x1.1077557bfece8p-4;
  q = q * u + 0x1.eca08a97b8e8ep-2;
  q = q * u + 0x1.873926432af64p0;
  q = q * u + 0x1.0e1c2a70baf9ep1;
  q = q * u + 1;
  return (u + 1 - 0x1.762d86356be3fp0 - 0x1.b86a722197829p-54) * (p / q);
}

// digamma for x > 0: recurrence to 1 .. 2, or the asymptotic series 6.3.18.
__device__ __forceinline__ double digammaPositive(double x) {
  if (x >= 10) {
    double r = 1 / x, s = r * r;
    double sum = 0;
#pragma unroll
    for (int k = 9; k > 0; k--) sum = sum * s + BERNOULLI[k - 1] / (2 * k);
    return log(x) - (0.5 * r + s * sum);
  }
  double sum = 0;
  while (x > 2) {
    x -= 1;
    sum += 1 / x;
  }
  if (x < 1) {
    sum = -1 / x;
    x += 1;
  }
  return sum + digammaNearOne(x - 1);
}

// cot(pi x) with the argument reduced exactly.
__device__ __forceinline__ double cotPi(double x) {
  double r = x - rint(x), a = fabs(r);
  double s, c;
  sincospi(a, &s, &c);
  return copysign(c / s, r);
}

// Minus infinity at 0, plus infinity at -0, NaN at the other poles; 6.3.7 for negative arguments.
__device__ __forceinline__ double digamma(double x) {
  if (x == 0) return copysign(1 / 0.0, -x);
  if (x > 0 || x != x) return digammaPositive(x);
  if (x == floor(x)) return 0.0 / 0.0;
  return digammaPositive(1 - x) - PI * cotPi(x);
}

// x^s zeta(s, x) for s > 1 and x > 0: Hurwitz's zeta function by the Euler-Maclaurin formula (23.2.23), multiplied so that nothing
// overflows or underflows early.
__device__ __noinline__ double zetaTimesPower(double s, double x) {
  double sum = 0, a = x;
  bool done = false;
  for (; a < 12 + s && a + 1 > a; a += 1) {
    double term = pow(x / a, s);
    sum += term;
    if (term < sum * 0x1p-60) {
      done = true;
      break;
    }
  }
  if (!done) {
    double power = pow(x / a, s);
    sum += power * (a / (s - 1) + 0.5);
    double factor = power * s / a;
    for (int k = 1; k <= 12; k++) {
      factor /= (2.0 * k - 1) * (2.0 * k);
      double term = BERNOULLI[k - 1] * factor;
      sum += term;
      if (fabs(term) < sum * 0x1p-58) break;
      factor *= (s + 2.0 * k - 1) / a * ((s + 2.0 * k) / a);
    }
  }
  return sum;
}

// n! / x^(n + 1) for n > 0, multiplied factor by factor.
__device__ __forceinline__ double factorialOverPower(int n, double x) {
  double value = 1 / x;
  for (int i = 1; i <= n; i++) value *= i / x;
  return value;
}

// The derivative of digamma of an order from 0 to 170, which loses its fraction; NaN for other orders. Of order 1 the poles at -1, -2,
// ... are finite, (pi / sin(pi x))^2 with pi x rounded, as on the CPU.
//
// For negative x, zeta(s, x) is the sum over all integers k of (x + k)^-s, which depends on x up to integers alone, without the
// terms of negative k: with r = x - floor(x) it is zeta(s, r) + (-1)^s (zeta(s, 1 - r) - zeta(s, 1 - x)), where 1 - r is exact as
// ceil(x) - x.
__device__ __forceinline__ double polygamma(double order, double x) {
  if (x == 1 / 0.0 && order > 0) return fmod(order, 2.0) == 0 ? -0.0 : 0.0;
  if (!(order >= 0 && order <= 170)) return 0.0 / 0.0;
  int n = (int)order;
  if (n == 0) return digamma(x);
  bool odd = n & 1;
  if (x == 0) return odd ? 1 / 0.0 : -1 / 0.0;
  if (x != x) return x;
  double value;
  if (x > 0) {
    value = zetaTimesPower(n + 1, x) * factorialOverPower(n, x);
  } else {
    double f = floor(x);
    if (x == f && n == 1) {
      double slope = PI / sin(PI * x);
      return slope * slope;
    }
    if (x == f) return odd ? 1 / 0.0 : -1 / 0.0;
    double r = x - f, rest = ceil(x) - x, nearest = fmin(r, rest);
    double sum[3]; // in units of the term of the nearest pole, so that only the whole overflows
#pragma unroll 1
    for (int i = 0; i < 3; i++) {
      double at = i == 0 ? r : i == 1 ? rest : 1 - x;
      double z = zetaTimesPower(n + 1, at) * pow(nearest / at, n + 1.0);
      if (i == 0) sum[0] = z;
      else if (i == 1) sum[1] = z;
      else sum[2] = z;
    }
    value = (odd ? sum[0] + (sum[1] - sum[2]) : sum[0] - (sum[1] - sum[2])) * factorialOverPower(n, nearest);
  }
  return odd ? value : -value;
}

template <class T>
__device__ __forceinline__ T fnDigamma(T x) {
  return (T)digamma((double)x);
}

template <class T>
__device__ __forceinline__ T fnPolygamma(T order, T x) {
  if (sizeof(T) == 4 && order == 1 && x < 0 && x == floor(x)) {
    double slope = (float)PI / sin((double)((float)PI * (float)x));
    return (T)(slope * slope);
  }
  return (T)polygamma((double)order, (double)x);
}

// The sum of (q + k)^-s over k = 0, 1, 2, ...; infinite for s = 1 and where q + k meets 0, NaN for s below 1 and for negative q unless s
// is an integer. For infinite s the limit: 0 from q above 1, 1 from 1, infinite from below.
__device__ __forceinline__ double hurwitz(double s, double q) {
  if (s == 1) return 1 / 0.0;
  if (!(s > 1)) return 0.0 / 0.0;
  if (s == 1 / 0.0 && q > 0) return q > 1 ? 0 : q == 1 ? 1 : s;
  double sum = 0, a = q;
  if (q <= 0) {
    if (q == floor(q)) return 1 / 0.0;
    if (s != floor(s) || s == 1 / 0.0 || q < -1e6) return 0.0 / 0.0;
    for (; a <= 0; a += 1) sum += pow(a, -s);
  }
  return a != a ? a : sum + pow(a, -s) * zetaTimesPower(s, a);
}

template <class T>
__device__ __forceinline__ T fnZeta(T s, T q) {
  return (T)hurwitz((double)s, (double)q);
}
