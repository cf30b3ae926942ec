package org.cotangent.benchmarks.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import java.util.function.Supplier;
import org.cotangent.benchmarks.compare.Data;
import org.cotangent.benchmarks.compare.Task;
import org.cotangent.benchmarks.compare.Work;

/** Gradients in DJL: a collector around the work, cleared before each backward pass; everything made is closed by a scope. */
final class DjlGradients {
  private DjlGradients() {}

  /** One result a run, all of it closed by a scope. */
  static Work scoped(Supplier<NDArray> f) {
    return new Work() {
      @Override
      public void run() {
        try (NDScope scope = new NDScope()) {
          scope.suppressNotUsedWarning();
          f.get();
        }
      }

      @Override
      public float[] result() {
        try (NDScope scope = new NDScope()) {
          scope.suppressNotUsedWarning();
          return f.get().toFloatArray();
        }
      }
    };
  }

  /** Gradients of a scalar by the leaves a run, compared one behind the other. */
  static Work of(Supplier<NDArray> loss, NDArray... leaves) {
    for (NDArray x : leaves) {
      x.setRequiresGradient(true);
    }
    return scoped(() -> {
      backward(loss);
      NDList flat = new NDList();
      for (NDArray x : leaves) {
        flat.add(x.getGradient());
      }
      return flat.size() == 1 ? flat.get(0) : NDArrays.concat(new NDList(flat.stream().map(NDArray::flatten).toList()));
    });
  }

  private static void backward(Supplier<NDArray> loss) {
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      collector.zeroGradients();
      collector.backward(loss.get());
    }
  }

  static Work rows(Task.Rows r) {
    NDArray x = DjlEngine.data(Data.normal(1, r.rows() * r.cols()), r.rows(), r.cols());
    NDArray ct = DjlEngine.data(Data.normal(2, r.rows() * r.cols()), r.rows(), r.cols());
    return switch (r.fn()) {
      case "softmax" -> of(() -> x.softmax(1).mul(ct).sum(), x);
      case "layer norm" -> {
        NDArray scale = DjlEngine.data(Data.normal(3, r.cols()), r.cols());
        NDArray shift = DjlEngine.data(Data.normal(4, r.cols()), r.cols());
        Shape row = new Shape(r.cols());
        yield of(() -> DjlEngine.only(LayerNorm.layerNorm(x, row, scale, shift, 1e-5f)).mul(ct).sum(), x, scale, shift);
      }
      case "cross entropy" -> {
        NDList target = new NDList(DjlEngine.manager().create(Data.classes(5, r.rows(), r.cols())));
        Loss loss = Loss.softmaxCrossEntropyLoss();
        yield of(() -> loss.evaluate(target, new NDList(x)), x);
      }
      default -> throw new IllegalArgumentException(r.fn());
    };
  }

  static Work transformer(Task.Transformer t) {
    int d = t.width();
    int heads = 4;
    NDArray x = DjlEngine.data(Data.normal(1, t.batch() * t.tokens() * d), t.batch(), t.tokens(), d);
    NDArray wqkv = DjlEngine.data(Data.weight(0, 3 * d, d), 3 * d, d);
    NDArray wo = DjlEngine.data(Data.weight(1, d, d), d, d);
    NDArray w1 = DjlEngine.data(Data.weight(2, 4 * d, d), 4 * d, d);
    NDArray w2 = DjlEngine.data(Data.weight(3, d, 4 * d), d, 4 * d);
    NDArray one = DjlEngine.manager().ones(new Shape(d));
    NDArray zero = DjlEngine.manager().zeros(new Shape(d));
    NDArray ct = DjlEngine.data(Data.normal(9, t.batch() * t.tokens() * d), t.batch(), t.tokens(), d);
    Shape row = new Shape(d);
    NDArray[] leaves = {x, wqkv, wo, w1, w2};
    for (NDArray leaf : leaves) {
      leaf.setRequiresGradient(true);
    }
    return scoped(() -> {
      backward(() -> {
        NDArray qkv = linear(DjlEngine.only(LayerNorm.layerNorm(x, row, one, zero, 1e-5f)), wqkv)
            .reshape(t.batch(), t.tokens(), 3, heads, d / heads).transpose(2, 0, 3, 1, 4);
        NDArray scores = qkv.get(0).matMul(qkv.get(1).swapAxes(-2, -1)).div(Math.sqrt(d / heads));
        NDArray mixed = scores.softmax(-1).matMul(qkv.get(2)).swapAxes(1, 2).reshape(t.batch(), t.tokens(), d);
        NDArray h = x.add(linear(mixed, wo));
        NDArray wide = Activation.gelu(linear(DjlEngine.only(LayerNorm.layerNorm(h, row, one, zero, 1e-5f)), w1));
        return h.add(linear(wide, w2)).mul(ct).sum();
      });
      return x.getGradient();
    });
  }

  private static NDArray linear(NDArray x, NDArray w) {
    return DjlEngine.only(Linear.linear(x, w));
  }

  /** One forward and backward pass for each sample; the first weight's gradients are kept. */
  static Work perSample(int... widths) {
    int n = 256;
    NDArray[] p = DjlJacobians.network(widths);
    NDArray x = DjlEngine.data(Data.normal(1, n * widths[0]), n, widths[0]);
    NDArray y = DjlEngine.manager().create(Data.classes(2, n, widths[widths.length - 1]));
    for (NDArray leaf : p) {
      leaf.setRequiresGradient(true);
    }
    Loss loss = Loss.softmaxCrossEntropyLoss();
    return scoped(() -> {
      NDList first = new NDList();
      for (int i = 0; i < n; i++) {
        NDArray xi = x.get(i + ":" + (i + 1));
        NDArray yi = y.get(i + ":" + (i + 1));
        backward(() -> loss.evaluate(new NDList(yi), new NDList(DjlJacobians.forward(p, xi))));
        first.add(p[0].getGradient().duplicate());
      }
      return NDArrays.stack(first);
    });
  }
}
