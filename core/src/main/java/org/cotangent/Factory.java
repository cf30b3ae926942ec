package org.cotangent;

import java.lang.reflect.Array;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.lower.Storage;
import org.cotangent.lower.Stored;
import org.cotangent.primitive.Pointwise;
import org.cotangent.primitive.Value;
import org.cotangent.spi.Backends;
import org.cotangent.spi.Distribution;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;
import org.cotangent.transform.Transforms;

/** What the static factories of {@link Tensor} do. */
final class Factory {
  private Factory() {}

  static Tensor upload(DType t, Shape shape, Object array, boolean share) {
    Class<?> kind = org.cotangent.transform.HostArray.of(t, 0).getClass();
    if (!kind.isInstance(array)) {
      throw new DTypeException("tensor: " + t + " takes " + kind.getSimpleName() + ", not " + array.getClass().getSimpleName());
    }
    if (Array.getLength(array) != shape.size()) {
      throw new ShapeException("tensor: " + Array.getLength(array) + " elements do not fill " + shape);
    }
    var buffer = Storage.upload(Backends.of(Device.CPU), t, array, share);
    return new Tensor(Stored.of(new Spec(shape, t), new Operand(buffer, Layout.dense(shape))));
  }

  static byte[] bytes(boolean[] v) {
    byte[] b = new byte[v.length];
    for (int i = 0; i < b.length; i++) {
      b[i] = (byte) (v[i] ? 1 : 0);
    }
    return b;
  }

  /** Element {@code i} of an array of floating type {@code t}. */
  static double real(Object a, int i, DType t) {
    return switch (a) {
      case float[] x -> x[i];
      case short[] x -> t.widen(x[i]);
      default -> ((double[]) a)[i];
    };
  }

  static long integer(Object a, int i, DType t) {
    return switch (a) {
      case long[] x -> x[i];
      case int[] x -> x[i];
      case short[] x -> x[i];
      case byte[] x -> t == DType.UINT8 ? x[i] & 0xff : x[i];
      default -> throw new IllegalStateException("no integers: " + a.getClass());
    };
  }

  static Tensor nested(Object array) {
    var dims = new java.util.ArrayList<Integer>();
    Class<?> c = array.getClass();
    Object a = array;
    while (c.isArray()) {
      int n = a == null ? 0 : Array.getLength(a);
      dims.add(n);
      c = c.getComponentType();
      a = n == 0 || !c.isArray() ? null : Array.get(a, 0);
    }
    DType t = kind(c);
    Shape shape = Shape.of(dims.stream().mapToInt(Integer::intValue).toArray());
    Object flat = org.cotangent.transform.HostArray.of(t, shape.size());
    fill(array, shape, 0, flat, 0);
    return upload(t, shape, flat, false);
  }

  private static DType kind(Class<?> c) {
    return switch (c.getName()) {
      case "float" -> DType.FLOAT32;
      case "double" -> DType.FLOAT64;
      case "int" -> DType.INT32;
      case "long" -> DType.INT64;
      case "short" -> DType.INT16;
      case "byte" -> DType.INT8;
      case "boolean" -> DType.BOOL;
      default -> throw new DTypeException("tensor: no dtype for " + c.getName());
    };
  }

  private static int fill(Object from, Shape shape, int axis, Object flat, int at) {
    int n = Array.getLength(from);
    if (n != shape.dim(axis)) {
      throw new ShapeException("tensor: a nested array has parts of " + shape.dim(axis) + " and " + n + " elements at depth " + axis);
    }
    if (axis == shape.rank() - 1) {
      if (from instanceof boolean[] b) {
        System.arraycopy(bytes(b), 0, flat, at, n);
      } else {
        System.arraycopy(from, 0, flat, at, n);
      }
      return at + n;
    }
    int k = at;
    for (int i = 0; i < n; i++) {
      k = fill(Array.get(from, i), shape, axis + 1, flat, k);
    }
    return k;
  }

