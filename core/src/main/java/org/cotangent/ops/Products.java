package org.cotangent.ops;

import java.util.function.UnaryOperator;
import org.cotangent.Tensor;
import org.cotangent.errors.ShapeException;

/** Chains and powers of matrices. */
final class Products {
  private Products() {}

  /** Refuses what is no square matrix, of numbers of any type. */
  static void square(String op, Tensor a) {
    if (a.rank() < 2 || a.size(-1) != a.size(-2)) {
      throw new ShapeException(op + ": A must be batches of square matrices: " + a.shape());
    }
  }

  /** By squaring. */
  static Tensor power(Tensor a, long n) {
    if (n == 0) {
      Tensor eye = Tensor.eye(a.size(-1)).to(a.dtype()).to(a.device());
      return a.maskedFill(Tensor.scalar(true).to(a.device()), 0).add(eye);
    }
    Tensor result = null;
    Tensor square = a;
    for (long rest = n; rest > 0; rest >>= 1) {
      if ((rest & 1) == 1) {
        result = result == null ? square : result.matmul(square);
      }
      square = rest > 1 ? square.matmul(square) : square;
    }
    return result;
  }

  /** Norm of A times norm of its inverse, infinite where that does not exist. */
  static Tensor condition(Tensor a, UnaryOperator<Tensor> norm) {
    Linalg.Checked inverse = Linalg.invEx(a);
    Tensor singular = inverse.info().ne(0);
    Tensor safe = inverse.result().maskedFill(singular.unsqueeze(-1).unsqueeze(-1), 0);
    return norm.apply(a).mul(norm.apply(safe)).maskedFill(singular, Double.POSITIVE_INFINITY);
  }

  /** 1, x, x², ... in a new last axis. */
  static Tensor powers(Tensor x, int n) {
    Tensor each = x.rank() == 0 ? x.unsqueeze(0) : x;
    Tensor column = each.unsqueeze(-1);
    int[] d = column.shape().with(column.rank() - 1, n - 1).dims();
    Tensor higher = column.expand(d).cumprod(-1);
    return Tensor.cat(-1, Tensor.onesLike(column).to(higher.dtype()), higher);
  }

  /** The product of all in the order of fewest multiplications. */
  static Tensor chain(Tensor... xs) {
    int n = xs.length;
    Tensor[] m = xs.clone();
    m[0] = xs[0].rank() == 1 ? xs[0].unsqueeze(0) : xs[0];
    m[n - 1] = xs[n - 1].rank() == 1 ? xs[n - 1].unsqueeze(1) : xs[n - 1];
    Tensor y = chain(m, order(m), 0, n - 1);
    y = xs[n - 1].rank() == 1 ? y.squeeze(1) : y;
    return xs[0].rank() == 1 ? y.squeeze(0) : y;
  }

  /** Where the product of matrices i to j is best split. */
  private static int[][] order(Tensor... m) {
    int n = m.length;
    double[][] cost = new double[n][n];
    int[][] split = new int[n][n];
    for (int length = 1; length < n; length++) {
      for (int i = 0; i + length < n; i++) {
        int j = i + length;
        cost[i][j] = Double.POSITIVE_INFINITY;
        for (int k = i; k < j; k++) {
          double c = cost[i][k] + cost[k + 1][j] + (double) m[i].size(0) * m[k].size(1) * m[j].size(1);
          if (c < cost[i][j]) {
            cost[i][j] = c;
            split[i][j] = k;
          }
        }
      }
    }
    return split;
  }

  private static Tensor chain(Tensor[] m, int[][] split, int i, int j) {
    return i == j ? m[i] : chain(m, split, i, split[i][j]).matmul(chain(m, split, split[i][j] + 1, j));
  }
}
