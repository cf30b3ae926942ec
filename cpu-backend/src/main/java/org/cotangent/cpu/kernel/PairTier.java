package org.cotangent.cpu.kernel;

import java.util.function.IntConsumer;
import org.cotangent.cpu.vector.PairLines;
import org.cotangent.cpu.vector.Rehearsed;

/** When the loops of {@link PairLines} serve: where there are vectors, once each loop is compiled. Until then callers take a way of their own. */
final class PairTier extends Rehearsed {
  static final PairTier SEARCH = new PairTier(n -> {
    float[] x = data(2 * n);
    PairLines.search(true, x, 0, n, new float[n], 0, new long[n], 0, n);
    PairLines.search(true, x, 0, n, new float[n], 0, new long[n], 0, n / 5);
  });
  static final PairTier SEARCH_NEIGHBOURS = new PairTier(n -> {
    float[] x = data(2 * n);
    PairLines.searchNeighbours(true, x, 0, new float[n], 0, new long[n], 0, n);
    PairLines.searchNeighbours(true, x, 0, new float[n], 0, new long[n], 0, n / 5);
  });
  static final PairTier SCATTER = new PairTier(n -> PairLines.scatter(new float[n], 0, new long[n], 0, new float[2 * n], 0, n, n));
  static final PairTier SCATTER_NEIGHBOURS = new PairTier(n -> PairLines.scatterNeighbours(new float[n], 0, new long[n], 0, new float[2 * n], 0, n));
  static final PairTier COPY = new PairTier(n -> PairLines.copyRows(new float[n], 0, 4, new float[n], 0, 4, n / 4, 4));
  static final PairTier ADD = new PairTier(n -> PairLines.addRows(new float[n], 0, 4, new float[n], 0, 4, n / 4, 4));

  /** Elements of the longest row that {@link #COPY} and {@link #ADD} take. */
  static final int LONGEST = FloatTiers.VECTORS ? PairLines.lanes() : 0;

  private final IntConsumer rehearsal;

  private PairTier(IntConsumer rehearsal) {
    this.rehearsal = rehearsal;
  }

  private static float[] data(int n) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = i * 7 % 5;
    }
    return x;
  }

  /** Whether to take the vector loop for {@code n} elements; if not, they are counted. */
  boolean serves(long n) {
    if (!FloatTiers.VECTORS) {
      return false;
    }
    if (!vectors()) {
      counted((int) Math.min(n, Integer.MAX_VALUE));
      return false;
    }
    return true;
  }

  @Override
  protected void once(int n) {
    rehearsal.accept(n);
  }
}
