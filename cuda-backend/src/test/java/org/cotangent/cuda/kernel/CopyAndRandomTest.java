package org.cotangent.cuda.kernel;

import java.util.List;
import org.cotangent.DType;
import org.cotangent.cuda.driver.OnDevice;
import org.cotangent.cuda.kernel.Twins.Twin;
import org.cotangent.spi.Distribution;
import org.cotangent.spi.Layout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnDevice.class)
class CopyAndRandomTest {
  private static final Twins s = Twins.seeded("CopyAndRandomTest");

  @Test
  void copiesBetweenAnyLayouts() {
    for (int round = 0; round < 100; round++) {
      Twin from = s.input(s.someType(true), s.dims(5, true));
      copy(s.launcher(), from, s.output(from.type(), from.dims()));
    }
  }

  @Test
  void transposesByTiles() {
    for (DType t : List.of(DType.BOOL, DType.BFLOAT16, DType.FLOAT32, DType.FLOAT64)) {
      for (int[] d : new int[][] {{32, 32}, {33, 65}, {17, 100}, {2, 40, 20}}) {
        Layout turned = Layout.dense(d).permute(d.length == 2 ? new int[] {1, 0} : new int[] {0, 2, 1});
        copy(s.launcher(), s.filled(t, turned), s.filled(t, Layout.dense(turned.dims())));
        copy(s.launcher(), s.filled(t, Layout.dense(turned.dims())), s.filled(t, turned));
      }
    }
  }

  private static void copy(Launcher on, Twin from, Twin to) {
    s.cpu.copy(from.cpu(), to.cpu());
    Copies.run(on, from.gpu(), to.gpu());
    s.same(to, from, on);
  }

  @Test
  void drawsTheBitsOfTheCpu() {
    for (int round = 0; round < 40; round++) {
      for (DType t : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.INT64, DType.INT32, DType.UINT8}) {
        int[] dims = s.dims(4, true);
        long seed = s.random.nextLong();
        long offset = s.random.nextLong();
        long low = s.below(1000) - 500;
        long high = low + 1 + s.below(200);
        Twin y = s.output(t, dims);
        Distribution kind = t.floating() ? s.chance(0.5) ? Distribution.UNIFORM : Distribution.NORMAL : Distribution.INTEGER;
        s.cpu.random(kind, seed, offset, low, high, y.cpu());
        Randoms.run(s.launcher(), kind, seed, offset, low, high, y.gpu());
        double ulps = kind != Distribution.NORMAL ? 0 : t == DType.FLOAT32 ? 0x1p-22 : 0x1p-50;
        s.near(y, ulps, 0, kind, seed, offset, low, high);
      }
    }
  }
}
