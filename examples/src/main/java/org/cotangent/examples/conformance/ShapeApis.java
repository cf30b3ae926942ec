package org.cotangent.examples.conformance;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.cotangent.Tensor;
import org.cotangent.ops.Stacking;

/** Views, and movement of elements. */
final class ShapeApis {
  private ShapeApis() {}

  static void register(Apis apis) {
    shapes(apis);
    axes(apis);
    diagonals(apis);
    parts(apis);
    stacks(apis);
    copies(apis);
  }

  private static void shapes(Apis apis) {
    apis.add("torch.reshape", c -> c.input().reshape(c.restInts(1, "shape")));
    apis.add("torch.Tensor.view", c -> c.isDtype(1, "dtype")
        ? unsupported("view of another type") : c.tensor(0, "self").view(c.restInts(1, "shape")));
    apis.add("torch.Tensor.reshape_as", c -> c.tensor(0, "self").reshapeAs(c.tensor(1, "other")));
    apis.add("torch.Tensor.view_as", c -> c.tensor(0, "self").viewAs(c.tensor(1, "other")));
    apis.add("torch.ravel", c -> c.input().ravel());
    apis.add("torch.flatten", c -> c.input().flatten(c.intOr(1, "start_dim", 0), c.intOr(2, "end_dim", -1)));
    apis.add("torch.unflatten", c -> c.input().unflatten(c.integer(1, "dim"), c.ints(2, "sizes")));
    apis.add("torch.Tensor.expand", c -> c.ignoring("implicit").tensor(0, "self").expand(c.restInts(1, "size")));
    apis.add("torch.Tensor.expand_as", c -> c.tensor(0, "self").expandAs(c.tensor(1, "other")));
    apis.add("torch.broadcast_to", c -> c.input().broadcastTo(c.ints(1, "size")));
    apis.add("torch.broadcast_tensors", c -> Stacking.broadcastTensors(c.rest(0)));
    apis.add("torch.squeeze", c -> !c.has(1, "dim") ? c.input().squeeze() : squeeze(c.input(), c.ints(1, "dim")));
    apis.add("torch.unsqueeze", c -> c.input().unsqueeze(c.integer(1, "dim")));
    atleast(apis, "atleast_1d", Stacking::atleast1d);
    atleast(apis, "atleast_2d", Stacking::atleast2d);
    atleast(apis, "atleast_3d", Stacking::atleast3d);
  }

  private static Object unsupported(String what) {
    throw new UnsupportedException(what);
  }

  private static Tensor squeeze(Tensor x, int... axes) {
    return axes.length == 0 ? x : x.squeeze(axes);
  }

  private static void atleast(Apis apis, String name, UnaryOperator<Tensor> f) {
    apis.add("torch." + name, c -> Arrays.stream(c.rest(0)).map(f).toArray(Tensor[]::new));
  }

  private static void axes(Apis apis) {
    apis.add("torch.permute", c -> c.input().permute(c.restInts(1, "dims")));
    apis.add("torch.transpose", c -> c.input().transpose(c.integer(1, "dim0"), c.integer(2, "dim1")));
    apis.add("torch.t", c -> c.input().t());
    apis.add("torch.Tensor.T", c -> c.tensor(0, "self").T());
    apis.add("torch.Tensor.mT", c -> c.tensor(0, "self").mT());
    apis.add("torch.movedim", c -> c.input().movedim(c.ints(1, "source"), c.ints(2, "destination")));
    apis.add("torch.flip", c -> flip(c.input(), c.restInts(1, "dims")));
    apis.add("torch.fliplr", c -> c.input().fliplr());
    apis.add("torch.flipud", c -> c.input().flipud());
    apis.add("torch.roll", c -> c.input().roll(c.ints(1, "shifts"), c.intsOr(2, "dims")));
  }

  private static Tensor flip(Tensor x, int... axes) {
    return axes.length == 0 ? x.copy() : x.flip(axes);
  }

