package org.cotangent.conventions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.assertj.core.data.Percentage;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.Option;
import org.cotangent.Tensor;
import org.cotangent.ops.IncompleteGamma;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** P, Q and the density against sums of 50 digits, and for large a against the uniform expansion in as many. */
class IncompleteGammaTest {
  /** a, x, P, Q, density. */
  private static final double[][] TABLE = {
    {100, 50.0, 3.200065324585125e-10, 0.9999999996799934, 3.26063870429546e-10},
    {100, 69.0, 0.0002697124717274809, 0.9997302875282725, 0.00012874698779685191},
    {100, 90.0, 0.15822098918643016, 0.8417790108135699, 0.025912028250157558},
    {100, 99.0, 0.473304330399461, 0.526695669600539, 0.04006147193132941},
    {100, 100, 0.5132987982791487, 0.48670120172085135, 0.039860996809147134},
    {100, 129.0, 0.9964470560713494, 0.00355294392865054, 0.0009003046627377836},
    {100, 131.0, 0.997881938710788, 0.0021180612892120103, 0.0005588271348245359},
    {100, 200, 0.9999999999999981, 1.843893649711574e-15, 9.398737827450507e-16},
    {1e-10, 1e-10, 0.9999999977551365, 2.244863524002411e-09, 0.9999999976551365},
    {1e-10, 1.05, 0.9999999999798127, 2.0187281324159097e-11, 3.3327404679339207e-11},
    {0.5, 1.09, 0.8601855381968467, 0.13981446180315324, 0.18168991820727962},
    {1e6, 995000.0, 2.749580359270071e-07, 0.9999997250419641, 1.43298680230522e-09},
    {1e6, 999000.0, 0.15865521357430365, 0.8413447864256963, 0.00024213213250636926},
    {1e6, 1000000.0, 0.5001329807608725, 0.4998670192391274, 0.00039894224715624404},
    {1e6, 1001000.0, 0.8413447863683403, 0.15865521363165971, 0.00024180950473148182},
    {1e8, 99990000.0, 0.15865525352814383, 0.8413447464718562, 2.4198685684184634e-05},
    {1e8, 100000000.0, 0.5000132980760141, 0.49998670192398587, 3.989422800689808e-05},
    {1e8, 100003000.0, 0.6179229908882924, 0.3820770091117076, 3.813767170826536e-05},
    {1e14, 99999800000000.0, 2.7528899292672048e-89, 1.0, 5.519487342313012e-95},
    {1e14, 99999950000000.0, 2.866503825056016e-07, 0.9999997133496175, 1.486714063437266e-13},
    {1e14, 1e14, 0.500000013298076, 0.49999998670192397, 3.9894228040143234e-08},
    {1e14, 100000003000000.0, 0.6179114337577163, 0.3820885662422837, 3.8138780436213866e-08},
    {1e14, 100000080000000.0, 0.9999999999999993, 6.221066672805577e-16, 5.052353267764825e-22},
    {1e20, 9.99999998e19, 2.753645998211331e-89, 1.0, 5.520992128730847e-98},
    {1e20, 9.999999995e19, 2.866511139699358e-07, 0.999999713348886, 1.4867172256835092e-16},
    {1e20, 9.999999999e19, 0.15865508048690385, 0.8413449195130961, 2.419705510906594e-11},
    {1e20, 1e20, 0.500000000013298, 0.4999999999867019, 3.989422804014327e-11},
    {1e20, 1.00000000003e20, 0.6179111292946454, 0.38208887070535463, 3.8138790332107603e-11},
    {1e20, 1.0000000001e20, 0.8413449195130961, 0.15865508048690388, 2.4197055105839663e-11},
    {1e20, 1.0000000008e20, 0.9999999999999993, 6.221002068710488e-16, 5.05230427639159e-25},
    {1e200, 1e200, 0.5, 0.5, 3.989422804014327e-101},
    {1e300, 1e300, 0.5, 0.5, 3.9894228040143264e-151},
  };

  private static void near(double got, double expected, double share) {
    assertThat(got).isCloseTo(expected, Percentage.withPercentage(100 * share));
  }

  @Test
  void valuesAndSlopes() {
    for (double[] row : TABLE) {
      Tensor a = Tensor.of(row[0]);
      Tensor x = Tensor.of(row[1]).requiresGrad_();
      Tensor p = IncompleteGamma.igamma(a, x);
      Tensor q = IncompleteGamma.igammac(a, x);
      double exponent = row[0] * (Math.log(row[1] / row[0]) - (row[1] - row[0]) / row[0]);
      double share = 1e-14 * Math.max(1, Math.abs(exponent) / 20);
      near(p.item(), row[2], share);
      near(q.item(), row[3], share);
      near(Autograd.grad(p, x).item(), row[4], share);
      near(Autograd.grad(q, x).item(), -row[4], share);
    }
  }

  @Test
  void everyPlaceTakesFewSteps() {
    Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
      Tensor a = Tensor.logspace(-300, 300, 601, 10, DType.FLOAT64);
      for (double share : new double[] {1e-3, 0.69, 0.71, 0.999999, 1, 1.00001, 1.29, 1.31, 1e3}) {
        Tensor x = a.mul(share);
        Tensor p = IncompleteGamma.igamma(a, x);
        assertThat(p.add(IncompleteGamma.igammac(a, x)).sub(1.0).abs().max().item()).isLessThan(1e-15);
      }
    });
  }

  @Test
  void theExpansionJoinsTheSeries() {
    Tensor x = Tensor.linspace(60, 140, 1001, DType.FLOAT64);
    Tensor below = IncompleteGamma.igamma(Tensor.of(Math.nextDown(100.0)), x);
    Tensor above = IncompleteGamma.igamma(Tensor.of(100.0), x);
    assertThat(below.sub(above).div(above).abs().max().item()).isLessThan(1e-13);
  }

  @Test
  void slopesOfSlopesAndOfFloats() {
    Tensor x = Tensor.of(1e8 + 3e3).requiresGrad_();
    Tensor slope = Autograd.grad(IncompleteGamma.igamma(Tensor.of(1e8), x), x, Option.CREATE_GRAPH);
    near(Autograd.grad(slope, x).item(), slope.item() * (1e8 - 1 - x.item()) / x.item(), 1e-8);
    Tensor f = Tensor.of(1e6).to(DType.FLOAT32).requiresGrad_();
    Tensor y = IncompleteGamma.igamma(Tensor.of(1e6).to(DType.FLOAT32), f);
    assertThat(y.item()).isCloseTo(0.5001329807608725, within(1e-7));
    near(Autograd.grad(y, f).item(), 0.00039894224715624404, 1e-6);
  }
}
