package org.cotangent.lower;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.cotangent.expr.Expr;

/**
 * Expressions with the expressions of their inputs put in. A program repeats its joints from step to step, so the results are kept:
 * finding one again costs a look-up instead of a substitution.
 *
 * @param f the expressions, over the leaves of the kernel
 * @param small whether they are within what a kernel takes
 */
record Joined(List<Expr> f, boolean small) {
  private static final int MAX_DEPTH = 48;
  private static final int MAX_PARTS = 96;
  private static final int KEPT = 8192;
  private static final Map<Key, Joined> KNOWN = new ConcurrentHashMap<>();

  /** Input i is {@code in[i]}, whose {@code counts[i]} arguments are the leaves with the numbers in {@code leaves}, input after input. */
  private record Key(List<Expr> f, Expr[] in, int[] counts, int[] leaves) {
    @Override
    public boolean equals(Object o) {
      return o instanceof Key k && f.equals(k.f) && Arrays.equals(in, k.in) && Arrays.equals(counts, k.counts) && Arrays.equals(leaves, k.leaves);
    }

    @Override
    public int hashCode() {
      return (f.hashCode() * 31 + Arrays.hashCode(in)) * 31 + Arrays.hashCode(leaves);
    }
  }

  /** {@code counts[i]} is the number of arguments of input i. */
  static Joined of(List<Expr> f, Expr[] in, int[] counts, int[] leaves) {
    Key key = new Key(f, in, counts, leaves);
    Joined j = KNOWN.get(key);
    if (j == null) {
      j = join(f, in, counts, leaves);
      if (KNOWN.size() >= KEPT) {
        KNOWN.clear();
      }
      KNOWN.put(key, j);
    }
    return j;
  }

  /** The expressions with argument i replaced by argument {@code leaves[i]}. */
  static List<Expr> renamed(List<Expr> f, int[] leaves) {
    Expr[] in = new Expr[leaves.length];
    int[] counts = new int[leaves.length];
    Arrays.fill(in, Expr.arg(0));
    Arrays.fill(counts, 1);
    return of(f, in, counts, leaves).f;
  }

  private static Joined join(List<Expr> f, Expr[] in, int[] counts, int[] leaves) {
    Map<Expr, Expr> by = new HashMap<>();
    int at = 0;
    for (int i = 0; i < in.length; i++) {
      Map<Expr, Expr> rename = new HashMap<>();
      for (int k = 0; k < counts[i]; k++) {
        rename.put(Expr.arg(k), Expr.arg(leaves[at++]));
      }
      by.put(Expr.arg(i), in[i].replace(rename));
    }
    List<Expr> r = new ArrayList<>(f.size());
    int depth = 0;
    for (Expr e : f) {
      Expr joined = e.replace(by);
      r.add(joined);
      depth = Math.max(depth, joined.depth());
    }
    return new Joined(List.copyOf(r), depth <= MAX_DEPTH && Expr.parts(r).size() <= MAX_PARTS);
  }
}
