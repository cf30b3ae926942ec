package org.cotangent.benchmarks.compare;

import java.util.Random;

/** The numbers that every engine gets. */
public final class Data {
  private Data() {}

  /** Normal deviates with this scale. */
  public static float[] normal(long seed, int n, double scale) {
    Random r = new Random(seed);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) (scale * r.nextGaussian());
    }
    return x;
  }

  /** Normal deviates of scale 1. */
  public static float[] normal(long seed, int n) {
    return normal(seed, n, 1);
  }

  /** Uniform deviates in [-1, 1). */
  public static float[] uniform(long seed, int n) {
    Random r = new Random(seed);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = 2 * r.nextFloat() - 1;
    }
    return x;
  }

  /** Class numbers below {@code classes}. */
  public static long[] classes(long seed, int n, int classes) {
    return new Random(seed).longs(n, 0, classes).toArray();
  }

  /** The weight [out, in] of layer {@code l} of a network. */
  public static float[] weight(int l, int out, int in) {
    return normal(100 + l, out * in, 1 / Math.sqrt(in));
  }

  /** The bias [out] of layer {@code l} of a network. */
  public static float[] bias(int l, int out) {
    return normal(200 + l, out, 0.1);
  }
}
