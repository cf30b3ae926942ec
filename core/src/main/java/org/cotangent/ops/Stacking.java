package org.cotangent.ops;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;

/** Several tensors side by side, on top of each other, or spread over a grid. */
public final class Stacking {
  private Stacking() {}

  /** At least one axis: a scalar becomes [1]. */
  public static Tensor atleast1d(Tensor x) {
    return x.rank() == 0 ? x.reshape(1) : x;
  }

  /** At least two axes: a vector [n] becomes [1, n]. */
  public static Tensor atleast2d(Tensor x) {
    return x.rank() < 2 ? atleast1d(x).unsqueeze(0) : x;
  }

  /** At least three axes: a vector [n] becomes [1, n, 1], a matrix [n, m] becomes [n, m, 1]. */
  public static Tensor atleast3d(Tensor x) {
    return x.rank() < 3 ? atleast2d(x).unsqueeze(-1) : x;
  }

  /** Side by side: along axis 1, vectors along their only axis. */
  public static Tensor hstack(Tensor... xs) {
    Tensor[] parts = each("hstack", Stacking::atleast1d, xs);
    return Tensor.cat(parts[0].rank() == 1 ? 0 : 1, parts);
  }

  /** On top of each other: along axis 0, vectors as rows. */
  public static Tensor vstack(Tensor... xs) {
    return Tensor.cat(0, each("vstack", Stacking::atleast2d, xs));
  }

  /** One behind the other: along axis 2. */
  public static Tensor dstack(Tensor... xs) {
    return Tensor.cat(2, each("dstack", Stacking::atleast3d, xs));
  }

  /** Side by side: along axis 1, scalars and vectors as columns. */
  public static Tensor columnStack(Tensor... xs) {
    return Tensor.cat(1, each("columnStack", x -> x.rank() < 2 ? x.reshape((int) x.size(), 1) : x, xs));
  }

  private static Tensor[] each(String op, UnaryOperator<Tensor> f, Tensor... xs) {
    if (xs.length == 0) {
      throw new ArgumentException(op + ": no tensors");
    }
    return Arrays.stream(xs).map(f).toArray(Tensor[]::new);
  }

  /** All tensors expanded to the shape they broadcast to. Views. */
  public static Tensor[] broadcastTensors(Tensor... xs) {
    Shape s = Shape.SCALAR;
    for (Tensor x : xs) {
      s = Shape.broadcast("broadcastTensors", s, x.shape());
    }
    int[] d = s.dims();
    return Arrays.stream(xs).map(x -> x.expand(d)).toArray(Tensor[]::new);
  }

  /** For vectors of n, m, ... elements, their coordinates on a grid [n, m, ...]. Views. */
  public static Tensor[] meshgrid(Tensor... xs) {
    if (xs.length == 0) {
      throw new ArgumentException("meshgrid: no tensors");
    }
    int[] d = new int[xs.length];
    for (int i = 0; i < d.length; i++) {
      if (xs[i].rank() > 1) {
        throw new ShapeException("meshgrid: tensor " + i + " is " + xs[i].shape() + ", not a vector");
      }
      if (xs[i].dtype() != xs[0].dtype()) {
        throw new DTypeException("meshgrid: types differ: " + xs[0].dtype() + " and " + xs[i].dtype());
      }
      d[i] = (int) xs[i].size();
    }
    Tensor[] r = new Tensor[d.length];
    for (int i = 0; i < d.length; i++) {
      int[] own = new int[d.length];
      Arrays.fill(own, 1);
      own[i] = d[i];
      r[i] = xs[i].reshape(own).expand(d);
    }
    return r;
  }

  /** As {@link #meshgrid}, with the first two axes exchanged: on a grid [m, n, ...], x to the right and y down. */
  public static Tensor[] meshgridXy(Tensor... xs) {
    if (xs.length < 2) {
      return meshgrid(xs);
    }
    Tensor[] swapped = xs.clone();
    swapped[0] = xs[1];
    swapped[1] = xs[0];
    Tensor[] r = meshgrid(swapped);
    Tensor y = r[0];
    r[0] = r[1];
    r[1] = y;
    return r;
  }

  /**
   * Matrices along a diagonal, zeros elsewhere; a vector counts as a row, a scalar as [1, 1].
   *
   * @throws ShapeException for more than two axes
   */
  public static Tensor blockDiag(Tensor... xs) {
    if (xs.length == 0) {
      return Tensor.zeros(1, 0);
    }
    Tensor[] blocks = each("blockDiag", Stacking::atleast2d, xs);
    int columns = 0;
    for (Tensor b : blocks) {
      if (b.rank() > 2) {
        throw new ShapeException("blockDiag: " + b.shape() + " has more than two axes");
      }
      columns += b.size(1);
    }
    int before = 0;
    for (int i = 0; i < blocks.length; i++) {
      int own = blocks[i].size(1);
      blocks[i] = blocks[i].constantPad(0, before, columns - before - own);
      before += own;
    }
    return Tensor.cat(0, blocks);
  }

  /** All tuples with one element of each vector, in lexicographic order of places: [n], [m], ... → [n m ..., number of vectors]. */
  public static Tensor cartesianProd(Tensor... xs) {
    for (Tensor x : xs) {
      if (x.rank() != 1) {
        throw new ShapeException("cartesianProd: " + x.shape() + " is not a vector");
      }
    }
    if (xs.length == 1) {
      return xs[0].copy();
    }
    return Tensor.stack(1, each("cartesianProd", Tensor::ravel, meshgrid(xs)));
  }

  /**
   * All choices of r elements of a vector, in lexicographic order of places: [n] → [choices, r].
   *
   * @param repeated whether an element may be chosen again
   */
  public static Tensor combinations(Tensor x, int r, boolean repeated) {
    if (x.rank() != 1 || r < 0) {
      throw new ShapeException("combinations: needs a vector and a number of elements that is not negative: " + x.shape() + ", " + r);
    }
    if (r == 0) {
      return Tensor.full(Shape.of(0), 0, x.dtype(), x.device());
    }
    var at = java.util.stream.LongStream.builder();
    choices(new long[r], 0, 0, x.size(0), repeated, at);
    long[] places = at.build().toArray();
    return x.indexSelect(0, Tensor.of(places).to(x.device())).reshape(places.length / r, r);
  }

  private static void choices(long[] chosen, int k, long from, int n, boolean repeated, java.util.stream.LongStream.Builder to) {
    if (k == chosen.length) {
      Arrays.stream(chosen).forEach(to::add);
      return;
    }
    for (long i = from; i < n; i++) {
      chosen[k] = i;
      choices(chosen, k + 1, repeated ? i : i + 1, n, repeated, to);
    }
  }
}
