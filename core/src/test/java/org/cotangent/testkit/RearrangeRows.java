package org.cotangent.testkit;

import static org.cotangent.testkit.OpRow.many;
import static org.cotangent.testkit.OpRow.of;
import static org.cotangent.testkit.OpRow.row;
import static org.cotangent.testkit.OpRow.unary;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.cotangent.Index;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.Padding;
import org.cotangent.ops.Stacking;
import org.cotangent.testkit.OpRow.Part;

/** Rows of diagonals, triangles, rolls, repetitions, selections, stacking and padding. */
final class RearrangeRows {
  private static final int[] CUBE = {2, 3, 4};

  private RearrangeRows() {}

  private static OpRow cube(String name, UnaryOperator<Tensor> f) {
    return row(name, x -> f.apply(x[0]), CUBE);
  }

  /** Positions on the device of {@code x}. */
  private static Tensor at(Tensor x, long... i) {
    return Tensor.of(i).to(x.device());
  }

  private static Tensor ones(int... shape) {
    return Tensor.ones(shape);
  }

  static List<OpRow> rows() {
    var r = new ArrayList<OpRow>(moved());
    r.addAll(selected());
    r.addAll(stacked());
    return r;
  }

  private static List<OpRow> moved() {
    return List.of(
        row("broadcastTo", x -> x[0].broadcastTo(2, 3, 4), of(3, 1)), cube("ravel", Tensor::ravel).scalars(),
        row("reshapeAs", x -> x[0].reshapeAs(x[1]), of(2, 3), of(3, 2)), row("viewAs", x -> x[0].viewAs(x[1]), of(2, 3), of(6)),
        cube("T", Tensor::T),
        cube("contiguous", x -> x.permute(2, 0, 1).contiguous()),
        cube("mT", Tensor::mT).refuses("a vector", ShapeException.class, "two axes", () -> ones(2).mT()),
        cube("unflatten", x -> x.unflatten(2, 2, -1))
            .refuses("5 as 2 x 2", ShapeException.class, "does not make", () -> ones(5).unflatten(0, 2, 2)),
        cube("movedim axes", x -> x.movedim(of(0, 1), of(2, 0))), cube("fliplr", Tensor::fliplr)
            .refuses("a vector", ShapeException.class, "two axes", () -> ones(2).fliplr()),
        cube("flipud", Tensor::flipud), row("diag", x -> x[0].diag(1), of(3)), row("diag of a matrix", x -> x[0].diag(-1), of(3, 4)),
        cube("diagEmbed", x -> x.diagEmbed(1, 0, -1)), row("diagflat", x -> x[0].diagflat(-1), of(2, 2)), cube("tril", x -> x.tril(0)),
        cube("triu", x -> x.triu(1))
            .refuses("a vector", ShapeException.class, "two axes", () -> ones(2).triu(0)),
        cube("roll", x -> x.roll(of(1, -2), 0, 2)),
        cube("roll all", x -> x.roll(of(5))).refuses("no shifts", ArgumentException.class, "no shifts", () -> ones(2).roll(of())),
        cube("tile", x -> x.tile(2, 1, 2)), cube("repeatInterleave", x -> x.repeatInterleave(2)),
        cube("repeatInterleave axis", x -> x.repeatInterleave(3, 1)),
        cube("repeatInterleave numbers", x -> x.repeatInterleave(at(x, 2, 0, 1), 1))
            .refuses("-1 times", ArgumentException.class, "times", () -> ones(2).repeatInterleave(-1, 0)),
        many("split sizes", x -> x[0].split(of(1, 3), 2), CUBE), many("unbind", x -> x[0].unbind(1), CUBE),
        cube("narrowCopy", x -> x.narrowCopy(1, 1, 2)),
        cube("constantPad", x -> x.constantPad(0.5, 1, 2, 0, 1)));
  }

