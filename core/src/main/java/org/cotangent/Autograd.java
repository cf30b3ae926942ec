package org.cotangent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.cotangent.errors.GradientException;
import org.cotangent.expr.Expr;
import org.cotangent.primitive.Pointwise;
import org.cotangent.primitive.Value;
import org.cotangent.transform.Anomaly;
import org.cotangent.transform.Backward;
import org.cotangent.transform.Edge;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;
import org.cotangent.transform.Reverse;
import org.cotangent.transform.SavedValues;
import org.cotangent.transform.Traced;
import org.cotangent.transform.Transforms;
import org.cotangent.transform.Wrapped;

/**
 * Backward passes, gradient modes, and the function transforms.
 *
 * <p>Transforms nest in any order. Those of a function of tensors have overloads that differ in the number of tensors, so a lambda
 * needs no types; those of a function of a structure (Tensor[], List, Map, {@link TensorTree}) end in {@code Tree}.
 */
public final class Autograd {
  /** Columns of a Hessian at a time, where nothing else was asked. */
  private static final int COLUMNS = 256;

  /** See {@link Option#RETAIN_GRAPH}. */
  public static final Option RETAIN_GRAPH = Option.RETAIN_GRAPH;

  /** See {@link Option#CREATE_GRAPH}. */
  public static final Option CREATE_GRAPH = Option.CREATE_GRAPH;

  /** See {@link Option#ALLOW_UNUSED}. */
  public static final Option ALLOW_UNUSED = Option.ALLOW_UNUSED;

  /** See {@link Option#MATERIALIZE}. */
  public static final Option MATERIALIZE = Option.MATERIALIZE;

  /** See {@link Option#BATCHED}. */
  public static final Option BATCHED = Option.BATCHED;

  private Autograd() {}

  // ---- modes

  /** Runs {@code body} without recording; transforms inside it still differentiate. */
  public static <R> R noGrad(Supplier<R> body) {
    return Gate.noGrad(body);
  }

  /** Runs {@code body} without recording. */
  public static void noGrad(Runnable body) {
    Gate.noGrad(supplier(body));
  }

  /** Runs {@code body} while nothing at all is recorded, transforms included. */
  public static <R> R inferenceMode(Supplier<R> body) {
    return Gate.inference(body);
  }

  /** Runs {@code body} while nothing at all is recorded, transforms included. */
  public static void inferenceMode(Runnable body) {
    Gate.inference(supplier(body));
  }

  /** Runs {@code body} with recording on again inside {@link #noGrad}. */
  public static <R> R enableGrad(Supplier<R> body) {
    return Gate.enableGrad(body);
  }

  /** Runs {@code body} with recording on again inside {@link #noGrad}. */
  public static void enableGrad(Runnable body) {
    Gate.enableGrad(supplier(body));
  }

  /** Whether operations are recorded here. */
  public static boolean isGradEnabled() {
    return Gate.recording();
  }

  /**
   * Runs {@code body} so that a NaN in a backward pass stops it with an {@link org.cotangent.errors.AnomalyException} that names
   * the forward operation and its line. Slow: every step is read back. Graphs must be built inside, too.
   */
  public static <R> R detectAnomaly(Supplier<R> body) {
    return Anomaly.detect(body);
  }

  /** Runs {@code body} in anomaly mode. */
  public static void detectAnomaly(Runnable body) {
    Anomaly.detect(supplier(body));
  }

  private static Supplier<Boolean> supplier(Runnable body) {
    return () -> {
      body.run();
      return true;
    };
  }

  // ---- the tape

  /**
   * Adds to the gradients of leaves the vector-Jacobian products of {@code outputs} with {@code cotangents}.
   *
   * @param inputs if not empty, only these tensors' gradients are computed
   * @throws GradientException if an output does not require grad, a cotangent has another shape, or the graph was freed
   */
  public static void backward(List<Tensor> outputs, List<Tensor> cotangents, List<Tensor> inputs, Option... options) {
    List<Traced> roots = roots("backward", outputs);
    List<Value> cts = cotangents("backward", outputs, cotangents, false);
    Optional<Set<Edge>> wanted = inputs.isEmpty() ? Optional.empty() : Optional.of(edges("backward", inputs));
    boolean create = Option.has(options, CREATE_GRAPH);
    Backward.accumulate(roots, cts, create, create || Option.has(options, RETAIN_GRAPH), wanted, TensorGrad::of);
  }

