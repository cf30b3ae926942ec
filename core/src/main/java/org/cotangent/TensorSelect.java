package org.cotangent;

import java.util.Arrays;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.IndexException;
import org.cotangent.errors.ShapeException;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.primitive.ScatterAdd;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/**
 * Copies of {@link Tensor} with elements at given positions replaced, added to or taken. Where a position occurs more than once, the last
 * value counts.
 *
 * <p>All throw {@link IndexException} for a position outside its axis.
 */
public sealed interface TensorSelect permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /** y[i, j] = x[at[i, j], j] for axis 0 and likewise for others; the other axes of x and {@code at} broadcast. */
  default Tensor takeAlongDim(Tensor at, int axis) {
    Shape s = self().shape();
    if (at.rank() != s.rank()) {
      throw new ShapeException("takeAlongDim: positions " + at.shape() + " and " + s + " differ in number of axes");
    }
    int a = s.axis("takeAlongDim", axis);
    if (s.rank() == 0) {
      return self().gather(0, at);
    }
    Shape both = Shape.broadcast("takeAlongDim", s.with(a, 1), at.shape().with(a, 1));
    return self().expand(both.with(a, s.dim(a)).dims()).gather(a, at.expand(both.with(a, at.size(a)).dims()));
  }

  /** Elements of x in row-major order at positions {@code at}, in the shape of {@code at}. */
  default Tensor take(Tensor at) {
    return self().reshape(-1).indexSelect(0, at.reshape(-1)).reshape(at.shape().dims());
  }

  /** Slices of an axis at positions {@code at} become c. */
  default Tensor indexFill(int axis, Tensor at, double c) {
    return indexFill(axis, at, Tensor.full(Shape.SCALAR, c, self().dtype(), self().device()));
  }

  /** Slices of an axis at positions {@code at} become the scalar {@code v}. */
  default Tensor indexFill(int axis, Tensor at, Tensor v) {
    if (v.rank() != 0) {
      throw new ShapeException("indexFill: the value is " + v.shape() + ", not a scalar");
    }
    Tensor x = self().rank() == 0 ? self().reshape(1) : self();
    int a = x.shape().axis("indexFill", axis);
    int n = x.size(a);
    Tensor i = Indexing.checked("indexFill", at.reshape(-1), n);
    Tensor hit = Tensor.arange(n).to(x.device()).unsqueeze(1).eq(i).any(1);
    int[] ones = new int[x.rank()];
    Arrays.fill(ones, 1);
    ones[a] = n;
    return Gate.named(OpName.of("indexFill"), () -> Tensor.where(hit.reshape(ones), v.to(x.dtype()), x).reshape(self().shape().dims()));
  }

  /** Slices of an axis at positions {@code at} become those of {@code v}. */
  default Tensor indexCopy(int axis, Tensor at, Tensor v) {
    same("indexCopy", v);
    Tensor x = self().rank() == 0 ? self().reshape(1) : self();
    int a = x.shape().axis("indexCopy", axis);
    Tensor y = slices("indexCopy", x, a, at, v);
    Tensor wide = wide(Indexing.checked("indexCopy", at.reshape(-1), x.size(a)), y.shape(), a);
    return Gate.named(OpName.of("indexCopy"), () -> written(x, a, wide, y).reshape(self().shape().dims()));
  }

  /** Slices of {@code v} times alpha are added to those of an axis at positions {@code at}. */
  default Tensor indexAdd(int axis, Tensor at, Tensor v, double alpha) {
    same("indexAdd", v);
    Tensor x = self().rank() == 0 ? self().reshape(1) : self();
    int a = x.shape().axis("indexAdd", axis);
    Tensor y = slices("indexAdd", x, a, at, v);
    Tensor wide = wide(Indexing.checked("indexAdd", at.reshape(-1), x.size(a)), y.shape(), a);
    OpName op = OpName.of("indexAdd");
    return Gate.named(op, () -> {
      Tensor sum = Eager.apply(op, new ScatterAdd(a, x.size(a)), y, wide);
      return x.add(sum, alpha).reshape(self().shape().dims());
    });
  }

  private void same(String op, Tensor v) {
    if (v.dtype() != self().dtype()) {
      throw new DTypeException(op + ": types differ: " + self().dtype() + " and " + v.dtype() + "; convert one with to(dtype)");
    }
  }

  /** Values for slices of x at positions, in the shape that they fill. */
  private static Tensor slices(String op, Tensor x, int axis, Tensor at, Tensor v) {
    Shape want = x.shape().with(axis, (int) at.size());
    Tensor y = v.rank() == 0 && want.size() == 1 ? v.reshape(want.dims()) : v;
    if (at.rank() > 1 || !y.shape().equals(want)) {
      throw new ShapeException(
          op + ": values " + v.shape() + " and positions " + at.shape() + " do not fit axis " + axis + " of " + x.shape());
    }
    return y;
  }

  private static Tensor wide(Tensor at, Shape to, int axis) {
    int[] ones = new int[to.rank()];
    Arrays.fill(ones, 1);
    ones[axis] = (int) at.size();
    return at.reshape(ones).expand(to.dims());
  }

  /** A copy of x in which y[at[i, j], j] = v[i, j] for axis 0 and likewise for others. */
  default Tensor scatter(int axis, Tensor at, Tensor v) {
    same("scatter", v);
    Shape s = self().shape();
    int a = s.axis("scatter", axis);
    Indexing.requireInt64("scatter", at);
    if (at.size() == 0) {
      return self().copy();
    }
    if (s.rank() == 0 || at.rank() == 0) {
      return self().reshape(1).scatter(0, at.reshape(1), v.reshape(-1).narrow(0, 0, 1)).reshape(s.dims());
    }
    if (at.rank() != s.rank() || v.rank() != s.rank()) {
      throw new ShapeException("scatter: positions " + at.shape() + ", values " + v.shape() + " and " + s + " differ in number of axes");
    }
    for (int i = 0; i < s.rank(); i++) {
      if (at.size(i) > v.size(i) || i != a && at.size(i) > s.dim(i)) {
        throw new ShapeException("scatter: positions " + at.shape() + " do not fit values " + v.shape() + " and " + s + " on axis " + axis);
      }
    }
    Tensor i = Indexing.checked("scatter", at, s.dim(a));
    return Gate.named(OpName.of("scatter"), () -> written(self(), a, i, Indexing.corner(v, at.shape())));
  }

  /** A copy of x in which y[at[i, j], j] = c for axis 0 and likewise for others. */
  default Tensor scatter(int axis, Tensor at, double c) {
    return scatter(axis, at, Tensor.full(at.shape(), c, self().dtype(), self().device()));
  }

  /** A copy of x in which y[at[i, j], j] is multiplied by v[i, j] for axis 0 and likewise for others. */
  default Tensor scatterMultiply(int axis, Tensor at, Tensor v) {
    same("scatterMultiply", v);
    Shape s = self().shape();
    int a = s.axis("scatterMultiply", axis);
    Indexing.requireInt64("scatterMultiply", at);
    if (s.rank() == 0 || at.rank() == 0) {
      return self().reshape(-1).scatterMultiply(0, at.reshape(-1), v.reshape(-1)).reshape(s.dims());
    }
    if (at.rank() != s.rank() || v.rank() != s.rank()) {
      throw new ShapeException(
          "scatterMultiply: positions " + at.shape() + ", values " + v.shape() + " and " + s + " differ in number of axes");
    }
    int n = s.dim(a);
    int[] own = new int[s.rank() + 1];
    Arrays.fill(own, 1);
    own[a] = n;
    Tensor hit = Indexing.checked("scatterMultiply", at, n).unsqueeze(a).eq(Tensor.arange(n).to(at.device()).reshape(own));
    return Gate.named(OpName.of("scatterMultiply"), () -> {
      Tensor one = Tensor.full(Shape.SCALAR, 1, v.dtype(), v.device());
      Tensor factor = Tensor.where(hit, Indexing.corner(v, at.shape()).unsqueeze(a), one).prod(a + 1).to(v.dtype());
      return self().mul(Indexing.inCorner(factor.sub(one), s).add(one));
    });
  }

  /** x with v written at positions along an axis, where each place gets at most one value. */
  private static Tensor written(Tensor x, int axis, Tensor at, Tensor v) {
    OpName op = OpName.of("scatter");
    Tensor last = Indexing.lasting(at, axis);
    Tensor one = Tensor.where(last, v, Tensor.full(Shape.SCALAR, 0, v.dtype(), v.device()));
    ScatterAdd add = new ScatterAdd(axis, x.size(axis));
    Tensor sum = Indexing.inCorner(Eager.apply(op, add, one, at), x.shape());
    Tensor hit = Indexing.inCorner(Eager.apply(op, add, last.to(DType.INT32), at), x.shape()).ne(0);
    return Tensor.where(hit, sum, x);
  }

  /** The scalar {@code v} where a bool tensor, which broadcasts with this, is true. */
  default Tensor maskedFill(Tensor mask, Tensor v) {
    if (v.rank() != 0) {
      throw new ShapeException("maskedFill: the value is " + v.shape() + ", not a scalar");
    }
    return Gate.named(OpName.of("maskedFill"), () -> Tensor.where(mask, v.to(self().dtype()), self()));
  }

  /** A copy with every element {@code c}. */
  default Tensor fill(double c) {
    Expr never = Expr.call(Fn.GT, Expr.arg(0), Expr.arg(0));
    return Eager.expression(OpName.of("fill"), Expr.where(never, Expr.cast(self().dtype(), Expr.ZERO), Expr.constant(c)), self());
  }

  /** A copy with every element the scalar {@code v}, which gets all of the gradient. */
  default Tensor fill(Tensor v) {
    if (v.rank() != 0) {
      throw new ShapeException("fill: the value is " + v.shape() + ", not a scalar");
    }
    Expr never = Expr.call(Fn.GT, Expr.arg(0), Expr.arg(0));
    return Eager.pointwise(OpName.of("fill"), Expr.where(never, Expr.ZERO, Expr.arg(1)), self().dtype(), self(), v);
  }

  /** Positions of the elements that are not 0, int64 [k, rank]. The number is read from the data. */
  default Tensor argwhere() {
    return self().nonzero();
  }

  /** A copy of x with x[at] = v, or x[at] + v where {@code accumulate}; v broadcasts. */
  default Tensor indexPut(Index[] at, Tensor v, boolean accumulate) {
    if (Autocast.widened(v, self()) != v || Autocast.widened(self(), v) != self()) {
      return Autocast.widened(self(), v).indexPut(at, Autocast.widened(v, self()), accumulate);
    }
    if (v.dtype() != self().dtype()) {
      throw new DTypeException("indexPut: types differ: " + self().dtype() + " and " + v.dtype() + "; convert one with to(dtype)");
    }
    Tensor x = self().copy();
    new Indexing(x, at).put(v, accumulate);
    return x;
  }
}
