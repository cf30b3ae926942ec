package org.cotangent.benchmarks.nd4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.cotangent.benchmarks.compare.Data;
import org.cotangent.benchmarks.compare.Engine;
import org.cotangent.benchmarks.compare.Task;
import org.cotangent.benchmarks.compare.Work;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The tasks in ND4J: arrays in a workspace, as its manual advises for loops, and SameDiff for gradients. Second derivatives and Jacobians by
 * a loop are left out: SameDiff differentiates by variables of a scalar.
 */
public final class Nd4jEngine implements Engine {
  private static final WorkspaceConfiguration LOOP = WorkspaceConfiguration.builder()
      .initialSize(0).policyLearning(LearningPolicy.FIRST_LOOP).policyAllocation(AllocationPolicy.STRICT).build();

  private static int cases;

  static {
    boolean wide = cpu().contains(" avx512f ");
    System.setProperty("org.bytedeco.javacpp.platform.extension", wide ? "-avx512" : "-avx2"); // which of the two natives is loaded
  }

  private static String cpu() {
    try {
      return Files.readString(Path.of("/proc/cpuinfo"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String name() {
    return "nd4j";
  }

  @Override
  public String version() {
    return "ND4J 1.0.0-M2.1, its OpenBLAS 0.3.19, " + System.getProperty("org.bytedeco.javacpp.platform.extension", "").replace("-", "for ");
  }

  @Override
  public void threads(int n) {
    Nd4j.getEnvironment().setMaxThreads(n);
    Nd4j.getEnvironment().setMaxMasterThreads(n);
  }

  @Override
  public Optional<Work> prepare(Task task) {
    cases++;
    return Optional.ofNullable(switch (task) {
      case Task.Pointwise p -> pointwise(p);
      case Task.Chain c -> chain(c);
      case Task.Rows r -> Nd4jGradients.rows(r);
      case Task.Reduction r -> reduction(r);
      case Task.Gemm g -> gemm(g);
      case Task.BatchedGemm b -> batched(b);
      case Task.AdamStep a -> Nd4jTraining.mlp(a);
      case Task.Cnn _ -> Nd4jTraining.cnn();
      case Task.Transformer t -> Nd4jGradients.transformer(t);
      case Task.InputJacobian j -> j.byHand() ? Nd4jJacobians.input(j.samples()) : null;
      case Task.WeightJacobian j -> j.byHand() ? Nd4jJacobians.weights() : null;
      case Task.Hessian _, Task.Hvp _, Task.Pinn _, Task.QuickstartStep _ -> null;
      case Task.PerSample p -> Nd4jGradients.perSample(p.widths());
      case Task.Small s -> s.grad() ? null : small();
    });
  }

  /** One result a run, all of it in a workspace of the case. */
  static Work work(Supplier<INDArray> f) {
    String name = "case " + cases;
    return new Work() {
      @Override
      public void run() {
        try (MemoryWorkspace _ = Nd4j.getWorkspaceManager().getAndActivateWorkspace(LOOP, name)) {
          f.get();
        }
      }

      @Override
      public float[] result() {
        try (MemoryWorkspace _ = Nd4j.getWorkspaceManager().getAndActivateWorkspace(LOOP, name)) {
          return numbers(f.get());
        }
      }
    };
  }

  /** A single operation, its one result closed by hand. */
  private static Work plain(Supplier<INDArray> f) {
    return new Work() {
      @Override
      public void run() {
        f.get().close();
      }

      @Override
      public float[] result() {
        return numbers(f.get());
      }
    };
  }

  /** The elements in row-major order. */
  static float[] numbers(INDArray x) {
    return x.dup('c').data().asFloat();
  }

  /** An array that outlives the runs. */
  static INDArray data(float[] x, long... shape) {
    return Nd4j.create(x, shape);
  }

  private static Work pointwise(Task.Pointwise p) {
    INDArray x = data(Data.normal(1, p.n()), p.n());
    INDArray y = data(Data.normal(2, p.n()), p.n());
    UnaryOperator<INDArray> f = switch (p.fn()) {
      case "add" -> v -> v.add(y);
      case "exp" -> Transforms::exp;
      case "tanh" -> Transforms::tanh;
      case "sigmoid" -> Transforms::sigmoid;
      // ND4J's own gelu is an approximation by tanh or by the sigmoid function.
      case "gelu" -> v -> Nd4j.math().erf(v.mul(Math.sqrt(0.5))).addi(1).muli(v).muli(0.5);
      default -> throw new IllegalArgumentException(p.fn());
    };
    return work(() -> f.apply(x));
  }

  private static Work chain(Task.Chain c) {
    INDArray x = data(Data.normal(1, c.n()), c.n());
    INDArray y = data(Data.normal(2, c.n()), c.n());
    return c.backward() ? Nd4jGradients.chain(x, y) : work(() -> Transforms.sigmoid(Transforms.tanh(x).mul(y).add(x)).mul(y).sub(x));
  }

  private static Work reduction(Task.Reduction r) {
    INDArray x = data(Data.normal(1, r.rows() * r.cols()), r.rows(), r.cols());
    int[] axis = r.axis() < 0 ? new int[0] : new int[] {r.axis()};
    return work(switch (r.fn()) {
      case "sum" -> () -> x.sum(axis);
      case "mean" -> () -> x.mean(axis);
      case "max" -> () -> x.max(axis);
      default -> throw new IllegalArgumentException(r.fn());
    });
  }

  private static Work gemm(Task.Gemm g) {
    INDArray a = data(Data.normal(1, g.n() * g.n()), g.n(), g.n());
    INDArray b = data(Data.normal(2, g.n() * g.n()), g.n(), g.n());
    return work(() -> a.mmul(b));
  }

  private static Work batched(Task.BatchedGemm t) {
    INDArray a = data(Data.normal(1, t.batch() * t.m() * t.k()), t.batch(), t.m(), t.k());
    INDArray b = data(Data.normal(2, t.batch() * t.k() * t.n()), t.batch(), t.k(), t.n());
    return work(() -> Nd4j.matmul(a, b));
  }

  private static Work small() {
    INDArray x = data(Data.normal(1, 8), 8);
    INDArray y = data(Data.normal(2, 8), 8);
    return plain(() -> x.add(y));
  }
}
