package org.cotangent.testkit;

import static org.cotangent.testkit.OpRow.many;
import static org.cotangent.testkit.OpRow.of;

import java.util.List;
import org.cotangent.Primitives;
import org.cotangent.Tensor;
import org.cotangent.testkit.OpRow.Part;

/** Rows of factorisations; results that are determined up to a sign are squared. */
final class FactorRows {
  private static final double LOOSE = 1e-3;

  private FactorRows() {}

  private static Tensor regular(Tensor x) {
    return x.add(Tensor.eye(x.size(-1)).to(x.dtype()).mul(5));
  }

  private static Tensor symmetric(Tensor x) {
    return x.add(x.mT());
  }

  static List<OpRow> rows() {
    return List.of(
        many("qr tall", x -> {
          Tensor[] f = Primitives.qr(x[0], false);
          return new Tensor[] {f[0].square(), f[1].square()};
        }, of(2, 4, 3)).tolerance(LOOSE).without(Part.TIES),
        many("eigh lower", x -> {
          Tensor[] f = Primitives.eigh(symmetric(x[0]), false);
          return new Tensor[] {f[0], f[1].square()};
        }, of(2, 3, 3)).tolerance(LOOSE).without(Part.TIES),
        many("luSolve", x -> {
          Tensor a = regular(x[0]);
          Tensor[] f = Primitives.lu(a);
          return new Tensor[] {Primitives.luSolve(a, f[0], f[1], x[1], false), Primitives.luSolve(a, f[0], f[1], x[1], true)};
        }, of(3, 3), of(3, 2)).tolerance(LOOSE),
        many("lu tall", x -> new Tensor[] {Primitives.lu(x[0])[0]}, of(2, 4, 2)).tolerance(LOOSE).without(Part.TIES),
        many("lu wide", x -> new Tensor[] {Primitives.lu(x[0])[0]}, of(2, 2, 4)).tolerance(LOOSE).without(Part.TIES),
        many("svd full", x -> {
          Tensor[] f = Primitives.svd(x[0], true);
          return new Tensor[] {f[0].square(), f[1], f[2].slice(0, 0, 2, 1).square()};
        }, of(2, 4)).tolerance(LOOSE).without(Part.TIES));
  }
}
