package org.cotangent.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.cotangent.DType;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;
import org.junit.jupiter.api.Test;

class CopyTest {
  private static final Samples s = Samples.seeded("CopyTest");

  @Test
  void copiesBetweenAnyLayouts() {
    for (int round = 0; round < 250; round++) {
      DType type = Samples.TYPES[s.below(Samples.TYPES.length)];
      int[] dims = s.dims(6, true);
      check(s.input(type, dims), s.output(type, dims));
    }
  }

  @Test
  void transposes() {
    for (int[] d : new int[][] {{8, 8}, {31, 65}, {100, 300}, {3, 40, 50}, {2, 9, 3, 33}}) {
      for (DType type : Samples.TYPES) {
        int[] turned = d.clone();
        turned[0] = d[d.length - 1];
        turned[d.length - 1] = d[0];
        int[] perm = new int[d.length];
        Arrays.setAll(perm, i -> i == 0 ? d.length - 1 : i == d.length - 1 ? 0 : i);
        Operand in = s.filled(type, Layout.dense(d).permute(perm));
        check(in, s.filled(type, Layout.dense(turned)));
      }
    }
  }

  @Test
  void largeCopiesInPieces() {
    int[] dims = {300, 1000};
    check(s.filled(DType.FLOAT32, Layout.dense(dims)), s.filled(DType.FLOAT32, Layout.dense(dims)));
    check(s.filled(DType.FLOAT32, Layout.dense(1000, 300).permute(1, 0)), s.filled(DType.FLOAT32, Layout.dense(dims)));
    check(s.filled(DType.FLOAT32, Layout.dense(dims).flip(0)), s.filled(DType.FLOAT32, Layout.dense(dims).flip(1)));
    check(s.filled(DType.INT8, Layout.constant(org.cotangent.Shape.of(dims))), s.filled(DType.INT8, Layout.dense(dims)));
  }

  @Test
  void downloadsInRowMajorOrder() {
    for (int round = 0; round < 100; round++) {
      int[] dims = s.dims(4, true);
      Operand in = s.input(DType.INT32, dims);
      int[] got = new int[(int) in.layout().size()];
      s.backend.download(in, got);
      int[] n = {0};
      Samples.each(dims, i -> Samples.same(got[n[0]++], Samples.whole(in, i), in));
      assertThat(n[0]).isEqualTo(got.length);
    }
  }

  private void check(Operand in, Operand out) {
    Object before = Samples.storage(out);
    s.backend.copy(in, out);
    String what = Samples.text(in) + " to " + Samples.text(out);
    Samples.same(out, in, in, out);
    Samples.each(in.layout().dims(), i -> Rows.copy(Kind.of(in.dtype()), HeapBuffer.data(out), Samples.position(out, i), 0, before,
        Samples.position(out, i), 0, 1));
    assertThat(Samples.storage(out)).as("gaps of " + what).isEqualTo(before);
  }
}
