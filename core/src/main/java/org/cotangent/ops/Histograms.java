package org.cotangent.ops;

import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;

/** Counts of points in boxes. They have no gradient. */
public final class Histograms {
  private Histograms() {}

  /** What falls into each box, [k...], and the edges along each axis, [k + 1] each. */
  public record Boxes(Tensor counts, Tensor[] edges) {}

  /**
   * Points [..., d], each with its weight [...], in {@code bins[i]} parts of equal width along axis i, from {@code ranges[2 i]} to {@code
   * ranges[2 i + 1]}, or from the smallest to the largest coordinate if no ranges are given; with {@code density} divided by volume and
   * sum.
   *
   * @throws ArgumentException if bins or ranges do not fit the d axes
   */
  public static Boxes histogramdd(Tensor points, int[] bins, double[] ranges, Tensor weights, boolean density) {
    int d = axes(points);
    if (bins.length != d || ranges.length != 0 && ranges.length != 2 * d) {
      throw new ArgumentException("histogramdd: " + bins.length + " numbers of bins and " + ranges.length + " ends for " + d + " axes");
    }
    Tensor[] edges = new Tensor[d];
    for (int i = 0; i < d; i++) {
      if (bins[i] < 1) {
        throw new ArgumentException("histogramdd: " + bins[i] + " bins along axis " + i);
      }
      Tensor x = points.detach().select(-1, i);
      double low = ranges.length > 0 ? ranges[2 * i] : x.size() == 0 ? 0 : x.min().item();
      double high = ranges.length > 0 ? ranges[2 * i + 1] : x.size() == 0 ? 1 : x.max().item();
      if (!(low <= high) || Double.isInfinite(high - low)) {
        throw new ArgumentException("histogramdd: the range of axis " + i + " is not finite or turned round: " + low + " to " + high);
      }
      double more = low == high ? 0.5 : 0;
      edges[i] = Tensor.linspace(low - more, high + more, bins[i] + 1, points.dtype()).to(points.device());
    }
    return histogramdd(points, edges, weights, density);
  }

  /**
   * Points [..., d], each with its weight [...], between edges, ascending, [k + 1] for each axis; the last box of an axis contains its
   * end.
   *
   * @throws ShapeException if edges or weights do not fit
   */
  public static Boxes histogramdd(Tensor points, Tensor[] edges, Tensor weights, boolean density) {
    int d = axes(points);
    if (edges.length != d || !weights.shape().equals(points.shape().without(points.rank() - 1))) {
      throw new ShapeException("histogramdd: " + edges.length + " lists of edges and weights " + weights.shape() + " do not fit " + points.shape());
    }
    int[] k = new int[d];
    Tensor w = weights.detach().reshape(-1);
    Tensor at = Tensor.zerosLike(w).to(org.cotangent.DType.INT64);
    Tensor volume = Tensor.full(Shape.SCALAR, 1, points.dtype(), points.device());
    for (int i = 0; i < d; i++) {
      Tensor e = edges[i].detach();
      k[i] = e.size(0) - 1;
      if (e.rank() != 1 || k[i] < 1) {
        throw new ShapeException("histogramdd: the edges of axis " + i + " are " + e.shape() + "; expected a vector of at least two");
      }
      Tensor x = points.detach().select(-1, i).reshape(-1);
      Tensor inside = x.ge(e.select(0, 0)).logicalAnd(x.le(e.select(0, k[i])));
      w = Tensor.where(inside, w, Tensor.zerosLike(w));
      at = at.mul((long) k[i]).add(e.searchsorted(x, true).sub(1L).clamp(0, k[i] - 1));
      volume = volume.unsqueeze(-1).mul(e.diff(1, 0));
    }
    int boxes = Shape.of(k).dims().length == 0 ? 1 : Math.toIntExact(Shape.of(k).size());
    Tensor counts = Tensor.full(Shape.of(boxes), 0, w.dtype(), w.device()).scatterAdd(0, at, w).reshape(k);
    Tensor[] own = new Tensor[d];
    for (int i = 0; i < d; i++) {
      own[i] = edges[i].view(edges[i].shape().dims());
    }
    return new Boxes(density ? counts.div(counts.sum()).div(volume) : counts, own);
  }

  private static int axes(Tensor points) {
    if (!points.dtype().floating()) {
      throw new DTypeException("histogramdd: needs floating points, not " + points.dtype());
    }
    if (points.rank() < 2) {
      throw new ShapeException("histogramdd: points are " + points.shape() + "; expected [..., d]");
    }
    return points.size(-1);
  }
}