  private static List<OpRow> selected() {
    return List.of(
        row("takeAlongDim", x -> x[0].takeAlongDim(x[1], 1), of(2, 3), of(2, 5)).index(1, 3),
        row("take", x -> x[0].take(x[1]), of(2, 3), of(2, 2)).index(1, 6),
        cube("indexFill number", x -> x.indexFill(1, at(x, 0, 2), 0.5).mul(x)),
        row("indexFill", x -> x[0].indexFill(1, at(x[0], 0, 2), x[1].sum()).mul(x[0]), of(2, 3), of(2)),
        row("indexCopy", x -> x[0].indexCopy(1, at(x[0], 2, 0), x[1]).mul(x[0]), of(2, 3), of(2, 2)),
        row("indexAdd", x -> x[0].indexAdd(1, at(x[0], 2, 0, 2), x[1], 0.7), of(2, 3), of(2, 3)),
        row("scatter", x -> x[0].scatter(1, Tensor.of(new long[] {2, 0, 1, 2}, 2, 2).to(x[0].device()), x[1]).mul(x[0]), of(2, 3), of(2, 2)),
        cube("scatter number", x -> x.scatter(1, Tensor.of(new long[] {2, 0}, 2, 1, 1).to(x.device()), 0.5).mul(x)),
        row("scatterMultiply", x -> x[0].scatterMultiply(1, x[1], x[2]), of(2, 3), of(2, 2), of(2, 2)).index(1, 3).without(Part.VMAP),
        row("maskedFill tensor", x -> x[0].maskedFill(x[1], x[2].sum()), of(2, 3), of(3), of(2)).mask(1),
        unary("fill number", x -> x.fill(2.5).mul(x)), row("fill", x -> x[0].fill(x[1].sum()).mul(x[0]), of(2, 3), of(2))
            .refuses("a vector", ShapeException.class, "not a scalar", () -> ones(2).fill(ones(2))),
        row("argwhere", x -> x[0].argwhere(), of(2, 3)).index(0, 2).without(Part.FIRST, Part.VMAP),
        row("indexPut", x -> x[0].indexPut(new Index[] {Index.of(at(x[0], 1, 0)), Index.of(at(x[0], 2, 2))}, x[1], false).mul(x[0]), of(2, 3), of(2)),
        row("indexPut accumulating", x -> x[0].indexPut(new Index[] {Index.of(at(x[0], 1, 1)), Index.of(at(x[0], 2, 2))}, x[1], true).mul(x[0]),
            of(2, 3), of(2)));
  }

  private static List<OpRow> stacked() {
    return List.of(
        unary("atleast1d", Stacking::atleast1d).full(), row("atleast2d", x -> Stacking.atleast2d(x[0]), of(3)),
        row("atleast3d", x -> Stacking.atleast3d(x[0]), of(3)),
        row("hstack", x -> Stacking.hstack(x), of(2, 3), of(2, 1)), row("vstack", x -> Stacking.vstack(x), of(3), of(2, 3)),
        row("dstack", x -> Stacking.dstack(x), of(2, 3), of(2, 3)),
        row("columnStack", x -> Stacking.columnStack(x), of(3), of(3, 2)),
        many("broadcastTensors", x -> Stacking.broadcastTensors(x), of(2, 1), of(3)),
        many("meshgrid", x -> Stacking.meshgrid(x), of(2), of(3))
            .refuses("a matrix", ShapeException.class, "not a vector", () -> Stacking.meshgrid(ones(2, 2))),
        many("meshgridXy", x -> Stacking.meshgridXy(x), of(2), of(3)),
        cube("constant", x -> Padding.constant(x, 0.5, 1, 2, 0, 1)),
        cube("constant removing", x -> Padding.constant(x, 0, -1, 2)),
        cube("reflect", x -> Padding.reflect(x, 1, 2))
            .refuses("too much", ShapeException.class, "size", () -> Padding.reflect(ones(2, 3), 3, 0)),
        cube("replicate", x -> Padding.replicate(x, 2, 1, 1, 0)), cube("circular", x -> Padding.circular(x, 2, 1)));
  }
}