  private static List<Traced> roots(String op, List<Tensor> outputs) {
    var roots = new ArrayList<Traced>();
    for (int i = 0; i < outputs.size(); i++) {
      Value v = outputs.get(i).value();
      if (v instanceof Traced t && t.by() == Reverse.TAPE) {
        roots.add(t);
      } else if (v instanceof Wrapped w) {
        throw new GradientException(op + ": output " + i + " belongs to a running " + w.by().title() + "; use vjp or grad of a function there");
      } else {
        throw new GradientException(
            op + ": output " + i + " does not require grad, so nothing leads back from it; call requiresGrad_() on its inputs before computing it");
      }
    }
    return roots;
  }

  private static Set<Edge> edges(String op, List<Tensor> inputs) {
    var edges = new HashSet<Edge>();
    for (int i = 0; i < inputs.size(); i++) {
      edges.add(edge(op, inputs.get(i), i));
    }
    return edges;
  }

  private static Edge edge(String op, Tensor t, int i) {
    if (t.value() instanceof Traced x && x.by() == Reverse.TAPE) {
      return new Edge(x.node(), x.index());
    }
    throw new GradientException(op + ": input " + i + " does not require grad; call requiresGrad_() before it is used");
  }

  private static List<Value> cotangents(String op, List<Tensor> outputs, List<Tensor> cts, boolean batched) {
    if (cts.size() != outputs.size()) {
      throw new GradientException(op + ": " + outputs.size() + " outputs and " + cts.size() + " cotangents");
    }
    var r = new ArrayList<Value>();
    for (int i = 0; i < cts.size(); i++) {
      Tensor y = outputs.get(i);
      Tensor ct = cts.get(i);
      Shape own = batched && ct.rank() > 0 ? ct.shape().range(1, ct.rank()) : ct.shape();
      if (batched && ct.rank() == 0 || !own.equals(y.shape())) {
        throw new GradientException(
            op + ": cotangent " + i + " is " + ct.shape() + ", the output is " + y.shape() + (batched ? "; expected [k, *output]" : ""));
      }
      r.add(ct.to(y.dtype()).value());
    }
    return r;
  }

  /**
   * The gradients of a scalar with respect to {@code input}, without touching {@code grad()}.
   *
   * @throws GradientException as {@link #grad(List, List, List, Option...)}
   */
  public static Tensor grad(Tensor output, Tensor input, Option... options) {
    return grad(List.of(output), List.of(input), options).get(0);
  }

  /** The vector-Jacobian product of {@code cotangent} (of the output's shape) with respect to {@code input}. */
  public static Tensor grad(Tensor output, Tensor input, Tensor cotangent, Option... options) {
    return grad(List.of(output), List.of(input), List.of(cotangent), options).get(0);
  }

  /** The gradients of scalars. */
  public static Gradients grad(List<Tensor> outputs, List<Tensor> inputs, Option... options) {
    for (Tensor y : outputs) {
      if (y.size() != 1) {
        throw new GradientException("grad: " + y.shape() + " is not a scalar; pass a cotangent of that shape");
      }
    }
    return grad(outputs, inputs, outputs.stream().map(Tensor::onesLike).toList(), options);
  }

  /**
   * Vector-Jacobian products, without touching {@code grad()}. With BATCHED, axis 0 of each cotangent and of each result counts k
   * passes, which run as one: matrix products where there were matrix-vector products.
   *
   * @throws GradientException if an output or input does not require grad, an input is not used (pass ALLOW_UNUSED or MATERIALIZE),
   *     shapes differ, or the graph was freed
   */
  public static Gradients grad(List<Tensor> outputs, List<Tensor> inputs, List<Tensor> cotangents, Option... options) {
    boolean batched = Option.has(options, BATCHED);
    boolean create = Option.has(options, CREATE_GRAPH);
    boolean retain = create || Option.has(options, RETAIN_GRAPH);
    List<Traced> roots = roots("grad", outputs);
    List<Value> cts = cotangents("grad", outputs, cotangents, batched);
    var edges = new ArrayList<Edge>();
    for (int i = 0; i < inputs.size(); i++) {
      edges.add(edge("grad", inputs.get(i), i));
    }
    var wanted = Optional.<Set<Edge>>of(new HashSet<>(edges));
    Backward pass = Backward.prepare(roots, create, retain, wanted);
    requireUsed(pass, edges, options);
    List<Value> g = batched ? Transforms.batched(rows(cotangents), cts, c -> pick(pass.run(c), edges)) : pick(pass.run(cts), edges);
    return results(g, pass, edges, inputs, batched ? rows(cotangents) : -1, options);
  }

