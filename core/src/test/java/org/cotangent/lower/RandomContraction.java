package org.cotangent.lower;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.cotangent.primitive.Contract;
import org.cotangent.spi.Layout;

/** A contraction of random letters, sizes and layouts, computed by its plan and by definition; small integers, so exactly. */
final class RandomContraction {
  private final Contract contract;
  private final int[] sizes;
  private final double[] x;
  private final double[] y;
  private final Layout lx;
  private final Layout ly;

  private RandomContraction(Contract c, int[] sizes, double[] x, Layout lx, double[] y, Layout ly) {
    this.contract = c;
    this.sizes = sizes;
    this.x = x;
    this.lx = lx;
    this.y = y;
    this.ly = ly;
  }

  static RandomContraction of(Random r) {
    int n = 1 + r.nextInt(7);
    int[] sizes = r.ints(n, 1, 4).toArray();
    List<Character> a = new ArrayList<>();
    List<Character> b = new ArrayList<>();
    List<Character> o = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      char l = (char) ('a' + i);
      int where = r.nextInt(4); // in all three, or missing from one
      if (where != 1) {
        a.add(l);
      }
      if (where != 2) {
        b.add(l);
      }
      if (where != 3) {
        o.add(l);
      }
    }
    Collections.shuffle(a, r);
    Collections.shuffle(b, r);
    Collections.shuffle(o, r);
    Contract c = new Contract(text(a), text(b), text(o));
    double[] x = r.ints(4000, -3, 4).asDoubleStream().toArray();
    double[] y = r.ints(4000, -3, 4).asDoubleStream().toArray();
    return new RandomContraction(c, sizes, x, layout(c.a(), sizes, r), y, layout(c.b(), sizes, r));
  }

  private static String text(List<Character> l) {
    var s = new StringBuilder();
    l.forEach(s::append);
    return s.toString();
  }

  /** Dense, permuted, with gaps, or with a repeated axis. */
  private static Layout layout(String letters, int[] sizes, Random r) {
    int[] d = letters.chars().map(l -> sizes[l - 'a']).toArray();
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < d.length; i++) {
      order.add(i);
    }
    if (r.nextBoolean()) {
      Collections.shuffle(order, r);
    }
    int[] s = new int[d.length];
    int step = r.nextInt(4) == 0 ? 2 : 1;
    for (int k = d.length - 1; k >= 0; k--) {
      int i = order.get(k);
      boolean repeat = r.nextInt(8) == 0;
      s[i] = repeat ? 0 : step;
      step *= repeat ? 1 : d[i];
      step += r.nextInt(6) == 0 ? 1 : 0;
    }
    return new Layout(d, s, r.nextInt(3));
  }

  void check() {
    GemmPlan p = GemmPlan.of(contract, lx, ly);
    double[] left = ordered(p.left(), p.swapped() ? y : x, p.swapped() ? ly : lx);
    double[] right = ordered(p.right(), p.swapped() ? x : y, p.swapped() ? lx : ly);
    int lo = p.left().copy().isPresent() ? 0 : (p.swapped() ? ly : lx).offset();
    int ro = p.right().copy().isPresent() ? 0 : (p.swapped() ? lx : ly).offset();
    inside(p.left(), p.m(), p.k(), lo, p.batch(), p.left().copy().isPresent() ? left.length : extent(p.swapped() ? ly : lx));
    inside(p.right(), p.k(), p.n(), ro, p.batch(), p.right().copy().isPresent() ? right.length : extent(p.swapped() ? lx : ly));
    double[] z = new double[p.batch() * p.m() * p.n()];
    for (int b = 0; b < p.batch(); b++) {
      for (int i = 0; i < p.m(); i++) {
        for (int j = 0; j < p.n(); j++) {
          double sum = 0;
          for (int k = 0; k < p.k(); k++) {
            sum += left[(int) (lo + b * p.left().batchStride()) + at(p.left(), i, k)]
                * right[(int) (ro + b * p.right().batchStride()) + at(p.right(), k, j)];
          }
          z[(b * p.m() + i) * p.n() + j] = sum;
        }
      }
    }
    double[] asked = read(z, Layout.dense(p.outDims()).permute(p.outPerm()));
    assertThat(asked).as("%s %s of %s and %s", contract, p, lx, ly).containsExactly(expected());
  }

  /** One more than the largest offset that a layout reads. */
  private static long extent(Layout l) {
    long end = l.offset() + 1;
    for (int k = 0; k < l.rank(); k++) {
      end += (long) (l.dims()[k] - 1) * l.strides()[k];
    }
    return end;
  }

  /** The matrices of a product lie inside the operand: BLAS is told extents, not elements. */
  private void inside(GemmPlan.Matrix m, int rows, int cols, int offset, int batch, long length) {
    int height = m.trans() ? cols : rows;
    int width = m.trans() ? rows : cols;
    long end = offset + (batch - 1) * m.batchStride() + (height - 1L) * m.ld() + width;
    assertThat(end).as("end of %s for %s of %s and %s", m, contract, lx, ly).isLessThanOrEqualTo(length);
  }

  private static int at(GemmPlan.Matrix m, int i, int j) {
    return m.trans() ? j * m.ld() + i : i * m.ld() + j;
  }

  private static double[] ordered(GemmPlan.Matrix m, double[] v, Layout l) {
    return m.copy().isEmpty() ? v : read(v, l.permute(m.copy().get()));
  }

  private static double[] read(double[] v, Layout l) {
    double[] r = new double[(int) l.size()];
    for (int i = 0; i < r.length; i++) {
      int rest = i;
      int at = l.offset();
      for (int k = l.rank() - 1; k >= 0; k--) {
        at += rest % l.dims()[k] * l.strides()[k];
        rest /= l.dims()[k];
      }
      r[i] = v[at];
    }
    return r;
  }

  private double[] expected() {
    int[] od = contract.out().chars().map(l -> sizes[l - 'a']).toArray();
    Layout lo = Layout.dense(od);
    double[] z = new double[(int) lo.size()];
    int total = 1;
    for (int s : sizes) {
      total *= s;
    }
    for (int i = 0; i < total; i++) {
      int[] index = new int[sizes.length];
      int rest = i;
      for (int k = sizes.length - 1; k >= 0; k--) {
        index[k] = rest % sizes[k];
        rest /= sizes[k];
      }
      z[place(contract.out(), lo, index)] += x[place(contract.a(), lx, index)] * y[place(contract.b(), ly, index)];
    }
    return z;
  }

  private static int place(String letters, Layout l, int[] index) {
    int at = l.offset();
    for (int k = 0; k < letters.length(); k++) {
      at += index[letters.charAt(k) - 'a'] * l.strides()[k];
    }
    return at;
  }
}
