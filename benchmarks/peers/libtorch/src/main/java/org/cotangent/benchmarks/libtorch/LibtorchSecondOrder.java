package org.cotangent.benchmarks.libtorch;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.cotangent.benchmarks.compare.Data;
import org.cotangent.benchmarks.compare.Work;

/** Second derivatives in libtorch, by differentiating the graph of a gradient. */
final class LibtorchSecondOrder {
  private static final int PARAMETERS = 1019;

  private LibtorchSecondOrder() {}

  private static Tensor loss(Tensor x, Tensor w) {
    int[] widths = {30, 25, 9, 1};
    Tensor[] p = new Tensor[6];
    int at = 0;
    for (int l = 0; l + 1 < widths.length; l++) {
      int in = widths[l];
      int out = widths[l + 1];
      p[2 * l] = w.narrow(0, at, (long) out * in).reshape(out, in);
      at += out * in;
      p[2 * l + 1] = w.narrow(0, at, out);
      at += out;
    }
    Tensor y = LibtorchJacobians.forward(p, x);
    return y.mul(y).mean();
  }

  private static Tensor gradient(Tensor x, Tensor w) {
    return torch.grad(new TensorVector(loss(x, w)), new TensorVector(w), new TensorVector(), new BoolOptional(true), true, false).get(0);
  }

  static Work hessian() {
    Tensor x = LibtorchEngine.data(Data.normal(1, 32 * 30), 32, 30);
    Tensor w = LibtorchTraining.leaf(Data.normal(3, PARAMETERS, 0.2), PARAMETERS);
    return LibtorchEngine.work(() -> {
      Tensor g = gradient(x, w);
      TensorVector rows = new TensorVector();
      for (int i = 0; i < PARAMETERS; i++) {
        rows.push_back(torch.grad(
            new TensorVector(g.select(0, i)), new TensorVector(w), new TensorVector(), new BoolOptional(true), false, false).get(0));
      }
      return torch.stack(rows, 0);
    });
  }

  static Work hvp() {
    Tensor x = LibtorchEngine.data(Data.normal(1, 32 * 30), 32, 30);
    Tensor w = LibtorchTraining.leaf(Data.normal(3, PARAMETERS, 0.2), PARAMETERS);
    Tensor v = LibtorchEngine.data(Data.normal(4, PARAMETERS), PARAMETERS);
    return LibtorchEngine.work(() -> LibtorchEngine.grad(gradient(x, w), w, v));
  }

  static Work pinn(int points) {
    Tensor[] p = LibtorchJacobians.network(true, 2, 20, 20, 20, 20, 20, 20, 20, 20, 1);
    Tensor t = LibtorchTraining.leaf(Data.uniform(1, points), points, 1);
    Tensor x = LibtorchTraining.leaf(Data.uniform(2, points), points, 1);
    Scalar viscosity = new Scalar((float) (0.01 / Math.PI));
    return LibtorchEngine.work(() -> {
      Tensor u = LibtorchJacobians.forward(p, torch.cat(new TensorVector(t, x), 1));
      TensorVector ones = new TensorVector(torch.ones_like(u));
      TensorVector first = torch.grad(new TensorVector(u), new TensorVector(t, x), ones, new BoolOptional(true), true, false);
      Tensor ux = first.get(1);
      Tensor uxx = torch.grad(new TensorVector(ux), new TensorVector(x), ones, new BoolOptional(true), true, false).get(0);
      Tensor f = first.get(0).add(u.mul(ux)).sub(uxx.mul(viscosity));
      return torch.grad(
          new TensorVector(f.mul(f).mean()), new TensorVector(p), new TensorVector(), new BoolOptional(), false, true).get(0);
    });
  }
}