  private static int rows(List<Tensor> cts) {
    int k = cts.get(0).size(0);
    for (Tensor t : cts) {
      if (t.size(0) != k) {
        throw new GradientException("grad: batched cotangents have " + k + " and " + t.size(0) + " rows");
      }
    }
    return k;
  }

  private static List<Value> pick(Map<Edge, Value> g, List<Edge> edges) {
    return Arrays.asList(edges.stream().map(g::get).toArray(Value[]::new));
  }

  private static void requireUsed(Backward pass, List<Edge> edges, Option[] options) {
    if (!Option.has(options, MATERIALIZE) && !Option.has(options, ALLOW_UNUSED)) {
      for (int i = 0; i < edges.size(); i++) {
        if (!pass.reaches(edges.get(i))) {
          throw new GradientException("grad: input " + i + " was not used in the graph; pass ALLOW_UNUSED or MATERIALIZE if that is meant");
        }
      }
    }
  }

  /** An input that is used without a slope has a gradient of zeros, one that is not used has none unless it is asked for. */
  private static Gradients results(List<Value> g, Backward pass, List<Edge> edges, List<Tensor> inputs, int rows, Option[] options) {
    var r = new ArrayList<Optional<Tensor>>();
    for (int i = 0; i < g.size(); i++) {
      Tensor x = inputs.get(i);
      if (g.get(i) != null) {
        Tensor t = new Tensor(g.get(i));
        r.add(Optional.of(rows < 0 && Option.has(options, CREATE_GRAPH) && !t.requiresGrad() ? joined(t, x) : t));
      } else if (pass.reaches(edges.get(i)) || Option.has(options, MATERIALIZE)) {
        Shape s = rows < 0 ? x.shape() : x.shape().prepend(rows);
        r.add(Optional.of(Tensor.full(s, 0, x.dtype(), x.device())));
      } else {
        r.add(Optional.empty());
      }
    }
    return new Gradients(r);
  }

  /** A gradient that does not vary with x, as part of x's graph all the same: its own derivative is zero, not an error. */
  private static Tensor joined(Tensor g, Tensor x) {
    return Eager.apply(OpName.of("grad", "Mul"), Pointwise.of(Expr.arg(0)), g, x);
  }

  // ---- transforms of functions. Arguments and results are a Tensor, or structures of them: Tensor[], List, Map, TensorTree.

  /** No axis of this argument is mapped: every example sees all of it. */
  public static final int NONE = Integer.MIN_VALUE;

  /** The value of a function and its tangent. */
  public record Jvp<B>(B value, B tangent) {}

  /** The value of a scalar function and its gradient, of the argument's structure. */
  public record ValueAndGrad<A>(Tensor value, A grad) {}

  /** The value of a function and its pushforward, which may be used many times without running the function again. */
  public static final class Linearized<A, B> {
    private final B value;
    private final Function<A, B> pushforward;

    Linearized(B value, Function<A, B> pushforward) {
      this.value = value;
      this.pushforward = pushforward;
    }

    /** f(x). */
    public B value() {
      return value;
    }

    /** The Jacobian-vector product of a tangent of the argument's structure and shapes. */
    public B apply(A tangent) {
      return pushforward.apply(tangent);
    }
  }

  /** Value and pullback of {@code f} at {@code x}. */
  public static Vjp<Tensor, Tensor> vjp(UnaryOperator<Tensor> f, Tensor x) {
    return FunctionTransforms.vjp("vjp", f, x);
  }

  /** Value and pullback of a function of structures. */
  public static <A, B> Vjp<A, B> vjpTree(Function<A, B> f, A x) {
    return FunctionTransforms.vjp("vjpTree", f, x);
  }

  /** Value of {@code f} at {@code x} and the Jacobian-vector product with {@code tangent}, of x's shape. */
  public static Jvp<Tensor> jvp(UnaryOperator<Tensor> f, Tensor x, Tensor tangent) {
    return FunctionTransforms.jvp("jvp", f, x, tangent);
  }

