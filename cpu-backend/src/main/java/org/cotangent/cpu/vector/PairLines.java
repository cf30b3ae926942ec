package org.cotangent.cpu.vector;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Lines of two elements of float32, side by side in rows: the extreme of each and where it stands, and the way back; and rows shorter than a vector.
 * The elements of a line are
 * {@code step} apart and the lines next to each other, or the two are neighbours and the lines follow each other.
 */
public final class PairLines {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Long> L = LongVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();
  private static final int HALF = LANES / 2;

  private static final VectorShuffle<Float> EVEN = VectorShuffle.fromOp(F, i -> 2 * i & LANES - 1);
  private static final VectorShuffle<Float> ODD = VectorShuffle.fromOp(F, i -> 2 * i + 1 & LANES - 1);
  private static final VectorMask<Float> UPPER = VectorMask.fromLong(F, -1L << HALF);
  private static final VectorShuffle<Float> LOW_TWICE = VectorShuffle.fromOp(F, i -> i / 2);
  private static final VectorShuffle<Float> HIGH_TWICE = VectorShuffle.fromOp(F, i -> HALF + i / 2);

  /** By n: the first n lanes, which is cheaper than making the mask for each row. */
  private static final VectorMask<?>[] FIRST = first(F);

  private PairLines() {}

  private static VectorMask<?>[] first(VectorSpecies<?> s) {
    var masks = new VectorMask<?>[s.length() + 1];
    for (int n = 0; n < masks.length; n++) {
      masks[n] = s.indexInRange(0, n);
    }
    return masks;
  }

  /** The first n lanes, all where there are fewer. */
  private static VectorMask<Float> floats(int n) {
    return FIRST[Math.min(n, LANES)].check(F);
  }

  /** v[vo + j] and at[io + j], the extreme and its place, of x[xo + j] and x[xo + step + j]; of two equal the first, of any with NaN the first NaN. */
  public static void search(boolean largest, float[] x, int xo, int step, float[] v, int vo, long[] at, int io, int w) {
    int i = 0;
    for (; i <= w - LANES; i += LANES) {
      FloatVector a = FloatVector.fromArray(F, x, xo + i);
      FloatVector b = FloatVector.fromArray(F, x, xo + step + i);
      long more = (largest ? b.compare(GT, a) : b.compare(LT, a)).toLong();
      long bits = (more | b.compare(NE, b).toLong()) & ~a.compare(NE, a).toLong();
      a.blend(b, VectorMask.fromLong(F, bits)).intoArray(v, vo + i);
      LongVector.zero(L).blend(1, VectorMask.fromLong(L, bits)).intoArray(at, io + i);
      LongVector.zero(L).blend(1, VectorMask.fromLong(L, bits >>> HALF)).intoArray(at, io + i + HALF);
    }
    if (i < w) {
      VectorMask<Float> m = floats(w - i);
      FloatVector a = FloatVector.fromArray(F, x, xo + i, m);
      FloatVector b = FloatVector.fromArray(F, x, xo + step + i, m);
      long more = (largest ? b.compare(GT, a) : b.compare(LT, a)).toLong();
      long bits = (more | b.compare(NE, b).toLong()) & ~a.compare(NE, a).toLong();
      a.blend(b, VectorMask.fromLong(F, bits)).intoArray(v, vo + i, m);
      places(bits, at, io + i, w - i);
    }
  }

