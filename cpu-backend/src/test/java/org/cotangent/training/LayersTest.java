package org.cotangent.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.extension.ExtendWith;
import org.cotangent.testkit.LeakCheck;
import java.util.stream.Stream;
import org.cotangent.Generator;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.IndexException;
import org.cotangent.errors.ShapeException;
import org.cotangent.nn.Dropout;
import org.cotangent.nn.Embedding;
import org.cotangent.nn.Flatten;
import org.cotangent.nn.GELU;
import org.cotangent.nn.Identity;
import org.cotangent.nn.Init;
import org.cotangent.nn.Lambda;
import org.cotangent.nn.Layer;
import org.cotangent.nn.LayerNorm;
import org.cotangent.nn.LeakyReLU;
import org.cotangent.nn.Linear;
import org.cotangent.nn.RMSNorm;
import org.cotangent.nn.ReLU;
import org.cotangent.nn.Sequential;
import org.cotangent.nn.SiLU;
import org.cotangent.nn.Sigmoid;
import org.cotangent.nn.Softmax;
import org.cotangent.nn.Tanh;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The layers one by one, and initial values. */
@ExtendWith(LeakCheck.class)
class LayersTest {
  static Stream<Arguments> simple() {
    Tensor x = Tensor.of(new float[][] {{-1, 0, 2}, {3, -0.5f, 1}});
    return Stream.of(
        Arguments.of(new ReLU(), x, x.relu(), "ReLU()"),
        Arguments.of(new Tanh(), x, x.tanh(), "Tanh()"),
        Arguments.of(new Sigmoid(), x, x.sigmoid(), "Sigmoid()"),
        Arguments.of(new GELU(), x, x.gelu(), "GELU(approximate='none')"),
        Arguments.of(new SiLU(), x, x.silu(), "SiLU()"),
        Arguments.of(new LeakyReLU(), x, x.relu().sub(x.neg().relu().mul(0.01)), "LeakyReLU(negative_slope=0.01)"),
        Arguments.of(new Softmax(1), x, x.softmax(1), "Softmax(dim=1)"),
        Arguments.of(new Identity(), x, x, "Identity()"),
        Arguments.of(new Flatten(), x.reshape(2, 3, 1), x, "Flatten(start_dim=1, end_dim=-1)"),
        Arguments.of(new Flatten(0, 1), x, x.reshape(6), "Flatten(start_dim=0, end_dim=1)"),
        Arguments.of(new Lambda("square", Tensor::square), x, x.mul(x), "Lambda(square)"),
        Arguments.of(new RMSNorm(3), x, x.div(x.square().mean(new int[] {1}, true).sqrt()),
            "RMSNorm((3,), eps=None, elementwise_affine=True)"),
        Arguments.of(new LayerNorm(Shape.of(2, 3), 1e-5, false), x, x.sub(x.mean()).div(x.var(new int[0], 0, false).sqrt()),
            "LayerNorm((2, 3), eps=1e-05, elementwise_affine=False)"),
        Arguments.of(new Dropout(0), x, x, "Dropout(p=0.0, inplace=False)"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("simple")
  void computesAndPrints(Layer layer, Tensor x, Tensor y, String text) {
    assertThat(layer.apply(x).shape()).isEqualTo(y.shape());
    assertThat(layer.apply(x).allClose(y, 1e-4, 1e-5)).isTrue();
    assertThat(layer).hasToString(text);
  }

  @Test
  void linearStartsUniformAndIsDrawnFromItsGenerator() {
    var l = new Linear(100, 200, true, new Generator(5));
    assertThat(l.weight().shape()).isEqualTo(Shape.of(200, 100));
    assertThat(l.bias().shape()).isEqualTo(Shape.of(200));
    assertThat(l.weight().abs().max().item()).isLessThanOrEqualTo(0.1 + 1e-7).isGreaterThan(0.0999);
    assertThat(l.weight().mean().item()).isBetween(-0.002, 0.002);
    assertThat(l.weight().var().item()).isBetween(0.0032, 0.0035);
    assertThat(l.bias().abs().max().item()).isBetween(0.09, 0.1 + 1e-7);
    assertThat(new Linear(100, 200, true, new Generator(5)).weight().eq(l.weight()).all().item()).isEqualTo(1);
    Tensor.manualSeed(4);
    Tensor first = new Linear(3, 2).weight().detach();
    Tensor.manualSeed(4);
    assertThat(new Linear(3, 2).weight().eq(first).all().item()).isEqualTo(1);
    assertThatThrownBy(() -> new Linear(3, 2, false).bias())
        .isInstanceOf(ArgumentException.class)
        .hasMessage("parameter: Linear has no \"bias\"; it has [weight]");
    assertThatThrownBy(() -> new Linear(0, 2))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("Linear: numbers of features are not positive: 0 in, 2 out");
  }

  @Test
  void embedding() {
    var e = new Embedding(10, 3, 2);
    assertThat(e).hasToString("Embedding(10, 3, padding_idx=2)");
    assertThat(new Embedding(10, 3)).hasToString("Embedding(10, 3)");
    assertThat(e.weight().get(2).eq(0).all().item()).isEqualTo(1);
    Tensor y = e.apply(Tensor.of(new long[][] {{1, 2}, {9, 1}}));
    assertThat(y.shape()).isEqualTo(Shape.of(2, 2, 3));
    y.sum().backward();
    assertThat(e.weight().grad().select(1, 0).toFloatArray()).containsExactly(0, 2, 0, 0, 0, 0, 0, 0, 0, 1);
    assertThatThrownBy(() -> e.apply(Tensor.of(10L)).synchronize()).isInstanceOf(IndexException.class);
    assertThatThrownBy(() -> new Embedding(10, 3, 10))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("Embedding: padding row 10 is not in a table of 10 rows");
  }

  @Test
  void sequentialIsIndexed() {
    var a = new ReLU();
    var b = new Tanh();
    var s = Sequential.of(a, b);
    assertThat(s.size()).isEqualTo(2);
    assertThat(s.get(0)).isSameAs(a);
    assertThat(s.get(-1)).isSameAs(b);
    assertThatThrownBy(() -> s.get(2)).isInstanceOf(IndexException.class).hasMessage("get: layer 2 of 2");
    Tensor x = Tensor.of(1f);
    assertThat(Sequential.of().apply(x)).isSameAs(x);
  }

  @Test
  void dropoutDrawsFromItsGenerator() {
    Tensor x = Tensor.ones(1000);
    Tensor y = new Dropout(0.5, new Generator(2)).apply(x);
    assertThat(new Dropout(0.5, new Generator(2)).apply(x).eq(y).all().item()).isEqualTo(1);
    assertThatThrownBy(() -> new Dropout(-0.1))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("Dropout: probability is not between 0 and 1: -0.1");
  }

  @Test
  void initialValuesHaveTheirSpread() {
    var g = new Generator(1);
    Tensor w = Tensor.zeros(300, 100, 4).requiresGrad_();
    assertThat(Init.xavierUniform_(w, 2, g)).isSameAs(w);
    assertThat(w.abs().max().item()).isBetween(0.999 * 2 * Math.sqrt(6.0 / 1600), 2 * Math.sqrt(6.0 / 1600) + 1e-6);
    assertThat(Init.xavierNormal_(w, 1, g).std().item()).isBetween(0.99 * Math.sqrt(2.0 / 1600), 1.01 * Math.sqrt(2.0 / 1600));
    assertThat(Init.kaimingUniform_(w, 0, g).abs().max().item()).isBetween(0.999 * Math.sqrt(6.0 / 400), Math.sqrt(6.0 / 400) + 1e-6);
    assertThat(Init.kaimingNormal_(w, 1, g).std().item()).isBetween(0.99 / 20, 1.01 / 20);
    assertThat(Init.normal_(w, 3, 0.5, g).mean().item()).isBetween(2.99, 3.01);
    assertThat(Init.uniform_(w, -1, 3, g).mean().item()).isBetween(0.98, 1.02);
    assertThat(Init.constant_(w, 7).eq(7).all().item()).isEqualTo(1);
    assertThat(w.isLeaf() && w.requiresGrad()).isTrue();
    assertThatThrownBy(() -> Init.kaimingUniform_(Tensor.zeros(3), 0))
        .isInstanceOf(ShapeException.class)
        .hasMessage("kaimingUniform_: [3] has no fan in and fan out; it needs at least two axes");
    assertThatThrownBy(() -> Init.uniform_(w, 1, 0))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("uniform_: no numbers from 1.0 to below 0.0");
  }
}
