package org.cotangent.ops;

import org.cotangent.Autocast;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Generator;
import org.cotangent.Primitives;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/** What layers compute, as functions of their parameters. */
public final class Functional {
  private static final OpName[] LINEAR = {
    OpName.of("linear", "Mv"), OpName.of("linear", "Mm"), OpName.of("linear", "UnsafeView")
  };
  private static final OpName[] AFFINE = {OpName.of("linear", "Add"), OpName.of("linear", "Addmm"), OpName.of("linear", "View")};

  private Functional() {}

  /**
   * x · weightᵀ: [..., in] with weight [out, in] → [..., out].
   *
   * @throws ShapeException if the numbers of features differ: "linear: input [2, 3] has 3 features, weight [5, 4] takes 4"
   */
  public static Tensor linear(Tensor x, Tensor weight) {
    features(x, weight);
    return Gate.named(LINEAR[Math.min(x.rank(), 3) - 1], () -> product(Autocast.lower(x), Autocast.lower(weight)));
  }

  /**
   * x · weightᵀ + bias: [..., in] with weight [out, in] and bias [out] → [..., out].
   *
   * @throws ShapeException if the numbers of features differ
   */
  public static Tensor linear(Tensor x, Tensor weight, Tensor bias) {
    features(x, weight);
    if (bias.rank() != 1 || bias.size(0) != weight.size(0)) {
      throw new ShapeException(
          "linear: bias " + bias.shape() + " does not fit weight " + weight.shape() + "; expected [" + weight.size(0) + "]");
    }
    return Gate.named(AFFINE[Math.min(x.rank(), 3) - 1],
        () -> product(Autocast.lower(x), Autocast.lower(weight)).add(Autocast.lower(bias)));
  }

  /** The weight is multiplied as it lies, so that its cotangent lies as it does. */
  private static Tensor product(Tensor x, Tensor weight) {
    if (x.dtype() != weight.dtype()) {
      throw new DTypeException("linear: types differ: " + x.dtype() + " and " + weight.dtype() + "; convert one with to(dtype)");
    }
    if (x.rank() == 2) {
      return Primitives.contract("Ak", x, "nk", weight, "An");
    }
    StringBuilder lead = new StringBuilder();
    for (int i = 0; i + 1 < x.rank(); i++) {
      lead.append((char) ('A' + i));
    }
    return Primitives.contract(lead + "k", x, "nk", weight, lead + "n");
  }

  private static void features(Tensor x, Tensor weight) {
    if (weight.rank() != 2) {
      throw new ShapeException("linear: weight " + weight.shape() + " is no matrix [out, in]");
    }
    if (x.rank() == 0 || x.size(-1) != weight.size(1)) {
      String n = x.rank() == 0 ? "no" : Integer.toString(x.size(-1));
      throw new ShapeException(
          "linear: input " + x.shape() + " has " + n + " features, weight " + weight.shape() + " takes " + weight.size(1));
    }
  }

  /**
   * sum over i and j of x[..., i] weight[o, i, j] y[..., j]: [..., n] and [..., m] with weight [out, n, m] → [..., out].
   *
   * @throws ShapeException if the sizes differ: "bilinear: inputs [2, 3] and [2, 4] do not fit weight [5, 3, 5]"
   */
  public static Tensor bilinear(Tensor x, Tensor y, Tensor weight) {
    boolean fits = weight.rank() == 3 && x.rank() > 0 && x.rank() == y.rank() && x.size(-1) == weight.size(1)
        && y.size(-1) == weight.size(2) && x.shape().range(0, x.rank() - 1).equals(y.shape().range(0, y.rank() - 1));
    if (!fits) {
      throw new ShapeException("bilinear: inputs " + x.shape() + " and " + y.shape() + " do not fit weight " + weight.shape()
          + "; expected [..., n] and [..., m] with [out, n, m]");
    }
    DType widest = DType.promote(DType.promote(x.dtype(), y.dtype()), weight.dtype());
    if (Autocast.dtype().isPresent() && widest != DType.FLOAT64 && (x.dtype() != widest || y.dtype() != widest || weight.dtype() != widest)) {
      return bilinear(x.to(widest), y.to(widest), weight.to(widest));
    }
    if (x.dtype() != y.dtype() || x.dtype() != weight.dtype()) {
      throw new DTypeException("bilinear: types differ: " + x.dtype() + ", " + y.dtype() + " and " + weight.dtype() + "; convert some");
    }
    int[] shape = x.shape().range(0, x.rank() - 1).append(weight.size(0)).dims();
    return Gate.named(OpName.of("bilinear", "Trilinear"), () -> {
      Tensor a = Primitives.contract("ni", x.reshape(-1, x.size(-1)), "oij", weight, "noj");
      return Primitives.contract("noj", a, "nj", y.reshape(-1, y.size(-1)), "no").reshape(shape);
    });
  }

  /**
   * {@link #bilinear(Tensor, Tensor, Tensor)} plus a bias [out].
   *
   * @throws ShapeException if the sizes differ
   */
  public static Tensor bilinear(Tensor x, Tensor y, Tensor weight, Tensor bias) {
    if (weight.rank() == 3 && (bias.rank() != 1 || bias.size(0) != weight.size(0))) {
      throw new ShapeException("bilinear: bias " + bias.shape() + " does not fit weight " + weight.shape() + "; expected ["
          + weight.size(0) + "]");
    }
    return Gate.named(OpName.of("bilinear", "Add"), () -> bilinear(x, y, weight).add(bias));
  }

