package org.cotangent.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.Generator;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.nn.*;
import org.cotangent.ops.Attention;
import org.cotangent.ops.BagOptions;
import org.cotangent.ops.ConvOptions;
import org.cotangent.ops.PoolOptions;
import org.cotangent.ops.Recurrent;
import org.junit.jupiter.api.Test;

/** Recurrent networks, attention and other modules with parameters, compared with PyTorch's: they load its state and give its numbers. */
class NetworksTest {
  private static final RecurrentOptions DEEP = RecurrentOptions.DEFAULT.layers(2).bidirectional(true);
  private static final TransformerEncoderLayer.Settings SMALL = TransformerEncoderLayer.Settings.DEFAULT.feedForward(5).dropout(0);

  private static Tensor[] parts(Unrolled r) {
    return new Tensor[] {r.output(), r.hidden()};
  }

  private static Tensor[] parts(LSTM.Unrolled r) {
    return new Tensor[] {r.output(), r.hidden(), r.cell()};
  }

  private static Tensor[] parts(Attention.Attended r) {
    return new Tensor[] {r.values(), r.weights()};
  }

  private static void same(String name, Layer layer) {
    Recorded.of(name).compare(layer, x -> new Tensor[] {layer.apply(x[0])});
  }

  private static Tensor lower(int n) {
    return Tensor.ones(n, n).tril(0).gt(0);
  }

  @Test
  void simpleRecurrentNetworks() {
    var plain = new RNN(3, 2);
    Recorded.of("rnn").compare(plain, x -> parts(plain.run(x[0])));
    var deep = new RNN(3, 2, RNN.Nonlinearity.RELU, DEEP.batchFirst(true));
    Recorded.of("rnn relu deep both").compare(deep, x -> parts(deep.run(x[0], x[1])));
  }

  @Test
  void gatedRecurrentNetworks() {
    var plain = new GRU(3, 2);
    Recorded.of("gru").compare(plain, x -> parts(plain.run(x[0])));
    var deep = new GRU(3, 2, DEEP.bias(false));
    Recorded.of("gru deep both").compare(deep, x -> parts(deep.run(x[0], x[1])));
  }

  @Test
  void longShortTermMemories() {
    var plain = new LSTM(3, 2);
    Recorded.of("lstm").compare(plain, x -> parts(plain.run(x[0])));
    Recorded.of("lstm single").compare(plain, x -> parts(plain.run(x[0], x[1], x[2])));
    var deep = new LSTM(3, 2, DEEP.batchFirst(true));
    Recorded.of("lstm deep both").compare(deep, x -> parts(deep.run(x[0], x[1], x[2])));
    var projected = new LSTM(3, 4, DEEP.projection(2));
    Recorded.of("lstm projected").compare(projected, x -> parts(projected.run(x[0])));
  }

  @Test
  void cells() {
    var rnn = new RNNCell(3, 2);
    Recorded.of("rnn cell").compare(rnn, x -> new Tensor[] {rnn.step(x[0], x[1])});
    var relu = new RNNCell(3, 2, RNN.Nonlinearity.RELU, true, Generator.standard());
    Recorded.of("rnn cell relu").compare(relu, x -> new Tensor[] {relu.step(x[0], x[1])});
    var gru = new GRUCell(3, 2);
    Recorded.of("gru cell").compare(gru, x -> new Tensor[] {gru.step(x[0], x[1])});
    var lstm = new LSTMCell(3, 2);
    Recorded.of("lstm cell").compare(lstm, x -> {
      Recurrent.LstmState s = lstm.step(x[0], x[1], x[2]);
      return new Tensor[] {s.hidden(), s.cell()};
    });
  }

  @Test
  void attention() {
    var settings = MultiheadAttention.Settings.DEFAULT;
    var plain = new MultiheadAttention(4, 2);
    Recorded.of("attention").compare(plain, x -> parts(plain.attend(x[0], x[1], x[2])));
    var widths = new MultiheadAttention(4, 2, settings.widths(3, 5).batchFirst(true));
    Recorded.of("attention widths").compare(widths, x -> parts(widths.attend(x[0], x[1], x[2])));
    var self = new MultiheadAttention(4, 2, settings.bias(false));
    Recorded.of("attention self").compare(self, x -> parts(self.attend(x[0], x[0], x[0])));
    var padded = new MultiheadAttention(4, 2, settings.batchFirst(true));
    Tensor hidden = Tensor.of(false, false, true, false, true, true).reshape(2, 1, 1, 3);
    Recorded.of("attention padded").compare(padded, x -> parts(padded.attend(x[0], x[0], x[0], hidden.not().and(lower(3)))));
  }

