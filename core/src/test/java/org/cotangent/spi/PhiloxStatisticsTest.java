package org.cotangent.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Moments and distributions of fixed draws. The bounds are at about four standard errors. */
class PhiloxStatisticsTest {

  private static final int N = 200_000;
  private static final double ERROR = 4 / Math.sqrt(N);
  /** The 0.1 percent point of the Kolmogorov distribution. */
  private static final double KOLMOGOROV = 1.95 / Math.sqrt(N);

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, 0x5DEECE66DL})
  void uniformNumbersAreUniform(long seed) {
    double[] y = new double[N];
    Philox.uniform(seed, 3, 0, y, 0, N);
    uniform(y);
    float[] f = new float[N];
    Philox.uniform(seed, 3, 0, f, 0, N);
    uniform(widen(f));
  }

  private static void uniform(double[] y) {
    assertThat(Arrays.stream(y).min().orElseThrow()).isBetween(0.0, 1e-3);
    assertThat(Arrays.stream(y).max().orElseThrow()).isBetween(1 - 1e-3, Math.nextDown(1.0));
    double[] centred = Arrays.stream(y).map(v -> (v - 0.5) * Math.sqrt(12)).toArray();
    assertThat(moment(centred, 1)).isCloseTo(0, within(ERROR));
    assertThat(moment(centred, 2)).isCloseTo(1, within(ERROR * Math.sqrt(0.8)));
    uncorrelated(centred);
    assertThat(distance(y, v -> v)).isLessThan(KOLMOGOROV);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, 0x5DEECE66DL})
  void normalNumbersAreNormal(long seed) {
    double[] y = new double[N];
    Philox.normal(seed, 3, 0, y, 0, N);
    normal(y);
    float[] f = new float[N];
    Philox.normal(seed, 3, 0, f, 0, N);
    normal(widen(f));
  }

  private static void normal(double[] y) {
    assertThat(moment(y, 1)).isCloseTo(0, within(ERROR));
    assertThat(moment(y, 2)).isCloseTo(1, within(ERROR * Math.sqrt(2)));
    assertThat(moment(y, 3)).isCloseTo(0, within(ERROR * Math.sqrt(15)));
    assertThat(moment(y, 4)).isCloseTo(3, within(ERROR * Math.sqrt(96)));
    uncorrelated(y);
    assertThat(distance(y, PhiloxStatisticsTest::gauss)).isLessThan(KOLMOGOROV);
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 3, 10, 256})
  void integersAreEquallyFrequent(long range) {
    long[] y = new long[N];
    Philox.randint(5, 3, 0, y, 0, N, 100, 100 + range);
    long[] counts = new long[(int) range];
    Arrays.stream(y).forEach(v -> counts[(int) (v - 100)]++);
    double expected = (double) N / range;
    double chiSquared = Arrays.stream(counts).mapToDouble(c -> (c - expected) * (c - expected) / expected).sum();
    double freedom = range - 1;
    assertThat(chiSquared).isLessThan(freedom + 4 * Math.sqrt(2 * freedom) + 6);
  }

  private static double[] widen(float[] y) {
    return IntStream.range(0, y.length).mapToDouble(i -> y[i]).toArray();
  }

  private static double moment(double[] y, int power) {
    return Arrays.stream(y).map(v -> Math.pow(v, power)).average().orElseThrow();
  }

  /** Elements near each other, in particular those of one block, of standardised numbers. */
  private static void uncorrelated(double[] y) {
    for (int lag = 1; lag <= 8; lag++) {
      int distance = lag;
      double mean = IntStream.range(0, N - lag).mapToDouble(i -> y[i] * y[i + distance]).average().orElseThrow();
      assertThat(mean).isCloseTo(0, within(ERROR * 1.1));
    }
  }

  /** The statistic of Kolmogorov and Smirnov: the largest distance between the distribution and the sample's. */
  private static double distance(double[] y, DoubleUnaryOperator distribution) {
    double[] sorted = y.clone();
    Arrays.sort(sorted);
    return IntStream.range(0, N)
        .mapToDouble(i -> {
          double p = distribution.applyAsDouble(sorted[i]);
          return Math.max(p - (double) i / N, (i + 1.0) / N - p);
        })
        .max()
        .orElseThrow();
  }

  /** The normal distribution function, by its series (Abramowitz and Stegun 26.2.11). */
  private static double gauss(double x) {
    double term = x;
    double sum = x;
    for (int k = 1; k < 200 && Math.abs(term) > 1e-17; k++) {
      term *= x * x / (2 * k + 1);
      sum += term;
    }
    return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }
}
