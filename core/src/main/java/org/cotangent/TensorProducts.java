package org.cotangent;

import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.primitive.Contract;
import org.cotangent.primitive.Value;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/** Products of {@link Tensor}. */
public sealed interface TensorProducts permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /**
   * Matrix product over the last axis of this and the second-last of {@code other}.
   *
   * <p>[m, k] x [k, n] → [m, n]; a vector on the left is a row, on the right a column, and that axis disappears; leading axes
   * broadcast; leading axes of this alone stay one GEMM: [b, m, k] x [k, n] → [b, m, n]. Cotangents: thisBar = ct · otherᵀ,
   * otherBar = thisᵀ · ct.
   *
   * @throws ShapeException if k differs: "matmul: inner dimensions differ: [2, 3] x [4, 5]"
   */
  default Tensor matmul(Tensor other) {
    Shape a = self().shape();
    Shape b = other.shape();
    if (a.rank() == 0 || b.rank() == 0) {
      throw new ShapeException("matmul: needs at least one axis on each side: " + a + " x " + b + "; use mul for scalars");
    }
    if (a.dim(-1) != b.dim(b.rank() == 1 ? 0 : -2)) {
      throw new ShapeException("matmul: inner dimensions differ: " + a + " x " + b);
    }
    return multiplied("matmul", Autocast.lower(self()), Autocast.lower(other));
  }

  private static Tensor multiplied(String name, Tensor x, Tensor y) {
    if (x.dtype() != y.dtype()) {
      throw new DTypeException(name + ": types differ: " + x.dtype() + " and " + y.dtype() + "; convert one with to(dtype)");
    }
    Shape a = x.shape();
    Shape b = y.shape();
    OpName op = a.rank() == 1 && b.rank() == 1 ? Names.DOT : b.rank() == 1 || a.rank() == 1 ? Names.MV : a.rank() == 2 && b.rank() == 2 ? Names.MM : b.rank() == 2 ? Names.UNSAFE_VIEW : Names.BMM;
    return Gate.named(op, () -> product(op, x, y));
  }

  /** Letters: leading axes A, B, ... aligned at the right, then m, k and k, n. */
  private static Tensor product(OpName op, Tensor x, Tensor y) {
    int lx = Math.max(0, x.rank() - 2);
    int ly = Math.max(0, y.rank() - 2);
    int lead = Math.max(lx, ly);
    Shape batch = Shape.broadcast(op.name(), x.shape().range(0, lx), y.shape().range(0, ly));
    StringBuilder a = new StringBuilder();
    StringBuilder b = new StringBuilder();
    StringBuilder out = new StringBuilder();
    Value vx = x.value();
    Value vy = y.value();
    for (int i = 0; i < lead; i++) {
      char l = (char) ('A' + i);
      int ix = i - (lead - lx);
      int iy = i - (lead - ly);
      boolean inX = ix >= 0 && (x.shape().dim(ix) == batch.dim(i));
      boolean inY = iy >= 0 && (y.shape().dim(iy) == batch.dim(i));
      if (inX) {
        a.append(l);
      }
      if (inY) {
        b.append(l);
      }
      out.append(l);
    }
    vx = dropped(vx, a.length(), lx);
    vy = dropped(vy, b.length(), ly);
    String am = x.rank() == 1 ? "k" : "mk";
    String bn = y.rank() == 1 ? "k" : "kn";
    out.append(x.rank() == 1 ? "" : "m").append(y.rank() == 1 ? "" : "n");
    return new Tensor(Gate.one(op, new Contract(a + am, b + bn, out.toString()), vx, vy));
  }

  /** Leading axes of size 1 that stretch are removed, so that {@code kept} of {@code lead} stay. */
  private static Value dropped(Value v, int kept, int lead) {
    if (kept == lead) {
      return v;
    }
    int[] d = v.shape().dims();
    int[] r = new int[d.length - (lead - kept)];
    int k = 0;
    int toDrop = lead - kept;
    for (int i = 0; i < d.length; i++) {
      if (i < lead && d[i] == 1 && toDrop > 0) {
        toDrop--;
      } else {
        r[k++] = d[i];
      }
    }
    return Gate.OPS.reshape(v, Shape.of(r));
  }

  /** Matrix product of two matrices, [m, k] x [k, n] → [m, n]. */
  default Tensor mm(Tensor other) {
    if (self().rank() != 2 || other.rank() != 2) {
      throw new ShapeException("mm: needs two matrices: " + self().shape() + " x " + other.shape() + "; use matmul");
    }
    return matmul(other);
  }

  /** Matrix times vector, [m, k] x [k] → [m]. */
  default Tensor mv(Tensor other) {
    if (self().rank() != 2 || other.rank() != 1) {
      throw new ShapeException("mv: needs a matrix and a vector: " + self().shape() + " x " + other.shape() + "; use matmul");
    }
    return matmul(other);
  }

  /** Batches of matrix products, [b, m, k] x [b, k, n] → [b, m, n]. */
  default Tensor bmm(Tensor other) {
    if (self().rank() != 3 || other.rank() != 3 || self().shape().dim(0) != other.shape().dim(0)) {
      throw new ShapeException("bmm: needs two batches of equal size: " + self().shape() + " x " + other.shape() + "; use matmul");
    }
    return matmul(other);
  }

  /** Sum of products of two vectors, [n] x [n] → []. */
  default Tensor dot(Tensor other) {
    if (self().rank() != 1 || other.rank() != 1) {
      throw new ShapeException("dot: needs two vectors: " + self().shape() + " and " + other.shape());
    }
    if (self().size() != other.size()) {
      throw new ShapeException("dot: lengths differ: " + self().shape() + " and " + other.shape());
    }
    return multiplied("dot", Autocast.widened(self(), other), Autocast.widened(other, self()));
  }

  /** All products of two vectors, [m] x [n] → [m, n]. */
  default Tensor outer(Tensor other) {
    if (self().rank() != 1 || other.rank() != 1) {
      throw new ShapeException("outer: needs two vectors: " + self().shape() + " and " + other.shape());
    }
    return Gate.named(Names.OUTER, () -> self().unsqueeze(1).mul(other.unsqueeze(0)));
  }
}