  @Test
  void encoders() {
    same("encoder layer", new TransformerEncoderLayer(4, 2, SMALL.batchFirst(true)));
    same("encoder layer norm first", new TransformerEncoderLayer(4, 2, SMALL.normFirst(true).activation(Tensor::gelu)));
    var causal = new TransformerEncoderLayer(4, 2, SMALL);
    Recorded.of("encoder layer causal").compare(causal, x -> new Tensor[] {causal.apply(x[0], lower(3))});
    var three = SMALL.feedForward(3);
    same("encoder", new TransformerEncoder(
        List.of(new TransformerEncoderLayer(4, 2, three), new TransformerEncoderLayer(4, 2, three)), new LayerNorm(4)));
  }

  @Test
  void attentionWithAddedKeys() {
    var settings = MultiheadAttention.Settings.DEFAULT.biasKeyValue(true);
    var bias = new MultiheadAttention(4, 2, settings);
    Recorded.of("attention bias kv").compare(bias, x -> parts(bias.attend(x[0], x[1], x[2])));
    var both = new MultiheadAttention(4, 2, settings.zeroAttention(true));
    Recorded.of("attention added keys").compare(both, x -> parts(both.attend(x[0], x[0], x[0], lower(3))));
    var fresh = new MultiheadAttention(4, 2, settings);
    assertThatThrownBy(() -> fresh.attend(Tensor.ones(3, 1, 4), Tensor.ones(3, 1, 4), Tensor.ones(3, 1, 4), Tensor.ones(3, 1).gt(0)))
        .isInstanceOf(ShapeException.class).hasMessageContaining("added");
  }

  @Test
  void decoders() {
    var plain = new TransformerDecoderLayer(4, 2, SMALL);
    Recorded.of("decoder layer").compare(plain, x -> new Tensor[] {plain.apply(x[0], x[1])});
    var first = new TransformerDecoderLayer(4, 2, SMALL.normFirst(true).batchFirst(true));
    Tensor seen = Tensor.of(true, false, true, true, false).expand(3, 5);
    Recorded.of("decoder layer norm first").compare(first, x -> new Tensor[] {first.apply(x[0], x[1], lower(3), seen)});
    var whole = new Transformer(4, 2, 1, 2, SMALL.feedForward(3));
    Tensor all = Tensor.of(true);
    Recorded.of("transformer").compare(whole, x -> new Tensor[] {whole.apply(x[0], x[1], all, Transformer.causalMask(3), all)});
    assertThatThrownBy(() -> whole.apply(Tensor.ones(2, 1, 4), Tensor.ones(2, 1, 3))).isInstanceOf(ShapeException.class)
        .hasMessageContaining("d_model");
  }

  @Test
  void sequencesOfDifferentLengths() {
    Tensor lengths = Tensor.of(2L, 4L, 3L);
    var rnn = new RNN(3, 2);
    Recorded.of("rnn lengths").compare(rnn, x -> parts(rnn.runPadded(x[0], lengths)));
    var gru = new GRU(3, 2, DEEP.batchFirst(true));
    Recorded.of("gru lengths").compare(gru, x -> parts(gru.runPadded(x[0], lengths)));
    var lstm = new LSTM(3, 2, DEEP);
    Recorded.of("lstm lengths").compare(lstm, x -> parts(lstm.runPadded(x[0], lengths)));
    assertThatThrownBy(() -> rnn.runPadded(Tensor.ones(4, 2, 3), lengths)).isInstanceOf(ShapeException.class).hasMessageContaining("lengths");
  }

  @Test
  void convolutions() {
    Generator g = Generator.standard();
    ConvOptions o = ConvOptions.DEFAULT;
    same("conv3d", new Conv3d(2, 4, new int[] {1, 2, 2}, o.stride(1, 2, 1).padding(0, 1, 1).groups(2), true, g));
    same("conv transposed 1d", new ConvTranspose1d(2, 4, 3, o.stride(2).padding(1).outputPadding(1).groups(2)));
    same("conv transposed 2d", new ConvTranspose2d(2, 3, new int[] {2}, o.stride(2), false, g));
    same("conv transposed 3d", new ConvTranspose3d(2, 1, 2, o.dilation(2)));
  }

