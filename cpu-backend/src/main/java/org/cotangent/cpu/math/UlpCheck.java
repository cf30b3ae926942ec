package org.cotangent.cpu.math;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * Measures the error of the float32 functions against float64 references, over all 2^32 arguments or every 4,099th.
 *
 * <p>{@code java --add-modules jdk.incubator.vector -cp ... org.cotangent.cpu.math.UlpCheck [--sample] [FUNCTION ...]}; the implementation
 * is that of {@link MathProvider}. An exhaustive run takes one to three minutes for a function on two cores.
 */
public final class UlpCheck {
  /** Log2 of the number of bit patterns that one task covers. */
  private static final int PIECE_LOG2 = 20;

  private static final int PIECES = 1 << (32 - PIECE_LOG2);
  private static final int BLOCK = 1024;
  /** Prime, so that samples do not repeat low bits. */
  private static final int SAMPLE_STEP = 4099;

  private static final Map<String, Case> CASES = new LinkedHashMap<>();

  static {
    put("exp", Elementwise::exp, Math::exp);
    put("expm1", Elementwise::expm1, Math::expm1);
    put("log", Elementwise::log, Math::log);
    put("log1p", Elementwise::log1p, Math::log1p);
    put("log2", Elementwise::log2, ScalarMath::log2);
    put("log10", Elementwise::log10, Math::log10);
    put("sqrt", Elementwise::sqrt, Math::sqrt);
    put("rsqrt", Elementwise::rsqrt, x -> 1 / Math.sqrt(x));
    put("sin", Elementwise::sin, Math::sin);
    put("cos", Elementwise::cos, Math::cos);
    put("tan", Elementwise::tan, Math::tan);
    put("asin", Elementwise::asin, Math::asin);
    put("acos", Elementwise::acos, Math::acos);
    put("atan", Elementwise::atan, Math::atan);
    put("sinh", Elementwise::sinh, x -> expOverflows(x) ? x * Double.POSITIVE_INFINITY : Math.sinh(x));
    put("cosh", Elementwise::cosh, x -> expOverflows(x) ? Double.POSITIVE_INFINITY : Math.cosh(x));
    put("tanh", Elementwise::tanh, Math::tanh);
    put("asinh", Elementwise::asinh, ScalarMath::asinh);
    put("acosh", Elementwise::acosh, ScalarMath::acosh);
    put("atanh", Elementwise::atanh, ScalarMath::atanh);
    put("erf", Elementwise::erf, ErrorFunction::erf);
    put("erfc", Elementwise::erfc, ErrorFunction::erfc);
    put("erfinv", Elementwise::erfinv, ErrorFunction::erfinv);
    put("sigmoid", Elementwise::sigmoid, ScalarMath::sigmoid);
    put("softplus", Elementwise::softplus, ScalarMath::softplus);
    put("lgamma", Elementwise::lgamma, GammaFunctions::lgamma);
    put("digamma", Elementwise::digamma, GammaFunctions::digamma);
  }

  private UlpCheck() {}

  @FunctionalInterface
  private interface Block {
    void run(Elementwise e, float[] x, int xo, float[] y, int yo, int n);
  }

  private record Case(Block block, DoubleUnaryOperator reference) {}

  /** The largest error found, in ulp of the result, and where: arguments, results and references as they were met. */
  public record Worst(double ulps, float argument, float got, double wanted) {
    static final Worst NONE = new Worst(0, 0, 0, 0);

    private Worst or(Worst other) {
      return other.ulps > ulps ? other : this;
    }
  }

  private static boolean expOverflows(double x) {
    return (float) Math.exp(Math.abs(x)) == Float.POSITIVE_INFINITY;
  }

  private static void put(String name, Block block, DoubleUnaryOperator reference) {
    CASES.put(name, new Case(block, reference));
  }

