package org.cotangent.conventions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cotangent.conventions.Points.slope;
import static org.cotangent.conventions.Points.value;

import java.util.Arrays;
import java.util.function.Function;
import org.cotangent.Autograd;
import org.cotangent.Tensor;
import org.cotangent.TensorReduce.Indexed;
import org.cotangent.TensorScatter.Combination;
import org.cotangent.ops.AdaptivePooling;
import org.cotangent.ops.BagOptions;
import org.cotangent.ops.Bags;
import org.cotangent.ops.PoolOptions;
import org.cotangent.ops.Pooling;
import org.cotangent.ops.Segments;
import org.junit.jupiter.api.Test;

/** Which of equal, infinite or undefined elements is the extreme, and what of the gradient each gets: as PyTorch 1.13 has it. */
class ExtremesTest {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  /** Places and slopes by windows along the last of one, two or three axes, the others of size 1. */
  private static void pool(int kernel, int stride, int padding, double[] x, long[] places, double[] slopes) {
    for (int n = 1; n <= 3; n++) {
      int[] k = last(n, kernel, 1);
      PoolOptions o = PoolOptions.of(k).stride(last(n, stride, 1)).padding(last(n, padding, 0));
      int axes = n;
      windows(n, x, places, slopes, t -> axes == 1 ? Pooling.maxPool1dWithIndices(t, o)
          : axes == 2 ? Pooling.maxPool2dWithIndices(t, o) : Pooling.maxPool3dWithIndices(t, o));
      assertThat(slope(v -> {
        Tensor t = v.reshape(shape(axes, x.length));
        return axes == 1 ? Pooling.maxPool1d(t, o) : axes == 2 ? Pooling.maxPool2d(t, o) : Pooling.maxPool3d(t, o);
      }, x)).as("%s axes, without places", n).containsExactly(slopes);
    }
  }

  private static void adaptive(int out, double[] x, long[] places, double[] slopes) {
    for (int n = 1; n <= 3; n++) {
      int[] sizes = last(n, out, 1);
      windows(n, x, places, slopes, t -> AdaptivePooling.maxPoolWithIndices(t, sizes));
    }
  }

  private static void windows(int n, double[] x, long[] places, double[] slopes, Function<Tensor, Indexed> f) {
    assertThat(f.apply(Tensor.of(x).reshape(shape(n, x.length))).indices().reshape(-1).toLongArray()).as("%s axes", n).containsExactly(places);
    assertThat(slope(v -> f.apply(v.reshape(shape(n, x.length))).values(), x)).as("%s axes", n).containsExactly(slopes);
  }

  private static int[] last(int n, int value, int others) {
    int[] r = new int[n];
    Arrays.fill(r, others);
    r[n - 1] = value;
    return r;
  }

  private static int[] shape(int n, int size) {
    return last(n + 2, size, 1);
  }

  private static double[] of(double... x) {
    return x;
  }

  private static long[] at(long... i) {
    return i;
  }

  @Test
  void paddingIsNeverTheLargest() {
    double[] least = of(-INF, -INF, -INF, -INF);
    pool(3, 2, 1, least, at(0, 1), of(1, 1, 0, 0));
    pool(2, 1, 1, least, at(0, 0, 1, 2, 3), of(2, 1, 1, 1));
    pool(2, 1, 1, of(-INF, -INF, 1, -INF, -INF, -INF), at(0, 0, 2, 2, 3, 4, 5), of(2, 0, 2, 1, 1, 1));
    adaptive(3, least, at(0, 1, 2), of(1, 1, 1, 0));
  }

  @Test
  void rowsOfPaddingAreNeverTheLargest() {
    Tensor x = Tensor.of(new double[] {-INF, -INF, -INF, -INF}, 1, 1, 2, 2);
    Indexed y = Pooling.maxPool2dWithIndices(x, PoolOptions.of(3, 3).stride(1, 1).padding(1, 1));
    assertThat(y.indices().toLongArray()).containsExactly(0, 0, 0, 0);
    Indexed far = Pooling.maxPool2dWithIndices(x, PoolOptions.of(2, 2).stride(1, 1).padding(1, 1));
    assertThat(far.indices().toLongArray()).containsExactly(0, 0, 1, 0, 0, 1, 2, 2, 3);
  }

