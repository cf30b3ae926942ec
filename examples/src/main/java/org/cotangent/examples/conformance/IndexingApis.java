package org.cotangent.examples.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cotangent.Index;
import org.cotangent.Tensor;
import org.cotangent.ops.Stacking;

/** Selection and writing by position. */
final class IndexingApis {
  private IndexingApis() {}

  static void register(Apis apis) {
    apis.add("torch.Tensor.__getitem__", c -> c.tensor(0, "self").get(indices(c)));
    apis.add("torch.index_select", c -> c.input().indexSelect(c.integer(1, "dim"), c.tensor(2, "index")));
    apis.add("torch.gather", c -> c.ignoring("sparse_grad").tensor(0, "input").gather(c.integer(1, "dim"), c.tensor(2, "index")));
    apis.add("torch.take_along_dim", c -> c.has(2, "dim")
        ? c.input().takeAlongDim(c.tensor(1, "indices"), c.integer(2, "dim"))
        : c.input().ravel().takeAlongDim(c.tensor(1, "indices").ravel(), 0));
    apis.add("torch.take", c -> c.input().take(c.tensor(1, "index")));
    apis.add("torch.index_fill", c -> c.isTensor(3, "value")
        ? c.input().indexFill(c.integer(1, "dim"), c.tensor(2, "index"), c.tensor(3, "value"))
        : c.input().indexFill(c.integer(1, "dim"), c.tensor(2, "index"), c.number(3, "value")));
    apis.add("torch.index_copy", c -> c.input().indexCopy(c.integer(1, "dim"), c.tensor(2, "index"), c.tensor(3, "source")));
    apis.add("torch.index_add", c -> c.input().indexAdd(
        c.integer(1, "dim"), c.tensor(2, "index"), c.tensor(3, "source"), c.numberOr("alpha", 1)));
    apis.add("torch.index_put", c -> c.input().indexPut(
        Arrays.stream(c.tensors(1, "indices")).map(Index::of).toArray(Index[]::new),
        c.tensor(2, "values"), c.boolOr(3, "accumulate", false)));
    apis.add("torch.scatter", IndexingApis::scatter);
    apis.add("torch.scatter_add", c -> c.input().scatterAdd(c.integer(1, "dim"), c.tensor(2, "index"), c.tensor(3, "src")));
    apis.add("torch.masked_fill", c -> c.isTensor(2, "value")
        ? c.input().maskedFill(c.tensor(1, "mask"), c.tensor(2, "value"))
        : c.input().maskedFill(c.tensor(1, "mask"), c.number(2, "value")));
    apis.add("torch.masked_select", c -> c.input().maskedSelect(c.tensor(1, "mask")));
    apis.add("torch.where", IndexingApis::where);
    apis.add("torch.nonzero", c -> c.boolOr(1, "as_tuple", false)
        ? Stacking.atleast1d(c.input()).nonzero().unbind(1) : c.input().nonzero());
    apis.add("torch.argwhere", c -> c.input().argwhere());
  }

  private static Tensor scatter(Call c) {
    Tensor x = c.input();
    int axis = c.integer(1, "dim");
    Tensor at = c.tensor(2, "index");
    String reduce = c.stringOr("reduce", "");
    if (reduce.isEmpty()) {
      return c.isTensor(3, "src") ? x.scatter(axis, at, c.tensor(3, "src")) : x.scatter(axis, at, c.number(3, "value"));
    }
    Tensor v = c.isTensor(3, "src") ? c.tensor(3, "src") : Tensor.full(at.shape(), c.number(3, "value"), x.dtype(), x.device());
    return reduce.equals("add") ? x.scatterAdd(axis, at, v) : x.scatterMultiply(axis, at, v);
  }

  private static Object where(Call c) {
    Tensor condition = c.tensor(0, "condition");
    if (!c.has(1, "input")) {
      return Stacking.atleast1d(condition).nonzero().unbind(1);
    }
    Tensor x = c.isTensor(1, "input") ? c.tensor(1, "input") : c.scalar(1, "input", c.tensor(2, "other"));
    return Tensor.where(condition, x, c.isTensor(2, "other") ? c.tensor(2, "other") : c.scalar(2, "other", x));
  }

  /** What stands in brackets: one part, or a tuple of them. */
  private static Index[] indices(Call c) {
    Map<String, Object> v = c.tagged(1, "index");
    boolean tuple = "tuple".equals(v.get("seq"));
    List<Index> r = new ArrayList<>();
    if (v.get("items") instanceof List<?> items) {
      Call parts = c.items(1, "index");
      for (int i = 0; i < items.size(); i++) {
        r.add(index(parts, i, "part"));
      }
    } else if (tuple && v.get("ints") instanceof List<?> ints) {
      ints.forEach(i -> r.add(Index.at((int) Json.number(i))));
    } else if (tuple && v.containsKey("tensors")) {
      for (Tensor t : c.tensors(1, "index")) {
        r.add(Index.of(t));
      }
    } else {
      r.add(index(c, 1, "index"));
    }
    return r.toArray(Index[]::new);
  }

  private static Index index(Call c, int i, String name) {
    Map<String, Object> v = c.tagged(i, name);
    if (v.get("slice") instanceof List<?> s) {
      return Index.range(bound(s.get(0), 0), bound(s.get(1), Integer.MAX_VALUE), bound(s.get(2), 1));
    }
    if (v.containsKey("ellipsis")) {
      return Index.ellipsis();
    }
    if (v.containsKey("none")) {
      return Index.newAxis();
    }
    if (v.containsKey("bool")) {
      return Index.of(Tensor.scalar(c.bool(i, name)).to(c.device()));
    }
    if (v.containsKey("int")) {
      return Index.at(c.integer(i, name));
    }
    if (v.containsKey("bools")) {
      int[] b = c.ints(i, name);
      boolean[] mask = new boolean[b.length];
      for (int k = 0; k < b.length; k++) {
        mask[k] = b[k] != 0;
      }
      return Index.of(Tensor.of(mask).to(c.device()));
    }
    return Index.of(c.isTensor(i, name) ? c.tensor(i, name) : Tensor.of(Arrays.stream(c.ints(i, name)).asLongStream().toArray()).to(c.device()));
  }

  private static int bound(Object o, int otherwise) {
    return o instanceof Long l ? Math.clamp(l, Integer.MIN_VALUE, Integer.MAX_VALUE) : otherwise;
  }
}
