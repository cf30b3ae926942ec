package org.cotangent.fusion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cotangent.Autograd;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.ops.Norms;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Functions that reduce rows, and their gradients, in float32 against loops in double: the error is at most {@code 4 eps c}, where eps
 * is 2⁻²³ and c the sum of the magnitudes that are added or multiplied on the way, propagated to first order; so it is near the value
 * where nothing cancels. The build runs this with fusion and without, so the two differ by at most twice that.
 */
class RowErrorTest {
  private static final double EPS = 0x1p-23;
  private static final double BOUND = 4;
  private static final double NORM_EPS = 1e-5;

  /** What a row should be, and by how much it may be off in units of eps. */
  private record Want(double[] value, double[] scale) {
    static Want of(int n, IntToDoubleFunction value, IntToDoubleFunction scale) {
      return new Want(IntStream.range(0, n).mapToDouble(value).toArray(), IntStream.range(0, n).mapToDouble(scale).toArray());
    }
  }

  private interface Reference {
    Want of(double[] x, double[] ct);
  }

  /** A function of x [rows, n] and of a cotangent of that shape; the gradients take a row's first number for results of one a row. */
  private record Function(String name, BinaryOperator<Tensor> f, Reference reference) {}

  private static double total(int n, IntToDoubleFunction f) {
    double s = 0;
    for (int i = 0; i < n; i++) {
      s += f.applyAsDouble(i);
    }
    return s;
  }

  /** Softmax of a row: y, and by how many eps the exponents and their sum are off, relative to y. */
  private record Softmax(int n, double[] y, double max, double sum, double[] off) {
    static Softmax of(double[] x) {
      int n = x.length;
      double max = Arrays.stream(x).max().orElseThrow();
      double s = total(n, i -> Math.exp(x[i] - max));
      double[] y = Arrays.stream(x).map(v -> Math.exp(v - max) / s).toArray();
      double mean = total(n, i -> y[i] * (max - x[i]));
      return new Softmax(n, y, max, s, Arrays.stream(x).map(v -> 1 + (max - v) + mean).toArray());
    }

    double lse() {
      return max + Math.log(sum);
    }

    double lseScale() {
      return Math.abs(max) + Math.log(sum) + total(n, i -> y[i] * off[i]);
    }
  }

  /** Mean, variance and what layer norm makes of a row; {@code off} are the scales of the deviations d and of y. */
  private record Normal(int n, double[] d, double[] dOff, double var, double varOff, double[] y, double[] yOff, double sigma) {
    static Normal of(double[] x) {
      int n = x.length;
      double mean = total(n, i -> x[i]) / n;
      double size = total(n, i -> Math.abs(x[i])) / n;
      double[] d = Arrays.stream(x).map(v -> v - mean).toArray();
      double[] dOff = Arrays.stream(d).map(v -> Math.abs(v) + size).toArray();
      double var = total(n, i -> d[i] * d[i]) / n;
      double varOff = total(n, i -> dOff[i] * dOff[i]) / n;
      double sigma = Math.sqrt(var + NORM_EPS);
      double[] y = Arrays.stream(d).map(v -> v / sigma).toArray();
      double[] yOff = IntStream.range(0, n).mapToDouble(i -> (dOff[i] + Math.abs(d[i]) * varOff / (sigma * sigma)) / sigma).toArray();
      return new Normal(n, d, dOff, var, varOff, y, yOff, sigma);
    }
  }

  private static Tensor gradient(BinaryOperator<Tensor> f, Tensor x, Tensor ct) {
    return Autograd.vjp(v -> f.apply(v, v), x).apply(ct);
  }

  private static Tensor first(Tensor ct) {
    return ct.select(1, 0);
  }

  private static Tensor layerNorm(Tensor x) {
    return Norms.layerNorm(x, Shape.of(x.size(1)), NORM_EPS);
  }

  private static Want softmaxGradient(double[] x, double[] ct) {
    Softmax s = Softmax.of(x);
    double inner = total(s.n(), i -> ct[i] * s.y()[i]);
    double size = total(s.n(), i -> Math.abs(ct[i]) * s.y()[i]);
    double off = total(s.n(), i -> Math.abs(ct[i]) * s.y()[i] * s.off()[i]);
    return Want.of(s.n(), i -> s.y()[i] * (ct[i] - inner), i -> s.y()[i] * ((Math.abs(ct[i]) + size) * s.off()[i] + off));
  }

  private static Want layerNormGradient(double[] x, double[] ct) {
    Normal m = Normal.of(x);
    int n = m.n();
    double mean = total(n, i -> ct[i]) / n;
    double inner = total(n, i -> ct[i] * m.y()[i]) / n;
    double meanSize = total(n, i -> Math.abs(ct[i])) / n;
    double innerSize = total(n, i -> Math.abs(ct[i] * m.y()[i])) / n;
    double innerOff = total(n, i -> Math.abs(ct[i]) * m.yOff()[i]) / n;
    double sigmaOff = 1 + m.varOff() / (m.sigma() * m.sigma());
    return Want.of(n, i -> (ct[i] - mean - m.y()[i] * inner) / m.sigma(),
        i -> ((Math.abs(ct[i]) + meanSize + Math.abs(m.y()[i]) * innerSize) * sigmaOff + m.yOff()[i] * innerSize
            + Math.abs(m.y()[i]) * innerOff) / m.sigma());
  }

