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
}
