package org.cotangent;

import java.util.Arrays;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/** Products of {@link Tensor} with sums, over several axes, and of every pair. */
public sealed interface TensorAlgebra permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /** beta x + alpha (a b), where x broadcasts to the product of two matrices. For a beta of 0, x is not read. */
  default Tensor addmm(Tensor a, Tensor b, double beta, double alpha) {
    return Gate.named(OpName.of("addmm"), () -> plus("addmm", a.mm(b), beta, alpha));
  }

  /** beta x + alpha (a b), where x broadcasts to the product of a matrix and a vector. */
  default Tensor addmv(Tensor a, Tensor b, double beta, double alpha) {
    return Gate.named(OpName.of("addmv"), () -> plus("addmv", a.mv(b), beta, alpha));
  }

  /** beta x + alpha (a ⊗ b), where x broadcasts to all products of two vectors. */
  default Tensor addr(Tensor a, Tensor b, double beta, double alpha) {
    if (self().dtype() == DType.BOOL && a.dtype() == DType.BOOL && b.dtype() == DType.BOOL) {
      Tensor product = alpha == 0 ? a.outer(b).logicalAnd(Tensor.scalar(false)) : a.outer(b);
      return beta == 0 ? product : product.or(self());
    }
    return Gate.named(OpName.of("addr"), () -> plus("addr", Autocast.lower(a).outer(Autocast.lower(b)), beta, alpha));
  }

  /** beta x + alpha (sum of a[i] b[i]), where x broadcasts to the sum of the products of two batches of matrices. */
  default Tensor addbmm(Tensor a, Tensor b, double beta, double alpha) {
    return Gate.named(OpName.of("addbmm"), () -> plus("addbmm", batched(a.bmm(b)), beta, alpha));
  }

  /** beta x[i] + alpha (a[i] b[i]), where x broadcasts to the products of two batches of matrices. */
  default Tensor baddbmm(Tensor a, Tensor b, double beta, double alpha) {
    return Gate.named(OpName.of("baddbmm"), () -> plus("baddbmm", a.bmm(b), beta, alpha));
  }

  private static Tensor batched(Tensor products) {
    return products.sum(0).to(products.dtype());
  }

  private Tensor plus(String op, Tensor product, double beta, double alpha) {
    Tensor x = Autocast.lower(self());
    if (!Shape.broadcast(op, x.shape(), product.shape()).equals(product.shape())) {
      throw new ShapeException(op + ": " + x.shape() + " does not broadcast to the product " + product.shape());
    }
    if (!product.dtype().floating() && (beta != Math.rint(beta) || alpha != Math.rint(alpha))) {
      throw new ArgumentException(op + ": factors " + beta + " and " + alpha + " are not integers, as " + product.dtype() + " needs");
    }
    Tensor y = times(product, alpha);
    return beta == 0 ? y : times(x, beta).add(y);
  }

  private static Tensor times(Tensor x, double c) {
    return c == 1 ? x : x.dtype().floating() ? x.mul(c) : x.mul((long) c);
  }

  /** Sum of products over the last axis of both, for all pairs of the others; a scalar multiplies. */
  default Tensor inner(Tensor y) {
    Shape a = self().shape();
    Shape b = y.shape();
    if (a.rank() == 0 || b.rank() == 0) {
      return self().mul(y);
    }
    if (a.dim(-1) != b.dim(-1)) {
      throw new ShapeException("inner: last axes differ: " + a + " and " + b);
    }
    return tensordot(y, new int[] {-1}, new int[] {-1});
  }

  /** Sum of products over the last {@code n} axes of this and the first of y. */
  default Tensor tensordot(Tensor y, int n) {
    if (n < 0 || n > self().rank() || n > y.rank()) {
      throw new ArgumentException("tensordot: " + n + " axes of " + self().shape() + " and " + y.shape());
    }
    int[] a = new int[n];
    int[] b = new int[n];
    for (int i = 0; i < n; i++) {
      a[i] = self().rank() - n + i;
      b[i] = i;
    }
    return tensordot(y, a, b);
  }

  /**
   * Sum of products over axis {@code a[i]} of this with axis {@code b[i]} of {@code other}; the other axes of this come first, then
   * those of {@code other}.
   */
  default Tensor tensordot(Tensor other, int[] a, int[] b) {
    Tensor x = Autocast.widened(self(), other);
    Tensor y = Autocast.widened(other, self());
    if (a.length != b.length) {
      throw new ArgumentException("tensordot: axes " + Arrays.toString(a) + " and " + Arrays.toString(b) + " differ in number");
    }
    if (a.length > 0) {
      Eager.axes("tensordot", x.shape(), a);
      Eager.axes("tensordot", y.shape(), b);
    }
    int[] p = Arrays.stream(a).map(i -> x.shape().axis("tensordot", i)).toArray();
    int[] q = Arrays.stream(b).map(i -> y.shape().axis("tensordot", i)).toArray();
    char[] lx = letters('A', x.rank());
    char[] ly = letters('a', y.rank());
    for (int i = 0; i < p.length; i++) {
      if (x.size(p[i]) != y.size(q[i])) {
        throw new ShapeException(
            "tensordot: axis " + a[i] + " of " + x.shape() + " and axis " + b[i] + " of " + y.shape() + " differ in size");
      }
      ly[q[i]] = lx[p[i]];
    }
    StringBuilder out = new StringBuilder();
    for (int i : x.shape().complement(p)) {
      out.append(lx[i]);
    }
    for (int i : y.shape().complement(q)) {
      out.append(ly[i]);
    }
    if (x.dtype() != y.dtype()) {
      throw new org.cotangent.errors.DTypeException(
          "tensordot: types differ: " + x.dtype() + " and " + y.dtype() + "; convert one with to(dtype)");
    }
    return Gate.named(OpName.of("tensordot", "View"), () -> Primitives.contract(new String(lx), x, new String(ly), y, out.toString()));
  }

  private static char[] letters(char from, int n) {
    char[] r = new char[n];
    for (int i = 0; i < n; i++) {
      r[i] = (char) (from + i);
    }
    return r;
  }

  /** Kronecker product: blocks of y times each element of x, axis by axis, aligned at the last one. */
  default Tensor kron(Tensor y) {
    int r = Math.max(self().rank(), y.rank());
    int[] a = new int[2 * r];
    int[] b = new int[2 * r];
    int[] out = new int[r];
    for (int i = 0; i < r; i++) {
      int lx = i - (r - self().rank());
      int ly = i - (r - y.rank());
      a[2 * i] = lx < 0 ? 1 : self().size(lx);
      b[2 * i] = 1;
      a[2 * i + 1] = 1;
      b[2 * i + 1] = ly < 0 ? 1 : y.size(ly);
      out[i] = a[2 * i] * b[2 * i + 1];
    }
    return Gate.named(OpName.of("kron", "UnsafeView"), () -> self().reshape(a).mul(y.reshape(b)).reshape(out));
  }

  /** Vector product along the first axis of size 3. */
  default Tensor cross(Tensor y) {
    int[] d = self().shape().dims();
    for (int i = 0; i < d.length; i++) {
      if (d[i] == 3) {
        return cross(y, i);
      }
    }
    throw new ShapeException("cross: no axis of " + self().shape() + " has size 3");
  }

  /** Vector product along an axis of size 3; the tensors broadcast. */
  default Tensor cross(Tensor y, int axis) {
    Shape s = Shape.broadcast("cross", self().shape(), y.shape());
    int a = s.axis("cross", axis);
    if (self().rank() != y.rank() || s.rank() == 0 || self().size(a) != 3 || y.size(a) != 3) {
      throw new ShapeException("cross: axis " + axis + " of " + self().shape() + " and " + y.shape() + " is not of size 3 in both");
    }
    return Gate.named(OpName.of("cross", "LinalgCross"), () -> {
      int[] ax = {a};
      Tensor x1 = self().roll(new int[] {-1}, ax);
      Tensor x2 = self().roll(new int[] {-2}, ax);
      return x1.mul(y.roll(new int[] {-2}, ax)).sub(x2.mul(y.roll(new int[] {-1}, ax)));
    });
  }

  /** Sum of products of two vectors; for real numbers the same as {@link TensorProducts#dot}. */
  default Tensor vdot(Tensor y) {
    return self().dot(y);
  }
}
