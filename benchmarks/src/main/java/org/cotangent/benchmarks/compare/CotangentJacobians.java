package org.cotangent.benchmarks.compare;

import static org.cotangent.Autograd.CREATE_GRAPH;
import static org.cotangent.Autograd.grad;
import static org.cotangent.Autograd.gradTree;
import static org.cotangent.Autograd.in;
import static org.cotangent.Autograd.jacrev;
import static org.cotangent.Autograd.jacrevTree;
import static org.cotangent.Autograd.vmap;
import static org.cotangent.Autograd.vmapTree;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.cotangent.Autograd;
import org.cotangent.Jacobians;
import org.cotangent.Tensor;
import org.cotangent.ops.Functional;
import org.cotangent.ops.Losses;

/** Jacobians, Hessians and per-sample gradients in Cotangent. */
final class CotangentJacobians {
  private CotangentJacobians() {}

  /** Weights and biases of a tanh network, weight and bias in turn. */
  static List<Tensor> network(int... widths) {
    var p = new ArrayList<Tensor>();
    for (int l = 0; l + 1 < widths.length; l++) {
      p.add(CotangentEngine.data(Data.weight(l, widths[l + 1], widths[l]), widths[l + 1], widths[l]));
      p.add(CotangentEngine.data(Data.bias(l, widths[l + 1]), widths[l + 1]));
    }
    return p;
  }

  /** The network applied to x [..., in]. */
  static Tensor forward(List<Tensor> p, Tensor x) {
    Tensor h = x;
    for (int l = 0; l < p.size(); l += 2) {
      h = Functional.linear(h, p.get(l), p.get(l + 1));
      if (l + 2 < p.size()) {
        h = h.tanh();
      }
    }
    return h;
  }

  static Work input(int samples) {
    List<Tensor> p = network(64, 256, 256, 64);
    Tensor x = CotangentEngine.data(Data.normal(1, samples * 64), samples, 64);
    UnaryOperator<Tensor> one = jacrev(v -> forward(p, v));
    UnaryOperator<Tensor> each = vmap(one);
    return CotangentEngine.work(samples == 1 ? () -> one.apply(x.get(0)) : () -> each.apply(x));
  }

  static Work weights() {
    List<Tensor> p = network(784, 256, 10);
    Tensor x = CotangentEngine.data(Data.normal(1, 784), 784);
    return CotangentEngine.work(() -> {
      Jacobians j = jacrevTree((List<Tensor> w) -> forward(w, x), 0).apply(p);
      Tensor.synchronize(List.of(j.get(0, 0), j.get(0, 1), j.get(0, 2), j.get(0, 3)));
      return j.get(0, 0);
    });
  }

  /** The loss of a 30-25-9-1 network whose parameters are one vector [1019]. */
  private static UnaryOperator<Tensor> loss() {
    Tensor x = CotangentEngine.data(Data.normal(1, 32 * 30), 32, 30);
    int[] widths = {30, 25, 9, 1};
    return w -> {
      var p = new ArrayList<Tensor>();
      int at = 0;
      for (int l = 0; l + 1 < widths.length; l++) {
        int in = widths[l];
        int out = widths[l + 1];
        p.add(w.narrow(0, at, out * in).reshape(out, in));
        at += out * in;
        p.add(w.narrow(0, at, out));
        at += out;
      }
      return forward(p, x).square().mean();
    };
  }

  static Work hessian() {
    Tensor w = CotangentEngine.data(Data.normal(3, 1019, 0.2), 1019);
    UnaryOperator<Tensor> h = Autograd.hessian(loss());
    return CotangentEngine.work(() -> h.apply(w));
  }

  static Work hvp() {
    Tensor w = CotangentEngine.data(Data.normal(3, 1019, 0.2), 1019);
    Tensor v = CotangentEngine.data(Data.normal(4, 1019), 1019);
    UnaryOperator<Tensor> f = loss();
    return CotangentEngine.work(() -> Autograd.hvp(f, w, v));
  }

  static Work perSample(int... widths) {
    List<Tensor> p = network(widths);
    int n = 256;
    Tensor x = CotangentEngine.data(Data.normal(1, n * widths[0]), n, widths[0]);
    Tensor y = Tensor.of(Data.classes(2, n, widths[widths.length - 1]), n);
    return CotangentEngine.work(() -> {
      List<Tensor> g = vmapTree(
          (List<Tensor> xy) -> gradTree((List<Tensor> w) -> Losses.crossEntropy(forward(w, xy.get(0)), xy.get(1))).apply(p),
          in(0, 0)).apply(List.of(x, y));
      Tensor.synchronize(g);
      return g.get(0);
    });
  }

  static Work pinn(int points) {
    int[] widths = {2, 20, 20, 20, 20, 20, 20, 20, 20, 1};
    List<Tensor> p = network(widths);
    p.forEach(Tensor::requiresGrad_);
    Tensor t = CotangentEngine.data(Data.uniform(1, points), points, 1).requiresGrad_();
    Tensor x = CotangentEngine.data(Data.uniform(2, points), points, 1).requiresGrad_();
    return CotangentEngine.work(() -> {
      Tensor u = forward(p, Tensor.cat(1, t, x));
      var first = grad(List.of(u), List.of(t, x), List.of(Tensor.onesLike(u)), CREATE_GRAPH);
      Tensor ux = first.get(1);
      Tensor uxx = grad(ux, x, Tensor.onesLike(ux), CREATE_GRAPH);
      Tensor f = first.get(0).add(u.mul(ux)).sub(uxx.mul(0.01 / Math.PI));
      var g = grad(List.of(f.square().mean()), p, Autograd.ALLOW_UNUSED, Autograd.MATERIALIZE);
      var all = new ArrayList<Tensor>();
      g.forEach(all::add);
      Tensor.synchronize(all);
      return all.get(0);
    });
  }
}
