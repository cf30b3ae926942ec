package org.cotangent.cuda.kernel;

import java.util.Arrays;
import java.util.List;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;

/** Adds windows back to where they were taken from: a thread a place, which adds in the order of the position in the window. */
public final class OverlapAdd {
  private OverlapAdd() {}

  /** out[.., o * stride + k * dilation, ..] += in[.., o, .., k], the window axis last. */
  public static void run(Launcher on, Operand in, int axis, int stride, int dilation, Operand out) {
    Layout x = in.layout();
    Layout y = out.layout();
    if (Space.empty(x) || Space.empty(y)) {
      return;
    }
    int[] still = Space.restride(Arrays.copyOf(x.strides(), y.rank()), axis, 0);
    Space s = Space.of(y.dims(), Copies.coordinate(y.rank(), axis), still, y.strides());
    s = s.padded(Space.bucket(s.rank(), 4));
    var kernel = Sources.kernel("overlap.cu", "overlapAdd", List.of("ELEMENT=" + Types.element(in.dtype()), "RANK=" + s.rank()));
    on.launch("overlapAdd", kernel, on.threads(s.size()), (int) s.size(), s.sizes(), s.steps(0), x.dims()[axis], x.dims()[y.rank()], stride,
        dilation, Launcher.in(in), s.steps(1), x.strides()[axis], x.strides()[y.rank()], Launcher.out(out), s.steps(2));
  }
}
