package org.cotangent.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which pairs of tensors an einsum contracts, and in which order. The same equation and sizes give the same order. */
final class ContractionOrder {
  /** So many tensors at most have their best order searched for; 3^n steps. */
  static final int EXHAUSTIVE = 8;

  private final List<String> terms;
  private final String out;
  private final Map<Character, Integer> sizes;

  private ContractionOrder(List<String> terms, String out, Map<Character, Integer> sizes) {
    this.terms = terms;
    this.out = out;
    this.sizes = sizes;
  }

  /**
   * Places of the two terms of each step, the smaller place first; both are removed, and their product comes last.
   *
   * @param terms the letters of each term
   * @param out the letters of the result
   */
  static List<int[]> of(List<String> terms, String out, Map<Character, Integer> sizes) {
    var order = new ContractionOrder(terms, out, sizes);
    return terms.size() == 2 ? List.of(new int[] {0, 1}) : terms.size() <= EXHAUSTIVE ? order.best() : order.greedy();
  }

  /** Multiplications that two groups of letters take: all letters of both. */
  private double cost(String a, String b) {
    double c = 1;
    String all = a + b;
    for (int i = 0; i < all.length(); i++) {
      if (all.indexOf(all.charAt(i)) == i) {
        c *= sizes.get(all.charAt(i));
      }
    }
    return c;
  }

  /** The letters that are left of a set of terms, by bits. */
  private String[] left() {
    String[] left = new String[1 << terms.size()];
    for (int set = 1; set < left.length; set++) {
      StringBuilder inside = new StringBuilder();
      StringBuilder outside = new StringBuilder(out);
      for (int i = 0; i < terms.size(); i++) {
        ((set >> i & 1) == 1 ? inside : outside).append(terms.get(i));
      }
      left[set] = Integer.bitCount(set) == 1 ? inside.toString() : kept(inside.toString(), outside.toString());
    }
    return left;
  }

  private static String kept(String letters, String needed) {
    StringBuilder s = new StringBuilder();
    for (char c : letters.toCharArray()) {
      if (needed.indexOf(c) >= 0 && s.indexOf(String.valueOf(c)) < 0) {
        s.append(c);
      }
    }
    return s.toString();
  }

  /** Every way to split each set in two, from small sets to the whole one (Pfeifer, Haegeman and Verstraete 2014). */
  private List<int[]> best() {
    String[] left = left();
    double[] cost = new double[left.length];
    int[] split = new int[left.length];
    for (int set = 1; set < left.length; set++) {
      if (Integer.bitCount(set) > 1) {
        cost[set] = Double.POSITIVE_INFINITY;
        for (int part = (set - 1) & set; part > set - part; part = (part - 1) & set) {
          double c = cost[part] + cost[set - part] + cost(left[part], left[set - part]);
          if (c < cost[set]) {
            cost[set] = c;
            split[set] = part;
          }
        }
      }
    }
    var held = new ArrayList<Integer>();
    for (int i = 0; i < terms.size(); i++) {
      held.add(1 << i);
    }
    var steps = new ArrayList<int[]>();
    steps(left.length - 1, split, held, steps);
    return steps;
  }

  private static void steps(int set, int[] split, List<Integer> held, List<int[]> steps) {
    if (Integer.bitCount(set) > 1) {
      steps(set - split[set], split, held, steps);
      steps(split[set], split, held, steps);
      join(held.indexOf(split[set]), held.indexOf(set - split[set]), set, held, steps);
    }
  }

  private static <T> void join(int i, int j, T joined, List<T> held, List<int[]> steps) {
    steps.add(new int[] {Math.min(i, j), Math.max(i, j)});
    held.remove(Math.max(i, j));
    held.remove(Math.min(i, j));
    held.add(joined);
  }

  /** The cheapest pair, again and again. */
  private List<int[]> greedy() {
    var held = new ArrayList<String>(terms);
    var steps = new ArrayList<int[]>();
    while (held.size() > 1) {
      int a = 0;
      int b = 1;
      for (int i = 0; i < held.size(); i++) {
        for (int j = i + 1; j < held.size(); j++) {
          if (cost(held.get(i), held.get(j)) < cost(held.get(a), held.get(b))) {
            a = i;
            b = j;
          }
        }
      }
      StringBuilder needed = new StringBuilder(out);
      for (int i = 0; i < held.size(); i++) {
        needed.append(i == a || i == b ? "" : held.get(i));
      }
      join(a, b, kept(held.get(a) + held.get(b), needed.toString()), held, steps);
    }
    return steps;
  }
}
