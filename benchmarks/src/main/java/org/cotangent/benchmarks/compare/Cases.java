package org.cotangent.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The table of cases. */
public final class Cases {
  private Cases() {}

  /** What a fresh process does first: an elementwise operation, and the first training step of the quickstart. */
  public static List<Case> cold() {
    return List.of(
        new Case("tanh", "1e5", new Task.Pointwise("tanh", 100_000), 1, false), new Case("quickstart", "step", new Task.QuickstartStep(), 1, false));
  }

  /** The case with this name. */
  public static Case named(String name) {
    return Stream.concat(all().stream(), cold().stream()).filter(c -> c.name().equals(name)).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("bench: no case is named " + name));
  }

  /** All lines, in the order of the report. */
  public static List<Case> all() {
    var c = new ArrayList<Case>();
    for (String fn : List.of("add", "exp", "tanh", "sigmoid", "gelu")) {
      for (int n : new int[] {1_000, 100_000, 10_000_000}) {
        c.add(new Case(fn, size(n), new Task.Pointwise(fn, n), 1.0, false));
      }
    }
    for (boolean backward : new boolean[] {false, true}) {
      for (int n : new int[] {1_000, 100_000, 10_000_000}) {
        c.add(new Case(backward ? "chain+grad" : "chain", size(n), new Task.Chain(n, backward), 3, false));
      }
    }
    for (String fn : List.of("softmax", "layer norm", "cross entropy")) {
      for (int rows : new int[] {256, 4096}) {
        c.add(new Case(fn, rows + "x1024", new Task.Rows(fn, rows, 1024), 1.5, false));
      }
    }
    for (String fn : List.of("sum", "mean", "max")) {
      for (int axis : new int[] {-1, 0, 1}) {
        c.add(new Case(fn, axis < 0 ? "all" : "axis " + axis, new Task.Reduction(fn, axis, 4096, 1024), 0.95, false));
      }
    }
    for (int n : new int[] {128, 512, 2048}) {
      c.add(new Case("gemm", String.valueOf(n), new Task.Gemm(n), 0.95, false));
    }
    c.add(new Case("batched gemm", "64x(128x64@64x32)", new Task.BatchedGemm(64, 128, 64, 32), 1.5, false));
    c.add(new Case("adam step", "32 64-64-10", new Task.AdamStep(32, 64, 64, 10), 4, false));
    c.add(new Case("adam step", "128 784-256-10", new Task.AdamStep(128, 784, 256, 10), 1.4, false));
    c.add(new Case("adam step", "256 1024-1024-1024", new Task.AdamStep(256, 1024, 1024, 1024), 1.0, false));
    c.add(new Case("cnn step", "32x1x28x28", new Task.Cnn(), 1.0, false));
    c.add(new Case("transformer", "8x128x256", new Task.Transformer(8, 128, 256), 1.0, false));
    for (int samples : new int[] {1, 64}) {
      c.add(new Case("jacobian", samples + " loop", new Task.InputJacobian(samples, false), samples == 1 ? 15 : 1.5, true));
      c.add(new Case("jacobian", samples + " by hand", new Task.InputJacobian(samples, true), 0.9, false));
    }
    c.add(new Case("weight jacobian", "loop", new Task.WeightJacobian(false), 5, true));
    c.add(new Case("weight jacobian", "by hand", new Task.WeightJacobian(true), 0.9, false));
    c.add(new Case("hessian", "1019", new Task.Hessian(), 6, true));
    c.add(new Case("hvp", "1019", new Task.Hvp(), 1.0, false));
    c.add(new Case("per-sample gradients", "64-64-10", new Task.PerSample(64, 64, 10), 10, true));
    c.add(new Case("per-sample gradients", "784-256-10", new Task.PerSample(784, 256, 10), 4, true));
    c.add(new Case("pinn", "10000", new Task.Pinn(10_000), 1.8, false));
    c.add(new Case("add of 8", "", new Task.Small(false), 10, false));
    c.add(new Case("add of 8", "grad", new Task.Small(true), 10, false));
    return c;
  }

  private static String size(int n) {
    return n == 1_000 ? "1e3" : n == 100_000 ? "1e5" : "1e7";
  }
}
