package org.cotangent.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Tensor;
import org.cotangent.testkit.OpRow.Input;
import org.cotangent.testkit.OpRow.Kind;

/** Numbers for a row of the table: the same on each run, since they depend on its name alone. */
final class Samples {
  /** A tensor that does not lie densely; {@code repeats} if elements share a place. */
  record Layout(String name, Tensor view, boolean repeats) {}

  private final Random random;
  private final List<Input> inputs;
  private final List<int[]> shapes;
  private final Device device;

  Samples(OpRow r, Device device) {
    this(r, device, r.inputs().stream().map(Input::shape).toList());
  }

  Samples(OpRow r, Device device, List<int[]> shapes) {
    this.random = new Random(r.name().hashCode());
    this.inputs = r.inputs();
    this.shapes = shapes;
    this.device = device;
  }

  /** Other numbers at each call: float64, int64 or bool. */
  List<Tensor> inputs() {
    return IntStream.range(0, inputs.size()).mapToObj(i -> sample(inputs.get(i), shapes.get(i))).toList();
  }

  /** {@link #inputs} with {@code t} in place i. */
  List<Tensor> with(int i, Tensor t) {
    var r = new ArrayList<>(inputs());
    r.set(i, t);
    return List.copyOf(r);
  }

  private Tensor sample(Input in, int... shape) {
    int n = IntStream.of(shape).reduce(1, (a, b) -> a * b);
    Tensor t = switch (in.kind()) {
      case REAL -> Tensor.of(random.doubles(n, in.low(), in.high()).toArray(), shape);
      case INDEX -> Tensor.of(random.longs(n, (long) in.low(), (long) in.high()).toArray(), shape);
      case MASK -> Tensor.of(random.longs(n, 0, 2).toArray(), shape).to(DType.BOOL);
    };
    return t.to(device);
  }

  /** Tangents of the inputs; zeros for integers. */
  List<Tensor> tangents() {
    return IntStream.range(0, inputs.size()).mapToObj(i -> tangent(sample(inputs.get(i), shapes.get(i)))).toList();
  }

  Tensor tangent(Tensor x) {
    if (!x.dtype().floating()) {
      return Tensor.zerosLike(x);
    }
    return Tensor.of(random.doubles(x.size(), -1, 1).toArray(), x.shape().dims()).to(x.dtype()).to(device);
  }

  List<Tensor> cotangents(List<Tensor> y) {
    return y.stream().map(this::tangent).toList();
  }

  /** The same numbers, dense. */
  static Tensor dense(Tensor view) {
    Tensor t = Tensor.of(view.to(DType.FLOAT64).toDoubleArray(), view.shape().dims());
    return t.to(view.dtype()).to(view.device());
  }

  /** Input i permuted, sliced with a step and an offset, and expanded, as far as its shape allows. */
  List<Layout> layouts(int i) {
    Input in = inputs.get(i);
    int[] d = in.shape();
    int last = d.length - 1;
    var r = new ArrayList<Layout>();
    if (d.length > 0) {
      int[] wide = d.clone();
      wide[last] = 2 * d[last] + 1;
      r.add(new Layout("sliced", sample(in, wide).slice(last, 1, wide[last], 2), false));
      int[] one = d.clone();
      one[0] = 1;
      r.add(new Layout("expanded", sample(in, one).expand(d), d[0] > 1));
    }
    if (d.length > 1) {
      int[] back = IntStream.rangeClosed(0, last).map(k -> last - k).toArray();
      r.add(new Layout("permuted", sample(in, IntStream.of(back).map(k -> d[k]).toArray()).permute(back), false));
    }
    return r;
  }
}
