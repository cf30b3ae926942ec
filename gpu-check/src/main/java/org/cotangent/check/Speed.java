package org.cotangent.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Generator;
import org.cotangent.MemoryScope;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.examples.quickstart.Least;
import org.cotangent.nn.GELU;
import org.cotangent.nn.Layer;
import org.cotangent.nn.LayerNorm;
import org.cotangent.nn.Linear;
import org.cotangent.nn.Sequential;
import org.cotangent.ops.Losses;
import org.cotangent.optim.AdamW;
import org.cotangent.spi.Backend;
import org.cotangent.spi.Backends;
import org.cotangent.spi.Buffer;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;

/**
 * How fast a device works, as a share of what it was measured to be able to: its bandwidth when it copies a large array, counting bytes
 * read and written, and the most that square products reach.
 *
 * <p>Times are medians of rounds with the host waiting at the end of each, after work of the same kind for some time, in which Java
 * compiles what the host does.
 */
final class Speed {
  private static final int ROUNDS = 25;
  private static final int FIRST_ROUNDS = 3;

  private final Device device;
  private final Backend backend;
  /** Elements of large arrays. */
  private final int elements;
  private final int side;
  /** Seconds of work before times are taken. */
  private final double warmUp;
  private double bandwidth;
  private double peak;

  /**
   * @param side of the largest product; large arrays have 4 side² elements
   * @param warmUp seconds of work of each kind before its times are taken
   */
  Speed(Device device, int side, double warmUp) {
    this.device = device;
    this.warmUp = warmUp;
    this.backend = Backends.of(device);
    this.side = side;
    this.elements = 4 * side * side;
  }

  /**
   * One piece of work.
   *
   * @param rate in {@code unit} a second
   * @param share of what the device can do; 1 for the rates that are the measure
   * @param memory the most bytes that it held at once, with what it works on; 0 where that is not taken
   */
  record Line(String name, Times time, double rate, String unit, double share, long memory) {
    Line(String name, Times time, double rate, String unit, double share) {
      this(name, time, rate, unit, share, 0);
    }
  }

  /** Seconds of the median round, and of the quartiles. */
  record Times(double median, double lower, double upper) {}

  /** All of it, the two measures first. */
  List<Line> run() {
    var lines = new ArrayList<Line>();
    lines.add(copy());
    for (DType t : List.of(DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16)) {
      lines.add(peak(t));
    }
    int s = side;
    lines.add(product("product of [" + s + ", " + s + "] and [" + s + ", " + s / 8 + "]", 1, s, s, s / 8));
    lines.add(product("product of [" + s + ", " + s / 8 + "] and [" + s / 8 + ", " + s + "]", 1, s, s / 8, s));
    lines.add(product("16 products of [" + s / 4 + ", " + s / 4 + "]", 16, s / 4, s / 4, s / 4));
    chains(lines);
    layerNorm(lines);
    lines.add(step(512, 784, side / 2, side / 2, 10));
    lines.add(step(128, 784, 256, 10));
    lines.add(step(32, 64, 64, 10));
    lines.add(jacobian(true));
    lines.add(jacobian(false));
    return lines;
  }

  private Times times(Runnable work) {
    double[] times = new double[ROUNDS];
    long begin = System.nanoTime();
    for (int i = 0; i < FIRST_ROUNDS || (System.nanoTime() - begin) / 1e9 < warmUp; i++) {
      round(work);
    }
    for (int i = 0; i < ROUNDS; i++) {
      times[i] = round(work);
    }
    Arrays.sort(times);
    return new Times(times[ROUNDS / 2], times[ROUNDS / 4], times[ROUNDS - 1 - ROUNDS / 4]);
  }

