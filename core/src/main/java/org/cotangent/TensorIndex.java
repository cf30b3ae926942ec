package org.cotangent;

import java.util.Arrays;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.primitive.Gather;
import org.cotangent.primitive.ScatterAdd;
import org.cotangent.primitive.Value;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/**
 * Indexing of {@link Tensor}: with numbers and ranges a view, with tensors a copy. Negative positions count from the end.
 *
 * <p>All throw {@link org.cotangent.errors.IndexException} for a position outside its axis and {@link ShapeException} for too many
 * indices.
 */
public sealed interface TensorIndex permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /** x[i, j, ...]: positions of the leading axes, which disappear. A view. */
  default Tensor get(int... at) {
    if (at.length > self().rank()) {
      throw new ShapeException("get: " + at.length + " indices for " + self().shape());
    }
    Tensor x = self();
    for (int i : at) {
      x = x.select(0, i);
    }
    return x == self() ? x.alias() : x;
  }

  /** x[...] as in NumPy: see {@link Index}. A view unless a part is a tensor. */
  default Tensor get(Index... at) {
    return new Indexing(self(), at).get();
  }

  /** x[at]: rows by an integer tensor, [n, ...] at [k...] → [k..., ...]; or the elements where a bool tensor is true. */
  default Tensor get(Tensor at) {
    return get(Index.of(at));
  }

  /** x[i] becomes {@code v}, which broadcasts. */
  default void set(int i, Tensor v) {
    self().select(0, i).copy_(v);
  }

  /** x[i, j] becomes {@code v}, which broadcasts. */
  default void set(int i, int j, Tensor v) {
    self().select(0, i).select(0, j).copy_(v);
  }

  /** x[i] becomes {@code v} everywhere. */
  default void set(int i, double v) {
    self().select(0, i).fill_(v);
  }

  /** x[i, j] becomes {@code v} everywhere. */
  default void set(int i, int j, double v) {
    self().select(0, i).select(0, j).fill_(v);
  }

  /** x[at] becomes {@code v}, which broadcasts; with repeated positions the last one counts. */
  default void set(Index[] at, Tensor v) {
    new Indexing(self(), at).set(v);
  }

  /** x[at] becomes {@code v}, for a bool tensor where it is true, for an integer tensor at its rows. */
  default void set(Tensor at, Tensor v) {
    set(new Index[] {Index.of(at)}, v);
  }

  /** x[at] becomes {@code v} everywhere. */
  default void set(Tensor at, double v) {
    set(at, Tensor.full(Shape.SCALAR, v, self().dtype(), self().device()));
  }

  /** Whole slices of an axis by a vector of positions; axis gets its length. */
  default Tensor indexSelect(int axis, Tensor at) {
    Shape s = self().shape();
    int a = s.axis("indexSelect", axis);
    if (at.rank() > 1) {
      throw new ShapeException("indexSelect: needs a vector of positions, not " + at.shape());
    }
    if (s.rank() == 0) {
      if (at.size() != 1) {
        throw new ShapeException("indexSelect: " + at.shape() + " positions in a scalar");
      }
      return self().reshape(1).indexSelect(0, at).reshape();
    }
    int n = Math.toIntExact(at.size());
    Tensor i = Indexing.positions("indexSelect", at).reshape(n);
    int[] ones = new int[s.rank()];
    Arrays.fill(ones, 1);
    ones[a] = n;
    Tensor wide = Indexing.wrapped(i, s.dim(a)).reshape(ones).expand(s.with(a, n).dims());
    return Eager.apply(Names.INDEX_SELECT, new Gather(a), self(), wide);
  }

  /**
   * y[i, j, k] = x[at[i, j, k], j, k] for axis 0 and likewise for others; y has the shape of {@code at}, whose other axes are at most
   * as long as those of x.
   */
  default Tensor gather(int axis, Tensor at) {
    Shape s = self().shape();
    int a = s.axis("gather", axis);
    Indexing.requireInt64("gather", at);
    if (s.rank() == 0 || at.rank() == 0) {
      if (s.rank() > 1 || at.rank() > 1) {
        throw new ShapeException("gather: positions " + at.shape() + " and " + s + " differ in number of axes");
      }
      return self().reshape(-1).gather(0, at.reshape(-1)).reshape(at.shape().dims());
    }
    Tensor x = Indexing.fitted("gather", self(), at.shape(), a);
    return Eager.apply(Names.GATHER, new Gather(a), x, Indexing.positions("gather", at));
  }

  /** A copy of x to which {@code v} is added: y[at[i, j], j] += v[i, j] for axis 0 and likewise for others. */
  default Tensor scatterAdd(int axis, Tensor at, Tensor v) {
    Shape s = self().shape();
    int a = s.axis("scatterAdd", axis);
    Indexing.requireInt64("scatterAdd", at);
    if (Autocast.widened(v, self()) != v || Autocast.widened(self(), v) != self()) {
      return Autocast.widened(self(), v).scatterAdd(axis, at, Autocast.widened(v, self()));
    }
    if (!v.dtype().equals(self().dtype())) {
      throw new DTypeException("scatterAdd: types differ: " + self().dtype() + " and " + v.dtype());
    }
    if ((s.rank() == 0 || at.rank() == 0 || v.rank() == 0) && s.rank() + at.rank() + v.rank() <= 2) {
      return self().reshape(-1).scatterAdd(0, at.reshape(-1), v.reshape(-1)).reshape(s.dims());
    }
    for (int i = 0; i < s.rank(); i++) {
      if (at.rank() != s.rank() || v.rank() != s.rank() || at.size(i) > v.size(i) || i != a && at.size(i) > s.dim(i)) {
        throw new ShapeException("scatterAdd: positions " + at.shape() + " do not fit values " + v.shape() + " and " + s + " on axis " + axis);
      }
    }
    return Gate.named(Names.SCATTER_ADD, () -> {
      Tensor src = v;
      for (int i = 0; i < s.rank(); i++) {
        src = src.narrow(i, 0, at.size(i));
      }
      Value sum = Gate.OPS.one(new ScatterAdd(a, s.dim(a)), src.value(), Indexing.positions("scatterAdd", at).value());
      for (int i = 0; i < s.rank(); i++) {
        if (i != a) {
          sum = Gate.OPS.pad(sum, i, 0, s.dim(i) - at.size(i));
        }
      }
      return self().add(new Tensor(sum));
    });
  }

  /** The elements where a bool tensor, which broadcasts with this, is true; [k]. The number is read from the data. */
  default Tensor maskedSelect(Tensor mask) {
    Shape s = Shape.broadcast("maskedSelect", self().shape(), mask.shape());
    return self().expand(s.dims()).reshape(-1).get(mask.expand(s.dims()).reshape(-1));
  }

  /** {@code v} where a bool tensor, which broadcasts to this, is true. */
  default Tensor maskedFill(Tensor mask, double v) {
    return Gate.named(OpName.of("maskedFill"), () -> Tensor.where(mask, Tensor.full(Shape.SCALAR, v, self().dtype(), self().device()), self()));
  }

  /** Positions of the elements that are not 0, int64 [k, rank]. The number is read from the data. */
  default Tensor nonzero() {
    return Indexing.nonzero(self());
  }

  /** 1 at the position that each integer names, else 0: int64 [..., classes]. */
  default Tensor oneHot(int classes) {
    if (self().dtype().floating() || classes < 1) {
      throw new ArgumentException("oneHot: needs integers and at least one class, not " + self().dtype() + " and " + classes);
    }
    Tensor hit = self().to(DType.INT64).unsqueeze(-1).eq(Tensor.arange(classes).to(self().device()));
    return hit.to(DType.INT64);
  }
}
