package org.cotangent.examples.quickstart;

import static org.cotangent.Autograd.BATCHED;
import static org.cotangent.Autograd.RETAIN_GRAPH;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Generator;
import org.cotangent.MemoryScope;
import org.cotangent.Tensor;
import org.cotangent.nn.Sequential;

/**
 * The Jacobian [n, classes, pixels] of the logits of n images with respect to their own pixels, three ways: a backward pass for
 * each class on one retained forward pass; one batched backward pass; central differences in float64.
 *
 * <p>Images do not influence each other, so a cotangent that is 1 at class k of every image gives row k of every image's Jacobian.
 */
final class Jacobians {
  private static final int ROUNDS = 9;
  private static final double STEP = 1e-5;
  /** Larger test sets are cut to this many images, so that differences stay affordable. */
  private static final int MOST = 400;

  private Jacobians() {}

  /**
   * @param batched the Jacobian [n, classes, pixels] of the batched pass, row-major
   * @param rowMillis median time of the passes row by row
   * @param batchedMillis median time of the batched pass
   * @param rowsError largest difference of row by row from batched, relative to max|J|
   * @param batchedError largest difference of batched from central differences, relative to max|J|
   */
  record Report(int images, int classes, int pixels, float[] batched, long[] seen, double rowMillis, double batchedMillis,
      double differenceMillis, double rowsError, double batchedError) {
    double speedup() {
      return rowMillis / batchedMillis;
    }

    int predicted(int image) {
      return (int) seen[image];
    }

    /** The Jacobian of one image: a row of pixels for each class. */
    float[][] rows(int image) {
      float[][] r = new float[classes][];
      for (int k = 0; k < classes; k++) {
        int at = (image * classes + k) * pixels;
        r[k] = Arrays.copyOfRange(batched, at, at + pixels);
      }
      return r;
    }

    void print(PrintWriter out) {
      out.printf("jacobian  [%d, %d, %d], medians of %d rounds; differences relative to max|J|%n", images, classes, pixels, ROUNDS);
      line(out, "row by row", classes + " backward passes", rowMillis, rowsError, "from batched");
      line(out, "batched", "1 backward pass", batchedMillis, batchedError, "from central differences");
      out.printf(Locale.ROOT, "  %-12s %-28s %9.2f ms%n", "differences", 2 * pixels + " forward passes, float64", differenceMillis);
      out.flush();
    }

    private static void line(PrintWriter out, String name, String work, double millis, double error, String from) {
      out.printf(Locale.ROOT, "  %-12s %-28s %9.2f ms   %.1e %s%n", name, work, millis, error, from);
    }
  }

  static Report compare(Sequential model, ImageData test, Device device) {
    int n = Math.min(test.count(), MOST);
    try (var _ = MemoryScope.open()) {
      Tensor x = Training.pixels(test).narrow(0, 0, n).copy().to(device).requiresGrad_();
      Tensor y = model.apply(x).synchronize();
      Tensor basis = basis(y);
      Supplier<Tensor> rows = () -> rowByRow(y, x, basis);
      Supplier<Tensor> batch = () -> batched(y, x, basis);
      double[] rowTimes = new double[ROUNDS];
      double[] batchTimes = new double[ROUNDS];
      millis(rows);
      millis(batch);
      for (int i = 0; i < ROUNDS; i++) {
        rowTimes[i] = millis(rows);
        batchTimes[i] = millis(batch);
      }
      Tensor j = batch.get();
      long start = System.nanoTime();
      Tensor exact = differences(model, x.detach().to(DType.FLOAT64));
      double differenceMillis = (System.nanoTime() - start) / 1e6;
      double rowsError = error(rows.get(), j);
      double batchedError = error(j, exact);
      return new Report(n, y.size(1), test.pixelsPerImage(), j.movedim(0, 1).toFloatArray(), y.detach().argmax(1).toLongArray(),
          median(rowTimes), median(batchTimes), differenceMillis, rowsError, batchedError);
    }
  }

  /** For each class k the cotangent that is 1 at class k of every image, [classes, n, classes]. */
  static Tensor basis(Tensor y) {
    return Tensor.eye(y.size(1)).to(y.device()).unsqueeze(1).expand(y.size(1), y.size(0), y.size(1));
  }

  /** [classes, n, pixels] in one backward pass. */
  static Tensor batched(Tensor y, Tensor x, Tensor basis) {
    return Autograd.grad(List.of(y), List.of(x), List.of(basis), BATCHED, RETAIN_GRAPH).get(0);
  }

  private static Tensor rowByRow(Tensor y, Tensor x, Tensor basis) {
    Tensor[] rows = new Tensor[basis.size(0)];
    for (int k = 0; k < rows.length; k++) {
      rows[k] = Autograd.grad(y, x, basis.get(k), RETAIN_GRAPH);
    }
    return Tensor.stack(rows);
  }

  /** (f(x + h e_i) - f(x - h e_i)) / 2h for each pixel i, [classes, n, pixels], of a copy of the model in float64. */
  private static Tensor differences(Sequential model, Tensor x) {
    Sequential exact = Training.model(x.size(1), model.parameters().get(0).size(0), model.parameters().getLast().size(0), new Generator(0));
    exact.loadState(model.stateDict());
    exact.to(DType.FLOAT64).to(x.device());
    Tensor[] columns = new Tensor[x.size(1)];
    for (int i = 0; i < columns.length; i++) {
      double[] e = new double[columns.length];
      e[i] = STEP;
      Tensor h = Tensor.of(e).to(x.device());
      columns[i] = Autograd.noGrad(() -> exact.apply(x.add(h)).sub(exact.apply(x.sub(h))).div(2 * STEP)).t().synchronize();
    }
    return Tensor.stack(2, columns);
  }

  private static double millis(Supplier<Tensor> work) {
    long start = System.nanoTime();
    try (var _ = MemoryScope.open()) {
      work.get().synchronize();
    }
    return (System.nanoTime() - start) / 1e6;
  }

  private static double median(double[] v) {
    double[] s = v.clone();
    Arrays.sort(s);
    return s[s.length / 2];
  }

  private static double error(Tensor a, Tensor b) {
    Tensor x = a.detach().to(DType.FLOAT64);
    Tensor y = b.detach().to(DType.FLOAT64);
    return x.sub(y).abs().max().item() / y.abs().max().item();
  }
}
