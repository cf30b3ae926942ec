package org.cotangent.benchmarks.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.core.Linear;
import org.cotangent.benchmarks.compare.Data;
import org.cotangent.benchmarks.compare.Work;

/** Jacobians in DJL, their products written by hand. */
final class DjlJacobians {
  private DjlJacobians() {}

  /** Weights and biases of a tanh network, weight and bias in turn. */
  static NDArray[] network(int... widths) {
    NDArray[] p = new NDArray[2 * (widths.length - 1)];
    for (int l = 0; l + 1 < widths.length; l++) {
      p[2 * l] = DjlEngine.data(Data.weight(l, widths[l + 1], widths[l]), widths[l + 1], widths[l]);
      p[2 * l + 1] = DjlEngine.data(Data.bias(l, widths[l + 1]), widths[l + 1]);
    }
    return p;
  }

  static NDArray linear(NDArray x, NDArray w, NDArray b) {
    return DjlEngine.only(Linear.linear(x, w, b));
  }

  /** The network applied to x [n, in]. */
  static NDArray forward(NDArray[] p, NDArray x) {
    NDArray h = x;
    for (int l = 0; l < p.length; l += 2) {
      h = linear(h, p[l], p[l + 1]);
      h = l + 2 < p.length ? h.tanh() : h;
    }
    return h;
  }

  static Work input(int samples) {
    NDArray[] p = network(64, 256, 256, 64);
    NDArray x = DjlEngine.data(Data.normal(1, samples * 64), samples, 64);
    return DjlGradients.scoped(() -> {
      NDArray h1 = linear(x, p[0], p[1]).tanh();
      NDArray h2 = linear(h1, p[2], p[3]).tanh();
      linear(h2, p[4], p[5]);
      NDArray d1 = h1.mul(h1).neg().add(1).reshape(samples, 1, 256);
      NDArray d2 = h2.mul(h2).neg().add(1).reshape(samples, 1, 256);
      NDArray j2 = p[4].mul(d2).reshape(samples * 64L, 256).matMul(p[2]).reshape(samples, 64, 256);
      return j2.mul(d1).reshape(samples * 64L, 256).matMul(p[0]).reshape(samples, 64, 64);
    });
  }

  static Work weights() {
    NDArray[] p = network(784, 256, 10);
    NDArray x = DjlEngine.data(Data.normal(1, 784), 1, 784);
    NDArray eye = DjlEngine.manager().eye(10);
    return DjlGradients.scoped(() -> {
      NDArray h = linear(x, p[0], p[1]).tanh();
      linear(h, p[2], p[3]);
      eye.reshape(10, 10, 1).mul(h);
      eye.duplicate();
      NDArray b1 = p[2].mul(h.mul(h).neg().add(1));
      return b1.reshape(10, 256, 1).mul(x);
    });
  }
}
