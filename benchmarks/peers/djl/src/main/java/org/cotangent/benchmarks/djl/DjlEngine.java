package org.cotangent.benchmarks.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.cotangent.benchmarks.compare.Data;
import org.cotangent.benchmarks.compare.Task;
import org.cotangent.benchmarks.compare.Work;

/**
 * The tasks in DJL with its PyTorch engine. DJL's collector of gradients neither keeps a graph for a second pass nor differentiates one, so
 * the Jacobians by a loop and all second derivatives are left out.
 */
public final class DjlEngine implements org.cotangent.benchmarks.compare.Engine {
  private static NDManager manager;
  private static final Deque<AutoCloseable> OWNED = new ArrayDeque<>();

  @Override
  public String name() {
    return "djl";
  }

  @Override
  public String version() {
    return "DJL " + Engine.getDjlVersion() + ", PyTorch " + Engine.getInstance().getVersion();
  }

  /** Takes effect by {@code ai.djl.pytorch.num_threads}, which the worker sets on the command line. */
  @Override
  public void threads(int n) {
    if (Integer.getInteger("ai.djl.pytorch.num_threads", n) != n) {
      throw new IllegalStateException("started with -Dai.djl.pytorch.num_threads=" + Integer.getInteger("ai.djl.pytorch.num_threads"));
    }
  }

  /** Owner of what the present case keeps. */
  static NDManager manager() {
    return manager;
  }

  /** Keeps {@code x} for the present case. */
  static <T extends AutoCloseable> T owned(T x) {
    OWNED.push(x);
    return x;
  }

  /** What the case before kept is closed, for a collector of gradients visits all arrays that there are. */
  private static void renew() {
    try {
      while (!OWNED.isEmpty()) {
        OWNED.pop().close();
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    manager = owned(NDManager.newBaseManager());
  }

  @Override
  public Optional<Work> prepare(Task task) {
    renew();
    return Optional.ofNullable(switch (task) {
      case Task.Pointwise p -> pointwise(p);
      case Task.Chain c -> chain(c);
      case Task.Rows r -> DjlGradients.rows(r);
      case Task.Reduction r -> reduction(r);
      case Task.Gemm g -> gemm(g);
      case Task.BatchedGemm b -> batched(b);
      case Task.AdamStep a -> DjlTraining.mlp(a);
      case Task.Cnn _ -> DjlTraining.cnn();
      case Task.Transformer t -> DjlGradients.transformer(t);
      case Task.InputJacobian j -> j.byHand() ? DjlJacobians.input(j.samples()) : null;
      case Task.WeightJacobian j -> j.byHand() ? DjlJacobians.weights() : null;
      case Task.Hessian _, Task.Hvp _, Task.Pinn _, Task.QuickstartStep _ -> null;
      case Task.PerSample p -> DjlGradients.perSample(p.widths());
      case Task.Small s -> small(s.grad());
    });
  }

  /** A single operation, its one result closed by hand. */
  static Work plain(Supplier<NDArray> f) {
    return new Work() {
      @Override
      public void run() {
        f.get().close();
      }

      @Override
      public float[] result() {
        try (NDArray y = f.get()) {
          return y.toFloatArray();
        }
      }
    };
  }

  /** An array that outlives the runs. */
  static NDArray data(float[] x, long... shape) {
    return manager.create(x, new Shape(shape));
  }

  private static Work pointwise(Task.Pointwise p) {
    NDArray x = data(Data.normal(1, p.n()), p.n());
    NDArray y = data(Data.normal(2, p.n()), p.n());
    UnaryOperator<NDArray> f = switch (p.fn()) {
      case "add" -> v -> v.add(y);
      case "exp" -> NDArray::exp;
      case "tanh" -> NDArray::tanh;
      case "sigmoid" -> Activation::sigmoid;
      case "gelu" -> Activation::gelu;
      default -> throw new IllegalArgumentException(p.fn());
    };
    return plain(() -> f.apply(x));
  }

  private static NDArray chain(NDArray x, NDArray y) {
    return Activation.sigmoid(x.tanh().mul(y).add(x)).mul(y).sub(x);
  }

  private static Work chain(Task.Chain c) {
    NDArray x = data(Data.normal(1, c.n()), c.n());
    NDArray y = data(Data.normal(2, c.n()), c.n());
    return c.backward() ? DjlGradients.of(() -> chain(x, y).sum(), x) : DjlGradients.scoped(() -> chain(x, y));
  }

  private static Work reduction(Task.Reduction r) {
    NDArray x = data(Data.normal(1, r.rows() * r.cols()), r.rows(), r.cols());
    boolean all = r.axis() < 0;
    int[] axis = {r.axis()};
    return plain(switch (r.fn()) {
      case "sum" -> () -> all ? x.sum() : x.sum(axis);
      case "mean" -> () -> all ? x.mean() : x.mean(axis);
      case "max" -> () -> all ? x.max() : x.max(axis);
      default -> throw new IllegalArgumentException(r.fn());
    });
  }

  private static Work gemm(Task.Gemm g) {
    NDArray a = data(Data.normal(1, g.n() * g.n()), g.n(), g.n());
    NDArray b = data(Data.normal(2, g.n() * g.n()), g.n(), g.n());
    return plain(() -> a.matMul(b));
  }

  private static Work batched(Task.BatchedGemm t) {
    NDArray a = data(Data.normal(1, t.batch() * t.m() * t.k()), t.batch(), t.m(), t.k());
    NDArray b = data(Data.normal(2, t.batch() * t.k() * t.n()), t.batch(), t.k(), t.n());
    return plain(() -> a.matMul(b));
  }

  private static Work small(boolean grad) {
    NDArray x = data(Data.normal(1, 8), 8);
    NDArray y = data(Data.normal(2, 8), 8);
    x.setRequiresGradient(grad);
    return plain(() -> x.add(y));
  }

  static NDArray only(NDList list) {
    return list.singletonOrThrow();
  }
}
