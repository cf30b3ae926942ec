package org.cotangent.cpu.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The bits of a result depend on its argument alone; blocks may be computed in place; nothing outside a block is written. */
class PositionTest {
  private static final int SIZE = 2200;
  private static final float GUARD = 12345;

  private final SplittableRandom random = new SplittableRandom(3);
  private final double[] doubles = new double[SIZE];
  private final float[] floats = new float[SIZE];

  PositionTest() {
    for (int i = 0; i < SIZE; i++) {
      doubles[i] = switch (i % 11) {
        case 0 -> Double.longBitsToDouble(random.nextLong());
        case 1 -> random.nextDouble(-1e9, 1e9);
        case 2 -> Double.NaN;
        default -> random.nextDouble(-8, 8);
      };
      floats[i] = i % 11 == 0 ? Float.intBitsToFloat(random.nextInt()) : (float) doubles[i];
    }
  }

  @ParameterizedTest
  @MethodSource("org.cotangent.cpu.math.Implementations#names")
  void bitsDependOnTheArgumentAlone(String implementation) {
    Elementwise e = Implementations.named(implementation);
    for (Implementations.Function f : Implementations.FUNCTIONS) {
      float[] whole = new float[SIZE];
      f.floats().run(e, floats, 0, whole, 0, SIZE);
      double[] wholeDoubles = new double[SIZE];
      f.doubles().run(e, doubles, 0, wholeDoubles, 0, SIZE);
      for (int n : new int[] {0, 1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100, 1023, 1024, 1025, 2100}) {
        int xo = random.nextInt(SIZE - n + 1), yo = random.nextInt(20);
        float[] part = new float[yo + n + 20];
        Arrays.fill(part, GUARD);
        f.floats().run(e, floats, xo, part, yo, n);
        double[] partDoubles = new double[yo + n + 20];
        Arrays.fill(partDoubles, GUARD);
        f.doubles().run(e, doubles, xo, partDoubles, yo, n);
        for (int i = 0; i < part.length; i++) {
          boolean inside = i >= yo && i < yo + n;
          assertThat(part[i]).as("%s of %s", f.name(), n).isEqualTo(Float.valueOf(inside ? whole[xo + i - yo] : GUARD));
          assertThat(partDoubles[i]).as("%s of %s", f.name(), n).isEqualTo(Double.valueOf(inside ? wholeDoubles[xo + i - yo] : GUARD));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.cotangent.cpu.math.Implementations#names")
  void inPlace(String implementation) {
    Elementwise e = Implementations.named(implementation);
    for (Implementations.Function f : Implementations.FUNCTIONS) {
      float[] y = new float[SIZE], same = floats.clone();
      f.floats().run(e, floats, 3, y, 3, SIZE - 5);
      f.floats().run(e, same, 3, same, 3, SIZE - 5);
      assertThat(Arrays.copyOfRange(same, 3, SIZE - 2)).as(f.name()).isEqualTo(Arrays.copyOfRange(y, 3, SIZE - 2));
      double[] z = new double[SIZE], sameDoubles = doubles.clone();
      f.doubles().run(e, doubles, 3, z, 3, SIZE - 5);
      f.doubles().run(e, sameDoubles, 3, sameDoubles, 3, SIZE - 5);
      assertThat(Arrays.copyOfRange(sameDoubles, 3, SIZE - 2)).as(f.name()).isEqualTo(Arrays.copyOfRange(z, 3, SIZE - 2));
    }
  }

  @ParameterizedTest
  @MethodSource("org.cotangent.cpu.math.Implementations#names")
  void blocksOutsideTheirArraysAreRefused(String implementation) {
    Elementwise e = Implementations.named(implementation);
    for (Implementations.Function f : Implementations.FUNCTIONS) {
      assertThatThrownBy(() -> f.floats().run(e, new float[40], 8, new float[40], 0, 33)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> f.doubles().run(e, new double[40], 0, new double[40], 8, 33)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void binaryFunctionsFollowTheJdkAndCWherePowersOfOneAreInfinite() {
    Elementwise e = MathProvider.instance();
    float[] x = {2, -8, 0, 1, -1}, y = {10, 1 / 3f, 0, 7, 3}, z = new float[5];
    e.pow(x, 0, y, 0, z, 0, 5);
    for (int i = 0; i < 5; i++) assertThat(z[i]).isEqualTo(Float.valueOf((float) Math.pow(x[i], y[i])));
    e.atan2(x, 0, y, 0, x, 0, 5);
    assertThat(x[0]).isEqualTo((float) Math.atan2(2, 10));
    double[] a = {2, -8, 0, 1, -1}, b = {10, 1 / 3.0, 0, 7, 3}, c = new double[5];
    e.pow(a, 0, b, 0, c, 0, 5);
    for (int i = 0; i < 5; i++) assertThat(c[i]).isEqualTo(Double.valueOf(Math.pow(a[i], b[i])));
    double[] one = {1, -1, 1, -1}, power = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, Double.NaN}, r = new double[4];
    e.pow(one, 0, power, 0, r, 0, 4);
    assertThat(r).containsExactly(1, 1, 1, Double.NaN);
    e.atan2(a, 1, b, 1, b, 1, 1);
    assertThat(b[1]).isEqualTo(Math.atan2(-8, 1 / 3.0));
  }
}