  @Test
  void normalisations() {
    same("batch norm 3d", new BatchNorm3d(2));
    same("instance norm 1d", new InstanceNorm1d(2));
    same("instance norm 2d", new InstanceNorm2d(2, 1e-5, 0.1, true, true));
    same("instance norm 3d", new InstanceNorm3d(2, 1e-5, 0.1, false, true).eval());
    same("group norm", new GroupNorm(2, 4));
  }

  @Test
  void otherLayers() {
    var bilinear = new Bilinear(3, 2, 4);
    Recorded.of("bilinear").compare(bilinear, x -> new Tensor[] {bilinear.apply(x[0], x[1])});
    same("prelu", new PReLU(3, 0.25));
    var bag = new EmbeddingBag(5, 3, BagOptions.DEFAULT.mode(BagOptions.Mode.SUM).padding(1), Generator.standard());
    Recorded.of("embedding bag").compare(bag, x -> new Tensor[] {bag.apply(x[0], x[1])});
    same("embedding bag mean", new EmbeddingBag(5, 3));
    same("crop", Sequential.of(new ReflectionPad2d(1, 0, 2, -1), new MaxPool2d(PoolOptions.of(2).stride(1)), new Upsample(1.5)));
  }

  @Test
  void aRecurrentNetworkIsAFunctionOfItsParametersUnderVmap() {
    var net = new GRU(2, 3);
    Tensor x = Tensor.randn(5, 4, 1, 2); // 5 sequences of 4 steps, one example each
    Tensor each = Autograd.vmap(s -> net.apply(s)).apply(x);
    for (int i = 0; i < 5; i++) {
      assertThat(each.select(0, i).allClose(net.apply(x.select(0, i)), 1e-5, 1e-6)).isTrue();
    }
    Tensor w = net.parameter("weight_ih_l0").detach();
    Tensor bar = Autograd.grad(v -> net.functionalCall(Map.of("weight_ih_l0", v), x.select(0, 0)).square().sum()).apply(w);
    assertThat(bar.shape()).isEqualTo(w.shape());
    assertThat(bar.abs().sum().item()).isPositive();
  }

  @Test
  void dropoutLiesBetweenLayersAndOnlyInTrainingMode() {
    var net = new LSTM(2, 4, RecurrentOptions.DEFAULT.layers(2).dropout(1));
    Tensor x = Tensor.randn(3, 1, 2);
    Tensor dropped = net.apply(x);
    Tensor zero = net.apply(x.mul(7.0));
    assertThat(dropped.allClose(zero, 0, 0)).as("the second layer sees zeros").isTrue();
    net.eval();
    assertThat(net.apply(x).allClose(net.apply(x.mul(7.0)), 1e-3, 1e-3)).isFalse();
  }

  @Test
  void wrongSizesAreRefused() {
    assertThatThrownBy(() -> new LSTM(3, 2).apply(Tensor.ones(4, 2, 5))).isInstanceOf(ShapeException.class).hasMessageContaining("LSTM:");
    assertThatThrownBy(() -> new GRU(3, 2).run(Tensor.ones(4, 2, 3), Tensor.ones(1, 3, 2))).isInstanceOf(ShapeException.class)
        .hasMessageContaining("[1, 2, 2]");
    assertThatThrownBy(() -> new GRU(3, 2, RecurrentOptions.DEFAULT.projection(1))).isInstanceOf(ArgumentException.class);
    assertThatThrownBy(() -> new MultiheadAttention(5, 2)).isInstanceOf(ArgumentException.class).hasMessageContaining("divisible");
    assertThatThrownBy(() -> new LSTMCell(3, 2).step(Tensor.ones(2, 3), Tensor.ones(2, 2), Tensor.ones(2, 3)))
        .isInstanceOf(ShapeException.class);
    assertThat(new RNN(3, 2).to(DType.FLOAT64).apply(Tensor.ones(1, 3).to(DType.FLOAT64)).dtype()).isEqualTo(DType.FLOAT64);
  }
}
