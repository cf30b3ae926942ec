package org.cotangent.lower;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.cotangent.primitive.Contract;
import org.cotangent.spi.Layout;

/**
 * How a {@link Contract} becomes one (strided-batched) matrix product.
 *
 * <p>Letters fall into four groups: batch (in both operands and the result), rows, columns, and contracted. A group is one axis of
 * the product when its strides merge. Letters that keep rows or columns from merging are counted as batch, with stride 0 in the
 * operand that lacks them; if that does not work either, the operand is copied into order. The result is dense in the order batch,
 * rows, columns, and {@code outPerm} brings it into the order asked for, as a view.
 *
 * @param swapped whether the operands change places, so that the result's last axis is contiguous
 * @param left the first matrix of each product, [batch, m, k]
 * @param right the second, [batch, k, n]
 * @param outDims sizes of the result's letters in the order in which it is stored
 * @param outPerm axis i of the asked result is axis outPerm[i] of the stored one
 */
public record GemmPlan(
    boolean swapped, int batch, int m, int n, int k, Matrix left, Matrix right, int[] outDims, int[] outPerm) {

  /**
   * One operand.
   *
   * @param copy the order of its axes to copy it into first; empty if it is used in place
   * @param trans whether it is stored with rows and columns exchanged
   * @param ld elements between stored rows
   * @param batchStride elements between products; 0 if shared
   */
  public record Matrix(Optional<int[]> copy, boolean trans, int ld, long batchStride) {}

  private static final int KEPT = 4096;
  /** A program repeats its products from step to step, and finding a plan again costs a tenth of making it. */
  private static final ConcurrentHashMap<Key, GemmPlan> KNOWN = new ConcurrentHashMap<>();

  /** What a plan depends on: where an operand begins is none of it. */
  private record Key(Contract c, Layout a, Layout b) {
    @Override
    public boolean equals(Object o) {
      return o instanceof Key k && c.a().equals(k.c.a()) && c.b().equals(k.c.b()) && c.out().equals(k.c.out()) && same(a, k.a) && same(b, k.b);
    }

    private static boolean same(Layout x, Layout y) {
      return Arrays.equals(x.dims(), y.dims()) && Arrays.equals(x.strides(), y.strides());
    }

    @Override
    public int hashCode() {
      int letters = (c.a().hashCode() * 31 + c.b().hashCode()) * 31 + c.out().hashCode();
      return (letters * 31 + hash(a)) * 31 + hash(b);
    }

    private static int hash(Layout l) {
      return Arrays.hashCode(l.dims()) * 31 + Arrays.hashCode(l.strides());
    }
  }

  /** The plan for operands in these layouts. */
  public static GemmPlan of(Contract c, Layout a, Layout b) {
    var key = new Key(c, a, b);
    GemmPlan p = KNOWN.get(key);
    if (p == null) {
      p = make(c, a, b);
      if (KNOWN.size() >= KEPT) {
        KNOWN.clear();
      }
      KNOWN.put(key, p);
    }
    return p;
  }

  private static GemmPlan make(Contract c, Layout a, Layout b) {
    boolean swap = !c.out().isEmpty() && c.b().indexOf(c.out().charAt(c.out().length() - 1)) < 0;
    return swap ? new Builder(c.b(), c.a(), c.out(), b, a).plan(true) : new Builder(c.a(), c.b(), c.out(), a, b).plan(false);
  }

  /** Whether the product runs without copying an operand. */
  public boolean inPlace() {
    return copied() == 0;
  }

  /** Number of operands that are copied. */
  private int copied() {
    return (left.copy().isPresent() ? 1 : 0) + (right.copy().isPresent() ? 1 : 0);
  }

  private static final class Builder {
    private final Side x;
    private final Side y;
    private final String out;
    private final List<Character> batch = new ArrayList<>();
    private final List<Character> rows = new ArrayList<>();
    private final List<Character> cols = new ArrayList<>();
    private final List<Character> inner = new ArrayList<>();

    Builder(String a, String b, String out, Layout la, Layout lb) {
      this.x = new Side(a, la);
      this.y = new Side(b, lb);
      this.out = out;
      for (char l : out.toCharArray()) {
        (a.indexOf(l) < 0 ? cols : b.indexOf(l) < 0 ? rows : batch).add(l);
      }
      for (char l : a.toCharArray()) {
        if (out.indexOf(l) < 0) {
          inner.add(l);
        }
      }
      rows.sort(x.byStride());
      cols.sort(y.byStride());
      inner.sort(x.byStride());
    }

    GemmPlan plan(boolean swapped) {
      List<Character> r = tail(x, rows);
      List<Character> c = tail(y, cols);
      var all = new ArrayList<>(batch);
      all.addAll(rows.subList(0, rows.size() - r.size()));
      all.addAll(cols.subList(0, cols.size() - c.size()));
      all.sort(Comparator.comparingInt(out::indexOf));
      GemmPlan plain = build(swapped, batch, rows, cols);
      if (!plain.inPlace() && all.size() > batch.size() && x.merges(all) && y.merges(all)) {
        GemmPlan p = build(swapped, all, r, c);
        if (p.copied() < plain.copied() && x.copies(p.left(), all) && y.copies(p.right(), all)) {
          return p;
        }
      }
      return plain;
    }

    private GemmPlan build(boolean swapped, List<Character> bs, List<Character> rs, List<Character> cs) {
      int m = size(rs);
      int n = size(cs);
      int k = size(inner);
      Matrix left = x.matrix(bs, rs, inner, m, k);
      Matrix right = y.matrix(bs, inner, cs, k, n);
      String order = text(bs) + text(rs) + text(cs);
      int[] dims = order.chars().map(l -> size(List.of((char) l))).toArray();
      int[] perm = out.chars().map(order::indexOf).toArray();
      return new GemmPlan(swapped, size(bs), m, n, k, left, right, dims, perm);
    }

    private static List<Character> tail(Side s, List<Character> letters) {
      int from = letters.size();
      while (from > 0 && s.merges(letters.subList(from - 1, letters.size()))) {
        from--;
      }
      return letters.subList(from, letters.size());
    }

    private int size(List<Character> letters) {
      int n = 1;
      for (char l : letters) {
        n = Math.multiplyExact(n, x.has(l) ? x.dim(l) : y.dim(l));
      }
      return n;
    }
  }

  private static String text(List<Character> letters) {
    var s = new StringBuilder();
    letters.forEach(s::append);
    return s.toString();
  }

  /** An operand: its letters and where they lie. */
  private record Side(String letters, Layout layout) {
    boolean has(char l) {
      return letters.indexOf(l) >= 0;
    }

    int dim(char l) {
      return layout.dims()[letters.indexOf(l)];
    }

    int stride(char l) {
      int i = letters.indexOf(l);
      return i < 0 ? 0 : layout.strides()[i];
    }

    /** Whether this operand is used in place, or a copy of it has all of the batch letters or none: a copy has one stride for them. */
    boolean copies(Matrix m, List<Character> bs) {
      boolean lacks = bs.stream().anyMatch(l -> !has(l));
      return m.copy().isEmpty() || !lacks || bs.stream().allMatch(l -> !has(l) || dim(l) == 1);
    }

    Comparator<Character> byStride() {
      return Comparator.comparingInt(l -> -Math.abs(stride(l)));
    }

    /** Whether the letters, outermost first, step through this operand as one axis does. */
    boolean merges(List<Character> group) {
      long next = 0;
      boolean any = false;
      for (int i = group.size() - 1; i >= 0; i--) {
        char l = group.get(i);
        int d = has(l) ? dim(l) : 2;
        if (d == 1) {
          continue;
        }
        if (any && stride(l) != next) {
          return false;
        }
        any = true;
        next = has(l) ? (long) stride(l) * d : 0;
      }
      return true;
    }

    /** Stride of the merged group; 1 if it has a single element. */
    int step(List<Character> group) {
      for (int i = group.size() - 1; i >= 0; i--) {
        if (has(group.get(i)) && dim(group.get(i)) != 1) {
          return stride(group.get(i));
        }
      }
      return has1(group) ? 1 : 0;
    }

    private boolean has1(List<Character> group) {
      return group.stream().anyMatch(this::has);
    }

    Matrix matrix(List<Character> bs, List<Character> rs, List<Character> cs, int rows, int cols) {
      long bstride = bs.isEmpty() ? 0 : batchStep(bs);
      if (bstride >= 0 && merges(bs) && merges(rs) && merges(cs)) {
        int r = rows == 1 ? Math.max(1, cols) : step(rs);
        int c = cols == 1 ? 1 : step(cs);
        if (c == 1 && r >= Math.max(1, cols)) {
          return new Matrix(Optional.empty(), false, r, bstride);
        }
        int rt = rows == 1 ? 1 : step(rs);
        int ct = cols == 1 ? Math.max(1, rows) : step(cs);
        if (rt == 1 && ct >= Math.max(1, rows)) {
          return new Matrix(Optional.empty(), true, ct, bstride);
        }
      }
      boolean trans = longerRuns(rs, cs);
      String order = text(bs.stream().filter(this::has).toList()) + (trans ? text(cs) + text(rs) : text(rs) + text(cs));
      int[] perm = order.chars().map(letters::indexOf).toArray();
      boolean shared = bs.stream().allMatch(l -> !has(l) || dim(l) == 1);
      return new Matrix(Optional.of(perm), trans, Math.max(1, trans ? rows : cols), shared ? 0 : (long) rows * cols);
    }

    /** Whether more elements lie side by side along the last of {@code a} than along the last of {@code b}. */
    private boolean longerRuns(List<Character> a, List<Character> b) {
      return run(a) > run(b);
    }

    /** Elements side by side along the last letter of a group that is longer than 1. */
    private int run(List<Character> group) {
      for (int i = group.size() - 1; i >= 0; i--) {
        char l = group.get(i);
        if (dim(l) != 1) {
          return Math.abs(stride(l)) == 1 ? dim(l) : 1;
        }
      }
      return 1;
    }

    private long batchStep(List<Character> bs) {
      for (int i = bs.size() - 1; i >= 0; i--) {
        char l = bs.get(i);
        if (!has(l)) {
          return 0;
        }
        if (dim(l) != 1) {
          return stride(l);
        }
      }
      return 0;
    }
  }
}
