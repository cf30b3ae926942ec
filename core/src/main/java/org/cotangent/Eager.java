package org.cotangent;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.cotangent.errors.DTypeException;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.lower.Stored;
import org.cotangent.primitive.Axes;
import org.cotangent.primitive.Broadcast;
import org.cotangent.primitive.Pointwise;
import org.cotangent.primitive.Primitive;
import org.cotangent.primitive.Value;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;
import org.cotangent.transform.Precision;

/** What the methods of {@link Tensor} share: promotion, broadcasting, and the step from handles to values. */
final class Eager {
  private static final Expr X = Expr.arg(0);
  private static final Expr Y = Expr.arg(1);
  private static final int[] NO_AXES = {};
  private static final double EXACT = 0x1p53;
  private static final int MOST_AXES = 64;
  private static final Map<Fn, Pointwise> UNARY = new EnumMap<>(Fn.class);
  private static final Map<Fn, Pointwise> BINARY = new EnumMap<>(Fn.class);

  static {
    for (Fn f : Fn.values()) {
      if (f.arity() == 1 && f != Fn.CAST && !f.row()) {
        UNARY.put(f, Pointwise.of(Expr.call(f, X)));
      } else if (f.arity() == 2) {
        BINARY.put(f, Pointwise.of(Expr.call(f, X, Y)));
      }
    }
  }

  private Eager() {}

  static Tensor apply(OpName op, Primitive p, Tensor... in) {
    return new Tensor(Gate.one(op, p, values(in)));
  }

  static Value[] values(Tensor... in) {
    Value[] v = new Value[in.length];
    for (int i = 0; i < v.length; i++) {
      v[i] = in[i].value();
    }
    return v;
  }

  static Tensor[] tensors(Value... v) {
    Tensor[] t = new Tensor[v.length];
    for (int i = 0; i < t.length; i++) {
      t[i] = new Tensor(v[i]);
    }
    return t;
  }

  /** A function of one tensor, computed in its type. */
  static Tensor unary(OpName op, Fn f, Tensor x) {
    return apply(op, UNARY.get(f), x);
  }

  /** A function of one tensor, integers becoming float32 first. */
  static Tensor floating(OpName op, Fn f, Tensor x) {
    return x.dtype().floating() ? unary(op, f, x) : floating(op, Expr.call(f, X), x);
  }

  /** An expression of one tensor, integers becoming float32 first. */
  static Tensor floating(OpName op, Expr e, Tensor x) {
    Expr arg = x.dtype().floating() ? X : Expr.cast(DType.FLOAT32, X);
    return apply(op, Pointwise.of(arg == X ? e : e.replace(Map.of(X, arg))), x);
  }

  /** An expression of one tensor in its own type. */
  static Tensor expression(OpName op, Expr e, Tensor x) {
    return apply(op, Pointwise.of(e), x);
  }

  /** The type of a combination: tensors with axes decide unless a scalar's category is higher, as in PyTorch. */
  static DType resultType(Tensor... xs) {
    DType[] dims = {null, null};
    for (Tensor x : xs) {
      int k = x.rank() > 0 ? 0 : 1;
      dims[k] = dims[k] == null ? x.dtype() : DType.promote(dims[k], x.dtype());
    }
    DType a = dims[0];
    DType b = dims[1];
    return a == null ? b : b == null || b.category() <= a.category() ? a : DType.promote(a, b);
  }

  /** As {@link Primitives#single}. */
  static Tensor single(OpName op, Tensor x, UnaryOperator<Tensor> f) {
    return Gate.named(op, () -> {
      if (!x.dtype().half()) {
        return f.apply(x);
      }
      Tensor y = f.apply(x.to(DType.FLOAT32));
      return Precision.single(Gate.nameOr(op.name())) ? y : y.to(x.dtype());
    });
  }

  static Shape broadcastShape(String op, Tensor... xs) {
    Shape s = xs[0].shape();
    for (int i = 1; i < xs.length; i++) {
      s = Shape.broadcast(op, s, xs[i].shape());
    }
    return s;
  }

  /** {@code v} repeated to {@code shape}, to which it broadcasts. */
  static Value expand(OpName op, Value v, Shape shape) {
    if (v.shape().equals(shape)) {
      return v;
    }
    if (v.rank() == 0) {
      return Gate.one(op, new Broadcast(shape, NO_AXES), v);
    }
    int lead = shape.rank() - v.rank();
    int[] from = v.shape().dims();
    int[] axes = new int[from.length];
    int[] sizes = new int[from.length];
    int n = 0;
    for (int i = 0; i < from.length; i++) {
      if (from[i] == shape.dim(i + lead)) {
        axes[n] = i + lead;
        sizes[n++] = from[i];
      }
    }
    Value x = v;
    if (n < from.length) {
      axes = Arrays.copyOf(axes, n);
      x = Gate.OPS.reshape(v, Shape.of(Arrays.copyOf(sizes, n)));
    }
    return x.shape().equals(shape) ? x : Gate.one(op, new Broadcast(shape, axes), x);
  }

  /** A function of two tensors that broadcast, in their common type. */
  static Tensor binary(OpName op, Fn f, Tensor x, Tensor y) {
    return x.dtype() == y.dtype() ? same(op, f, x, y) : pointwise(op, Expr.call(f, X, Y), resultType(x, y), x, y);
  }

