package org.cotangent.examples.conformance;

import org.cotangent.Tensor;
import org.cotangent.ops.Linalg;
import org.cotangent.ops.Reflections;
import org.cotangent.ops.SymmetricFactors;

/** Factors in LAPACK's compact forms. */
final class FactorApis {
  private static final String L = "torch.linalg.";

  private FactorApis() {}

  static void register(Apis apis) {
    apis.add("torch.geqrf", c -> {
      Reflections.Compact f = Reflections.geqrf(c.input());
      return new Tensor[] {f.a(), f.tau()};
    });
    apis.add("torch.ormqr", c -> Reflections.ormqr(
        c.input(), c.tensor(1, "input2"), c.tensor(2, "input3"), c.boolOr(3, "left", true), c.boolOr(4, "transpose", false)));
    apis.add(L + "ldl_factor", c -> {
      SymmetricFactors.Ldl f = SymmetricFactors.ldlFactor(real(c).tensor(0, "A"));
      return new Tensor[] {f.factors(), f.pivots()};
    });
    apis.add(L + "ldl_factor_ex", c -> {
      SymmetricFactors.Ldl f = SymmetricFactors.ldlFactorEx(real(c).ignoring("check_errors").tensor(0, "A"));
      return new Tensor[] {f.factors(), f.pivots(), f.info()};
    });
    apis.add(L + "ldl_solve", c -> SymmetricFactors.ldlSolve(real(c).tensor(0, "LD"), c.tensor(1, "pivots"), c.tensor(2, "B")));
    apis.add("torch.lu_unpack", c -> {
      Linalg.Plu f = Linalg.luUnpack(new Linalg.LuFactors(c.tensor(0, "LU_data"), c.tensor(1, "LU_pivots")));
      boolean data = c.boolOr(2, "unpack_data", true);
      return new Tensor[] {c.boolOr(3, "unpack_pivots", true) ? f.p() : none(f.p()), data ? f.l() : none(f.l()), data ? f.u() : none(f.u())};
    });
  }

  /** Of real numbers, symmetric and Hermitian matrices are the same. */
  private static Call real(Call c) {
    return c.ignoring("hermitian");
  }

  private static Tensor none(Tensor x) {
    return Tensor.zeros(0).to(x.dtype()).to(x.device());
  }
}
