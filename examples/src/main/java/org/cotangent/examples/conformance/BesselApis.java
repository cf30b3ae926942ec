package org.cotangent.examples.conformance;

import java.util.function.UnaryOperator;
import org.cotangent.Tensor;
import org.cotangent.ops.BesselFunctions;

/** Bessel functions and their kin. */
final class BesselApis {
  private static final String S = "torch.special.";

  private BesselApis() {}

  static void register(Apis apis) {
    add(apis, "bessel_j0", "input", BesselFunctions::besselJ0);
    add(apis, "bessel_j1", "input", BesselFunctions::besselJ1);
    add(apis, "bessel_y0", "input", BesselFunctions::besselY0);
    add(apis, "bessel_y1", "input", BesselFunctions::besselY1);
    add(apis, "modified_bessel_i0", "input", Tensor::i0);
    add(apis, "modified_bessel_i1", "input", Tensor::i1);
    add(apis, "modified_bessel_k0", "input", BesselFunctions::modifiedBesselK0);
    add(apis, "modified_bessel_k1", "input", BesselFunctions::modifiedBesselK1);
    add(apis, "scaled_modified_bessel_k0", "x", BesselFunctions::scaledModifiedBesselK0);
    add(apis, "scaled_modified_bessel_k1", "x", BesselFunctions::scaledModifiedBesselK1);
    add(apis, "spherical_bessel_j0", "x", Tensor::sphericalBesselJ0);
    add(apis, "airy_ai", "x", BesselFunctions::airyAi);
  }

  private static void add(Apis apis, String name, String argument, UnaryOperator<Tensor> f) {
    apis.add(S + name, c -> f.apply(c.tensor(0, argument)));
  }
}
