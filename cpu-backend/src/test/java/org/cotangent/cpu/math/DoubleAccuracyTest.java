package org.cotangent.cpu.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** float64 results against sums of two doubles. */
class DoubleAccuracyTest {
  private static final int COUNT = 100_000;
  private static final double LIMIT = 2;

  private final SplittableRandom random = new SplittableRandom(7);

  @ParameterizedTest
  @MethodSource("org.cotangent.cpu.math.Implementations#names")
  void exp(String implementation) {
    check(implementation, "exp", DoubleDouble::exp, LIMIT, -708, 709.7);
    check(implementation, "expm1", DoubleDouble::expm1, LIMIT, -50, 709.7);
    check(implementation, "sigmoid", DoubleDouble::sigmoid, LIMIT, -708, 40);
    check(implementation, "softplus", DoubleDouble::softplus, LIMIT, -708, 40);
  }

  @ParameterizedTest
  @MethodSource("org.cotangent.cpu.math.Implementations#names")
  void log(String implementation) {
    check(implementation, "log", DoubleDouble::log, LIMIT, Double.MIN_VALUE, Double.MAX_VALUE);
    check(implementation, "log", DoubleDouble::log, LIMIT, 0.25, 4);
    check(implementation, "log1p", DoubleDouble::log1p, LIMIT, -0.999999, 1e300);
    check(implementation, "log1p", DoubleDouble::log1p, LIMIT, -0.5, 4);
  }

  @ParameterizedTest
  @MethodSource("org.cotangent.cpu.math.Implementations#names")
  void circular(String implementation) {
    check(implementation, "sin", DoubleDouble::sin, LIMIT, -0x1p24, 0x1p24);
    check(implementation, "cos", DoubleDouble::cos, LIMIT, -0x1p24, 0x1p24);
    check(implementation, "sin", DoubleDouble::sin, LIMIT, -10, 10);
    check(implementation, "cos", DoubleDouble::cos, LIMIT, -10, 10);
    double[] x = new double[2000];
    for (int i = 0; i < x.length; i++) x[i] = Math.scalb(1 + random.nextDouble(), 24 + random.nextInt(1000));
    check(implementation, "sin", DoubleDouble::sin, LIMIT, x);
    check(implementation, "cos", DoubleDouble::cos, LIMIT, x);
    for (int i = 0; i < x.length; i++) x[i] = Math.PI / 2 * random.nextInt(10_000_000);
    check(implementation, "sin", DoubleDouble::sin, LIMIT, x);
    check(implementation, "cos", DoubleDouble::cos, LIMIT, x);
  }

  /** The JDK promises 2.5 ulp for tanh. */
  @ParameterizedTest
  @MethodSource("org.cotangent.cpu.math.Implementations#names")
  void tanhAndErf(String implementation) {
    check(implementation, "tanh", DoubleDouble::tanh, implementation.equals("vector") ? LIMIT : 2.5, -21, 21);
    check(implementation, "erf", DoubleDouble::erf, LIMIT, -6.5, 6.5);
  }

  private void check(String implementation, String function, UnaryOperator<DoubleDouble> reference, double limit, double from, double to) {
    check(implementation, function, reference, limit, arguments(from, to));
  }

  private static void check(String implementation, String function, UnaryOperator<DoubleDouble> reference, double limit, double[] x) {
    double[] y = new double[x.length];
    Implementations.function(function).doubles().run(Implementations.named(implementation), x, 0, y, 0, x.length);
    double worst = 0, at = 0;
    for (int i = 0; i < x.length; i++) {
      double error = reference.apply(DoubleDouble.of(x[i])).ulps(y[i]);
      if (!(error <= worst)) {
        worst = error;
        at = x[i];
      }
    }
    assertThat(worst).as("%s, %s at %s (%a)", implementation, function, at, at).isLessThanOrEqualTo(limit);
  }

  /** Half of them uniform, half with uniform exponents. */
  private double[] arguments(double from, double to) {
    double[] x = new double[COUNT];
    double reach = Math.max(Math.abs(from), to);
    for (int i = 0; i < COUNT; i++) {
      double v = from + (to - from) * random.nextDouble();
      if ((i & 1) != 0) {
        do {
          v = Math.scalb(1 + random.nextDouble(), random.nextInt(Math.max(-1022, Math.getExponent(from) - 1), Math.getExponent(reach) + 1));
          if (random.nextBoolean()) v = -v;
        } while (v < from || v > to);
      }
      x[i] = v;
    }
    return x;
  }
}
