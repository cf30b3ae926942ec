package org.cotangent.cuda.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cotangent.DType;
import org.cotangent.cuda.driver.OnDevice;
import org.cotangent.cuda.kernel.Twins.Twin;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Reduction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnDevice.class)
class ReduceTest {
  private static final Twins s = Twins.seeded("ReduceTest");

  @Test
  void reducesAnyAxesOfAnyLayout() {
    for (int round = 0; round < 200; round++) {
      DType type = s.someType(false);
      int[] dims = s.dims(5, true);
      int[] axes = IntStream.range(0, dims.length).filter(i -> s.chance(0.5)).toArray();
      Reduction kind = Reduction.values()[s.below(4)];
      if (kind.needsElements() && IntStream.of(dims).anyMatch(d -> d == 0)) {
        continue;
      }
      DType out = type.floating() || kind.needsElements() || s.chance(0.5) ? type : DType.INT64;
      boolean adds = type.floating() && !kind.needsElements();
      check(s.launcher(), kind, adds ? s.between(type, s.layout(dims, true), -2, 2) : s.input(type, dims), axes, out);
    }
  }

  @Test
  void shapesThatHaveTheirOwnPath() {
    for (DType type : List.of(DType.FLOAT32, DType.INT32)) {
      for (int[] d : new int[][] {{20_000}, {2600, 3}, {3, 2600}, {30, 100}, {3, 40, 20}, {70_000}, {9000, 5}}) {
        for (int axis = 0; axis < d.length; axis++) {
          check(s.launchers[0], Reduction.SUM, s.between(type, Layout.dense(d), -3, 4), new int[] {axis}, type);
          check(s.launchers[1], Reduction.MAX, s.filled(type, Layout.dense(d)), new int[] {axis}, type);
        }
        check(s.launchers[3], Reduction.SUM, s.between(type, Layout.dense(d), -3, 4), IntStream.range(0, d.length).toArray(), type);
      }
    }
  }

  @Test
  void theSameBitsEveryTime() {
    Twin x = s.between(DType.FLOAT32, Layout.dense(3, 5000), -1, 1);
    float[] first = sums(s.launchers[0], x);
    assertThat(sums(s.launchers[0], x)).isEqualTo(first);
    assertThat(sums(s.launchers[1], x)).isEqualTo(first);
  }

  private static float[] sums(Launcher on, Twin x) {
    Twin y = s.zeros(DType.FLOAT32, 3);
    Reduce.run(on, Reduction.SUM, x.gpu(), new int[] {1}, y.gpu());
    float[] r = new float[3];
    HostMatrices.download(on, y.gpu(), r);
    return r;
  }

  @Test
  void ofWhatAProgramGives() {
    Program p = Program.of(List.of(Expr.call(Fn.MUL, Expr.call(Fn.SUB, Expr.arg(0), Expr.arg(1)), Expr.constant(0.5))), List.of(DType.FLOAT32, DType.FLOAT32));
    for (int round = 0; round < 20; round++) {
      int[] dims = s.dims(4, false);
      int[] axes = IntStream.range(0, dims.length).filter(i -> s.chance(0.5)).toArray();
      Twin x = s.between(DType.FLOAT32, s.layout(dims, true), -2, 2);
      Twin y = s.between(DType.FLOAT32, s.layout(dims, true), -2, 2);
      Twin between = s.zeros(DType.FLOAT32, dims);
      Twin out = s.output(DType.FLOAT32, kept(dims, axes));
      s.cpu.pointwise(p, Twins.cpu(x, y), Twins.cpu(between));
      s.cpu.reduce(Reduction.SUM, between.cpu(), axes, out.cpu());
      Reduce.run(s.launcher(), Reduction.SUM, p, Twins.gpu(x, y), axes, out.gpu());
      s.near(out, 1e-5, 1e-5, x, y, Arrays.toString(axes));
    }
  }

  private static int[] kept(int[] dims, int[] axes) {
    return IntStream.range(0, dims.length).filter(i -> Arrays.stream(axes).noneMatch(a -> a == i)).map(i -> dims[i]).toArray();
  }

  private static void check(Launcher on, Reduction kind, Twin in, int[] axes, DType type) {
    Twin out = s.output(type, kept(in.dims(), axes));
    s.cpu.reduce(kind, in.cpu(), axes, out.cpu());
    Reduce.run(on, kind, in.gpu(), axes, out.gpu());
    boolean exact = kind.needsElements() || !type.floating();
    double eps = type == DType.FLOAT64 ? 1e-12 : 2e-5;
    s.near(out, exact ? 0 : eps, exact ? 0 : eps * 30, kind, in, Arrays.toString(axes), on);
  }
}
