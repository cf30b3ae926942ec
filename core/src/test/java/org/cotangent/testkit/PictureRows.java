package org.cotangent.testkit;

import static org.cotangent.testkit.OpRow.of;
import static org.cotangent.testkit.OpRow.row;

import java.util.ArrayList;
import java.util.List;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.ConvOptions;
import org.cotangent.ops.GridOptions;
import org.cotangent.ops.GridSampling;
import org.cotangent.ops.InterpolateOptions;
import org.cotangent.ops.Interpolation;
import org.cotangent.ops.Patches;
import org.cotangent.ops.PoolOptions;
import org.cotangent.ops.Resampling;
import org.cotangent.ops.Unpooling;
import org.cotangent.testkit.OpRow.Part;

/** Rows of resampling, patches and unpooling. */
final class PictureRows {
  private static final ConvOptions C = ConvOptions.DEFAULT;

  private PictureRows() {}

  static List<OpRow> rows() {
    var r = new ArrayList<OpRow>(resampling());
    r.addAll(grids());
    r.addAll(patches());
    r.addAll(unpooling());
    return r;
  }

  private static Tensor ones(int... shape) {
    return Tensor.ones(shape);
  }

  private static OpRow sized(Resampling mode, int[] shape, int... size) {
    return row("interpolate " + mode, x -> Interpolation.interpolate(x[0], size, InterpolateOptions.of(mode)), shape);
  }

  private static List<OpRow> resampling() {
    InterpolateOptions lines = InterpolateOptions.of(Resampling.BILINEAR);
    int[] picture = of(1, 2, 3, 4);
    return List.of(
        sized(Resampling.NEAREST, picture, 5, 3), sized(Resampling.NEAREST_EXACT, picture, 2, 7), sized(Resampling.BILINEAR, picture, 5, 3),
        sized(Resampling.BICUBIC, picture, 4, 5), sized(Resampling.AREA, picture, 2, 3), sized(Resampling.LINEAR, of(2, 1, 4), 6),
        sized(Resampling.TRILINEAR, of(1, 1, 2, 3, 2), 3, 2, 3)
            .refuses("a picture", ShapeException.class, "5D", () ->
                Interpolation.interpolate(ones(1, 1, 2, 2), new int[] {2}, InterpolateOptions.of(Resampling.TRILINEAR)))
            .refuses("size 0", ArgumentException.class, "greater than 0", () ->
                Interpolation.interpolate(ones(1, 1, 2, 2), new int[] {0}, lines))
            .refuses("corners of areas", ArgumentException.class, "align_corners", () ->
                InterpolateOptions.of(Resampling.AREA).alignCorners(true)),
        row("interpolate by a scale", x -> Interpolation.interpolate(x[0], new double[] {1.6}, lines), of(1, 2, 3, 4)),
        row("interpolate with corners aligned", x -> Interpolation.interpolate(x[0], new int[] {4, 2}, lines.alignCorners(true)),
            of(1, 2, 3, 4)),
        row("interpolate with anti-aliasing", x -> Interpolation.interpolate(x[0], new int[] {2, 3}, lines.antialias(true)),
            of(1, 1, 5, 6)));
  }

  private static OpRow grid(String name, GridOptions o) {
    return row("gridSample " + name, x -> GridSampling.gridSample(x[0], x[1], o), of(1, 2, 3, 4), of(1, 2, 3, 2)).within(1, -1.4, 1.4)
        .tolerance(1e-3).without(Part.TIES);
  }

