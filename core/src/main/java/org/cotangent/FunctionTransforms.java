package org.cotangent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.GradientException;
import org.cotangent.errors.ShapeException;
import org.cotangent.lower.Scope;
import org.cotangent.lower.Stored;
import org.cotangent.primitive.Value;
import org.cotangent.transform.Batch;
import org.cotangent.transform.Transforms;
import org.cotangent.transform.Values;

/** The transforms of {@link Autograd} on structures of tensors. */
final class FunctionTransforms {
  private FunctionTransforms() {}

  /** A function of structures as one of values, which remembers the structure of the result. */
  record Lifted<A, B>(Function<A, B> f, Tree<A> in, String op, AtomicReference<Tree<B>> out) implements UnaryOperator<Value[]> {
    static <A, B> Lifted<A, B> of(String op, Function<A, B> f, Tree<A> in) {
      return new Lifted<>(f, in, op, new AtomicReference<>());
    }

    @Override
    public Value[] apply(Value[] v) {
      Tree<B> y = Tree.of(op, f.apply(in.with(v)));
      out.set(y);
      return y.values();
    }
  }

  static <A, B> Vjp<A, B> vjp(String op, Function<A, B> f, A x) {
    Tree<A> in = Tree.of(op, x);
    if (in.leaves().stream().noneMatch(t -> t.dtype().floating())) {
      throw new DTypeException(op + ": no argument is a floating tensor; convert one with to(DType.FLOAT32)");
    }
    var lifted = Lifted.of(op, f, in);
    boolean[] wrt = new boolean[in.leaves().size()];
    Arrays.fill(wrt, true);
    Transforms.Pullback p = Transforms.vjp(lifted, in.values(), wrt);
    return new Vjp<>(p, in, lifted.out().get());
  }

  static <A, B> Autograd.Jvp<B> jvp(Function<A, B> f, A x, A tangent) {
    Tree<A> in = Tree.of("jvp", x);
    Value[] t = tangents("jvp", in, Tree.of("jvp", tangent));
    var lifted = Lifted.of("jvp", f, in);
    var r = Transforms.jvp(lifted, in.values(), t);
    Tree<B> out = lifted.out().get();
    return new Autograd.Jvp<>(out.with(r.values()), out.with(r.tangents()));
  }

  private static Value[] tangents(String op, Tree<?> in, Tree<?> t) {
    if (t.leaves().size() != in.leaves().size()) {
      throw new GradientException(op + ": " + in.leaves().size() + " inputs and " + t.leaves().size() + " tangents");
    }
    Value[] r = t.values();
    for (int i = 0; i < r.length; i++) {
      Tensor x = in.leaves().get(i);
      if (!x.shape().equals(t.leaves().get(i).shape())) {
        throw new GradientException(op + ": tangent " + i + " is " + t.leaves().get(i).shape() + ", the input is " + x.shape());
      }
      r[i] = x.dtype().floating() ? t.leaves().get(i).to(x.dtype()).value() : null;
    }
    return r;
  }

  /** The pushforward as the transpose of the pullback, so that f runs once. */
  static <A, B> Autograd.Linearized<A, B> linearize(Function<A, B> f, A x) {
    Vjp<A, B> v = vjp("linearize", f, x);
    Value[] zeros = v.out().leaves().stream().map(t -> Tensor.zerosLike(t).value()).toArray(Value[]::new);
    boolean[] wrt = new boolean[zeros.length];
    Arrays.fill(wrt, true);
    Transforms.Pullback transposed = Transforms.vjp(v::pull, zeros, wrt);
    return new Autograd.Linearized<>(v.value(), t -> {
      Value[] tangents = tangents("linearize", v.in(), Tree.of("linearize", t));
      Value[] dy = transposed.apply(tangents);
      for (int j = 0; j < dy.length; j++) {
        dy[j] = dy[j] == null ? zeros[j] : dy[j];
      }
      return v.out().with(dy);
    });
  }

  static <A> Autograd.ValueAndGrad<A> valueAndGrad(String op, Function<A, Tensor> f, A x) {
    Vjp<A, Tensor> v = vjp(op, f, x);
    Tensor y = v.value();
    if (y.size() != 1) {
      throw new GradientException(op + ": the function gives " + y.shape() + ", not a scalar; use jacrev or vjp");
    }
    return new Autograd.ValueAndGrad<>(y, v.apply(Tensor.onesLike(y)));
  }

