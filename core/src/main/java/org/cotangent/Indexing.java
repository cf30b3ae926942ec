package org.cotangent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.IndexException;
import org.cotangent.errors.ShapeException;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.primitive.Gather;
import org.cotangent.primitive.ScatterAdd;
import org.cotangent.transform.Gate;

/** An index applied to a tensor: the parts that are views first, then the tensors among them as one gather. */
final class Indexing {
  private final Tensor source;
  private Tensor x;
  /** For each axis of x the positions taken from it, or null. */
  private final List<Tensor> at = new ArrayList<>();
  /** Where the positions stood apart, their axes come first, as in NumPy. */
  private boolean apart;

  Indexing(Tensor source, Index... parts) {
    this.source = source;
    this.x = source;
    int used = 0;
    for (Index p : parts) {

               used += p instanceof Index.Positions(Tensor t) && t.dtype() == DType.BOOL ? t.rank() : p instanceof Index.NewAxis || p instanceof Index.Ellipsis ? 0 : 1;
    }
    if (used > source.rank()) {
      throw new ShapeException("get: " + used + " indices for " + source.shape());
    }
    boolean seen = false;
    boolean gap = false;
    for (Index p : parts) {
      boolean positions = p instanceof Index.Positions;
      apart |= positions && gap;
      seen |= positions;
      gap |= seen && !positions && !(p instanceof Index.At);
      take(p, source.rank() - used);
    }
    while (at.size() < x.rank()) {
      at.add(null);
    }
  }

  private void take(Index p, int rest) {
    int axis = at.size();
    switch (p) {
      case Index.At(int i) -> x = x.select(axis, i);
      case Index.Range(int from, int to, int step) -> {
        x = from == 0 && to == Integer.MAX_VALUE && step == 1 ? x : x.slice(axis, from, to, step);
        at.add(null);
      }
      case Index.NewAxis n -> {
        x = x.unsqueeze(axis);
        at.add(null);
      }
      case Index.Ellipsis e -> {
        for (int i = 0; i < rest; i++) {
          at.add(null);
        }
      }
      case Index.Positions(Tensor t) -> positions(t, axis);
    }
  }

  private void positions(Tensor t, int axis) {
    if (t.dtype() != DType.BOOL) {
      at.add(wrapped(positions("get", t), x.size(axis)));
      return;
    }
    if (!x.shape().range(axis, axis + t.rank()).equals(t.shape())) {
      throw new ShapeException("get: a mask of " + t.shape() + " does not fit axes " + axis + " on of " + x.shape());
    }
    Tensor where = nonzero(t);
    for (int i = 0; i < t.rank(); i++) {
      at.add(where.select(1, i));
    }
  }

  /** Integer positions as int64. */
  static Tensor positions(String op, Tensor t) {
    if (!t.dtype().integer()) {
      throw new DTypeException(op + ": positions are " + t.dtype() + ", not integers");
    }
    return t.to(DType.INT64);
  }

  /** Refuses positions of another type than int64, as PyTorch's gather and scatter do; none may have any type. */
  static void requireInt64(String op, Tensor at) {
    if (at.dtype() != DType.INT64 && at.size() > 0) {
      throw new DTypeException(op + ": positions are " + at.dtype() + "; expected int64, convert with to(DType.INT64)");
    }
  }

  /** Negative positions counted from the end. */
  static Tensor wrapped(Tensor t, int n) {
    Expr i = Expr.arg(0);
    return Eager.expression(Names.INDEX, Expr.where(Expr.call(Fn.GT, Expr.ZERO, i), Expr.call(Fn.ADD, i, Expr.constant(n)), i), t);
  }

  /** x cut to the axes of {@code to} but for {@code axis}. */
  static Tensor fitted(String op, Tensor x, Shape to, int axis) {
    if (to.rank() != x.rank()) {
      throw new ShapeException(op + ": positions " + to + " and " + x.shape() + " differ in number of axes");
    }
    Tensor y = x;
    for (int i = 0; i < to.rank(); i++) {
      if (i != axis && to.dim(i) > x.size(i)) {
        throw new ShapeException(op + ": positions " + to + " do not fit " + x.shape() + " on axis " + i);
      }
      if (i != axis && to.dim(i) < x.size(i)) {
        y = y.narrow(i, 0, to.dim(i));
      }
    }
    return y;
  }

