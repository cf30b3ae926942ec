package org.cotangent.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.cotangent.DType;
import org.cotangent.Shape;
import org.cotangent.cpu.Pool;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program;
import org.cotangent.spi.Distribution;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;
import org.cotangent.spi.Reduction;
import org.junit.jupiter.api.Test;

/** Every kernel gives the same bits with one thread and with several. */
class ThreadsTest {
  private final Pool three = new Pool(3);
  private final Samples one = new Samples(42, new Pool(1));
  private final Samples many = new Samples(42, three);

  private void same(BiConsumer<Samples, Operand[]> kernel, Operand... operands) {
    Operand[] copies = Arrays.stream(operands).map(o -> one.copyTo(many, o)).toArray(Operand[]::new);
    kernel.accept(one, operands);
    for (int round = 0; round < 2; round++) {
      kernel.accept(many, copies);
      for (int k = 0; k < operands.length; k++) {
        assertThat(Objects.deepEquals(Samples.storage(copies[k]), Samples.storage(operands[k]))).as("operand " + k).isTrue();
      }
    }
  }

  private Operand dense(DType type, int... dims) {
    return one.filled(type, Layout.dense(dims));
  }

  @Test
  void pointwise() {
    Expr f = Expr.call(Fn.ADD, Expr.call(Fn.TANH, Expr.arg(0)), Expr.call(Fn.MUL, Expr.arg(1), Expr.constant(3)));
    Program p = Program.of(List.of(f, Expr.call(Fn.GT, f, Expr.ZERO)), List.of(DType.FLOAT32, DType.FLOAT32));
    for (int[] d : new int[][] {{200_001}, {3000, 33}, {33, 3000}}) {
      same((s, o) -> s.backend.pointwise(p, new Operand[] {o[0], o[1]}, new Operand[] {o[2], o[3]}), dense(DType.FLOAT32, d),
          one.filled(DType.FLOAT32, Layout.constant(Shape.of(d))), dense(DType.FLOAT32, d), dense(DType.BOOL, d));
    }
  }

  @Test
  void reductions() {
    int[][] shapes = {{200_003}, {7, 30_003}, {30_003, 7}, {400, 600}, {30, 50, 90}, {100, 1030}};
    for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.INT32}) {
      for (int[] d : shapes) {
        for (int axis = 0; axis < d.length; axis++) {
          int[] axes = {axis};
          Operand in = dense(type, d);
          Operand out = one.filled(type, Axes.without(Layout.dense(d), axis));
          Operand dense = one.filled(type, Layout.dense(out.layout().dims()));
          for (Reduction kind : new Reduction[] {Reduction.SUM, Reduction.MAX}) {
            same((s, o) -> s.backend.reduce(kind, o[0], axes, o[1]), in, dense);
          }
        }
      }
    }
  }

  @Test
  void theRest() {
    int[] d = {600, 300};
    Operand x = dense(DType.FLOAT32, d);
    same((s, o) -> s.backend.copy(o[0], o[1]), x, one.filled(DType.FLOAT32, Layout.dense(300, 600).permute(1, 0)));
    same((s, o) -> s.backend.argReduce(true, false, o[0], 1, o[1], o[2]), x, dense(DType.FLOAT32, 600), dense(DType.INT64, 600));
    same((s, o) -> s.backend.scan(Reduction.SUM, o[0], 0, true, o[1]), x, dense(DType.FLOAT32, d));
    same((s, o) -> s.backend.scan(Reduction.SUM, o[0], 1, false, o[1]), x, dense(DType.FLOAT32, d));
    same((s, o) -> s.backend.sort(o[0], 1, false, o[1], o[2]), x, dense(DType.FLOAT32, d), dense(DType.INT64, d));
    Operand index = one.indices(d, 40);
    same((s, o) -> s.backend.gather("gather", o[0], o[1], 0, o[2]), x, index, dense(DType.FLOAT32, d));
    same((s, o) -> {
      Fill.run(o[2], 0);
      s.backend.scatterAdd("scatterAdd", o[0], o[1], 0, o[2]);
    }, x, index, dense(DType.FLOAT32, 40, 300));
    same((s, o) -> {
      Fill.run(o[1], 0);
      s.backend.overlapAdd(o[0], 1, 2, 1, o[1]);
    }, dense(DType.FLOAT32, 100, 300, 5), dense(DType.FLOAT32, 100, 603));
    same((s, o) -> s.backend.random(Distribution.NORMAL, 7, 3, 0, 0, o[0]), dense(DType.FLOAT32, 50_001));
    same((s, o) -> s.backend.random(Distribution.INTEGER, 7, 3, -5, 5, o[0]), dense(DType.INT8, 50_001));
  }
}
