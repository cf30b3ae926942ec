package org.cotangent.cpu.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Zeros with their signs, infinities, NaN, domain edges, overflow and subnormal numbers, for both types. */
class SpecialValuesTest {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;

  /** What a function gives at -infinity, -0, +0, +infinity. */
  private record Ends(String function, double minusInfinity, double minusZero, double zero, double infinity) {}

  private static final List<Ends> ENDS = List.of(
      new Ends("exp", 0, 1, 1, INF),
      new Ends("expm1", -1, -0.0, 0, INF),
      new Ends("log", NAN, -INF, -INF, INF),
      new Ends("log1p", NAN, -0.0, 0, INF),
      new Ends("log2", NAN, -INF, -INF, INF),
      new Ends("log10", NAN, -INF, -INF, INF),
      new Ends("sqrt", NAN, -0.0, 0, INF),
      new Ends("rsqrt", NAN, -INF, INF, 0),
      new Ends("sin", NAN, -0.0, 0, NAN),
      new Ends("cos", NAN, 1, 1, NAN),
      new Ends("tan", NAN, -0.0, 0, NAN),
      new Ends("asin", NAN, -0.0, 0, NAN),
      new Ends("sinh", -INF, -0.0, 0, INF),
      new Ends("cosh", INF, 1, 1, INF),
      new Ends("tanh", -1, -0.0, 0, 1),
      new Ends("asinh", -INF, -0.0, 0, INF),
      new Ends("acosh", NAN, NAN, NAN, INF),
      new Ends("atanh", NAN, -0.0, 0, NAN),
      new Ends("erf", -1, -0.0, 0, 1),
      new Ends("erfc", 2, 1, 1, 0),
      new Ends("erfinv", NAN, -0.0, 0, NAN),
      new Ends("sigmoid", 0, 0.5, 0.5, 1),
      new Ends("lgamma", INF, INF, INF, INF),
      new Ends("digamma", NAN, INF, -INF, INF));

  private record Point(String function, double x, double value) {}

  private static final List<Point> POINTS = List.of(
      new Point("log", 1, 0),
      new Point("log", -1, NAN),
      new Point("log1p", -1, -INF),
      new Point("log1p", -2, NAN),
      new Point("log2", 8, 3),
      new Point("log2", 0.125, -3),
      new Point("log2", Float.MIN_VALUE, -149),
      new Point("sqrt", -1, NAN),
      new Point("acos", 1, 0),
      new Point("asin", 1.5, NAN),
      new Point("acosh", 1, 0),
      new Point("acosh", 0.5, NAN),
      new Point("atanh", 1, INF),
      new Point("atanh", -1, -INF),
      new Point("atanh", 1.5, NAN),
      new Point("erfinv", 1, INF),
      new Point("erfinv", -1, -INF),
      new Point("erfinv", 1.5, NAN),
      new Point("sinh", 710, INF),
      new Point("sinh", -710, -INF),
      new Point("cosh", 710, INF),
      new Point("lgamma", 1, 0),
      new Point("lgamma", 2, 0),
      new Point("lgamma", -3, INF),
      new Point("digamma", -3, NAN),
      new Point("softplus", -INF, 0),
      new Point("softplus", INF, INF),
      new Point("softplus", 1000, 1000),
      new Point("tanh", 100, 1),
      new Point("erf", -100, -1),
      new Point("sigmoid", 1000, 1),
      new Point("expm1", -1000, -1));

  @ParameterizedTest
  @MethodSource("org.cotangent.cpu.math.Implementations#names")
  void endsAndZeros(String implementation) {
    for (Ends e : ENDS) {
      check(implementation, e.function, -INF, e.minusInfinity);
      check(implementation, e.function, -0.0, e.minusZero);
      check(implementation, e.function, 0, e.zero);
      check(implementation, e.function, INF, e.infinity);
    }
  }

