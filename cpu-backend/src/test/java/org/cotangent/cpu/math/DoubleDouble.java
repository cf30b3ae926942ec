package org.cotangent.cpu.math;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A number as the unevaluated sum of two doubles, about 106 bits: the reference for float64 results.
 *
 * <p>Dekker, A floating-point technique for extending the available precision (Numer. Math. 18, 1971), with products by fused multiply-add.
 */
record DoubleDouble(double hi, double lo) {
  static final DoubleDouble ONE = of(1);
  static final DoubleDouble TWO = of(2);
  private static final DoubleDouble LN2 = new DoubleDouble(0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56);
  private static final DoubleDouble ERF_SLOPE = new DoubleDouble(0x1.20dd750429b6dp0, 0x1.1ae3a914fed80p-56);
  private static final double[] HALF_PI = {0x1.921fb54442d18p0, 0x1.1a62633145c07p-54, -0x1.f1976b7ed8fbcp-110, 0x1.4cf98e804177dp-164};
  private static final double SMALL = 0.1;

  static DoubleDouble of(double x) {
    return new DoubleDouble(x, 0);
  }

  private static DoubleDouble sum(double a, double b) {
    double s = a + b, c = s - a;
    return new DoubleDouble(s, (a - (s - c)) + (b - c));
  }

  private static DoubleDouble product(double a, double b) {
    double p = a * b;
    return new DoubleDouble(p, Math.fma(a, b, -p));
  }

  DoubleDouble plus(DoubleDouble b) {
    DoubleDouble s = sum(hi, b.hi), t = sum(lo, b.lo), u = sum(s.hi, s.lo + t.hi);
    return sum(u.hi, u.lo + t.lo);
  }

  DoubleDouble plus(double b) {
    return plus(of(b));
  }

  DoubleDouble negated() {
    return new DoubleDouble(-hi, -lo);
  }

  DoubleDouble times(DoubleDouble b) {
    DoubleDouble p = product(hi, b.hi);
    return sum(p.hi, p.lo + (hi * b.lo + lo * b.hi));
  }

  DoubleDouble times(double b) {
    return times(of(b));
  }

  DoubleDouble over(DoubleDouble b) {
    double q = hi / b.hi;
    DoubleDouble r = plus(b.times(-q));
    double q2 = r.hi / b.hi;
    r = r.plus(b.times(-q2));
    return sum(q, q2).plus(r.hi / b.hi);
  }

  DoubleDouble over(double b) {
    return over(of(b));
  }

  /** e^x - 1 for a result that is not infinite. */
  DoubleDouble expm1() {
    return Math.rint(hi / LN2.hi) == 0 ? reducedExpm1(0) : exp().plus(-1);
  }

  /** e^x for a result that is neither subnormal nor infinite. */
  DoubleDouble exp() {
    int k = (int) Math.rint(hi / LN2.hi);
    return reducedExpm1(k).plus(1).scaled(k);
  }

  /** e^(x - k ln 2) - 1: Taylor's series at a 256th of the argument, doubled eight times. */
  private DoubleDouble reducedExpm1(int k) {
    DoubleDouble r = plus(LN2.times(-k)).times(0x1p-8), term = r, m = r;
    for (int i = 2; i < 13; i++) {
      term = term.times(r).over(i);
      m = m.plus(term);
    }
    for (int i = 0; i < 8; i++) m = m.plus(m).plus(m.times(m));
    return m;
  }

  private DoubleDouble scaled(int k) {
    double a = Math.scalb(1.0, k / 2), b = Math.scalb(1.0, k - k / 2);
    return new DoubleDouble(hi * a * b, lo * a * b);
  }

  /** log(1 + x): by 2 artanh(x / (2 + x)) near 0, elsewhere by one of Newton's steps. */
  DoubleDouble log1p() {
    if (!(Math.abs(hi) < SMALL)) return plus(1).log();
    DoubleDouble s = over(plus(2)), square = s.times(s), power = s, sum = s;
    for (int i = 3; i < 31; i += 2) {
      power = power.times(square);
      sum = sum.plus(power.over(i));
    }
    return sum.plus(sum);
  }

