package org.cotangent.special;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.UnaryOperator;
import org.assertj.core.data.Offset;
import org.cotangent.DType;
import org.cotangent.Tensor;
import org.cotangent.ops.BesselFunctions;
import org.junit.jupiter.api.Test;

/** Bessel functions against tabulated values, and by the identities that bind the kinds to one another. */
class BesselFunctionsTest {
  private static final double INF = Double.POSITIVE_INFINITY;

  private static double at(UnaryOperator<Tensor> f, double x) {
    return f.apply(Tensor.of(x)).item();
  }

  private static void check(UnaryOperator<Tensor> f, double... pairs) {
    for (int i = 0; i < pairs.length; i += 2) {
      assertThat(at(f, pairs[i])).as("at %s", pairs[i]).isCloseTo(pairs[i + 1], Offset.offset(2e-15 * (0.1 + Math.abs(pairs[i + 1]))));
    }
  }

  @Test
  void tabulatedValues() {
    check(BesselFunctions::besselJ0, 1, 0.76519768655796655, 6, 0.15064525725099693, 10, -0.24593576445134834, 50, 0.05581232766925181);
    check(BesselFunctions::besselJ1, 1, 0.44005058574493352, -1, -0.44005058574493352, 10, 0.04347274616886144);
    check(BesselFunctions::besselY0, 1, 0.08825696421567696, 10, 0.05567116728359939);
    check(BesselFunctions::besselY1, 1, -0.78121282130028872, 10, 0.24901542420695388);
    check(BesselFunctions::modifiedBesselK0, 1, 0.42102443824070833, 5, 0.0036910983340425942);
    check(BesselFunctions::modifiedBesselK1, 1, 0.60190723019723457, 5, 0.0040446134454521642);
    check(BesselFunctions::airyAi, 0, 0.35502805388781724, 1, 0.13529241631288141, -1, 0.53556088329235212, -3, -0.37881429367765823);
  }

  @Test
  void wronskians() {
    Tensor x = Tensor.linspace(0.01, 80, 4001, DType.FLOAT64);
    Tensor first = BesselFunctions.besselJ1(x).mul(BesselFunctions.besselY0(x)).sub(BesselFunctions.besselJ0(x).mul(BesselFunctions.besselY1(x)));
    assertThat(first.mul(x).mul(Math.PI / 2).sub(1).abs().max().item()).as("A&S 9.1.16").isLessThan(2e-14);
    Tensor k0 = BesselFunctions.scaledModifiedBesselK0(x);
    Tensor k1 = BesselFunctions.scaledModifiedBesselK1(x);
    Tensor modified = x.i0e().mul(k1).add(x.i1e().mul(k0));
    assertThat(modified.mul(x).sub(1).abs().max().item()).as("A&S 9.6.15").isLessThan(2e-14);
  }

  @Test
  void endsAreThoseOfPyTorch() {
    assertThat(at(BesselFunctions::besselJ0, INF)).isNaN();
    assertThat(at(BesselFunctions::besselJ1, -0.0)).isEqualTo(-0.0);
    assertThat(at(BesselFunctions::besselY0, 0)).isEqualTo(-INF);
    assertThat(at(BesselFunctions::besselY1, -1)).isNaN();
    assertThat(at(BesselFunctions::modifiedBesselK1, 0)).isEqualTo(INF);
    assertThat(at(BesselFunctions::modifiedBesselK0, INF)).isZero();
    assertThat(at(BesselFunctions::scaledModifiedBesselK0, 1e300)).isCloseTo(1.2533141373155003e-150, Offset.offset(1e-164));
    assertThat(at(BesselFunctions::airyAi, 1e300)).isZero();
    assertThat(BesselFunctions.besselY0(Tensor.of(1L)).dtype()).isEqualTo(DType.FLOAT32);
  }
}
