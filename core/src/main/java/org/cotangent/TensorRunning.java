package org.cotangent;

import java.util.Arrays;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.cotangent.TensorReduce.Indexed;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/**
 * Running extremes and sums of exponentials along an axis of {@link Tensor}, integrals by trapezoids, and numerical gradients. Axes may
 * be negative.
 */
public sealed interface TensorRunning permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /** Largest elements so far along an axis, with their indices; of equal ones the last, which gets the gradient. The first NaN stays. */
  default Indexed cummax(int axis) {
    return extreme("cummax", axis, true);
  }

  /** Smallest elements so far along an axis, with their indices; of equal ones the last, which gets the gradient. The first NaN stays. */
  default Indexed cummin(int axis) {
    return extreme("cummin", axis, false);
  }

  private Indexed extreme(String op, int axis, boolean largest) {
    Shape s = self().shape();
    int a = s.axis(op, axis);
    if (s.rank() == 0 || s.size() == 0) {
      return new Indexed(self().copy(), Tensor.full(s, 0, DType.INT64, self().device()));
    }
    return Gate.named(OpName.of(op), () -> {
      Tensor at = runningIndex(self().detach(), a, largest);
      return new Indexed(self().gather(a, at), at);
    });
  }

  /** Where the extreme so far stands; by doubling: after step k each place knows that of the 2^k places up to it. */
  private static Tensor runningIndex(Tensor x, int axis, boolean largest) {
    int n = x.size(axis);
    int[] ones = new int[x.rank()];
    Arrays.fill(ones, 1);
    ones[axis] = n;
    Tensor at = Tensor.arange(n).to(x.device()).reshape(ones).expand(x.shape().dims());
    for (int k = 1; k < n; k *= 2) {
      Tensor before = at.narrow(axis, 0, n - k);
      Tensor own = at.narrow(axis, k, n - k);
      Tensor v = x.gather(axis, before);
      Tensor w = x.gather(axis, own);
      Tensor later = largest ? w.ge(v) : w.le(v);
      if (x.dtype().floating()) {
        later = w.isNan().or(later);
      }
      at = Tensor.cat(axis, at.narrow(axis, 0, k), Tensor.where(later, own, before));
    }
    return at;
  }

  /** Logarithm of the sum of exp(x) so far along an axis, without overflow. */
  default Tensor logCumSumExp(int axis) {
    Shape s = self().shape();
    int a = s.axis("logCumSumExp", axis);
    Tensor x = self().dtype().floating() ? self() : self().to(DType.FLOAT32);
    return s.rank() == 0 || s.size() == 0 ? x.copy()
        : Eager.single(OpName.of("logCumSumExp", "Logcumsumexp"), x, v -> doubled(v, a, Tensor::logAddExp));
  }

  /** A running combination by log2(n) steps: each place takes what the place 2^k before it has. */
  private static Tensor doubled(Tensor x, int axis, BinaryOperator<Tensor> f) {
    int n = x.size(axis);
    Tensor y = n < 2 ? x.copy() : x;
    for (int k = 1; k < n; k *= 2) {
      y = Tensor.cat(axis, y.narrow(axis, 0, k), f.apply(y.narrow(axis, k, n - k), y.narrow(axis, 0, n - k)));
    }
    return y;
  }

  // ---- integrals

  /** Integral along an axis by trapezoids of width dx. */
  default Tensor trapezoid(double dx, int axis) {
    int a = line("trapezoid", axis);
    return Eager.single(OpName.of("trapezoid", "Mul"), self(), y -> strips(y, a).sum(a).mul(dx / 2));
  }

  /** Integral along an axis by trapezoids between the places {@code x}: a vector, or a tensor that broadcasts with this. */
  default Tensor trapezoid(Tensor x, int axis) {
    int a = line("trapezoid", axis);
    places("trapezoid", x, a);
    int back = a - self().rank();
    return once(OpName.of("trapezoid", "Div"), x, y -> strips(y, a).mul(widths(y, x, a)).sum(back).div(2));
  }

  /** Integrals from the first place to each other one, along an axis, by trapezoids of width dx; one element fewer. */
  default Tensor cumulativeTrapezoid(double dx, int axis) {
    int a = line("cumulativeTrapezoid", axis);
    return Eager.single(OpName.of("cumulativeTrapezoid", "Mul"), self(), y -> strips(y, a).cumsum(a).mul(dx / 2));
  }

  /** Integrals from the first place to each other one, along an axis, by trapezoids between the places {@code x}. */
  default Tensor cumulativeTrapezoid(Tensor x, int axis) {
    int a = line("cumulativeTrapezoid", axis);
    places("cumulativeTrapezoid", x, a);
    int back = a - self().rank();
    return once(OpName.of("cumulativeTrapezoid", "Div"), x, y -> strips(y, a).mul(widths(y, x, a)).cumsum(back).div(2));
  }

  private Tensor once(OpName op, Tensor x, UnaryOperator<Tensor> f) {
    return x.dtype() == self().dtype() ? Eager.single(op, self(), f) : Gate.named(op, () -> f.apply(self()));
  }

  private int line(String op, int axis) {
    int a = self().shape().axis(op, axis);
    if (self().rank() == 0) {
      throw new ShapeException(op + ": a scalar has no axis to integrate along");
    }
    return a;
  }

  /** Sums of neighbours. */
  private static Tensor strips(Tensor y, int a) {
    int n = Math.max(0, y.size(a) - 1);
    int from = Math.min(1, y.size(a));
    return y.narrow(a, from, n).add(y.narrow(a, 0, n));
  }

  private void places(String op, Tensor x, int a) {
    if (x.rank() == 0) {
      throw new ShapeException(op + ": the places are a scalar; pass a vector, or the width as a number");
    }
    if (x.rank() == 1 ? x.size(0) != self().size(a) : x.rank() + a < self().rank()) {
      throw new ShapeException(op + ": places " + x.shape() + " do not fit axis " + a + " of " + self().shape());
    }
  }

  /** The distances of the places x along axis a of y, in the type of y if only their own is a half one. */
  private static Tensor widths(Tensor y, Tensor x, int a) {
    boolean vector = x.rank() == 1;
    Tensor d = (x.dtype().half() && !y.dtype().half() ? x.to(y.dtype()) : x).diff(1, vector ? 0 : x.rank() + a - y.rank());
    if (!vector) {
      return d;
    }
    int[] own = new int[y.rank()];
    Arrays.fill(own, 1);
    own[a] = d.size(0);
    return d.reshape(own);
  }

  // ---- numerical gradients

  /**
   * Numerical derivatives along axes, all if none are named: central differences inside, and at the ends one-sided ones of order 1 or 2.
   *
   * @param spacing the distance of neighbours for each axis
   * @throws ArgumentException for other orders, or another number of distances than of axes
   * @throws ShapeException if an axis is no longer than the order
   */
  default Tensor[] gradient(double[] spacing, int[] axes, int edgeOrder) {
    int[] a = gradientAxes(axes, spacing.length, edgeOrder);
    if (self().dtype().half()) {
      return rounded(self().to(DType.FLOAT32).gradient(spacing, axes, edgeOrder));
    }
    Tensor[] r = new Tensor[a.length];
    for (int i = 0; i < a.length; i++) {
      double h = spacing[i];
      int n = self().size(a[i]);
      Tensor inner = part(a[i], 2, n - 2).sub(part(a[i], 0, n - 2)).div(2 * h);
      r[i] = Tensor.cat(a[i], edge(a[i], 0, 1, h, edgeOrder), inner, edge(a[i], n - 1, -1, -h, edgeOrder));
    }
    return r;
  }

  /** Numerical derivatives along axes, all if none are named, for elements at the given places of each axis. */
  default Tensor[] gradient(Tensor[] places, int[] axes, int edgeOrder) {
    int[] a = gradientAxes(axes, places.length, edgeOrder);
    if (self().dtype().half() && Arrays.stream(places).allMatch(p -> p.dtype() == self().dtype())) {
      Tensor[] wide = Arrays.stream(places).map(p -> p.to(DType.FLOAT32)).toArray(Tensor[]::new);
      return rounded(self().to(DType.FLOAT32).gradient(wide, axes, edgeOrder));
    }
    Tensor[] r = new Tensor[a.length];
    for (int i = 0; i < a.length; i++) {
      if (places[i].rank() != 1 || places[i].size() != self().size(a[i])) {
        throw new ShapeException("gradient: places " + places[i].shape() + " do not fit axis " + a[i] + " of " + self().shape());
      }
      r[i] = uneven(places[i], a[i], edgeOrder);
    }
    return r;
  }

  private Tensor[] rounded(Tensor[] of) {
    return Arrays.stream(of).map(t -> t.to(self().dtype())).toArray(Tensor[]::new);
  }

  private int[] gradientAxes(int[] axes, int given, int edgeOrder) {
    int[] a = axes.length == 0 ? Eager.axes("gradient", self().shape()) : axes.clone();
    Eager.axes("gradient", self().shape(), a);
    if (edgeOrder != 1 && edgeOrder != 2) {
      throw new ArgumentException("gradient: the order at the ends is 1 or 2, not " + edgeOrder);
    }
    if (given != a.length) {
      throw new ArgumentException("gradient: " + given + " spacings for " + a.length + " axes");
    }
    for (int i = 0; i < a.length; i++) {
      a[i] = self().shape().axis("gradient", a[i]);
      if (self().rank() == 0 || self().size(a[i]) <= edgeOrder) {
        throw new ShapeException("gradient: order " + edgeOrder + " needs more elements than axis " + i + " of " + self().shape() + " has");
      }
    }
    return a;
  }

  private Tensor part(int axis, int from, int n) {
    return self().narrow(axis, from, n);
  }

  /** The one-sided derivative at an end. */
  private Tensor edge(int axis, int at, int step, double h, int order) {
    Tensor x0 = part(axis, at, 1);
    Tensor x1 = part(axis, at + step, 1);
    return order == 1 ? x1.sub(x0).div(h) : x1.mul(2.0).sub(x0.mul(1.5)).sub(part(axis, at + 2 * step, 1).mul(0.5)).div(h);
  }

  /** By the parabola through three neighbours. */
  private Tensor uneven(Tensor places, int axis, int order) {
    int n = self().size(axis);
    int[] own = new int[self().rank()];
    Arrays.fill(own, 1);
    own[axis] = n - 1;
    Tensor d = places.diff(1, 0).reshape(own);
    Tensor[] ends = new Tensor[2];
    if (order == 1) {
      ends[0] = part(axis, 1, 1).sub(part(axis, 0, 1)).div(d.narrow(axis, 0, 1));
      ends[1] = part(axis, n - 1, 1).sub(part(axis, n - 2, 1)).div(d.narrow(axis, n - 2, 1));
    } else {
      ends[0] = parabola(axis, 0, d.narrow(axis, 0, 1), d.narrow(axis, 1, 1), 0, 1);
      ends[1] = parabola(axis, n - 3, d.narrow(axis, n - 3, 1), d.narrow(axis, n - 2, 1), 2, 1);
    }
    Tensor inner = parabola(axis, 0, d.narrow(axis, 0, n - 2), d.narrow(axis, 1, n - 2), 1, n - 2);
    return Tensor.cat(axis, ends[0], inner, ends[1]);
  }

  /** Slopes at point {@code which} of three neighbours a distance p and q apart. */
  private Tensor parabola(int axis, int from, Tensor p, Tensor q, int which, int n) {
    Tensor sum = p.add(q);
    Tensor a = switch (which) {
      case 0 -> p.mul(2.0).add(q).neg().div(p.mul(sum));
      case 1 -> q.neg().div(p.mul(sum));
      default -> q.div(p.mul(sum));
    };
    Tensor b = switch (which) {
      case 0 -> sum.div(p.mul(q));
      case 1 -> q.sub(p).div(p.mul(q));
      default -> sum.neg().div(p.mul(q));
    };
    Tensor c = switch (which) {
      case 0 -> p.neg().div(q.mul(sum));
      case 1 -> p.div(q.mul(sum));
      default -> p.add(q.mul(2.0)).div(q.mul(sum));
    };
    return a.mul(part(axis, from, n)).add(b.mul(part(axis, from + 1, n))).add(c.mul(part(axis, from + 2, n)));
  }
}
