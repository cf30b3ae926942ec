package org.cotangent.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cotangent.DType;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.Functional;

/**
 * What recurrent layers share. All steps of a layer's input are projected by one product; then each step is one small product and the
 * cell.
 *
 * <p>Parameters of layer k, [gates · hidden, ...], uniform in ±1/√hidden: "weight_ih_lk", "weight_hh_lk", "bias_ih_lk", "bias_hh_lk",
 * with a projection "weight_hr_lk", and the same with "_reverse" for the other direction.
 */
abstract class Recurrence extends Layer {
  private final int in;
  private final int hidden;
  private final RecurrentOptions options;

  Recurrence(int in, int hidden, int gates, RecurrentOptions o) {
    if (in < 1 || hidden < 1) {
      throw new ArgumentException(name() + ": sizes are not positive: input " + in + ", hidden " + hidden);
    }
    if (o.projection() >= hidden) {
      throw new ArgumentException(name() + ": the projection has to be smaller than hidden_size: " + o.projection() + ", " + hidden);
    }
    this.in = in;
    this.hidden = hidden;
    this.options = o;
    for (int k = 0; k < o.layers(); k++) {
      for (int d = 0; d < directions(); d++) {
        int width = k == 0 ? in : directions() * outputSize();
        made("weight_ih", k, d, gates * hidden, width);
        made("weight_hh", k, d, gates * hidden, outputSize());
        if (o.bias()) {
          made("bias_ih", k, d, gates * hidden);
          made("bias_hh", k, d, gates * hidden);
        }
        if (o.projection() > 0) {
          made("weight_hr", k, d, o.projection(), hidden);
        }
      }
    }
  }

  private void made(String what, int layer, int direction, int... shape) {
    double bound = 1 / Math.sqrt(hidden);
    parameter(named(what, layer, direction), Init.uniform_(Tensor.zeros(shape), -bound, bound, options.generator()));
  }

  private static String named(String what, int layer, int direction) {
    return what + "_l" + layer + (direction == 0 ? "" : "_reverse");
  }

  private int directions() {
    return options.bidirectional() ? 2 : 1;
  }

  private int outputSize() {
    return options.projection() > 0 ? options.projection() : hidden;
  }

  /** The state after one step: hidden [n, h] first, then what else there is; of projections {@code fromInput}, {@code fromState}. */
  abstract Tensor[] step(Tensor fromInput, Tensor fromState, Tensor[] state);

  /** Number of tensors of a state. */
  abstract int states();

  /** The output, then the states after the last step, [layers · directions, n, h] each; of zero states if none are given. */
  final Tensor[] unroll(Tensor x, Tensor... given) {
    return unroll(x, Optional.empty(), given);
  }

  /** {@link #unroll} of sequences that end after so many steps, int64 [n]: later steps change no state and their output is 0. */
  final Tensor[] unrollPadded(Tensor x, Tensor lengths, Tensor... given) {
    if (x.rank() != 3 || lengths.rank() != 1 || lengths.size(0) != x.size(options.batchFirst() ? 0 : 1)) {
      throw new ShapeException(name() + ": lengths " + lengths.shape() + " do not fit the sequences " + x.shape() + "; expected one each");
    }
    if (lengths.dtype().floating() || lengths.dtype() == DType.BOOL) {
      throw new DTypeException(name() + ": lengths are " + lengths.dtype() + "; expected int64");
    }
    Tensor places = Tensor.arange(x.size(options.batchFirst() ? 1 : 0)).to(x.device()).unsqueeze(1);
    return unroll(x, Optional.of(places.lt(lengths).unsqueeze(2)), given);
  }

