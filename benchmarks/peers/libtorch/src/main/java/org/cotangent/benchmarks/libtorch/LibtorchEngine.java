package org.cotangent.benchmarks.libtorch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.cotangent.benchmarks.compare.Data;
import org.cotangent.benchmarks.compare.Engine;
import org.cotangent.benchmarks.compare.Task;
import org.cotangent.benchmarks.compare.Work;

/** The tasks in libtorch, by Bytedeco's preset: eager calls, every result closed. */
public final class LibtorchEngine implements Engine {
  static {
    System.setProperty("org.bytedeco.javacpp.nopointergc", "true"); // what is closed by hand needs no collector
  }

  @Override
  public String name() {
    return "libtorch";
  }

  /** With an empty cache of Bytedeco's the natives would be looked for while they are being written. */
  @Override
  public void unpack() {
    try {
      Loader.cacheResource("/org/bytedeco/openblas/linux-x86_64/");
      Loader.cacheResource("/org/bytedeco/pytorch/linux-x86_64/");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String version() {
    return "libtorch by org.bytedeco:pytorch:2.10.0-1.5.13, MKL " + torch.hasMKL() + ", oneDNN " + torch.hasMKLDNN();
  }

  @Override
  public void threads(int n) {
    torch.set_num_threads(n);
  }

  @Override
  public Optional<Work> prepare(Task task) {
    return Optional.of(switch (task) {
      case Task.Pointwise p -> pointwise(p);
      case Task.Chain c -> chain(c);
      case Task.Rows r -> rows(r);
      case Task.Reduction r -> reduction(r);
      case Task.Gemm g -> gemm(g);
      case Task.BatchedGemm b -> batched(b);
      case Task.AdamStep a -> LibtorchTraining.mlp(a);
      case Task.Cnn c -> LibtorchTraining.cnn();
      case Task.Transformer t -> LibtorchTraining.transformer(t);
      case Task.InputJacobian j -> j.byHand() ? LibtorchJacobians.inputByHand(j.samples()) : LibtorchJacobians.inputByLoop(j.samples());
      case Task.WeightJacobian j -> j.byHand() ? LibtorchJacobians.weightsByHand() : LibtorchJacobians.weightsByLoop();
      case Task.Hessian h -> LibtorchSecondOrder.hessian();
      case Task.Hvp h -> LibtorchSecondOrder.hvp();
      case Task.PerSample p -> LibtorchJacobians.perSample(p.widths());
      case Task.Pinn p -> LibtorchSecondOrder.pinn(p.points());
      case Task.QuickstartStep _ -> LibtorchTraining.quickstart();
      case Task.Small s -> small(s.grad());
    });
  }

  /** One result a run; everything made is closed after it. */
  static Work work(Supplier<Tensor> f) {
    return new Work() {
      @Override
      public void run() {
        try (var _ = new PointerScope()) {
          f.get();
        }
      }

      @Override
      public float[] result() {
        try (var _ = new PointerScope()) {
          return numbers(f.get());
        }
      }
    };
  }

  /** Several gradients a run, compared as one row of numbers. */
  private static Work all(Supplier<TensorVector> f) {
    return new Work() {
      @Override
      public void run() {
        try (var _ = new PointerScope()) {
          f.get();
        }
      }

      @Override
      public float[] result() {
        try (var _ = new PointerScope()) {
          TensorVector g = f.get();
          Tensor[] flat = new Tensor[(int) g.size()];
          for (int i = 0; i < flat.length; i++) {
            flat[i] = g.get(i).reshape(-1);
          }
          return numbers(torch.cat(new TensorVector(flat)));
        }
      }
    };
  }

  /** A single operation without gradients, its one result closed by hand. */
  private static Work plain(Supplier<Tensor> f) {
    return new Work() {
      @Override
      public void run() {
        f.get().close();
      }

      @Override
      public float[] result() {
        try (Tensor t = f.get()) {
          return numbers(t);
        }
      }

      @Override
      public AutoCloseable around() {
        return new NoGradGuard();
      }
    };
  }

  /** The elements in row-major order. */
  static float[] numbers(Tensor t) {
    Tensor c = t.detach().contiguous();
    float[] x = new float[(int) c.numel()];
    c.data_ptr_float().get(x);
    return x;
  }

  /** A tensor that outlives the runs. */
  static Tensor data(float[] x, long... shape) {
    return Tensor.create(x, shape);
  }

  static Tensor grad(Tensor y, Tensor x) {
    return torch.grad(new TensorVector(y), new TensorVector(x)).get(0);
  }

  static Tensor grad(Tensor y, Tensor x, Tensor ct) {
    return torch.grad(new TensorVector(y), new TensorVector(x), new TensorVector(ct), new BoolOptional(), false, false).get(0);
  }

  private static Work pointwise(Task.Pointwise p) {
    Tensor x = data(Data.normal(1, p.n()), p.n());
    Tensor y = data(Data.normal(2, p.n()), p.n());
    Function<Tensor, Tensor> f = switch (p.fn()) {
      case "add" -> v -> v.add(y);
      case "exp" -> Tensor::exp;
      case "tanh" -> Tensor::tanh;
      case "sigmoid" -> Tensor::sigmoid;
      case "gelu" -> torch::gelu;
      default -> throw new IllegalArgumentException(p.fn());
    };
    return plain(() -> f.apply(x));
  }

  private static Tensor chain(Tensor x, Tensor y) {
    return x.tanh().mul(y).add(x).sigmoid().mul(y).sub(x);
  }

  private static Work chain(Task.Chain c) {
    Tensor x = data(Data.normal(1, c.n()), c.n());
    Tensor y = data(Data.normal(2, c.n()), c.n());
    if (c.backward()) {
      x.set_requires_grad(true);
      return work(() -> grad(chain(x, y).sum(), x));
    }
    Work w = work(() -> chain(x, y));
    return new Work() {
      @Override
      public void run() {
        w.run();
      }

      @Override
      public float[] result() {
        return w.result();
      }

      @Override
      public AutoCloseable around() {
        return new NoGradGuard();
      }
    };
  }

  private static Work rows(Task.Rows r) {
    Tensor x = data(Data.normal(1, r.rows() * r.cols()), r.rows(), r.cols()).set_requires_grad(true);
    Tensor ct = data(Data.normal(2, r.rows() * r.cols()), r.rows(), r.cols());
    Tensor scale = data(Data.normal(3, r.cols()), r.cols());
    Tensor shift = data(Data.normal(4, r.cols()), r.cols());
    Tensor target = Tensor.create(Data.classes(5, r.rows(), r.cols()), r.rows());
    return switch (r.fn()) {
      case "softmax" -> work(() -> grad(x.softmax(1), x, ct));
      case "layer norm" -> {
        TensorOptional w = new TensorOptional(scale.set_requires_grad(true));
        TensorOptional b = new TensorOptional(shift.set_requires_grad(true));
        yield all(() -> torch.grad(
            new TensorVector(torch.layer_norm(x, new long[] {r.cols()}, w, b, 1e-5, true)), new TensorVector(x, scale, shift), new TensorVector(ct), new BoolOptional(), false, false));
      }
      case "cross entropy" -> work(() -> grad(torch.cross_entropy_loss(x, target), x));
      default -> throw new IllegalArgumentException(r.fn());
    };
  }

  private static Work reduction(Task.Reduction r) {
    Tensor x = data(Data.normal(1, r.rows() * r.cols()), r.rows(), r.cols());
    boolean all = r.axis() < 0;
    long[] axis = {r.axis()};
    return plain(switch (r.fn()) {
      case "sum" -> () -> all ? x.sum() : x.sum(axis, false, new ScalarTypeOptional());
      case "mean" -> () -> all ? x.mean() : x.mean(axis, false, new ScalarTypeOptional());
      case "max" -> () -> all ? x.max() : x.amax(axis, false);
      default -> throw new IllegalArgumentException(r.fn());
    });
  }

  private static Work gemm(Task.Gemm g) {
    Tensor a = data(Data.normal(1, g.n() * g.n()), g.n(), g.n());
    Tensor b = data(Data.normal(2, g.n() * g.n()), g.n(), g.n());
    return plain(() -> a.matmul(b));
  }

  private static Work batched(Task.BatchedGemm t) {
    Tensor a = data(Data.normal(1, t.batch() * t.m() * t.k()), t.batch(), t.m(), t.k());
    Tensor b = data(Data.normal(2, t.batch() * t.k() * t.n()), t.batch(), t.k(), t.n());
    return plain(() -> a.matmul(b));
  }

  private static Work small(boolean grad) {
    Tensor x = data(Data.normal(1, 8), 8).set_requires_grad(grad);
    Tensor y = data(Data.normal(2, 8), 8);
    Work w = plain(() -> x.add(y));
    return !grad ? w : new Work() {
      @Override
      public void run() {
        w.run();
      }

      @Override
      public float[] result() {
        return w.result();
      }
    };
  }
}
