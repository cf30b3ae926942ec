package org.cotangent.examples.quickstart;

/**
 * The least that an MLP of float32 needs, n examples of width d0 through layers of widths d1 to dL, with a = 4 bytes a number and
 * P = Σ (d(i-1) + 1) di parameters.
 *
 * <p>Two bounds. <em>On chip</em>: what enters is read once, what leaves is written once, and nothing between is stored. <em>Library</em>:
 * matrix products are calls of a library, each of which reads two matrices and writes one, and between two of them one kernel reads what
 * the first left and writes what the second reads.
 *
 * @param kernels kernels beside products
 * @param products matrix products
 * @param onChip bytes of the first bound
 * @param library bytes of the second
 * @param between those of them that kernels move, beside products
 */
public record Least(int kernels, int products, long onChip, long library, long between) {
  private static final long FLOAT = 4;
  private static final long LABEL = 8;

  /**
   * One step of AdamW on the cross entropy.
   *
   * <p>On chip: images, labels, parameters and two moments in, parameters, moments and loss out: a (n d0 + 6 P + 1) + 8 n.
   *
   * <p>Library: 3 L - 1 products, of each layer forward, for its weights and, but for the first, for its input, all of
   * a (n d(i-1) + d(i-1) di + n di) bytes; and 2 L kernels: L - 1 activations a (2 n di + di), L - 1 derivatives with the bias's gradient
   * a (3 n di + 2 di), the loss with its derivative and its bias's gradient a (2 n dL + 2 dL + 1) + 8 n, and AdamW, which reads
   * parameters, gradients and moments and writes three of them, 7 a P.
   */
  public static Least step(long n, int... d) {
    int last = d.length - 1;
    long products = 0;
    long between = 0;
    for (int i = 1; i <= last; i++) {
      products += (i == 1 ? 2 : 3) * product(n, d[i - 1], d[i]);
      between += i < last ? 5 * n * d[i] + 3 * d[i] : 2 * n * d[i] + 2 * d[i] + 1;
    }
    long p = parameters(d);
    between = FLOAT * (between + 7 * p) + LABEL * n;
    return new Least(2 * last, 3 * last - 1, FLOAT * (n * d[0] + 6 * p + 1) + LABEL * n, FLOAT * products + between, between);
  }

  /**
   * The values and the Jacobian [dL, n, d0] of the outputs with respect to the inputs of each example.
   *
   * <p>On chip: inputs and parameters in, values and Jacobian out: a (n d0 + P + n dL + dL n d0).
   *
   * <p>Library: 2 L products, L of n rows forward and L of dL n rows backward, and 2 L - 1 kernels: L - 1 activations a (2 n di + di),
   * the last bias a (2 n dL + dL), and L - 1 times a derivative, taken once for the dL cotangents: a (n di + di + 2 dL n di).
   */
  public static Least jacobian(long n, int... d) {
    int last = d.length - 1;
    long rows = d[last] * n;
    long products = 0;
    long between = 0;
    for (int i = 1; i <= last; i++) {
      products += product(n, d[i - 1], d[i]) + product(rows, d[i], d[i - 1]);
      between += 2 * n * d[i] + d[i] + (i < last ? n * d[i] + d[i] + 2 * rows * d[i] : 0);
    }
    return new Least(2 * last - 1, 2 * last, FLOAT * (n * d[0] + parameters(d) + rows + rows * d[0]), FLOAT * (products + between), FLOAT * between);
  }

  private static long product(long m, long k, long n) {
    return m * k + k * n + m * n;
  }

  private static long parameters(int... d) {
    long p = 0;
    for (int i = 1; i < d.length; i++) {
      p += (d[i - 1] + 1L) * d[i];
    }
    return p;
  }
}
