package org.cotangent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/** Search, distinct elements, counts and histograms of {@link Tensor}. Counts are int64 and have no gradient. */
public sealed interface TensorCounting permits Tensor {
  /** Distinct slices with the number of each element's slice among them, and how often each occurs. */
  record Unique(Tensor values, Tensor inverse, Tensor counts) {}

  /** What falls into each bin, and the bins' edges, one more. */
  record Histogram(Tensor counts, Tensor edges) {}

  private Tensor self() {
    return (Tensor) this;
  }

  // ---- search

  /**
   * Where to insert {@code v} into this, ascending along the last axis, so that it stays so: [..., n] and [..., k] → [..., k], int64; a
   * vector [n] serves values of any shape. Before equal elements, or after them if {@code right}. NaN counts as largest.
   *
   * @throws ShapeException if the leading axes differ
   */
  default Tensor searchsorted(Tensor v, boolean right) {
    Tensor s = self();
    if (s.rank() == 0) {
      throw new ShapeException("searchsorted: the sorted elements are a scalar");
    }
    int r = s.rank();
    boolean vector = r == 1;
    if (!vector && (v.rank() != r || !v.shape().range(0, r - 1).equals(s.shape().range(0, r - 1)))) {
      throw new ShapeException("searchsorted: sorted " + s.shape() + " and values " + v.shape() + " differ in leading axes");
    }
    return Gate.named(OpName.of("searchsorted"), () -> {
      DType t = Eager.resultType(s, v);
      Tensor sorted = s.detach().to(t);
      Tensor x = (vector ? v.reshape(-1) : v).detach().to(t);
      return halving(sorted, x, right).reshape(v.shape().dims());
    });
  }

  /** All values at once: each keeps an interval of places and halves it. */
  private static Tensor halving(Tensor sorted, Tensor x, boolean right) {
    int n = sorted.size(-1);
    Tensor low = Tensor.full(x.shape(), 0, DType.INT64, x.device());
    Tensor high = Tensor.full(x.shape(), n, DType.INT64, x.device());
    for (int width = n; width > 0 && x.size() > 0; width /= 2) {
      Tensor mid = low.add(high).floorDivide(2L);
      Tensor open = low.lt(high);
      Tensor at = sorted.gather(-1, mid.clampMax((long) (n - 1)));
      Tensor beyond = (right ? at.gt(x) : at.ge(x)).logicalNot().and(open);
      Tensor under = open.and(beyond.logicalNot());
      low = Tensor.where(beyond, mid.add(1L), low);
      high = Tensor.where(under, mid, high);
    }
    return low;
  }

  /** The number of the bin each element falls into: {@link #searchsorted} in {@code boundaries}, ascending, [n]. */
  default Tensor bucketize(Tensor boundaries, boolean right) {
    if (boundaries.rank() != 1) {
      throw new ShapeException("bucketize: the boundaries are " + boundaries.shape() + "; expected a vector");
    }
    return boundaries.searchsorted(self(), right);
  }

  /** Whether elements occur in {@code among}, as bool; NaN never does. */
  default Tensor isin(Tensor among) {
    if (among.size() == 0) {
      return Tensor.full(self().shape(), 0, DType.BOOL, self().device());
    }
    Tensor sorted = among.detach().reshape(-1).sort(0).values();
    Tensor at = sorted.searchsorted(self(), false).clampMax(sorted.size() - 1);
    return sorted.take(at).eq(self().detach());
  }

  // ---- distinct elements; the number is read from the data

  /** The distinct elements in ascending order, [k]; each NaN is one of its own. */
  default Unique unique() {
    return flat(distinct("unique", self().reshape(-1), 0, true));
  }

  /** The distinct slices of an axis in lexicographic order. */
  default Unique unique(int axis) {
    return distinct("unique", self(), axis, true);
  }

  /** The elements without those that equal their predecessor, [k]. */
  default Unique uniqueConsecutive() {
    return flat(distinct("uniqueConsecutive", self().reshape(-1), 0, false));
  }

