package org.cotangent.testkit;

import static org.cotangent.testkit.OpRow.unary;

import java.util.ArrayList;
import java.util.List;
import org.cotangent.ops.BesselFunctions;

/** Rows of what is computed on the host, whatever the device. */
final class HostRows {
  private HostRows() {}

  static List<OpRow> rows() {
    return new ArrayList<>(bessel());
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
