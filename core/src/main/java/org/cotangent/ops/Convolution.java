package org.cotangent.ops;

import java.util.Optional;
import org.cotangent.Autocast;
import org.cotangent.Primitives;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/**
 * Convolutions: windows of the input as a view, and one contraction with the weight; so they have derivatives of every order, and a
 * batch of cotangents is one product (Chellapilla et al. 2006).
 *
 * <p>Inputs are [n, c, d...] or one example [c, d...], with one, two or three spatial axes d.
 *
 * <p>All throw {@link ShapeException} for sizes that do not fit and {@link DTypeException} if input, weight and bias differ in type.
 */
public final class Convolution {
  private static final String OUT = "xyz";
  private static final String KERNEL = "rst";

  private Convolution() {}

  /** [n, c, l] with weight [o, c / groups, k] → [n, o, m]. */
  public static Tensor conv1d(Tensor x, Tensor weight, ConvOptions options) {
    return convolution("conv1d", 1, Autocast.lower(x), Autocast.lower(weight), Optional.empty(), options);
  }

  /** [n, c, l] with weight [o, c / groups, k] and bias [o] → [n, o, m]. */
  public static Tensor conv1d(Tensor x, Tensor weight, Tensor bias, ConvOptions options) {
    return convolution("conv1d", 1, Autocast.lower(x), Autocast.lower(weight), Optional.of(Autocast.lower(bias)), options);
  }

  /** [n, c, h, w] with weight [o, c / groups, kh, kw] → [n, o, oh, ow]. */
  public static Tensor conv2d(Tensor x, Tensor weight, ConvOptions options) {
    return convolution("conv2d", 2, Autocast.lower(x), Autocast.lower(weight), Optional.empty(), options);
  }

  /** [n, c, h, w] with weight [o, c / groups, kh, kw] and bias [o] → [n, o, oh, ow]. */
  public static Tensor conv2d(Tensor x, Tensor weight, Tensor bias, ConvOptions options) {
    return convolution("conv2d", 2, Autocast.lower(x), Autocast.lower(weight), Optional.of(Autocast.lower(bias)), options);
  }

  /** [n, c, d, h, w] with weight [o, c / groups, kd, kh, kw] → [n, o, od, oh, ow]. */
  public static Tensor conv3d(Tensor x, Tensor weight, ConvOptions options) {
    return convolution("conv3d", 3, Autocast.lower(x), Autocast.lower(weight), Optional.empty(), options);
  }

  /** [n, c, d, h, w] with weight [o, c / groups, kd, kh, kw] and bias [o] → [n, o, od, oh, ow]. */
  public static Tensor conv3d(Tensor x, Tensor weight, Tensor bias, ConvOptions options) {
    return convolution("conv3d", 3, Autocast.lower(x), Autocast.lower(weight), Optional.of(Autocast.lower(bias)), options);
  }

  /** The transpose of {@link #conv1d}: [n, c, l] with weight [c, o / groups, k] → [n, o, m]. */
  public static Tensor convTranspose1d(Tensor x, Tensor weight, ConvOptions options) {
    return transposed("convTranspose1d", 1, Autocast.lower(x), Autocast.lower(weight), Optional.empty(), options);
  }

  /** The transpose of {@link #conv1d}: [n, c, l] with weight [c, o / groups, k] and bias [o] → [n, o, m]. */
  public static Tensor convTranspose1d(Tensor x, Tensor weight, Tensor bias, ConvOptions options) {
    return transposed("convTranspose1d", 1, Autocast.lower(x), Autocast.lower(weight), Optional.of(Autocast.lower(bias)), options);
  }

  /** The transpose of {@link #conv2d}: [n, c, h, w] with weight [c, o / groups, kh, kw] → [n, o, oh, ow]. */
  public static Tensor convTranspose2d(Tensor x, Tensor weight, ConvOptions options) {
    return transposed("convTranspose2d", 2, Autocast.lower(x), Autocast.lower(weight), Optional.empty(), options);
  }

  /** The transpose of {@link #conv2d}: [n, c, h, w] with weight [c, o / groups, kh, kw] and bias [o] → [n, o, oh, ow]. */
  public static Tensor convTranspose2d(Tensor x, Tensor weight, Tensor bias, ConvOptions options) {
    return transposed("convTranspose2d", 2, Autocast.lower(x), Autocast.lower(weight), Optional.of(Autocast.lower(bias)), options);
  }

