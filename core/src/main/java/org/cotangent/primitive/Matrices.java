package org.cotangent.primitive;

import org.cotangent.DType;
import org.cotangent.Shape;
import org.cotangent.Spec;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.spi.Reduction;

/** What the rules of factorisations are made of; matrices are the last two axes, equal leading axes count examples. */
final class Matrices {
  private static final Expr X = Expr.arg(0);
  private static final Expr ROW = Expr.arg(1);
  private static final Expr COLUMN = Expr.arg(2);
  /** Whether an element stands on the diagonal, for {@link #indexed}. */
  static final Expr DIAGONAL = Expr.call(Fn.EQ, ROW, COLUMN);

  private Matrices() {}

  /** [..., m, n] → [..., n, m]. */
  static Value transpose(Ops o, Value x) {
    int[] p = Axes.range(x.rank());
    p[p.length - 1] = p.length - 2;
    p[p.length - 2] = p.length - 1;
    return o.permute(x, p);
  }

  /** [..., m, k] x [..., k, n] → [..., m, n]. */
  static Value product(Ops o, Value x, Value y) {
    StringBuilder lead = new StringBuilder();
    for (int i = 0; i < x.rank() - 2; i++) {
      lead.append((char) ('A' + i));
    }
    return o.one(new Contract(lead + "mk", lead + "kn", lead + "mn"), x, y);
  }

  /** x - y. */
  static Value sub(Ops o, Value x, Value y) {
    return o.pointwise(Expr.call(Fn.SUB, X, Expr.arg(1)), x, y);
  }

  /** c x. */
  static Value times(Ops o, double c, Value x) {
    return o.pointwise(Expr.call(Fn.MUL, Expr.constant(c), X), x);
  }

  /** (x + xᵀ) / 2. */
  static Value symmetric(Ops o, Value x) {
    return times(o, 0.5, o.add(x, transpose(o, x)));
  }

  /** An expression of each element (argument 0), its row (1) and its column (2). */
  static Value indexed(Ops o, Expr e, Value x) {
    int r = x.rank();
    return o.pointwise(e, x, numbers(o, x, r - 2), numbers(o, x, r - 1));
  }

  /** 1, 2, ... along one axis. */
  private static Value numbers(Ops o, Value x, int axis) {
    Value ones = o.full(new Spec(Shape.of(x.shape().dim(axis)), x.dtype()), 1, x);
    return o.broadcast(o.one(new Scan(Reduction.SUM, 0, false), ones), x.shape(), axis);
  }

  /** [..., n] as the diagonal of [..., n, n]. */
  static Value onDiagonal(Ops o, Value v) {
    return indexed(o, Expr.where(DIAGONAL, X, Expr.ZERO), alongRows(o, v, v.shape().dim(v.rank() - 1)));
  }

  /** x / y, and 0 on the diagonal whatever y is there. */
  static Value overOffDiagonal(Ops o, Value x, Value y) {
    Value safe = indexed(o, Expr.where(DIAGONAL, Expr.ONE, X), y);
    return indexed(o, Expr.where(DIAGONAL, Expr.ZERO, X), o.div(x, safe));
  }

  /** The lower triangle with its diagonal times {@code diagonal}. */
  static Value lower(Ops o, Value x, double diagonal) {
    return triangle(o, Expr.call(Fn.GT, ROW, COLUMN), x, diagonal);
  }

  /** The upper triangle with its diagonal times {@code diagonal}. */
  static Value upper(Ops o, Value x, double diagonal) {
    return triangle(o, Expr.call(Fn.GT, COLUMN, ROW), x, diagonal);
  }

  private static Value triangle(Ops o, Expr inside, Value x, double diagonal) {
    Expr rest = Expr.ZERO;
    if (diagonal != 0) {
      Expr d = diagonal == 1 ? X : Expr.call(Fn.MUL, Expr.constant(diagonal), X);
      rest = Expr.where(DIAGONAL, d, Expr.ZERO);
    }
    return indexed(o, Expr.where(inside, X, rest), x);
  }