  // ---- vmap

  static <A, B> B vmap(Function<A, B> f, VmapOptions o, A x) {
    Tree<A> in = Tree.of("vmap", x);
    int[] axes = axes(in, o, x);
    int n = examples(in, axes);
    Value[] front = new Value[axes.length];
    boolean[] mapped = new boolean[axes.length];
    for (int i = 0; i < axes.length; i++) {
      mapped[i] = axes[i] != Autograd.NONE;
      Tensor t = in.leaves().get(i);
      front[i] = mapped[i] ? t.movedim(axes[i], 0).value() : t.value();
    }
    var lifted = Lifted.of("vmap", f, in);
    Batch.Draws draws = Batch.Draws.valueOf(o.randomness().name());
    Value[] y = chunked(o.chunk(), n, front, mapped, (k, v) -> Transforms.vmap(lifted, k, v, mapped, draws));
    for (int j = 0; o.out() != 0 && j < y.length; j++) {
      y[j] = new Tensor(y[j]).movedim(0, o.out()).value();
    }
    return lifted.out().get().with(y);
  }

  /** The mapped axis of each leaf: those of an argument list count for each argument, with all of its leaves. */
  private static int[] axes(Tree<?> in, VmapOptions o, Object x) {
    int[] r = new int[in.leaves().size()];
    if (o.in().isEmpty()) {
      return r;
    }
    List<?> arguments = x instanceof List<?> l ? l : x instanceof Tensor[] a ? List.of(a) : List.of(x);
    if (arguments.size() != o.in().size()) {
      throw new ArgumentException("vmap: " + arguments.size() + " arguments and " + o.in().size() + " axes");
    }
    int k = 0;
    for (int i = 0; i < arguments.size(); i++) {
      int leaves = Tree.of("vmap", arguments.get(i)).leaves().size();
      for (int j = 0; j < leaves; j++) {
        r[k++] = o.in().get(i);
      }
    }
    return r;
  }

  private static int examples(Tree<?> in, int[] axes) {
    int n = -1;
    int first = -1;
    for (int i = 0; i < axes.length; i++) {
      Tensor t = in.leaves().get(i);
      if (axes[i] != Autograd.NONE) {
        if (t.rank() == 0) {
          throw new ShapeException("vmap: argument " + i + " is a scalar and has no axis to map over; use NONE for it");
        }
        int d = t.size(axes[i]);
        if (n >= 0 && d != n) {
          throw new ShapeException("vmap: mapped sizes differ: argument " + first + " has " + n + ", argument " + i + " has " + d);
        }
        first = n < 0 ? i : first;
        n = d;
      }
    }
    if (n < 0) {
      throw new ArgumentException("vmap: no argument is mapped");
    }
    return n;
  }

  private interface Part {
    Value[] run(int n, Value[] in);
  }

  /** Runs {@code part} on at most {@code chunk} examples at a time and joins the results; storage of a part is freed before the next. */
  private static Value[] chunked(int chunk, int n, Value[] in, boolean[] mapped, Part part) {
    if (chunk == 0 || chunk >= n) {
      return part.run(n, in);
    }
    var parts = new ArrayList<Value[]>();
    for (int from = 0; from < n; from += chunk) {
      int k = Math.min(chunk, n - from);
      Value[] v = in.clone();
      for (int i = 0; i < v.length; i++) {
        v[i] = mapped[i] ? new Tensor(in[i]).narrow(0, from, k).value() : in[i];
      }
      parts.add(kept(() -> part.run(k, v)));
    }
    Value[] r = new Value[parts.get(0).length];
    for (int j = 0; j < r.length; j++) {
      int out = j;
      r[j] = Tensor.cat(0, parts.stream().map(p -> new Tensor(p[out])).toArray(Tensor[]::new)).value();
    }
    return r;
  }

  /** Frees what {@code body} made but its results, unless these are part of a graph, which needs it. */
  private static Value[] kept(java.util.function.Supplier<Value[]> body) {
    try (Scope scope = Scope.open()) {
      Value[] y = body.get();
      boolean plain = Arrays.stream(y).allMatch(v -> v instanceof Stored);
      if (plain) {
        Arrays.stream(y).forEach(v -> Values.keep(v, scope));
      } else {
        scope.keepAll();
      }
      return y;
    }
  }

