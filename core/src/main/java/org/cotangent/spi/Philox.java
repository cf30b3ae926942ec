package org.cotangent.spi;

import java.util.Objects;

/**
 * The engine's random numbers: Philox4x32-10, a counter-based generator.
 *
 * <p>Algorithm: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3",
 * SC '11, <a href="https://doi.org/10.1145/2063384.2063405">doi:10.1145/2063384.2063405</a>. A block of four 32-bit
 * lanes is a bijection, keyed by 64 bits, of a counter of 128 bits.
 *
 * <h2>Contract</h2>
 * Element {@code i} of a draw depends on {@code (seed, offset, i)} alone, so a draw may be cut into ranges in any
 * way and computed in any order, on any backend. {@code block(b)} is the block with key {@code seed}, upper half of
 * the counter {@code offset} and lower half {@code b}. All divisions round down.
 *
 * <table>
 * <caption>Element i of a draw</caption>
 * <tr><th>{@code bits(i)}<td>32 bits: lane {@code i % 4} of {@code block(i / 4)}
 * <tr><th>{@code bits64(i)}<td>64 bits: lanes {@code 2 * (i % 2)} (low half) and {@code 2 * (i % 2) + 1} (high half)
 *     of {@code block(i / 2)}
 * <tr><th>uniform, float<td>{@code (bits(i) >>> 8) * 2^-24}
 * <tr><th>uniform, double<td>{@code (bits64(i) >>> 11) * 2^-53}
 * <tr><th>normal, float<td>{@code z(i)} rounded to float, with {@code u = (bits(2p) + 1) * 2^-32} and
 *     {@code v = bits(2p + 1) * 2^-32}, bits unsigned, {@code p = i / 2}
 * <tr><th>normal, double<td>{@code z(i)} with {@code u = 1 - uniform(2p)} and {@code v = uniform(2p + 1)} of the
 *     double kind, {@code p = i / 2}
 * <tr><th>integer in {@code [lo, hi)}<td>{@code lo + floor(bits64(i) * (hi - lo) / 2^64)}, bits unsigned
 * </table>
 *
 * <p>Normals are made in pairs, in double precision, after G. E. P. Box and M. E. Muller, "A note on the generation of
 * random normal deviates", Ann. Math. Stat. 29 (1958): with {@code r = sqrt(-2 log u)}, {@code z(2p) = r cos(2 pi v)}
 * and {@code z(2p + 1) = r sin(2 pi v)}. Here {@link StrictMath} computes them, so they are the same on every JVM; a
 * backend with other elementary functions agrees within a few units in the last place. The largest magnitude is
 * {@code sqrt(64 log 2)}, about 6.66, for float and {@code sqrt(106 log 2)}, about 8.57, for double.
 */
public final class Philox {

  private static final long M0 = 0xD2511F53L;
  private static final long M1 = 0xCD9E8D57L;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;
  private static final int ROUNDS = 10;
  private static final int LANES = 4;
  private static final long LOW = 0xFFFFFFFFL;
  private static final double TURN = 2 * Math.PI;

  private Philox() {}

  /**
   * One block. The low 32 bits of a long come before its high ones: the key's words are
   * {@code (int) key, (int) (key >>> 32)}, the counter's those of {@code counterLo}, then those of {@code counterHi}.
   *
   * @param out takes the four lanes
   */
  public static void block(long key, long counterHi, long counterLo, int[] out) {
    block(key, counterHi, counterLo, out, 0);
  }

  private static void block(long key, long counterHi, long counterLo, int[] out, int at) {
    int k0 = (int) key;
    int k1 = (int) (key >>> 32);
    int c0 = (int) counterLo;
    int c1 = (int) (counterLo >>> 32);
    int c2 = (int) counterHi;
    int c3 = (int) (counterHi >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      long p0 = M0 * (c0 & LOW);
      long p1 = M1 * (c2 & LOW);
      c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      c1 = (int) p1;
      c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c3 = (int) p0;
      k0 += W0;
      k1 += W1;
    }
    out[at] = c0;
    out[at + 1] = c1;
    out[at + 2] = c2;
    out[at + 3] = c3;
  }

  /** The 32 bits of element {@code i}. */
  public static int bits(long seed, long offset, long i) {
    int[] lanes = new int[LANES];
    block(seed, offset, i >>> 2, lanes);
    return lanes[(int) i & 3];
  }

