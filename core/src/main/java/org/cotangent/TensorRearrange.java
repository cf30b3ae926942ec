package org.cotangent;

import java.util.Arrays;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.primitive.Axes;
import org.cotangent.primitive.Pad;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/** Diagonals, triangles, rolls, repetitions and parts of {@link Tensor}. Axes may be negative. */
public sealed interface TensorRearrange permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /** As {@link TensorShape#expand}. */
  default Tensor broadcastTo(int... shape) {
    return self().expand(shape);
  }

  /** All axes in one; a scalar gives one element. */
  default Tensor ravel() {
    return self().reshape(-1);
  }

  /** The same elements in the shape of {@code y}. A view. */
  default Tensor reshapeAs(Tensor y) {
    return self().reshape(y.shape().dims());
  }

  /** The same elements in the shape of {@code y}. A view. */
  default Tensor viewAs(Tensor y) {
    return self().view(y.shape().dims());
  }

  /** The axes in reverse order. A view. */
  default Tensor T() {
    int r = self().rank();
    int[] p = new int[r];
    Arrays.setAll(p, i -> r - 1 - i);
    return r < 2 ? self().alias() : self().permute(p);
  }

  /** These numbers in dense storage; gradients flow through. */
  default Tensor contiguous() {
    return Eager.apply(Names.CONTIGUOUS, new org.cotangent.primitive.Copy(self().device()), self());
  }

  /** The last two axes exchanged; a scalar as it is. A view. */
  default Tensor mT() {
    if (self().rank() == 0) {
      return self().alias();
    }
    if (self().rank() < 2) {
      throw new ShapeException("mT: needs at least two axes: " + self().shape());
    }
    return self().transpose(-2, -1);
  }

  /** One axis as several, whose product is its size; one may be -1. A view. */
  default Tensor unflatten(int axis, int... sizes) {
    Shape s = self().shape();
    int a = s.axis("unflatten", axis);
    if (sizes.length == 0 || s.rank() == 0) {
      throw new ShapeException("unflatten: needs an axis and its parts: " + s + " and " + Arrays.toString(sizes));
    }
    int[] d = sizes.clone();
    long n = 1;
    int hole = -1;
    for (int i = 0; i < d.length; i++) {
      if (d[i] < -1 || d[i] == -1 && hole >= 0) {
        throw new ShapeException("unflatten: " + Arrays.toString(sizes) + " has more than one unknown or negative size");
      }
      hole = d[i] == -1 ? i : hole;
      n *= d[i] == -1 ? 1 : d[i];
    }
    if (hole >= 0 && n > 0) {
      d[hole] = (int) (s.dim(a) / n);
      n *= d[hole];
    }
    if (n != s.dim(a)) {
      throw new ShapeException("unflatten: " + Arrays.toString(sizes) + " does not make axis " + axis + " of " + s);
    }
    return self().reshape(s.range(0, a).append(d).append(s.range(a + 1, s.rank()).dims()).dims());
  }

  /** Axes {@code from} moved to places {@code to}, the others in order. A view. */
  default Tensor movedim(int[] from, int[] to) {
    Shape s = self().shape();
    if (from.length != to.length) {
      throw new ShapeException("movedim: axes " + Arrays.toString(from) + " and places " + Arrays.toString(to) + " differ in number");
    }
    int[] f = distinct(s, from);
    int[] t = distinct(s, to);
    if (s.rank() == 0) {
      return self().alias();
    }
    int[] p = new int[s.rank()];
    Arrays.fill(p, -1);
    for (int i = 0; i < f.length; i++) {
      p[t[i]] = f[i];
    }
    int[] rest = s.complement(f);
    int k = 0;
    for (int i = 0; i < p.length; i++) {
      p[i] = p[i] < 0 ? rest[k++] : p[i];
    }
    return self().permute(p);
  }

  private static int[] distinct(Shape s, int... axes) {
    Eager.axes("movedim", s, axes);
    return Arrays.stream(axes).map(a -> s.axis("movedim", a)).toArray();
  }

  /** Axis 1 backwards. */
  default Tensor fliplr() {
    if (self().rank() < 2) {
      throw new ShapeException("fliplr: needs at least two axes: " + self().shape());
    }
    return self().flip(1);
  }

  /** Axis 0 backwards. */
  default Tensor flipud() {
    if (self().rank() < 1) {
      throw new ShapeException("flipud: needs at least one axis: " + self().shape());
    }
    return self().flip(0);
  }

  // ---- diagonals and triangles

  /** A diagonal of a matrix, or the matrix with a vector on that diagonal. */
  default Tensor diag(int offset) {
    return switch (self().rank()) {
      case 1 -> diagEmbed(offset, 0, 1);
      case 2 -> self().diagonal(offset, 0, 1).copy();
      default -> throw new ShapeException("diag: needs a vector or a matrix, not " + self().shape());
    };
  }

  /** The last axis on a diagonal over two new axes, at places {@code axis1} and {@code axis2} of the result; 0 elsewhere. */
  default Tensor diagEmbed(int offset, int axis1, int axis2) {
    Shape s = self().shape();
    if (s.rank() == 0) {
      throw new ShapeException("diagEmbed: a scalar has no last axis");
    }
    int a = s.newAxis("diagEmbed", axis1);
    int b = s.newAxis("diagEmbed", axis2);
    if (a == b) {
      throw new ShapeException("diagEmbed: axes " + axis1 + " and " + axis2 + " are one and the same");
    }
    int n = s.dim(-1);
    int m = n + Math.abs(offset);
    int r = s.rank() - 1;
    int start = n == 0 ? 0 : offset >= 0 ? offset : -offset * m;
    int[] before = new int[r + 1];
    int[] after = new int[r + 1];
    int[] gap = new int[r + 1];
    before[r] = start;
    gap[r] = m;
    after[r] = n == 0 ? m * m : m * m - start - (n - 1) * (m + 1) - 1;
    return Gate.named(OpName.of("diagEmbed"), () -> {
      Tensor flat = Eager.apply(OpName.of("diagEmbed"), new Pad(before, after, gap), self());
      return flat.reshape(s.range(0, r).append(m, m).dims()).movedim(new int[] {-2, -1}, new int[] {a, b});
    });
  }

  /** All elements on a diagonal of a square matrix. */
  default Tensor diagflat(int offset) {
    return self().reshape(-1).diagEmbed(offset, 0, 1);
  }

  /** Matrices with zeros above diagonal {@code k}. */
  default Tensor tril(int k) {
    return triangle("tril", k, true);
  }

  /** Matrices with zeros below diagonal {@code k}. */
  default Tensor triu(int k) {
    return triangle("triu", k, false);
  }

  private Tensor triangle(String op, int k, boolean lower) {
    Tensor x = self();
    if (x.rank() < 2) {
      throw new ShapeException(op + ": needs at least two axes: " + x.shape());
    }
    Tensor rows = Tensor.arange(x.size(-2)).to(x.device()).unsqueeze(1).add((long) k);
    Tensor columns = Tensor.arange(x.size(-1)).to(x.device());
    Tensor keep = lower ? columns.le(rows) : columns.ge(rows);
    return Gate.named(OpName.of(op), () -> Tensor.where(keep, x, Tensor.full(Shape.SCALAR, 0, x.dtype(), x.device())));
  }

  // ---- rolls and repetitions

  /**
   * Elements moved {@code shifts[i]} places along axis {@code axes[i]}, from the end back to the front; without axes, in row-major
   * order.
   */
  default Tensor roll(int[] shifts, int... axes) {
    if (shifts.length == 0) {
      throw new ArgumentException("roll: no shifts");
    }
    if (axes.length == 0 && shifts.length == 1) {
      return Gate.named(OpName.of("roll"), () -> self().reshape(-1).roll(shifts, 0).reshape(self().shape().dims()));
    }
    if (axes.length != shifts.length) {
      throw new ArgumentException("roll: shifts " + Arrays.toString(shifts) + " and axes " + Arrays.toString(axes) + " differ in number");
    }
    return Gate.named(OpName.of("roll"), () -> {
      Tensor x = self();
      for (int i = 0; i < shifts.length; i++) {
        int a = x.shape().axis("roll", axes[i]);
        int n = x.rank() == 0 ? 1 : x.size(a);
        int k = n == 0 ? 0 : Math.floorMod(shifts[i], n);
        x = k == 0 ? x : Tensor.cat(a, x.narrow(a, n - k, k), x.narrow(a, 0, n - k));
      }
      return x == self() ? x.copy() : x;
    });
  }

  /** Repeated {@code times[i]} times along axis i, aligned at the last axis. */
  default Tensor tile(int... times) {
    int lead = Math.max(0, self().rank() - times.length);
    int[] t = Axes.fill(lead + times.length, 1);
    System.arraycopy(times, 0, t, lead, times.length);
    return self().repeat(t);
  }

  /** Each element {@code times} times, in one axis. */
  default Tensor repeatInterleave(int times) {
    return self().reshape(-1).repeatInterleave(times, 0);
  }

  /** Each slice of an axis {@code times} times in a row. */
  default Tensor repeatInterleave(int times, int axis) {
    if (times < 0) {
      throw new ArgumentException("repeatInterleave: " + times + " times");
    }
    Tensor x = self().rank() == 0 ? self().reshape(1) : self();
    int a = x.shape().axis("repeatInterleave", axis);
    Shape s = x.shape();
    int[] wide = s.range(0, a + 1).append(times).append(s.range(a + 1, s.rank()).dims()).dims();
    return Gate.named(OpName.of("repeatInterleave"), () -> x.unsqueeze(a + 1).expand(wide).copy().reshape(s.with(a,
        s.dim(a) * times).dims()));
  }

  /** Slice i of an axis {@code times[i]} times in a row; one number counts for all. The numbers are read from the data. */
  default Tensor repeatInterleave(Tensor times, int axis) {
    Tensor x = self().rank() == 0 ? self().reshape(1) : self();
    int a = x.shape().axis("repeatInterleave", axis);
    long[] t = Indexing.positions("repeatInterleave", times).toLongArray();
    int n = x.size(a);
    if (times.rank() > 1 || t.length != 1 && t.length != n || Arrays.stream(t).anyMatch(k -> k < 0)) {
      throw new ArgumentException("repeatInterleave: numbers " + Arrays.toString(t) + " do not fit axis " + axis + " of " + x.shape());
    }
    long[] at = java.util.stream.IntStream.range(0, n)
        .flatMap(i -> java.util.stream.IntStream.generate(() -> i).limit(t[t.length == 1 ? 0 : i])).asLongStream().toArray();
    return x.indexSelect(a, Tensor.of(at).to(x.device()));
  }

  // ---- parts

  /** Parts of the given sizes along an axis. Views. */
  default Tensor[] split(int[] sizes, int axis) {
    Shape s = self().shape();
    int a = s.axis("split", axis);
    if (s.rank() == 0 || Arrays.stream(sizes).anyMatch(n -> n < 0) || Arrays.stream(sizes).sum() != s.dim(a)) {
      throw new ShapeException("split: parts " + Arrays.toString(sizes) + " do not make axis " + axis + " of " + s);
    }
    Tensor[] r = new Tensor[sizes.length];
    int at = 0;
    for (int i = 0; i < r.length; i++) {
      r[i] = self().narrow(a, at, sizes[i]);
      at += sizes[i];
    }
    return r;
  }

  /** The slices of an axis, which disappears. Views. */
  default Tensor[] unbind(int axis) {
    Shape s = self().shape();
    if (s.rank() == 0) {
      throw new ShapeException("unbind: a scalar has no axis to take apart");
    }
    int a = s.axis("unbind", axis);
    return java.util.stream.IntStream.range(0, s.dim(a)).mapToObj(i -> self().select(a, i)).toArray(Tensor[]::new);
  }

  /** {@link TensorShape#narrow} as a copy. */
  default Tensor narrowCopy(int axis, int start, int length) {
    return self().narrow(axis, start, length).copy();
  }

  /**
   * With elements {@code value} around: {@code sizes} counts those before and after the last axis, then those of the one before it, and
   * so on; negative sizes cut off.
   */
  default Tensor constantPad(double value, int... sizes) {
    Shape s = self().shape();
    if (sizes.length % 2 != 0 || sizes.length > 2 * s.rank()) {
      throw new ShapeException("constantPad: sizes " + Arrays.toString(sizes) + " are not pairs for the axes of " + s);
    }
    return Gate.named(OpName.of("constantPad", "ConstantPadNd"), () -> {
      Tensor x = self();
      int[] before = new int[s.rank()];
      int[] after = new int[s.rank()];
      for (int i = 0; i < sizes.length / 2; i++) {
        int a = s.rank() - 1 - i;
        int cut = Math.max(0, -sizes[2 * i]);
        int left = s.dim(a) - cut - Math.max(0, -sizes[2 * i + 1]);
        if (left < 0) {
          throw new ShapeException("constantPad: sizes " + Arrays.toString(sizes) + " cut off more than " + s + " has");
        }
        x = left == s.dim(a) ? x : x.narrow(a, cut, left);
        before[a] = Math.max(0, sizes[2 * i]);
        after[a] = Math.max(0, sizes[2 * i + 1]);
      }
      Pad pad = new Pad(before, after, new int[s.rank()]);
      Tensor y = Eager.apply(OpName.of("constantPad", "ConstantPadNd"), pad, x);
      if (value == 0) {
        return y;
      }
      Tensor own = Eager.apply(OpName.of("constantPad"), pad, Tensor.full(x.shape(), 1, DType.BOOL, x.device()));
      return Tensor.where(own, y, Tensor.full(Shape.SCALAR, value, x.dtype(), x.device()));
    });
  }
}
