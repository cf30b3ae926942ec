package org.cotangent.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cotangent.DType;
import org.cotangent.errors.ArgumentException;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PointwiseTest {
  private static final Samples s = Samples.seeded("PointwiseTest");

  @ParameterizedTest
  @EnumSource(value = Fn.class, mode = EnumSource.Mode.EXCLUDE, names = {"ARG", "CONST", "OUT", "CAST", "ROW_SUM", "ROW_MAX", "ROW_MIN"})
  void everyFunctionForEveryType(Fn fn) {
    for (DType type : Samples.TYPES) {
      if (!defined(fn, type)) {
        continue;
      }
      Expr[] x = new Expr[fn.arity()];
      Arrays.setAll(x, Expr::arg);
      List<DType> types = new ArrayList<>(List.of(type, type, type).subList(0, fn.arity()));
      if (fn == Fn.WHERE) {
        types.set(0, DType.BOOL);
      }
      Program p = Program.of(List.of(Expr.call(fn, x)), types);
      for (int round = 0; round < 3; round++) {
        int[] dims = round == 0 ? new int[] {1500} : s.dims(4, true);
        run(p, dims, divides(fn) && !type.floating());
      }
    }
  }

  /** The functions of real numbers do not take integers. */
  private static boolean defined(Fn fn, DType type) {
    boolean bitwise = fn == Fn.AND || fn == Fn.OR || fn == Fn.XOR || fn == Fn.NOT;
    return fn == Fn.GCD ? type.integer() : type.floating() ? !bitwise : !fn.floatOnly();
  }

  private static boolean divides(Fn fn) {
    return fn == Fn.DIV || fn == Fn.FMOD || fn == Fn.REMAINDER;
  }

  @Test
  void everyCast() {
    for (DType from : Samples.TYPES) {
      for (DType to : Samples.TYPES) {
        Program p = Program.of(List.of(Expr.cast(to, Expr.arg(0))), List.of(from));
        run(p, new int[] {1300}, false);
        run(p, s.dims(4, true), false);
      }
    }
  }

  @Test
  void constantsOnEitherSide() {
    Fn[] fns = {Fn.ADD, Fn.SUB, Fn.MUL, Fn.DIV, Fn.MAX, Fn.MIN, Fn.GT, Fn.FMOD, Fn.POW};
    for (Fn fn : fns) {
      for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.FLOAT16, DType.BFLOAT16, DType.INT16}) {
        Expr c = Expr.constant(type.floating() ? 0.3 : 3);
        Expr x = Expr.arg(0);
        run(Program.of(List.of(Expr.call(fn, x, c)), List.of(type)), s.dims(3, true), false);
        run(Program.of(List.of(Expr.call(fn, c, x)), List.of(type)), s.dims(3, true), !type.floating());
      }
    }
  }

  @Test
  void randomPrograms() {
    for (int round = 0; round < 250; round++) {
      int inputs = 1 + s.below(4);
      List<DType> types = IntStream.range(0, inputs).mapToObj(i -> Samples.TYPES[s.below(Samples.TYPES.length)]).toList();
      var parts = new ArrayList<Expr>();
      for (int i = 0; i < inputs; i++) {
        parts.add(Expr.arg(i));
      }
      parts.add(Expr.constant(s.below(5) - 2));
      for (int i = 3 + s.below(20); i > 0; i--) {
        parts.add(part(parts));
      }
      List<Expr> outs = IntStream.range(0, 1 + s.below(3)).mapToObj(i -> parts.get(parts.size() - 1 - s.below(Math.min(6, parts.size())))).toList();
      Program p = Program.of(outs, types);
      // the type of a function of constants alone is that of what it is combined with, which may be an integer
      if (p.steps().stream().noneMatch(t -> t.fn() == Fn.SQRT && !t.type().floating())) {
        run(p, s.dims(5, true), false);
      }
    }
  }

  private Expr part(List<Expr> parts) {
    Fn[] two = {Fn.ADD, Fn.SUB, Fn.MUL, Fn.MAX, Fn.MIN};
    Fn[] one = {Fn.NEG, Fn.ABS, Fn.SIGN, Fn.FLOOR, Fn.SQRT, Fn.ROUND};
    Fn[] compare = {Fn.GT, Fn.GE, Fn.EQ, Fn.NE};
    Expr x = parts.get(s.below(parts.size()));
    Expr y = parts.get(s.below(parts.size()));
    return switch (s.below(6)) {
      case 0, 1, 2 -> Expr.call(two[s.below(two.length)], x, y);
      case 3 -> Expr.call(one[s.below(one.length)], x);
      case 4 -> Expr.cast(Samples.TYPES[s.below(Samples.TYPES.length)], x);
      default -> Expr.where(Expr.call(compare[s.below(compare.length)], x, y), y, parts.get(s.below(parts.size())));
    };
  }

  @Test
  void longRowsInPieces() {
    Expr f = Expr.call(Fn.ADD, Expr.call(Fn.MUL, Expr.arg(0), Expr.arg(1)), Expr.arg(2));
    Program p = Program.of(List.of(f, Expr.call(Fn.GT, f, Expr.ZERO)), List.of(DType.FLOAT32, DType.FLOAT32, DType.FLOAT32));
    int[] dims = {150, 700};
    Operand row = s.filled(DType.FLOAT32, new Layout(dims, new int[] {0, 1}, 0));
    Operand column = s.filled(DType.FLOAT32, new Layout(dims, new int[] {1, 0}, 0));
    Operand turned = s.filled(DType.FLOAT32, Layout.dense(700, 150).permute(1, 0));
    check(p, new Operand[] {row, column, turned}, outputs(p, dims));
    int[] many = {30_000, 5};
    check(p, new Operand[] {s.filled(DType.FLOAT32, Layout.dense(many)), s.filled(DType.FLOAT32, new Layout(many, new int[] {0, 1}, 0)),
        s.filled(DType.FLOAT32, new Layout(many, new int[] {1, 0}, 0))}, outputs(p, many));
  }

  @Test
  void integerDivisionByZeroIsRefused() {
    for (DType type : new DType[] {DType.BOOL, DType.UINT8, DType.INT64}) {
      Program p = Program.of(List.of(Expr.call(Fn.DIV, Expr.arg(0), Expr.arg(1))), List.of(type, type));
      Operand x = s.filled(type, Layout.dense(40_000));
      Operand y = s.filled(type, Layout.dense(40_000));
      Samples.put(y, 17, 0);
      assertThatThrownBy(() -> s.backend.pointwise(p, new Operand[] {x, y}, outputs(p, new int[] {40_000})))
          .isInstanceOf(ArgumentException.class).hasMessage("div: integer division by zero");
    }
  }

  @Test
  void integerPowers() {
    long[] x = {2, -3, 1, -1, -1, 0, 7, 5};
    long[] y = {10, 3, -5, -5, -4, 0, -1, 0};
    long[] z = new long[8];
    LongLoops.pow(x, 0, y, 0, z, 0, 8);
    assertThat(z).containsExactly(1024, -27, 1, -1, 1, 1, 0, 1);
  }

  private void run(Program p, int[] dims, boolean divides) {
    Operand[] in = p.args().stream().map(t -> s.input(t, dims)).toArray(Operand[]::new);
    if (divides) {
      Operand y = in[in.length - 1];
      for (int i = 0; i < Samples.needs(y.layout()); i++) {
        Samples.put(y, i, y.dtype() == DType.BOOL ? 1 : 1 + s.below(100) * (s.chance(0.5) ? 1 : -1) * 2);
      }
    }
    check(p, in, outputs(p, dims));
  }

  private Operand[] outputs(Program p, int[] dims) {
    return p.types().stream().map(t -> s.output(t, dims)).toArray(Operand[]::new);
  }

  private void check(Program p, Operand[] in, Operand[] out) {
    s.backend.pointwise(p, in, out);
    var naive = new Naive(p);
    double[] r = new double[in.length];
    long[] w = new long[in.length];
    boolean expensive = p.steps().stream().anyMatch(t -> t.fn().expensive());
    Samples.each(out[0].layout().dims(), i -> {
      for (int k = 0; k < in.length; k++) {
        if (in[k].dtype().floating()) {
          r[k] = Samples.real(in[k], i);
        } else {
          w[k] = Samples.whole(in[k], i);
        }
      }
      naive.evaluate(r, w);
      for (int j = 0; j < out.length; j++) {
        compare(p, expensive, out[j], i, naive.real[p.outputs()[j]], naive.whole[p.outputs()[j]], in);
      }
    });
  }

  /** Relative: some units of the last place of float32; for a half type those may move the result to the next number. */
  private static double tolerance(DType type) {
    return type == DType.FLOAT64 ? 1e-13 : type.half() ? 4e-6 + type.epsilon() : 4e-6;
  }

  private static void compare(Program p, boolean expensive, Operand out, int[] i, double real, long whole, Operand[] in) {
    try {
      if (!out.dtype().floating()) {
        Samples.same(Samples.whole(out, i), whole, in);
      } else if (!expensive || !(Math.abs(Samples.real(out, i) / real - 1) < tolerance(out.dtype()))) {
        Samples.same(Samples.real(out, i), real, in);
      }
    } catch (AssertionError e) {
      throw new AssertionError(p.steps() + " at " + Arrays.toString(i) + " to " + Samples.text(out) + ": " + e.getMessage(), e);
    }
  }
}
