package org.cotangent.ops;

import org.cotangent.Primitives;
import org.cotangent.Tensor;
import org.cotangent.errors.TransformException;

/** Determinants from what {@link Primitives#lu} gives. */
final class Determinants {
  private Determinants() {}

  private static Tensor of(Tensor... lu) {
    return pivots(lu).prod(-1).mul(parity(lu));
  }

  /** 1, -1, or 0 for a singular matrix. */
  static Tensor sign(Tensor... lu) {
    return pivots(lu).sign().prod(-1).mul(parity(lu));
  }

  /** Sign of the permutation of rows: -1 for each exchange. */
  private static Tensor parity(Tensor... lu) {
    Tensor place = Tensor.arange(1, lu[2].size(-1) + 1, 1).to(lu[2].device());
    return lu[2].ne(place).to(lu[0].dtype()).mul(-2).add(1).prod(-1);
  }

  static Tensor pivots(Tensor... lu) {
    return lu[0].diagonal(0, -2, -1);
  }

  /**
   * Determinants whose derivatives are right for singular matrices too: those of regular ones by their pivots, the others by their
   * singular values. Where the numbers cannot be read, both are computed, of matrices that are harmless where they do not count.
   */
  static Tensor ofAny(Tensor a) {
    Tensor[] lu = Primitives.lu(a, false);
    Tensor regular = regular(lu);
    try {
      if (regular.all().itemLong() != 0) {
        return of(lu);
      }
    } catch (TransformException e) {
      // inside vmap, where matrices may differ
    }
    Tensor wide = regular.unsqueeze(-1).unsqueeze(-1);
    Tensor eye = Linalg.identity(a);
    Tensor different = eye.cumsum(-1).cumsum(-2).mul(eye);
    Tensor plain = of(Primitives.lu(Tensor.where(wide, a, eye), false));
    return Tensor.where(regular, plain, ofSingular(Tensor.where(wide, different, a)));
  }

  /** Whether no pivot is lost in rounding, or none has singular values, for each matrix. */
  private static Tensor regular(Tensor... lu) {
    Tensor d = pivots(lu).detach().abs();
    int n = d.size(-1);
    int[] last = {-1};
    if (n == 0) {
      return d.sum(-1).eq(0);
    }
    Tensor most = d.amax(last, false);
    return d.amin(last, false).gt(most.mul(n * d.dtype().epsilon())).or(most.isFinite().not());
  }

  /** det(U) det(V) and the product of the singular values, whose derivatives do not divide by them. */
  private static Tensor ofSingular(Tensor a) {
    Tensor[] f = Primitives.svd(a, false);
    return f[1].prod(-1).mul(sign(Primitives.lu(f[0].detach(), false))).mul(sign(Primitives.lu(f[2].detach(), false)));
  }
}
