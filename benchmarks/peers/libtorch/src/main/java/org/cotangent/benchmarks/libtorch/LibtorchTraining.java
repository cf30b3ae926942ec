package org.cotangent.benchmarks.libtorch;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.cotangent.benchmarks.compare.Data;
import org.cotangent.benchmarks.compare.Task;
import org.cotangent.benchmarks.compare.Work;

/** Training steps in libtorch. */
final class LibtorchTraining {
  private static final int CHECKED = 3;

  private LibtorchTraining() {}

  private interface Model {
    Tensor loss();
  }

  static Work mlp(Task.AdamStep t) {
    int[] widths = t.widths();
    int layers = widths.length - 1;
    Tensor[] p = new Tensor[2 * layers];
    for (int l = 0; l < layers; l++) {
      p[2 * l] = leaf(Data.weight(l, widths[l + 1], widths[l]), widths[l + 1], widths[l]);
      p[2 * l + 1] = leaf(Data.bias(l, widths[l + 1]), widths[l + 1]);
    }
    Tensor x = LibtorchEngine.data(Data.normal(1, t.batch() * widths[0]), t.batch(), widths[0]);
    Tensor y = Tensor.create(Data.classes(2, t.batch(), widths[layers]), t.batch());
    TensorOptional[] bias = new TensorOptional[layers];
    for (int l = 0; l < layers; l++) {
      bias[l] = new TensorOptional(p[2 * l + 1]);
    }
    return training(p, () -> {
      Tensor h = x;
      for (int l = 0; l < layers; l++) {
        h = torch.linear(h, p[2 * l], bias[l]);
        h = l + 1 < layers ? torch.relu(h) : h;
      }
      return torch.cross_entropy_loss(h, y);
    });
  }

  static Work cnn() {
    Tensor[] p = {
      leaf(Data.weight(0, 16, 9), 16, 1, 3, 3), leaf(Data.bias(0, 16), 16),
      leaf(Data.weight(1, 32, 16 * 9), 32, 16, 3, 3), leaf(Data.bias(1, 32), 32),
      leaf(Data.weight(2, 10, 800), 10, 800), leaf(Data.bias(2, 10), 10)};
    Tensor x = LibtorchEngine.data(Data.normal(1, 32 * 28 * 28), 32, 1, 28, 28);
    Tensor y = Tensor.create(Data.classes(2, 32, 10), 32);
    TensorOptional b0 = new TensorOptional(p[1]);
    TensorOptional b1 = new TensorOptional(p[3]);
    TensorOptional b2 = new TensorOptional(p[5]);
    return training(p, () -> {
      Tensor h = torch.max_pool2d(torch.relu(conv(x, p[0], b0)), 2, 2);
      h = torch.max_pool2d(torch.relu(conv(h, p[2], b1)), 2, 2);
      return torch.cross_entropy_loss(torch.linear(h.reshape(32, 800), p[4], b2), y);
    });
  }

  private static Tensor conv(Tensor x, Tensor w, TensorOptional b) {
    return torch.conv2d(x, w, b, new long[] {1, 1}, new long[] {0, 0}, new long[] {1, 1}, 1);
  }

  static Tensor leaf(float[] x, long... shape) {
    return LibtorchEngine.data(x, shape).set_requires_grad(true);
  }

  static Work quickstart() {
    Tensor[] p = {
      leaf(Data.weight(0, 128, 64), 128, 64), leaf(Data.bias(0, 128), 128), leaf(Data.weight(1, 10, 128), 10, 128), leaf(Data.bias(1, 10), 10)};
    Tensor x = LibtorchEngine.data(Data.normal(1, 32 * 64), 32, 64);
    Tensor y = Tensor.create(Data.classes(2, 32, 10), 32);
    TensorOptional b0 = new TensorOptional(p[1]);
    TensorOptional b1 = new TensorOptional(p[3]);
    return training(new AdamW(new TensorVector(p), new AdamWOptions(2e-3)), () -> torch.cross_entropy_loss(
        torch.linear(torch.gelu(torch.linear(x, p[0], b0)), p[2], b1), y));
  }

  private static Work training(Tensor[] p, Model model) {
    return training(new Adam(new TensorVector(p), new AdamOptions(1e-3)), model);
  }

  private static Work training(Optimizer optimizer, Model model) {
    return new Work() {
      @Override
      public void run() {
        try (var _ = new PointerScope()) {
          step();
        }
      }

      private Tensor step() {
        optimizer.zero_grad();
        Tensor loss = model.loss();
        loss.backward();
        optimizer.step();
        return loss;
      }

      @Override
      public float[] result() {
        float[] losses = new float[CHECKED];
        for (int i = 0; i < CHECKED; i++) {
          try (var _ = new PointerScope()) {
            losses[i] = step().item_float();
          }
        }
        return losses;
      }
    };
  }

  static Work transformer(Task.Transformer t) {
    int d = t.width();
    int heads = 4;
    Tensor x = leaf(Data.normal(1, t.batch() * t.tokens() * d), t.batch(), t.tokens(), d);
    Tensor wqkv = leaf(Data.weight(0, 3 * d, d), 3 * d, d);
    Tensor wo = leaf(Data.weight(1, d, d), d, d);
    Tensor w1 = leaf(Data.weight(2, 4 * d, d), 4 * d, d);
    Tensor w2 = leaf(Data.weight(3, d, 4 * d), d, 4 * d);
    Tensor ct = LibtorchEngine.data(Data.normal(9, t.batch() * t.tokens() * d), t.batch(), t.tokens(), d);
    return LibtorchEngine.work(() -> {
      Tensor qkv = torch.linear(norm(x, d), wqkv).reshape(t.batch(), t.tokens(), 3, heads, d / heads).permute(2, 0, 3, 1, 4);
      Tensor mixed = torch.scaled_dot_product_attention(qkv.select(0, 0), qkv.select(0, 1), qkv.select(0, 2))
          .transpose(1, 2).reshape(t.batch(), t.tokens(), d);
      Tensor h = x.add(torch.linear(mixed, wo));
      Tensor y = h.add(torch.linear(torch.gelu(torch.linear(norm(h, d), w1)), w2));
      return torch.grad(new TensorVector(y), new TensorVector(x, wqkv, wo, w1, w2), new TensorVector(ct), new BoolOptional(), false, false)
          .get(0);
    });
  }

  private static Tensor norm(Tensor x, int d) {
    return torch.layer_norm(x, new long[] {d}, new TensorOptional(), new TensorOptional(), 1e-5, true);
  }
}
