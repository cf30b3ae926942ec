package org.cotangent.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.cotangent.cpu.math.MathProvider;
import org.cotangent.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Lines of two by vectors against plain loops, with NaN, both zeros and ties, and nothing written beside them. */
@EnabledIf("vectorsArePresent")
class PairLinesTest {
  private final long seed = Seeds.of("PairLinesTest");
  private final SplittableRandom random = new SplittableRandom(seed);

  static boolean vectorsArePresent() {
    return MathProvider.vectorModulePresent();
  }

  @Test
  void theFirstExtremeAndItsPlace() {
    for (int t = 0; t < 2000; t++) {
      int w = random.nextInt(1, 70);
      int step = w + random.nextInt(5);
      boolean largest = random.nextBoolean();
      boolean neighbours = random.nextBoolean();
      float[] x = data(2 * w + step + 2);
      float[] v = new float[w + 20];
      long[] at = new long[w + 20];
      float[] expected = v.clone();
      long[] places = at.clone();
      for (int j = 0; j < w; j++) {
        float a = x[1 + (neighbours ? 2 * j : j)];
        float b = x[1 + (neighbours ? 2 * j + 1 : j + step)];
        boolean second = a == a && !(largest ? b <= a : b >= a);
        expected[3 + j] = second ? b : a;
        places[2 + j] = second ? 1 : 0;
      }
      if (neighbours) {
        PairLines.searchNeighbours(largest, x, 1, v, 3, at, 2, w);
      } else {
        PairLines.search(largest, x, 1, step, v, 3, at, 2, w);
      }
      assertThat(bits(v)).as("seed %d: %d, %b, %b", seed, w, largest, neighbours).isEqualTo(bits(expected));
      assertThat(at).isEqualTo(places);
    }
  }

  @Test
  void eachGoesBackToItsPlace() {
    for (int t = 0; t < 2000; t++) {
      int w = random.nextInt(1, 70);
      int step = w + random.nextInt(5);
      boolean neighbours = random.nextBoolean();
      float[] x = data(w + 2);
      float[] y = data(2 * w + step + 20);
      long[] at = random.longs(w + 3, 0, 2).toArray();
      float[] expected = y.clone();
      for (int j = 0; j < w; j++) {
        expected[4 + (neighbours ? 2 * j + (int) at[3 + j] : j + (int) at[3 + j] * step)] += x[2 + j];
      }
      if (neighbours) {
        PairLines.scatterNeighbours(x, 2, at, 3, y, 4, w);
      } else {
        PairLines.scatter(x, 2, at, 3, y, 4, step, w);
      }
      assertThat(bits(y)).as("seed %d: %d, %b", seed, w, neighbours).isEqualTo(bits(expected));
    }
  }

  @Test
  void shortRows() {
    for (int t = 0; t < 500; t++) {
      int n = random.nextInt(1, PairLines.lanes() + 1);
      int rows = random.nextInt(1, 9);
      int xDown = random.nextInt(20);
      int yDown = n + random.nextInt(4);
      float[] x = data(2 + rows * xDown + n);
      float[] y = data(1 + rows * yDown + n);
      float[] copied = y.clone();
      float[] added = y.clone();
      for (int r = 0; r < rows; r++) {
        for (int i = 0; i < n; i++) {
          copied[1 + r * yDown + i] = x[2 + r * xDown + i];
          added[1 + r * yDown + i] += x[2 + r * xDown + i];
        }
      }
      float[] z = y.clone();
      PairLines.copyRows(x, 2, xDown, z, 1, yDown, rows, n);
      assertThat(bits(z)).as("seed %d: %d rows of %d", seed, rows, n).isEqualTo(bits(copied));
      PairLines.addRows(x, 2, xDown, y, 1, yDown, rows, n);
      assertThat(bits(y)).as("seed %d: %d rows of %d", seed, rows, n).isEqualTo(bits(added));
    }
  }

  private float[] data(int n) {
    float[] x = new float[n];
    float[] odd = {Float.NaN, 0f, -0f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
    for (int i = 0; i < n; i++) {
      x[i] = random.nextInt(4) == 0 ? odd[random.nextInt(odd.length)] : random.nextInt(-2, 3);
    }
    return x;
  }

  /** NaN has one form. */
  private static int[] bits(float[] x) {
    int[] b = new int[x.length];
    Arrays.setAll(b, i -> Float.floatToIntBits(x[i]));
    return b;
  }
}
