package org.cotangent.testkit;

import static org.cotangent.testkit.OpRow.many;
import static org.cotangent.testkit.OpRow.of;
import static org.cotangent.testkit.OpRow.row;

import java.util.ArrayList;
import java.util.List;
import org.cotangent.Primitives;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.MatrixException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.Linalg;
import org.cotangent.ops.MatrixFunctions;
import org.cotangent.ops.MatrixNorms;
import org.cotangent.ops.RankOptions;
import org.cotangent.testkit.OpRow.Part;

/** Rows of factorisations and of what is composed of them; results that are determined up to a sign are squared. */
final class FactorRows {
  private static final double LOOSE = 1e-3;

  private FactorRows() {}

  private static Tensor ones(int... shape) {
    return Tensor.ones(shape);
  }

  private static Tensor regular(Tensor x) {
    return x.add(Tensor.eye(x.size(-1)).to(x.dtype()).to(x.device()).mul(5));
  }

  private static Tensor symmetric(Tensor x) {
    return x.add(x.mT());
  }

  static List<OpRow> rows() {
    var r = new ArrayList<OpRow>(primitives());
    r.addAll(factors());
    r.addAll(systems());
    r.addAll(functions());
    return r;
  }

  private static Tensor[] squares(Tensor... f) {
    Tensor[] r = new Tensor[f.length];
    for (int i = 0; i < r.length; i++) {
      r[i] = f[i].square();
    }
    return r;
  }

  private static List<OpRow> primitives() {
    return List.of(
        many("luSolve primitive", x -> {
          Tensor a = regular(x[0]);
          Tensor[] f = Primitives.lu(a, false);
          return new Tensor[] {Primitives.luSolve(a, f[0], f[1], x[1], false), Primitives.luSolve(a, f[0], f[1], x[1], true)};
        }, of(3, 3), of(3, 2)).tolerance(LOOSE).noHalf(),
        many("svd all", x -> {
          Tensor[] f = Primitives.svd(x[0], true);
          Tensor last = f[2].narrow(-2, 2, 2);
          return new Tensor[] {f[0].square(), f[1], last.mT().matmul(last)};
        }, of(2, 4)).tolerance(LOOSE).noHalf().without(Part.TIES));
  }

  private static List<OpRow> factors() {
    return List.of(
        many("choleskyEx", x -> new Tensor[] {Linalg.choleskyEx(x[0].matmul(x[0].mT()).add(regular(x[0].mul(0))), true).result()}, of(2, 3, 3))
            .tolerance(LOOSE).noHalf().refuses("no square", ShapeException.class, "square", () -> Linalg.choleskyEx(ones(2, 3), false)),
        many("lu", x -> lu(Linalg.lu(regular(x[0]))), of(2, 3, 3)).tolerance(LOOSE).noHalf(),
        many("lu tall", x -> lu(Linalg.lu(x[0])), of(2, 4, 2)).tolerance(LOOSE).noHalf().without(Part.TIES),
        many("lu wide", x -> lu(Linalg.lu(x[0])), of(2, 2, 4)).tolerance(LOOSE).noHalf().without(Part.TIES)
            .refuses("a vector", ShapeException.class, "2 dimensions", () -> Linalg.lu(ones(2))),
        many("luUnpack", x -> lu(Linalg.luUnpack(Linalg.luFactorEx(x[0]))), of(2, 4, 3)).tolerance(LOOSE).noHalf().without(Part.TIES),
        many("luFactorEx", x -> new Tensor[] {Linalg.luFactorEx(x[0]).factors()}, of(2, 3, 4)).tolerance(LOOSE).noHalf().without(Part.TIES)
            .refuses("a vector", ShapeException.class, "2 dimensions", () -> Linalg.luFactorEx(ones(2))),
        many("luInfo", x -> new Tensor[] {Linalg.luInfo(Linalg.luFactorEx(x[0]))}, of(2, 3, 3)).noHalf().without(Part.FIRST, Part.SECOND),
        many("luSolve", x -> {
          var f = Linalg.luFactor(regular(x[0]));
          return new Tensor[] {Linalg.luSolve(f, x[1], true, false), Linalg.luSolve(f, x[1].mT(), false, true)};
        }, of(2, 3, 3), of(2, 3, 2)).tolerance(LOOSE).noHalf(),
        many("qr", x -> {
          var f = Linalg.qr(x[0]);
          return squares(f.q(), f.r());
        }, of(2, 4, 3)).tolerance(LOOSE).noHalf().without(Part.TIES),
        many("qr wide", x -> {
          var f = Linalg.qr(x[0], Linalg.QrMode.COMPLETE);
          return squares(f.q(), f.r());
        }, of(2, 2, 4)).tolerance(LOOSE).noHalf().without(Part.TIES),
        many("qr triangle", x -> squares(Linalg.qr(x[0], Linalg.QrMode.R).r()), of(4, 2)).tolerance(LOOSE).noHalf().without(Part.TIES),
        row("householderProduct", x -> Linalg.householderProduct(x[0], x[1]), of(2, 4, 3), of(2, 2)).tolerance(LOOSE).noHalf()
            .refuses("a wide matrix", ShapeException.class, "m ≥ n ≥ k", () -> Linalg.householderProduct(ones(2, 3), ones(2))),
        many("eigh", x -> {
          var e = Linalg.eigh(symmetric(x[0]), false);
          return new Tensor[] {e.values(), e.vectors().square()};
        }, of(2, 3, 3)).tolerance(LOOSE).noHalf().without(Part.TIES),
        row("eigvalsh", x -> Linalg.eigvalsh(symmetric(x[0]), true), of(2, 3, 3)).tolerance(LOOSE).noHalf().without(Part.TIES)
            .refuses("no square", ShapeException.class, "square", () -> Linalg.eigvalsh(ones(2, 3), false)));
  }

