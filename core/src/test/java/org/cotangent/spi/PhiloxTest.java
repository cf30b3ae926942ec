package org.cotangent.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhiloxTest {

  private static final long SEED = 0x1234_5678_9abc_def0L;
  private static final long OFFSET = 0x0fed_cba9_8765_4321L;

  /** The known answers of Random123 for philox4x32 with 10 rounds; words are given low one first. */
  @ParameterizedTest
  @CsvSource({
    "00000000 00000000 00000000 00000000, 00000000 00000000, 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    "ffffffff ffffffff ffffffff ffffffff, ffffffff ffffffff, 408f276d 41c83b0e a20bc7c6 6d5451fd",
    "243f6a88 85a308d3 13198a2e 03707344, a4093822 299f31d0, d16cfe09 94fdcceb 5001e420 24126ea1"
  })
  void givesTheKnownAnswers(String counter, String key, String answer) {
    int[] c = words(counter);
    int[] k = words(key);
    int[] out = new int[4];
    Philox.block(join(k[0], k[1]), join(c[2], c[3]), join(c[0], c[1]), out);
    assertThat(out).containsExactly(words(answer));
  }

  private static int[] words(String hex) {
    return Arrays.stream(hex.split(" ")).mapToInt(w -> Integer.parseUnsignedInt(w, 16)).toArray();
  }

  private static long join(int low, int high) {
    return Integer.toUnsignedLong(low) | (long) high << 32;
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 4, 1_000_003, (1L << 34) - 3, Long.MAX_VALUE - 20})
  void elementsFollowTheContract(long from) {
    int n = 9;
    int[] bits = new int[n];
    float[] f = new float[n];
    double[] d = new double[n];
    long[] r = new long[n];
    Philox.bits(SEED, OFFSET, from, bits, 0, n);
    Philox.uniform(SEED, OFFSET, from, f, 0, n);
    Philox.uniform(SEED, OFFSET, from, d, 0, n);
    Philox.randint(SEED, OFFSET, from, r, 0, n, -5, 1000);
    int[] block = new int[4];
    for (int k = 0; k < n; k++) {
      long i = from + k;
      Philox.block(SEED, OFFSET, i / 4, block);
      int word = block[(int) (i % 4)];
      Philox.block(SEED, OFFSET, i / 2, block);
      long both = join(block[2 * (int) (i % 2)], block[2 * (int) (i % 2) + 1]);
      assertThat(Philox.bits(SEED, OFFSET, i)).isEqualTo(word);
      assertThat(Philox.bits64(SEED, OFFSET, i)).isEqualTo(both);
      assertThat(bits[k]).isEqualTo(word);
      assertThat(f[k]).isEqualTo((float) ((word >>> 8) * Math.pow(2, -24)));
      assertThat(d[k]).isEqualTo((both >>> 11) * Math.pow(2, -53));
      assertThat(r[k]).isEqualTo(-5 + Math.unsignedMultiplyHigh(both, 1005));
    }
  }

  @Test
  void normalsFollowTheContract() {
    int n = 64;
    float[] f = new float[n];
    double[] d = new double[n];
    double[] uniform = new double[n];
    Philox.normal(SEED, OFFSET, 0, f, 0, n);
    Philox.normal(SEED, OFFSET, 0, d, 0, n);
    Philox.uniform(SEED, OFFSET, 0, uniform, 0, n);
    for (int i = 0; i < n; i += 2) {
      double u = (Integer.toUnsignedLong(Philox.bits(SEED, OFFSET, i)) + 1) * Math.pow(2, -32);
      double v = Integer.toUnsignedLong(Philox.bits(SEED, OFFSET, i + 1)) * Math.pow(2, -32);
      assertThat(f[i]).isCloseTo((float) cosine(u, v), within(1e-6f));
      assertThat(f[i + 1]).isCloseTo((float) sine(u, v), within(1e-6f));
      assertThat(d[i]).isCloseTo(cosine(1 - uniform[i], uniform[i + 1]), within(1e-14));
      assertThat(d[i + 1]).isCloseTo(sine(1 - uniform[i], uniform[i + 1]), within(1e-14));
    }
  }

  private static double cosine(double u, double v) {
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
  }

  private static double sine(double u, double v) {
    return Math.sqrt(-2 * Math.log(u)) * Math.sin(2 * Math.PI * v);
  }

  /** Numbers that users may have come to rely on. */
  @Test
  void numbersStayWhatTheyAre() {
    float[] f = new float[3];
    double[] d = new double[3];
    long[] r = new long[5];
    Philox.uniform(42, 1, 0, f, 0, 3);
    assertThat(f).containsExactly(0.01005882f, 0.12624985f, 0.23206615f);
    Philox.normal(42, 1, 0, f, 0, 3);
    assertThat(f).containsExactly(2.127691f, 2.1613739f, -0.40827084f);
    Philox.uniform(42, 1, 0, d, 0, 3);
    assertThat(d).containsExactly(0.1262498542224193, 0.7116127377916281, 0.9914873587267705);
    Philox.normal(42, 1, 0, d, 0, 3);
    assertThat(d).containsExactly(-0.12409858730465695, -0.5045009195379748, 0.46978382953784925);
    Philox.randint(42, 1, 0, r, 0, 5, 0, 100);
    assertThat(r).containsExactly(12, 71, 99, 22, 12);
  }

  /** However a range is cut, and wherever it goes, it has the same elements. */
  @Test
  void rangesMayBeCutAnywhere() {
    cutting(n -> {
      int[] y = new int[n];
      return (from, at, size) -> {
        Philox.bits(SEED, OFFSET, from, y, at, size);
        return y;
      };
    });
    cutting(n -> {
      float[] y = new float[n];
      return (from, at, size) -> {
        Philox.uniform(SEED, OFFSET, from, y, at, size);
        return y;
      };
    });
    cutting(n -> {
      double[] y = new double[n];
      return (from, at, size) -> {
        Philox.uniform(SEED, OFFSET, from, y, at, size);
        return y;
      };
    });
  }

  @Test
  void rangesOfNormalsAndIntegersMayBeCutAnywhere() {
    cutting(n -> {
      float[] y = new float[n];
      return (from, at, size) -> {
        Philox.normal(SEED, OFFSET, from, y, at, size);
        return y;
      };
    });
    cutting(n -> {
      double[] y = new double[n];
      return (from, at, size) -> {
        Philox.normal(SEED, OFFSET, from, y, at, size);
        return y;
      };
    });
    cutting(n -> {
      long[] y = new long[n];
      return (from, at, size) -> {
        Philox.randint(SEED, OFFSET, from, y, at, size, -3, 1L << 40);
        return y;
      };
    });
  }

  /** Ranges so long that they are computed in several parts. */
  @Test
  void longRangesMayBeCutAnywhere() {
    int n = 5000;
    float[] f = new float[n];
    double[] d = new double[n];
    Philox.normal(SEED, OFFSET, 3, f, 0, n);
    Philox.normal(SEED, OFFSET, 3, d, 0, n);
    for (int cut : new int[] {1, 2, 255, 256, 511, 512, 513, 2050, 4999}) {
      float[] f2 = new float[n];
      double[] d2 = new double[n];
      Philox.normal(SEED, OFFSET, 3, f2, 0, cut);
      Philox.normal(SEED, OFFSET, 3 + cut, f2, cut, n - cut);
      Philox.normal(SEED, OFFSET, 3, d2, 0, cut);
      Philox.normal(SEED, OFFSET, 3 + cut, d2, cut, n - cut);
      assertThat(f2).isEqualTo(f);
      assertThat(d2).isEqualTo(d);
    }
  }

  @Test
  void longRangesFollowTheContract() {
    int n = 3000;
    long from = (1L << 34) - 1001;
    int[] y = new int[n];
    long[] r = new long[n];
    Philox.bits(SEED, OFFSET, from, y, 0, n);
    Philox.randint(SEED, OFFSET, from, r, 0, n, Long.MIN_VALUE, Long.MAX_VALUE);
    for (int k = 0; k < n; k++) {
      assertThat(y[k]).isEqualTo(Philox.bits(SEED, OFFSET, from + k));
      long bits = Philox.bits64(SEED, OFFSET, from + k);
      assertThat(r[k]).isEqualTo(Long.MIN_VALUE + Math.unsignedMultiplyHigh(bits, -1));
    }
  }

  private interface Fill {
    Object range(long from, int at, int size);
  }

  private interface Fills {
    Fill of(int n);
  }

  private static void cutting(Fills fills) {
    int n = 23;
    long from = 5;
    Object whole = fills.of(n).range(from, 0, n);
    for (int a = 0; a <= n; a++) {
      for (int b = a; b <= n; b++) {
        Fill parts = fills.of(n);
        parts.range(from + b, b, n - b);
        parts.range(from, 0, a);
        Object y = parts.range(from + a, a, b - a);
        assertThat(Arrays.deepEquals(new Object[] {y}, new Object[] {whole})).isTrue();
      }
    }
  }

  @Test
  void seedsAndOffsetsMakeDifferentDraws() {
    long[] values = {0, 1, 2, -1, 1L << 32, 1L << 63};
    assertThat(LongStream.of(values).map(seed -> Philox.bits64(seed, 0, 0)).distinct()).hasSize(6);
    assertThat(LongStream.of(values).map(offset -> Philox.bits64(0, offset, 0)).distinct()).hasSize(6);
  }

  @Test
  void integersFillTheirRange() {
    long[] y = new long[10_000];
    Philox.randint(1, 2, 0, y, 0, y.length, -2, 3);
    assertThat(Arrays.stream(y).distinct().sorted()).containsExactly(-2L, -1L, 0L, 1L, 2L);
    Philox.randint(1, 2, 0, y, 0, y.length, 5, 6);
    assertThat(y).containsOnly(5);
    Philox.randint(1, 2, 0, y, 0, y.length, Long.MIN_VALUE, Long.MAX_VALUE);
    assertThat(Arrays.stream(y).filter(v -> v < 0).count()).isBetween(4800L, 5200L);
    assertThat(Arrays.stream(y).filter(v -> v < Long.MIN_VALUE / 2).count()).isBetween(2300L, 2700L);
  }

  @Test
  void refusesWhatIsOutOfRange() {
    float[] y = new float[4];
    assertThatThrownBy(() -> Philox.uniform(0, 0, 0, y, 2, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> Philox.normal(0, 0, -1, y, 0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> Philox.randint(0, 0, 0, new long[1], 0, 1, 3, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no integer in [3, 3)");
    IntStream.of(0, 4).forEach(at -> Philox.uniform(0, 0, 0, y, at, 0));
    assertThat(y).containsOnly(0);
  }
}
