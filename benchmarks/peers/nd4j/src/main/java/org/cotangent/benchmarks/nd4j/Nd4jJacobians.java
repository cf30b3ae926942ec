package org.cotangent.benchmarks.nd4j;

import org.cotangent.benchmarks.compare.Data;
import org.cotangent.benchmarks.compare.Work;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Jacobians in ND4J, their products written by hand. */
final class Nd4jJacobians {
  private Nd4jJacobians() {}

  /** The weight [in, out] of layer {@code l}, as ND4J's products take it. */
  static INDArray weight(int l, int out, int in) {
    return Nd4jEngine.data(Data.weight(l, out, in), out, in).transpose().dup('c');
  }

  static INDArray bias(int l, int out) {
    return Nd4jEngine.data(Data.bias(l, out), 1, out);
  }

  private static INDArray linear(INDArray x, INDArray w, INDArray b) {
    return x.mmul(w).addiRowVector(b);
  }

  static Work input(int samples) {
    INDArray[] w = {weight(0, 256, 64), weight(1, 256, 256), weight(2, 64, 256)};
    INDArray[] b = {bias(0, 256), bias(1, 256), bias(2, 64)};
    INDArray[] wt = {w[0].transpose().dup('c'), w[1].transpose().dup('c'), w[2].transpose().dup('c')};
    INDArray x = Nd4jEngine.data(Data.normal(1, samples * 64), samples, 64);
    return Nd4jEngine.work(() -> {
      INDArray h1 = Transforms.tanh(linear(x, w[0], b[0]), false);
      INDArray h2 = Transforms.tanh(linear(h1, w[1], b[1]), false);
      linear(h2, w[2], b[2]);
      INDArray d1 = h1.mul(h1).rsubi(1).reshape('c', samples, 1, 256);
      INDArray d2 = h2.mul(h2).rsubi(1).reshape('c', samples, 1, 256);
      INDArray j2 = wt[2].reshape('c', 1, 64, 256).mul(d2).reshape('c', samples * 64L, 256).mmul(wt[1]).reshape('c', samples, 64, 256);
      return j2.mul(d1).reshape('c', samples * 64L, 256).mmul(wt[0]).reshape('c', samples, 64, 64);
    });
  }

  static Work weights() {
    INDArray w0 = weight(0, 256, 784);
    INDArray b0 = bias(0, 256);
    INDArray w1 = weight(1, 10, 256);
    INDArray b1 = bias(1, 10);
    INDArray w1t = w1.transpose().dup('c');
    INDArray x = Nd4jEngine.data(Data.normal(1, 784), 1, 784);
    INDArray eye = Nd4j.eye(10);
    return Nd4jEngine.work(() -> {
      INDArray h = Transforms.tanh(linear(x, w0, b0), false);
      linear(h, w1, b1);
      eye.reshape('c', 10, 10, 1).mul(h.reshape('c', 1, 1, 256));
      eye.dup();
      INDArray d = w1t.mul(h.mul(h).rsubi(1));
      return d.reshape('c', 10, 256, 1).mul(x.reshape('c', 1, 1, 784));
    });
  }
}
