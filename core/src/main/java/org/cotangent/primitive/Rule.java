package org.cotangent.primitive;

import java.util.List;

/**
 * A derivative of a pointwise kernel, ready to run: one kernel that reads primals and the values that flow (cotangents or tangents).
 *
 * @param sources what the kernel reads
 * @param kernel the kernel; null if every result is one of the values that flow
 * @param which the number of the result that each output of the kernel is
 * @param direct by result: which value that flows it is; null if it is another
 */
record Rule(List<Source> sources, Pointwise kernel, int[] which, Source[] direct) {
  /** Where an input of the kernel comes from. */
  enum From {
    /** A value that flows. */
    FLOW,
    /** An input of the primal kernel. */
    IN,
    /** An output of the primal kernel. */
    OUT
  }

  /** Number {@code index} of its kind. */
  record Source(From from, int index) {
    Value value(Saved s, Value[] flow) {
      return switch (from) {
        case FLOW -> flow[index];
        case IN -> s.in(index);
        case OUT -> s.out(index);
      };
    }
  }

  Value[] run(Ops o, Saved s, Value[] flow) {
    Value[] r = new Value[direct.length];
    for (int i = 0; i < r.length; i++) {
      r[i] = direct[i] == null ? null : direct[i].value(s, flow);
    }
    if (kernel != null) {
      Value[] x = new Value[sources.size()];
      for (int i = 0; i < x.length; i++) {
        x[i] = sources.get(i).value(s, flow);
      }
      Value[] y = o.apply(kernel, x);
      for (int k = 0; k < y.length; k++) {
        r[which[k]] = y[k];
      }
    }
    return r;
  }
}