  /** The slices of an axis without those that equal their predecessor. */
  default Unique uniqueConsecutive(int axis) {
    return distinct("uniqueConsecutive", self(), axis, false);
  }

  private static Unique distinct(String op, Tensor x, int axis, boolean sort) {
    int a = x.shape().axis(op, axis);
    if (x.rank() == 0) {
      throw new ShapeException(op + ": a scalar has no axis " + axis);
    }
    int n = x.size(a);
    int width = n == 0 ? 0 : (int) (x.size() / n);
    Rows rows = Rows.of(x.detach().movedim(a, 0).reshape(n, width));
    Integer[] order = new Integer[n];
    Arrays.setAll(order, i -> i);
    if (sort) {
      Arrays.sort(order, rows::compare);
    }
    List<Long> first = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    long[] inverse = new long[n];
    for (int i = 0; i < n; i++) {
      if (i > 0 && rows.equal(order[i], order[i - 1])) {
        counts.set(counts.size() - 1, counts.getLast() + 1);
      } else {
        first.add((long) order[i]);
        counts.add(1L);
      }
      inverse[order[i]] = first.size() - 1L;
    }
    Tensor values = x.indexSelect(a, longs(first, x.device()));
    return new Unique(values, Tensor.of(inverse).to(x.device()), longs(counts, x.device()));
  }

  private Unique flat(Unique u) {
    return new Unique(u.values(), u.inverse().reshape(self().shape().dims()), u.counts());
  }

  private static Tensor longs(List<Long> v, Device device) {
    return Tensor.of(v.stream().mapToLong(Long::longValue).toArray()).to(device);
  }

  /** The rows of a matrix on the host. */
  record Rows(double[] reals, long[] integers, int width) {
    static Rows of(Tensor x) {
      boolean real = x.dtype().floating();
      return new Rows(real ? x.toDoubleArray() : new double[0], real ? new long[0] : x.toLongArray(), x.size(1));
    }

    int compare(int i, int j) {
      for (int k = 0; k < width; k++) {
        int c = integers.length > 0 ? Long.compare(integers[i * width + k], integers[j * width + k])
            : compare(reals[i * width + k], reals[j * width + k]);
        if (c != 0) {
          return c;
        }
      }
      return Integer.compare(i, j);
    }

    private static int compare(double x, double y) {
      return x == y ? 0 : Double.compare(x, y);
    }

    boolean equal(int i, int j) {
      for (int k = 0; k < width; k++) {
        boolean same = integers.length > 0 ? integers[i * width + k] == integers[j * width + k]
            : reals[i * width + k] == reals[j * width + k];
        if (!same) {
          return false;
        }
      }
      return true;
    }
  }

  // ---- counts

  /** How often each of 0, 1, ... occurs in a vector of integers, for at least {@code least} numbers. */
  default Tensor bincount(int least) {
    Tensor x = counted(least);
    return bins(x, least).indexAdd(0, x, Tensor.full(x.shape(), 1, DType.INT64, x.device()), 1);
  }

  /** The sum of the weights of each of 0, 1, ...; float32 stays, other types give float64. */
  default Tensor bincount(Tensor weights, int least) {
    Tensor x = counted(least);
    if (!weights.shape().equals(x.shape())) {
      throw new ShapeException("bincount: weights " + weights.shape() + " do not fit " + x.shape());
    }
    Tensor w = weights.to(weights.dtype() == DType.FLOAT32 ? DType.FLOAT32 : DType.FLOAT64);
    return bins(x, least).to(w.dtype()).indexAdd(0, x, w, 1);
  }

  private Tensor counted(int least) {
    if (self().rank() != 1 || !self().dtype().integer()) {
      throw new DTypeException("bincount: needs a vector of integers, not " + self().dtype() + " " + self().shape());
    }
    if (least < 0) {
      throw new ArgumentException("bincount: at least " + least + " numbers");
    }
    if (self().size() > 0 && self().min().itemLong() < 0) {
      throw new ArgumentException("bincount: a number is negative: " + self().min().itemLong());
    }
    return self().to(DType.INT64);
  }

