package org.cotangent.examples.conformance;

import java.util.List;
import org.cotangent.DType;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.ops.Linalg;
import org.cotangent.ops.MatrixFunctions;
import org.cotangent.ops.MatrixNorms;
import org.cotangent.ops.RankOptions;

/** torch.linalg, and what is kin to it. */
final class LinalgApis {
  private static final String L = "torch.linalg.";

  private LinalgApis() {}

  static void register(Apis apis) {
    factors(apis);
    systems(apis);
    functions(apis);
    apis.add(L + "vector_norm",
        c -> MatrixNorms.vectorNorm(typed(c), c.numberOr(1, "ord", 2), c.intsOr(2, "dim"), c.boolOr(3, "keepdim", false)));
    apis.add(L + "matrix_norm", c -> matrixNorm(c, c.intsOr(2, "dim", -2, -1)));
    apis.add(L + "norm", LinalgApis::norm);
  }

  private static void factors(Apis apis) {
    apis.add("torch.cholesky", c -> Linalg.cholesky(c.tensor(0, "input"), c.boolOr(1, "upper", false)));
    apis.add(L + "cholesky", c -> Linalg.cholesky(c.tensor(0, "A"), c.boolOr("upper", false)));
    apis.add(L + "cholesky_ex", c -> checked(Linalg.choleskyEx(c.tensor(0, "A"), c.boolOr("upper", false)), c));
    apis.add("torch.cholesky_solve", c -> Linalg.choleskySolve(c.tensor(0, "B"), c.tensor(1, "L"), c.boolOr(2, "upper", false)));
    apis.add("torch.cholesky_inverse", c -> Linalg.choleskyInverse(c.tensor(0, "L"), c.boolOr(1, "upper", false)));
    apis.add(L + "lu", c -> parts(Linalg.lu(pivoted(c, -1))));
    apis.add(L + "lu_factor", c -> compact(Linalg.luFactor(pivoted(c, -1))));
    apis.add(L + "lu_factor_ex", c -> compactWithInfo(Linalg.luFactorEx(pivoted(c.ignoring("check_errors"), -1))));
    apis.add("torch.lu", c -> c.boolOr(2, "get_infos", false)
        ? compactWithInfo(Linalg.luFactorEx(pivoted(c, 1))) : compact(Linalg.luFactorEx(pivoted(c, 1))));
    apis.add("torch.lu_solve",
        c -> Linalg.luSolve(new Linalg.LuFactors(c.tensor(1, "LU_data"), c.tensor(2, "LU_pivots")), c.tensor(0, "b"), true, false));
    apis.add(L + "lu_solve", c -> Linalg.luSolve(
        new Linalg.LuFactors(c.tensor(0, "LU"), c.tensor(1, "pivots")), c.tensor(2, "B"), c.boolOr("left", true),
        c.boolOr("adjoint", false)));
    apis.add("torch.qr", c -> basis(c, c.boolOr(1, "some", true) ? Linalg.QrMode.REDUCED : Linalg.QrMode.COMPLETE));
    apis.add(L + "qr", c -> basis(c, switch (c.stringOr(1, "mode", "reduced")) {
      case "reduced" -> Linalg.QrMode.REDUCED;
      case "complete" -> Linalg.QrMode.COMPLETE;
      case "r" -> Linalg.QrMode.R;
      default -> throw new ArgumentException("qr: mode must be reduced, complete or r: " + c.string(1, "mode"));
    }));
    apis.add(L + "householder_product", c -> Linalg.householderProduct(c.tensor(0, "A"), c.tensor(1, "tau")));
    apis.add(L + "eigh", c -> {
      Linalg.Eigen e = Linalg.eigh(c.tensor(0, "A"), upper(c));
      return new Tensor[] {e.values(), e.vectors()};
    });
    apis.add(L + "eigvalsh", c -> Linalg.eigvalsh(c.tensor(0, "A"), upper(c)));
    apis.add(L + "svd", c -> {
      Linalg.Singular s = Linalg.svd(c.tensor(0, "A"), c.boolOr(1, "full_matrices", true));
      return new Tensor[] {s.u(), s.s(), s.vt()};
    });
    apis.add("torch.svd", c -> {
      Linalg.Singular s = Linalg.svd(c.tensor(0, "input"), !c.boolOr(1, "some", true));
      boolean vectors = c.boolOr(2, "compute_uv", true);
      return new Tensor[] {vectors ? s.u() : s.u().detach().mul(0), s.s(), vectors ? s.vt().mT() : s.vt().detach().mT().mul(0)};
    });
    apis.add(L + "svdvals", c -> Linalg.svdvals(c.tensor(0, "A")));
  }

