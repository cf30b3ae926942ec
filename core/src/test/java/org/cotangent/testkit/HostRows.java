package org.cotangent.testkit;

import static org.cotangent.testkit.OpRow.many;
import static org.cotangent.testkit.OpRow.of;
import static org.cotangent.testkit.OpRow.row;
import static org.cotangent.testkit.OpRow.unary;

import java.util.ArrayList;
import java.util.List;
import org.cotangent.Tensor;
import org.cotangent.errors.GradientException;
import org.cotangent.errors.MatrixException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.BesselFunctions;
import org.cotangent.ops.Reflections;
import org.cotangent.ops.SymmetricFactors;
import org.cotangent.testkit.OpRow.Part;

/** Rows of what is computed on the host, whatever the device. */
final class HostRows {
  private static final double LOOSE = 1e-3;

  private HostRows() {}

  static List<OpRow> rows() {
    var r = new ArrayList<OpRow>(bessel());
    r.addAll(factors());
    return r;
  }

  private static Tensor symmetric(Tensor x) {
    return x.add(x.mT());
  }

  private static List<OpRow> factors() {
    return List.of(
        many("geqrf", x -> {
          var f = Reflections.geqrf(x[0]);
          return new Tensor[] {f.a(), f.tau()};
        }, of(2, 4, 3)).tolerance(LOOSE).noHalf().without(Part.FIRST, Part.SECOND, Part.TIES)
            .refuses("a vector", ShapeException.class, "2 dimensions", () -> Reflections.geqrf(Tensor.ones(2))),
        row("ormqr", x -> Reflections.ormqr(x[0], x[1], x[2], true, true), of(2, 4, 3), of(2, 2), of(2, 4, 2)).tolerance(LOOSE).noHalf(),
        row("ormqr right", x -> Reflections.ormqr(x[0], x[1], x[2], false, false), of(3, 2), of(2), of(2, 3)).tolerance(LOOSE).noHalf()
            .refuses("another height", ShapeException.class, "do not fit", () ->
                Reflections.ormqr(Tensor.ones(3, 2), Tensor.ones(2), Tensor.ones(2, 3), true, false)),
        many("ldlFactor", x -> new Tensor[] {SymmetricFactors.ldlFactor(symmetric(x[0])).factors()}, of(2, 4, 4)).tolerance(LOOSE).noHalf()
            .without(Part.FIRST, Part.SECOND, Part.TIES)
            .refuses("a singular matrix", MatrixException.class, "is singular", () -> SymmetricFactors.ldlFactor(Tensor.zeros(2, 2))),
        many("ldlFactorEx", x -> {
          var f = SymmetricFactors.ldlFactorEx(symmetric(x[0]));
          return new Tensor[] {f.factors(), f.pivots(), f.info()};
        }, of(2, 4, 4)).tolerance(LOOSE).noHalf().without(Part.FIRST, Part.SECOND, Part.TIES)
            .refuses("no square", ShapeException.class, "square", () -> SymmetricFactors.ldlFactorEx(Tensor.ones(2, 3))),
        row("ldlSolve", x -> {
          var f = SymmetricFactors.ldlFactorEx(symmetric(Tensor.of(4.0, 1, 2, 3, 0.3, 1, 0.5, 2, -1).reshape(3, 3)).to(x[0].dtype()).to(x[0].device()));
          return SymmetricFactors.ldlSolve(f.factors(), f.pivots(), x[0]);
        }, of(2, 3, 2)).tolerance(LOOSE).noHalf()
            .refuses("other rows", ShapeException.class, "differ in rows", () ->
                SymmetricFactors.ldlSolve(Tensor.ones(2, 2), Tensor.of(1L, 2L), Tensor.ones(3, 1)))
            .refuses("factors that require grad", GradientException.class, "detach", () ->
                SymmetricFactors.ldlSolve(Tensor.ones(1, 1).requiresGrad_(), Tensor.of(1L), Tensor.ones(1, 1))));
  }

  private static List<OpRow> bessel() {
    return List.of(
        unary("besselJ0", BesselFunctions::besselJ0), unary("besselJ0 far", BesselFunctions::besselJ0).within(30, 40).tolerance(1e-4),
        unary("besselJ1", BesselFunctions::besselJ1), unary("besselJ1 between", BesselFunctions::besselJ1).within(5, 15),
        unary("besselY0", BesselFunctions::besselY0).within(0.3, 2.5), unary("besselY0 far", BesselFunctions::besselY0).within(24, 26).tolerance(1e-4),
        unary("besselY1", BesselFunctions::besselY1).within(0.5, 2.5), unary("besselY1 between", BesselFunctions::besselY1).within(5, 15),
        unary("modifiedBesselK0", BesselFunctions::modifiedBesselK0).within(0.5, 3),
        unary("modifiedBesselK1", BesselFunctions::modifiedBesselK1).within(0.5, 3),
        unary("scaledModifiedBesselK0", BesselFunctions::scaledModifiedBesselK0).within(0.5, 30),
        unary("scaledModifiedBesselK1", BesselFunctions::scaledModifiedBesselK1).within(0.5, 3),
        unary("airyAi", BesselFunctions::airyAi), unary("airyAi far", BesselFunctions::airyAi).within(-12, -8));
  }
}