  /** Value and Jacobian-vector product of a function of structures. */
  public static <A, B> Jvp<B> jvpTree(Function<A, B> f, A x, A tangent) {
    return FunctionTransforms.jvp("jvpTree", f, x, tangent);
  }

  /** Value and pushforward of {@code f} at {@code x}. */
  public static Linearized<Tensor, Tensor> linearize(UnaryOperator<Tensor> f, Tensor x) {
    return FunctionTransforms.linearize("linearize", f, x);
  }

  /** Value and pushforward of a function of structures. */
  public static <A, B> Linearized<A, B> linearizeTree(Function<A, B> f, A x) {
    return FunctionTransforms.linearize("linearizeTree", f, x);
  }

  /** The gradient of a scalar function; of the input's shape. */
  public static UnaryOperator<Tensor> grad(UnaryOperator<Tensor> f) {
    return x -> FunctionTransforms.valueAndGrad("grad", f, x).grad();
  }

  /** The gradient of a scalar function of a structure; of that structure. */
  public static <A> Function<A, A> gradTree(Function<A, Tensor> f) {
    return x -> FunctionTransforms.valueAndGrad("gradTree", f, x).grad();
  }

  /** The gradient of a scalar function of two tensors with respect to the first. */
  public static BinaryOperator<Tensor> grad(BinaryOperator<Tensor> f) {
    return (x, y) -> FunctionTransforms.valueAndGrad("grad", (Tensor v) -> f.apply(v, y), x).grad();
  }

  /** The gradient of a scalar function of three tensors with respect to the first. */
  public static TernaryOperator grad(TernaryOperator f) {
    return (x, y, z) -> FunctionTransforms.valueAndGrad("grad", (Tensor v) -> f.apply(v, y, z), x).grad();
  }

  /** Value and gradient of a scalar function. */
  public static Function<Tensor, ValueAndGrad<Tensor>> valueAndGrad(UnaryOperator<Tensor> f) {
    return x -> FunctionTransforms.valueAndGrad("valueAndGrad", f, x);
  }

  /** Value and gradient of a scalar function of a structure. */
  public static <A> Function<A, ValueAndGrad<A>> valueAndGradTree(Function<A, Tensor> f) {
    return x -> FunctionTransforms.valueAndGrad("valueAndGradTree", f, x);
  }

  /** For each argument of {@code vmap} the axis that counts examples, or {@link #NONE}. */
  public static VmapOptions in(Integer... axes) {
    return new VmapOptions(List.of(axes), List.of(), 0, Randomness.ERROR);
  }

  /** {@code f} applied to each x[i]; [n, ...] → [n, ...]. */
  public static UnaryOperator<Tensor> vmap(UnaryOperator<Tensor> f) {
    return vmap(f, VmapOptions.DEFAULT);
  }

  /** {@code f} applied to each example of a tensor. */
  public static UnaryOperator<Tensor> vmap(UnaryOperator<Tensor> f, VmapOptions options) {
    return x -> FunctionTransforms.vmap("vmap", f, options, x);
  }

  /** {@code f} applied to each example of two tensors. */
  public static BinaryOperator<Tensor> vmap(BinaryOperator<Tensor> f, VmapOptions options) {
    return (x, y) -> FunctionTransforms.vmap("vmap", (List<Tensor> a) -> f.apply(a.get(0), a.get(1)), options, List.of(x, y));
  }

  /** {@code f} applied to each example of two tensors. */
  public static BinaryOperator<Tensor> vmap(BinaryOperator<Tensor> f) {
    return vmap(f, VmapOptions.DEFAULT);
  }

  /** {@code f} applied to each example of three tensors. */
  public static TernaryOperator vmap(TernaryOperator f, VmapOptions options) {
    return (x, y, z) -> FunctionTransforms.vmap("vmap", (List<Tensor> a) -> f.apply(a.get(0), a.get(1), a.get(2)), options, List.of(x, y, z));
  }

  /** {@code f} applied to each example of a structure; the axes of {@code options} count for the parts of a list or array. */
  public static <A, B> Function<A, B> vmapTree(Function<A, B> f, VmapOptions options) {
    return x -> FunctionTransforms.vmap("vmapTree", f, options, x);
  }

  /** The Jacobian [out..., in...] in reverse mode: one forward pass and one batched backward pass. */
  public static UnaryOperator<Tensor> jacrev(UnaryOperator<Tensor> f) {
    return jacrev(f, 0);
  }