  private static Tensor[] checked(Linalg.Checked r, Call c) {
    c.ignoring("check_errors");
    return new Tensor[] {r.result(), r.info()};
  }

  private static Tensor[] parts(Linalg.Plu f) {
    return new Tensor[] {f.p(), f.l(), f.u()};
  }

  private static Tensor[] compact(Linalg.LuFactors f) {
    return new Tensor[] {f.factors(), f.pivots()};
  }

  private static Tensor[] compactWithInfo(Linalg.LuFactors f) {
    return new Tensor[] {f.factors(), f.pivots(), Linalg.luInfo(f)};
  }

  private static Tensor[] basis(Call c, Linalg.QrMode mode) {
    Linalg.QrFactors f = Linalg.qr(c.tensor(0, "A"), mode);
    return new Tensor[] {f.q(), f.r()};
  }

  /** The matrix, whose rows are exchanged; PyTorch's CPU knows no other way either. */
  private static Tensor pivoted(Call c, int place) {
    if (!c.boolOr(place, "pivot", true)) {
      throw new ArgumentException("lu: rows are always exchanged; leave pivot at True");
    }
    return c.tensor(0, "A");
  }

  private static boolean upper(Call c) {
    String triangle = c.stringOr(1, "UPLO", "L");
    if (!triangle.equalsIgnoreCase("L") && !triangle.equalsIgnoreCase("U")) {
      throw new ArgumentException("eigh: UPLO must be L or U: " + triangle);
    }
    return triangle.equalsIgnoreCase("U");
  }

  private static void systems(Apis apis) {
    for (String name : new String[] {"torch.inverse", L + "inv"}) {
      apis.add(name, c -> Linalg.inv(c.tensor(0, "A")));
    }
    apis.add(L + "inv_ex", c -> checked(Linalg.invEx(c.tensor(0, "A")), c));
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
    apis.add(L + "solve_ex", c -> checked(Linalg.solveEx(c.tensor(0, "A"), c.tensor(1, "B"), c.boolOr("left", true)), c));
    apis.add(L + "solve_triangular", c -> Linalg.solveTriangular(
        c.tensor(0, "A"), c.tensor(1, "B"), c.bool(-1, "upper"), c.boolOr("left", true), c.boolOr("unitriangular", false)));
    apis.add("torch.triangular_solve", c -> {
      Tensor a = c.tensor(1, "A");
      boolean turned = c.boolOr(3, "transpose", false);
      boolean upper = c.boolOr(2, "upper", true);
      return new Tensor[] {
        Linalg.solveTriangular(turned ? a.mT() : a, c.tensor(0, "b"), upper != turned, true, c.boolOr(4, "unitriangular", false)),
        a.copy()
      };
    });
    apis.add(L + "lstsq", LinalgApis::lstsq);
    apis.add(L + "pinv", c -> Linalg.pinv(c.tensor(0, "A"), rank(c, "rcond")));
    apis.add("torch.pinverse", c -> Linalg.pinv(c.tensor(0, "A"), RankOptions.DEFAULT.rtol(c.numberOr(1, "rcond", 1e-15))));
    apis.add(L + "tensorinv", c -> MatrixFunctions.tensorinv(c.tensor(0, "A"), c.intOr(1, "ind", 2)));
    apis.add(L + "tensorsolve", c -> MatrixFunctions.tensorsolve(c.tensor(0, "A"), c.tensor(1, "B"), c.intsOr(2, "dims")));
  }

