package org.cotangent;

import java.util.Arrays;
import java.util.List;
import org.cotangent.errors.ArgumentException;

/**
 * How {@code vmap} maps.
 *
 * @param in for each argument the axis that counts examples, or {@link Autograd#NONE}; empty means axis 0 of all
 * @param out the axis that counts examples, for all results or for each part of a list or an array of them; empty means axis 0
 * @param chunk the most examples at once; 0 means all
 * @param randomness what random draws give
 */
public record VmapOptions(List<Integer> in, List<Integer> out, int chunk, Randomness randomness) {
  /** Axis 0 of everything, all examples at once. */
  public static final VmapOptions DEFAULT = new VmapOptions(List.of(), List.of(), 0, Randomness.ERROR);

  /** These options with another axis of all results, or one for each part of a list or an array of them. */
  public VmapOptions out(int... axes) {
    return new VmapOptions(in, Arrays.stream(axes).boxed().toList(), chunk, randomness);
  }

  /**
   * These options with at most {@code n} examples at once, which bounds memory.
   *
   * @throws ArgumentException if n is not positive
   */
  public VmapOptions chunk(int n) {
    if (n < 1) {
      throw new ArgumentException("vmap: chunks of " + n + " examples");
    }
    return new VmapOptions(in, out, n, randomness);
  }

  /** These options with another meaning of random draws. */
  public VmapOptions randomness(Randomness r) {
    return new VmapOptions(in, out, chunk, r);
  }
}