  private static Tensor[] lu(Linalg.Plu f) {
    return new Tensor[] {f.p(), f.l(), f.u()};
  }

  private static List<OpRow> systems() {
    return List.of(
        many("solveEx", x -> new Tensor[] {Linalg.solveEx(regular(x[0]), x[1], true).result()}, of(2, 3, 3), of(2, 3)).tolerance(LOOSE).noHalf(),
        many("invEx", x -> new Tensor[] {Linalg.invEx(regular(x[0])).result()}, of(2, 3, 3)).tolerance(LOOSE).noHalf(),
        many("lstsq", x -> new Tensor[] {Linalg.lstsq(x[0].add(Tensor.eye(4, 2).to(x[0].dtype()).to(x[0].device()).mul(5)), x[1]).solution()}, of(4, 2), of(4, 3))
            .tolerance(LOOSE).noHalf().refuses("other rows", ShapeException.class, "same number of rows", () -> Linalg.lstsq(ones(3, 2), ones(2, 2))),
        row("pinv", x -> Linalg.pinv(x[0].add(Tensor.eye(3, 4).to(x[0].dtype()).to(x[0].device()).mul(5))), of(2, 3, 4)).tolerance(LOOSE).noHalf(),
        row("pinv rank 1", x -> Linalg.pinv(x[0].unsqueeze(-1).matmul(x[1].unsqueeze(-2)), RankOptions.DEFAULT.rtol(1e-3)), of(3), of(2))
            .within(1, 2).tolerance(LOOSE).noHalf(),
        row("pinv symmetric", x -> Linalg.pinv(symmetric(regular(x[0])), RankOptions.DEFAULT.symmetric(true)), of(2, 3, 3)).tolerance(LOOSE).noHalf(),
        row("tensorinv", x -> MatrixFunctions.tensorinv(regular(x[0].reshape(4, 4)).reshape(2, 2, 4), 2), of(2, 2, 4)).tolerance(LOOSE).noHalf()
            .refuses("no axes", ArgumentException.class, "positive", () -> MatrixFunctions.tensorinv(ones(2, 2), 0)),
        row("tensorsolve", x -> MatrixFunctions.tensorsolve(regular(x[0].reshape(4, 4)).reshape(2, 2, 4), x[1]), of(2, 2, 4), of(2, 2))
            .tolerance(LOOSE).noHalf());
  }

  private static List<OpRow> functions() {
    return List.of(
        row("matrixExp", x -> MatrixFunctions.matrixExp(x[0]), of(2, 3, 3)).tolerance(LOOSE)
            .refuses("no square", ShapeException.class, "square", () -> MatrixFunctions.matrixExp(ones(2, 3))),
        row("matrixPower", x -> MatrixFunctions.matrixPower(x[0], 5), of(2, 3, 3)).tolerance(LOOSE).roundings(8),
        row("matrixPower inverse", x -> MatrixFunctions.matrixPower(regular(x[0]), -2), of(2, 3, 3)).tolerance(LOOSE).noHalf()
            .refuses("a singular matrix", MatrixException.class, "is singular", () -> MatrixFunctions.matrixPower(ones(2, 2), -1).toArray()),
        row("matrixPower none", x -> MatrixFunctions.matrixPower(x[0], 0), of(3, 3)),
        many("matrixRank", x -> new Tensor[] {MatrixFunctions.matrixRank(x[0], RankOptions.DEFAULT)}, of(2, 3, 4)).noHalf()
            .without(Part.FIRST, Part.SECOND, Part.TIES),
        row("cond", x -> MatrixFunctions.cond(regular(x[0])), of(2, 3, 3)).tolerance(LOOSE).noHalf().without(Part.TIES),
        row("cond order 1", x -> MatrixFunctions.cond(regular(x[0]), 1), of(2, 3, 3)).tolerance(LOOSE).noHalf().without(Part.TIES),
        row("cond Frobenius", x -> MatrixFunctions.cond(regular(x[0]), MatrixNorms.Kind.FRO), of(2, 3, 3)).tolerance(LOOSE).noHalf(),
        row("vander", x -> MatrixFunctions.vander(x[0], 4), of(2, 3)).tolerance(LOOSE)
            .refuses("one power", ArgumentException.class, "greater than 1", () -> MatrixFunctions.vander(ones(2), 1)));
  }
}
