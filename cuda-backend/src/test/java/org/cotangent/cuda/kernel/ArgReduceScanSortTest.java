package org.cotangent.cuda.kernel;

import java.util.stream.IntStream;
import org.cotangent.DType;
import org.cotangent.cuda.driver.OnDevice;
import org.cotangent.cuda.kernel.Twins.Twin;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Reduction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnDevice.class)
class ArgReduceScanSortTest {
  private static final Twins s = Twins.seeded("ArgReduceScanSortTest");

  private static int[] without(int[] a, int axis) {
    return IntStream.range(0, a.length).filter(i -> i != axis).map(i -> a[i]).toArray();
  }

  private static void argReduce(Launcher on, Twin in, int axis) {
    boolean largest = s.chance(0.5);
    boolean lastNan = s.chance(0.5);
    int[] left = without(in.dims(), axis);
    Twin values = s.output(in.type(), left);
    Twin indices = s.output(DType.INT64, left);
    s.cpu.argReduce(largest, lastNan, in.cpu(), axis, values.cpu(), indices.cpu());
    ArgReduce.run(on, largest, lastNan, in.gpu(), axis, values.gpu(), indices.gpu());
    s.same(indices, in, axis, largest, lastNan);
    s.same(values, in, axis, largest, lastNan);
  }

  @Test
  void argReduces() {
    for (int round = 0; round < 80; round++) {
      int[] dims = s.someDims(5);
      int axis = s.below(dims.length);
      if (dims[axis] > 0) {
        argReduce(s.launcher(), s.input(s.someType(false), dims), axis);
      }
    }
    for (int[] d : new int[][] {{9000}, {4000, 3}, {3, 4000}, {70, 90}}) {
      for (int axis = 0; axis < d.length; axis++) {
        argReduce(s.launchers[0], s.filled(DType.FLOAT32, Layout.dense(d)), axis);
        argReduce(s.launchers[1], s.between(DType.INT16, Layout.dense(d), 0, 20), axis);
      }
    }
  }

  @Test
  void sorts() {
    for (int round = 0; round < 80; round++) {
      int[] dims = s.someDims(5);
      sort(s.launcher(), s.input(s.someType(false), dims), s.below(dims.length));
    }
  }

  @Test
  void sortsLinesOfSeveralTiles() {
    for (int n : new int[] {2048, 2049, 5000, 9000}) {
      sort(s.launchers[0], s.between(DType.INT16, Layout.dense(n), 0, 50), 0);
      sort(s.launchers[1], s.filled(DType.FLOAT64, Layout.dense(n)), 0);
    }
    sort(s.launchers[0], s.filled(DType.FLOAT32, Layout.dense(2, 2500, 2)), 1);
  }

  private static void sort(Launcher on, Twin in, int axis) {
    boolean descending = s.chance(0.5);
    Twin values = s.output(in.type(), in.dims());
    Twin indices = s.output(DType.INT64, in.dims());
    s.cpu.sort(in.cpu(), axis, descending, values.cpu(), indices.cpu());
    Sort.run(on, in.gpu(), axis, descending, values.gpu(), indices.gpu());
    s.same(indices, in, axis, descending);
    s.same(values, in, axis, descending);
  }

  @Test
  void scans() {
    for (int round = 0; round < 120; round++) {
      int[] dims = s.someDims(5);
      scan(s.launcher(), s.someType(false), s.layout(dims, true), s.below(dims.length));
    }
    for (int[] d : new int[][] {{5000}, {1025, 2}, {2, 1023}, {40, 70}, {3, 1100}}) {
      for (int axis = 0; axis < d.length; axis++) {
        scan(s.launchers[0], DType.FLOAT32, Layout.dense(d), axis);
        scan(s.launchers[1], DType.INT32, Layout.dense(d), axis);
      }
    }
  }

  private static void scan(Launcher on, DType type, Layout l, int axis) {
    Reduction kind = Reduction.values()[s.below(4)];
    boolean adds = type.floating() && !kind.needsElements();
    Twin in = adds ? s.between(type, l, -2, 2) : s.filled(type, l);
    Twin out = s.output(type, in.dims());
    boolean reverse = s.chance(0.5);
    s.cpu.scan(kind, in.cpu(), axis, reverse, out.cpu());
    Scan.run(on, kind, in.gpu(), axis, reverse, out.gpu());
    double eps = type == DType.FLOAT64 ? 1e-12 : 1e-6;
    s.near(out, adds ? eps : 0, adds ? eps : 0, kind, in, axis, reverse, on);
  }
}