  /** The Jacobian [out..., in...] in reverse mode, at most {@code chunk} rows at a time (0: all), which bounds memory. */
  public static UnaryOperator<Tensor> jacrev(UnaryOperator<Tensor> f, int chunk) {
    return x -> FunctionTransforms.jacrev("jacrev", FunctionTransforms.vjp("jacrev", f, x), chunk).get(0, 0);
  }

  /** The Jacobians of a function of structures in reverse mode, at most {@code chunk} rows at a time (0: all). */
  public static <A, B> Function<A, Jacobians> jacrevTree(Function<A, B> f, int chunk) {
    return x -> FunctionTransforms.jacrev("jacrevTree", FunctionTransforms.vjp("jacrevTree", f, x), chunk);
  }

  /** The Jacobian [out..., in...] in forward mode: one batched pushforward. */
  public static UnaryOperator<Tensor> jacfwd(UnaryOperator<Tensor> f) {
    return jacfwd(f, 0);
  }

  /** The Jacobian [out..., in...] in forward mode, at most {@code chunk} columns at a time (0: all), which bounds memory. */
  public static UnaryOperator<Tensor> jacfwd(UnaryOperator<Tensor> f, int chunk) {
    return x -> FunctionTransforms.jacfwd("jacfwd", f, x, chunk).get(0, 0);
  }

  /** The Jacobians of a function of structures in forward mode, at most {@code chunk} columns at a time (0: all). */
  public static <A, B> Function<A, Jacobians> jacfwdTree(Function<A, B> f, int chunk) {
    return x -> FunctionTransforms.jacfwd("jacfwdTree", f, x, chunk);
  }

  /**
   * The Jacobian [out..., in...] of {@code f} at {@code x} in the mode with fewer passes: reverse unless there are more outputs than
   * inputs.
   */
  public static Tensor jacobian(UnaryOperator<Tensor> f, Tensor x) {
    Vjp<Tensor, Tensor> v = FunctionTransforms.vjp("jacobian", f, x);
    return v.out().leaves().get(0).size() > x.size() ? FunctionTransforms.jacfwd("jacobian", f, x, 0).get(0, 0)
        : FunctionTransforms.jacrev("jacobian", v, 0).get(0, 0);
  }

  /** The Jacobians of a function of structures, in the mode with fewer passes. */
  public static <A, B> Jacobians jacobianTree(Function<A, B> f, A x) {
    Vjp<A, B> v = FunctionTransforms.vjp("jacobianTree", f, x);
    long out = v.out().leaves().stream().mapToLong(Tensor::size).sum();
    long in = v.in().leaves().stream().mapToLong(Tensor::size).sum();
    return out > in ? FunctionTransforms.jacfwd("jacobianTree", f, x, 0) : FunctionTransforms.jacrev("jacobianTree", v, 0);
  }

  /**
   * The Hessian [in..., in...] of a scalar function: forward over reverse, 256 columns at a time, which bounds memory. What {@code f} makes
   * is freed after each such part; {@code hessian(f, 0)} takes all columns at once.
   */
  public static UnaryOperator<Tensor> hessian(UnaryOperator<Tensor> f) {
    return hessian(f, COLUMNS);
  }

  /** The Hessian [in..., in...] of a scalar function, at most {@code chunk} columns at a time (0: all). */
  public static UnaryOperator<Tensor> hessian(UnaryOperator<Tensor> f, int chunk) {
    return x -> FunctionTransforms.jacfwd("hessian", gradient("hessian", f), x, chunk).get(0, 0);
  }

  private static <A> Function<A, A> gradient(String op, Function<A, Tensor> f) {
    return x -> FunctionTransforms.valueAndGrad(op, f, x).grad();
  }

  /** The Hessians of a scalar function of a structure. */
  public static <A> Function<A, Jacobians> hessianTree(Function<A, Tensor> f) {
    return hessianTree(f, 0);
  }

  /** The Hessians of a scalar function of a structure, at most {@code chunk} columns at a time (0: all). */
  public static <A> Function<A, Jacobians> hessianTree(Function<A, Tensor> f, int chunk) {
    return x -> FunctionTransforms.jacfwd("hessianTree", gradient("hessianTree", f), x, chunk);
  }

  /** The Hessian of a scalar function times {@code v}, of x's shape, without the Hessian: forward over reverse. */
  public static Tensor hvp(UnaryOperator<Tensor> f, Tensor x, Tensor v) {
    return FunctionTransforms.jvp("hvp", gradient("hvp", f), x, v).tangent();
  }