  private int[] indexed() {
    return java.util.stream.IntStream.range(0, at.size()).filter(i -> at.get(i) != null).toArray();
  }

  Tensor get() {
    int[] axes = indexed();
    if (axes.length == 0) {
      return x == source ? x.alias() : x;
    }
    return Gate.named(Names.INDEX, () -> {
      Flat f = flat(axes);
      Tensor y = rows(f.table(), f.linear());
      Tensor shaped = y.reshape(f.at().append(f.rest().dims()).dims());
      return front(axes) ? shaped : back(shaped, f.at().rank(), axes[0]);
    });
  }

  private boolean front(int[] axes) {
    return apart || axes[0] == 0;
  }

  /** The first k axes moved to place {@code to}. */
  private static Tensor back(Tensor y, int k, int to) {
    int[] p = new int[y.rank()];
    for (int i = 0; i < p.length; i++) {
      p[i] = i < to ? i + k : i < to + k ? i - to : i;
    }
    return y.permute(p);
  }

  /** x as a table [positions, rest] and positions in it. */
  private record Flat(Tensor table, Tensor linear, Shape at, Shape rest, int[] perm) {}

  private Flat flat(int[] axes) {
    Shape shape = at.get(axes[0]).shape();
    for (int a : axes) {
      shape = Shape.broadcast("get", shape, at.get(a).shape());
    }
    Tensor linear = null;
    int n = 1;
    for (int a : axes) {
      Tensor i = at.get(a);
      if (axes.length > 1) {
        inside("get", i, x.size(a), a);
      }
      linear = linear == null ? i : linear.mul((long) x.size(a)).add(i);
      n *= x.size(a);
    }
    int[] others = x.shape().complement(axes);
    int[] perm = org.cotangent.primitive.Axes.concat(axes, others);
    Shape rest = Shape.of(Arrays.stream(others).map(x::size).toArray());
    return new Flat(x.permute(perm).reshape(n, (int) rest.size()), linear.expand(shape.dims()).reshape(-1), shape, rest, perm);
  }

  private static void inside(String op, Tensor i, int n, int axis) {
    if (i.size() > 0) {
      Tensor d = i.detach();
      long low = d.min().itemLong();
      long high = d.max().itemLong();
      if (low < 0 || high >= n) {
        throw new IndexException(op + ": index " + (low < 0 ? low - n : high) + " is out of range for axis " + axis + " of size " + n);
      }
    }
  }

  private static Tensor rows(Tensor table, Tensor linear) {
    Tensor wide = linear.unsqueeze(1).expand((int) linear.size(), table.size(1));
    return Eager.apply(Names.INDEX, new Gather(0), table, wide);
  }

  void set(Tensor v) {
    put(v, false);
  }

  /** The indexed part becomes v, or v is added to it. */
  void put(Tensor v, boolean accumulate) {
    int[] axes = indexed();
    if (axes.length == 0) {
      Tensor to = x == source ? source : x;
      to.copy_(accumulate ? to.add(v) : v);
      return;
    }
    x.apply_("set", y -> put(axes, v, accumulate));
  }

  /** Positions along an axis of n elements, counted from the front and inside it. */
  static Tensor checked(String op, Tensor at, int n) {
    Tensor i = wrapped(positions(op, at), n);
    inside(op, i, n, 0);
    return i;
  }

  /** Where positions along an axis occur for the last time, as bool: the others are overwritten. Read from the data. */
  static Tensor lasting(Tensor at, int axis) {
    Shape s = at.shape();
    int inner = (int) s.range(axis + 1, s.rank()).size();
    int n = s.dim(axis);
    long[] p = at.toLongArray();
    boolean[] last = new boolean[p.length];
    var seen = new java.util.HashSet<Long>();
    for (int start = 0; start < p.length; start += n * inner) {
      for (int j = 0; j < inner; j++) {
        seen.clear();
        for (int k = n - 1; k >= 0; k--) {
          int e = start + k * inner + j;
          last[e] = seen.add(p[e]);
        }
      }
    }
    return Tensor.of(last).reshape(s.dims()).to(at.device());
  }

