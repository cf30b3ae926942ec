package org.cotangent.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.cotangent.Spec;
import org.cotangent.errors.TransformException;
import org.cotangent.lower.Stored;
import org.cotangent.primitive.Ops;
import org.cotangent.primitive.Primitive;
import org.cotangent.primitive.Value;

/** The one door: every operation of every interpreter passes here, and the deepest level among its inputs takes it. */
public final class Gate {
  /** The vocabulary of rules. */
  public static final Ops OPS = new Ops() {
    @Override
    public Value[] apply(Primitive p, Value... in) {
      return Gate.apply(null, p, in);
    }

    @Override
    public Value full(Spec spec, double v, Value like) {
      return Stored.constant(spec, like.device(), v);
    }
  };

  private Gate() {}

  /** Applies a primitive in the name of {@code op}, or of the operation around it if there is one. */
  public static Value[] apply(OpName op, Primitive p, Value... in) {
    Bound bound = Bound.now();
    OpName name = bound.outermost() != null ? bound.outermost() : op;
    Value[] own = bound.substitutes().isEmpty() ? in : substituted(bound, in);
    Value[] x = op == null || bound.low().isEmpty() ? own : Precision.inputs(name, p, own); // rules, which have no name, compute in the types they find
    if (bound.observer() != null) {
      for (Value v : x) {
        bound.observer().accept(v);
      }
    }
    Level top = null;
    for (Value v : x) {
      Level l = Level.of(v);
      if (l != null && l != top) {
        if (!l.live(bound)) {
          throw escaped(name, p, l);
        }
        if (top == null || l.depth() > top.depth()) {
          top = l;
        }
      }
    }
    return top == null ? Evaluation.run(name, p, x) : top.apply(bound, name, p, x);
  }

  /** The only output of a primitive. */
  public static Value one(OpName op, Primitive p, Value... in) {
    return apply(op, p, in)[0];
  }

  private static Value[] substituted(Bound bound, Value[] in) {
    Value[] x = in.clone();
    for (int i = 0; i < x.length; i++) {
      x[i] = substituted(bound, x[i]);
    }
    return x;
  }

  private static Value substituted(Bound bound, Value v) {
    Value r = v;
    for (Map<Value, Value> by : bound.substitutes()) {
      r = by.getOrDefault(r, r);
    }
    return r;
  }

  /** What stands for {@code v} here, seen by a checkpoint: for values that are used without an operation. */
  public static Value standIn(Value v) {
    Bound bound = Bound.now();
    Value r = substituted(bound, v);
    if (bound.observer() != null) {
      bound.observer().accept(r);
    }
    return r;
  }

  private static TransformException escaped(OpName op, Primitive p, Level l) {
    return escaped(op == null ? p.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT) : op.name(), l);
  }

  /** The refusal of a value whose level has ended. */
  public static TransformException escaped(String op, Level l) {
    return new TransformException(
        op + ": a tensor escaped the " + l.title() + " that made it, or came from another thread; return it from the function instead");
  }

  /** Runs {@code body} as one operation of this name, unless it is part of one already. */
  public static <R> R named(OpName op, Supplier<R> body) {
    Bound bound = Bound.now();
    return op == null || bound.outermost() != null ? body.get() : bound.outermost(op).run(body);
  }

  /** Name of the operation being applied, {@code own} if it is the outermost. */
  public static String nameOr(String own) {
    OpName name = Bound.now().outermost();
    return name == null ? own : name.name();
  }

  /** Reverse levels of at most this depth do not record. */
  public static int noGradDepth() {
    return Bound.now().noGrad();
  }

  /** Whether the innermost level of the thread would record. */
  public static boolean recording() {
    Bound bound = Bound.now();
    return bound.level().depth() > bound.noGrad();
  }

  /** Runs {@code body} while the levels open now do not record; transforms inside it do. */
  public static <R> R noGrad(Supplier<R> body) {
    Bound bound = Bound.now();
    return bound.noGrad(Math.max(bound.noGrad(), bound.level().depth())).run(body);
  }

  /** Runs {@code body} while no level records, whatever opens inside it. */
  public static <R> R inference(Supplier<R> body) {
    return Bound.now().noGrad(Integer.MAX_VALUE).run(body);
  }

  /** Whether {@link #inference} is in force. */
  public static boolean inferring() {
    return noGradDepth() == Integer.MAX_VALUE;
  }

  /** Runs {@code body} with recording on again. */
  public static <R> R enableGrad(Supplier<R> body) {
    return Bound.now().noGrad(0).run(body);
  }

  /** Runs {@code body} with values replaced by others, found by identity; those may be replaced by what is in force around. */
  public static <R> R substituting(Map<Value, Value> by, Supplier<R> body) {
    var all = new ArrayList<Map<Value, Value>>(List.of(by));
    all.addAll(substitutions());
    return substituting(all, body);
  }

  /** Whether other values may stand for those used here, or values are observed. */
  public static boolean replacing() {
    Bound bound = Bound.now();
    return !bound.substitutes().isEmpty() || bound.observer() != null;
  }

  /** Runs {@code body} with these replacements and no others, the innermost first. */
  public static <R> R substituting(List<Map<Value, Value>> all, Supplier<R> body) {
    return Bound.now().substitutes(List.copyOf(all)).run(body);
  }

  /** The replacements in force, the innermost first. */
  public static List<Map<Value, Value>> substitutions() {
    return Bound.now().substitutes();
  }

  /** Runs {@code body} at {@code level}, which may be outside of the current one: what does not record there does not here. */
  static <R> R at(Level level, Supplier<R> body) {
    int depth = noGradDepth();
    boolean lower = !inferring() && depth > level.depth();
    Bound there = Bound.now().level(level);
    return (lower ? there.noGrad(level.depth()) : there).run(body);
  }

  /** Runs {@code body} and shows every value that enters the gate to {@code observer}. */
  public static <R> R observing(Consumer<Value> observer, Supplier<R> body) {
    return Bound.now().observer(observer).run(body);
  }
}
