package org.cotangent.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cotangent.DType;
import org.cotangent.errors.IndexException;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;
import org.junit.jupiter.api.Test;

class IndexingTest {
  private static final Samples s = Samples.seeded("IndexingTest");

  private int[] someDims() {
    int[] d = s.dims(5, true);
    return d.length == 0 ? new int[] {4} : d;
  }

  private static DType some(DType... types) {
    return types[s.below(types.length)];
  }

  @Test
  void gather() {
    for (int round = 0; round < 200; round++) {
      int[] dims = someDims();
      int axis = s.below(dims.length);
      int size = 1 + s.below(6);
      int[] source = dims.clone();
      source[axis] = size;
      Operand in = s.input(some(Samples.TYPES), source);
      Operand index = s.indices(dims, size);
      Operand out = s.output(in.dtype(), dims);
      s.backend.gather("gather", in, index, axis, out);
      Samples.each(dims, i -> {
        int[] j = i.clone();
        j[axis] = (int) Samples.whole(index, i);
        Samples.same(Samples.real(out, i), Samples.real(in, j), in, index, out);
      });
    }
  }

  @Test
  void scatterAdd() {
    for (int round = 0; round < 200; round++) {
      int[] dims = someDims();
      int axis = s.below(dims.length);
      int size = 1 + s.below(6);
      int[] target = dims.clone();
      target[axis] = size;
      Operand in = s.input(some(Samples.COMPUTED), dims);
      Operand index = s.indices(dims, size);
      Operand out = zeros(in.dtype(), target);
      Operand want = zeros(in.dtype(), target);
      s.backend.scatterAdd("scatterAdd", in, index, axis, out);
      Samples.each(dims, i -> {
        int[] j = i.clone();
        j[axis] = (int) Samples.whole(index, i);
        addInto(want, j, in, i);
      });
      Samples.same(out, want, in);
    }
  }

  @Test
  void overlapAdd() {
    for (int round = 0; round < 200; round++) {
      int[] dims = s.dims(4, false);
      if (dims.length == 0) {
        continue;
      }
      int axis = s.below(dims.length);
      int window = 1 + s.below(4);
      int stride = 1 + s.below(3);
      int dilation = 1 + s.below(3);
      int[] from = java.util.Arrays.copyOf(dims, dims.length + 1);
      from[dims.length] = window;
      int[] to = dims.clone();
      to[axis] = (dims[axis] - 1) * stride + (window - 1) * dilation + 1;
      Operand in = s.input(some(Samples.COMPUTED), from);
      Operand out = zeros(in.dtype(), to);
      Operand want = zeros(in.dtype(), to);
      s.backend.overlapAdd(in, axis, stride, dilation, out);
      for (int k = 0; k < window; k++) {
        int w = k;
        Samples.each(dims, i -> {
          int[] j = i.clone();
          j[axis] = i[axis] * stride + w * dilation;
          int[] f = java.util.Arrays.copyOf(i, i.length + 1);
          f[i.length] = w;
          addInto(want, j, in, f);
        });
      }
      Samples.same(out, want, in);
    }
  }

  @Test
  void badIndicesAreRefusedBeforeAnythingIsWritten() {
    Operand in = s.filled(DType.FLOAT32, Layout.dense(5, 2));
    Operand index = s.indices(new int[] {3, 2}, 5);
    for (long bad : new long[] {-1, 5, 1L << 40}) {
      Samples.put(index, Samples.position(index, new int[] {2, 1}), bad);
      Operand out = zeros(DType.FLOAT32, new int[] {3, 2});
      assertThatThrownBy(() -> s.backend.gather("gather", in, index, 0, out)).isInstanceOf(IndexException.class)
          .hasMessage("gather: index " + bad + " is out of range for axis 0 of size 5");
      Operand sum = zeros(DType.FLOAT32, new int[] {5, 2});
      Operand more = s.filled(DType.FLOAT32, Layout.dense(3, 2));
      assertThatThrownBy(() -> s.backend.scatterAdd("indexAdd", more, index, 0, sum)).isInstanceOf(IndexException.class)
          .hasMessage("indexAdd: index " + bad + " is out of range for axis 0 of size 5");
      assertThat((float[]) Samples.storage(sum)).containsOnly(0f);
      assertThat((float[]) Samples.storage(out)).containsOnly(0f);
    }
  }

  private Operand zeros(DType type, int[] dims) {
    Operand o = new Operand(s.backend.allocate(type, Layout.dense(dims).size()), Layout.dense(dims));
    Fill.run(o, 0);
    return o;
  }

  private static void addInto(Operand y, int[] at, Operand x, int[] from) {
    int p = Samples.position(y, at);
    if (y.dtype().floating()) {
      Samples.put(y, p, y.dtype().round(Samples.real(y, at) + Samples.real(x, from)));
    } else {
      long v = y.dtype().wrap(Samples.whole(y, at) + Samples.whole(x, from));
      Rows.store(y.dtype(), new long[] {v}, 0, HeapBuffer.data(y), p, 1, 1);
    }
  }
}