  /** The lower triangle with ones on the diagonal. */
  static Value unitLower(Ops o, Value x) {
    Expr diagonal = Expr.where(DIAGONAL, Expr.ONE, Expr.ZERO);
    return indexed(o, Expr.where(Expr.call(Fn.GT, ROW, COLUMN), X, diagonal), x);
  }

  /** [..., n] as the columns' factor of [..., m, n]: repeated along a new axis before the last. */
  static Value alongRows(Ops o, Value v, int rows) {
    int r = v.rank();
    return o.broadcast(v, v.shape().range(0, r - 1).append(rows, v.shape().dim(r - 1)), without(r + 1, r - 1));
  }

  /** [..., m] as the rows' factor of [..., m, n]: repeated along a new last axis. */
  static Value alongColumns(Ops o, Value v, int columns) {
    int r = v.rank();
    return o.broadcast(v, v.shape().append(columns), Axes.range(r));
  }

  private static int[] without(int rank, int axis) {
    int[] r = new int[rank - 1];
    for (int i = 0, k = 0; i < rank; i++) {
      if (i != axis) {
        r[k++] = i;
      }
    }
    return r;
  }

  /** x [n, ..., m, k] as [..., m, n k], for a function of columns that all n share. */
  static Value columns(Ops o, Value x) {
    int r = x.rank();
    int[] to = new int[r];
    for (int i = 0; i < r; i++) {
      to[i] = i < r - 2 ? i + 1 : i == r - 2 ? 0 : r - 1;
    }
    Value p = o.permute(x, to);
    Shape s = p.shape();
    return o.reshape(p, s.range(0, r - 2).append(s.dim(r - 2) * s.dim(r - 1)));
  }

  /** The inverse of {@link #columns}. */
  static Value examples(Ops o, Value y, int n) {
    int r = y.rank() + 1;
    int k = n == 0 ? 0 : y.shape().dim(r - 2) / n;
    Value p = o.reshape(y, y.shape().range(0, r - 2).append(n, k));
    int[] to = new int[r];
    for (int i = 0; i < r; i++) {
      to[i] = i == 0 ? r - 2 : i < r - 1 ? i - 1 : r - 1;
    }
    return o.permute(p, to);
  }

  /** Refuses what is no floating matrix. */
  static void requireMatrix(String op, Spec x) {
    if (x.rank() < 2) {
      throw new ShapeException(op + ": the input tensor A must have at least 2 dimensions: " + x.shape());
    }
    DType t = x.dtype();
    if (!t.floating()) {
      throw new DTypeException(op + ": expected a floating point tensor, not " + t + "; convert with to(DType.FLOAT64)");
    }
    if (t.half()) {
      throw new DTypeException(op + ": factorisations need float32 or float64, not " + t + "; convert with to(DType.FLOAT32)");
    }
  }

  /** Refuses what is no square floating matrix. */
  static void requireSquare(String op, Spec x) {
    requireMatrix(op, x);
    int r = x.rank();
    if (x.shape().dim(r - 1) != x.shape().dim(r - 2)) {
      throw new ShapeException(op + ": A must be batches of square matrices, but they are " + x.shape().dim(r - 2) + " by " + x.shape()
          .dim(r - 1)
          + " matrices: " + x.shape());
    }
  }

  /** Refuses right-hand sides that do not fit a square matrix. */
  static void requireSides(String op, Spec a, Spec b) {
    int r = a.rank();
    if (b.rank() != r || !b.shape().range(0, r - 1).equals(a.shape().range(0, r - 1))) {
      throw new ShapeException(op + ": incompatible shapes of A and B: " + a.shape() + " and " + b.shape());
    }
    if (a.dtype() != b.dtype()) {
      throw new DTypeException(op + ": expected A and B to have the same dtype: " + a.dtype() + " and " + b.dtype());
    }
  }
}