  private static void diagonals(Apis apis) {
    apis.add("torch.diag", c -> c.input().diag(c.intOr(1, "diagonal", 0)));
    apis.add("torch.diagonal", c -> c.input().diagonal(c.intOr(1, "offset", 0), c.intOr(2, "dim1", 0), c.intOr(3, "dim2", 1)));
    apis.add("torch.diag_embed", c -> c.input().diagEmbed(c.intOr(1, "offset", 0), c.intOr(2, "dim1", -2), c.intOr(3, "dim2", -1)));
    apis.add("torch.diagflat", c -> c.input().diagflat(c.intOr(1, "offset", 0)));
    apis.add("torch.tril", c -> c.input().tril(c.intOr(1, "diagonal", 0)));
    apis.add("torch.triu", c -> c.input().triu(c.intOr(1, "diagonal", 0)));
  }

  private static void parts(Apis apis) {
    apis.add("torch.chunk", c -> c.input().chunk(c.integer(1, "chunks"), c.intOr(2, "dim", 0)));
    apis.add("torch.split", c -> c.isInt(1, "split_size_or_sections")
        ? c.input().split(c.integer(1, "split_size_or_sections"), c.intOr(2, "dim", 0))
        : c.input().split(c.ints(1, "split_size_or_sections"), c.intOr(2, "dim", 0)));
    apis.add("torch.split_with_sizes", c -> c.input().split(c.ints(1, "split_sizes"), c.intOr(2, "dim", 0)));
    apis.add("torch.unbind", c -> c.input().unbind(c.intOr(1, "dim", 0)));
    apis.add("torch.narrow", c -> c.input().narrow(c.integer(1, "dim"), start(c), c.integer(3, "length")));
    apis.add("torch.narrow_copy", c -> c.input().narrowCopy(c.integer(1, "dim"), start(c), c.integer(3, "length")));
    apis.add("torch.select", c -> c.input().select(c.integer(1, "dim"), c.integer(2, "index")));
    apis.add("torch.ops.aten.slice.Tensor", c -> c.tensor(0, "self").slice(
        c.intOr(1, "dim", 0), c.boundOr(2, "start", 0), c.boundOr(3, "end", Integer.MAX_VALUE), c.intOr(4, "step", 1)));
  }

  private static int start(Call c) {
    return c.isTensor(2, "start") ? (int) c.tensor(2, "start").itemLong() : c.integer(2, "start");
  }

  private static void stacks(Apis apis) {
    apis.add("torch.cat", c -> Tensor.cat(c.intOr(1, "dim", 0), c.tensors(0, "tensors")));
    apis.add("torch.stack", c -> Tensor.stack(c.intOr(1, "dim", 0), c.tensors(0, "tensors")));
    apis.add("torch.hstack", c -> Stacking.hstack(c.tensors(0, "tensors")));
    apis.add("torch.vstack", c -> Stacking.vstack(c.tensors(0, "tensors")));
    apis.add("torch.dstack", c -> Stacking.dstack(c.tensors(0, "tensors")));
    apis.add("torch.column_stack", c -> Stacking.columnStack(c.tensors(0, "tensors")));
    apis.add("torch.meshgrid", c -> c.stringOr("indexing", "ij").equals("xy")
        ? Stacking.meshgridXy(c.rest(0)) : Stacking.meshgrid(c.rest(0)));
  }

  private static void copies(Apis apis) {
    apis.add("torch.clone", c -> c.ignoring("memory_format").tensor(0, "input").copy());
    apis.add("torch.Tensor.contiguous", c -> c.ignoring("memory_format").tensor(0, "self").contiguous());
    apis.add("torch.Tensor.repeat", c -> c.tensor(0, "self").repeat(c.restInts(1, "repeats")));
    apis.add("torch.tile", c -> c.input().tile(c.ints(1, "dims")));
    apis.add("torch.repeat_interleave", ShapeApis::interleaved);
    apis.add("torch.constant_pad_nd", c -> c.input().constantPad(c.numberOr(2, "value", 0), c.ints(1, "pad")));
  }

  private static Tensor interleaved(Call c) {
    Tensor x = c.ignoring("output_size").tensor(0, "input");
    boolean flat = !c.has(2, "dim");
    if (c.isTensor(1, "repeats")) {
      Tensor n = c.tensor(1, "repeats");
      return flat ? x.reshape(-1).repeatInterleave(n, 0) : x.repeatInterleave(n, c.integer(2, "dim"));
    }
    int n = c.integer(1, "repeats");
    return flat ? x.repeatInterleave(n) : x.repeatInterleave(n, c.integer(2, "dim"));
  }
}
