package org.cotangent.cuda.kernel;

import java.util.List;
import org.cotangent.cuda.driver.ErrorFlags;
import org.cotangent.spi.Operand;

/** Takes elements along an axis by an index tensor. An index out of range is raised at the next synchronisation. */
public final class Gather {
  private Gather() {}

  /** out[.., k, ..] = in[.., index[.., k, ..], ..]. */
  public static void run(Launcher on, String op, Operand in, Operand index, int axis, Operand out) {
    if (Space.empty(out.layout())) {
      return;
    }
    int[] still = Space.restride(in.layout().strides(), axis, 0);
    Space space = Space.of(out.layout().dims(), still, index.layout().strides(), out.layout().strides());
    space = space.padded(Space.bucket(space.rank(), 4));
    var kernel = Sources.kernel("gather.cu", "gather", List.of("ELEMENT=" + Types.bits(in.dtype()), "RANK=" + space.rank()));
    ErrorFlags.Claim claim = on.claim(op);
    on.launch(op, kernel, on.threads(space.size()), (int) space.size(), space.sizes(), Launcher.in(in), space.steps(0),
        in.layout().strides()[axis], in.layout().dims()[axis], Launcher.in(index), space.steps(1), Launcher.out(out), space.steps(2),
        axis, claim.address(), claim.id());
  }
}