  static Tensor eye(int n, int m) {
    Shape s = Shape.of(n, m);
    float[] v = (float[]) org.cotangent.transform.HostArray.of(DType.FLOAT32, s.size());
    for (int i = 0; i < Math.min(n, m); i++) {
      v[i * m + i] = 1;
    }
    return upload(DType.FLOAT32, s, v, true);
  }

  static Tensor arange(long start, long stop, long step) {
    if (step == 0) {
      throw new ArgumentException("arange: step is 0");
    }
    if (step > 0 ? stop < start : stop > start) {
      throw Ranges.leadsAway(start, stop, step);
    }
    var span = java.math.BigInteger.valueOf(stop).subtract(java.math.BigInteger.valueOf(start));
    long n = (long) Math.ceil(span.doubleValue() / step);
    if (span.bitLength() < 53) {
      n = Math.ceilDiv(step > 0 ? stop - start : start - stop, Math.abs(step));
    }
    long[] v = (long[]) org.cotangent.transform.HostArray.of(DType.INT64, n);
    for (int i = 0; i < n; i++) {
      v[i] = start + i * step;
    }
    return upload(DType.INT64, Shape.of((int) n), v, false);
  }

  static Tensor rand(Shape shape, DType t, Device device, Generator g) {
    floating("rand", t);
    if (t.half()) {
      // cut to a multiple of half the epsilon, as rounding to nearest would give 1
      double grid = t.epsilon() / 2;
      return rand(shape, DType.FLOAT32, device, g).div(grid).floor().mul(grid).to(t);
    }
    return draw(Distribution.UNIFORM, new Spec(shape, t), device, g, 0, 0);
  }

  static Tensor randn(Shape shape, DType t, Device device, Generator g) {
    floating("randn", t);
    return draw(Distribution.NORMAL, new Spec(shape, t.computed()), device, g, 0, 0).to(t);
  }

  private static void floating(String op, DType t) {
    if (!t.floating()) {
      throw new DTypeException(op + ": needs a floating type, not " + t);
    }
  }

  static Tensor randint(long low, long high, Shape shape, Device device, Generator g) {
    if (low >= high) {
      throw new ArgumentException("randint: no integers from " + low + " to below " + high);
    }
    return draw(Distribution.INTEGER, new Spec(shape, DType.INT64), device, g, low, high);
  }

  private static Tensor draw(Distribution d, Spec spec, Device device, Generator g, long low, long high) {
    Backends.of(device);
    Generator.State s = g.draw();
    return new Tensor(Transforms.draw(spec.shape(), shape -> Gate.one(
        Names.RAND, new org.cotangent.primitive.Random(d, spec.as(shape), device, s.seed(), s.offset(), low, high))));
  }

  static Tensor randperm(int n, Generator g) {
    return randint(Long.MIN_VALUE, Long.MAX_VALUE, Shape.of(n), Device.CPU, g).argsort(0);
  }

  static Tensor where(Tensor condition, Tensor x, Tensor y) {
    if (condition.dtype() != DType.BOOL) {
      throw new DTypeException("where: the condition is " + condition.dtype() + ", not bool; compare it with ne(0)");
    }
    OpName op = Names.WHERE;
    DType t = Eager.resultType(x, y);
    Shape shape = Eager.broadcastShape("where", condition, x, y);
    Expr a = x.dtype() == t ? Expr.arg(1) : Expr.cast(t, Expr.arg(1));
    Expr b = y.dtype() == t ? Expr.arg(2) : Expr.cast(t, Expr.arg(2));
    Value[] v = {
      Eager.expand(op, condition.value(), shape), Eager.expand(op, x.value(), shape), Eager.expand(op, y.value(), shape)
    };
    return new Tensor(Gate.one(op, Pointwise.of(Expr.call(Fn.WHERE, Expr.arg(0), a, b)), v));
  }
}
