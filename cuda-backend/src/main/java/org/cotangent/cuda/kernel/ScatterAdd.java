package org.cotangent.cuda.kernel;

import java.util.ArrayList;
import java.util.List;
import org.cotangent.DType;
import org.cotangent.cuda.driver.DeviceBuffer;
import org.cotangent.cuda.driver.ErrorFlags;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;

/**
 * Adds elements along an axis into the places that an index tensor names. An index out of range is raised at the next
 * synchronisation, and its element left out.
 *
 * <p>Elements for one place are added in the order they have in the input: a thread of each place looks through short lines of indices;
 * long ones are sorted first. int32 and int64 are added atomically, since their sums do not depend on the order, and so are floats under
 * {@code -Dcotangent.cuda.scatter=atomic}, which is faster and gives other bits in each run.
 */
public final class ScatterAdd {
  private static final boolean ATOMIC = System.getProperty("cotangent.cuda.scatter", "ordered").equals("atomic");
  /** Indices that a thread looks through. */
  private static final int SHORT = 64;

  private ScatterAdd() {}

  /** out[.., index[.., k, ..], ..] += in[.., k, ..]. */
  public static void run(Launcher on, String op, Operand in, Operand index, int axis, Operand out) {
    run(on, op, in, index, axis, out, ATOMIC);
  }

  static void run(Launcher on, String op, Operand in, Operand index, int axis, Operand out, boolean atomic) {
    if (Space.empty(in.layout())) {
      return;
    }
    DType t = in.dtype();
    if (t == DType.INT32 || t == DType.INT64 || atomic && t.floating()) {
      atomic(on, op, in, index, axis, out);
    } else if (in.layout().dims()[axis] <= SHORT && !Space.empty(out.layout())) {
      shortLines(on, op, in, index, axis, out);
    } else {
      sorted(on, op, in, index, axis, out);
    }
  }

  private static List<String> defines(Operand o, Space s, boolean atomic) {
    var all = new ArrayList<>(List.of("ELEMENT=" + Types.element(o.dtype()), "RANK=" + s.rank()));
    if (atomic) {
      all.add("ATOMIC=1");
    }
    return all;
  }

  private static void atomic(Launcher on, String op, Operand in, Operand index, int axis, Operand out) {
    int[] still = Space.restride(out.layout().strides(), axis, 0);
    Space s = Space.of(in.layout().dims(), in.layout().strides(), index.layout().strides(), still);
    s = s.padded(Space.bucket(s.rank(), 4));
    ErrorFlags.Claim claim = on.claim(op);
    on.launch(op, Sources.kernel("scatter.cu", "scatterAtomic", defines(in, s, true)), on.threads(s.size()), (int) s.size(), s.sizes(),
        Launcher.in(in), s.steps(0), Launcher.in(index), s.steps(1), Launcher.out(out), s.steps(2), out.layout().strides()[axis],
        out.layout().dims()[axis], axis, claim.address(), claim.id());
  }

  private static void shortLines(Launcher on, String op, Operand in, Operand index, int axis, Operand out) {
    Layout o = out.layout();
    Space s = Space.of(o.dims(), Copies.coordinate(o.rank(), axis), Space.restride(in.layout().strides(), axis, 0),
        Space.restride(index.layout().strides(), axis, 0), o.strides());
    s = s.padded(Space.bucket(s.rank(), 4));
    ErrorFlags.Claim claim = on.claim(op);
    on.launch(op, Sources.kernel("scatter.cu", "scatterShort", defines(in, s, false)), on.threads(s.size()), (int) s.size(), s.sizes(),
        s.steps(0), o.dims()[axis], in.layout().dims()[axis], Launcher.in(in), s.steps(1), in.layout().strides()[axis], Launcher.in(index),
        s.steps(2), index.layout().strides()[axis], Launcher.out(out), s.steps(3), axis, claim.address(), claim.id());
  }

  /** Indices that repeat along an axis are sorted once. */
  private static void sorted(Launcher on, String op, Operand in, Operand index, int axis, Operand out) {
    Layout once = index.layout();
    int[] dims = once.dims().clone();
    for (int i = 0; i < dims.length; i++) {
      dims[i] = once.strides()[i] == 0 && i != axis ? 1 : dims[i];
    }
    Layout dense = Layout.dense(dims);
    DeviceBuffer values = on.workspace(DType.INT64, dense.size());
    try {
      DeviceBuffer order = on.workspace(DType.INT64, dense.size());
      try {
        Sort.run(on, index.with(new Layout(dims, once.strides(), once.offset())), axis, false, new Operand(values, dense), new Operand(order, dense));
        int[] steps = dense.strides().clone();
        for (int i = 0; i < dims.length; i++) {
          steps[i] = dims[i] == 1 ? 0 : steps[i];
        }
        addSorted(on, op, in, new Layout(once.dims(), steps, 0), values, order, axis, out);
      } finally {
        order.free();
      }
    } finally {
      values.free();
    }
  }

  private static void addSorted(Launcher on, String op, Operand in, Layout sorted, DeviceBuffer values, DeviceBuffer order, int axis, Operand out) {
    Layout to = Space.without(out.layout(), axis);
    Layout from = Space.without(in.layout(), axis);
    Space s = Space.of(from.dims(), from.strides(), Space.without(sorted, axis).strides(), to.strides());
    s = s.padded(Space.bucket(s.rank(), 4));
    int n = in.layout().dims()[axis];
    ErrorFlags.Claim claim = on.claim(op);
    on.launch(op, Sources.kernel("scatter.cu", "scatterSorted", defines(in, s, false)), on.threads(s.size() * n), (int) s.size(), n, s.sizes(),
        Launcher.in(in), s.steps(0), in.layout().strides()[axis], values.in(0), order.in(0), s.steps(1), sorted.strides()[axis],
        Launcher.out(out), s.steps(2), out.layout().strides()[axis], out.layout().dims()[axis],
        axis, claim.address(), claim.id());
  }
}