  /** The parts that PyTorch's drivers compute; the others are empty. */
  private static Tensor[] lstsq(Call c) {
    Tensor a = c.tensor(0, "A");
    Tensor b = c.tensor(1, "B");
    String driver = c.stringOr("driver", "gelsy");
    if (!List.of("gels", "gelsy", "gelsd", "gelss").contains(driver)) {
      throw new ArgumentException("lstsq: driver must be one of gels, gelsy, gelsd, gelss: " + driver);
    }
    var r = c.has(2, "rcond") ? Linalg.lstsq(a, b, c.number(2, "rcond")) : Linalg.lstsq(a, b);
    boolean tall = a.size(-2) > a.size(-1) && r.rank().eq(a.size(-1)).all().itemLong() != 0;
    boolean ranks = !driver.equals("gels");
    boolean values = driver.equals("gelsd") || driver.equals("gelss");
    Tensor none = Tensor.zeros(0).to(a.dtype());
    return new Tensor[] {
      r.solution(), tall && !driver.equals("gelsy") ? r.residuals() : none, ranks ? r.rank() : none.to(DType.INT64),
      values ? r.singularValues() : none
    };
  }

  /** The tolerances; {@code second} names the second argument, an absolute one if it is "tol". */
  private static RankOptions rank(Call c, String second) {
    RankOptions r = RankOptions.DEFAULT.symmetric(c.boolOr(2, "hermitian", false));
    if (c.has(1, second)) {
      Tensor t = tolerance(c, 1, second);
      return second.equals("tol") ? r.atol(t) : r.rtol(t);
    }
    r = c.has("atol") ? r.atol(tolerance(c, -1, "atol")) : r;
    return c.has("rtol") ? r.rtol(tolerance(c, -1, "rtol")) : r;
  }

  private static Tensor tolerance(Call c, int place, String name) {
    return c.isTensor(place, name) ? c.tensor(place, name) : Tensor.scalar(c.number(place, name));
  }

  private static void functions(Apis apis) {
    apis.add(L + "vecdot", c -> Linalg.vecdot(c.tensor(0, "x"), c.tensor(1, "y"), c.intOr(2, "dim", -1)));
    apis.add(L + "multi_dot", c -> Linalg.multiDot(c.tensors(0, "tensors")));
    for (String name : new String[] {"torch.matrix_exp", L + "matrix_exp"}) {
      apis.add(name, c -> MatrixFunctions.matrixExp(c.tensor(0, "A")));
    }
    for (String name : new String[] {"torch.matrix_power", L + "matrix_power"}) {
      apis.add(name, c -> MatrixFunctions.matrixPower(c.tensor(0, "A"), c.integer(1, "n")));
    }
    apis.add(L + "matrix_rank", c -> MatrixFunctions.matrixRank(c.tensor(0, "A"), rank(c, "tol")));
    apis.add(L + "cond", c -> {
      Tensor a = c.tensor(0, "A");
      return c.isString(1, "p") ? MatrixFunctions.cond(a, kind(c.string(1, "p"))) : MatrixFunctions.cond(a, c.numberOr(1, "p", 2));
    });
    apis.add(L + "vander", c -> {
      Tensor x = c.tensor(0, "x");
      return MatrixFunctions.vander(x, c.intOr(-1, "N", x.rank() == 0 ? 1 : x.size(-1)));
    });
    apis.add(L + "cross", c -> c.tensor(0, "input").cross(c.tensor(1, "other"), c.intOr(-1, "dim", -1)));
  }

  private static Tensor typed(Call c) {
    Tensor x = c.tensor(0, "A");
    return x.to(c.dtypeOr("dtype", x.dtype()));
  }

  private static MatrixNorms.Kind kind(String name) {
    return switch (name) {
      case "fro" -> MatrixNorms.Kind.FRO;
      case "nuc" -> MatrixNorms.Kind.NUC;
      default -> throw new ArgumentException("norm: order must be a number, fro or nuc: " + name);
    };
  }

  private static Tensor matrixNorm(Call c, int... axes) {
    boolean keep = c.boolOr(3, "keepdim", false);
    if (c.has(1, "ord") && !c.isString(1, "ord")) {
      return MatrixNorms.matrixNorm(typed(c), c.number(1, "ord"), axes, keep);
    }
    return MatrixNorms.matrixNorm(typed(c), kind(c.stringOr(1, "ord", "fro")), axes, keep);
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
