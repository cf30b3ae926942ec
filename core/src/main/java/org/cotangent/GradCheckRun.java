package org.cotangent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import org.cotangent.GradCheck.Options;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.GradCheckException;

/** One check of one function. */
final class GradCheckRun {
  private static final int BATCH = 16;
  private static final int SEED = 1;
  private final String op;
  private final Function<List<Tensor>, List<Tensor>> f;
  private final List<Tensor> inputs;
  private final List<Tensor> values;
  private final Options options;
  /** By output: " of tanh" if tanh made it; nothing where that is not known. */
  private final String[] made;
  /** jacobian[j][i]: output j by input i, row-major. */
  private final double[][][] jacobian;

  GradCheckRun(String op, Function<List<Tensor>, List<Tensor>> f, List<Tensor> inputs, Options options) {
    this.op = op;
    this.f = f;
    this.inputs = inputs.stream().map(Tensor::detach).toList();
    this.options = options;
    float64("input", inputs);
    List<Tensor> all = f.apply(this.inputs).stream().map(Tensor::detach).toList();
    float64("output", all);
    this.values = outputs(this.inputs).stream().map(Tensor::detach).toList();
    this.jacobian = new double[values.size()][inputs.size()][];
    this.made = graph().outputs().stream().map(y -> y.gradFn().map(GradCheckRun::of).orElse("")).toArray(String[]::new);
  }

  private void float64(String what, List<Tensor> ts) {
    boolean some = false;
    for (int i = 0; i < ts.size(); i++) {
      DType t = ts.get(i).dtype();
      some |= t.floating();
      if (t.floating() && t != DType.FLOAT64) {
        throw new DTypeException(
            op + ": " + what + " " + i + " is " + t + ", whose rounding hides errors; convert inputs with to(DType.FLOAT64)");
      }
    }
    if (!some) {
      throw new DTypeException(op + ": no " + what + " is a floating tensor, so there is no derivative; convert with to(DType.FLOAT64)");
    }
  }

  /** The floating outputs. */
  List<Tensor> outputs(List<Tensor> x) {
    return f.apply(x).stream().filter(t -> t.dtype().floating()).toList();
  }

  /** The floating outputs at the inputs. */
  List<Tensor> values() {
    return values;
  }

  void all() {
    repeatable();
    reverse();
    if (options.batched()) {
      batched();
    }
    for (int i = 0; i < inputs.size(); i++) {
      for (int e = 0; wrt(i) && e < inputs.get(i).size(); e++) {
        try (MemoryScope _ = MemoryScope.open()) {
          column(i, e);
        }
      }
    }
    if (options.forwardOverReverse()) {
      forwardOverReverse();
    }
  }

  private boolean wrt(int i) {
    return inputs.get(i).dtype().floating();
  }

  private void repeatable() {
    List<Tensor> again = outputs(inputs);
    for (int j = 0; j < values.size(); j++) {
      if (!Arrays.equals(values.get(j).toDoubleArray(), again.get(j).toDoubleArray())) {
        throw new GradCheckException(
            op + ": the function is not repeatable: output " + j + " differs on a second run; fix the seed of its random numbers");
      }
    }
  }

  // ---- reverse mode

  /** The graph of one forward pass: leaves of the tape and the outputs that depend on them. */
  private record Graph(List<Tensor> leaves, List<Tensor> outputs) {}

  private Graph graph() {
    var x = new ArrayList<>(inputs);
    for (int i = 0; i < x.size(); i++) {
      x.set(i, wrt(i) ? inputs.get(i).detach().requiresGrad_() : inputs.get(i));
    }
    return new Graph(x, outputs(x));
  }

  private void reverse() {
    Graph g = graph();
    for (int j = 0; j < values.size(); j++) {
      int rows = (int) values.get(j).size();
      for (int i = 0; i < inputs.size(); i++) {
        jacobian[j][i] = new double[wrt(i) ? Math.multiplyExact(rows, (int) inputs.get(i).size()) : 0];
      }
      for (int r = 0; g.outputs().get(j).requiresGrad() && r < rows; r++) {
        try (MemoryScope _ = MemoryScope.open()) {
          double[] hot = new double[rows];
          hot[r] = 1;
          pull(g, j, tensor(hot, values.get(j)), r, 1);
        }
      }
    }
  }

  /** Writes rows {@code from} to {@code from + k} of output j. */
  private void pull(Graph g, int j, Tensor ct, int from, int k) {
    List<double[]> rows = pulled(g, j, ct, Option.RETAIN_GRAPH, Option.MATERIALIZE);
    for (int i = 0, n = 0; i < inputs.size(); i++) {
      if (wrt(i)) {
        int width = (int) inputs.get(i).size();
        System.arraycopy(rows.get(n++), 0, jacobian[j][i], from * width, k * width);
      }
    }
  }

  private List<double[]> pulled(Graph g, int j, Tensor ct, Option... o) {
    List<Tensor> leaves = g.leaves().stream().filter(t -> t.dtype().floating()).toList();
    var r = new ArrayList<double[]>();
    Autograd.grad(List.of(g.outputs().get(j)), leaves, List.of(ct), o).forEach(t -> r.add(t.toDoubleArray()));
    return r;
  }

  private void batched() {
    Graph g = graph();
    for (int j = 0; j < values.size(); j++) {
      Tensor y = values.get(j);
      int rows = (int) y.size();
      for (int from = 0; g.outputs().get(j).requiresGrad() && from < rows; from += BATCH) {
        int k = Math.min(BATCH, rows - from);
        double[] hot = new double[k * rows];
        for (int r = 0; r < k; r++) {
          hot[r * rows + from + r] = 1;
        }
        try (MemoryScope _ = MemoryScope.open()) {
          Tensor ct = Tensor.of(hot, y.shape().prepend(k).dims()).to(y.device());
          compare(j, from, k, pulled(g, j, ct, Option.BATCHED, Option.RETAIN_GRAPH, Option.MATERIALIZE));
        }
      }
    }
  }

