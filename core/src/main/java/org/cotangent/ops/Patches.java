package org.cotangent.ops;

import java.util.Arrays;
import org.cotangent.Primitives;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/** Pictures as columns of patches and back, and channels exchanged with places. */
public final class Patches {
  private Patches() {}

  /**
   * Windows of pictures as columns: [n, c, h, w] → [n, c kh kw, l], or [c, h, w] → [c kh kw, l], for the l places of the window, row
   * by row. Of the options stride, padding and dilation count.
   *
   * @throws ShapeException if the input is no picture or no window fits
   */
  public static Tensor unfold(Tensor x, int[] kernel, ConvOptions options) {
    var g = new Geometry("unfold", kernel, options);
    boolean single = x.rank() == 3;
    boolean empty = x.rank() > 1 && Arrays.stream(x.shape().dims()).skip(single ? 0 : 1).anyMatch(d -> d == 0);
    if (!single && x.rank() != 4 || empty) {
      throw new ShapeException("unfold: expected [c, h, w] or [n, c, h, w] with non-zero sizes but for n, but got " + x.shape());
    }
    Tensor in = Padding.examples(x, 2);
    int[] out = {g.count(0, in.size(2)), g.count(1, in.size(3))};
    if (out[0] < 1 || out[1] < 1) {
      throw new ShapeException("unfold: windows " + Arrays.toString(g.kernel) + " do not fit " + x.shape() + " padded by "
          + Arrays.toString(g.padding));
    }
    return Gate.named(OpName.of("unfold", "Im2Col"), () -> {
      Tensor y = in;
      for (int i = 0; i < 2; i++) {
        y = Primitives.pad(y, i + 2, g.padding[i], g.padding[i]);
      }
      for (int i = 0; i < 2; i++) {
        y = Primitives.window(y, i + 2, g.kernel[i], g.stride[i], g.dilation[i]);
      }
      int rows = in.size(1) * g.kernel[0] * g.kernel[1];
      Tensor columns = y.permute(0, 1, 4, 5, 2, 3).reshape(in.size(0), rows, out[0] * out[1]);
      return single ? columns.squeeze(0) : columns;
    });
  }

  /**
   * The transpose of {@link #unfold}: columns of patches added up to pictures: [n, c kh kw, l] → [n, c, h, w], or [c kh kw, l] → [c,
   * h, w], for the picture's {@code size} h, w.
   *
   * @throws ShapeException if the columns do not fit
   */
  public static Tensor fold(Tensor x, int[] size, int[] kernel, ConvOptions options) {
    var g = new Geometry("fold", kernel, options);
    int[] full = Padding.each("fold", "size", 2, size);
    int area = g.kernel[0] * g.kernel[1];
    boolean single = x.rank() == 2;
    if (!single && x.rank() != 3 || x.size(-2) == 0 || x.size(-1) == 0) {
      throw new ShapeException("fold: expected [c kh kw, l] or [n, c kh kw, l] with non-zero sizes but for n, but got " + x.shape());
    }
    int[] out = {g.count(0, full[0]), g.count(1, full[1])};
    if (x.size(-2) % area != 0 || Math.min(out[0], out[1]) < 1 || x.size(-1) != out[0] * out[1]) {
      throw new ShapeException("fold: " + x.shape() + " does not fit: expected a multiple of " + area + " rows and "
          + Math.max(0, out[0]) + " x " + Math.max(0, out[1]) + " columns for pictures " + Arrays.toString(full));
    }
    return Gate.named(OpName.of("fold", "Col2Im"), () -> {
      Tensor in = single ? x.unsqueeze(0) : x;
      Tensor y = in.reshape(in.size(0), in.size(1) / area, g.kernel[0], g.kernel[1], out[0], out[1]).permute(0, 1, 4, 5, 2, 3);
      for (int i = 1; i >= 0; i--) {
        y = Primitives.overlapAdd(y, i + 2, g.stride[i], g.dilation[i], full[i] + 2 * g.padding[i]);
      }
      for (int i = 0; i < 2; i++) {
        y = y.narrow(i + 2, g.padding[i], full[i]);
      }
      return single ? y.squeeze(0) : y;
    });
  }

  private static final class Geometry {
    final int[] kernel;
    final int[] stride;
    final int[] padding;
    final int[] dilation;

