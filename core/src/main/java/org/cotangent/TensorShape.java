package org.cotangent;

import java.util.Arrays;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.primitive.Axes;
import org.cotangent.primitive.Broadcast;
import org.cotangent.primitive.Concat;
import org.cotangent.primitive.Copy;
import org.cotangent.primitive.Flip;
import org.cotangent.primitive.Linear;
import org.cotangent.primitive.Permute;
import org.cotangent.primitive.Reshape;
import org.cotangent.primitive.Slice;
import org.cotangent.primitive.Window;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/**
 * Views and movement of {@link Tensor}. A view shares its elements with the tensor it was taken from: an in-place write to either
 * is seen by both. Axes may be negative.
 *
 * <p>All throw {@link ShapeException} for axes or sizes that do not fit.
 */
public sealed interface TensorShape permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  private Tensor view(OpName op, Linear p) {
    return self().viewOf(op, p);
  }

  /**
   * The same elements in row-major order under another shape; one size may be -1 and is worked out. A view.
   *
   * @throws ShapeException if the number of elements differs
   */
  default Tensor reshape(int... shape) {
    return reshape("reshape", shape);
  }

  /** As {@link #reshape}; views never fail here, since writing through one reaches its base whatever the strides. */
  default Tensor view(int... shape) {
    return reshape("view", shape);
  }

  private Tensor reshape(String op, int... shape) {
    Shape to = resolve(op, shape);
    return to.equals(self().shape()) ? self().alias() : view(Names.RESHAPE, new Reshape(to));
  }

  private Shape resolve(String op, int... shape) {
    int[] d = shape.clone();
    int hole = -1;
    long n = 1;
    for (int i = 0; i < d.length; i++) {
      if (d[i] == -1 && hole < 0) {
        hole = i;
      } else if (d[i] < 0) {
        throw new ShapeException(op + ": " + Arrays.toString(shape) + " has a negative size; only one may be -1");
      } else {
        n = Math.multiplyHigh(n, d[i]) != 0 || n * d[i] < 0 ? Long.MAX_VALUE : n * d[i];
      }
    }
    long size = self().size();
    if (hole >= 0 && (n == 0 || size % n != 0) || hole < 0 && n != size) {
      throw new ShapeException(op + ": " + self().shape() + " has " + size + " elements and does not fit " + Arrays.toString(shape));
    }
    if (hole >= 0) {
      d[hole] = (int) (size / n);
    }
    return Shape.of(d);
  }

  /** All axes in one; [2, 3, 4] → [24]. A view. */
  default Tensor flatten() {
    return self().reshape(-1);
  }

  /** Axes {@code from} to {@code to} (inclusive) in one. A view. */
  default Tensor flatten(int from, int to) {
    Shape s = self().shape();
    if (s.rank() == 0) {
      return self().reshape(1);
    }
    int a = s.axis("flatten", from);
    int b = s.axis("flatten", to);
    if (a > b) {
      throw new ShapeException("flatten: axis " + from + " comes after axis " + to + " of " + s);
    }
    Shape merged = s.range(0, a).append((int) s.range(a, b + 1).size()).append(s.range(b + 1, s.rank()).dims());
    return self().reshape(merged.dims());
  }

  /** Axis i of the result is axis {@code axes[i]} of this. A view. */
  default Tensor permute(int... axes) {
    Shape s = self().shape();
    if (axes.length != s.rank()) {
      throw new ShapeException("permute: " + Arrays.toString(axes) + " does not name each axis of " + s + " once");
    }
    int[] p = new int[axes.length];
    boolean[] seen = new boolean[p.length];
    for (int i = 0; i < p.length; i++) {
      p[i] = s.axis("permute", axes[i]);
      if (seen[p[i]]) {
        throw new ShapeException("permute: " + Arrays.toString(axes) + " does not name each axis of " + s + " once");
      }
      seen[p[i]] = true;
    }
    return view(Names.PERMUTE, new Permute(p));
  }

  /** Two axes exchanged. A view. */
  default Tensor transpose(int a, int b) {
    Shape s = self().shape();
    int i = s.axis("transpose", a);
    int j = s.axis("transpose", b);
    if (s.rank() == 0) {
      return self().alias();
    }
    int[] p = Axes.range(s.rank());
    p[i] = j;
    p[j] = i;
    return view(Names.TRANSPOSE, new Permute(p));
  }

  /**
   * Matrix transposed; a vector or scalar as it is. A view.
   *
   * @throws ShapeException for more than two axes
   */
  default Tensor t() {
    if (self().rank() > 2) {
      throw new ShapeException("t: needs at most two axes: " + self().shape() + "; name them with transpose(a, b)");
    }
    return self().rank() < 2 ? self().alias() : view(Names.T, new Permute(new int[] {1, 0}));
  }

  /** Axis {@code from} moved to place {@code to}, the others in order. A view. */
  default Tensor movedim(int from, int to) {
    Shape s = self().shape();
    int a = s.axis("movedim", from);
    int b = s.axis("movedim", to);
    int[] p = new int[s.rank()];
    for (int i = 0, k = 0; i < p.length; i++) {
      if (i == b) {
        p[i] = a;
      } else {
        k += k == a ? 1 : 0;
        p[i] = k++;
      }
    }
    return self().rank() == 0 ? self().alias() : view(Names.PERMUTE, new Permute(p));
  }

  /** Repeated to {@code shape}, to which it broadcasts; -1 keeps a size. A view that cannot be written to. */
  default Tensor expand(int... shape) {
    Shape s = self().shape();
    int lead = shape.length - s.rank();
    int[] d = shape.clone();
    for (int i = 0; i < d.length; i++) {
      boolean own = i >= lead && lead >= 0;
      if (d[i] == -1 && own) {
        d[i] = s.dim(i - lead);
      }
      if (lead < 0 || own && s.dim(i - lead) != 1 && s.dim(i - lead) != d[i] || d[i] < 0) {
        throw new ShapeException("expand: " + s + " does not expand to " + Arrays.toString(shape));
      }
    }
    return expandTo(Shape.of(d));
  }

  private Tensor expandTo(Shape to) {
    Shape s = self().shape();
    if (s.equals(to)) {
      return self().alias();
    }
    int lead = to.rank() - s.rank();
    int[] kept = java.util.stream.IntStream.range(0, s.rank()).filter(i -> s.dim(i) == to.dim(i + lead)).toArray();
    Tensor x = kept.length == s.rank() ? self() : view(Names.EXPAND, new Reshape(Shape.of(Arrays.stream(kept).map(s::dim).toArray())));
    return x.viewOf(Names.EXPAND, new Broadcast(to, Arrays.stream(kept).map(i -> i + lead).toArray()));
  }

  /** Repeated to the shape of {@code other}. A view that cannot be written to. */
  default Tensor expandAs(Tensor other) {
    return self().expand(other.shape().dims());
  }

  /** Without axes of size 1: those named, or all. Named axes of another size stay. A view. */
  default Tensor squeeze(int... axes) {
    Shape s = self().shape();
    int[] named = Eager.axes("squeeze", s, axes);
    int[] gone = new int[named.length];
    int n = 0;
    for (int a : named) {
      if (s.dim(a) == 1) {
        gone[n++] = a;
      }
    }
    return n == 0 ? self().alias() : view(Names.SQUEEZE, new Reshape(s.without(Arrays.copyOf(gone, n))));
  }

  /** With a new axis of size 1 at place {@code axis} of the result. A view. */
  default Tensor unsqueeze(int axis) {
    Shape s = self().shape();
    int a = s.newAxis("unsqueeze", axis);
    return view(Names.UNSQUEEZE, new Reshape(s.range(0, a).append(1).append(s.range(a, s.rank()).dims())));
  }

  /** Index {@code i} of an axis, which disappears; negative counts from the end. A view. */
  default Tensor select(int axis, int i) {
    Shape s = self().shape();
    if (s.rank() == 0) {
      throw new ShapeException("select: a scalar has no axis to index");
    }
    int a = s.axis("select", axis);
    int n = s.dim(a);
    if (i < -n || i >= n) {
      throw new org.cotangent.errors.IndexException("select: index " + i + " is out of range for axis " + a + " of " + s);
    }
    Tensor one = view(Names.SELECT, Slice.narrow(s, a, i < 0 ? i + n : i, 1));
    return one.viewOf(Names.SELECT, new Reshape(s.without(a)));
  }

  /** {@code length} elements of an axis, beginning at {@code start}. A view. */
  default Tensor narrow(int axis, int start, int length) {
    Shape s = self().shape();
    int a = s.axis("narrow", axis);
    int n = s.rank() == 0 ? 1 : s.dim(a);
    int from = start < 0 ? start + n : start;
    if (s.rank() == 0 || from < 0 || length < 0 || length > n - from) {
      throw new ShapeException("narrow: " + length + " elements from " + start + " do not fit axis " + axis + " of " + s);
    }
    return view(Names.SLICE, Slice.narrow(s, a, from, length));
  }

  /**
   * Elements start, start + step, ... before stop of an axis; bounds are clipped as in Python. A view.
   *
   * @throws ArgumentException if step is not positive
   */
  default Tensor slice(int axis, int start, int stop, int step) {
    Shape s = self().shape();
    int a = s.axis("slice", axis);
    if (s.rank() == 0) {
      throw new ShapeException("slice: a scalar has no axis to slice");
    }
    if (step < 1) {
      throw new ArgumentException("slice: step " + step + " is not positive; use flip() to go backwards");
    }
    int n = s.dim(a);
    int from = Math.clamp(start < 0 ? (long) start + n : start, 0, n);
    int to = Math.clamp(stop < 0 ? (long) stop + n : stop, from, n);
    int[] f = new int[s.rank()];
    int[] c = s.dims();
    int[] st = Axes.fill(c.length, 1);
    f[a] = from;
    c[a] = (to - from + step - 1) / step;
    st[a] = step;
    return view(Names.SLICE, new Slice(f, c, st));
  }

  /** Axes backwards. */
  default Tensor flip(int... axes) {
    Tensor x = self();
    for (int a : Eager.axes("flip", self().shape(), axes)) {
      x = Eager.apply(Names.FLIP, new Flip(a), x);
    }
    return x == self() ? x.alias() : x;
  }

  /** Diagonal of a matrix. A view. */
  default Tensor diagonal() {
    return diagonal(0, 0, 1);
  }

  /**
   * Diagonal over two axes, {@code offset} above the main one; it becomes the last axis. A view.
   *
   * @throws ShapeException if the axes are equal
   */
  default Tensor diagonal(int offset, int axis1, int axis2) {
    Shape s = self().shape();
    int a = s.axis("diagonal", axis1);
    int b = s.axis("diagonal", axis2);
    if (a == b || s.rank() < 2) {
      throw new ShapeException("diagonal: axes " + axis1 + " and " + axis2 + " of " + s + " are not two axes");
    }
    int r = s.rank();
    int[] p = Arrays.copyOf(s.complement(Math.min(a, b), Math.max(a, b)), r);
    p[r - 2] = a;
    p[r - 1] = b;
    int n = s.dim(a);
    int m = s.dim(b);
    int start = offset >= 0 ? offset : -offset * m;
    int count = Math.max(0, offset >= 0 ? Math.min(n, m - offset) : Math.min(n + offset, m));
    Tensor flat = view(Names.DIAGONAL, new Permute(p)).viewOf(Names.DIAGONAL, new Reshape(s.without(Math.min(a, b), Math.max(a, b)).append(n * m)));
    Shape f = flat.shape();
    int[] from = new int[r - 1];
    int[] c = f.dims();
    int[] step = Axes.fill(r - 1, 1);
    from[r - 2] = count == 0 ? 0 : start;
    c[r - 2] = count;
    step[r - 2] = m + 1;
    return flat.viewOf(Names.DIAGONAL, new Slice(from, c, step));
  }

  /** Windows of {@code size} elements along an axis, {@code step} apart, as a new last axis. A view that cannot be written to. */
  default Tensor unfold(int axis, int size, int step) {
    Shape s = self().shape();
    int a = s.axis("unfold", axis);
    if (s.rank() == 0 || size < 1 || step < 1 || size > s.dim(a)) {
      throw new ShapeException("unfold: windows of " + size + " with step " + step + " do not fit axis " + axis + " of " + s);
    }
    return view(Names.UNFOLD, new Window(a, size, step, 1));
  }

  /** {@code n} parts along an axis, the last one smaller if need be; fewer if there are not enough elements. Views. */
  default Tensor[] chunk(int n, int axis) {
    if (n < 1) {
      throw new ArgumentException("chunk: " + n + " parts");
    }
    int d = self().shape().dim(self().shape().axis("chunk", axis));
    return split(Math.max(1, (d + n - 1) / n), axis);
  }

  /** Parts of {@code size} along an axis, the last one smaller if need be. Views. */
  default Tensor[] split(int size, int axis) {
    int a = self().shape().axis("split", axis);
    int d = self().shape().dim(a);
    if (size < 1) {
      throw new ArgumentException("split: parts of " + size + " elements");
    }
    int n = Math.max(1, (d + size - 1) / size);
    Tensor[] r = new Tensor[n];
    for (int i = 0; i < n; i++) {
      r[i] = narrow(a, i * size, Math.min(size, d - i * size));
    }
    return r;
  }

  /** Repeated {@code times[i]} times along axis i; more numbers than axes add axes in front. */
  default Tensor repeat(int... times) {
    Shape s = self().shape();
    int lead = times.length - s.rank();
    if (lead < 0) {
      throw new ShapeException("repeat: " + Arrays.toString(times) + " has fewer numbers than " + s + " has axes");
    }
    int[] in = new int[2 * times.length];
    int[] wide = in.clone();
    int[] out = new int[times.length];
    for (int i = 0; i < times.length; i++) {
      int d = i < lead ? 1 : s.dim(i - lead);
      in[2 * i] = 1;
      in[2 * i + 1] = d;
      wide[2 * i] = times[i];
      wide[2 * i + 1] = d;
      out[i] = times[i] * d;
    }
    return Gate.named(OpName.of("repeat"), () -> self().reshape(in).expand(wide).copy().reshape(out));
  }

  /** The same numbers in storage of their own; gradients flow through. */
  default Tensor copy() {
    return Eager.apply(Names.COPY, new Copy(self().device()), self());
  }

  /** This tensor moved to a device; the same tensor if it is there. Gradients flow back. */
  default Tensor to(Device device) {
    org.cotangent.spi.Backends.of(device);
    return self().device().equals(device) ? self() : Eager.apply(Names.TO, new Copy(device), self());
  }

  /** The tensors one after the other along an axis. */
  static Tensor cat(int axis, Tensor... xs) {
    if (xs.length == 0) {
      throw new ArgumentException("cat: no tensors");
    }
    DType t = Eager.resultType(xs);
    Tensor first = Arrays.stream(xs).filter(x -> x.rank() != 1 || x.size() > 0).findFirst().orElse(xs[0]);
    int a = first.shape().axis("cat", axis);
    Tensor[] parts = Arrays.stream(xs).filter(x -> x.rank() == first.rank() || x.rank() != 1 || x.size() > 0).toArray(Tensor[]::new);
    for (int i = 0; i < parts.length; i++) {
      Shape s = parts[i].shape();
      if (s.rank() == 0 || s.rank() != first.rank() || !s.with(a, 0).equals(first.shape().with(a, 0))) {
        throw new ShapeException("cat: " + first.shape() + " and " + s + " differ in more than axis " + a);
      }
      parts[i] = parts[i].to(t);
    }
    return Gate.named(Names.CAT, () -> Eager.apply(Names.CAT, new Concat(a), parts));
  }

  /** Tensors of one shape along a new axis. */
  static Tensor stack(int axis, Tensor... xs) {
    if (xs.length == 0) {
      throw new ArgumentException("stack: no tensors");
    }
    for (Tensor x : xs) {
      if (!x.shape().equals(xs[0].shape())) {
        throw new ShapeException("stack: shapes differ: " + xs[0].shape() + " and " + x.shape());
      }
    }
    return Gate.named(Names.STACK, () -> {
      int a = xs[0].shape().newAxis("stack", axis);
      return cat(a, Arrays.stream(xs).map(x -> x.unsqueeze(a)).toArray(Tensor[]::new));
    });
  }
}
