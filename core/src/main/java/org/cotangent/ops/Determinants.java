package org.cotangent.ops;

import org.cotangent.Primitives;
import org.cotangent.Tensor;
import org.cotangent.errors.TransformException;

/** Determinants from what {@link Primitives#lu} gives. */
final class Determinants {
  private Determinants() {}

  static Tensor of(Tensor... lu) {
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

  /** Whether no pivot is lost in rounding; not known, and so false, where the numbers cannot be read. */
  static boolean regular(Tensor... lu) {
    Tensor d = pivots(lu).detach().abs();
    if (d.size() == 0) {
      return true;
    }
    double eps = d.size(-1) * d.dtype().epsilon();
    int[] last = {-1};
    try {
      return d.amin(last, false).gt(d.amax(last, false).mul(eps)).all().itemLong() != 0;
    } catch (TransformException e) {
      return false;
    }
  }

  /** det(U) det(V) and the product of the singular values, whose derivatives do not divide by them. */
  static Tensor ofSingular(Tensor a) {
    Tensor[] f = Primitives.svd(a, false);
    return f[1].prod(-1).mul(sign(Primitives.lu(f[0].detach()))).mul(sign(Primitives.lu(f[2].detach())));
  }
}