  @ParameterizedTest
  @MethodSource("org.cotangent.cpu.math.Implementations#names")
  void nanStaysNan(String implementation) {
    for (Implementations.Function f : Implementations.FUNCTIONS) {
      check(implementation, f.name(), NAN, NAN);
      check(implementation, f.name(), Double.longBitsToDouble(0xfff8000000000000L), NAN);
    }
  }

  @ParameterizedTest
  @MethodSource("org.cotangent.cpu.math.Implementations#names")
  void edgesOfTheDomain(String implementation) {
    for (Point p : POINTS) check(implementation, p.function, p.x, p.value);
  }

  /** Odd functions with slope 1 at 0 give back a subnormal number; nothing is flushed to zero. */
  @ParameterizedTest
  @MethodSource("org.cotangent.cpu.math.Implementations#names")
  void subnormalArguments(String implementation) {
    Elementwise e = Implementations.named(implementation);
    for (String name : List.of("expm1", "log1p", "sin", "tan", "asin", "atan", "sinh", "tanh", "asinh", "atanh")) {
      Implementations.Function f = Implementations.function(name);
      for (float x : new float[] {Float.MIN_VALUE, -Float.MIN_VALUE, 3 * Float.MIN_VALUE, -0x1.fffffcp-127f, Float.MIN_NORMAL}) {
        assertThat(f.at(e, x)).as(name).isEqualTo(x);
      }
      for (double x : new double[] {Double.MIN_VALUE, -Double.MIN_VALUE, 3 * Double.MIN_VALUE, -0x0.fffffffffffffp-1022, Double.MIN_NORMAL}) {
        assertThat(f.at(e, x)).as(name).isEqualTo(x);
      }
    }
    check(implementation, "log2", Double.MIN_VALUE, -1074, true);
    assertThat(Implementations.function("log").at(e, Double.MIN_VALUE)).isEqualTo(Math.log(Double.MIN_VALUE));
  }

  @ParameterizedTest
  @MethodSource("org.cotangent.cpu.math.Implementations#names")
  void overflowAndUnderflow(String implementation) {
    Elementwise e = Implementations.named(implementation);
    Implementations.Function exp = Implementations.function("exp"), expm1 = Implementations.function("expm1");
    assertThat(exp.at(e, 88.72283f)).isFinite();
    assertThat(exp.at(e, 88.72284f)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(expm1.at(e, 88.72283f)).isFinite();
    assertThat(expm1.at(e, 88.72284f)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(exp.at(e, -103.97207f)).isEqualTo(Float.MIN_VALUE);
    assertThat(exp.at(e, -103.97209f)).isZero();
    assertThat(exp.at(e, 709.782712893384)).isFinite();
    assertThat(exp.at(e, 709.7827128933841)).isEqualTo(INF);
    assertThat(expm1.at(e, 709.782712893384)).isFinite();
    assertThat(expm1.at(e, 709.7827128933841)).isEqualTo(INF);
    assertThat(exp.at(e, -745.1332191019411)).isEqualTo(Double.MIN_VALUE);
    assertThat(exp.at(e, -745.1332191019412)).isZero();
    for (double x = -745; x < -708; x += 0.37) {
      assertThat(Math.abs(exp.at(e, x) - StrictMath.exp(x))).as("exp(%s)", x).isLessThanOrEqualTo(Double.MIN_VALUE);
      assertThat(Math.abs(Implementations.function("sigmoid").at(e, x) - StrictMath.exp(x))).as("sigmoid(%s)", x)
          .isLessThanOrEqualTo(Double.MIN_VALUE);
    }
  }

  private static void check(String implementation, String function, double x, double value) {
    check(implementation, function, x, value, false);
  }

  private static void check(String implementation, String function, double x, double value, boolean doubleOnly) {
    Elementwise e = Implementations.named(implementation);
    Implementations.Function f = Implementations.function(function);
    assertThat(f.at(e, x)).as("%s, %s(%s)", implementation, function, x).isEqualTo(Double.valueOf(value));
    if (!doubleOnly) assertThat(f.at(e, (float) x)).as("%s, float32 %s(%s)", implementation, function, x).isEqualTo(Float.valueOf((float) value));
  }
}
