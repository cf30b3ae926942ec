package org.cotangent.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cotangent.DType;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;
import org.cotangent.spi.Reduction;
import org.junit.jupiter.api.Test;

class ReduceTest {
  private static final Samples s = Samples.seeded("ReduceTest");

  @Test
  void reducesAnyAxesOfAnyLayout() {
    for (int round = 0; round < 500; round++) {
      DType type = Samples.COMPUTED[s.below(Samples.COMPUTED.length)];
      int[] dims = s.dims(5, true);
      int[] axes = IntStream.range(0, dims.length).filter(i -> s.chance(0.5)).toArray();
      Reduction kind = Reduction.values()[s.below(4)];
      if (kind.needsElements() && IntStream.of(dims).anyMatch(d -> d == 0)) {
        continue;
      }
      Operand in = s.input(type, dims);
      check(kind, in, axes, s.output(type.floating() || kind.needsElements() || s.chance(0.5) ? type : DType.INT64, kept(dims, axes)));
    }
  }

  @Test
  void shapesThatHaveTheirOwnPath() {
    for (Reduction kind : Reduction.values()) {
      for (DType type : List.of(DType.FLOAT32, DType.FLOAT64, DType.INT32)) {
        for (int[] d : new int[][] {{20_000}, {2600, 10}, {10, 2600}, {30, 600}, {3, 400, 20}, {5000, 3}, {2, 300, 7, 5}}) {
          Operand in = s.filled(type, Layout.dense(d));
          for (int axis = 0; axis < d.length; axis++) {
            int[] axes = {axis};
            check(kind, in, axes, s.filled(type, Layout.dense(kept(d, axes))));
          }
          int[] all = IntStream.range(0, d.length).toArray();
          check(kind, in, all, s.filled(type, Layout.dense()));
        }
      }
    }
  }

  @Test
  void fewResultsOfManyElementsAreDivided() {
    for (DType type : List.of(DType.FLOAT32, DType.INT32)) {
      for (int[] d : new int[][] {{150_000}, {50_000, 3}, {150, 700}, {2, 40_000, 2}}) {
        for (int axis = 0; axis < d.length; axis++) {
          int[] axes = {axis};
          check(Reduction.SUM, s.filled(type, Layout.dense(d)), axes, s.filled(type, Layout.dense(kept(d, axes))));
        }
      }
    }
  }

  @Test
  void float32SumsAreAccurate() {
    for (int n : new int[] {100, 3000, 1_000_000}) {
      Operand in = s.filled(DType.FLOAT32, Layout.dense(n));
      float[] x = (float[]) HeapBuffer.data(in);
      double exact = 0;
      for (int i = 0; i < n; i++) {
        x[i] = s.random.nextFloat();
        exact += x[i];
      }
      Operand out = s.filled(DType.FLOAT32, Layout.dense());
      s.backend.reduce(Reduction.SUM, in, new int[] {0}, out);
      assertThat(Samples.real(out, new int[0]) / exact - 1).isBetween(-2e-7, 2e-7);
    }
  }

  private static int[] kept(int[] dims, int[] axes) {
    int[] kept = new int[dims.length - axes.length];
    int n = 0;
    int a = 0;
    for (int i = 0; i < dims.length; i++) {
      if (a < axes.length && axes[a] == i) {
        a++;
      } else {
        kept[n++] = dims[i];
      }
    }
    return kept;
  }

  private void check(Reduction kind, Operand in, int[] axes, Operand out) {
    s.backend.reduce(kind, in, axes, out);
    int[] left = out.layout().dims();
    int n = (int) Layout.dense(left).size();
    double[][] real = new double[n][2];
    long[][] whole = new long[n][2];
    for (int i = 0; i < n; i++) {
      real[i][0] = kind.identity();
      whole[i][0] = (long) kind.identity();
    }
    Samples.each(in.layout().dims(), i -> {
      int key = number(left, kept(i, axes));
      if (in.dtype().floating()) {
        take(kind, real[key], Samples.real(in, i));
      } else {
        take(kind, whole[key], Samples.whole(in, i));
      }
    });
    Samples.each(left, i -> {
      if (in.dtype().floating()) {
        close(kind, in, axes, out.dtype(), Samples.real(out, i), real[number(left, i)]);
      } else {
        Samples.same(Samples.whole(out, i), out.dtype().wrap(whole[number(left, i)][0]), in, out);
      }
    });
  }

  /** The row-major number of a coordinate. */
  private static int number(int[] dims, int[] index) {
    int n = 0;
    for (int i = 0; i < dims.length; i++) {
      n = n * dims[i] + index[i];
    }
    return n;
  }

  /** r[0] is the result so far; r[1] the sum of magnitudes, or the number of elements. */
  private static void take(Reduction kind, double[] r, double v) {
    boolean first = r[1] == 0 && kind.needsElements();
    r[0] = switch (kind) {
      case SUM -> r[0] + v;
      case PROD -> r[0] * v;
      case MAX -> first ? v : Math.max(r[0], v);
      case MIN -> first ? v : Math.min(r[0], v);
    };
    r[1] += kind == Reduction.SUM ? Math.abs(v) : 1;
  }

  private static void take(Reduction kind, long[] r, long v) {
    r[0] = switch (kind) {
      case SUM -> r[0] + v;
      case PROD -> r[0] * v;
      case MAX -> r[1] == 0 ? v : Math.max(r[0], v);
      case MIN -> r[1] == 0 ? v : Math.min(r[0], v);
    };
    r[1]++;
  }

  private static void close(Reduction kind, Operand in, int[] axes, DType type, double got, double[] r) {
    double want = type == DType.FLOAT32 ? (float) r[0] : r[0];
    if (Double.compare(got, want) == 0 || got == want || Double.isNaN(want) && Double.isNaN(got)) {
      return;
    }
    double eps = type == DType.FLOAT32 ? 1e-6 : 1e-12;
    if (!(Math.abs(got - want) <= eps * (Math.abs(want) + r[1]))) {
      throw new AssertionError(kind + " of " + Samples.text(in) + " over " + Arrays.toString(axes) + ": got " + got + ", want " + want);
    }
  }
}