  @Test
  void poolsTakeTheLastNan() {
    pool(2, 2, 0, of(NAN, 1, NAN, 2), at(0, 2), of(1, 0, 1, 0));
    pool(2, 2, 0, of(NAN, NAN, NAN, NAN), at(1, 3), of(0, 1, 0, 1));
    pool(2, 1, 1, of(1, NAN, NAN, NAN), at(0, 1, 2, 3, 3), of(1, 1, 1, 2));
    pool(3, 2, 1, of(-INF, NAN, -INF, -INF), at(1, 1), of(0, 2, 0, 0));
    adaptive(1, of(NAN, 1, NAN, 2), at(2), of(0, 0, 1, 0));
    adaptive(3, of(1, NAN, NAN, NAN), at(1, 2, 3), of(0, 1, 1, 1));
    Tensor square = Tensor.of(new double[] {NAN, NAN, 3, NAN, 1, 2, 4, 5, 6}, 1, 1, 3, 3);
    assertThat(Pooling.maxPool2dWithIndices(square, PoolOptions.of(3, 3)).indices().item()).isEqualTo(3);
  }

  @Test
  void maximumAlongAnAxisTakesTheFirstNan() {
    Tensor x = Tensor.of(1, NAN, NAN, 2.0);
    assertThat(x.max(0).indices().item()).isEqualTo(1);
    assertThat(x.argmin(0).item()).isEqualTo(1);
  }

  @Test
  void gradientsOfExtremesThatAreNan() {
    int[] axis = {0};
    assertThat(slope(x -> x.amax(axis, false), 1, NAN, NAN)).containsExactly(NAN, NAN, NAN);
    assertThat(slope(x -> x.amin(axis, false), 1, NAN, NAN)).containsExactly(NAN, NAN, NAN);
    assertThat(slope(x -> x.reshape(new int[0]).amax(axis, false), NAN)).containsExactly(NAN);
    assertThat(slope(x -> x.max(), 1, NAN, NAN)).containsExactly(0, 0.5, 0.5);
    assertThat(slope(x -> x.norm(INF, 0), 1, NAN, 2)[0]).isEqualTo(0);
    assertThat(slope(x -> x.amax(axis, false), -INF, -INF)).containsExactly(0.5, 0.5);
  }

  @Test
  void scattersShareAmongWhatIsThere() {
    Tensor at = Tensor.of(0L, 0L, 2L);
    for (Combination how : new Combination[] {Combination.AMAX, Combination.AMIN}) {
      double worst = how == Combination.AMAX ? -INF : INF;
      Tensor x = Tensor.of(worst, 1, worst);
      double[] alone = {worst, worst, worst};
      assertThat(value(v -> x.scatterReduce(0, at, v, how, true), alone)).containsExactly(worst, 1, worst);
      assertThat(slope(v -> x.scatterReduce(0, at, v, how, false), alone)).containsExactly(0.5, 0.5, 1);
      assertThat(slope(v -> x.scatterReduce(0, at, v, how, true), alone)).containsExactly(1 / 3.0, 1 / 3.0, 0.5);
      Tensor v = Tensor.of(alone);
      assertThat(slope(y -> y.scatterReduce(0, at, v, how, true), worst, 1, worst)).containsExactly(1 / 3.0, 1, 0.5);
      assertThat(slope(y -> y.scatterReduce(0, at, v, how, false), worst, 1, worst)).containsExactly(0, 1, 0);
      assertThat(slope(w -> x.scatterReduce(0, at, w, how, true), NAN, 3, 5)).containsExactly(NAN, NAN, 1);
      assertThat(slope(w -> Segments.segmentReduce(w, Tensor.of(2L, 1L), 0, how), NAN, 3, worst)).containsExactly(1, 0, 1);
    }
  }

  @Test
  void secondSlopesStayZero() {
    Tensor at = Tensor.of(0L, 0L);
    double[] twice = Autograd.grad(x -> Autograd.grad((Tensor y) ->
        Tensor.of(-INF).scatterReduce(0, at, y, Combination.AMAX, false).sum()).apply(x).square().sum()).apply(Tensor.of(-INF, -INF)).toDoubleArray();
    assertThat(twice).containsExactly(0, 0);
  }

  @Test
  void bagsLeaveOutWhatTheyDoNotCount() {
    BagOptions max = BagOptions.DEFAULT.mode(BagOptions.Mode.MAX);
    Tensor places = Tensor.of(0L, 1L, 2L);
    Tensor offsets = Tensor.of(0L, 2L);
    assertThat(slope(t -> Bags.embeddingBag(places, t.reshape(3, 1), Tensor.of(0L), max.padding(0)), -INF, -INF, -INF)).containsExactly(0, 1, 0);
    assertThat(slope(t -> Bags.embeddingBag(places, t.reshape(3, 1), offsets, max), -INF, -INF, -INF)).containsExactly(1, 0, 1);
    Tensor table = Tensor.of(new double[] {INF, 2, 3}, 3, 1);
    assertThat(slope(w -> Bags.embeddingBag(places, table, Tensor.of(0L, 1L), BagOptions.DEFAULT.mode(BagOptions.Mode.SUM).weights(w)), 1, 1, 1))
        .as("the shorter bag is filled with the first row").containsExactly(INF, 2, 3);
  }
}