  private double round(Runnable work) {
    backend.synchronize();
    long start = System.nanoTime();
    try (var _ = MemoryScope.open()) {
      work.run();
      backend.synchronize();
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private Line copy() {
    Buffer from = backend.allocate(DType.FLOAT32, elements);
    Buffer to = backend.allocate(DType.FLOAT32, elements);
    var source = new Operand(from, Layout.dense(elements));
    var target = new Operand(to, Layout.dense(elements));
    backend.copy(new Operand(backend.upload(DType.FLOAT32, new float[1], false), Layout.constant(Shape.of(elements))), source);
    Times t = times(() -> backend.copy(source, target));
    from.free();
    to.free();
    bandwidth = 8.0 * elements / t.median();
    return new Line("copy of " + 4L * elements / (1 << 20) + " MiB", t, bandwidth / 1e9, "GB", 1);
  }

  private Tensor normal(DType type, int... shape) {
    return Tensor.randn(Shape.of(shape), DType.FLOAT32, device, new Generator(shape[0])).to(type).synchronize();
  }

  private Line peak(DType type) {
    try (var _ = MemoryScope.open()) {
      double best = 0;
      Times time = new Times(0, 0, 0);
      for (int n : new int[] {side / 4, side / 2, side}) {
        Tensor a = normal(type, n, n);
        Tensor b = normal(type, n, n);
        Times t = times(() -> a.matmul(b).synchronize());
        if (2.0 * n * n * n / t.median() > best) {
          best = 2.0 * n * n * n / t.median();
          time = t;
        }
      }
      if (type == DType.FLOAT32) {
        peak = best;
      }
      return new Line("square products of " + type + ", the best", time, best / 1e9, "GFLOP", 1);
    }
  }

  private Line product(String name, int batch, int m, int k, int n) {
    try (var _ = MemoryScope.open()) {
      Tensor a = normal(DType.FLOAT32, batch, m, k);
      Tensor b = normal(DType.FLOAT32, batch, k, n);
      Times t = times(() -> a.matmul(b).synchronize());
      double rate = 2.0 * batch * m * k * n / t.median();
      return new Line(name, t, rate / 1e9, "GFLOP", rate / peak);
    }
  }

  /** Chains of pointwise functions and reductions over rows, which move each array once if they are fused. */
  private void chains(List<Line> to) {
    try (var _ = MemoryScope.open()) {
      int rows = elements / 1024;
      Tensor x = normal(DType.FLOAT32, rows, 1024);
      Tensor y = normal(DType.FLOAT32, rows, 1024);
      Tensor bias = normal(DType.FLOAT32, 1024);
      double all = 4.0 * elements;
      to.add(moved("x + y", 3 * all, () -> x.add(y)));
      to.add(moved("gelu(x + bias) * y", 3 * all, () -> x.add(bias).gelu().mul(y)));
      to.add(moved("softmax over rows of 1024", 2 * all, () -> x.softmax(-1)));
      to.add(moved("sum of all", all, x::sum));
      to.add(moved("sums of rows", all, () -> x.sum(1)));
      to.add(moved("sums of columns", all, () -> x.sum(0)));
      to.add(moved("transposed copy", 2 * all, () -> x.t().copy()));
      to.add(moved("tanh, forward and backward", 5 * all, () -> {
        Tensor leaf = x.detach().requiresGrad_();
        return Autograd.grad(leaf.tanh().mul(y).sum(), leaf);
      }));
    }
  }

  /** Forward and backward with the gradients of scale and shift: x and y are read both times, and the gradient is written. */
  private void layerNorm(List<Line> to) {
    try (var _ = MemoryScope.open()) {
      int rows = elements / 8192;
      Tensor x = normal(DType.FLOAT32, rows, 1024);
      Tensor y = normal(DType.FLOAT32, rows, 1024);
      var norm = new LayerNorm(1024);
      norm.to(device);
      List<Tensor> wrt = new ArrayList<>(norm.parameters());
      to.add(moved("layer norm, forward and backward", 5 * 4.0 * rows * 1024, () -> {
        Tensor leaf = x.detach().requiresGrad_();
        List<Tensor> all = new ArrayList<>(wrt);
        all.addFirst(leaf);
        var g = Autograd.grad(List.of(norm.apply(leaf).mul(y).sum()), all);
        IntStream.range(1, all.size()).forEach(i -> g.get(i).synchronize());
        return g.get(0);
      }));
    }
  }

  private Line moved(String name, double bytes, Supplier<Tensor> work) {
    Times t = times(() -> work.get().synchronize());
    return new Line(name, t, bytes / t.median() / 1e9, "GB", bytes / t.median() / bandwidth);
  }

  /** The share of a step is the time of its products at the peak and of all other bytes at the bandwidth, of the time that it took. */
  private Line step(int n, int... d) {
    try (var _ = MemoryScope.open()) {
      long before = held();
      Sequential model = model(d);
      var optimizer = new AdamW(model.parameters());
      Tensor x = normal(DType.FLOAT32, n, d[0]);
      Tensor y = Tensor.randint(0, d[d.length - 1], Shape.of(n), device, new Generator(3)).synchronize();
      Times t = times(() -> optimizer.step(Losses.crossEntropy(model.apply(x), y)));
      double flops = 0;
      for (int i = 1; i < d.length; i++) {
        flops += (i == 1 ? 4.0 : 6.0) * n * d[i - 1] * d[i];
      }
      double least = flops / peak + Least.step(n, d).between() / bandwidth;
      return new Line("training step, MLP " + text(d) + ", batch " + n, t, flops / t.median() / 1e9, "GFLOP", least / t.median(),
          backend.memoryStats().peakBytes() - before);
    }
  }

  /** Bytes held now; from here on the peak is counted anew. */
  private long held() {
    backend.resetPeak();
    return backend.memoryStats().liveBytes();
  }

  private Line jacobian(boolean batched) {
    try (var _ = MemoryScope.open()) {
      long before = held();
      int[] d = {784, side / 4, 10};
      int n = 256;
      Sequential model = model(d);
      Tensor x = normal(DType.FLOAT32, n, d[0]).requiresGrad_();
      Tensor basis = Tensor.eye(d[2]).to(device).unsqueeze(1).expand(d[2], n, d[2]);
      Times t = times(() -> {
        Tensor y = model.apply(x);
        if (batched) {
          Autograd.grad(List.of(y), List.of(x), List.of(basis), Autograd.BATCHED).get(0).synchronize();
        } else {
          for (int row = 0; row < d[2]; row++) {
            Autograd.grad(List.of(y), List.of(x), List.of(basis.select(0, row)), Autograd.RETAIN_GRAPH).get(0).synchronize();
          }
        }
      });
      double flops = 2.0 * n * (1 + d[2]) * ((double) d[0] * d[1] + (double) d[1] * d[2]);
      double least = flops / peak + Least.jacobian(n, d).between() / bandwidth;
      return new Line((batched ? "batched" : "row by row,") + " Jacobian [" + d[2] + ", " + n + ", " + d[0] + "]", t, flops / t.median() / 1e9, "GFLOP", least / t.median(),
          backend.memoryStats().peakBytes() - before);
    }
  }

  private Sequential model(int... d) {
    var g = new Generator(2);
    var layers = new ArrayList<Layer>();
    for (int i = 1; i < d.length; i++) {
      layers.add(new Linear(d[i - 1], d[i], true, g));
      if (i < d.length - 1) {
        layers.add(new GELU());
      }
    }
    Sequential model = Sequential.of(layers.toArray(Layer[]::new));
    model.to(device);
    return model;
  }

  private static String text(int... d) {
    return String.join("-", Arrays.stream(d).mapToObj(String::valueOf).toList());
  }
}
