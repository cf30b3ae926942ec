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
import org.cotangent.primitive.Custom;
import org.cotangent.primitive.Saved;
import org.cotangent.primitive.Value;
import org.cotangent.transform.Batch;
import org.cotangent.transform.Gate;
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
 * are noted then and repeated later, and so is what stood for a layer's parameters. The outputs of the first run are those of the
 * primitive, so nothing runs twice forward; where nothing is recorded, they are the result.
 */
final class Checkpoint implements Custom.Rules {
  private final UnaryOperator<Value[]> f;
  private final int outputs;

  /** What the first run gave, until it is used; inside transforms still wrapped by them, but by no reverse mode. */
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
    long begun = Node.serial();
    Value[] first = Generator.recording(draws, () -> Gate.observing(v -> {
      if (v instanceof Wrapped w && w.born() < begun && !contains(in, v) && captured.putIfAbsent(v, extra.size()) == null) {
        extra.add(v);
      }
    }, () -> Gate.noGrad(() -> f.apply(in))));
    if (Stream.concat(extra.stream(), Arrays.stream(in)).noneMatch(Values::recorded)) {
      return first;
    }
    if (!draws.isEmpty() && first.length > 0) {
      extra.addAll(Transforms.drawn(first[0].device()));
    }
    Value[] all = Arrays.copyOf(in, in.length + extra.size());
    for (int i = 0; i < extra.size(); i++) {
      all[in.length + i] = extra.get(i);
    }
    Optional<DType> precision = Precision.low();
    List<Map<Value, Value>> around = Gate.substitutions();
    UnaryOperator<Value[]> lifted = v -> Precision.with(precision, () -> Generator.replaying(draws, () -> Gate.substituting(
        Stream.concat(around.stream(), Stream.of(substitution(extra, v, in.length))).toList(), () -> f.apply(Arrays.copyOf(v, in.length)))));
    return Gate.apply(Names.CHECKPOINT, new Custom(new Checkpoint(lifted, first.length, Optional.of(first))), all);
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
    return first.getAndSet(Optional.empty()).map(Checkpoint::primals).orElseGet(() -> f.apply(in));
  }

  private static Value[] primals(Value[] v) {
    return Arrays.stream(v).map(Values::primal).toArray(Value[]::new);
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
    Optional<Value[]> known = first.getAndSet(Optional.empty())
        .map(y -> Arrays.stream(primals(y)).map(around::unwrap).toArray(Value[]::new));
    return around.outside(() -> Gate.apply(Names.CHECKPOINT, new Custom(new Checkpoint(mappedF, outputs, known)), v));
  }
}
