package org.cotangent.benchmarks.libtorch;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.cotangent.benchmarks.compare.Data;
import org.cotangent.benchmarks.compare.Work;

/** Jacobians and per-sample gradients in libtorch: by loops of vector-Jacobian products, and by the same products written by hand. */
final class LibtorchJacobians {
  private LibtorchJacobians() {}

  static Tensor[] network(boolean grad, int... widths) {
    Tensor[] p = new Tensor[2 * (widths.length - 1)];
    for (int l = 0; l + 1 < widths.length; l++) {
      p[2 * l] = LibtorchEngine.data(Data.weight(l, widths[l + 1], widths[l]), widths[l + 1], widths[l]).set_requires_grad(grad);
      p[2 * l + 1] = LibtorchEngine.data(Data.bias(l, widths[l + 1]), widths[l + 1]).set_requires_grad(grad);
    }
    return p;
  }

  static Tensor forward(Tensor[] p, Tensor x) {
    Tensor h = x;
    for (int l = 0; l < p.length; l += 2) {
      h = torch.linear(h, p[l], new TensorOptional(p[l + 1]));
      h = l + 2 < p.length ? h.tanh() : h;
    }
    return h;
  }

  /** One retained pass for each of the 64 outputs, all samples inside. */
  static Work inputByLoop(int samples) {
    Tensor[] p = network(false, 64, 256, 256, 64);
    Tensor x = LibtorchEngine.data(Data.normal(1, samples * 64), samples, 64).set_requires_grad(true);
    Tensor eye = torch.eye(64);
    return LibtorchEngine.work(() -> {
      Tensor y = forward(p, x);
      TensorVector rows = new TensorVector();
      for (int i = 0; i < 64; i++) {
        Tensor ct = eye.select(0, i).expand(samples, 64);
        rows.push_back(torch.grad(new TensorVector(y), new TensorVector(x), new TensorVector(ct), new BoolOptional(true), false, false).get(0));
      }
      return torch.stack(rows, 1);
    });
  }

  static Work inputByHand(int samples) {
    Tensor[] p = network(false, 64, 256, 256, 64);
    Tensor x = LibtorchEngine.data(Data.normal(1, samples * 64), samples, 64);
    Scalar one = new Scalar(1f);
    return LibtorchEngine.work(() -> {
      Tensor h1 = torch.linear(x, p[0], new TensorOptional(p[1])).tanh();
      Tensor h2 = torch.linear(h1, p[2], new TensorOptional(p[3])).tanh();
      torch.linear(h2, p[4], new TensorOptional(p[5]));
      Tensor d1 = h1.mul(h1).neg().add(one).reshape(samples, 1, 256);
      Tensor d2 = h2.mul(h2).neg().add(one).reshape(samples, 1, 256);
      Tensor j2 = p[4].mul(d2).reshape(samples * 64L, 256).matmul(p[2]).reshape(samples, 64, 256);
      return j2.mul(d1).reshape(samples * 64L, 256).matmul(p[0]).reshape(samples, 64, 64);
    });
  }

  static Work weightsByLoop() {
    Tensor[] p = network(true, 784, 256, 10);
    Tensor x = LibtorchEngine.data(Data.normal(1, 784), 784);
    return LibtorchEngine.work(() -> {
      Tensor y = forward(p, x);
      TensorVector[] blocks = {new TensorVector(), new TensorVector(), new TensorVector(), new TensorVector()};
      for (int i = 0; i < 10; i++) {
        TensorVector g = torch.grad(
            new TensorVector(y.select(0, i)), new TensorVector(p), new TensorVector(), new BoolOptional(true), false, false);
        for (int k = 0; k < 4; k++) {
          blocks[k].push_back(g.get(k));
        }
      }
      for (int k = 3; k > 0; k--) {
        torch.stack(blocks[k], 0);
      }
      return torch.stack(blocks[0], 0);
    });
  }

  static Work weightsByHand() {
    Tensor[] p = network(false, 784, 256, 10);
    Tensor x = LibtorchEngine.data(Data.normal(1, 784), 784);
    Tensor eye = torch.eye(10);
    Scalar one = new Scalar(1f);
    return LibtorchEngine.work(() -> {
      Tensor h = torch.linear(x, p[0], new TensorOptional(p[1])).tanh();
      torch.linear(h, p[2], new TensorOptional(p[3]));
      eye.reshape(10, 10, 1).mul(h);
      eye.clone();
      Tensor b1 = p[2].mul(h.mul(h).neg().add(one));
      return b1.reshape(10, 256, 1).mul(x);
    });
  }

  /** One backward pass for each sample; the gradients are left as they come. */
  static Work perSample(int... widths) {
    int n = 256;
    Tensor[] p = network(true, widths);
    Tensor x = LibtorchEngine.data(Data.normal(1, n * widths[0]), n, widths[0]);
    Tensor y = Tensor.create(Data.classes(2, n, widths[widths.length - 1]), n);
    return new Work() {
      private TensorVector each() {
        TensorVector first = new TensorVector();
        for (int i = 0; i < n; i++) {
          Tensor loss = torch.cross_entropy_loss(forward(p, x.select(0, i)), y.select(0, i));
          TensorVector g = torch.grad(new TensorVector(loss), new TensorVector(p));
          first.push_back(g.get(0));
        }
        return first;
      }

      @Override
      public void run() {
        try (var _ = new org.bytedeco.javacpp.PointerScope()) {
          each();
        }
      }

      @Override
      public float[] result() {
        try (var _ = new org.bytedeco.javacpp.PointerScope()) {
          return LibtorchEngine.numbers(torch.stack(each(), 0));
        }
      }
    };
  }
}
