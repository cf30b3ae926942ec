package org.cotangent.primitive;

/** Arithmetic on lists of axis numbers and sizes. */
public final class Axes {
  private Axes() {}

  /** 0, 1, ..., n - 1. */
  public static int[] range(int n) {
    int[] r = new int[n];
    for (int i = 0; i < n; i++) {
      r[i] = i;
    }
    return r;
  }

  /** Each number one larger, with {@code first} in front. */
  public static int[] shift(int first, int[] a) {
    int[] r = new int[a.length + 1];
    r[0] = first;
    for (int i = 0; i < a.length; i++) {
      r[i + 1] = a[i] + 1;
    }
    return r;
  }

  /** Each number one larger. */
  public static int[] plus1(int[] a) {
    int[] r = a.clone();
    for (int i = 0; i < r.length; i++) {
      r[i]++;
    }
    return r;
  }

  /** {@code a} with {@code first} in front. */
  public static int[] prepend(int first, int[] a) {
    int[] r = new int[a.length + 1];
    r[0] = first;
    System.arraycopy(a, 0, r, 1, a.length);
    return r;
  }

  /** {@code a} followed by {@code b}. */
  public static int[] concat(int[] a, int[] b) {
    int[] r = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, r, a.length, b.length);
    return r;
  }

  /** The permutation that undoes {@code perm}. */
  public static int[] inverse(int[] perm) {
    int[] r = new int[perm.length];
    for (int i = 0; i < r.length; i++) {
      r[perm[i]] = i;
    }
    return r;
  }

  /** n copies of v. */
  public static int[] fill(int n, int v) {
    int[] r = new int[n];
    java.util.Arrays.fill(r, v);
    return r;
  }

  /** The permutation of n axes that moves {@code axis} to the end. */
  public static int[] toEnd(int n, int axis) {
    int[] r = new int[n];
    for (int i = 0, k = 0; i < n; i++) {
      if (i != axis) {
        r[k++] = i;
      }
    }
    r[n - 1] = axis;
    return r;
  }
}
