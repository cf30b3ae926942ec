package org.cotangent.cuda.kernel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cotangent.DType;
import org.cotangent.cuda.driver.OnDevice;
import org.cotangent.cuda.kernel.Twins.Twin;
import org.cotangent.errors.ArgumentException;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(OnDevice.class)
class PointwiseTest {
  private static final Twins s = Twins.seeded("PointwiseTest");

  @ParameterizedTest
  @EnumSource(value = Fn.class, mode = EnumSource.Mode.EXCLUDE, names = {"ARG", "CONST", "OUT", "CAST", "SLOPE_OF", "ROW_SUM", "ROW_MAX", "ROW_MIN"})
  void everyFunctionForEveryType(Fn fn) {
    for (DType type : Twins.TYPES) {
      boolean bitwise = fn == Fn.AND || fn == Fn.OR || fn == Fn.XOR || fn == Fn.NOT || fn == Fn.GCD;
      if (type.floating() ? bitwise : fn.floatOnly() || fn == Fn.GCD && type == DType.BOOL) {
        continue;
      }
      Expr[] x = new Expr[fn.arity()];
      Arrays.setAll(x, Expr::arg);
      List<DType> types = new ArrayList<>(List.of(type, type, type).subList(0, fn.arity()));
      if (fn == Fn.WHERE) {
        types.set(0, DType.BOOL);
      }
      Program p = Program.of(List.of(Expr.call(fn, x)), types);
      // polygamma of negative numbers is a difference, which the two devices round differently; it has a test of its own
      boolean positive = fn == Fn.POLYGAMMA || !type.floating() && (fn == Fn.DIV || fn == Fn.FMOD || fn == Fn.REMAINDER);
      run(s.launchers[0], p, s.dims(4, true), positive);
      run(s.launchers[3], p, new int[] {300}, positive);
    }
  }

  @Test
  void polygammaOfNegativeAndSpecialNumbers() {
    double[] x = {-1e-30, -1e-8, -1e-3, -0.2, -0.75, -0.9999, -1.25, -1.0000001, -2.7, -17.3, -300.7, 1e-30, 0.0, -0.0, -1, -2, -1e30, 1e30, Double.NaN,
        Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
      Object orders = Twins.array(type, 12 * x.length);
      Object numbers = Twins.array(type, 12 * x.length);
      for (int i = 0; i < 12 * x.length; i++) {
        Twins.put(orders, i, type, new double[] {0, 1, 2, 3, 4, 5, 8, 2.5, 170, 171, -1, Double.NaN}[i % 12]);
        Twins.put(numbers, i, type, x[i / 12]);
      }
      Layout l = Layout.dense(12 * x.length);
      Program p = Program.of(List.of(Expr.call(Fn.POLYGAMMA, Expr.arg(0), Expr.arg(1))), List.of(type, type));
      check(s.launchers[0], p, new Twin[] {s.of(type, orders, l), s.of(type, numbers, l)}, new Twin[] {s.filled(type, l)});
    }
  }

  @Test
  void everyCast() {
    for (DType from : Twins.TYPES) {
      for (DType to : Twins.TYPES) {
        Program p = Program.of(List.of(Expr.cast(to, Expr.arg(0))), List.of(from));
        run(s.launchers[2], p, new int[] {261}, false);
        run(s.launchers[0], p, s.dims(4, true), false);
      }
    }
  }

  @Test
  void randomPrograms() {
    for (int round = 0; round < 120; round++) {
      int inputs = 1 + s.below(4);
      List<DType> types = IntStream.range(0, inputs).mapToObj(i -> s.someType(true)).toList();
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
      if (p.steps().stream().noneMatch(t -> t.fn() == Fn.SQRT && !t.type().floating())) {
        run(s.launcher(), p, s.dims(5, true), false);
      }
    }
  }

  private static Expr part(List<Expr> parts) {
    Fn[] two = {Fn.ADD, Fn.SUB, Fn.MUL, Fn.MAX, Fn.MIN};
    Fn[] one = {Fn.NEG, Fn.ABS, Fn.SIGN, Fn.FLOOR, Fn.SQRT, Fn.ROUND};
    Fn[] compare = {Fn.GT, Fn.GE, Fn.EQ, Fn.NE};
    Expr x = parts.get(s.below(parts.size()));
    Expr y = parts.get(s.below(parts.size()));
    return switch (s.below(6)) {
      case 0, 1, 2 -> Expr.call(two[s.below(two.length)], x, y);
      case 3 -> Expr.call(one[s.below(one.length)], x);
      case 4 -> Expr.cast(Twins.TYPES[s.below(Twins.TYPES.length)], x);
      default -> Expr.where(Expr.call(compare[s.below(compare.length)], x, y), y, parts.get(s.below(parts.size())));
    };
  }

