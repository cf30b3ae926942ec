package org.cotangent.ops;

import org.cotangent.DType;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.TensorScatter.Combination;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.IndexException;
import org.cotangent.errors.ShapeException;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/** Runs of neighbours along an axis, each made one. */
public final class Segments {
  private Segments() {}

  /**
   * What the elements of each segment make along {@code axis}: x [..., n, ...] and lengths [..., k], int64, which sum to n, → [..., k,
   * ...]. An empty segment gives 0 for sums, 1 for products, NaN for means and infinities for extremes.
   *
   * @throws ShapeException if the lengths do not begin with the axes before {@code axis}
   * @throws IndexException if lengths are negative or do not sum to n
   */
  public static Tensor segmentReduce(Tensor x, Tensor lengths, int axis, Combination how) {
    double start = switch (how) {
      case SUM, MEAN -> 0;
      case PROD -> 1;
      case AMAX -> Double.NEGATIVE_INFINITY;
      case AMIN -> Double.POSITIVE_INFINITY;
    };
    Tensor y = segmentReduce(x, lengths, axis, how, start);
    return how != Combination.MEAN ? y : Tensor.where(within(x, lengths).eq(0L), Tensor.full(Shape.SCALAR, Double.NaN, y.dtype(), y.device()), y);
  }

  /** {@link #segmentReduce(Tensor, Tensor, int, Combination)} with one more number in each segment, which a mean does not count. */
  public static Tensor segmentReduce(Tensor x, Tensor lengths, int axis, Combination how, double initial) {
    String op = "segmentReduce";
    int a = x.shape().axis(op, axis);
    if (!x.dtype().floating() || lengths.dtype() != DType.INT64) {
      throw new DTypeException(op + ": expected floating elements and int64 lengths, not " + x.dtype() + " and " + lengths.dtype());
    }
    if (lengths.rank() != a + 1 || !lengths.shape().range(0, a).equals(x.shape().range(0, a))) {
      throw new ShapeException(op + ": lengths " + lengths.shape() + " do not fit axis " + axis + " of " + x.shape());
    }
    int n = x.size(a);
    Tensor ends = lengths.detach().cumsum(-1);
    if (lengths.size() > 0 && (lengths.lt(0L).any().itemLong() != 0 || ends.select(-1, -1).ne((long) n).any().itemLong() != 0)) {
      throw new IndexException(op + ": lengths are negative or do not sum to the " + n + " elements of axis " + axis);
    }
    return Gate.named(OpName.of(op), () -> {
      int[] out = x.shape().dims();
      out[a] = lengths.size(-1);
      Tensor start = Tensor.full(Shape.of(out), initial, x.dtype(), x.device());
      if (x.size() == 0 || start.size() == 0) {
        return start;
      }
      int[] lead = x.shape().range(0, a).append(n).dims();
      Tensor at = ends.searchsorted(Tensor.arange(n).to(x.device()).expand(lead), true);
      Combination sum = how == Combination.MEAN ? Combination.SUM : how;
      boolean extreme = how == Combination.AMAX || how == Combination.AMIN;
      Tensor places = aligned(at, x.rank()).expand(x.shape().dims());
      if (extreme) {
        return extreme(a, places, x, how, start);
      }
      Tensor y = start.scatterReduce(a, places, x, sum, true);
      return how != Combination.MEAN ? y : y.div(within(x, lengths).clampMin(1L).to(x.dtype()));
    });
  }

  /** The elements share the gradient, and of those with NaN the NaN; the initial number takes none of it. */
  private static Tensor extreme(int axis, Tensor at, Tensor x, Combination how, Tensor start) {
    Tensor nan = x.isNan();
    Tensor numbers = x.maskedFill(nan, how == Combination.AMAX ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
    Tensor y = start.scatterReduce(axis, at, numbers, how, false);
    Tensor best = Tensor.where(how == Combination.AMAX ? start.gt(y) : start.lt(y), start, y);
    Tensor none = Tensor.zerosLike(start);
    Tensor count = none.scatterAdd(axis, at, nan.to(x.dtype()));
    Tensor nans = none.scatterAdd(axis, at, x.maskedFill(nan.not(), 0)).div(count.clampMin(1.0));
    return Tensor.where(count.gt(0), nans, best);
  }

  /** The lengths with axes of size 1 for those behind. */
  private static Tensor within(Tensor x, Tensor lengths) {
    return aligned(lengths.detach(), x.rank());
  }

  private static Tensor aligned(Tensor t, int rank) {
    Tensor y = t;
    while (y.rank() < rank) {
      y = y.unsqueeze(-1);
    }
    return y;
  }
}