  private static List<OpRow> grids() {
    GridOptions o = GridOptions.DEFAULT;
    return List.of(
        grid("with zeros", o).refuses("another grid", ShapeException.class, "does not fit", () ->
            GridSampling.gridSample(ones(1, 2, 3, 4), ones(2, 2, 3, 2), o)),
        grid("at the border", o.outside(GridOptions.Outside.BORDER).alignCorners(true)),
        grid("reflected", o.outside(GridOptions.Outside.REFLECTION)),
        grid("by cubes", o.mode(GridOptions.Mode.BICUBIC)),
        grid("by cubes reflected", o.mode(GridOptions.Mode.BICUBIC).outside(GridOptions.Outside.REFLECTION).alignCorners(true)),
        grid("of the nearest", o.mode(GridOptions.Mode.NEAREST)),
        row("gridSample of volumes", x -> GridSampling.gridSample(x[0], x[1], o), of(1, 1, 2, 3, 2), of(1, 2, 1, 2, 3)).within(1, -1.2, 1.2)
            .tolerance(1e-3).without(Part.TIES),
        row("affineGrid", x -> GridSampling.affineGrid(x[0], of(2, 1, 3, 2), false), of(2, 2, 3))
            .refuses("another batch", ShapeException.class, "does not fit", () ->
                GridSampling.affineGrid(ones(1, 2, 3), of(2, 1, 3, 2), false)),
        row("affineGrid of volumes", x -> GridSampling.affineGrid(x[0], of(1, 1, 2, 3, 2), true), of(1, 3, 4)));
  }

  private static List<OpRow> patches() {
    ConvOptions wide = C.stride(2).padding(1);
    return List.of(
        row("unfold of pictures", x -> Patches.unfold(x[0], of(2, 3), C.dilation(1, 2).padding(1)), of(2, 2, 3, 4)),
        row("unfold of one picture", x -> Patches.unfold(x[0], of(2), wide), of(2, 3, 4))
            .refuses("a vector", ShapeException.class, "expected", () -> Patches.unfold(ones(3), of(2), C))
            .refuses("groups", ArgumentException.class, "only", () -> Patches.unfold(ones(1, 3, 3), of(2), C.groups(2))),
        row("fold", x -> Patches.fold(x[0], of(3, 4), of(2), wide), of(2, 8, 6))
            .refuses("other columns", ShapeException.class, "does not fit", () -> Patches.fold(ones(2, 8, 5), of(3, 4), of(2), wide)),
        row("pixelShuffle", x -> Patches.pixelShuffle(x[0], 2), of(2, 8, 2, 3))
            .refuses("7 channels", ShapeException.class, "divisible", () -> Patches.pixelShuffle(ones(7, 2, 2), 2)),
        row("pixelUnshuffle", x -> Patches.pixelUnshuffle(x[0], 2), of(2, 4, 6))
            .refuses("odd heights", ShapeException.class, "divisible", () -> Patches.pixelUnshuffle(ones(1, 3, 4), 2)),
        row("channelShuffle", x -> Patches.channelShuffle(x[0], 2), of(2, 6, 3))
            .refuses("4 groups", ShapeException.class, "divisible", () -> Patches.channelShuffle(ones(2, 6, 3), 4)));
  }

  private static Tensor places(Tensor x) {
    return Tensor.of(new long[] {0, 5, 3, 1, 2, 4}, 1, 2, 3).to(x.device());
  }

  private static Tensor draws(Tensor x) {
    return Tensor.of(new double[] {0.2, 0.7, 0.5, 0.1}, 1, 2, 2).to(x.device());
  }

  private static List<OpRow> unpooling() {
    return List.of(
        row("maxUnpool", x -> Unpooling.maxUnpool(x[0], places(x[0]), 6), of(1, 2, 3))
            .refuses("other positions", ShapeException.class, "indices", () -> Unpooling.maxUnpool(ones(1, 2), places(ones(1)), 6)),
        row("maxUnpool by a pool", x -> Unpooling.maxUnpool(x[0], places(x[0]), 1, PoolOptions.of(2)), of(1, 2, 3)),
        OpRow.many("fractionalMaxPool", x -> {
          var r = Unpooling.fractionalMaxPool(x[0], of(2, 2), of(2, 3), draws(x[0]));
          return new Tensor[] {r.values(), r.indices()};
        }, of(1, 2, 4, 5)).without(Part.TIES)
            .refuses("too large a size", ShapeException.class, "do not fit", () ->
                Unpooling.fractionalMaxPool(ones(1, 2, 4, 5), of(2, 2), of(4, 4), draws(ones(1)))));
  }
}