  /** A function of two tensors of one type that broadcast. */
  private static Tensor same(OpName op, Fn f, Tensor x, Tensor y) {
    Value a = x.value();
    Value b = y.value();
    if (!a.shape().equals(b.shape())) {
      Shape shape = Shape.broadcast(op.name(), a.shape(), b.shape());
      a = expand(op, a, shape);
      b = expand(op, b, shape);
    }
    return new Tensor(Gate.one(op, BINARY.get(f), a, b));
  }

  /** As {@link #binary}, integers becoming float32 first. */
  static Tensor floatingBinary(OpName op, Fn f, Tensor x, Tensor y) {
    return x.dtype() == y.dtype() && x.dtype().floating()
        ? same(op, f, x, y)
        : pointwise(op, Expr.call(f, X, Y), resultType(x, y).orFloat(), x, y);
  }

  /** An expression of tensors that broadcast, each converted to {@code t} first. */
  static Tensor pointwise(OpName op, Expr e, DType t, Tensor... xs) {
    Shape shape = broadcastShape(op.name(), xs);
    Expr typed = cast(e, t, xs);
    Value[] v = new Value[xs.length];
    for (int i = 0; i < v.length; i++) {
      v[i] = expand(op, xs[i].value(), shape);
    }
    return new Tensor(Gate.one(op, Pointwise.of(typed), v));
  }

  private static Expr cast(Expr e, DType t, Tensor[] xs) {
    Map<Expr, Expr> by = new java.util.HashMap<>();
    for (int i = 0; i < xs.length; i++) {
      if (xs[i].dtype() != t) {
        by.put(Expr.arg(i), Expr.cast(t, Expr.arg(i)));
      }
    }
    return e.replace(by);
  }

  /** f(x, c), or f(c, x) if {@code reversed}; a floating number makes integers float32. */
  static Tensor scalar(OpName op, Fn f, Tensor x, double c, boolean reversed) {
    Expr arg = x.dtype().floating() ? X : Expr.cast(DType.FLOAT32, X);
    return scalar(op, f, x, arg, Expr.constant(c), reversed);
  }

  /** f(x, c), or f(c, x) if {@code reversed}; makes bool int64. */
  static Tensor scalar(OpName op, Fn f, Tensor x, long c, boolean reversed) {
    if (Math.abs((double) c) >= EXACT && !x.dtype().floating()) {
      Tensor y = Tensor.scalar(c);
      return reversed ? binary(op, f, y, x) : binary(op, f, x, y);
    }
    Expr arg = x.dtype() == DType.BOOL ? Expr.cast(DType.INT64, X) : X;
    return scalar(op, f, x, arg, Expr.constant(c), reversed);
  }

  private static Tensor scalar(OpName op, Fn f, Tensor x, Expr arg, Expr c, boolean reversed) {
    return apply(op, Pointwise.of(reversed ? Expr.call(f, c, arg) : Expr.call(f, arg, c)), x);
  }

  /** A scalar that combines with {@code x} as a floating number does: in its type, with integers in float32. */
  static Tensor weak(Tensor x, double c) {
    return constant(Shape.SCALAR, x.dtype().orFloat(), x.device(), c);
  }

  /** A scalar that combines with {@code x} as an integer does: in its type, with bool in int64. */
  static Tensor weak(Tensor x, long c) {
    DType t = x.dtype() == DType.BOOL ? DType.INT64 : x.dtype();
    return t.floating() ? constant(Shape.SCALAR, t, x.device(), c) : Tensor.scalar(c).to(t).to(x.device());
  }

  /** Whether the numbers can be read: not those of a value that belongs to a running transform. */
  static boolean readable(Tensor x) {
    return x.value() instanceof Stored;
  }

  /** Refuses types other than floating ones. */
  static void requireFloating(String op, Tensor x) {
    if (!x.dtype().floating()) {
      throw new DTypeException(op + ": needs a floating tensor, not " + x.dtype() + "; convert with to(DType.FLOAT32)");
    }
  }

  /** Axes of {@code shape} from the front, ascending, each once; all of them if none is named. */
  static int[] axes(String op, Shape shape, int... axes) {
    if (shape.rank() > MOST_AXES) {
      throw new org.cotangent.errors.ShapeException(op + ": " + shape.rank() + " axes; reductions take up to " + MOST_AXES);
    }
    if (axes.length == 0) {
      return Axes.range(shape.rank());
    }
    int[] r = new int[axes.length];
    for (int i = 0; i < r.length; i++) {
      r[i] = shape.axis(op, axes[i]);
    }
    Arrays.sort(r);
    for (int i = 1; i < r.length; i++) {
      if (r[i] == r[i - 1]) {
        throw new org.cotangent.errors.ShapeException(op + ": axis " + r[i] + " is named twice: " + Arrays.toString(axes));
      }
    }
    return shape.rank() == 0 ? new int[0] : r;
  }

  /** A constant tensor without storage. */
  static Tensor constant(Shape shape, DType t, Device device, double v) {
    return new Tensor(Stored.constant(new Spec(shape, t), device, v));
  }
}
