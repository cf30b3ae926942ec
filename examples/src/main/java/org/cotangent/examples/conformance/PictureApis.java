package org.cotangent.examples.conformance;

import java.util.Arrays;
import org.cotangent.Tensor;
import org.cotangent.TensorReduce.Indexed;
import org.cotangent.ops.ConvOptions;
import org.cotangent.ops.GridOptions;
import org.cotangent.ops.GridSampling;
import org.cotangent.ops.InterpolateOptions;
import org.cotangent.ops.Interpolation;
import org.cotangent.ops.Patches;
import org.cotangent.ops.PoolOptions;
import org.cotangent.ops.Pooling;
import org.cotangent.ops.Resampling;
import org.cotangent.ops.Unpooling;

/** torch.nn.functional: resampling, patches, unpooling and the rarer pools. */
final class PictureApis {
  private static final String F = "torch.nn.functional.";

  private PictureApis() {}

  static void register(Apis apis) {
    apis.add(F + "interpolate", PictureApis::interpolate);
    apis.add(F + "upsample", c -> upsample(c, c.stringOr(3, "mode", "nearest"), c.boolOr(4, "align_corners", false)));
    apis.add(F + "upsample_nearest", c -> upsample(c, "nearest", false));
    apis.add(F + "upsample_bilinear", c -> upsample(c, "bilinear", true));
    apis.add(F + "grid_sample", PictureApis::gridSample);
    apis.add(F + "affine_grid", c ->
        GridSampling.affineGrid(c.tensor(0, "theta"), c.ints(1, "size"), c.boolOr(2, "align_corners", false)));
    apis.add(F + "unfold", c -> Patches.unfold(c.tensor(0, "input"), c.ints(1, "kernel_size"), windows(c, 2)));
    apis.add(F + "fold", c ->
        Patches.fold(c.tensor(0, "input"), c.ints(1, "output_size"), c.ints(2, "kernel_size"), windows(c, 3)));
    for (String module : new String[] {F, "torch."}) {
      apis.add(module + "pixel_shuffle", c -> Patches.pixelShuffle(c.tensor(0, "input"), c.integer(1, "upscale_factor")));
      apis.add(module + "pixel_unshuffle", c -> Patches.pixelUnshuffle(c.tensor(0, "input"), c.integer(1, "downscale_factor")));
      apis.add(module + "channel_shuffle", c -> Patches.channelShuffle(c.tensor(0, "input"), c.integer(1, "groups")));
    }
    for (int n = 1; n <= 3; n++) {
      int axes = n;
      apis.add(F + "max_unpool" + n + "d", c -> unpool(c, axes));
    }
    apis.add(F + "lp_pool1d", c -> lpPool(c, 1));
    apis.add(F + "lp_pool2d", c -> lpPool(c, 2));
    for (int n = 2; n <= 3; n++) {
      int axes = n;
      apis.add(F + "fractional_max_pool" + n + "d", c -> fractional(c, axes));
      apis.add(F + "fractional_max_pool" + n + "d_with_indices", c -> fractional(c, axes));
    }
  }

  private static Resampling mode(String text) {
    for (Resampling r : Resampling.values()) {
      if (r.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-').equals(text)) {
        return r;
      }
    }
    throw new MismatchException("mode " + text);
  }

  private static Tensor interpolate(Call c) {
    Resampling mode = mode(c.stringOr(3, "mode", "nearest"));
    boolean whole = mode == Resampling.NEAREST || mode == Resampling.NEAREST_EXACT || mode == Resampling.AREA;
    if (whole && c.has(4, "align_corners")) {
      throw new MismatchException("align_corners for mode " + mode);
    }
    InterpolateOptions o = InterpolateOptions.of(mode).alignCorners(c.boolOr(4, "align_corners", false))
        .recomputeScale(c.boolOr(5, "recompute_scale_factor", false)).antialias(c.boolOr(6, "antialias", false));
    return resized(c, o);
  }

  private static Tensor upsample(Call c, String mode, boolean alignCorners) {
    return resized(c, InterpolateOptions.of(mode(mode)).alignCorners(alignCorners));
  }

  private static Tensor resized(Call c, InterpolateOptions o) {
    Tensor x = c.tensor(0, "input");
    if (c.has(1, "size") == c.has(2, "scale_factor")) {
      throw new MismatchException("one of size and scale_factor is needed");
    }
    if (c.has(1, "size")) {
      c.tagged(2, "scale_factor");
      return Interpolation.interpolate(x, c.ints(1, "size"), o);
    }
    c.tagged(1, "size");
    double[] scale = c.isNumber(2, "scale_factor") ? new double[] {c.number(2, "scale_factor")} : scales(c);
    return Interpolation.interpolate(x, scale, o);
  }

