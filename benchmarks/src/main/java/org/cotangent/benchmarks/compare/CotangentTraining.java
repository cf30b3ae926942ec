package org.cotangent.benchmarks.compare;

import static org.cotangent.Autograd.grad;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cotangent.MemoryScope;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.nn.Conv2d;
import org.cotangent.nn.Flatten;
import org.cotangent.nn.GELU;
import org.cotangent.nn.Layer;
import org.cotangent.nn.Linear;
import org.cotangent.nn.MaxPool2d;
import org.cotangent.nn.ReLU;
import org.cotangent.nn.Sequential;
import org.cotangent.ops.Functional;
import org.cotangent.ops.Losses;
import org.cotangent.ops.Norms;
import org.cotangent.optim.Adam;
import org.cotangent.optim.AdamW;
import org.cotangent.optim.Optimizer;

/** Training steps in Cotangent. */
final class CotangentTraining {
  private static final int CHECKED = 3;

  private CotangentTraining() {}

  static Work mlp(Task.AdamStep t) {
    int layers = t.widths().length - 1;
    Layer[] parts = new Layer[2 * layers - 1];
    for (int l = 0; l < layers; l++) {
      parts[2 * l] = linear(l, t.widths()[l], t.widths()[l + 1]);
      if (l + 1 < layers) {
        parts[2 * l + 1] = new ReLU();
      }
    }
    Tensor x = CotangentEngine.data(Data.normal(1, t.batch() * t.widths()[0]), t.batch(), t.widths()[0]);
    Tensor y = Tensor.of(Data.classes(2, t.batch(), t.widths()[layers]), t.batch());
    return training(Sequential.of(parts), x, y);
  }

  static Work quickstart() {
    Layer model = Sequential.of(linear(0, 64, 128), new GELU(), linear(1, 128, 10));
    Tensor x = Tensor.of(Data.normal(1, 32 * 64), 32, 64);
    Tensor y = Tensor.of(Data.classes(2, 32, 10), 32);
    return training(new AdamW(model.parameters()).learningRate(2e-3), model, x, y);
  }

  static Work cnn() {
    Layer model = Sequential.of(
        conv(0, 1, 16), new ReLU(), new MaxPool2d(2),
        conv(1, 16, 32), new ReLU(), new MaxPool2d(2),
        new Flatten(), linear(2, 32 * 5 * 5, 10));
    Tensor x = CotangentEngine.data(Data.normal(1, 32 * 28 * 28), 32, 1, 28, 28);
    return training(model, x, Tensor.of(Data.classes(2, 32, 10), 32));
  }

  private static Layer linear(int l, int in, int out) {
    Linear layer = new Linear(in, out);
    layer.loadState(Map.of("weight", Tensor.of(Data.weight(l, out, in), out, in), "bias", Tensor.of(Data.bias(l, out), out)));
    return layer;
  }

  private static Layer conv(int l, int in, int out) {
    Conv2d layer = new Conv2d(in, out, 3);
    layer.loadState(Map.of("weight", Tensor.of(Data.weight(l, out, in * 9), out, in, 3, 3), "bias", Tensor.of(Data.bias(l, out), out)));
    return layer;
  }

  private static Work training(Layer model, Tensor x, Tensor y) {
    return training(new Adam(model.parameters()).learningRate(1e-3), model, x, y);
  }

  private static Work training(Optimizer optimizer, Layer model, Tensor x, Tensor y) {
    return new Work() {
      @Override
      public void run() {
        try (var _ = MemoryScope.open()) {
          optimizer.step(Losses.crossEntropy(model.apply(x), y));
        }
      }

      @Override
      public float[] result() {
        float[] losses = new float[CHECKED];
        for (int i = 0; i < CHECKED; i++) {
          try (var _ = MemoryScope.open()) {
            Tensor loss = Losses.crossEntropy(model.apply(x), y);
            optimizer.step(loss);
            losses[i] = (float) loss.item();
          }
        }
        return losses;
      }
    };
  }

  static Work transformer(Task.Transformer t) {
    int d = t.width();
    int heads = 4;
    Tensor x = CotangentEngine.data(Data.normal(1, t.batch() * t.tokens() * d), t.batch(), t.tokens(), d).requiresGrad_();
    Tensor wqkv = weight(0, 3 * d, d);
    Tensor wo = weight(1, d, d);
    Tensor w1 = weight(2, 4 * d, d);
    Tensor w2 = weight(3, d, 4 * d);
    Tensor ct = CotangentEngine.data(Data.normal(9, t.batch() * t.tokens() * d), t.batch(), t.tokens(), d);
    Shape row = Shape.of(d);
    List<Tensor> leaves = List.of(x, wqkv, wo, w1, w2);
    return CotangentEngine.work(() -> {
      Tensor qkv = Functional.linear(Norms.layerNorm(x, row, 1e-5), wqkv)
          .reshape(t.batch(), t.tokens(), 3, heads, d / heads).permute(2, 0, 3, 1, 4);
      Tensor scores = qkv.get(0).matmul(qkv.get(1).transpose(-2, -1)).mul(1 / Math.sqrt(d / heads));
      Tensor mixed = scores.softmax(-1).matmul(qkv.get(2)).transpose(1, 2).reshape(t.batch(), t.tokens(), d);
      Tensor h = x.add(Functional.linear(mixed, wo));
      Tensor y = h.add(Functional.linear(Functional.linear(Norms.layerNorm(h, row, 1e-5), w1).gelu(), w2));
      var all = new ArrayList<Tensor>();
      var g = grad(List.of(y), leaves, List.of(ct));
      g.forEach(all::add);
      Tensor.synchronize(all);
      return g.get(0);
    });
  }

  private static Tensor weight(int l, int out, int in) {
    return CotangentEngine.data(Data.weight(l, out, in), out, in).requiresGrad_();
  }
}