  /** The transpose of {@link #conv3d}: [n, c, d, h, w] with weight [c, o / groups, kd, kh, kw] → [n, o, od, oh, ow]. */
  public static Tensor convTranspose3d(Tensor x, Tensor weight, ConvOptions options) {
    return transposed("convTranspose3d", 3, Autocast.lower(x), Autocast.lower(weight), Optional.empty(), options);
  }

  /** The transpose of {@link #conv3d}: [n, c, d, h, w] with weight [c, o / groups, kd, kh, kw] and bias [o] → [n, o, od, oh, ow]. */
  public static Tensor convTranspose3d(Tensor x, Tensor weight, Tensor bias, ConvOptions options) {
    return transposed("convTranspose3d", 3, Autocast.lower(x), Autocast.lower(weight), Optional.of(Autocast.lower(bias)), options);
  }

  private static Tensor convolution(String op, int n, Tensor x, Tensor weight, Optional<Tensor> bias, ConvOptions o) {
    int g = o.groups();
    check(op, n, x, weight, bias, weight.rank() == 0 ? 0 : weight.size(0));
    Tensor in = Padding.examples(x, n);
    int channels = in.size(1);
    int outs = weight.size(0);
    if (weight.size(1) * g != channels) {
      throw new ShapeException(op + ": given groups=" + g + " and weight " + weight.shape() + ", expected input " + x.shape() + " to have "
          + weight.size(1) * g + " channels, but got " + channels + " channels instead");
    }
    if (outs % g != 0) {
      throw new ShapeException(op + ": " + g + " groups do not divide the " + outs + " output channels of weight " + weight.shape());
    }
    int[] stride = Padding.each(op, "stride", n, o.stride());
    int[] dilation = Padding.each(op, "dilation", n, o.dilation());
    int[][] pad = padding(op, n, o, weight, stride, dilation);
    for (int i = 0; i < n; i++) {
      int span = dilation[i] * (weight.size(i + 2) - 1) + 1;
      int size = in.size(i + 2) + pad[0][i] + pad[1][i];
      if (span > size || weight.size(i + 2) == 0) {
        throw new ShapeException(op + ": kernel size can't be greater than actual input size: axis " + i + " of " + x.shape()
            + " padded is "
            + size + ", the window of weight " + weight.shape() + " takes " + span);
      }
    }
    return Gate.named(OpName.of(op, "Convolution"), () -> {
      Tensor windows = in;
      for (int i = 0; i < n; i++) {
        windows = Primitives.pad(windows, i + 2, pad[0][i], pad[1][i]);
      }
      // The last axis first, and positions in the window before places: so all that backward walks through has long rows.
      for (int i = n - 1, before = 0; i >= 0; i--, before++) {
        windows = Primitives.window(windows, i + 2 + before, weight.size(i + 2), stride[i], dilation[i]).movedim(-1, 2);
      }
      String spatial = OUT.substring(0, n);
      String kernel = KERNEL.substring(0, n);
      Tensor y;
      if (g == 1) {
        y = Primitives.contract("nc" + kernel + spatial, windows, "oc" + kernel, weight, "no" + spatial);
      } else {
        Tensor grouped = split(windows, 1, g);
        y = Primitives.contract("ngc" + kernel + spatial, grouped, "goc" + kernel, split(weight, 0, g), "ngo" + spatial).flatten(1, 2);
      }
      return finished(y, bias, x, n);
    });
  }

  private static int[][] padding(String op, int n, ConvOptions o, Tensor weight, int[] stride, int[] dilation) {
    if (!o.same()) {
      int[] p = Padding.each(op, "padding", n, o.padding());
      return new int[][] {p, p};
    }
    int[][] r = new int[2][n];
    for (int i = 0; i < n; i++) {
      if (stride[i] != 1) {
        throw new ArgumentException(op + ": padding='same' is not supported for strided convolutions: stride " + stride[i]);
      }
      int all = dilation[i] * (weight.size(i + 2) - 1);
      r[0][i] = all / 2;
      r[1][i] = all - all / 2;
    }
    return r;
  }