  /** As {@link #search} for x[xo + 2 j] and x[xo + 2 j + 1]. */
  public static void searchNeighbours(boolean largest, float[] x, int xo, float[] v, int vo, long[] at, int io, int w) {
    int i = 0;
    for (; i <= w - LANES; i += LANES) {
      FloatVector p = FloatVector.fromArray(F, x, xo + 2 * i);
      FloatVector q = FloatVector.fromArray(F, x, xo + 2 * i + LANES);
      FloatVector a = p.rearrange(EVEN).blend(q.rearrange(EVEN), UPPER);
      FloatVector b = p.rearrange(ODD).blend(q.rearrange(ODD), UPPER);
      long more = (largest ? b.compare(GT, a) : b.compare(LT, a)).toLong();
      long bits = (more | b.compare(NE, b).toLong()) & ~a.compare(NE, a).toLong();
      a.blend(b, VectorMask.fromLong(F, bits)).intoArray(v, vo + i);
      LongVector.zero(L).blend(1, VectorMask.fromLong(L, bits)).intoArray(at, io + i);
      LongVector.zero(L).blend(1, VectorMask.fromLong(L, bits >>> HALF)).intoArray(at, io + i + HALF);
    }
    if (i < w) {
      FloatVector p = FloatVector.fromArray(F, x, xo + 2 * i, floats(2 * (w - i)));
      FloatVector q = FloatVector.zero(F);
      if (w - i > HALF) {
        q = FloatVector.fromArray(F, x, xo + 2 * i + LANES, floats(2 * (w - i) - LANES));
      }
      FloatVector a = p.rearrange(EVEN).blend(q.rearrange(EVEN), UPPER);
      FloatVector b = p.rearrange(ODD).blend(q.rearrange(ODD), UPPER);
      long more = (largest ? b.compare(GT, a) : b.compare(LT, a)).toLong();
      long bits = (more | b.compare(NE, b).toLong()) & ~a.compare(NE, a).toLong();
      a.blend(b, VectorMask.fromLong(F, bits)).intoArray(v, vo + i, floats(w - i));
      places(bits, at, io + i, w - i);
    }
  }

  private static void places(long bits, long[] at, int io, int n) {
    for (int j = 0; j < n; j++) at[io + j] = bits >>> j & 1;
  }

  /** y[yo + j] += x[xo + j] where at[io + j] is 0, y[yo + step + j] where it is 1. */
  public static void scatter(float[] x, int xo, long[] at, int io, float[] y, int yo, int step, int w) {
    int i = 0;
    for (; i <= w - LANES; i += LANES) {
      long bits = places(at, io + i);
      FloatVector v = FloatVector.fromArray(F, x, xo + i);
      FloatVector.fromArray(F, y, yo + i).add(v, VectorMask.fromLong(F, ~bits)).intoArray(y, yo + i);
      FloatVector.fromArray(F, y, yo + step + i).add(v, VectorMask.fromLong(F, bits)).intoArray(y, yo + step + i);
    }
    for (; i < w; i++) y[yo + i + (int) at[io + i] * step] += x[xo + i];
  }

  /** y[yo + 2 j + at[io + j]] += x[xo + j]. */
  public static void scatterNeighbours(float[] x, int xo, long[] at, int io, float[] y, int yo, int w) {
    int i = 0;
    for (; i <= w - LANES; i += LANES) {
      long bits = places(at, io + i);
      long both = Long.expand(bits, 0xAAAAAAAAL) | Long.expand(~bits, 0x55555555L);
      FloatVector v = FloatVector.fromArray(F, x, xo + i);
      int o = yo + 2 * i;
      FloatVector.fromArray(F, y, o).add(v.rearrange(LOW_TWICE), VectorMask.fromLong(F, both)).intoArray(y, o);
      o += LANES;
      FloatVector.fromArray(F, y, o).add(v.rearrange(HIGH_TWICE), VectorMask.fromLong(F, both >>> LANES)).intoArray(y, o);
    }
    for (; i < w; i++) y[yo + 2 * i + (int) at[io + i]] += x[xo + i];
  }

  /** A bit for each of the next places that is 1. */
  private static long places(long[] at, int io) {
    long low = LongVector.fromArray(L, at, io).compare(NE, 0).toLong();
    return low | LongVector.fromArray(L, at, io + HALF).compare(NE, 0).toLong() << HALF;
  }

  /** y[yo + r yDown + i] = x[xo + r xDown + i] for rows of n elements, no more than there are lanes. */
  public static void copyRows(float[] x, int xo, int xDown, float[] y, int yo, int yDown, int rows, int n) {
    VectorMask<Float> m = floats(n);
    for (int r = 0; r < rows; r++) {
      FloatVector.fromArray(F, x, xo + r * xDown, m).intoArray(y, yo + r * yDown, m);
    }
  }

  /** y[yo + r yDown + i] += x[xo + r xDown + i] for rows of n elements, no more than there are lanes. */
  public static void addRows(float[] x, int xo, int xDown, float[] y, int yo, int yDown, int rows, int n) {
    VectorMask<Float> m = floats(n);
    for (int r = 0; r < rows; r++) {
      FloatVector.fromArray(F, y, yo + r * yDown, m).add(FloatVector.fromArray(F, x, xo + r * xDown, m)).intoArray(y, yo + r * yDown, m);
    }
  }

  /** Lanes of a vector. */
  public static int lanes() {
    return LANES;
  }
}
