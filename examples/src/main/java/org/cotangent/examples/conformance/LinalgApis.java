package org.cotangent.examples.conformance;

import org.cotangent.Tensor;
import org.cotangent.ops.Linalg;
import org.cotangent.ops.MatrixNorms;

/** torch.linalg, and what is kin to it. */
final class LinalgApis {
  private static final String L = "torch.linalg.";

  private LinalgApis() {}

  static void register(Apis apis) {
    apis.add("torch.cholesky", c -> Linalg.cholesky(c.tensor(0, "input"), c.boolOr(1, "upper", false)));
    apis.add(L + "cholesky", c -> Linalg.cholesky(c.tensor(0, "A"), c.boolOr("upper", false)));
    apis.add("torch.cholesky_solve", c -> Linalg.choleskySolve(c.tensor(0, "B"), c.tensor(1, "L"), c.boolOr(2, "upper", false)));
    apis.add("torch.cholesky_inverse", c -> Linalg.choleskyInverse(c.tensor(0, "L"), c.boolOr(1, "upper", false)));
    for (String name : new String[] {"torch.inverse", L + "inv"}) {
      apis.add(name, c -> Linalg.inv(c.tensor(0, "A")));
    }
    for (String name : new String[] {"torch.det", L + "det"}) {
      apis.add(name, c -> Linalg.det(c.tensor(0, "A")));
    }
    for (String name : new String[] {"torch.slogdet", L + "slogdet"}) {
      apis.add(name, c -> {
        Linalg.SignedLog s = Linalg.slogdet(c.tensor(0, "A"));
        return new Tensor[] {s.sign(), s.logAbs()};
      });
    }
    apis.add("torch.logdet", c -> Linalg.logdet(c.tensor(0, "input")));
    apis.add(L + "solve", c -> Linalg.solve(c.tensor(0, "A"), c.tensor(1, "B"), c.boolOr("left", true)));
    apis.add(L + "solve_triangular", c -> Linalg.solveTriangular(
        c.tensor(0, "A"), c.tensor(1, "B"), c.bool(-1, "upper"), c.boolOr("left", true), c.boolOr("unitriangular", false)));
    apis.add(L + "svdvals", c -> Linalg.svdvals(c.tensor(0, "A")));
    apis.add(L + "vecdot", c -> Linalg.vecdot(c.tensor(0, "x"), c.tensor(1, "y"), c.intOr(2, "dim", -1)));
    apis.add(L + "multi_dot", c -> Linalg.multiDot(c.tensors(0, "tensors")));
    apis.add(L + "vector_norm",
        c -> MatrixNorms.vectorNorm(typed(c), c.numberOr(1, "ord", 2), c.intsOr(2, "dim"), c.boolOr(3, "keepdim", false)));
    apis.add(L + "matrix_norm", c -> matrixNorm(c, c.intsOr(2, "dim", -2, -1)));
    apis.add(L + "norm", LinalgApis::norm);
  }

  private static Tensor typed(Call c) {
    Tensor x = c.tensor(0, "A");
    return x.to(c.dtypeOr("dtype", x.dtype()));
  }

  private static Tensor matrixNorm(Call c, int... axes) {
    boolean keep = c.boolOr(3, "keepdim", false);
    if (c.has(1, "ord") && !c.isString(1, "ord")) {
      return MatrixNorms.matrixNorm(typed(c), c.number(1, "ord"), axes, keep);
    }
    return MatrixNorms.matrixNorm(typed(c), switch (c.stringOr(1, "ord", "fro")) {
      case "fro" -> MatrixNorms.Kind.FRO;
      case "nuc" -> MatrixNorms.Kind.NUC;
      default -> throw new MismatchException("order " + c.string(1, "ord"));
    }, axes, keep);
  }

  /** Without axes, an order makes it the norm of a vector or of a matrix, whichever the tensor is. */
  private static Tensor norm(Call c) {
    Tensor x = typed(c);
    boolean keep = c.boolOr(3, "keepdim", false);
    int[] axes = c.intsOr(2, "dim");
    if (!c.has(1, "ord")) {
      c.tagged(1, "ord");
      return MatrixNorms.vectorNorm(x, 2, axes, keep);
    }
    if (axes.length == 0 && x.rank() != 1 && x.rank() != 2) {
      throw new MismatchException("an order without axes for " + x.shape());
    }
    boolean matrix = axes.length == 2 || axes.length == 0 && x.rank() == 2;
    return matrix ? matrixNorm(c, axes.length == 2 ? axes : new int[] {0, 1}) : MatrixNorms.vectorNorm(x, c.number(1, "ord"), axes, keep);
  }
}
