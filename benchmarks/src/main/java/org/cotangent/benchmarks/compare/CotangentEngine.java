package org.cotangent.benchmarks.compare;

import static org.cotangent.Autograd.grad;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.cotangent.Gradients;
import org.cotangent.MemoryScope;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.ops.Losses;
import org.cotangent.ops.Norms;
import org.cotangent.spi.Backends;

/** The tasks in Cotangent, as a user writes them: eager calls in a memory scope. */
public final class CotangentEngine implements Engine {
  @Override
  public String name() {
    return "cotangent";
  }

  @Override
  public String version() {
    return "cotangent, " + Backends.of(org.cotangent.Device.CPU).description();
  }

  /** Takes effect by the system property {@code cotangent.threads}, which the worker sets on the command line. */
  @Override
  public void threads(int n) {
    if (Integer.getInteger("cotangent.threads", n) != n) {
      throw new IllegalStateException("started with -Dcotangent.threads=" + Integer.getInteger("cotangent.threads"));
    }
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
      case Task.AdamStep a -> CotangentTraining.mlp(a);
      case Task.Cnn c -> CotangentTraining.cnn();
      case Task.Transformer t -> CotangentTraining.transformer(t);
      case Task.InputJacobian j -> CotangentJacobians.input(j.samples());
      case Task.WeightJacobian j -> CotangentJacobians.weights();
      case Task.Hessian h -> CotangentJacobians.hessian();
      case Task.Hvp h -> CotangentJacobians.hvp();
      case Task.PerSample p -> CotangentJacobians.perSample(p.widths());
      case Task.Pinn p -> CotangentJacobians.pinn(p.points());
      case Task.QuickstartStep _ -> CotangentTraining.quickstart();
      case Task.Small s -> small(s.grad());
    });
  }

  /** One result a run, all of it freed when the scope closes. */
  static Work work(Supplier<Tensor> f) {
    return new Work() {
      @Override
      public void run() {
        try (var _ = MemoryScope.open()) {
          f.get().synchronize();
        }
      }

      @Override
      public float[] result() {
        try (var _ = MemoryScope.open()) {
          return f.get().toFloatArray();
        }
      }
    };
  }

  /** Several gradients a run, compared as one row of numbers. */
  private static Work all(Supplier<Gradients> f) {
    return new Work() {
      @Override
      public void run() {
        try (var _ = MemoryScope.open()) {
          Tensor.synchronize(list(f.get()));
        }
      }

      @Override
      public float[] result() {
        try (var _ = MemoryScope.open()) {
          return Tensor.cat(0, list(f.get()).stream().map(t -> t.reshape(-1)).toArray(Tensor[]::new)).toFloatArray();
        }
      }
    };
  }

  private static List<Tensor> list(Gradients g) {
    return IntStream.range(0, g.size()).mapToObj(g::get).toList();
  }

  /** A tensor that outlives the runs. */
  static Tensor data(float[] x, int... shape) {
    return Tensor.of(x, shape).synchronize();
  }

  private static Work pointwise(Task.Pointwise p) {
    Tensor x = data(Data.normal(1, p.n()), p.n());
    Tensor y = data(Data.normal(2, p.n()), p.n());
    Function<Tensor, Tensor> f = switch (p.fn()) {
      case "add" -> v -> v.add(y);
      case "exp" -> Tensor::exp;
      case "tanh" -> Tensor::tanh;
      case "sigmoid" -> Tensor::sigmoid;
      case "gelu" -> Tensor::gelu;
      default -> throw new IllegalArgumentException(p.fn());
    };
    return work(() -> f.apply(x));
  }

  private static Tensor chain(Tensor x, Tensor y) {
    return x.tanh().mul(y).add(x).sigmoid().mul(y).sub(x);
  }

  private static Work chain(Task.Chain c) {
    Tensor x = data(Data.normal(1, c.n()), c.n());
    Tensor y = data(Data.normal(2, c.n()), c.n());
    if (!c.backward()) {
      return work(() -> chain(x, y));
    }
    x.requiresGrad_();
    return work(() -> grad(chain(x, y).sum(), x));
  }

  private static Work rows(Task.Rows r) {
    Tensor x = data(Data.normal(1, r.rows() * r.cols()), r.rows(), r.cols()).requiresGrad_();
    Tensor ct = data(Data.normal(2, r.rows() * r.cols()), r.rows(), r.cols());
    Tensor scale = data(Data.normal(3, r.cols()), r.cols());
    Tensor shift = data(Data.normal(4, r.cols()), r.cols());
    Tensor target = Tensor.of(Data.classes(5, r.rows(), r.cols()), r.rows());
    Shape row = Shape.of(r.cols());
    return switch (r.fn()) {
      case "softmax" -> work(() -> grad(x.softmax(1), x, ct));
      case "layer norm" -> {
        scale.requiresGrad_();
        shift.requiresGrad_();
        yield all(() -> grad(List.of(Norms.layerNorm(x, row, scale, shift, 1e-5)), List.of(x, scale, shift), List.of(ct)));
      }
      case "cross entropy" -> work(() -> grad(Losses.crossEntropy(x, target), x));
      default -> throw new IllegalArgumentException(r.fn());
    };
  }

  private static Work reduction(Task.Reduction r) {
    Tensor x = data(Data.normal(1, r.rows() * r.cols()), r.rows(), r.cols());
    boolean all = r.axis() < 0;
    return work(switch (r.fn()) {
      case "sum" -> () -> all ? x.sum() : x.sum(r.axis());
      case "mean" -> () -> all ? x.mean() : x.mean(r.axis());
      case "max" -> () -> all ? x.max() : x.amax(new int[] {r.axis()}, false);
      default -> throw new IllegalArgumentException(r.fn());
    });
  }

  private static Work gemm(Task.Gemm g) {
    Tensor a = data(Data.normal(1, g.n() * g.n()), g.n(), g.n());
    Tensor b = data(Data.normal(2, g.n() * g.n()), g.n(), g.n());
    return work(() -> a.matmul(b));
  }

  private static Work batched(Task.BatchedGemm t) {
    Tensor a = data(Data.normal(1, t.batch() * t.m() * t.k()), t.batch(), t.m(), t.k());
    Tensor b = data(Data.normal(2, t.batch() * t.k() * t.n()), t.batch(), t.k(), t.n());
    return work(() -> a.matmul(b));
  }

  private static Work small(boolean grad) {
    Tensor x = data(Data.normal(1, 8), 8).requiresGrad_(grad);
    Tensor y = data(Data.normal(2, 8), 8);
    return work(() -> x.add(y));
  }
}
