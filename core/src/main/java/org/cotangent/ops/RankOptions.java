package org.cotangent.ops;

import java.util.Optional;
import org.cotangent.Shape;
import org.cotangent.Tensor;

/**
 * Which singular values count as 0: those up to the larger of {@code atol} and {@code rtol} times the largest one.
 *
 * <pre>{@code pinv(a, RankOptions.DEFAULT.rtol(1e-6))}</pre>
 *
 * @param atol an absolute tolerance, which broadcasts to the leading axes; 0 if absent
 * @param rtol a relative one; if absent, one rounding error times the larger number of rows and columns, or 0 if {@code atol} is there
 * @param symmetric whether matrices are symmetric, so that only the lower triangle is read, and eigenvalues are computed
 */
public record RankOptions(Optional<Tensor> atol, Optional<Tensor> rtol, boolean symmetric) {
  /** The usual tolerances, for any matrix. */
  public static final RankOptions DEFAULT = new RankOptions(Optional.empty(), Optional.empty(), false);

  /** With an absolute tolerance. */
  public RankOptions atol(double v) {
    return atol(Tensor.scalar(v));
  }

  /** With an absolute tolerance for each matrix. */
  public RankOptions atol(Tensor v) {
    return new RankOptions(Optional.of(v), rtol, symmetric);
  }

  /** With a relative tolerance. */
  public RankOptions rtol(double v) {
    return rtol(Tensor.scalar(v));
  }

  /** With a relative tolerance for each matrix. */
  public RankOptions rtol(Tensor v) {
    return new RankOptions(atol, Optional.of(v), symmetric);
  }

  /** For symmetric matrices, or not. */
  public RankOptions symmetric(boolean v) {
    return new RankOptions(atol, rtol, v);
  }

  /** The tolerance for matrices of this shape with singular values s [..., k], in any order: [...]. */
  Tensor tolerance(Tensor s, Shape matrices) {
    double usual = atol.isPresent() ? 0 : Math.max(matrices.dim(-1), matrices.dim(-2)) * s.dtype().epsilon();
    int[] lead = s.shape().range(0, s.rank() - 1).dims();
    Tensor largest = s.size(-1) == 0 ? Tensor.zeros(lead).to(s.dtype()).to(s.device()) : s.amax(new int[] {-1}, false);
    Tensor relative = rtol.map(r -> largest.mul(like(r, s))).orElseGet(() -> largest.mul(usual));
    return atol.map(t -> relative.maximum(like(t, s))).orElse(relative);
  }

  private static Tensor like(Tensor t, Tensor s) {
    return t.detach().to(s.dtype()).to(s.device());
  }
}
