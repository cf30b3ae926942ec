package org.cotangent.ops;

import org.cotangent.CustomFunction;
import org.cotangent.Primitives;
import org.cotangent.Shape;
import org.cotangent.Tensor;

/**
 * P = A⁺ from singular values, with a derivative of its own: dP = -P dA P + P Pᵀ dAᵀ (I - A P) + (I - P A) dAᵀ Pᵀ P, which needs neither
 * full rank nor different singular values (Golub and Pereyra 1973, theorem 4.3).
 */
final class PseudoInverse extends CustomFunction {
  private final RankOptions options;

  private PseudoInverse(RankOptions options) {
    super("pinv");
    this.options = options;
  }

  static Tensor of(Tensor a, RankOptions options) {
    return new PseudoInverse(options).apply(a);
  }

  @Override
  protected Tensor forward(Context c, Tensor a) {
    Tensor p = compute(a);
    c.save(a, p);
    return p;
  }

  private Tensor compute(Tensor a) {
    if (options.symmetric()) {
      Tensor[] f = Primitives.eigh(a, false);
      return f[1].mul(inverse(f[0], a.shape()).unsqueeze(-2)).matmul(f[1].mT());
    }
    Tensor[] f = Primitives.svd(a, false);
    return f[2].mT().mul(inverse(f[1], a.shape()).unsqueeze(-2)).matmul(f[0].mT());
  }

  private Tensor inverse(Tensor s, Shape matrices) {
    Tensor size = s.abs();
    Tensor kept = size.gt(options.tolerance(size, matrices).unsqueeze(-1));
    return s.reciprocal().maskedFill(kept.logicalNot(), 0);
  }

  @Override
  protected Tensor vjp(Context c, Tensor ct) {
    Tensor a = c.saved(0);
    Tensor p = c.saved(1);
    Tensor pt = p.mT();
    Tensor gt = ct.mT();
    Tensor right = gt.matmul(p).matmul(pt);
    Tensor left = pt.matmul(p).matmul(gt);
    return right.sub(a.matmul(p.matmul(right))).add(left.sub(left.matmul(p).matmul(a))).sub(pt.matmul(ct).matmul(pt));
  }

  @Override
  protected boolean hasJvp() {
    return true;
  }

  @Override
  protected Tensor[] jvp(Context c, Tensor[] tangents) {
    Tensor a = c.saved(0);
    Tensor p = c.saved(1);
    Tensor da = tangents[0];
    Tensor dat = da.mT();
    Tensor right = p.matmul(p.mT()).matmul(dat);
    Tensor left = dat.matmul(p.mT()).matmul(p);
    Tensor dp = right.sub(right.matmul(a).matmul(p)).add(left.sub(p.matmul(a.matmul(left)))).sub(p.matmul(da).matmul(p));
    return new Tensor[] {dp};
  }

  @Override
  protected boolean hasBatch() {
    return true;
  }

  @Override
  protected Tensor[] batch(Context c, int n, Tensor[] xs, boolean[] mapped) {
    Tensor p = of(xs[0], options);
    c.save(xs[0], p);
    return new Tensor[] {p};
  }
}