  /** The 64 bits of element {@code i}. */
  public static long bits64(long seed, long offset, long i) {
    int[] lanes = new int[LANES];
    block(seed, offset, i >>> 1, lanes);
    return word(lanes, (int) i & 1);
  }

  /**
   * The bits of a range of elements: {@code y[yo + k]} gets those of element {@code from + k}, for {@code k} from 0
   * to {@code n}.
   */
  public static void bits(long seed, long offset, long from, int[] y, int yo, int n) {
    check(from, y.length, yo, n);
    fill(seed, offset, from, n, 4, (lanes, first, k, m) -> System.arraycopy(lanes, first, y, yo + k, m));
  }

  /**
   * Uniform numbers in [0, 1), multiples of 2^-24: {@code y[yo + k]} gets element {@code from + k}, for {@code k}
   * from 0 to {@code n}.
   */
  public static void uniform(long seed, long offset, long from, float[] y, int yo, int n) {
    check(from, y.length, yo, n);
    fill(seed, offset, from, n, 4, (lanes, first, k, m) -> {
      for (int j = 0; j < m; j++) {
        y[yo + k + j] = (lanes[first + j] >>> 8) * 0x1p-24f;
      }
    });
  }

  /**
   * Uniform numbers in [0, 1), multiples of 2^-53: {@code y[yo + k]} gets element {@code from + k}, for {@code k}
   * from 0 to {@code n}.
   */
  public static void uniform(long seed, long offset, long from, double[] y, int yo, int n) {
    check(from, y.length, yo, n);
    fill(seed, offset, from, n, 2, (lanes, first, k, m) -> {
      for (int j = 0; j < m; j++) {
        y[yo + k + j] = unit(word(lanes, first + j));
      }
    });
  }

  /**
   * Standard normal numbers: {@code y[yo + k]} gets element {@code from + k}, for {@code k} from 0 to {@code n}.
   */
  public static void normal(long seed, long offset, long from, float[] y, int yo, int n) {
    check(from, y.length, yo, n);
    fill(seed, offset, from, n, 4, (lanes, first, k, m) -> {
      int shift = yo + k - first;
      for (int e = first & ~1; e < first + m; e += 2) {
        double radius = radius(((lanes[e] & LOW) + 1) * 0x1p-32);
        double angle = TURN * ((lanes[e + 1] & LOW) * 0x1p-32);
        if (e >= first) {
          y[shift + e] = (float) (radius * StrictMath.cos(angle));
        }
        if (e + 1 < first + m) {
          y[shift + e + 1] = (float) (radius * StrictMath.sin(angle));
        }
      }
    });
  }

  /**
   * Standard normal numbers: {@code y[yo + k]} gets element {@code from + k}, for {@code k} from 0 to {@code n}.
   */
  public static void normal(long seed, long offset, long from, double[] y, int yo, int n) {
    check(from, y.length, yo, n);
    fill(seed, offset, from, n, 2, (lanes, first, k, m) -> {
      int shift = yo + k - first;
      for (int e = first & ~1; e < first + m; e += 2) {
        double radius = radius(1 - unit(word(lanes, e)));
        double angle = TURN * unit(word(lanes, e + 1));
        if (e >= first) {
          y[shift + e] = radius * StrictMath.cos(angle);
        }
        if (e + 1 < first + m) {
          y[shift + e + 1] = radius * StrictMath.sin(angle);
        }
      }
    });
  }

  /**
   * Integers in [lo, hi): {@code y[yo + k]} gets element {@code from + k}, for {@code k} from 0 to {@code n}.
   *
   * <p>The upper half of a 128-bit product maps 64 random bits to the range, after D. Lemire, "Fast random integer
   * generation in an interval", ACM TOMACS 29 (2019), without its rejection: a value's probability is off
   * 1 / (hi - lo) by less than 2^-64. Relative to that probability this is less than 2^-32 for ranges of at most
   * 2^32 values, and grows in proportion to the range.
   *
   * @throws IllegalArgumentException if {@code lo >= hi}
   */
  public static void randint(long seed, long offset, long from, long[] y, int yo, int n, long lo, long hi) {
    check(from, y.length, yo, n);
    if (lo >= hi) {
      throw new IllegalArgumentException("no integer in [" + lo + ", " + hi + ")");
    }
    fill(seed, offset, from, n, 2, (lanes, first, k, m) -> {
      for (int j = 0; j < m; j++) {
        y[yo + k + j] = lo + Math.unsignedMultiplyHigh(word(lanes, first + j), hi - lo);
      }
    });
  }

