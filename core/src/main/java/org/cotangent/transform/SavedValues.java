package org.cotangent.transform;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.cotangent.Spec;
import org.cotangent.errors.GradientException;
import org.cotangent.lower.Stored;
import org.cotangent.primitive.Value;

/** What happens to the values that nodes save: nothing, or the user's pack and unpack. */
public final class SavedValues {
  /** The user's functions. */
  record Hooks(Function<Stored, Object> pack, Function<Object, Stored> unpack) {}

  private SavedValues() {}

  /** Runs {@code body} with saved values packed. */
  public static <R> R hooked(Function<Stored, Object> pack, Function<Object, Stored> unpack, Supplier<R> body) {
    return Bound.now().hooks(new Hooks(pack, unpack)).run(body);
  }

  /** Saved inputs and outputs as the user keeps them. */
  record Packed(List<Optional<Supplier<Value>>> in, List<Optional<Supplier<Value>>> out) {
    Value[] ins() {
      return unpacked(in);
    }

    Value[] outs() {
      return unpacked(out);
    }

    private static Value[] unpacked(List<Optional<Supplier<Value>>> kept) {
      Value[] v = new Value[kept.size()];
      for (int i = 0; i < v.length; i++) {
        v[i] = Gate.noGrad(kept.get(i).orElse(() -> null)::get);
      }
      return v;
    }
  }

  /** Packs what a node saved; null stands for what it did not. */
  static Packed keep(Hooks h, Value[] ins, Value[] outs) {
    return new Packed(each(h, ins), each(h, outs));
  }

  private static List<Optional<Supplier<Value>>> each(Hooks h, Value[] v) {
    return Gate.noGrad(() -> Arrays.stream(v).map(x -> x == null ? Optional.<Supplier<Value>>empty() : Optional.of(packed(x, h))).toList());
  }

  private static Supplier<Value> packed(Value v, Hooks h) {
    return switch (v) {
      case Stored s -> {
        if (s.isConstant()) {
          yield () -> s;
        }
        Object o = h.pack().apply(s);
        yield () -> checked(s.spec(), h.unpack().apply(o));
      }
      case Batched b -> {
        Supplier<Value> inner = packed(b.value(), h);
        yield () -> Batched.of(b.by(), inner.get());
      }
      case Traced t -> {
        Supplier<Value> inner = packed(t.primal(), h);
        yield () -> new Traced(t.by(), inner.get(), t.node(), t.index());
      }
      case Dual d -> {
        Supplier<Value> primal = packed(d.primal(), h);
        Supplier<Value> tangent = packed(d.tangent(), h);
        yield () -> new Dual(d.by(), primal.get(), tangent.get());
      }
      default -> throw new IllegalStateException("unknown value " + v.getClass());
    };
  }

  private static Value checked(Spec want, Stored got) {
    if (!got.spec().equals(want)) {
      throw new GradientException("savedTensors: unpack gave " + got.spec() + " for a value of " + want);
    }
    return got;
  }
}
