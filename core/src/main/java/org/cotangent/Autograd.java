package org.cotangent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.cotangent.errors.GradientException;
import org.cotangent.errors.ShapeException;
import org.cotangent.expr.Expr;
import org.cotangent.primitive.Pointwise;
import org.cotangent.primitive.Value;
import org.cotangent.transform.Anomaly;
import org.cotangent.transform.Backward;
import org.cotangent.transform.Edge;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;
import org.cotangent.transform.Reverse;
import org.cotangent.transform.Traced;
import org.cotangent.transform.Transforms;

/** Backward passes, gradient modes, and the function transforms. */
public final class Autograd {
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
      } else if (v instanceof Traced) {
        throw new GradientException(op + ": the tensor belongs to a running transform; use vjp or grad of a function there");
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

  // ---- transforms of functions of one tensor

  /** The value of a function and its pullback, which may be used many times. */
  public static final class Vjp {
    private final Transforms.Pullback pullback;
    private final Tensor x;

    private Vjp(Transforms.Pullback pullback, Tensor x) {
      this.pullback = pullback;
      this.x = x;
    }

    /** f(x). */
    public Tensor value() {
      return new Tensor(pullback.values()[0]);
    }

    /** The vector-Jacobian product of a cotangent of the value's shape; of the input's shape. */
    public Tensor apply(Tensor cotangent) {
      Value y = pullback.values()[0];
      if (!cotangent.shape().equals(y.shape())) {
        throw new GradientException("vjp: the cotangent is " + cotangent.shape() + ", the output is " + y.shape());
      }
      Value g = pullback.apply(cotangent.to(y.dtype()).value())[0];
      return g == null ? Tensor.zerosLike(x) : new Tensor(g);
    }
  }

  /** The value of a function and its tangent. */
  public record Jvp(Tensor value, Tensor tangent) {}

  private static UnaryOperator<Value[]> lift(UnaryOperator<Tensor> f) {
    return v -> new Value[] {f.apply(new Tensor(v[0])).value()};
  }

  /** Value and pullback of {@code f} at {@code x}. */
  public static Vjp vjp(UnaryOperator<Tensor> f, Tensor x) {
    Eager.requireFloating("vjp", x);
    return new Vjp(Transforms.vjp(lift(f), Eager.values(x), new boolean[] {true}), x);
  }

  /** Value of {@code f} at {@code x} and the Jacobian-vector product with {@code tangent}, of x's shape. */
  public static Jvp jvp(UnaryOperator<Tensor> f, Tensor x, Tensor tangent) {
    Eager.requireFloating("jvp", x);
    if (!x.shape().equals(tangent.shape())) {
      throw new GradientException("jvp: the tangent is " + tangent.shape() + ", the input is " + x.shape());
    }
    var r = Transforms.jvp(lift(f), Eager.values(x), Eager.values(tangent.to(x.dtype())));
    return new Jvp(new Tensor(r.values()[0]), new Tensor(r.tangents()[0]));
  }

  /** {@code f} applied to each x[i]; [n, ...] → [n, ...]. */
  public static UnaryOperator<Tensor> vmap(UnaryOperator<Tensor> f) {
    return x -> {
      if (x.rank() == 0) {
        throw new ShapeException("vmap: a scalar has no axis to map over");
      }
      return new Tensor(Transforms.vmap(lift(f), x.size(0), Eager.values(x), new boolean[] {true})[0]);
    };
  }

  /** The gradient of a scalar function; of the input's shape. */
  public static UnaryOperator<Tensor> grad(UnaryOperator<Tensor> f) {
    return x -> {
      Vjp v = vjp(f, x);
      Tensor y = v.value();
      if (y.size() != 1) {
        throw new GradientException("grad: the function gives " + y.shape() + ", not a scalar; use jacrev or vjp");
      }
      return v.apply(Tensor.onesLike(y));
    };
  }

  /** The Jacobian [out..., in...] in reverse mode: one forward pass and one batched backward pass. */
  public static UnaryOperator<Tensor> jacrev(UnaryOperator<Tensor> f) {
    return x -> {
      Vjp v = vjp(f, x);
      Tensor y = v.value();
      Tensor rows = vmap(v::apply).apply(basis(y));
      return rows.reshape(y.shape().append(x.shape().dims()).dims());
    };
  }

  /** The Jacobian [out..., in...] in forward mode: one batched pushforward. */
  public static UnaryOperator<Tensor> jacfwd(UnaryOperator<Tensor> f) {
    return x -> {
      Tensor columns = vmap(t -> jvp(f, x, t).tangent()).apply(basis(x));
      Shape out = columns.shape().range(1, columns.rank());
      Tensor j = columns.movedim(0, -1);
      return j.reshape(out.append(x.shape().dims()).dims());
    };
  }

  /** The Hessian [in..., in...] of a scalar function: forward over reverse. */
  public static UnaryOperator<Tensor> hessian(UnaryOperator<Tensor> f) {
    return jacfwd(grad(f));
  }

  private static Tensor basis(Tensor y) {
    int n = Math.toIntExact(y.size());
    return Tensor.eye(n).to(y.device()).to(y.dtype()).reshape(y.shape().prepend(n).dims());
  }
}
