package org.cotangent.nn;

import java.util.Arrays;
import org.cotangent.Generator;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.ops.ConvOptions;

/**
 * What convolutions of any number of spatial axes share: weight [out, in / groups, k...] and bias [out], uniform in ±1/√(in k /
 * groups).
 */
abstract class Conv extends Layer {
  private final int in;
  private final int out;
  private final int[] kernel;
  private final ConvOptions options;
  private final boolean bias;

  Conv(int axes, int in, int out, int[] kernel, ConvOptions options, boolean bias, Generator g) {
    this(axes, in, out, kernel, options, bias, false, g);
  }

  /** Of a transposed convolution the weight is [in, out / groups, k...]. */
  Conv(int axes, int in, int out, int[] kernel, ConvOptions options, boolean bias, boolean transposed, Generator g) {
    if (in < 1 || out < 1 || Arrays.stream(kernel).anyMatch(k -> k < 1)) {
      throw new ArgumentException(name() + ": channels and window are not positive: " + in + " in, " + out + " out, "
          + Arrays.toString(kernel));
    }
    if (kernel.length != 1 && kernel.length != axes || in % options.groups() != 0 || out % options.groups() != 0) {
      throw new ArgumentException(
          name() + ": window " + Arrays.toString(kernel) + " or " + options.groups() + " groups do not fit " + in + " and " + out
              + " channels");
    }
    this.in = in;
    this.out = out;
    this.kernel = spread(axes, kernel);
    this.options = options;
    this.bias = bias;
    int each = (transposed ? out : in) / options.groups();
    double bound = 1 / Math.sqrt(each * (double) Shape.of(this.kernel).size());
    int[] shape = Shape.of(transposed ? in : out, each).append(this.kernel).dims();
    parameter("weight", Init.uniform_(Tensor.zeros(shape), -bound, bound, g));
    if (bias) {
      parameter("bias", Init.uniform_(Tensor.zeros(out), -bound, bound, g));
    }
  }

  private static int[] spread(int axes, int... v) {
    int[] r = new int[axes];
    Arrays.fill(r, v[0]);
    return v.length == axes ? v.clone() : r;
  }

  /** The weight [out, in / groups, k...], of a transposed convolution [in, out / groups, k...]. */
  public final Tensor weight() {
    return parameter("weight");
  }

  /**
   * The bias [out].
   *
   * @throws ArgumentException if the layer has none
   */
  public final Tensor bias() {
    return parameter("bias");
  }

  final boolean biased() {
    return bias;
  }

  final ConvOptions options() {
    return options;
  }

  @Override
  protected String settings() {
    int n = kernel.length;
    var s = new StringBuilder(in + ", " + out + ", kernel_size=" + Text.tuple(kernel) + ", stride="
        + Text.tuple(spread(n, options.stride())));
    if (options.same()) {
      s.append(", padding=same");
    } else if (Arrays.stream(options.padding()).anyMatch(p -> p != 0)) {
      s.append(", padding=").append(Text.tuple(spread(n, options.padding())));
    }
    if (Arrays.stream(options.dilation()).anyMatch(d -> d != 1)) {
      s.append(", dilation=").append(Text.tuple(spread(n, options.dilation())));
    }
    if (Arrays.stream(options.outputPadding()).anyMatch(p -> p != 0)) {
      s.append(", output_padding=").append(Text.tuple(spread(n, options.outputPadding())));
    }
    if (options.groups() != 1) {
      s.append(", groups=").append(options.groups());
    }
    return s + (bias ? "" : ", bias=False");
  }
}