  /** Checks the functions named by the arguments, or all; prints a line for each. */
  public static void main(String[] args) {
    List<String> words = List.of(args);
    boolean exhaustive = !words.contains("--sample");
    List<String> names = words.stream().filter(w -> !w.startsWith("--")).toList();
    System.out.println(MathProvider.description());
    for (String name : names.isEmpty() ? CASES.keySet() : names) run(name, exhaustive, System.out);
  }

  /** The names of the functions that can be checked. */
  public static Set<String> functions() {
    return Set.copyOf(CASES.keySet());
  }

  /**
   * Checks one function over all float32 arguments, or over about a million; writes one line to {@code out} and progress to standard error.
   *
   * @throws IllegalArgumentException if there is no such function
   */
  public static Worst run(String function, boolean exhaustive, PrintStream out) {
    long start = System.nanoTime();
    Worst worst = worst(MathProvider.instance(), function, exhaustive ? 1 : SAMPLE_STEP, exhaustive);
    out.printf("%-9s %s: largest error %.4f ulp at %s (%a): %s, not %s; %.0f s%n", function, exhaustive ? "all 2^32" : "sampled", worst.ulps,
        worst.argument, worst.argument, worst.got, worst.wanted, (System.nanoTime() - start) * 1e-9);
    return worst;
  }

  /** The largest error over every {@code step}-th bit pattern, so over all exponents and both signs. */
  static Worst worst(Elementwise functions, String function, int step, boolean progress) {
    Case c = CASES.get(function);
    if (c == null) throw new IllegalArgumentException("ulp check: no such function: " + function + "; there are " + CASES.keySet());
    AtomicInteger done = new AtomicInteger();
    return IntStream.range(0, PIECES).parallel().mapToObj(piece -> {
      Worst w = piece(functions, c, (long) piece << PIECE_LOG2, (piece + 1L) << PIECE_LOG2, step);
      int d = done.incrementAndGet();
      if (progress && d % (PIECES / 8) == 0) System.err.printf("%s: %d %%%n", function, 100 * d / PIECES);
      return w;
    }).reduce(Worst.NONE, Worst::or);
  }

  private static Worst piece(Elementwise functions, Case c, long from, long to, int step) {
    float[] x = new float[BLOCK], y = new float[BLOCK];
    Worst worst = Worst.NONE;
    long next = (from + step - 1) / step * step;
    while (next < to) {
      int n = 0;
      for (; n < BLOCK && next < to; next += step) x[n++] = Float.intBitsToFloat((int) next);
      c.block.run(functions, x, 0, y, 0, n);
      worst = worst.or(block(c.reference, x, y, n));
    }
    return worst;
  }

  private static Worst block(DoubleUnaryOperator reference, float[] x, float[] y, int n) {
    Worst worst = Worst.NONE;
    for (int i = 0; i < n; i++) {
      double wanted = reference.applyAsDouble(x[i]), e = error(y[i], wanted);
      if (e > worst.ulps) worst = new Worst(e, x[i], y[i], wanted);
    }
    return worst;
  }

  /**
   * The error of {@code got} in ulp of the float32 nearest to {@code wanted}; infinite where only one of them is NaN or where zeros differ
   * in sign. An infinity counts as 2^128, which is where rounding would put it.
   */
  static double error(float got, double wanted) {
    float nearest = (float) wanted;
    if (Float.floatToIntBits(got) == Float.floatToIntBits(nearest) && (nearest == 0 || !(Math.abs(nearest) < Float.MAX_VALUE))) return 0;
    if (Float.isNaN(got) || Double.isNaN(wanted) || wanted == 0 && got == 0) return Double.POSITIVE_INFINITY;
    double value = Float.isInfinite(got) ? Math.copySign(0x1p128, got) : got;
    double target = Math.abs(wanted) > 0x1p128 ? Math.copySign(0x1p128, wanted) : wanted;
    return Math.abs(value - target) / (Float.isInfinite(nearest) ? 0x1p104 : Math.ulp(nearest));
  }
}
