package org.cotangent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.cotangent.lower.Stored;
import org.cotangent.primitive.Custom;
import org.cotangent.primitive.Saved;
import org.cotangent.primitive.Value;
import org.cotangent.transform.Batch;
import org.cotangent.transform.Gate;
import org.cotangent.transform.Level;
import org.cotangent.transform.Node;
import org.cotangent.transform.Precision;
import org.cotangent.transform.Transforms;
import org.cotangent.transform.Values;
import org.cotangent.transform.Wrapped;

/**
 * A function whose backward pass computes it again instead of keeping what it saved.
 *
 * <p>It becomes a custom primitive of its arguments and of every captured value of a transform around it: those are found by watching
 * the gate during a first run, and made arguments, or they would lose their gradients and their examples without a word. Random draws
 * are noted then and repeated later, and so is what stood for a layer's parameters. Inside vmap and forward mode the function runs a second time to compute the outputs of the primitive; elsewhere
 * those of the first run are taken.
 */
final class Checkpoint implements Custom.Rules {
  private final UnaryOperator<Value[]> f;
  private final int outputs;

  /** What {@link #forward} gives the first time, if the first run computed that. */
  private final AtomicReference<Optional<Value[]>> first;

  private Checkpoint(UnaryOperator<Value[]> f, int outputs, Optional<Value[]> first) {
    this.f = f;
    this.outputs = outputs;
    this.first = new AtomicReference<>(first);
  }

  static <A, B> B run(Function<A, B> f, A x) {
    Tree<A> tree = Tree.of("checkpoint", x);
    var lifted = FunctionTransforms.Lifted.of("checkpoint", f, tree);
    Value[] y = run(lifted, tree.values());
    return lifted.out().with(y);
  }

  private static Value[] run(UnaryOperator<Value[]> f, Value[] in) {
    List<Generator.State> draws = new ArrayList<>();
    var captured = new IdentityHashMap<Value, Integer>();
    List<Value> extra = new ArrayList<>();
    int depth = Level.current().depth();
    long begun = Node.serial();
    Value[] first = Generator.recording(draws, () -> Gate.observing(v -> {
      if (v instanceof Wrapped w && w.born() < begun && !contains(in, v) && captured.putIfAbsent(v, extra.size()) == null) {
        extra.add(v);
      }
    }, () -> Gate.noGrad(() -> f.apply(in))));
    if (Stream.concat(extra.stream(), Arrays.stream(in)).noneMatch(v -> Values.carriesGradient(v, depth))) {
      return first;
    }
    Value[] all = Arrays.copyOf(in, in.length + extra.size());
    for (int i = 0; i < extra.size(); i++) {
      all[in.length + i] = extra.get(i);
    }
    Optional<DType> precision = Precision.low();
    List<Map<Value, Value>> around = Gate.substitutions();
    UnaryOperator<Value[]> lifted = v -> Precision.with(precision, () -> Generator.replaying(draws, () -> Gate.substituting(
        Stream.concat(around.stream(), Stream.of(substitution(extra, v, in.length))).toList(), () -> f.apply(Arrays.copyOf(v, in.length)))));
    boolean plain = Arrays.stream(first).allMatch(v -> v instanceof Stored);
    return Gate.apply(Names.CHECKPOINT, new Custom(new Checkpoint(lifted, first.length, plain ? Optional.of(first) : Optional.empty())), all);
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

  @Override
  public Value[] forward(Value[] in) {
    return first.getAndSet(Optional.empty()).orElseGet(() -> f.apply(in));
  }

  @Override
  public int outputs() {
    return outputs;
  }

  @Override
  public Value[] vjp(Saved s, Value[] ct) {
    return Transforms.vjp("checkpoint", f, s.ins(), s.need()).apply(ct);
  }

  @Override
  public Value[] jvp(Value[] in, Value[] t, Value[] out) {
    return Transforms.jvp("checkpoint", f, in, t).tangents();
  }

  @Override
  public Value[] batch(int n, Value[] v, boolean[] mapped) {
    Batch around = Batch.ofRule();
    UnaryOperator<Value[]> mappedF = x -> Transforms.vmap(around.title(), f, n, x, mapped, around.draws());
    return around.outside(() -> Gate.apply(Names.CHECKPOINT, new Custom(new Checkpoint(mappedF, outputs, Optional.empty())), v));
  }
}