  private static List<Function> functions() {
    return List.of(
        new Function("sum of products", (x, ct) -> x.mul(ct).sum(1),
            (x, ct) -> Want.of(1, i -> total(x.length, j -> x[j] * ct[j]), i -> total(x.length, j -> Math.abs(x[j] * ct[j])))),
        new Function("logSumExp", (x, ct) -> x.logSumExp(new int[] {1}, false), (x, ct) -> {
          Softmax s = Softmax.of(x);
          return Want.of(1, i -> s.lse(), i -> s.lseScale());
        }),
        new Function("softmax", (x, ct) -> x.softmax(1), (x, ct) -> {
          Softmax s = Softmax.of(x);
          return Want.of(s.n(), i -> s.y()[i], i -> s.y()[i] * s.off()[i]);
        }),
        new Function("logSoftmax", (x, ct) -> x.logSoftmax(1), (x, ct) -> {
          Softmax s = Softmax.of(x);
          return Want.of(s.n(), i -> x[i] - s.lse(), i -> Math.abs(x[i] - s.max()) + Math.abs(Math.log(s.sum())) + total(s.n(), j -> s.y()[j] * s.off()[j]));
        }),
        new Function("var", (x, ct) -> x.var(new int[] {1}, 0, false), (x, ct) -> {
          Normal m = Normal.of(x);
          return Want.of(1, i -> m.var(), i -> m.varOff());
        }),
        new Function("layerNorm", (x, ct) -> layerNorm(x), (x, ct) -> {
          Normal m = Normal.of(x);
          return Want.of(m.n(), i -> m.y()[i], i -> m.yOff()[i]);
        }),
        new Function("gradient of logSumExp", (x, ct) -> gradient((v, w) -> v.logSumExp(new int[] {1}, false), x, first(ct)), (x, ct) -> {
          Softmax s = Softmax.of(x);
          return Want.of(s.n(), i -> ct[0] * s.y()[i], i -> Math.abs(ct[0]) * s.y()[i] * (s.off()[i] + s.lseScale()));
        }),
        new Function("gradient of softmax", (x, ct) -> gradient((v, w) -> v.softmax(1), x, ct), RowErrorTest::softmaxGradient),
        new Function("gradient of logSoftmax", (x, ct) -> gradient((v, w) -> v.logSoftmax(1), x, ct), (x, ct) -> {
          Softmax s = Softmax.of(x);
          double all = total(s.n(), i -> ct[i]);
          double size = total(s.n(), i -> Math.abs(ct[i]));
          return Want.of(s.n(), i -> ct[i] - s.y()[i] * all, i -> Math.abs(ct[i]) + s.y()[i] * size * s.off()[i]);
        }),
        new Function("gradient of var", (x, ct) -> gradient((v, w) -> v.var(new int[] {1}, 0, false), x, first(ct)), (x, ct) -> {
          Normal m = Normal.of(x);
          return Want.of(m.n(), i -> 2 * ct[0] * m.d()[i] / m.n(), i -> 2 * Math.abs(ct[0]) * m.dOff()[i] / m.n());
        }),
        new Function("gradient of layerNorm", (x, ct) -> gradient((v, w) -> layerNorm(v), x, ct), RowErrorTest::layerNormGradient));
  }

  /** Numbers of float32 near {@code shift}, {@code spread} apart. */
  private static Tensor numbers(Random r, int rows, int n, double shift, double spread) {
    float[] v = new float[rows * n];
    for (int i = 0; i < v.length; i++) {
      v[i] = (float) (shift + spread * r.nextGaussian());
    }
    return Tensor.of(v, rows, n);
  }

  static Stream<Function> rows() {
    return functions().stream();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theErrorIsAFewRoundingsOfWhatIsAdded(Function f) {
    double worst = 0;
    String where = "";
    for (int n : new int[] {2, 3, 17, 64, 255, 1000, 5000}) {
      for (double[] s : new double[][] {{0, 1}, {0, 20}, {3, 0.1}, {-1000, 1}, {0, 1e-3}}) {
        var r = new Random(n);
        Tensor x = numbers(r, 3, n, s[0], s[1]);
        Tensor ct = numbers(r, 3, n, 0, 1);
        float[] got = f.f().apply(x, ct).toFloatArray();
        int width = got.length / 3;
        for (int row = 0; row < 3; row++) {
          Want want = f.reference().of(doubles(x, row), doubles(ct, row));
          for (int i = 0; i < width; i++) {
            double error = Math.abs(got[row * width + i] - want.value()[i]) / (EPS * want.scale()[i] + Float.MIN_NORMAL);
            if (!(error <= worst)) {
              worst = error;
              where = "n " + n + ", shift " + s[0] + ", spread " + s[1] + ", element " + i + ": " + got[row * width + i] + " and " + want.value()[i];
            }
          }
        }
      }
    }
    assertThat(worst).as(where).isLessThanOrEqualTo(BOUND);
  }

  private static double[] doubles(Tensor x, int row) {
    float[] v = x.get(row).toFloatArray();
    return IntStream.range(0, v.length).mapToDouble(i -> v[i]).toArray();
  }
}