  @Test
  void alignedAndMisalignedPacks() {
    Program p = Program.of(List.of(Expr.call(Fn.MUL, Expr.arg(0), Expr.arg(1)), Expr.call(Fn.GT, Expr.arg(0), Expr.arg(2))),
        List.of(DType.FLOAT32, DType.FLOAT32, DType.FLOAT32));
    for (int n : new int[] {1, 3, 4, 5, 1027}) {
      for (int offset : new int[] {0, 1, 4}) {
        int[] dims = {n};
        Twin[] in = {s.filled(DType.FLOAT32, new Layout(dims, new int[] {1}, offset)), s.filled(DType.FLOAT32, new Layout(dims, new int[] {0}, 3)),
            s.filled(DType.FLOAT32, Layout.dense(dims))};
        check(s.launchers[2], p, in, new Twin[] {s.filled(DType.FLOAT32, Layout.dense(dims)), s.filled(DType.BOOL, new Layout(dims, new int[] {1}, offset))});
      }
    }
  }

  @Test
  void moreOperandsThanOneLaunchTakes() {
    int n = 120;
    List<Expr> outs = IntStream.range(0, n).mapToObj(i -> Expr.call(Fn.ADD, Expr.arg(i), Expr.constant(i))).toList();
    List<DType> types = IntStream.range(0, n).mapToObj(i -> DType.FLOAT32).toList();
    run(s.launchers[0], Program.of(outs, types), new int[] {3, 5}, false);
  }

  @Test
  void positionsOfMoreThan32Bits() {
    Program p = Program.of(List.of(Expr.call(Fn.ADD, Expr.arg(0), Expr.arg(1))), List.of(DType.FLOAT32, DType.INT32));
    int[] dims = {7, 5, 3};
    Twin[] in = {s.input(DType.FLOAT32, dims), s.input(DType.INT32, dims)};
    Twin out = s.output(DType.FLOAT32, dims);
    s.cpu.pointwise(p, Twins.cpu(in), Twins.cpu(out));
    Operand[] all = {in[0].gpu(), in[1].gpu(), out.gpu()};
    Pointwise.runStrided(s.launchers[0], p, Space.of(all), all, 2, true);
    s.same(out, in[0], in[1]);
  }

  @Test
  void integerDivisionByZeroIsRaisedWhereTheHostWaits() {
    for (DType type : new DType[] {DType.BOOL, DType.UINT8, DType.INT64}) {
      for (Fn fn : new Fn[] {Fn.DIV, Fn.FMOD, Fn.REMAINDER}) {
        Program p = Program.of(List.of(Expr.call(fn, Expr.arg(0), Expr.arg(1))), List.of(type, type));
        Twin x = s.between(type, Layout.dense(400), 1, 2);
        Twin y = s.zeros(type, 400);
        Pointwise.run(s.launchers[0], p, Twins.gpu(x, y), Twins.gpu(s.zeros(type, 400)));
        assertThatThrownBy(() -> s.device.synchronize()).isInstanceOf(ArgumentException.class)
            .hasMessage(fn.name().toLowerCase(java.util.Locale.ROOT) + ": integer division by zero");
        s.device.synchronize();
      }
    }
  }

  /** @param positive whether the last input is 1 or more */
  private static void run(Launcher on, Program p, int[] dims, boolean positive) {
    Twin[] in = p.args().stream().map(t -> s.input(t, dims)).toArray(Twin[]::new);
    if (positive) {
      Twin y = in[in.length - 1];
      in[in.length - 1] = s.between(y.type(), y.cpu().layout(), 1, y.type() == DType.BOOL ? 2 : 100);
    }
    check(on, p, in, p.types().stream().map(t -> s.output(t, dims)).toArray(Twin[]::new));
  }

  private static void check(Launcher on, Program p, Twin[] in, Twin[] out) {
    s.cpu.pointwise(p, Twins.cpu(in), Twins.cpu(out));
    Pointwise.run(on, p, Twins.gpu(in), Twins.gpu(out));
    boolean expensive = p.steps().stream().anyMatch(t -> t.fn().expensive());
    for (Twin y : out) {
      double tolerance = !expensive ? 0 : switch (y.type()) {
        case FLOAT64 -> 1e-13;
        case FLOAT32 -> 2e-6;
        default -> y.type().floating() ? y.type().epsilon() : 0;
      };
      s.near(y, tolerance, expensive ? y.type() == DType.FLOAT64 ? 1e-14 : 1e-6 : 0, p.steps(), Arrays.toString(in));
    }
  }
}
