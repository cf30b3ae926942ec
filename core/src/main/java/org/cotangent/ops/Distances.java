package org.cotangent.ops;

import org.cotangent.DType;
import org.cotangent.Primitives;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/** How far vectors are apart, and losses made of that. */
public final class Distances {
  private Distances() {}

  /**
   * x · y / (|x| |y|) along an axis of tensors that broadcast; each length counts as at least eps.
   *
   * @throws org.cotangent.errors.ShapeException if the shapes do not broadcast
   */
  public static Tensor cosineSimilarity(Tensor x, Tensor y, int axis, double eps) {
    Shape s = Shape.broadcast("cosineSimilarity", x.shape(), y.shape());
    DType common = DType.promote(x.dtype(), y.dtype());
    return Primitives.single("cosineSimilarity", "Sum", x.to(common), v -> {
      Tensor a = v.expand(s.dims());
      Tensor b = y.to(v.dtype()).expand(s.dims());
      return direction(a, axis, eps).mul(direction(b, axis, eps)).sum(axis);
    });
  }

  /** The length's bound is applied to the number and not to the derivative, as PyTorch does. */
  private static Tensor direction(Tensor x, int axis, double eps) {
    Tensor length = x.norm(2, new int[] {axis}, true);
    Tensor known = length.detach();
    Tensor bounded = Tensor.where(known.lt(eps), length.sub(known).add(eps), length);
    return x.div(bounded);
  }

  /** The p-norm of x - y + eps over the last axis; tensors that broadcast. */
  public static Tensor pairwiseDistance(Tensor x, Tensor y, double p, double eps, boolean keepdim) {
    DType common = DType.promote(x.dtype(), y.dtype());
    return Primitives.single("pairwiseDistance", "LinalgVectorNorm", x.to(common), v -> v.sub(y).add(eps).norm(p, new int[] {-1}, keepdim));
  }

