package org.cotangent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.cotangent.primitive.Custom;
import org.cotangent.primitive.Saved;
import org.cotangent.primitive.Value;
import org.cotangent.transform.Gate;
import org.cotangent.transform.Level;
import org.cotangent.transform.Transforms;
import org.cotangent.transform.Values;

/**
 * A function whose backward pass computes it again instead of keeping what it saved.
 *
 * <p>It becomes a custom primitive of its arguments and of every captured value that carries gradients: those are found by watching
 * the gate during a first run, and made arguments, or they would lose their gradients without a word. Random draws are noted then
 * and repeated later.
 */
final class Checkpoint implements Custom.Rules {
  private final UnaryOperator<Value[]> f;
  private final int outputs;

  private Checkpoint(UnaryOperator<Value[]> f, int outputs) {
    this.f = f;
    this.outputs = outputs;
  }

  static Tensor[] run(UnaryOperator<Tensor[]> f, Tensor... xs) {
    Value[] in = Eager.values(xs);
    List<Generator.State> draws = new ArrayList<>();
    var captured = new IdentityHashMap<Value, Integer>();
    List<Value> extra = new ArrayList<>();
    int depth = Level.current().depth();
    Value[] first = Generator.recording(draws, () -> Gate.observing(v -> {
      if (Values.carriesGradient(v, depth) && !contains(in, v) && captured.putIfAbsent(v, extra.size()) == null) {
        extra.add(v);
      }
    }, () -> Gate.noGrad(() -> apply(f, in))));
    if (extra.isEmpty() && Arrays.stream(in).noneMatch(v -> Values.carriesGradient(v, depth))) {
      return Eager.tensors(first);
    }
    Value[] all = Arrays.copyOf(in, in.length + extra.size());
    for (int i = 0; i < extra.size(); i++) {
      all[in.length + i] = extra.get(i);
    }
    UnaryOperator<Value[]> lifted = v -> Generator.replaying(draws, () -> Gate.substituting(
        substitution(extra, v, in.length), () -> apply(f, Arrays.copyOf(v, in.length))));
    return Eager.tensors(Gate.apply(Names.CHECKPOINT, new Custom(new Checkpoint(lifted, first.length)), all));
  }

  private static boolean contains(Value[] in, Value v) {
    for (Value x : in) {
      if (x == v) {
        return true;
      }
    }
    return false;
  }

  private static Map<Value, Value> substitution(List<Value> captured, Value[] v, int from) {
    var by = new IdentityHashMap<Value, Value>();
    for (int i = 0; i < captured.size(); i++) {
      by.put(captured.get(i), v[from + i]);
    }
    return by;
  }

  private static Value[] apply(UnaryOperator<Tensor[]> f, Value[] v) {
    return Eager.values(f.apply(Eager.tensors(v)));
  }

  @Override
  public Value[] forward(Value[] in) {
    return f.apply(in);
  }

  @Override
  public int outputs() {
    return outputs;
  }

  @Override
  public Value[] vjp(Saved s, Value[] ct) {
    return Transforms.vjp(f, s.ins(), s.need()).apply(ct);
  }

  @Override
  public Value[] jvp(Value[] in, Value[] t, Value[] out) {
    return Transforms.jvp(f, in, t).tangents();
  }

  @Override
  public Value[] batch(int n, Value[] v, boolean[] mapped) {
    UnaryOperator<Value[]> mappedF = x -> Transforms.vmap(f, n, x, mapped);
    return Gate.apply(Names.CHECKPOINT, new Custom(new Checkpoint(mappedF, outputs)), v);
  }
}