  // ---- Jacobians

  static Jacobians jacrev(Vjp<?, ?> v, int chunk) {
    List<Tensor> ys = v.out().leaves();
    List<Tensor> xs = v.in().leaves();
    Tensor[][] blocks = new Tensor[ys.size()][];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = rows(v, i, ys, xs, chunk);
    }
    return new Jacobians(v.out().names(), v.in().names(), blocks);
  }

  /** Rows of output i: its cotangents are the rows of an identity, those of the other outputs zero. */
  private static Tensor[] rows(Vjp<?, ?> v, int i, List<Tensor> ys, List<Tensor> xs, int chunk) {
    Tensor y = ys.get(i);
    if (y.size() == 0) {
      return xs.stream().map(x -> empty(y, x)).toArray(Tensor[]::new);
    }
    Value[] g = basis(y, chunk, e -> {
      Value[] ct = new Value[ys.size()];
      for (int j = 0; j < ct.length; j++) {
        ct[j] = j == i ? e : Tensor.zerosLike(ys.get(j)).value();
      }
      return v.pull(ct);
    });
    Tensor[] r = new Tensor[g.length];
    for (int j = 0; j < r.length; j++) {
      r[j] = new Tensor(g[j]).reshape(y.shape().append(xs.get(j).shape().dims()).dims());
    }
    return r;
  }

  static <A, B> Jacobians jacfwd(Function<A, B> f, A x, int chunk) {
    Tree<A> in = Tree.of("jacfwd", x);
    var lifted = Lifted.of("jacfwd", f, in);
    Value[] primals = in.values();
    Tensor[][] columns = new Tensor[primals.length][];
    for (int i = 0; i < primals.length; i++) {
      columns[i] = columns(lifted, primals, i, in.leaves().get(i), chunk);
    }
    Tree<B> out = lifted.out().get();
    Tensor[][] blocks = new Tensor[out.leaves().size()][primals.length];
    for (int j = 0; j < blocks.length; j++) {
      for (int i = 0; i < primals.length; i++) {
        blocks[j][i] = columns[i][j];
      }
    }
    return new Jacobians(out.names(), in.names(), blocks);
  }

  private static Tensor[] columns(UnaryOperator<Value[]> f, Value[] primals, int i, Tensor x, int chunk) {
    if (!x.dtype().floating()) {
      throw new DTypeException("jacfwd: input " + i + " is " + x.dtype() + "; only floating tensors have derivatives");
    }
    if (x.size() == 0) {
      return Arrays.stream(f.apply(primals)).map(y -> empty(new Tensor(y), x)).toArray(Tensor[]::new);
    }
    Value[] dy = basis(x, chunk, e -> {
      Value[] t = new Value[primals.length];
      t[i] = e;
      return Transforms.jvp(f, primals, t).tangents();
    });
    Tensor[] r = new Tensor[dy.length];
    for (int j = 0; j < r.length; j++) {
      Tensor c = new Tensor(dy[j]);
      Shape out = c.shape().range(1, c.rank());
      r[j] = c.movedim(0, -1).reshape(out.append(x.shape().dims()).dims());
    }
    return r;
  }

  /** The Jacobian where output or input has no elements. */
  private static Tensor empty(Tensor y, Tensor x) {
    return Tensor.full(y.shape().append(x.shape().dims()), 0, y.dtype(), y.device());
  }

  /** {@code f} of each one-hot value of y's shape; only as many of these exist at a time as a chunk has. */
  private static Value[] basis(Tensor y, int chunk, Function<Value, Value[]> f) {
    int n = Math.toIntExact(y.size());
    Value[] numbers = {Tensor.arange(n).to(y.device()).value()};
    boolean[] mapped = {true};
    return chunked(chunk, n, numbers, mapped, (k, v) -> {
      Tensor hot = new Tensor(v[0]).unsqueeze(1).eq(Tensor.arange(n).to(y.device())).to(y.dtype()).reshape(y.shape().prepend(k).dims());
      return Transforms.vmap(e -> f.apply(e[0]), k, new Value[] {hot.value()}, mapped, Batch.Draws.SAME);
    });
  }
}
