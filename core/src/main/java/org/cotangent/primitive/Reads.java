package org.cotangent.primitive;

import java.util.Arrays;

/** Which inputs and outputs a backward rule reads; only those are saved. */
public record Reads(boolean[] in, boolean[] out) {
  /** Nothing of {@code n} inputs and {@code m} outputs. */
  public static Reads none(int n, int m) {
    return new Reads(new boolean[n], new boolean[m]);
  }

  /** Everything. */
  public static Reads all(int n, int m) {
    Reads r = none(n, m);
    Arrays.fill(r.in, true);
    Arrays.fill(r.out, true);
    return r;
  }

  /** With input {@code i}. */
  public Reads withIn(int i) {
    in[i] = true;
    return this;
  }

  /** With output {@code j}. */
  public Reads withOut(int j) {
    out[j] = true;
    return this;
  }
}