  /**
   * Rows of a table by their numbers: index [...] of integers, table [n, d] → [..., d]. The gradient of the table is added up by
   * rows.
   *
   * @throws org.cotangent.errors.IndexException if an index is not from 0 to n - 1
   */
  public static Tensor embedding(Tensor index, Tensor table) {
    if (table.rank() != 2) {
      throw new ShapeException("embedding: table " + table.shape() + " is no matrix [n, d]");
    }
    if (!index.dtype().integer()) {
      throw new DTypeException("embedding: indices are " + index.dtype() + ", not integers; convert with to(DType.INT64)");
    }
    int width = table.size(1);
    int[] shape = index.shape().append(width).dims();
    return Gate.named(OpName.of("embedding"), () -> {
      Tensor at = index.to(DType.INT64).reshape(-1, 1).expand(-1, width);
      return table.gather(0, at).reshape(shape);
    });
  }

  /**
   * {@link #embedding(Tensor, Tensor)} where row {@code padding} gets no gradient.
   *
   * @throws org.cotangent.errors.IndexException if an index is not from 0 to n - 1
   */
  public static Tensor embedding(Tensor index, Tensor table, long padding) {
    return Gate.named(OpName.of("embedding"), () -> {
      Tensor y = embedding(index, table);
      return Tensor.where(index.eq(padding).unsqueeze(-1), y.detach(), y);
    });
  }

  /**
   * Scales the rows of a table that {@code index} names, in place and unrecorded, so that their p-norm is at most {@code most}.
   *
   * @throws org.cotangent.errors.IndexException if an index is not from 0 to n - 1
   */
  public static void renormalize_(Tensor table, Tensor index, double most, double p) {
    Tensor at = index.to(DType.INT64).reshape(-1);
    if (at.size() == 0) {
      return;
    }
    Gate.noGrad(() -> {
      Tensor rows = table.detach().indexSelect(0, at);
      Tensor length = rows.norm(p, new int[] {1}, true);
      Tensor factor = Tensor.where(length.gt(most), length.add(1e-7).rdiv(most), Tensor.onesLike(length));
      table.set(at, rows.mul(factor));
      return table;
    });
  }

  /**
   * The looked-up rows [..., d] of index [...], unchanged; the gradient of each is divided by how often its index occurs.
   *
   * @param classes number of rows in the table
   */
  public static Tensor gradByFrequency(Tensor rows, Tensor index, int classes) {
    return Gate.named(OpName.of("embedding"), () -> {
      Tensor at = index.to(DType.INT64).reshape(-1);
      Tensor ones = Tensor.full(at.shape(), 1, rows.dtype(), rows.device());
      Tensor counts = Tensor.full(Shape.of(classes), 0, rows.dtype(), rows.device()).scatterAdd(0, at, ones).gather(0, at);
      Tensor known = rows.detach();
      return known.add(rows.sub(known).div(counts.reshape(index.shape().append(1).dims())));
    });
  }

  /**
   * 1 at the position that each integer names, else 0: int64 [..., classes], with one class more than the largest number, which is read
   * from the data.
   *
   * @throws ArgumentException if there are no numbers or one is negative
   */
  public static Tensor oneHot(Tensor index) {
    if (index.size() == 0) {
      throw new ArgumentException("oneHot: can not infer total number of classes from empty tensor; pass it");
    }
    checkClasses(index, Long.MAX_VALUE);
    return index.oneHot((int) index.detach().max().itemLong() + 1);
  }

  /**
   * 1 at the position that each integer names, else 0: int64 [..., classes].
   *
   * @throws ArgumentException if a number is negative or no class, or there is no class
   */
  public static Tensor oneHot(Tensor index, int classes) {
    checkClasses(index, classes);
    return index.oneHot(classes);
  }

  private static void checkClasses(Tensor index, long classes) {
    if (!index.dtype().integer()) {
      throw new DTypeException("oneHot: is only applicable to index tensors, not " + index.dtype() + "; convert with to(DType.INT64)");
    }
    if (index.size() > 0) {
      long low = index.detach().min().itemLong();
      long high = index.detach().max().itemLong();
      if (low < 0 || high >= classes) {
        throw new ArgumentException(low < 0 ? "oneHot: class values must be non-negative: " + low
            : "oneHot: class values must be smaller than num_classes: " + high + " of " + classes);
      }
    }
  }

  /** {@link #dropout(Tensor, double, boolean, Generator)} with the default generator. */
  public static Tensor dropout(Tensor x, double p, boolean training) {
    return dropout(x, p, training, Generator.standard());
  }

  /**
   * While training, each element becomes 0 with probability p, and the others are multiplied by 1 / (1 - p); else x itself
   * (Srivastava et al. 2014).
   *
   * @throws ArgumentException if p is not between 0 and 1
   */
  public static Tensor dropout(Tensor x, double p, boolean training, Generator generator) {
    if (!(p >= 0 && p <= 1)) {
      throw new ArgumentException("dropout: probability is not between 0 and 1: " + p);
    }
    if (!training || p == 0) {
      return x;
    }
    return Gate.named(OpName.of("dropout", "Mul"), () -> {
      Tensor keep = p == 1 ? Tensor.zerosLike(x) : uniform(x.shape(), x.device(), generator).ge(p).to(x.dtype());
      return x.mul(keep.mul(p == 1 ? 0 : 1 / (1 - p)));
    });
  }

  private static Tensor uniform(Shape shape, Device device, Generator generator) {
    return Tensor.rand(shape, DType.FLOAT32, device, generator);
  }
}
