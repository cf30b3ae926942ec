package org.cotangent.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Tensor;
import org.cotangent.testkit.OpRow;
import org.cotangent.testkit.OpRow.Input;

/** Numbers for a row of the table of operations, the same for every device: they depend on the row's name and on the order of calls. */
final class Samples {
  private final Random random;
  private final Device device;

  Samples(OpRow row, Device device) {
    random = new Random(row.name().hashCode());
    this.device = device;
  }

  /** Inputs of the row's own shapes; real ones of type {@code real}, whose numbers are those of that type on every device. */
  List<Tensor> inputs(OpRow row, DType real) {
    return IntStream.range(0, row.inputs().size()).mapToObj(i -> input(row.inputs().get(i), real, row.inputs().get(i).shape())).toList();
  }

  /** Inputs of these shapes. */
  List<Tensor> inputs(OpRow row, List<int[]> shapes) {
    return IntStream.range(0, shapes.size()).mapToObj(i -> input(row.inputs().get(i), DType.FLOAT64, shapes.get(i))).toList();
  }

  /** Inputs with one more axis in front, of {@code n} examples. */
  List<Tensor> examples(OpRow row, int n) {
    var all = new ArrayList<Tensor>();
    for (Input in : row.inputs()) {
      all.add(input(in, DType.FLOAT64, IntStream.concat(IntStream.of(n), IntStream.of(in.shape())).toArray()));
    }
    return all;
  }

  /** The first input as a view with gaps, and turned round where it has axes enough. */
  List<Tensor> strided(OpRow row) {
    var all = new ArrayList<>(inputs(row, DType.FLOAT64));
    Input in = row.inputs().getFirst();
    int[] d = in.shape();
    if (d.length > 0) {
      int[] back = IntStream.range(0, d.length).map(k -> d[d.length - 1 - k]).toArray();
      back[0] = 2 * back[0] + 1;
      int[] order = IntStream.range(0, d.length).map(k -> d.length - 1 - k).toArray();
      all.set(0, input(in, DType.FLOAT64, back).slice(0, 1, back[0], 2).permute(order));
    }
    return all;
  }

  /** Numbers from -1 to 1 of the shape and type of {@code like}; zeros of what is not real. */
  Tensor direction(Tensor like) {
    if (!like.dtype().floating()) {
      return Tensor.zerosLike(like);
    }
    return Tensor.of(random.doubles(like.size(), -1, 1).toArray(), like.shape().dims()).to(like.dtype()).to(device);
  }

  List<Tensor> directions(List<Tensor> like) {
    return like.stream().map(this::direction).toList();
  }

  private Tensor input(Input in, DType real, int... shape) {
    int n = IntStream.of(shape).reduce(1, (a, b) -> a * b);
    return (switch (in.kind()) {
      case REAL -> Tensor.of(random.doubles(n, in.low(), in.high()).toArray(), shape).to(real);
      case INDEX -> Tensor.of(random.longs(n, (long) in.low(), (long) in.high()).toArray(), shape);
      case MASK -> Tensor.of(random.longs(n, 0, 2).toArray(), shape).to(DType.BOOL);
    }).to(device);
  }
}
