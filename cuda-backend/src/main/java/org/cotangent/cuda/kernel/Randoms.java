package org.cotangent.cuda.kernel;

import java.util.ArrayList;
import java.util.List;
import org.cotangent.spi.Distribution;
import org.cotangent.spi.Operand;

/** Random fills: element i, in row-major order, has number i of {@link org.cotangent.spi.Philox}'s stream, a thread a block of it. */
public final class Randoms {
  private Randoms() {}

  /** Fills {@code out} with draws of a distribution; integers are in [low, high). */
  public static void run(Launcher on, Distribution kind, long seed, long offset, long low, long high, Operand out) {
    if (Space.empty(out.layout())) {
      return;
    }
    if ((kind == Distribution.INTEGER) == out.dtype().floating()) {
      throw new IllegalArgumentException("random: " + kind + " does not draw " + out.dtype());
    }
    Space s = Space.of(out);
    s = s.padded(Space.bucket(s.rank(), 1));
    boolean narrow = out.dtype().floating() && out.dtype().bytes() == 4;
    var defines = new ArrayList<>(List.of("ELEMENT=" + Types.element(out.dtype()), "RANK=" + s.rank(), kind + "=1"));
    if (narrow) {
      defines.add("NARROW=1");
    }
    int each = narrow ? 4 : 2;
    on.launch("random", Sources.kernel("random.cu", "randomFill", defines), on.threads((s.size() + each - 1) / each), (int) s.size(), s.sizes(),
        seed, offset, low, high - low, Launcher.out(out), s.steps(0));
  }
}