  private static Tensor bins(Tensor x, int least) {
    long n = x.size() == 0 ? least : Math.max(least, x.max().itemLong() + 1);
    return Tensor.full(Shape.of(Math.toIntExact(n)), 0, DType.INT64, x.device());
  }

  /**
   * How many elements fall into each of {@code bins} bins of equal width from low to high, which are the least and the largest element
   * if both are equal; in x's type. The last bin includes its end; elements outside and NaN do not count.
   */
  default Tensor histc(int bins, double low, double high) {
    Eager.requireFloating("histc", self());
    if (bins < 1) {
      throw new ArgumentException("histc: " + bins + " bins");
    }
    double[] ends = ends("histc", low, high, 1);
    Tensor ones = Tensor.onesLike(self());
    return counts(bins, ends, self().reshape(-1), ones.reshape(-1));
  }

  private double[] ends(String op, double low, double high, double around) {
    double a = low;
    double b = high;
    if (a == b && self().size() > 0) {
      a = self().detach().min().item();
      b = self().detach().max().item();
    }
    if (a == b) {
      a -= around;
      b += around;
    }
    if (!Double.isFinite(a) || !Double.isFinite(b) || a > b) {
      throw new ArgumentException(op + ": the range from " + a + " to " + b + " is not finite and ascending");
    }
    return new double[] {a, b};
  }

  private static Tensor counts(int bins, double[] ends, Tensor x, Tensor weights) {
    Tensor v = x.detach();
    Tensor inside = v.ge(ends[0]).logicalAnd(v.le(ends[1]));
    Tensor place = v.sub(ends[0]).mul(bins / (ends[1] - ends[0])).floor();
    Tensor at = Tensor.where(inside, place, Tensor.zerosLike(place)).to(DType.INT64).clampMax((long) (bins - 1)).clampMin(0L);
    Tensor w = Tensor.where(inside, weights, Tensor.zerosLike(weights));
    return Tensor.full(Shape.of(bins), 0, w.dtype(), w.device()).scatterAdd(0, at, w);
  }

  /**
   * Elements, each with its weight, in {@code bins} bins of equal width from low to high, which are the least and the largest element if
   * both are equal; with {@code density} the integral over all bins is 1.
   */
  default Histogram histogram(int bins, double low, double high, Tensor weights, boolean density) {
    Eager.requireFloating("histogram", self());
    if (bins < 1) {
      throw new ArgumentException("histogram: " + bins + " bins");
    }
    double[] ends = low == high && self().size() == 0 ? new double[] {0, 1} : ends("histogram", low, high, 0.5);
    return histogram(Tensor.linspace(ends[0], ends[1], bins + 1, self().dtype()).to(self().device()), weights, density);
  }

  /** Elements, each with its weight, in bins between {@code edges}, ascending, [k + 1]. */
  default Histogram histogram(Tensor edges, Tensor weights, boolean density) {
    Eager.requireFloating("histogram", self());
    if (edges.rank() != 1 || edges.size() < 1) {
      throw new ShapeException("histogram: the edges are " + edges.shape() + "; expected a vector of at least one");
    }
    if (!weights.shape().equals(self().shape())) {
      throw new ShapeException("histogram: weights " + weights.shape() + " do not fit " + self().shape());
    }
    int k = (int) edges.size() - 1;
    Tensor x = self().detach().reshape(-1);
    Tensor e = edges.detach();
    Tensor w = weights.detach().reshape(-1);
    if (k == 0) {
      return new Histogram(Tensor.full(Shape.of(0), 0, w.dtype(), w.device()), e.alias());
    }
    Tensor inside = x.ge(e.select(0, 0)).logicalAnd(x.le(e.select(0, k)));
    Tensor at = e.searchsorted(x, true).sub(1L).clampMin(0L).clampMax((long) (k - 1));
    Tensor counted = Tensor.where(inside, w, Tensor.zerosLike(w));
    Tensor hist = Tensor.full(Shape.of(k), 0, w.dtype(), w.device()).scatterAdd(0, at, counted);
    return new Histogram(density ? hist.div(hist.sum()).div(e.diff(1, 0)) : hist, e.alias());
  }
}