  private static Tensor transposed(String op, int n, Tensor x, Tensor weight, Optional<Tensor> bias, ConvOptions o) {
    int g = o.groups();
    check(op, n, x, weight, bias, weight.rank() < 2 ? 0 : weight.size(1) * g);
    Tensor in = Padding.examples(x, n);
    if (weight.size(0) != in.size(1)) {
      throw new ShapeException(op + ": given weight " + weight.shape() + ", expected input " + x.shape() + " to have " + weight.size(0)
          + " channels, but got " + in.size(1) + " channels instead");
    }
    if (in.size(1) % g != 0) {
      throw new ShapeException(op + ": " + g + " groups do not divide the " + in.size(1) + " channels of " + x.shape());
    }
    int[] stride = Padding.each(op, "stride", n, o.stride());
    int[] dilation = Padding.each(op, "dilation", n, o.dilation());
    int[] padding = Padding.each(op, "padding", n, o.padding());
    int[] more = Padding.each(op, "outputPadding", n, o.outputPadding());
    for (int i = 0; i < n; i++) {
      if (more[i] >= Math.max(stride[i], dilation[i])) {
        throw new ArgumentException(op + ": output padding must be smaller than either stride or dilation, but got output padding "
            + more[i]
            + ", stride " + stride[i] + ", dilation " + dilation[i]);
      }
    }
    return Gate.named(OpName.of(op, "Convolution"), () -> {
      String spatial = OUT.substring(0, n);
      String kernel = KERNEL.substring(0, n);
      Tensor y;
      if (g == 1) {
        y = Primitives.contract("nc" + spatial, in, "co" + kernel, weight, "no" + kernel + spatial);
      } else {
        y = Primitives.contract("ngc" + spatial, split(in, 1, g), "gco" + kernel, split(weight, 0, g), "ngo" + kernel + spatial)
            .flatten(1, 2);
      }
      for (int i = 0; i < n; i++) {
        int full = (in.size(i + 2) - 1) * stride[i] + dilation[i] * (weight.size(i + 2) - 1) + 1;
        y = Primitives.overlapAdd(y.movedim(2, -1), n + 1, stride[i], dilation[i], full);
      }
      for (int i = 0; i < n; i++) {
        y = Padding.alongAxis(y, i + 2, -padding[i], more[i] - padding[i], 0);
      }
      return finished(y, bias, x, n);
    });
  }

  private static Tensor split(Tensor x, int axis, int groups) {
    int[] d = new int[x.rank() + 1];
    for (int i = 0; i < d.length; i++) {
      d[i] = i < axis ? x.size(i) : i == axis ? groups : i == axis + 1 ? x.size(axis) / groups : x.size(i - 1);
    }
    return x.reshape(d);
  }

  private static Tensor finished(Tensor y, Optional<Tensor> bias, Tensor x, int n) {
    Tensor z = bias.map(b -> y.add(Norms.alongChannels(b, n + 2))).orElse(y);
    return x.rank() == n + 1 ? z.squeeze(0) : z;
  }

  private static void check(String op, int n, Tensor x, Tensor weight, Optional<Tensor> bias, int outs) {
    if (x.rank() != n + 1 && x.rank() != n + 2) {
      throw new ShapeException(op + ": expected " + (n + 1) + "D (unbatched) or " + (n + 2) + "D (batched) input, but got " + x.shape());
    }
    if (weight.rank() != n + 2) {
      throw new ShapeException(op + ": expected a weight of " + (n + 2) + " axes, but got " + weight.shape());
    }
    same(op, "weight", x, weight);
    bias.ifPresent(b -> {
      same(op, "bias", x, b);
      if (b.rank() != 1 || b.size(0) != outs) {
        throw new ShapeException(op + ": bias " + b.shape() + " does not fit weight " + weight.shape() + "; expected [" + outs + "]");
      }
    });
  }

  private static void same(String op, String what, Tensor x, Tensor t) {
    if (t.dtype() != x.dtype()) {
      throw new DTypeException(op + ": input type " + x.dtype() + " and " + what + " type " + t.dtype()
          + " should be the same; convert one");
    }
  }
}