  /** The 64 bits of element {@code e} of the blocks whose lanes these are. */
  private static long word(int[] lanes, int e) {
    return (long) lanes[2 * e + 1] << 32 | lanes[2 * e] & LOW;
  }

  private static double unit(long bits) {
    return (bits >>> 11) * 0x1p-53;
  }

  private static double radius(double u) {
    return Math.sqrt(-2 * StrictMath.log(u));
  }

  private static void check(long from, int length, int yo, int n) {
    Objects.checkFromIndexSize(yo, n, length);
    Objects.checkFromIndexSize(from, n, Long.MAX_VALUE);
  }

  // ---- Many blocks at once

  /** Takes some elements of a range. */
  private interface Part {

    /**
     * @param lanes the lanes of some blocks
     * @param first which element of these blocks is the first to take
     * @param k its place in the range
     * @param m how many to take
     */
    void take(int[] lanes, int first, int k, int m);
  }

  /** Computes a range of {@code n} elements, with {@code perBlock} elements in a block, part by part. */
  private static void fill(long seed, long offset, long from, int n, int perBlock, Part part) {
    Batch batch = new Batch();
    for (int k = 0; k < n; ) {
      long i = from + k;
      int first = (int) (i % perBlock);
      int m = Math.min(n - k, perBlock * Batch.BLOCKS - first);
      batch.compute(seed, offset, i / perBlock, (first + m + perBlock - 1) / perBlock);
      part.take(batch.lanes, first, k, m);
      k += m;
    }
  }

  /**
   * Consecutive blocks, computed side by side: one round of all of them is a loop that the JIT compiler turns into
   * vector instructions. It does so because the words lie in one array at constant distances, so that they cannot
   * overlap, the number of blocks is constant, and the masks show that 32-bit multiplications do. Only the low
   * halves of the words count; the upper ones are left as they come.
   */
  private static final class Batch {

    static final int BLOCKS = 128;

    /** As many blocks as are cheaper one by one. */
    private static final int FEW = 32;

    /** The lanes of the blocks, one block after the other. */
    final int[] lanes = new int[LANES * BLOCKS];

    private final long[] words = new long[LANES * BLOCKS];

    /** Computes at least the first {@code n} blocks from {@code counterLo} on. */
    void compute(long key, long counterHi, long counterLo, int n) {
      if (n > FEW) {
        all(key, counterHi, counterLo);
      } else {
        for (int b = 0; b < n; b++) {
          block(key, counterHi, counterLo + b, lanes, LANES * b);
        }
      }
    }

    private void all(long key, long counterHi, long counterLo) {
      long[] w = words;
      for (int b = 0; b < BLOCKS; b++) {
        w[b] = counterLo + b;
        w[BLOCKS + b] = counterLo + b >>> 32;
        w[2 * BLOCKS + b] = counterHi;
        w[3 * BLOCKS + b] = counterHi >>> 32;
      }
      int k0 = (int) key;
      int k1 = (int) (key >>> 32);
      for (int round = 0; round < ROUNDS; round++) {
        round(w, k0, k1);
        k0 += W0;
        k1 += W1;
      }
      for (int b = 0; b < BLOCKS; b++) {
        lanes[4 * b] = (int) w[b];
        lanes[4 * b + 1] = (int) w[BLOCKS + b];
        lanes[4 * b + 2] = (int) w[2 * BLOCKS + b];
        lanes[4 * b + 3] = (int) w[3 * BLOCKS + b];
      }
    }

    private static void round(long[] w, long k0, long k1) {
      for (int b = 0; b < BLOCKS; b++) {
        long p0 = M0 * (w[b] & LOW);
        long p1 = M1 * (w[2 * BLOCKS + b] & LOW);
        w[b] = p1 >>> 32 ^ w[BLOCKS + b] ^ k0;
        w[BLOCKS + b] = p1;
        w[2 * BLOCKS + b] = p0 >>> 32 ^ w[3 * BLOCKS + b] ^ k1;
        w[3 * BLOCKS + b] = p0;
      }
    }
  }
}
