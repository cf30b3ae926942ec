package org.cotangent.cpu.kernel;

import org.cotangent.DType;
import org.cotangent.cpu.Pool;
import org.cotangent.cpu.vector.PairLines;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;

/**
 * Adds windows back to where they were taken from. The position in the window is the outermost loop, so each place is added to in that order and
 * rows are as long as the other axes allow.
 */
public final class OverlapAdd {
  private static final int GRAIN = 16 * 1024;

  private OverlapAdd() {}

  /** out[.., o * stride + k * dilation, ..] += in[.., o, .., k], the window axis last. */
  public static void run(Pool pool, Operand in, int axis, int stride, int dilation, Operand out) {
    if (Geometry.empty(in.layout())) {
      return;
    }
    Layout from = windowFirst(in.layout());
    Layout to = targets(from, out.layout(), axis, stride, dilation);
    int split = widest(from.dims(), axis + 1);
    int size = from.dims()[split];
    int pieces = Math.min(size, Pool.pieces(from.size(), GRAIN));
    DType type = in.dtype();
    Object x = HeapBuffer.data(in);
    Object y = HeapBuffer.data(out);
    pool.forEach(split == axis + 1 ? 1 : pieces, p -> {
      int a = split == axis + 1 ? 0 : (int) ((long) size * p / pieces);
      int b = split == axis + 1 ? size : (int) ((long) size * (p + 1) / pieces);
      Geometry g = Geometry.of(part(from, split, a, b), part(to, split, a, b));
      Cursor c = g.cursor(0);
      if (type == DType.FLOAT32 && shortRows(g) && PairTier.ADD.serves(g.size())) {
        addRows((float[]) x, (float[]) y, g, c);
        return;
      }
      for (long r = g.rows(); r > 0; r--) {
        Accumulate.row(type, x, c.at[0], g.step(0), y, c.at[1], g.step(1), g.inner());
        c.next();
      }
    });
  }

  private static boolean shortRows(Geometry g) {
    return g.dims().length > 1 && g.step(0) == 1 && g.step(1) == 1 && g.inner() <= PairTier.LONGEST;
  }

  /** Short rows, as many as lie evenly at a time. */
  private static void addRows(float[] x, float[] y, Geometry g, Cursor c) {
    int last = g.dims().length - 2;
    int m = g.dims()[last];
    for (long r = g.rows(); r > 0; r -= m) {
      PairLines.addRows(x, c.at[0], g.strides()[0][last], y, c.at[1], g.strides()[1][last], m, g.inner());
      c.advance(m);
    }
  }

  private static Layout windowFirst(Layout l) {
    int[] perm = new int[l.rank()];
    perm[0] = l.rank() - 1;
    for (int i = 1; i < perm.length; i++) {
      perm[i] = i - 1;
    }
    return l.permute(perm);
  }

  /** Where each element of {@code from}, window axis first, goes. */
  private static Layout targets(Layout from, Layout out, int axis, int stride, int dilation) {
    int[] s = new int[from.rank()];
    s[0] = dilation * out.strides()[axis];
    for (int i = 0; i < out.rank(); i++) {
      s[i + 1] = out.strides()[i] * (i == axis ? stride : 1);
    }
    return new Layout(from.dims(), s, out.offset());
  }

  /** The longest axis that no two elements of one place differ along; {@code windows} if there is none. */
  private static int widest(int[] dims, int windows) {
    int best = windows;
    for (int i = 1; i < dims.length; i++) {
      if (i != windows && (best == windows || dims[i] > dims[best])) {
        best = i;
      }
    }
    return best;
  }

  private static Layout part(Layout l, int axis, int from, int to) {
    int[] d = l.dims().clone();
    d[axis] = to - from;
    return new Layout(d, l.strides(), l.offset() + from * l.strides()[axis]);
  }
}
