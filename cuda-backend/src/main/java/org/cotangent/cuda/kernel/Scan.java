package org.cotangent.cuda.kernel;

import java.util.List;
import org.cotangent.cuda.driver.Grid;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;
import org.cotangent.spi.Reduction;

/** Inclusive scans along an axis: running sums, products and extremes, floating sums and products in double. */
public final class Scan {
  /** Lines side by side from which on each is one thread's. */
  private static final int MANY = 1024;
  /** Longer lines are scanned by whole blocks nevertheless. */
  private static final int SHORT = 256;
  private static final int ITEMS = 4;

  private Scan() {}

  /** Scans {@code axis}, from its end if {@code reverse}. */
  public static void run(Launcher on, Reduction kind, Operand in, int axis, boolean reverse, Operand out) {
    if (Space.empty(out.layout())) {
      return;
    }
    Layout a = reverse ? in.layout().flip(axis) : in.layout();
    Layout b = reverse ? out.layout().flip(axis) : out.layout();
    Space lines = Space.of(Space.without(a, axis), Space.without(b, axis));
    lines = lines.padded(Space.bucket(lines.rank(), 4));
    int n = a.dims()[axis];
    boolean across = lines.step(0) == 1 && lines.inner() >= Launcher.THREADS / 8 && (n <= SHORT || lines.size() >= MANY);
    var kernel = Sources.kernel("scan.cu", across ? "scanAcross" : "scanAlong", List.of("ELEMENT=" + Types.element(in.dtype()),
        "ACCUMULATOR=" + Types.value(Types.accumulator(kind, in.dtype())), "REDUCTION=" + kind, "RANK=" + lines.rank()));
    int threads = Math.min(Launcher.THREADS, (n + 32 * ITEMS - 1) / (32 * ITEMS) * 32);
    Grid grid = across ? on.threads(lines.size()) : Grid.of(on.blocks(lines.size()), threads);
    on.launch("scan", kernel, grid, (int) lines.size(), n, lines.sizes(), Launcher.in(in.with(a)), lines.steps(0), a.strides()[axis],
        Launcher.out(out.with(b)), lines.steps(1), b.strides()[axis]);
  }
}