  /** The leading part of v of this shape. */
  static Tensor corner(Tensor v, Shape to) {
    Tensor y = v;
    for (int i = 0; i < to.rank(); i++) {
      y = to.dim(i) < y.size(i) ? y.narrow(i, 0, to.dim(i)) : y;
    }
    return y;
  }

  /** v with zeros behind to fill this shape. */
  static Tensor inCorner(Tensor v, Shape to) {
    org.cotangent.primitive.Value y = v.value();
    for (int i = 0; i < to.rank(); i++) {
      y = to.dim(i) > v.size(i) ? Gate.OPS.pad(y, i, 0, to.dim(i) - v.size(i)) : y;
    }
    return new Tensor(y);
  }

  /** x with rows replaced: the last of equal positions wins, so each row is written once. */
  private Tensor put(int[] axes, Tensor v, boolean accumulate) {
    Flat f = flat(axes);
    Shape target = f.at().append(f.rest().dims());
    Tensor shaped = v.to(x.dtype());
    if (!front(axes)) {
      int k = f.at().rank();
      int[] order = target.dims();
      int[] dims = new int[order.length];
      for (int i = 0; i < dims.length; i++) {
        dims[i] = i < axes[0] ? order[i + k] : i < axes[0] + k ? order[i - axes[0]] : order[i];
      }
      Tensor wide = shaped.expand(dims);
      int[] p = new int[dims.length];
      for (int i = 0; i < p.length; i++) {
        p[i] = i < k ? axes[0] + i : i < k + axes[0] ? i - k : i;
      }
      shaped = wide.permute(p);
    } else {
      shaped = shaped.expand(target.dims());
    }
    Tensor values = shaped.reshape((int) f.at().size(), (int) f.rest().size());
    if (accumulate) {
      Tensor all = f.linear().unsqueeze(1).expand((int) f.linear().size(), f.table().size(1));
      return back(f, f.table().add(Eager.apply(Names.INDEX, new ScatterAdd(0, f.table().size(0)), values, all)));
    }
    int[] last = last(f.linear());
    Tensor keep = Tensor.of(Arrays.stream(last).asLongStream().toArray()).to(x.device());
    Tensor linear = f.linear().indexSelect(0, keep);
    Tensor rows = values.indexSelect(0, keep);
    int n = f.table().size(0);
    int m = f.table().size(1);
    Tensor wide = linear.unsqueeze(1).expand((int) linear.size(), m);
    Tensor sum = Eager.apply(Names.INDEX, new ScatterAdd(0, n), rows, wide);
    Tensor hit = Eager.apply(Names.INDEX, new ScatterAdd(0, n), Tensor.full(rows.shape(), 1, DType.INT32, x.device()), wide).ne(0);
    return back(f, Tensor.where(hit, sum, f.table()));
  }

  /** A table as x was before it was laid out as one. */
  private Tensor back(Flat f, Tensor table) {
    int[] dims = Arrays.stream(f.perm()).map(x::size).toArray();
    return table.reshape(dims).permute(org.cotangent.primitive.Axes.inverse(f.perm()));
  }

  /** For each position that occurs, where it occurs last. */
  private static int[] last(Tensor linear) {
    long[] p = linear.toLongArray();
    var seen = new java.util.LinkedHashMap<Long, Integer>();
    for (int i = 0; i < p.length; i++) {
      seen.put(p[i], i);
    }
    return seen.values().stream().mapToInt(Integer::intValue).toArray();
  }

  static Tensor nonzero(Tensor t) {
    byte[] b = (byte[]) t.detach().to(DType.BOOL).toArray();
    int k = 0;
    for (byte v : b) {
      k += v;
    }
    int r = t.rank();
    int[] dims = t.shape().dims();
    long[] out = new long[k * r];
    int row = 0;
    for (int i = 0; i < b.length; i++) {
      if (b[i] != 0) {
        int rest = i;
        for (int a = r - 1; a >= 0; a--) {
          out[row * r + a] = rest % dims[a];
          rest /= dims[a];
        }
        row++;
      }
    }
    return Tensor.of(out, k, r).to(t.device());
  }
}
