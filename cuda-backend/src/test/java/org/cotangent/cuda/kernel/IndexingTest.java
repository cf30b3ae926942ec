package org.cotangent.cuda.kernel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.cotangent.DType;
import org.cotangent.cuda.driver.OnDevice;
import org.cotangent.cuda.kernel.Twins.Twin;
import org.cotangent.errors.IndexException;
import org.cotangent.spi.Layout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnDevice.class)
class IndexingTest {
  private static final Twins s = Twins.seeded("IndexingTest");

  @Test
  void gathers() {
    for (int round = 0; round < 80; round++) {
      int[] dims = s.someDims(5);
      int axis = s.below(dims.length);
      int[] source = dims.clone();
      source[axis] = 1 + s.below(6);
      Twin in = s.input(s.someType(true), source);
      Twin index = s.between(DType.INT64, s.layout(dims, true), 0, source[axis]);
      Twin out = s.output(in.type(), dims);
      s.cpu.gather("gather", in.cpu(), index.cpu(), axis, out.cpu());
      Gather.run(s.launcher(), "gather", in.gpu(), index.gpu(), axis, out.gpu());
      s.same(out, in, index, axis);
    }
  }

  @Test
  void scattersInOrder() {
    for (int round = 0; round < 80; round++) {
      int[] dims = s.someDims(4);
      scatter(s.launcher(), s.someType(false), s.layout(dims, true), dims, s.below(dims.length), 1 + s.below(6), false);
    }
    for (int size : new int[] {1, 5, 300}) {
      int[] dims = {300, 4};
      scatter(s.launchers[0], DType.FLOAT32, new Layout(dims, new int[] {1, 0}, 0), dims, 0, size, false);
      scatter(s.launchers[1], DType.BOOL, Layout.dense(dims), dims, 0, size, false);
      int[] line = {3000};
      scatter(s.launchers[1], DType.FLOAT64, Layout.dense(line), line, 0, size, false);
    }
  }

  @Test
  void scattersAtomicallyWhereAskedTo() {
    for (int round = 0; round < 20; round++) {
      int[] dims = s.someDims(4);
      scatter(s.launcher(), s.someType(false), s.layout(dims, true), dims, s.below(dims.length), 1 + s.below(6), true);
    }
  }

  private static void scatter(Launcher on, DType type, Layout at, int[] dims, int axis, int size, boolean atomic) {
    int[] target = dims.clone();
    target[axis] = size;
    boolean loose = atomic && type.floating();
    Twin in = loose ? s.between(type, s.layout(dims, true), -2, 2) : s.input(type, dims);
    Twin index = s.between(DType.INT64, at, 0, size);
    Twin out = s.zeros(type, target);
    s.cpu.scatterAdd("scatterAdd", in.cpu(), index.cpu(), axis, out.cpu());
    ScatterAdd.run(on, "scatterAdd", in.gpu(), index.gpu(), axis, out.gpu(), atomic);
    s.near(out, loose ? 1e-4 : 0, loose ? 1e-4 : 0, in, index, axis, size);
  }

  @Test
  void addsWindows() {
    for (int round = 0; round < 60; round++) {
      int[] dims = s.dims(4, false);
      if (dims.length == 0) {
        continue;
      }
      int axis = s.below(dims.length);
      int window = 1 + s.below(4);
      int stride = 1 + s.below(3);
      int dilation = 1 + s.below(3);
      int[] from = Arrays.copyOf(dims, dims.length + 1);
      from[dims.length] = window;
      int[] to = dims.clone();
      to[axis] = (dims[axis] - 1) * stride + (window - 1) * dilation + 1 + s.below(2);
      Twin in = s.input(s.someType(false), from);
      Twin out = s.zeros(in.type(), to);
      s.cpu.overlapAdd(in.cpu(), axis, stride, dilation, out.cpu());
      OverlapAdd.run(s.launcher(), in.gpu(), axis, stride, dilation, out.gpu());
      s.same(out, in, axis, stride, dilation);
    }
  }

  @Test
  void badIndicesAreRaisedWhereTheHostWaits() {
    for (long bad : new long[] {-1, 5, 1L << 40}) {
      for (int n : new int[] {3, 200}) {
        long[] at = new long[2 * n];
        at[n] = bad;
        Twin wrong = s.of(DType.INT64, at.clone(), Layout.dense(n, 2));
        Twin y = s.zeros(DType.FLOAT32, n, 2);
        Gather.run(s.launchers[0], "gather", s.zeros(DType.FLOAT32, 5, 2).gpu(), wrong.gpu(), 0, y.gpu());
        assertThatThrownBy(s.device::synchronize).isInstanceOf(IndexException.class)
            .hasMessage("gather: index " + bad + " is out of range for axis 0 of size 5");
        for (DType type : new DType[] {DType.FLOAT32, DType.INT32}) {
          ScatterAdd.run(s.launchers[0], "indexAdd", s.between(type, Layout.dense(n, 2), 1, 3).gpu(), wrong.gpu(), 0, s.zeros(type, 5, 2).gpu(), false);
          assertThatThrownBy(s.device::synchronize).isInstanceOf(IndexException.class)
              .hasMessage("indexAdd: index " + bad + " is out of range for axis 0 of size 5");
        }
        s.device.synchronize();
      }
    }
  }
}
