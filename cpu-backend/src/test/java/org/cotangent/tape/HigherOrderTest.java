package org.cotangent.tape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.cotangent.Autograd.ALLOW_UNUSED;
import static org.cotangent.Autograd.BATCHED;
import static org.cotangent.Autograd.CREATE_GRAPH;
import static org.cotangent.Autograd.MATERIALIZE;
import static org.cotangent.Autograd.RETAIN_GRAPH;
import static org.cotangent.Autograd.grad;

import java.util.ArrayList;
import java.util.List;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Generator;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.GradientException;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class HigherOrderTest {
  private static Tensor nth(Tensor y, Tensor x, int order) {
    Tensor g = y;
    for (int i = 0; i < order; i++) {
      g = grad(g.sum(), x, CREATE_GRAPH);
    }
    return g;
  }

  @Test
  void theFirstFourDerivativesOfSineAreItsShifts() {
    Tensor x = Tensor.of(0.3, -1.2, 2.5).requiresGrad_();
    Tensor y = x.sin();
    double[] v = x.toDoubleArray();
    for (int n = 1; n <= 4; n++) {
      double[] d = nth(y, x, n).toDoubleArray();
      for (int i = 0; i < v.length; i++) {
        assertThat(d[i]).isCloseTo(Math.sin(v[i] + n * Math.PI / 2), within(1e-14));
      }
    }
  }

  @Test
  void theFourthDerivativeOfExpOfASquareIsItsHermiteForm() {
    Tensor x = Tensor.of(0.5, -0.7).requiresGrad_();
    double[] d = nth(x.square().exp(), x, 4).toDoubleArray();
    double[] v = x.toDoubleArray();
    for (int i = 0; i < v.length; i++) {
      double s = v[i] * v[i];
      assertThat(d[i]).isCloseTo((16 * s * s + 48 * s + 12) * Math.exp(s), within(1e-11));
    }
  }

  @Test
  void thirdDerivativesThroughAProductAreRight() {
    Tensor a = Tensor.of(new double[][] {{1, 2}, {3, -1}});
    Tensor x = Tensor.of(0.4, -0.3).requiresGrad_();
    Tensor y = a.matmul(x).pow(3).sum();
    double[] d = nth(y, x, 3).toDoubleArray();
    assertThat(d[0]).isCloseTo(6 * (1 * 9 + 3 * 4), within(1e-12));
    assertThat(d[1]).isCloseTo(6 * (2 * 9 + -1 * 4), within(1e-12));
  }

  @Test
  void anUnusedInputIsRefusedAllowedOrZero() {
    Tensor x = Tensor.of(1f, 2f).requiresGrad_();
    Tensor z = Tensor.ones(2, 3).requiresGrad_();
    Tensor y = x.square().sum();
    assertThatThrownBy(() -> grad(List.of(y), List.of(x, z), RETAIN_GRAPH))
        .isInstanceOf(GradientException.class)
        .hasMessageContaining("input 1");
    var some = grad(List.of(y), List.of(x, z), ALLOW_UNUSED, RETAIN_GRAPH);
    assertThat(some.has(0)).isTrue();
    assertThat(some.has(1)).isFalse();
    assertThatThrownBy(() -> some.get(1)).isInstanceOf(GradientException.class).hasMessageContaining("input 1");
    var all = grad(List.of(y), List.of(x, z), MATERIALIZE);
    assertThat(all.get(1).shape()).isEqualTo(z.shape());
    assertThat(all.get(1).toFloatArray()).containsOnly(0);
    assertThat(x.hasGrad()).isFalse();
  }

  @Test
  void aRefusedUnusedInputLeavesTheGraphUsable() {
    Tensor x = Tensor.of(1f, 2f).requiresGrad_();
    Tensor z = Tensor.ones(3).requiresGrad_();
    Tensor y = x.square().sum();
    assertThatThrownBy(() -> grad(List.of(y), List.of(x, z))).isInstanceOf(GradientException.class);
    assertThat(grad(y, x).toFloatArray()).containsExactly(2, 4);
  }

  @Test
  void anInputWithoutGradIsRefused() {
    Tensor x = Tensor.of(1f).requiresGrad_();
    assertThatThrownBy(() -> grad(x.square().sum(), Tensor.of(1f)))
        .isInstanceOf(GradientException.class)
        .hasMessageContaining("does not require grad");
  }

  @Test
  void gradOfANonScalarWithoutCotangentIsRefused() {
    Tensor x = Tensor.of(1f, 2f).requiresGrad_();
    assertThatThrownBy(() -> grad(x.square(), x))
        .isInstanceOf(GradientException.class)
        .hasMessageContaining("[2] is not a scalar; pass a cotangent");
  }

  @Test
  void gradOfTheOutputItselfIsTheCotangent() {
    Tensor x = Tensor.of(1f, 2f).requiresGrad_();
    Tensor y = x.square();
    assertThat(grad(y, y, Tensor.of(3f, 4f)).toFloatArray()).containsExactly(3, 4);
  }

  @Test
  void gradOfAnIntermediateDoesNotNeedWhatLiesBelow() {
    Tensor x = Tensor.of(1f, 2f).requiresGrad_();
    Tensor y = x.square();
    Tensor z = y.exp().sum();
    y.sum().backward();
    assertThat(grad(z, y).allClose(y.detach().exp())).isTrue();
  }

  private static Tensor normal(Generator g, int... shape) {
    return Tensor.randn(Shape.of(shape), DType.FLOAT64, Device.CPU, g);
  }

  private record Net(Tensor x, List<Tensor> weights, Tensor y) {
    static Net of(long seed) {
      var g = new Generator(seed);
      Tensor x = normal(g, 5, 4).requiresGrad_();
      var w = List.of(normal(g, 4, 6).requiresGrad_(), normal(g, 6).requiresGrad_(), normal(g, 6, 3).requiresGrad_());
      return new Net(x, w, x.matmul(w.get(0)).add(w.get(1)).tanh().matmul(w.get(2)));
    }

    List<Tensor> inputs() {
      var all = new ArrayList<>(weights);
      all.add(x);
      return all;
    }
  }

  private static void equal(Tensor got, Tensor want) {
    assertThat(got.shape()).isEqualTo(want.shape());
    assertThat(got.allClose(want, 1e-11, 1e-12)).as("%s%nwant%n%s", got, want).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void batchedCotangentsEqualALoop(long seed) {
    Net net = Net.of(seed);
    Tensor cts = normal(new Generator(seed + 100), 7, 5, 3);
    var batched = grad(List.of(net.y()), net.inputs(), List.of(cts), BATCHED, RETAIN_GRAPH);
    for (int i = 0; i < net.inputs().size(); i++) {
      Tensor[] rows = new Tensor[7];
      for (int k = 0; k < 7; k++) {
        rows[k] = grad(List.of(net.y()), List.of(net.inputs().get(i)), List.of(cts.get(k)), RETAIN_GRAPH).get(0);
      }
      equal(batched.get(i), Tensor.stack(rows));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5})
  void batchedCotangentsWithAGraphCanBeDifferentiated(long seed) {
    Net net = Net.of(seed);
    Tensor cts = normal(new Generator(seed + 100), 4, 5, 3);
    Tensor batched = grad(net.y(), net.x(), cts, BATCHED, CREATE_GRAPH);
    assertThat(batched.requiresGrad()).isTrue();
    Tensor[] rows = new Tensor[4];
    for (int k = 0; k < rows.length; k++) {
      rows[k] = grad(net.y(), net.x(), cts.get(k), CREATE_GRAPH);
    }
    Tensor loop = Tensor.stack(rows);
    equal(batched.detach(), loop.detach());
    var a = grad(List.of(batched.square().sum()), net.inputs(), RETAIN_GRAPH);
    var b = grad(List.of(loop.square().sum()), net.inputs(), RETAIN_GRAPH);
    for (int i = 0; i < net.inputs().size(); i++) {
      equal(a.get(i), b.get(i));
    }
  }

  @Test
  void batchedCotangentsOfZeroRowsGiveZeroRows() {
    Tensor x = Tensor.of(1f, 2f).requiresGrad_();
    Tensor g = grad(x.square(), x, Tensor.zeros(0, 2), BATCHED);
    assertThat(g.shape().dims()).containsExactly(0, 2);
  }

  @Test
  void batchedCotangentsMaterializeUnusedInputsWithRows() {
    Tensor x = Tensor.of(1f, 2f).requiresGrad_();
    Tensor z = Tensor.ones(4).requiresGrad_();
    var g = grad(List.of(x.square()), List.of(x, z), List.of(Tensor.ones(3, 2)), BATCHED, MATERIALIZE);
    assertThat(g.get(1).shape().dims()).containsExactly(3, 4);
  }

  @Test
  void batchedCotangentsOfAnotherShapeAreRefused() {
    Tensor x = Tensor.of(1f, 2f).requiresGrad_();
    Tensor y = x.square();
    assertThatThrownBy(() -> grad(y, x, Tensor.ones(3, 5), BATCHED))
        .isInstanceOf(GradientException.class)
        .hasMessageContaining("[k, *output]");
    assertThatThrownBy(() -> grad(y, x, Tensor.scalar(1f), BATCHED)).isInstanceOf(GradientException.class);
    assertThat(grad(y, x, Tensor.ones(2)).toFloatArray()).containsExactly(2, 4);
  }
}