  private void compare(int j, int from, int k, List<double[]> got) {
    for (int i = 0, n = 0; i < inputs.size(); i++) {
      if (wrt(i)) {
        int width = (int) inputs.get(i).size();
        double[] g = got.get(n++);
        for (int p = 0; p < k * width; p++) {
          double one = jacobian[j][i][from * width + p];
          if (!options.close(g[p], one)) {
            throw new GradCheckException(
                place(j, from + p / width, i, p % width) + ": batched " + number(g[p])
                    + ", alone " + number(one) + " (batched reverse mode)");
          }
        }
      }
    }
  }

  // ---- columns: differences and forward mode

  private void column(int i, int e) {
    Tensor x = inputs.get(i);
    List<double[]> high = numbers(moved(i, e, options.eps()));
    List<double[]> low = numbers(moved(i, e, -options.eps()));
    List<double[]> tangents = options.forward() ? forward(i, e) : List.of();
    int width = (int) x.size();
    for (int j = 0; j < values.size(); j++) {
      for (int r = 0; r < values.get(j).size(); r++) {
        double n = (high.get(j)[r] - low.get(j)[r]) / (2 * options.eps());
        require(jacobian[j][i][r * width + e], n, j, r, i, e, "reverse mode");
        if (options.forward()) {
          require(tangents.get(j)[r], n, j, r, i, e, "forward mode");
        }
      }
    }
  }

  private void require(double analytic, double numeric, int j, int r, int i, int e, String mode) {
    if (!options.close(analytic, numeric)) {
      throw new GradCheckException(
          place(j, r, i, e) + ": analytic " + number(analytic) + ", numeric " + number(numeric) + " (" + mode + ")");
    }
  }

  private List<Tensor> moved(int i, int e, double step) {
    double[] v = inputs.get(i).toDoubleArray();
    v[e] += step;
    return with(i, tensor(v, inputs.get(i)));
  }

  private List<Tensor> with(int i, Tensor t) {
    var r = new ArrayList<>(inputs);
    r.set(i, t);
    return r;
  }

  private List<double[]> numbers(List<Tensor> x) {
    return outputs(x).stream().map(Tensor::toDoubleArray).toList();
  }

  private List<double[]> forward(int i, int e) {
    var t = new ArrayList<>(inputs.stream().map(Tensor::zerosLike).toList());
    double[] hot = new double[(int) inputs.get(i).size()];
    hot[e] = 1;
    t.set(i, tensor(hot, inputs.get(i)));
    return Autograd.jvpTree(this::outputs, inputs, List.copyOf(t)).tangent().stream().map(Tensor::toDoubleArray).toList();
  }

  // ---- second order

  private void forwardOverReverse() {
    var random = new Random(SEED);
    List<Tensor> cts = values.stream().map(y -> normal(random, y)).toList();
    List<Tensor> u = inputs.stream().map(x -> x.dtype().floating() ? normal(random, x) : Tensor.zerosLike(x)).toList();
    Function<List<Tensor>, List<Tensor>> pullback = v -> Autograd.vjpTree(this::outputs, v).apply(cts);
    List<Tensor> got = Autograd.jvpTree(pullback, inputs, u).tangent();
    List<Tensor> high = pullback.apply(along(u, options.eps()));
    List<Tensor> low = pullback.apply(along(u, -options.eps()));
    for (int i = 0; i < inputs.size(); i++) {
      if (wrt(i)) {
        second(i, got.get(i).toDoubleArray(), high.get(i).toDoubleArray(), low.get(i).toDoubleArray());
      }
    }
  }

  private void second(int i, double[] got, double[] high, double[] low) {
    for (int e = 0; e < got.length; e++) {
      double n = (high[e] - low[e]) / (2 * options.eps());
      if (!options.close(got[e], n)) {
        throw new GradCheckException(op + ": cotangent of input " + i + element(inputs.get(i).shape(),
            e) + " along a random direction: analytic "
            + number(got[e]) + ", numeric " + number(n) + " (forward over reverse)");
      }
    }
  }

  private List<Tensor> along(List<Tensor> u, double step) {
    var r = new ArrayList<Tensor>();
    for (int i = 0; i < u.size(); i++) {
      r.add(wrt(i) ? inputs.get(i).add(u.get(i).mul(step)) : inputs.get(i));
    }
    return r;
  }

  // ---- numbers

  static Tensor normal(Random random, Tensor like) {
    return tensor(random.doubles(like.size(), -1, 1).toArray(), like);
  }

  private static Tensor tensor(double[] v, Tensor like) {
    return Tensor.of(v, like.shape().dims()).to(like.device());
  }

  // ---- messages

  private String place(int j, int r, int i, int e) {
    return op + ": output " + j + made[j] + element(values.get(j).shape(), r) + " / input " + i + element(inputs.get(i).shape(), e);
  }

  /** " of tanh" for "TanhBackward0". */
  private static String of(String gradFn) {
    String name = gradFn.replaceFirst("Backward0$", "");
    return " of " + Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }

  private static String element(Shape shape, int at) {
    int[] k = new int[shape.rank()];
    for (int a = k.length - 1, rest = at; a >= 0; a--) {
      k[a] = rest % shape.dim(a);
      rest /= shape.dim(a);
    }
    return k.length == 0 ? "" : " " + Arrays.toString(k);
  }

  private static String number(double v) {
    return String.format(Locale.ROOT, "%.6g", v);
  }
}
