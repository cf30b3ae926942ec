package org.cotangent.examples.conformance;

import java.util.ArrayList;
import java.util.List;
import org.cotangent.DType;
import org.cotangent.Tensor;
import org.cotangent.TensorCounting.Histogram;
import org.cotangent.TensorCounting.Unique;
import org.cotangent.TensorScatter.Combination;

/** Combination at positions, parts written over, search and counts. */
final class SelectApis {
  private SelectApis() {}

  static void register(Apis apis) {
    scatters(apis);
    search(apis);
    counts(apis);
  }

  private static Combination combination(Call c, int i, String name) {
    return switch (c.string(i, name)) {
      case "sum" -> Combination.SUM;
      case "prod" -> Combination.PROD;
      case "mean" -> Combination.MEAN;
      case "amax" -> Combination.AMAX;
      case "amin" -> Combination.AMIN;
      default -> throw new MismatchException("reduce " + c.string(i, name));
    };
  }

  private static void scatters(Apis apis) {
    apis.add("torch.scatter_reduce", c -> c.input().scatterReduce(
        c.integer(1, "dim"), c.tensor(2, "index"), c.tensor(3, "src"), combination(c, 4, "reduce"), c.boolOr("include_self", true)));
    apis.add("torch.index_reduce", c -> c.input().indexReduce(
        c.integer(1, "dim"), c.tensor(2, "index"), c.tensor(3, "source"), combination(c, 4, "reduce"), c.boolOr("include_self", true)));
    apis.add("torch.put", c -> c.input().put(c.tensor(1, "index"), c.tensor(2, "source"), c.boolOr(3, "accumulate", false)));
    apis.add("torch.masked_scatter", c -> c.input().maskedScatter(c.tensor(1, "mask"), c.tensor(2, "source")));
    apis.add("torch.select_scatter", c -> c.input().selectScatter(c.tensor(1, "src"), c.integer(2, "dim"), c.integer(3, "index")));
    apis.add("torch.slice_scatter", c -> c.input().sliceScatter(c.tensor(1, "src"), c.intOr(2, "dim", 0),
        c.boundOr(3, "start", 0), c.boundOr(4, "end", Integer.MAX_VALUE), c.intOr(5, "step", 1)));
    apis.add("torch.diagonal_scatter", c -> c.input().diagonalScatter(
        c.tensor(1, "src"), c.intOr(2, "offset", 0), c.intOr(3, "dim1", 0), c.intOr(4, "dim2", 1)));
    apis.add("torch.as_strided", c -> c.input().asStrided(c.ints(1, "size"), c.ints(2, "stride"), c.intOr(3, "storage_offset", 0)));
    apis.add("torch.as_strided_scatter", c -> c.input().asStridedScatter(
        c.tensor(1, "src"), c.ints(2, "size"), c.ints(3, "stride"), c.intOr(4, "storage_offset", 0)));
  }

  private static void search(Apis apis) {
    apis.add("torch.searchsorted", c -> {
      Tensor sorted = c.tensor(0, "sorted_sequence");
      if (c.has("sorter")) {
        Tensor by = c.tensor(-1, "sorter");
        sorted = by.dtype() == DType.INT64 ? sorted.gather(-1, by) : mismatch("sorter of type " + by.dtype());
      }
      c.ignoring("sorter");
      Tensor v = c.isTensor(1, "input") ? c.tensor(1, "input") : c.scalar(1, "input", sorted);
      return sized(c, sorted.searchsorted(v, right(c)));
    });
    apis.add("torch.bucketize", c -> {
      Tensor edges = c.tensor(1, "boundaries");
      Tensor v = c.isTensor(0, "input") ? c.input() : c.scalar(0, "input", edges);
      return sized(c, v.bucketize(edges, right(c)));
    });
    apis.add("torch.isin", c -> {
      boolean among = c.isTensor(1, "test_elements");
      Tensor x = c.isTensor(0, "elements") ? c.tensor(0, "elements") : c.scalar(0, "elements", c.tensor(1, "test_elements"));
      Tensor hit = x.isin(among ? c.tensor(1, "test_elements") : c.scalar(1, "test_elements", x));
      return c.ignoring("assume_unique").boolOr("invert", false) ? hit.logicalNot() : hit;
    });
  }

  private static Tensor mismatch(String what) {
    throw new MismatchException(what);
  }

  private static boolean right(Call c) {
    boolean side = c.has("side");
    boolean right = c.boolOr("right", false);
    if (side && right && c.string(-1, "side").equals("left")) {
      throw new MismatchException("side left and right");
    }
    return c.stringOr("side", right ? "right" : "left").equals("right");
  }

  private static Tensor sized(Call c, Tensor at) {
    return c.boolOr("out_int32", false) ? at.to(DType.INT32) : at;
  }

  private static void counts(Apis apis) {
    apis.add("torch.unique", c -> {
      c.ignoring("sorted").ignoring(1);
      return parts(c, 2, c.has(4, "dim") ? c.input().unique(c.integer(4, "dim")) : c.ignoring("dim").input().unique());
    });
    apis.add("torch.unique_consecutive", c -> parts(c, 1, c.has(3, "dim")
        ? c.input().uniqueConsecutive(c.integer(3, "dim")) : c.ignoring("dim").input().uniqueConsecutive()));
    apis.add("torch.bincount", c -> {
      int least = c.intOr(2, "minlength", 0);
      return c.has(1, "weights") ? c.input().bincount(c.tensor(1, "weights"), least) : c.ignoring("weights").input().bincount(least);
    });
    apis.add("torch.histc", c -> c.input().histc(c.intOr(1, "bins", 100), c.numberOr(2, "min", 0), c.numberOr(3, "max", 0)));
    apis.add("torch.histogram", SelectApis::histogram);
  }

  private static Object parts(Call c, int from, Unique u) {
    List<Tensor> r = new ArrayList<>(List.of(u.values()));
    if (c.boolOr(from, "return_inverse", false)) {
      r.add(u.inverse());
    }
    if (c.boolOr(from + 1, "return_counts", false)) {
      r.add(u.counts());
    }
    return r;
  }

  private static Object histogram(Call c) {
    Tensor x = c.input();
    Tensor w = c.has("weight") ? c.tensor(-1, "weight") : Tensor.onesLike(x);
    boolean density = c.ignoring("weight").boolOr("density", false);
    double[] range = c.has("range") ? c.numbers(-1, "range") : new double[2];
    c.ignoring("range");
    Histogram h = c.isTensor(1, "bins") ? x.histogram(c.tensor(1, "bins"), w, density)
        : x.histogram(c.integer(1, "bins"), range[0], range[1], w, density);
    return List.of(h.counts(), h.edges());
  }
}
