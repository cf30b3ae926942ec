package org.cotangent.cuda.kernel;

import java.util.List;
import org.cotangent.DType;
import org.cotangent.cuda.driver.DeviceBuffer;
import org.cotangent.cuda.driver.Grid;
import org.cotangent.cuda.driver.KernelSource;
import org.cotangent.spi.Operand;

/** Stable sorts along an axis, NaN counting as largest and -0 as 0: tiles in shared memory, then merges in device memory. */
public final class Sort {
  private static final int TILE = 2048;

  private Sort() {}

  /** Sorted values along {@code axis} and where each came from. */
  public static void run(Launcher on, Operand in, int axis, boolean descending, Operand values, Operand indices) {
    if (Space.empty(in.layout())) {
      return;
    }
    Space lines = Space.of(Space.without(in.layout(), axis), Space.without(values.layout(), axis), Space.without(indices.layout(), axis));
    new Sort.Call(on, in, values, indices, axis, lines.padded(Space.bucket(lines.rank(), 4)), descending).run();
  }

  private record Call(Launcher on, Operand in, Operand values, Operand indices, int axis, Space lines, boolean descending) {
    void run() {
      int n = in.layout().dims()[axis];
      int tile = n >= TILE ? TILE : Math.max(2, Integer.highestOneBit(Math.max(1, n - 1)) * 2);
      int tiles = (n + tile - 1) / tile;
      if (tiles == 1) {
        tiles(n, tile, 1, 0L, 0L);
        return;
      }
      long size = lines.size() * n;
      DeviceBuffer[] room = new DeviceBuffer[4];
      try {
        for (int i = 0; i < room.length; i++) {
          room[i] = on.workspace(i % 2 == 0 ? DType.INT64 : DType.INT32, size);
        }
        tiles(n, tile, tiles, room[0].out(0), room[1].out(0));
        int from = 0;
        for (long run = tile; run < n; run *= 2) {
          on.launch("sort", kernel("sortMerge"), on.threads(size), (int) size, n, (int) run, room[from].in(0), room[from + 1].in(0),
              room[2 - from].out(0), room[3 - from].out(0));
          from = 2 - from;
        }
        on.launch("sort", kernel("sortPick"), on.threads(size), (int) size, n, lines.sizes(), Launcher.in(in), lines.steps(0), step(in),
            Launcher.out(values), lines.steps(1), step(values), Launcher.out(indices), lines.steps(2), step(indices), room[from + 1].in(0));
      } finally {
        for (DeviceBuffer b : room) {
          if (b != null) {
            b.free();
          }
        }
      }
    }

    private void tiles(int n, int tile, int tiles, Object keys, Object positions) {
      int threads = Math.clamp(tile / 2, 32, Launcher.THREADS);
      Grid grid = Grid.of(on.blocks(lines.size() * tiles), threads);
      on.launch("sort", kernel("sortTiles"), grid, (int) lines.size(), n, tile, tiles, lines.sizes(), Launcher.in(in), lines.steps(0), step(in),
          Launcher.out(values), lines.steps(1), step(values), Launcher.out(indices), lines.steps(2), step(indices), keys, positions);
    }

    private KernelSource kernel(String entry) {
      return Sources.kernel("sort.cu", entry,
          List.of("ELEMENT=" + Types.element(in.dtype()), "RANK=" + lines.rank(), "DESCENDING=" + (descending ? 1 : 0)));
    }

    private int step(Operand o) {
      return o.layout().strides()[axis];
    }
  }
}