  /**
   * The p-norms of the differences of all pairs of rows: [n, d] → [n (n - 1) / 2], in the order (0, 1), (0, 2), ..., (1, 2), ...
   *
   * @throws org.cotangent.errors.ShapeException if x is no matrix
   * @throws ArgumentException if p is negative
   */
  public static Tensor pdist(Tensor x, double p) {
    if (x.rank() != 2) {
      throw new org.cotangent.errors.ShapeException("pdist: only supports 2D tensors, got: " + x.shape());
    }
    if (!(p >= 0)) {
      throw new ArgumentException("pdist: only supports non-negative p values: " + p);
    }
    int n = x.size(0);
    long[] first = new long[n * (n - 1) / 2];
    long[] second = new long[first.length];
    for (int i = 0, k = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++, k++) {
        first[k] = i;
        second[k] = j;
      }
    }
    return Gate.named(OpName.of("pdist", "PdistForward"), () -> length(x.indexSelect(0, Tensor.of(first).to(x.device()))
        .sub(x.indexSelect(0, Tensor.of(second).to(x.device()))), p));
  }

  /**
   * The p-norms of the differences of all rows: [..., n, d] and [..., m, d] → [..., n, m]; leading axes broadcast. The gradient at
   * distance 0 is 0.
   *
   * @throws org.cotangent.errors.ShapeException if d differs or there are fewer than two axes
   * @throws ArgumentException if p is negative
   */
  public static Tensor cdist(Tensor x, Tensor y, double p) {
    if (x.rank() < 2 || y.rank() < 2 || x.size(-1) != y.size(-1)) {
      throw new org.cotangent.errors.ShapeException("cdist: rows of " + x.shape() + " and " + y.shape() + " differ or are missing");
    }
    if (!(p >= 0)) {
      throw new ArgumentException("cdist: the order of the norm is negative: " + p);
    }
    return x.dtype() == y.dtype() ? Primitives.single("cdist", "Cdist", x, v -> between(v, y.to(v.dtype()), p))
        : Gate.named(OpName.of("cdist"), () -> between(x, y, p));
  }

  private static Tensor between(Tensor x, Tensor y, double p) {
    Tensor d = x.unsqueeze(-2).sub(y.unsqueeze(-3));
    return d.size(-1) == 0 ? d.sum(-1) : length(d, p);
  }

  /** The p-norm along the last axis; of equal largest elements each has the whole slope of the infinite norm, as in PyTorch. */
  private static Tensor length(Tensor d, double p) {
    if (p == 0) {
      Expr x = Expr.arg(0);
      Expr one = Expr.cast(d.dtype(), Expr.call(Fn.NE, x, Expr.ZERO));
      return Primitives.pointwise(Expr.where(Expr.call(Fn.EQ, x, x), one, Expr.constant(Double.NaN)), d).sum(-1);
    }
    if (p != Double.POSITIVE_INFINITY) {
      return d.norm(p, new int[] {-1}, false);
    }
    Tensor size = d.abs();
    Tensor known = size.detach();
    Tensor largest = known.amax(new int[] {-1}, true);
    Tensor moves = size.sub(known).maskedFill(known.ne(largest), 0);
    return largest.squeeze(-1).add(moves.sum(-1));
  }

  /** max(x, least), whose gradient passes at the bound. */
  static Tensor atLeast(Tensor x, double least) {
    Expr a = Expr.arg(0);
    Expr l = Expr.constant(least);
    return Primitives.pointwise(Expr.where(Expr.call(Fn.GT, l, a), l, a), x);
  }

  /**
   * max(0, margin + d(anchor, positive) - d(anchor, negative)) for the p-norm distance d of {@link #pairwiseDistance} (Balntas et al.
   * 2016); with {@code swap} the negative's distance is the smaller of those to anchor and positive.
   *
   * @throws ArgumentException if the numbers of axes differ
   */
  public static Tensor tripletMarginLoss(
      Tensor anchor, Tensor positive, Tensor negative, double margin, double p, double eps, boolean swap, LossReduction reduction) {
    if (anchor.rank() != positive.rank() || anchor.rank() != negative.rank()) {
      throw new ArgumentException("tripletMarginLoss: anchor, positive and negative are expected to have the same number of dimensions: "
          + anchor.shape() + ", " + positive.shape() + ", " + negative.shape());
    }
    return Gate.named(OpName.of("tripletMarginLoss", gradOf(reduction)), () -> {
      Tensor near = pairwiseDistance(anchor, positive, p, eps, false);
      Tensor far = pairwiseDistance(anchor, negative, p, eps, false);
      Tensor other = swap ? far.minimum(pairwiseDistance(positive, negative, p, eps, false)) : far;
      return Losses.reduced(atLeast(near.sub(other).add(margin), 0), reduction);
    });
  }

  /**
   * max(0, margin + d(anchor, positive) - d(anchor, negative)) for any distance d; with {@code swap} the negative's distance is the
   * smaller of those to anchor and positive.
   */
  public static Tensor tripletMarginWithDistanceLoss(
      Tensor anchor, Tensor positive, Tensor negative, java.util.function.BinaryOperator<Tensor> distance, double margin, boolean swap,
      LossReduction reduction) {
    return Gate.named(OpName.of("tripletMarginWithDistanceLoss", gradOf(reduction)), () -> {
      Tensor near = distance.apply(anchor, positive);
      Tensor far = distance.apply(anchor, negative);
      Tensor other = swap ? far.minimum(distance.apply(positive, negative)) : far;
      return Losses.reduced(atLeast(near.sub(other).add(margin), 0), reduction);
    });
  }

  /**
   * 1 - cos(x, y) where the target is 1, max(0, cos(x, y) - margin) where it is -1; vectors [n, d] with targets [n], or [d] with [].
   *
   * @throws ArgumentException if the axes do not fit
   */
  public static Tensor cosineEmbeddingLoss(Tensor x, Tensor y, Tensor target, double margin, LossReduction reduction) {
    if (x.rank() != target.rank() + 1 || y.rank() != x.rank() || target.rank() > 1) {
      throw new ArgumentException("cosineEmbeddingLoss: inputs " + x.shape() + ", " + y.shape() + " do not fit targets " + target.shape()
          + "; expected [n, d] with [n], or [d] with []");
    }
    return Gate.named(OpName.of("cosineEmbeddingLoss", gradOf(reduction)), () -> {
      double tiny = 1e-12;
      Tensor xx = x.square().sum(-1).add(tiny);
      Tensor yy = y.square().sum(-1).add(tiny);
      Tensor cos = x.mul(y).sum(-1).div(xx.mul(yy).sqrt());
      Tensor zero = Tensor.zerosLike(cos);
      Tensor same = Tensor.where(target.eq(1), cos.rsub(1), zero);
      Tensor other = Tensor.where(target.eq(-1), atLeast(cos.sub(margin), 0), zero);
      return Losses.reduced(same.add(other), reduction);
    });
  }

  static String gradOf(LossReduction reduction) {
    return switch (reduction) {
      case MEAN -> "Mean";
      case SUM -> "Sum";
      case NONE -> "ClampMin";
    };
  }
}
