package org.cotangent.examples.laws;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.cotangent.Tensor;

/**
 * A small tensor function drawn from a seed. What it does depends on the seed and on shapes, never on numbers, so that it is the same
 * function of a tensor, of one example inside vmap and of a value with a tangent.
 *
 * @param seed decides everything
 * @param smooth whether functions with kinks are left out, so that central differences are right everywhere
 */
public record RandomProgram(long seed, boolean smooth) {
  private static final int MOST_OUTPUTS = 4;
  private static final int MOST_STEPS = 7;

  /** An argument of the program. */
  public Tensor input() {
    return input(0);
  }

  /** Argument number {@code i}, of the same shape and with other numbers. */
  public Tensor input(int i) {
    var r = new Random(seed);
    int rank = r.nextInt(8) == 0 ? 0 : 1 + r.nextInt(2);
    int[] shape = new int[rank];
    for (int a = 0; a < rank; a++) {
      shape[a] = 1 + r.nextInt(rank == 1 ? 4 : 3);
    }
    return Draw.constant(new Random(seed * 31 + i + 1), shape);
  }

  /** The function: float64 of the input's shape to at most four numbers. */
  public Tensor apply(Tensor x) {
    return run(x, new ArrayList<>());
  }

  /** The steps, one a line. */
  public String text() {
    var lines = new ArrayList<String>();
    Tensor x = input();
    lines.add("v0 " + x.shape());
    try {
      run(x, lines);
    } catch (RuntimeException e) {
      lines.add("then " + e);
    }
    return String.join("\n", lines);
  }

  private Tensor run(Tensor x, List<String> lines) {
    var d = new Draw(new Random(seed ^ 0x5DEECE66DL), smooth, x);
    int steps = 2 + d.below(MOST_STEPS - 1);
    for (int s = 0; s < steps; s++) {
      lines.add(d.step());
    }
    Tensor y = d.last();
    if (y.size() > MOST_OUTPUTS) {
      int n = Math.toIntExact(y.size());
      lines.add("result: v" + steps + " as a vector times a matrix");
      return y.reshape(n).matmul(d.constant(n, 1 + d.below(MOST_OUTPUTS)));
    }
    return y;
  }
}
