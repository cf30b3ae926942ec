package org.cotangent.cuda.kernel;

import java.util.Arrays;
import java.util.List;
import org.cotangent.DType;
import org.cotangent.cuda.driver.Grid;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Program;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;

/** Copies between layouts, and constants. */
public final class Copies {
  /** Sides from which on a transposed matrix is copied by tiles. */
  private static final int TILED = 16;

  private Copies() {}

  /** Copies every element of {@code from} to its place in {@code to}. */
  public static void run(Launcher on, Operand from, Operand to) {
    if (Space.empty(to.layout())) {
      return;
    }
    if (from.dtype().bytes() != to.dtype().bytes()) {
      throw new IllegalArgumentException("copy: " + from.dtype() + " elements do not fit a buffer of " + to.dtype());
    }
    Space space = Space.of(from, to);
    long n = space.size();
    if (space.rank() == 1 && (n == 1 || space.step(0) == 1 && space.step(1) == 1)) {
      on.device().copy(Launcher.buffer(from.buffer()), from.layout().offset(), Launcher.buffer(to.buffer()), to.layout().offset(), n);
    } else if (!transposed(on, from, to, space)) {
      DType t = Types.mover(from.dtype());
      Pointwise.copy(on, Program.of(List.of(Expr.arg(0)), List.of(t)), from, to);
    }
  }

  /** Sets every element to a number. */
  static void fill(Launcher on, Operand to, double v) {
    Pointwise.run(on, Program.of(List.of(Expr.cast(to.dtype(), Expr.constant(v))), List.of()), new Operand[0], new Operand[] {to});
  }

  /** Copies by tiles if an axis other than the last lies side by side in {@code from}, and the last does in {@code to}. */
  private static boolean transposed(Launcher on, Operand from, Operand to, Space s) {
    int last = s.rank() - 1;
    int axis = last - 1;
    while (axis >= 0 && s.strides()[0][axis] != 1) {
      axis--;
    }
    if (axis < 0 || s.step(1) != 1 || s.dims()[axis] < TILED || s.dims()[last] < TILED) {
      return false;
    }
    int[] others = {axis, last};
    Space batch = Space.of(Space.select(new Layout(s.dims(), s.strides()[0], 0), others, false),
        Space.select(new Layout(s.dims(), s.strides()[1], 0), others, false));
    batch = batch.padded(Space.bucket(batch.rank(), 2));
    int rows = s.dims()[axis];
    int columns = s.dims()[last];
    long tiles = batch.size() * ((rows + 31) / 32) * ((columns + 31) / 32);
    var kernel = Sources.kernel("transpose.cu", "transpose", List.of("ELEMENT=" + Types.bits(from.dtype()), "RANK=" + batch.rank()));
    on.launch("copy", kernel, Grid.of(on.blocks(tiles), Launcher.THREADS), (int) batch.size(), rows, columns, batch.sizes(),
        Launcher.in(from), batch.steps(0), s.step(0), Launcher.out(to), batch.steps(1), s.strides()[1][axis]);
    return true;
  }

  /** Strides of a number that counts along one axis: the coordinate there is the place that they lead to. */
  static int[] coordinate(int rank, int axis) {
    int[] s = new int[rank];
    Arrays.fill(s, 0);
    s[axis] = 1;
    return s;
  }
}