  DoubleDouble log() {
    if (Math.abs(hi - 1) < SMALL) return plus(-1).log1p();
    int k = Math.getExponent(hi);
    if (k < Double.MIN_EXPONENT) return times(0x1p54).log().plus(LN2.times(-54));
    DoubleDouble m = scaled(-k);
    double guess = StrictMath.log(m.hi);
    DoubleDouble miss = m.times(of(-guess).exp()).plus(-1);
    return LN2.times(k).plus(guess).plus(miss.plus(miss.times(miss).times(-0.5)));
  }

  DoubleDouble tanh() {
    if (Math.abs(hi) > 20) return of(Math.signum(hi));
    DoubleDouble m = plus(this).expm1();
    return m.over(m.plus(2));
  }

  DoubleDouble sigmoid() {
    DoubleDouble t = (hi > 0 ? negated() : this).exp();
    return (hi > 0 ? ONE : t).over(t.plus(1));
  }

  DoubleDouble softplus() {
    DoubleDouble t = (hi > 0 ? negated() : this).exp().log1p();
    return hi > 0 ? plus(t) : t;
  }

  /** By the series of erf(x) e^(x^2), whose terms are all of one sign (Abramowitz and Stegun, 7.1.6). */
  DoubleDouble erf() {
    if (Math.abs(hi) > 6) return of(Math.signum(hi));
    DoubleDouble square = times(this), term = this, sum = this;
    for (int i = 1; Math.abs(term.hi) > Math.abs(sum.hi) * 0x1p-70; i++) {
      term = term.times(square).times(2).over(2 * i + 1);
      sum = sum.plus(term);
    }
    return sum.times(square.negated().exp()).times(ERF_SLOPE);
  }

  DoubleDouble sin() {
    return circular(0);
  }

  DoubleDouble cos() {
    return circular(1);
  }

  /** sin(x + quarter pi/2) of a double below 2^24 in magnitude, or of any by decimal arithmetic. */
  private DoubleDouble circular(int quarter) {
    DoubleDouble r;
    int k;
    if (Math.abs(hi) < 0x1p24) {
      double n = Math.rint(hi / HALF_PI[0]);
      r = this;
      for (double part : HALF_PI) r = r.plus(product(-n, part));
      k = (int) n;
    } else {
      BigInteger[] parts = new BigDecimal(hi).multiply(new BigDecimal(BigInteger.TWO.pow(Pi.BITS))).toBigInteger().divideAndRemainder(Pi.HALF);
      k = parts[0].intValue();
      BigInteger remainder = parts[1].shiftRight(Pi.BITS - 200);
      double head = remainder.doubleValue();
      double rest = remainder.subtract(new BigDecimal(head).toBigInteger()).doubleValue();
      r = new DoubleDouble(head * 0x1p-200, rest * 0x1p-200);
    }
    return switch ((k + quarter) & 3) {
      case 0 -> r.taylor(r, 1);
      case 1 -> r.taylor(ONE, 0);
      case 2 -> r.taylor(r, 1).negated();
      default -> r.taylor(ONE, 0).negated();
    };
  }

  private DoubleDouble taylor(DoubleDouble first, int degree) {
    DoubleDouble square = times(this).negated(), term = first, sum = first;
    for (int i = degree; Math.abs(term.hi) > Math.abs(sum.hi) * 0x1p-70; i += 2) {
      term = term.times(square).over((i + 1.0) * (i + 2.0));
      sum = sum.plus(term);
    }
    return sum;
  }

  /** How far {@code got} is from this, in ulp of the nearest double. */
  double ulps(double got) {
    return Math.abs(got - hi - lo) / Math.ulp(hi);
  }

  /** pi / 2 times 2^{@value #BITS}, by Machin's formula. */
  private static final class Pi {
    static final int BITS = 1400;
    static final BigInteger HALF = arctan(5).multiply(BigInteger.valueOf(8)).subtract(arctan(239).multiply(BigInteger.TWO));

    private static BigInteger arctan(int inverse) {
      BigInteger power = BigInteger.TWO.pow(BITS).divide(BigInteger.valueOf(inverse)), sum = power;
      BigInteger square = BigInteger.valueOf(-(long) inverse * inverse);
      for (int i = 3; power.signum() != 0; i += 2) {
        power = power.divide(square);
        sum = sum.add(power.divide(BigInteger.valueOf(i)));
      }
      return sum;
    }
  }
}