  /** {@code within} says where a step counts: [l, n, 1]. */
  private Tensor[] unroll(Tensor x, Optional<Tensor> within, Tensor... given) {
    boolean single = x.rank() == 2;
    if (x.rank() != 3 && !single || x.size(-1) != in) {
      throw new ShapeException(name() + ": expected a sequence " + (options.batchFirst() ? "[n, l, " : "[l, n, ") + in + "] or [l, " + in
          + "], but got " + x.shape());
    }
    Tensor steps = single ? x.unsqueeze(1) : options.batchFirst() ? x.transpose(0, 1) : x;
    if (steps.size(0) == 0) {
      throw new ShapeException(name() + ": expected sequence length to be larger than 0: " + x.shape());
    }
    Tensor[] start = started(steps, single, given);
    List<List<Tensor>> ends = new ArrayList<>();
    for (int j = 0; j < states(); j++) {
      ends.add(new ArrayList<>());
    }
    Tensor y = steps;
    for (int k = 0; k < options.layers(); k++) {
      if (k > 0 && options.dropout() > 0) {
        y = Functional.dropout(y, options.dropout(), training(), options.generator());
      }
      Tensor[] outs = new Tensor[directions()];
      for (int d = 0; d < outs.length; d++) {
        outs[d] = run(y, k, d, start, ends, within);
      }
      y = outs.length == 1 ? outs[0] : Tensor.cat(-1, outs);
    }
    Tensor[] r = new Tensor[states() + 1];
    r[0] = single ? y.squeeze(1) : options.batchFirst() ? y.transpose(0, 1) : y;
    for (int j = 0; j < states(); j++) {
      Tensor end = Tensor.stack(0, ends.get(j).toArray(Tensor[]::new));
      r[j + 1] = single ? end.squeeze(1) : end;
    }
    return r;
  }

  private Tensor[] started(Tensor steps, boolean single, Tensor... given) {
    Tensor[] r = new Tensor[states()];
    for (int j = 0; j < r.length; j++) {
      Shape s = Shape.of(options.layers() * directions(), steps.size(1), j == 0 ? outputSize() : hidden);
      if (given.length == 0) {
        r[j] = Tensor.full(s, 0, steps.dtype(), steps.device());
        continue;
      }
      r[j] = single && given[j].rank() == 2 ? given[j].unsqueeze(1) : given[j];
      if (!r[j].shape().equals(s)) {
        Shape expected = single ? s.without(1) : s;
        throw new ShapeException(name() + ": expected a " + (j == 0 ? "hidden" : "cell") + " state " + expected + ", got "
            + given[j].shape());
      }
    }
    return r;
  }

  /** One direction of one layer: [l, n, in] → [l, n, out]. */
  private Tensor run(Tensor x, int layer, int direction, Tensor[] start, List<List<Tensor>> ends, Optional<Tensor> within) {
    int n = x.size(0);
    int index = layer * directions() + direction;
    Tensor all = projected(x, "ih", layer, direction);
    Tensor[] state = new Tensor[states()];
    for (int j = 0; j < state.length; j++) {
      state[j] = start[j].select(0, index);
    }
    Tensor[] out = new Tensor[n];
    for (int i = 0; i < n; i++) {
      int t = direction == 0 ? i : n - 1 - i;
      Tensor[] next = step(all.select(0, t), projected(state[0], "hh", layer, direction), state);
      if (options.projection() > 0) {
        next[0] = next[0].matmul(parameter(named("weight_hr", layer, direction)).t());
      }
      out[t] = next[0];
      if (within.isPresent()) {
        Tensor counts = within.get().select(0, t);
        out[t] = next[0].maskedFill(counts.logicalNot(), 0);
        for (int j = 0; j < next.length; j++) {
          next[j] = Tensor.where(counts, next[j], state[j]);
        }
      }
      state = next;
    }
    for (int j = 0; j < state.length; j++) {
      ends.get(j).add(state[j]);
    }
    return Tensor.stack(0, out);
  }

  private Tensor projected(Tensor x, String what, int layer, int direction) {
    Tensor w = parameter(named("weight_" + what, layer, direction));
    return options.bias() ? Functional.linear(x, w, parameter(named("bias_" + what, layer, direction))) : Functional.linear(x, w);
  }

  @Override
  protected final Tensor forward(Tensor x) {
    return unroll(x)[0];
  }

  @Override
  protected String settings() {
    var s = new StringBuilder(in + ", " + hidden);
    if (options.projection() != 0) {
      s.append(", proj_size=").append(options.projection());
    }
    if (options.layers() != 1) {
      s.append(", num_layers=").append(options.layers());
    }
    if (!options.bias()) {
      s.append(", bias=False");
    }
    if (options.batchFirst()) {
      s.append(", batch_first=True");
    }
    if (options.dropout() != 0) {
      s.append(", dropout=").append(Text.number(options.dropout()));
    }
    return options.bidirectional() ? s.append(", bidirectional=True").toString() : s.toString();
  }
}
