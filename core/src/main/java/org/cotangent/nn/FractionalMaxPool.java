package org.cotangent.nn;

import java.util.Arrays;
import org.cotangent.Generator;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.TensorReduce.Indexed;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.Unpooling;

/** Largest elements of windows at random places (Graham 2014), in training mode and else; see {@link Unpooling#fractionalMaxPool}. */
public abstract sealed class FractionalMaxPool extends Layer permits FractionalMaxPool2d, FractionalMaxPool3d {
  private final int kernel;
  private final int[] out;
  private final Generator generator;

  FractionalMaxPool(int axes, int kernel, int[] out, Generator generator) {
    if (kernel < 1 || out.length != axes) {
      throw new ArgumentException(name() + ": needs a positive window and " + axes + " sizes: " + kernel + ", " + Text.tuple(out));
    }
    this.kernel = kernel;
    this.out = out.clone();
    this.generator = generator;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return withIndices(x).values();
  }

  /**
   * Largest elements with their positions.
   *
   * @throws ShapeException if x has no channels or the windows do not fit
   */
  public Indexed withIndices(Tensor x) {
    int lead = x.rank() - out.length;
    if (lead < 1 || lead > 2) {
      throw new ShapeException(name() + ": expected [n, c, d...] or [c, d...] with " + out.length + " axes d, but got " + x.shape());
    }
    int[] windows = new int[out.length];
    Arrays.fill(windows, kernel);
    Shape s = Shape.of(lead == 2 ? x.size(0) : 1, x.size(lead - 1), out.length);
    return Unpooling.fractionalMaxPool(x, windows, out, Tensor.rand(s, x.dtype(), x.device(), generator));
  }

  @Override
  protected String settings() {
    return "kernel_size=" + kernel + ", output_size=" + Text.tuple(out);
  }
}