    Geometry(String op, int[] kernel, ConvOptions o) {
      if (o.same() || o.groups() != 1 || Arrays.stream(o.outputPadding()).anyMatch(p -> p != 0)) {
        throw new ArgumentException(op + ": takes stride, padding and dilation only, not " + o);
      }
      this.kernel = Padding.each(op, "kernel", 2, kernel);
      this.stride = Padding.each(op, "stride", 2, o.stride());
      this.padding = Padding.each(op, "padding", 2, o.padding());
      this.dilation = Padding.each(op, "dilation", 2, o.dilation());
      if (Arrays.stream(kernel).anyMatch(k -> k < 1)) {
        throw new ArgumentException(op + ": kernel size should be greater than zero, but got " + Arrays.toString(kernel));
      }
    }

    int count(int i, int size) {
      return Math.floorDiv(size + 2 * padding[i] - dilation[i] * (kernel[i] - 1) - 1, stride[i]) + 1;
    }
  }

  /**
   * Channels spread over places (Shi et al. 2016): [..., c r², h, w] → [..., c, h r, w r].
   *
   * @throws ShapeException if r² does not divide the channels
   * @throws ArgumentException if r is not positive
   */
  public static Tensor pixelShuffle(Tensor x, int r) {
    int lead = lead("pixelShuffle", x, r);
    int c = x.size(-3);
    if (c % (r * r) != 0) {
      throw new ShapeException("pixelShuffle: expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but "
          + c + " is not divisible by " + r * r + ": " + x.shape());
    }
    int h = x.size(-2);
    int w = x.size(-1);
    return Gate.named(OpName.of("pixelShuffle"), () -> x.reshape(sizes(x, lead, c / (r * r), r, r, h, w))
        .permute(order(lead, 0, 3, 1, 4, 2)).reshape(sizes(x, lead, c / (r * r), h * r, w * r)));
  }

  /**
   * The inverse of {@link #pixelShuffle}: [..., c, h r, w r] → [..., c r², h, w].
   *
   * @throws ShapeException if r does not divide height and width
   * @throws ArgumentException if r is not positive
   */
  public static Tensor pixelUnshuffle(Tensor x, int r) {
    int lead = lead("pixelUnshuffle", x, r);
    int c = x.size(-3);
    int h = x.size(-2);
    int w = x.size(-1);
    if (h % r != 0 || w % r != 0) {
      throw new ShapeException("pixelUnshuffle: height and width of " + x.shape() + " are not divisible by " + r);
    }
    return Gate.named(OpName.of("pixelUnshuffle"), () -> x.reshape(sizes(x, lead, c, h / r, r, w / r, r))
        .permute(order(lead, 0, 2, 4, 1, 3)).reshape(sizes(x, lead, c * r * r, h / r, w / r)));
  }

  private static int lead(String op, Tensor x, int r) {
    if (x.rank() < 3) {
      throw new ShapeException(op + ": expects input to have at least 3 dimensions, but got " + x.shape());
    }
    if (r < 1) {
      throw new ArgumentException(op + ": expects a positive factor, but got " + r);
    }
    return x.rank() - 3;
  }

  private static int[] sizes(Tensor x, int lead, int... rest) {
    return x.shape().range(0, lead).append(rest).dims();
  }

  private static int[] order(int lead, int... rest) {
    int[] r = new int[lead + rest.length];
    for (int i = 0; i < r.length; i++) {
      r[i] = i < lead ? i : lead + rest[i - lead];
    }
    return r;
  }

  /**
   * Channels of the groups taken in turn (Zhang et al. 2018): channel g c / groups + k of x [n, c, ...] becomes channel k groups + g.
   *
   * @throws ShapeException if x has fewer than three axes or the groups do not divide the channels
   */
  public static Tensor channelShuffle(Tensor x, int groups) {
    if (x.rank() < 3) {
      throw new ShapeException("channelShuffle: expects input with > 2 dims, but got " + x.shape());
    }
    if (groups < 1 || x.size(1) % groups != 0) {
      throw new ShapeException("channelShuffle: number of channels must be divisible by groups: " + x.size(1) + " of " + x.shape()
          + " by " + groups);
    }
    return Gate.named(OpName.of("channelShuffle"), () -> {
      int[] order = new int[x.rank() + 1];
      Arrays.setAll(order, i -> i == 1 ? 2 : i == 2 ? 1 : i);
      int[] split = new int[x.rank() + 1];
      Arrays.setAll(split, i -> i == 0 ? x.size(0) : i == 1 ? groups : i == 2 ? x.size(1) / groups : x.size(i - 1));
      return x.reshape(split).permute(order).reshape(x.shape().dims());
    });
  }
}
