package org.cotangent.cpu.kernel;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.cotangent.DType;
import org.cotangent.spi.Operand;
import org.cotangent.spi.Reduction;
import org.junit.jupiter.api.Test;

class ArgReduceScanSortTest {
  private static final Samples s = Samples.seeded("ArgReduceScanSortTest");

  @Test
  void argReduce() {
    for (int round = 0; round < 200; round++) {
      Operand in = someInput();
      int[] dims = in.layout().dims();
      int axis = s.below(dims.length);
      if (dims[axis] == 0) {
        continue;
      }
      int[] left = without(dims, axis);
      Operand values = s.output(in.dtype(), left);
      Operand indices = s.output(DType.INT64, left);
      boolean largest = s.chance(0.5);
      boolean lastNan = s.chance(0.5);
      s.backend.argReduce(largest, lastNan, in, axis, values, indices);
      Samples.each(left, i -> {
        Integer[] order = order(in, line(i, axis), axis, largest);
        int first = lastNan ? lastNan(in, line(i, axis), axis, order[0]) : order[0];
        Samples.same(Samples.whole(indices, i), first, in);
        Samples.same(Samples.real(values, i), Samples.real(in, at(line(i, axis), axis, first)), in);
      });
    }
  }

  /** The last NaN of the line if there is one, else {@code none}. */
  private static int lastNan(Operand in, int[] line, int axis, int none) {
    IntStream nans = IntStream.range(0, in.layout().dims()[axis]).filter(k -> Double.isNaN(Samples.real(in, at(line, axis, k))));
    return nans.max().orElse(none);
  }

  @Test
  void sort() {
    for (int round = 0; round < 200; round++) {
      Operand in = someInput();
      int[] dims = in.layout().dims();
      int axis = s.below(dims.length);
      Operand values = s.output(in.dtype(), dims);
      Operand indices = s.output(DType.INT64, dims);
      boolean descending = s.chance(0.5);
      s.backend.sort(in, axis, descending, values, indices);
      Samples.each(without(dims, axis), i -> {
        int[] line = line(i, axis);
        Integer[] order = dims[axis] == 0 ? new Integer[0] : sorted(in, line, axis, descending);
        for (int k = 0; k < order.length; k++) {
          Samples.same(Samples.whole(indices, at(line, axis, k)), order[k].longValue(), in);
          double want = Samples.real(in, at(line, axis, order[k]));
          Samples.same(Samples.real(values, at(line, axis, k)), want, in);
        }
      });
    }
  }

  @Test
  void scan() {
    for (int round = 0; round < 250; round++) {
      Operand in = someInput();
      int[] dims = in.layout().dims();
      int axis = s.below(dims.length);
      Reduction kind = Reduction.values()[s.below(4)];
      Operand out = s.output(in.dtype(), dims);
      boolean reverse = s.chance(0.5);
      s.backend.scan(kind, in, axis, reverse, out);
      Samples.each(without(dims, axis), i -> checkScan(kind, in, axis, reverse, out, line(i, axis)));
    }
  }

  private static void checkScan(Reduction kind, Operand in, int axis, boolean reverse, Operand out, int[] line) {
    int n = in.layout().dims()[axis];
    double real = 0;
    long whole = 0;
    for (int k = 0; k < n; k++) {
      int[] i = at(line, axis, reverse ? n - 1 - k : k);
      if (in.dtype().floating()) {
        double v = Samples.real(in, i);
        real = k == 0 ? v : switch (kind) {
          case SUM -> real + v;
          case PROD -> real * v;
          case MAX -> Math.max(real, v);
          case MIN -> Math.min(real, v);
        };
        Samples.same(Samples.real(out, i), in.dtype().round(real), in, out);
      } else {
        long v = Samples.whole(in, i);
        whole = k == 0 ? v : switch (kind) {
          case SUM -> whole + v;
          case PROD -> whole * v;
          case MAX -> Math.max(whole, v);
          case MIN -> Math.min(whole, v);
        };
        Samples.same(Samples.whole(out, i), in.dtype().wrap(whole), in, out);
      }
    }
  }

  private Operand someInput() {
    int[] dims = s.dims(5, true);
    return s.input(Samples.COMPUTED[s.below(Samples.COMPUTED.length)], dims.length == 0 ? new int[] {3} : dims);
  }

  /** Positions along the axis, the extreme first: NaN before all. */
  private static Integer[] order(Operand in, int[] line, int axis, boolean largest) {
    Integer[] order = sorted(in, line, axis, largest);
    Arrays.sort(order, Comparator.comparing(k -> !Double.isNaN(Samples.real(in, at(line, axis, k)))));
    return order;
  }

  /** Positions along the axis in the order of a stable sort with NaN largest. */
  private static Integer[] sorted(Operand in, int[] line, int axis, boolean descending) {
    Integer[] all = IntStream.range(0, in.layout().dims()[axis]).boxed().toArray(Integer[]::new);
    Comparator<Integer> by = in.dtype().floating()
        ? Comparator.comparingDouble(k -> Samples.real(in, at(line, axis, k)) + 0.0)
        : Comparator.comparingLong(k -> Samples.whole(in, at(line, axis, k)));
    Arrays.sort(all, descending ? by.reversed() : by);
    return all;
  }

  private static int[] without(int[] a, int axis) {
    return IntStream.range(0, a.length).filter(i -> i != axis).map(i -> a[i]).toArray();
  }

  /** The coordinate of the first element of the line at {@code i} of the other axes. */
  private static int[] line(int[] i, int axis) {
    int[] c = new int[i.length + 1];
    for (int k = 0; k < c.length; k++) {
      c[k] = k < axis ? i[k] : k == axis ? 0 : i[k - 1];
    }
    return c;
  }

  private static int[] at(int[] line, int axis, int k) {
    int[] c = line.clone();
    c[axis] = k;
    return c;
  }
}