  private static double[] scales(Call c) {
    Call each = c.items(2, "scale_factor");
    if (each.count() == 1 && !each.isNumber(0, "")) {
      return c.numbers(2, "scale_factor");
    }
    double[] r = new double[each.count()];
    Arrays.setAll(r, i -> each.number(i, ""));
    return r;
  }

  private static Tensor gridSample(Call c) {
    GridOptions.Mode mode = switch (c.stringOr(2, "mode", "bilinear")) {
      case "bilinear" -> GridOptions.Mode.BILINEAR;
      case "nearest" -> GridOptions.Mode.NEAREST;
      case "bicubic" -> GridOptions.Mode.BICUBIC;
      default -> throw new MismatchException("mode " + c.string(2, "mode"));
    };
    GridOptions.Outside outside = switch (c.stringOr(3, "padding_mode", "zeros")) {
      case "zeros" -> GridOptions.Outside.ZEROS;
      case "border" -> GridOptions.Outside.BORDER;
      case "reflection" -> GridOptions.Outside.REFLECTION;
      default -> throw new MismatchException("padding_mode " + c.string(3, "padding_mode"));
    };
    return GridSampling.gridSample(c.tensor(0, "input"), c.tensor(1, "grid"),
        new GridOptions(mode, outside, c.boolOr(4, "align_corners", false)));
  }

  private static ConvOptions windows(Call c, int at) {
    return ConvOptions.DEFAULT.dilation(c.intsOr(at, "dilation", 1)).padding(c.intsOr(at + 1, "padding", 0))
        .stride(c.intsOr(at + 2, "stride", 1));
  }

  private static Tensor unpool(Call c, int axes) {
    Tensor x = c.tensor(0, "input");
    Tensor at = c.tensor(1, "indices");
    PoolOptions o = PoolOptions.of(c.ints(2, "kernel_size")).stride(c.intsOr(3, "stride")).padding(c.intsOr(4, "padding", 0));
    if (!c.has(5, "output_size")) {
      c.tagged(5, "output_size");
      return Unpooling.maxUnpool(x, at, axes, o);
    }
    int[] size = c.ints(5, "output_size");
    return Unpooling.maxUnpool(x, at, size.length > axes ? Arrays.copyOfRange(size, size.length - axes, size.length) : size);
  }

  private static Tensor lpPool(Call c, int axes) {
    int[] kernel = new int[axes];
    int[] given = c.ints(2, "kernel_size");
    Arrays.setAll(kernel, i -> given[given.length == 1 ? 0 : i]);
    PoolOptions o = PoolOptions.of(kernel).stride(c.intsOr(3, "stride")).ceilMode(c.boolOr(4, "ceil_mode", false));
    return Pooling.lpPool(c.tensor(0, "input"), c.number(1, "norm_type"), o);
  }

  private static Object fractional(Call c, int axes) {
    Tensor x = c.tensor(0, "input");
    int[] kernel = spread(axes, c.ints(1, "kernel_size"));
    int[] out = new int[axes];
    if (c.has(2, "output_size")) {
      out = spread(axes, c.ints(2, "output_size"));
      c.tagged(3, "output_ratio");
    } else {
      double[] ratio = c.isNumber(3, "output_ratio") ? new double[] {c.number(3, "output_ratio")} : c.numbers(3, "output_ratio");
      for (int i = 0; i < axes; i++) {
        out[i] = (int) (x.size(x.rank() - axes + i) * ratio[ratio.length == 1 ? 0 : i]);
      }
    }
    int lead = x.rank() - axes;
    Tensor samples = c.has(5, "_random_samples") ? c.tensor(5, "_random_samples")
        : Tensor.rand(lead == 2 ? x.size(0) : 1, x.size(lead - 1), axes).to(x.dtype());
    Indexed r = Unpooling.fractionalMaxPool(x, kernel, out, samples);
    return c.boolOr(4, "return_indices", false) ? new Tensor[] {r.values(), r.indices()} : r.values();
  }

  private static int[] spread(int n, int... v) {
    int[] r = new int[n];
    Arrays.fill(r, v[0]);
    return v.length == n ? v : r;
  }
}
