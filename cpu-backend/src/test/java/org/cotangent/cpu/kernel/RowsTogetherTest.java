package org.cotangent.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.cotangent.DType;
import org.cotangent.cpu.Pool;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;
import org.cotangent.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** A kernel whose generated code takes over from its stages gives the same bits as they did, by any number of threads. */
@EnabledIf("vectorsArePresent")
class RowsTogetherTest {
  private static final int ROWS = 301;
  private static final int COLUMNS = 413;
  private static final long PATIENCE_NANOS = 120_000_000_000L;

  private final Heap heap = new Heap();
  private final SplittableRandom random = new SplittableRandom(Seeds.of("RowsTogetherTest"));

  static boolean vectorsArePresent() {
    return FloatTiers.VECTORS;
  }

  /** Softmax and a cotangent; the inputs are full. */
  @Test
  void full() {
    Expr x = Expr.arg(0);
    Expr e = Expr.call(Fn.EXP, Expr.call(Fn.SUB, x, Expr.call(Fn.ROW_MAX, x)));
    Expr y = Expr.call(Fn.DIV, e, Expr.call(Fn.ROW_SUM, e));
    Expr inner = Expr.call(Fn.ROW_SUM, Expr.call(Fn.MUL, y, Expr.arg(1)));
    check(Program.of(List.of(Expr.call(Fn.MUL, y, Expr.call(Fn.SUB, Expr.arg(1), inner))), DType.FLOAT32, DType.FLOAT32), 0, 0,
        new Operand[] {floats(ROWS * COLUMNS, space()), floats(ROWS * COLUMNS, space())}, new Operand[] {output(ROWS * COLUMNS, space())}, 0);
  }

  /** A number for each row comes from a float32 and from an int64 and is chosen by how it compares; one for each row is stored. */
  @Test
  void numbers() {
    Expr x = Expr.arg(0);
    Expr place = Expr.cast(DType.FLOAT32, Expr.arg(1));
    Expr sum = Expr.call(Fn.ROW_SUM, x);
    Expr chosen = Expr.where(Expr.call(Fn.NE, place, Expr.constant(3)), Expr.call(Fn.LOG, Expr.call(Fn.ABS, sum)), Expr.arg(2));
    Operand integers = new Operand(heap.share(DType.INT64, random.longs(ROWS, 0, 6).toArray()), once());
    check(Program.of(List.of(Expr.call(Fn.ADD, Expr.call(Fn.MUL, x, chosen), x), chosen), DType.FLOAT32, DType.INT64, DType.FLOAT32), 0b110, 0b10,
        new Operand[] {floats(ROWS * COLUMNS, space()), integers, floats(ROWS, once())}, new Operand[] {output(ROWS * COLUMNS, space()), output(ROWS, once())}, 0);
  }

  /** What is made of a row, and an input, are added up over the rows too; an input is the same for all rows. */
  @Test
  void sums() {
    Expr centred = Expr.call(Fn.SUB, Expr.arg(0), Expr.call(Fn.ROW_SUM, Expr.arg(0)));
    Expr scaled = Expr.call(Fn.MUL, centred, Expr.arg(1));
    Layout shared = new Layout(new int[] {ROWS, COLUMNS}, new int[] {0, 1}, 0);
    Operand[] out = {output(ROWS * COLUMNS, space()), output(COLUMNS, shared), output(COLUMNS, shared)};
    check(Program.of(List.of(scaled, Expr.arg(0), Expr.call(Fn.MUL, centred, centred)), DType.FLOAT32, DType.FLOAT32), 0, 0,
        new Operand[] {floats(ROWS * COLUMNS, space()), floats(COLUMNS, shared)}, out, 2);
  }

  private void check(Program program, long given, long stored, Operand[] in, Operand[] out, int sums) {
    try (var one = new Pool(1);
        var three = new Pool(3)) {
      int[][] first = run(one, program, in, out, sums);
      long start = System.nanoTime();
      while (Recipe.of(program, given, stored).plan(COLUMNS, ROWS * COLUMNS).rows().isEmpty()) {
        assertThat(run(one, program, in, out, sums)).isEqualTo(first);
        assertThat(System.nanoTime() - start).as("nanoseconds until the generated code serves").isLessThan(PATIENCE_NANOS);
      }
      assertThat(run(one, program, in, out, sums)).isEqualTo(first);
      assertThat(run(three, program, in, out, sums)).isEqualTo(first);
    }
  }

  private int[][] run(Pool pool, Program program, Operand[] in, Operand[] out, int sums) {
    for (Operand o : out) {
      Arrays.fill((float[]) HeapBuffer.data(o), Float.NaN);
    }
    Pointwise.rows(heap, pool, program, 1, in, out, sums);
    int[][] bits = new int[out.length][];
    for (int j = 0; j < out.length; j++) {
      float[] y = (float[]) HeapBuffer.data(out[j]);
      bits[j] = new int[y.length];
      for (int i = 0; i < y.length; i++) {
        bits[j][i] = Float.floatToRawIntBits(y[i]);
      }
    }
    return bits;
  }

  private static Layout space() {
    return Layout.dense(ROWS, COLUMNS);
  }

  private static Layout once() {
    return new Layout(new int[] {ROWS, COLUMNS}, new int[] {1, 0}, 0);
  }

  private Operand floats(int n, Layout layout) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) random.nextDouble(-2, 2);
    }
    return new Operand(heap.share(DType.FLOAT32, x), layout);
  }

  private Operand output(int n, Layout layout) {
    return new Operand(heap.share(DType.FLOAT32, new float[n]), layout);
  }
}
