package org.cotangent.examples.conformance;

import java.util.Arrays;
import org.cotangent.Tensor;
import org.cotangent.errors.DTypeException;
import org.cotangent.ops.Stacking;

/** Tensors taken apart, turned and put together. */
final class PartApis {
  private PartApis() {}

  static void register(Apis apis) {
    apis.add("torch.tensor_split", PartApis::tensorSplit);
    apis.add("torch.hsplit", c -> c.isInt(1, "indices_or_sections")
        ? c.input().hsplit(c.integer(1, "indices_or_sections")) : c.input().hsplit(c.ints(1, "indices_or_sections")));
    apis.add("torch.vsplit", c -> c.isInt(1, "indices_or_sections")
        ? c.input().vsplit(c.integer(1, "indices_or_sections")) : c.input().vsplit(c.ints(1, "indices_or_sections")));
    apis.add("torch.dsplit", c -> c.isInt(1, "indices_or_sections")
        ? c.input().dsplit(c.integer(1, "indices_or_sections")) : c.input().dsplit(c.ints(1, "indices_or_sections")));
    apis.add("torch.rot90", c -> c.input().rot90(c.intOr(1, "k", 1), c.has(2, "dims") ? c.ints(2, "dims") : new int[] {0, 1}));
    apis.add("torch.Tensor.sum_to_size", c -> c.tensor(0, "self").sumToSize(c.restInts(1, "size")));
    apis.add("torch.Tensor.unfold", c -> unfold(
        c.tensor(0, "self"), c.integer(1, "dimension"), c.integer(2, "size"), c.integer(3, "step")));
    apis.add("torch.Tensor.H", c -> c.tensor(0, "self").t());
    apis.add("torch.Tensor.mH", c -> c.tensor(0, "self").mT());
    apis.add("torch.block_diag", c -> Stacking.blockDiag(c.rest(0)));
    apis.add("torch.cartesian_prod", c -> Stacking.cartesianProd(c.rest(0)));
    apis.add("torch.combinations", c -> Stacking.combinations(
        c.input(), c.intOr(1, "r", 2), c.boolOr(2, "with_replacement", false)));
    apis.add("torch.swapaxes", c -> c.input().transpose(c.integer(1, "axis0"), c.integer(2, "axis1")));
    apis.add("torch.swapdims", c -> c.input().transpose(c.integer(1, "dim0"), c.integer(2, "dim1")));
    apis.add("torch.moveaxis", c -> c.input().movedim(c.ints(1, "source"), c.ints(2, "destination")));
  }

  private static Object tensorSplit(Call c) {
    int axis = c.intOr(2, "dim", 0);
    Tensor x = c.input();
    String name = "indices_or_sections";
    if (c.isTensor(1, name)) {
      Tensor at = c.tensor(1, name);
      if (at.dtype().floating() || at.rank() > 1) {
        throw new DTypeException("tensor_split: needs integers [] or [k], not " + at.dtype() + " " + at.shape());
      }
      return at.rank() == 0 ? x.tensorSplit((int) at.itemLong(), axis)
          : x.tensorSplit(Arrays.stream(at.toLongArray()).mapToInt(Math::toIntExact).toArray(), axis);
    }
    return c.isInt(1, name) ? x.tensorSplit(c.integer(1, name), axis) : x.tensorSplit(c.ints(1, name), axis);
  }

  /** A scalar counts as one element. */
  private static Tensor unfold(Tensor x, int axis, int size, int step) {
    return x.rank() > 0 ? x.unfold(axis, size, step) : x.reshape(1).unfold(axis, size, step).select(0, 0);
  }
}
