package org.cotangent.ops;

import java.util.Arrays;
import org.cotangent.DType;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.BagOptions.Mode;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/** Sums, means and largest elements of looked-up rows. */
public final class Bags {
  private Bags() {}

  /**
   * Bags of equal length: the rows of a table that index [b, l] names, brought together over l: table [n, d] → [b, d].
   *
   * @throws ShapeException if the arguments do not fit
   * @throws org.cotangent.errors.IndexException if an index is not from 0 to n - 1
   */
  public static Tensor embeddingBag(Tensor index, Tensor table, BagOptions options) {
    if (index.rank() != 2) {
      throw new ShapeException("embeddingBag: index " + index.shape() + " is no matrix [b, l]; pass offsets for a vector");
    }
    check(index, table, options);
    return Gate.named(OpName.of("embeddingBag"), () -> together(index, index.eq(index), options, table));
  }

  /**
   * Bags of any length: bag i has the rows that index [k] names from offset i to before the next: offsets [b], table [n, d] → [b, d].
   * The offsets are read from the data.
   *
   * @throws ShapeException if the arguments do not fit
   * @throws ArgumentException if the offsets do not begin with 0, fall, or pass the end
   * @throws org.cotangent.errors.IndexException if an index is not from 0 to n - 1
   */
  public static Tensor embeddingBag(Tensor index, Tensor table, Tensor offsets, BagOptions options) {
    if (index.rank() != 1 || offsets.rank() != 1) {
      throw new ShapeException("embeddingBag: index " + index.shape() + " and offsets " + offsets.shape() + " are not two vectors");
    }
    check(index, table, options);
    int k = Math.toIntExact(index.size());
    long[] from = bounds(offsets, k, options);
    int bags = from.length - 1;
    int widest = 0;
    for (int i = 0; i < bags; i++) {
      widest = Math.max(widest, (int) (from[i + 1] - from[i]));
    }
    int width = widest;
    long[] at = new long[bags * width];
    boolean[] here = new boolean[bags * width];
    for (int j = 0; j < at.length; j++) {
      int i = j / width;
      here[j] = from[i] + j % width < from[i + 1];
      at[j] = here[j] ? from[i] + j % width : 0;
    }
    return Gate.named(OpName.of("embeddingBag"), () -> {
      Tensor places = Tensor.of(at).to(index.device());
      Tensor filled = Tensor.of(here).to(index.device()).reshape(bags, width);
      BagOptions o = options.weights().map(w -> options.weights(w.indexSelect(0, places).reshape(bags, width))).orElse(options);
      return together(index.indexSelect(0, places).reshape(bags, width), filled, o, table);
    });
  }

  private static long[] bounds(Tensor offsets, int end, BagOptions options) {
    if (!offsets.dtype().integer()) {
      throw new DTypeException("embeddingBag: offsets are " + offsets.dtype() + ", not integers; convert with to(DType.INT64)");
    }
    long[] given = offsets.to(DType.INT64).toLongArray();
    if (options.lastOffset() && given.length == 0) {
      throw new ArgumentException("embeddingBag: the last offset is missing; there are none");
    }
    long[] r = options.lastOffset() ? given.clone() : Arrays.copyOf(given, given.length + 1);
    if (r.length > 1 && r[0] != 0) {
      throw new ArgumentException("embeddingBag: offsets[0] has to be 0, but got " + r[0]);
    }
    if (r[r.length - 1] > end && options.lastOffset()) {
      throw new ArgumentException("embeddingBag: offsets[-1] can not be greater than input's length(" + end + "), but got "
          + r[r.length - 1]);
    }
    r[r.length - 1] = options.lastOffset() ? r[r.length - 1] : end;
    for (int i = 1; i < r.length; i++) {
      if (r[i] < r[i - 1]) {
        throw new ArgumentException("embeddingBag: offsets fall or pass the end " + end + ": " + Arrays.toString(given));
      }
    }
    return r;
  }

  private static void check(Tensor index, Tensor table, BagOptions o) {
    if (table.rank() != 2) {
      throw new ShapeException("embeddingBag: table " + table.shape() + " is no matrix [n, d]");
    }
    if (!index.dtype().integer()) {
      throw new DTypeException("embeddingBag: indices are " + index.dtype() + ", not integers; convert with to(DType.INT64)");
    }
    o.weights().ifPresent(w -> {
      if (o.mode() != Mode.SUM) {
        throw new ArgumentException("embeddingBag: weights of rows are for mode SUM, not " + o.mode());
      }
      if (!w.shape().equals(index.shape())) {
        throw new ShapeException("embeddingBag: weights " + w.shape() + " do not fit index " + index.shape() + "; expected the same shape");
      }
      if (w.dtype() != table.dtype()) {
        throw new DTypeException("embeddingBag: weights are " + w.dtype() + ", the table is " + table.dtype() + "; convert one");
      }
    });
    o.padding().ifPresent(p -> {
      if (p < -table.size(0) || p >= table.size(0)) {
        throw new ArgumentException("embeddingBag: padding row " + p + " is not in a table of " + table.size(0) + " rows");
      }
    });
  }

  /** Of rows [b, l, d] that count [b, l] the largest elements over l, never of the others, were the largest minus infinity. */
  private static Tensor largest(Tensor rows, Tensor counts) {
    Tensor at = rows.maskedFill(counts.not().unsqueeze(-1), Double.NEGATIVE_INFINITY).argmax(1);
    Tensor first = counts.to(DType.INT64).argmax(1).unsqueeze(-1);
    Tensor place = Tensor.where(counts.gather(1, at), at, first);
    return rows.gather(1, place.unsqueeze(1)).squeeze(1);
  }

  /** [b, l] of indices, of which those count that are {@code here}. */
  private static Tensor together(Tensor index, Tensor here, BagOptions o, Tensor table) {
    int n = table.size(0);
    Tensor counts = here;
    if (o.padding().isPresent()) {
      counts = counts.and(index.ne(Math.floorMod(o.padding().getAsInt(), n)));
    }
    Tensor rows = Functional.embedding(index, table);
    if (o.byFrequency()) {
      rows = Functional.gradByFrequency(rows, index, n);
    }
    Tensor mask = counts.unsqueeze(-1);
    if (o.weights().isPresent()) { // what is left out is 0 on both sides, so that no infinity meets a 0
      rows = rows.maskedFill(mask.not(), 0).mul(o.weights().get().maskedFill(counts.not(), 0).unsqueeze(-1));
    }
    if (index.size(1) == 0) {
      return rows.sum(1);
    }
    Tensor number = counts.to(table.dtype()).sum(new int[] {1}, true);
    if (o.mode() == Mode.MAX) {
      return largest(rows, counts).maskedFill(number.eq(0), 0);
    }
    Tensor sum = rows.maskedFill(mask.not(), 0).sum(1);
    return o.mode() == Mode.SUM ? sum : sum.div(number.clampMin(1.0));
  }
}