  /** The Hessian of a scalar function of a structure times {@code v}, of x's structure. */
  public static <A> A hvpTree(Function<A, Tensor> f, A x, A v) {
    return FunctionTransforms.jvp("hvpTree", gradient("hvpTree", f), x, v).tangent();
  }

  /** {@code v} times the Hessian of a scalar function, without the Hessian: reverse over reverse. */
  public static Tensor vhp(UnaryOperator<Tensor> f, Tensor x, Tensor v) {
    return FunctionTransforms.vjp("vhp", gradient("vhp", f), x).apply(v);
  }

  /** {@code v} times the Hessian of a scalar function of a structure, of x's structure. */
  public static <A> A vhpTree(Function<A, Tensor> f, A x, A v) {
    return FunctionTransforms.vjp("vhpTree", gradient("vhpTree", f), x).apply(v);
  }

  // ---- functions that give something beside their result

  /** The gradient of the value that {@code f} gives, with what comes with it. */
  public static <A, C> Function<A, Aux<A, C>> gradAux(Function<A, Aux<Tensor, C>> f) {
    return x -> {
      var r = FunctionTransforms.valueAndGradAux("gradAux", f, x);
      return new Aux<>(r.value().grad(), r.aux());
    };
  }

  /** Value and gradient of the value that {@code f} gives, with what comes with it. */
  public static <A, C> Function<A, Aux<ValueAndGrad<A>, C>> valueAndGradAux(Function<A, Aux<Tensor, C>> f) {
    return x -> FunctionTransforms.valueAndGradAux("valueAndGradAux", f, x);
  }

  /** Value and pullback of what {@code f} gives, with what comes with it. */
  public static <A, B, C> Aux<Vjp<A, B>, C> vjpAux(Function<A, Aux<B, C>> f, A x) {
    return FunctionTransforms.vjpAux("vjpAux", f, x);
  }

  /** Value and Jacobian-vector product of what {@code f} gives, with what comes with it. */
  public static <A, B, C> Aux<Jvp<B>, C> jvpAux(Function<A, Aux<B, C>> f, A x, A tangent) {
    return FunctionTransforms.jvpAux("jvpAux", f, x, tangent);
  }

  /** The Jacobians of what {@code f} gives in reverse mode, at most {@code chunk} rows at a time (0: all), with what comes with it. */
  public static <A, B, C> Function<A, Aux<Jacobians, C>> jacrevAux(Function<A, Aux<B, C>> f, int chunk) {
    return x -> {
      var v = FunctionTransforms.vjpAux("jacrevAux", f, x);
      return new Aux<>(FunctionTransforms.jacrev("jacrevAux", v.value(), chunk), v.aux());
    };
  }

  // ---- memory for time

  /**
   * f(x), keeping for the backward pass only {@code x} and what {@code f} captured, and computing the rest again there. Gradients,
   * tangents and random numbers are the same, also inside other transforms and for captured parameters.
   *
   * <p>Source: Griewank and Walther, Algorithm 799: Revolve, 2000; Chen et al., Training deep nets with sublinear memory cost, 2016.
   */
  public static Tensor checkpoint(UnaryOperator<Tensor> f, Tensor x) {
    return Checkpoint.run(f, x);
  }

  /** f(x) of a structure, computed again in the backward pass; see {@link #checkpoint}. */
  public static <A, B> B checkpointTree(Function<A, B> f, A x) {
    return Checkpoint.run(f, x);
  }

  /**
   * Runs {@code body} so that each value a graph saves is passed through {@code pack}, and what that gives through {@code unpack} when
   * backward needs it: to keep saved values elsewhere, or smaller. Inside vmap the values have the mapped axes in front.
   *
   * <pre>{@code
   * Tensor y = Autograd.savedTensors(Tensor::toArray, a -> Tensor.of((float[]) a, ...), () -> model.apply(x));
   * }</pre>
   *
   * <p>The tensor that {@code unpack} gives must have the shape, type and device of the one packed.
   */
  public static <R> R savedTensors(Function<Tensor, Object> pack, Function<Object, Tensor> unpack, Supplier<R> body) {
    return SavedValues.hooked(s -> pack.apply(new Tensor(s)), o -> SavedTensors.plain(unpack.apply(o)), body);
  }
}
