package org.cotangent.cpu.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.cotangent.cpu.Pool;
import org.cotangent.testkit.Seeds;
import org.junit.jupiter.api.Test;

/** The cut of products into calls: complete, and never a call that runs long. Nothing is multiplied here, so sizes may be huge. */
class GridTest {
  private static final long SEED = Seeds.of("GridTest");

  /** One call of the kernel. */
  private record Call(int m, int n, int k, int ao, int bo, int co, boolean first) {}

  @Test
  void noCallIsLong() {
    assumeTrue(OpenBlas.load().unavailable().isEmpty(), "needs OpenBLAS");
    var gemm = new OpenBlasGemm(new Pool(1));
    var random = new Random(SEED);
    for (int i = 0; i < 20_000; i++) {
      int m = size(random);
      int n = size(random);
      int k = size(random);
      int bytes = random.nextBoolean() ? Float.BYTES : Double.BYTES;
      Grid grid = gemm.grid(random.nextBoolean(), random.nextBoolean(), m, n, k, 1, bytes);
      long depth = Math.min(grid.depth(), k);
      long rows = Math.min(grid.rows(), m);
      long cols = Math.min(grid.cols(), n);
      String product = "seed " + SEED + ": [" + m + ", " + n + ", " + k + "] " + grid;
      assertThat(rows * cols * depth * bytes).as(product).isLessThanOrEqualTo(Float.BYTES << 27);
      assertThat((rows + cols) * depth + rows * cols).as(product).isLessThanOrEqualTo(1 << 23);
      assertThat(Math.min(Math.min(grid.rows(), grid.cols()), Math.min(grid.depth(), grid.slices()))).as(product).isPositive();
    }
  }

  private static int size(Random random) {
    return 1 + random.nextInt(1 << (1 + random.nextInt(22)));
  }

  @Test
  void everyElementIsSummedOverAllOfKInOrder() {
    var random = new Random(SEED);
    try (var pool = new Pool(3)) {
      for (int i = 0; i < 300; i++) {
        int m = 1 + random.nextInt(50);
        int n = 1 + random.nextInt(50);
        int k = 1 + random.nextInt(50);
        int batch = 1 + random.nextInt(4);
        var grid = new Grid(1 + random.nextInt(m), 1 + random.nextInt(n), 1 + random.nextInt(k), 1);
        var a = new Side(false, 0, k, (long) m * k);
        var b = new Side(true, 0, k, (long) n * k);
        var c = new Side(false, 0, n, (long) m * n);
        List<Call> calls = Collections.synchronizedList(new ArrayList<>());
        grid.run(pool, m, n, k, batch, a, b, c, (x, y, z, ao, bo, co, first) -> calls.add(new Call(x, y, z, ao, bo, co, first)));
        assertComplete(calls, m, n, k, batch);
      }
    }
  }

  private static void assertComplete(List<Call> calls, int m, int n, int k, int batch) {
    var reached = new HashMap<Integer, Integer>();
    for (Call call : calls) {
      int from = reached.getOrDefault(call.co, 0);
      assertThat(call.first).isEqualTo(from == 0);
      assertThat(call.ao % k).isEqualTo(from);
      assertThat(call.bo % k).isEqualTo(from);
      assertThat(call.ao / k).isEqualTo(call.co / n);
      for (int i = 0; i < call.m; i++) for (int j = 0; j < call.n; j++) reached.merge(call.co + i * n + j, call.k, Integer::sum);
    }
    assertThat(reached).hasSize(m * n * batch).allSatisfy((at, depth) -> assertThat(depth).isEqualTo(k));
  }

  @Test
  void slicesOfKCoverIt() {
    try (var pool = new Pool(2)) {
      var grid = new Grid(4, 4, 100, 7);
      List<Call> calls = Collections.synchronizedList(new ArrayList<>());
      grid.runSlices(pool, 6, 4, 12_345, new Side(false, 0, 12_345, 0), new Side(true, 0, 12_345, 0),
          (x, y, z, ao, bo, co, first) -> calls.add(new Call(x, y, z, ao, bo, co, first)));
      assertThat(calls.stream().filter(c -> c.co / 4 % 6 == 0).mapToInt(Call::k).sum()).isEqualTo(12_345);
      assertThat(calls.stream().filter(Call::first).map(Call::co)).doesNotHaveDuplicates().hasSize(14);
    }
  }

  @Test
  void stepsAreEven() {
    assertThat(Grid.even(1000, 512, 16)).isEqualTo(512);
    assertThat(Grid.even(1100, 512, 16)).isEqualTo(368);
    assertThat(Grid.even(5, 512, 16)).isEqualTo(5);
    assertThat(Grid.even(Integer.MAX_VALUE, 320, 4)).isBetween(300, 320);
  }
}
