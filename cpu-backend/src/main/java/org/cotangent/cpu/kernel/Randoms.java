package org.cotangent.cpu.kernel;

import org.cotangent.DType;
import org.cotangent.cpu.Pool;
import org.cotangent.spi.Distribution;
import org.cotangent.spi.Operand;
import org.cotangent.spi.Philox;

/** Random fills: element i, in row-major order, has number i of the stream, so pieces and threads do not matter. */
public final class Randoms {
  private static final int GRAIN = 4 * 1024;

  private Randoms() {}

  /** Fills {@code out} with draws of a distribution; integers are in [low, high). */
  public static void run(Pool pool, Distribution kind, long seed, long offset, long low, long high, Operand out) {
    if (Geometry.empty(out.layout())) {
      return;
    }
    DType type = out.dtype();
    boolean integers = kind == Distribution.INTEGER;
    if (integers == type.floating()) {
      throw new IllegalArgumentException("random: " + kind + " does not draw " + type);
    }
    Object y = HeapBuffer.data(out);
    Geometry g = Geometry.of(out);
    long blocks = (g.size() + Block.SIZE - 1) / Block.SIZE;
    int pieces = (int) Math.min(blocks, Pool.pieces(g.size(), GRAIN));
    pool.forEach(pieces, p -> {
      long from = blocks * p / pieces * Block.SIZE;
      long to = Math.min(g.size(), blocks * (p + 1) / pieces * Block.SIZE);
      Object block = Kind.of(integers ? DType.INT64 : type).array((int) Math.min(Block.SIZE, to - from));
      for (long i = from; i < to; i += Block.SIZE) {
        int n = (int) Math.min(Block.SIZE, to - i);
        draw(kind, seed, offset, i, block, n, low, high);
        spread(type, block, n, y, g, i);
      }
    });
  }

  private static void draw(Distribution kind, long seed, long offset, long from, Object block, int n, long low, long high) {
    switch (block) {
      case float[] f when kind == Distribution.NORMAL -> Normals.fill(seed, offset, from, f, n);
      case double[] d when kind == Distribution.NORMAL -> Normals.fill(seed, offset, from, d, n);
      case float[] f -> Philox.uniform(seed, offset, from, f, 0, n);
      case double[] d -> Philox.uniform(seed, offset, from, d, 0, n);
      case long[] l -> Philox.randint(seed, offset, from, l, 0, n, low, high);
      default -> throw new AssertionError(block);
    }
  }

  /** Stores n elements at number {@code from} of the space and on. */
  private static void spread(DType type, Object block, int n, Object y, Geometry g, long from) {
    int inner = g.inner();
    Cursor c = g.cursor(from / inner);
    int column = (int) (from % inner);
    for (int i = 0; i < n; ) {
      int m = Math.min(inner - column, n - i);
      int yo = c.at[0] + column * g.step(0);
      if (type.floating()) {
        Rows.copy(Kind.of(type), block, i, 1, y, yo, g.step(0), m);
      } else {
        Rows.store(type, (long[]) block, i, y, yo, g.step(0), m);
      }
      i += m;
      column = 0;
      c.next();
    }
  }
}
