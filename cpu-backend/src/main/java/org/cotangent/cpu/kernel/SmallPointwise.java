package org.cotangent.cpu.kernel;

import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;

/**
 * Programs over at most one block of operands that are dense or a single number: what most kernels of small models are. Nothing is allocated and no
 * index space is made, which at eight elements is most of the time.
 */
final class SmallPointwise {
  private SmallPointwise() {}

  /** Runs the recipe, whose rows have {@code row} elements, if the operands are such, else does nothing and returns false. */
  static boolean run(Recipe r, int row, Operand[] in, Operand[] out) {
    Layout first = out[0].layout();
    long size = first.size();
    if (size > Block.SIZE) {
      return false;
    }
    int n = (int) size;
    if (r.pair != null && alone(r.pair, n, in, out[0])) {
      return true;
    }
    for (Operand o : in) {
      if (!dense(o) && !constant(o.layout())) {
        return false;
      }
    }
    for (int j = 0; j < out.length; j++) {
      if (!r.direct[j] || !dense(out[j])) {
        return false;
      }
    }
    Frame f = Frame.current(r.steps);
    f.row = row;
    try {
      bind(r, f, in, out, n);
      for (Stage s : r.plan.stages()) {
        s.run(f, n);
      }
    } finally {
      release(r, f);
    }
    return true;
  }

  /** A function of two dense operands by itself, without a frame; false if they are not such. */
  private static boolean alone(Loops.F2 f, int n, Operand[] in, Operand out) {
    Operand x = in[0];
    Operand y = in[1];
    if (!x.layout().contiguous() || !y.layout().contiguous() || !out.layout().contiguous()) {
      return false;
    }
    f.run((float[]) HeapBuffer.data(x), x.layout().offset(), (float[]) HeapBuffer.data(y), y.layout().offset(),
        (float[]) HeapBuffer.data(out), out.layout().offset(), n);
    return true;
  }

  private static boolean dense(Operand o) {
    return Block.stored(o.dtype()) && o.layout().contiguous();
  }

  private static boolean constant(Layout l) {
    int[] d = l.dims();
    int[] s = l.strides();
    for (int i = 0; i < d.length; i++) {
      if (s[i] != 0 && d[i] != 1) {
        return false;
      }
    }
    return true;
  }

  private static void bind(Recipe r, Frame f, Operand[] in, Operand[] out, int n) {
    for (int i : r.between) {
      f.scratch(r.kinds[i], i, r.plan.registers()[i], n);
    }
    for (int i = 0; i < r.constants.length; i++) {
      int step = r.constants[i];
      f.scratch(r.kinds[step], step, r.plan.registers()[step], n);
      f.fill(r.kinds[step], step, r.values[i], n);
    }
    for (int i = 0; i < r.loads.length; i++) {
      int step = r.loads[i];
      Operand o = in[r.inputs[i]];
      if (dense(o)) {
        f.alias(r.kinds[step], step, HeapBuffer.data(o));
        f.at[step] = o.layout().offset();
      } else {
        f.scratch(r.kinds[step], step, r.plan.registers()[step], n);
        f.load(r.kinds[step], step, o.dtype(), HeapBuffer.data(o), o.layout().offset(), 0, 0, n);
      }
    }
    for (int j = 0; j < out.length; j++) {
      int step = r.outputs[j];
      f.alias(r.kinds[step], step, HeapBuffer.data(out[j]));
      f.at[step] = out[j].layout().offset();
    }
  }

  /** Forgets the operands' arrays. */
  static void release(Recipe r, Frame f) {
    for (int i : r.loads) {
      f.alias(r.kinds[i], i, null);
    }
    for (int i : r.outputs) {
      f.alias(r.kinds[i], i, null);
    }
  }
}
