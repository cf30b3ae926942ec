package org.cotangent.transform;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Shape;
import org.cotangent.Spec;
import org.cotangent.lower.Stored;
import org.cotangent.primitive.Value;

/** The function transforms, on values. */
public final class Transforms {
  private Transforms() {}

  /** Outputs of a function and its pullback, which may be used many times. */
  public static final class Pullback {
    private final Reverse level;
    private final Value[] outputs;
    private final Value[] leaves;

    private Pullback(Reverse level, Value[] outputs, Value[] leaves) {
      this.level = level;
      this.outputs = outputs;
      this.leaves = leaves;
    }

    /** The outputs. */
    public Value[] values() {
      Value[] r = outputs.clone();
      for (int j = 0; j < r.length; j++) {
        r[j] = level.primal(r[j]);
      }
      return r;
    }

    /** Whether output {@code j} depends on an input. */
    public boolean depends(int j) {
      return outputs[j] instanceof Traced t && t.by() == level;
    }

    /** Cotangents of the inputs; null in and out is zero. */
    public Value[] apply(Value... ct) {
      var roots = new ArrayList<Traced>();
      var cts = new ArrayList<Value>();
      for (int j = 0; j < outputs.length; j++) {
        if (ct[j] != null && depends(j)) {
          roots.add((Traced) outputs[j]);
          cts.add(ct[j]);
        }
      }
      if (roots.isEmpty()) {
        return new Value[leaves.length];
      }
      Set<Edge> wanted = new HashSet<>();
      for (Value l : leaves) {
        if (l instanceof Traced t && t.by() == level) {
          wanted.add(new Edge(t.node(), t.index()));
        }
      }
      var g = Backward.prepare(roots, false, true, Optional.of(wanted)).run(cts);
      Value[] r = new Value[leaves.length];
      for (int i = 0; i < r.length; i++) {
        r[i] = leaves[i] instanceof Traced t && t.by() == level ? g.get(new Edge(t.node(), t.index())) : null;
      }
      return r;
    }
  }

  /** Runs {@code f} for {@code op} and records it; floating inputs marked in {@code wrt} get cotangents. */
  public static Pullback vjp(String op, UnaryOperator<Value[]> f, Value[] x, boolean[] wrt) {
    Reverse level = new Reverse(Level.current(), op);
    Value[] in = x.clone();
    for (int i = 0; i < in.length; i++) {
      if (wrt[i] && in[i].dtype().floating()) {
        in[i] = level.leaf(in[i], Optional.empty());
      }
    }
    Value[] y = level.run(() -> f.apply(in));
    return new Pullback(level, y, in);
  }

  /** Outputs and their tangents. */
  public record Pushed(Value[] values, Value[] tangents) {}

  /** Runs {@code f} for {@code op} with tangents; a null tangent is zero. */
  public static Pushed jvp(String op, UnaryOperator<Value[]> f, Value[] x, Value[] t) {
    Forward level = new Forward(Level.current(), op);
    Value[] in = x.clone();
    for (int i = 0; i < in.length; i++) {
      in[i] = t[i] == null ? in[i] : new Dual(level, in[i], t[i]);
    }
    Value[] y = level.run(() -> f.apply(in));
    Value[] p = new Value[y.length];
    Value[] dy = new Value[y.length];
    for (int j = 0; j < y.length; j++) {
      p[j] = level.primal(y[j]);
      dy[j] = level.tangent(y[j]);
    }
    return new Pushed(p, dy);
  }

  /** Runs {@code f} on {@code n} examples at once: axis 0 of mapped inputs counts them, and of every output; random draws give {@code draws}. */
  public static Value[] vmap(String op, UnaryOperator<Value[]> f, int n, Value[] x, boolean[] mapped, Batch.Draws draws) {
    Batch level = new Batch(Level.current(), op, n, draws);
    Value[] in = x.clone();
    for (int i = 0; i < in.length; i++) {
      in[i] = mapped[i] ? Batched.of(level, in[i]) : in[i];
    }
    Value[] y = level.run(() -> f.apply(in));
    Value[] r = y.clone();
    for (int j = 0; j < r.length; j++) {
      r[j] = r[j] == null ? null : level.unwrap(r[j]);
    }
    return r;
  }

  /** Registers {@code h} on the gradient of {@code v}, through the interpreters that wrap it. Returns its removal. */
  public static Optional<Runnable> hook(Value v, UnaryOperator<Value> h) {
    return switch (v) {
      case Traced t -> Optional.of(t.node().hook(t.index(), h));
      case Dual d -> hook(d.primal(), h);
      case Batched b -> hook(b.value(), g -> vmap(
          "hook", a -> new Value[] {h.apply(a[0])}, b.by().size(), new Value[] {g}, new boolean[] {true}, b.by().draws())[0]);
      default -> Optional.empty();
    };
  }

  /** {@code v} without the tape and all other reverse levels, inside whatever else wraps it. */
  public static Value detach(Value v) {
    return switch (v) {
      case Traced t -> detach(t.primal());
      case Batched b -> {
        Value inner = detach(b.value());
        yield inner == b.value() ? b : Batched.of(b.by(), inner);
      }
      case Dual d -> detach(d.primal());
      default -> v;
    };
  }

  /** The values of a backward pass for K cotangents at once: axis 0 of each cotangent counts them. */
  public static List<Value> batched(int k, List<Value> cts, Function<List<Value>, List<Value>> pass) {
    boolean[] mapped = new boolean[cts.size()];
    java.util.Arrays.fill(mapped, true);
    return java.util.Arrays.asList(
        vmap("grad", c -> pass.apply(List.of(c)).toArray(Value[]::new), k, cts.toArray(Value[]::new), mapped, Batch.Draws.ERROR));
  }

  /**
   * A random draw of this shape where the thread is now: {@code make} gets the shape with an axis in front for each vmap around that
   * draws for every example.
   */
  public static Value draw(Shape shape, Function<Shape, Value> make) {
    ArrayDeque<Batch> levels = drawing();
    int[] sizes = levels.stream().mapToInt(Batch::size).toArray();
    Value v = make.apply(shape.prepend(sizes));
    for (Batch b : levels) {
      v = Batched.of(b, v);
    }
    return v;
  }

  /** A value of each vmap around that draws for every example: what takes it as an argument is mapped there, as its draws are. */
  public static List<Value> drawn(Device device) {
    var r = new ArrayList<Value>();
    for (Batch b : drawing()) {
      r.add(Batched.of(b, Stored.constant(new Spec(Shape.of(b.size()), DType.FLOAT32), device, 0)));
    }
    return r;
  }

  /** The levels of vmap around that draw for every example, the outermost first. */
  private static ArrayDeque<Batch> drawing() {
    var levels = new ArrayDeque<Batch>();
    for (Level l = Level.current(); l != null; l = l.parent()) {
      if (l instanceof Batch b) {
        b.requireDraws(Gate.nameOr("random"));
        if (b.draws() == Batch.Draws.DIFFERENT) {
          levels.addFirst(b);
        }
      }
    }
    return levels;
  }
}
