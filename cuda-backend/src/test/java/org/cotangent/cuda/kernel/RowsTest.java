package org.cotangent.cuda.kernel;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cotangent.DType;
import org.cotangent.cuda.driver.OnDevice;
import org.cotangent.cuda.kernel.Twins.Twin;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program;
import org.cotangent.spi.Layout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Programs that walk rows, in every kind of layout, against the CPU. */
@ExtendWith(OnDevice.class)
class RowsTest {
  private static final Twins s = Twins.seeded("RowsTest");
  private static final Expr X = Expr.arg(0);
  private static final Expr Y = Expr.arg(1);

  private static Expr softmax() {
    Expr e = Expr.call(Fn.EXP, Expr.call(Fn.SUB, X, Expr.call(Fn.ROW_MAX, X)));
    return Expr.call(Fn.DIV, e, Expr.call(Fn.ROW_SUM, e));
  }

  /** Three levels of folds, of two inputs. */
  private static Expr nested() {
    Expr sum = Expr.call(Fn.ROW_SUM, Expr.call(Fn.MUL, X, Y));
    Expr least = Expr.call(Fn.ROW_MIN, Expr.call(Fn.ADD, Y, sum));
    return Expr.call(Fn.ADD, Expr.call(Fn.ROW_SUM, Expr.call(Fn.MUL, X, least)), Expr.call(Fn.MUL, Y, sum));
  }

  /**
   * @param special whether any numbers are among the inputs; otherwise all are positive, so that sums lose nothing
   * @param once by output, whether it has one element for each row
   */
  private static void run(Program p, boolean special, boolean... once) {
    int lead = 1 + s.below(3);
    int axes = 1 + s.below(2);
    int[] dims = IntStream.range(0, lead + axes).map(i -> 1 + s.below(4)).toArray();
    dims[s.below(lead)] = 1 + s.below(40);
    dims[lead + s.below(axes)] = 2 + s.below(s.chance(0.3) ? 1500 : 70);
    Twin[] in = p.args().stream().map(t -> special ? s.input(t, dims) : s.between(t, s.layout(dims, true), 0.5, 2)).toArray(Twin[]::new);
    Twin[] out = IntStream.range(0, once.length).mapToObj(j -> once[j] ? folded(p.types().get(j), dims, lead) : s.filled(p.types().get(j), Layout.dense(dims)))
        .toArray(Twin[]::new);
    s.cpu.rows(p, axes, Twins.cpu(in), Twins.cpu(out));
    Rows.run(s.launcher(), p, axes, Twins.gpu(in), Twins.gpu(out));
    for (Twin t : out) {
      double tolerance = t.type() == DType.FLOAT64 ? 1e-12 : 1e-5;
      s.near(t, tolerance, tolerance, p.steps(), Arrays.toString(in), axes);
    }
  }

  /** An output with one element for each row. */
  private static Twin folded(DType type, int[] dims, int lead) {
    Layout rows = Layout.dense(Arrays.copyOf(dims, lead));
    return s.filled(type, new Layout(dims, Arrays.copyOf(rows.strides(), dims.length), 0));
  }

  private static Stream<DType> types() {
    return Stream.of(DType.FLOAT32, DType.FLOAT64);
  }

  @Test
  void resultsForElementsAndForRows() {
    types().forEach(t -> {
      Program one = Program.of(List.of(softmax()), List.of(t));
      Program two = Program.of(List.of(nested()), List.of(t, t));
      Program both = Program.of(List.of(Expr.call(Fn.ROW_SUM, X), softmax(), Expr.call(Fn.ROW_MAX, Expr.call(Fn.MUL, X, Y))), List.of(t, t));
      for (int round = 0; round < 25; round++) {
        run(one, false, false);
        run(two, false, false);
        run(both, false, true, false, true);
      }
    });
  }

  @Test
  void extremesOfSpecialNumbers() {
    types().forEach(t -> {
      Program p = Program.of(List.of(Expr.call(Fn.ROW_MAX, X), Expr.call(Fn.ROW_MIN, X)), List.of(t));
      for (int round = 0; round < 25; round++) {
        run(p, true, true, true);
      }
    });
  }

  @Test
  void moreOperandsThanOneLaunchTakes() {
    List<Expr> outs = IntStream.range(0, 90).mapToObj(i -> Expr.call(Fn.SUB, Expr.arg(i), Expr.call(Fn.ROW_SUM, Expr.arg(i)))).toList();
    Program p = Program.of(outs, IntStream.range(0, 90).mapToObj(i -> DType.FLOAT32).toList());
    run(p, false, new boolean[90]);
  }
}
