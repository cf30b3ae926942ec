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
import org.cotangent.primitive.Value;
import org.cotangent.transform.Batch;
import org.cotangent.transform.Gate;
import org.cotangent.transform.Transforms;
import org.cotangent.transform.Values;

/** The transforms of {@link Autograd} on structures of tensors. */
final class FunctionTransforms {
  private FunctionTransforms() {}

  /** A function of structures as one of values, which remembers the structures of the result and of what comes with it. */
  record Lifted<A, B, C>(String op, Function<A, Aux<B, C>> f, Tree<A> in, AtomicReference<Aux<Tree<B>, Tree<C>>> last)
      implements UnaryOperator<Value[]> {
    static <A, B> Lifted<A, B, List<Tensor>> of(String op, Function<A, B> f, Tree<A> in) {
      return withAux(op, plain(f), in);
    }

    static <A, B, C> Lifted<A, B, C> withAux(String op, Function<A, Aux<B, C>> f, Tree<A> in) {
      return new Lifted<>(op, f, in, new AtomicReference<>());
    }

    /** Values of the result, then of what comes with it. */
    @Override
    public Value[] apply(Value[] v) {
      Aux<B, C> y = f.apply(in.with(v));
      if (y == null) {
        throw new ArgumentException(op + ": the function gave null, not a result with what comes with it");
      }
      var trees = new Aux<>(Tree.of(op, y.value()), Tree.of(op, y.aux()));
      last.set(trees);
      Value[] a = trees.value().values();
      Value[] b = trees.aux().values();
      Value[] all = Arrays.copyOf(a, a.length + b.length);
      System.arraycopy(b, 0, all, a.length, b.length);
      return all;
    }

    /** The structure of the last result. */
    Tree<B> out() {
      return last.get().value();
    }

    /** The structure of the last result, refused if it has no derivative. */
    Tree<B> floating() {
      Tree<B> out = out();
      if (out.leaves().stream().noneMatch(t -> t.dtype().floating())) {
        throw new DTypeException(op + ": no result is a floating tensor, so there is no derivative; convert with to(DType.FLOAT32)");
      }
      return out;
    }

    /** What came with the last result, with these values after those of the result. */
    C aux(Value[] all) {
      return last.get().aux().with(Arrays.copyOfRange(all, out().leaves().size(), all.length));
    }
  }

  /** {@code f} with nothing beside its result. */
  private static <A, B> Function<A, Aux<B, List<Tensor>>> plain(Function<A, B> f) {
    return a -> new Aux<>(f.apply(a), List.of());
  }

  private static <A> Tree<A> floating(String op, A x) {
    Tree<A> in = Tree.of(op, x);
    if (in.leaves().stream().noneMatch(t -> t.dtype().floating())) {
      throw new DTypeException(op + ": no argument is a floating tensor; convert one with to(DType.FLOAT32)");
    }
    return in;
  }

  static <A, B> Vjp<A, B> vjp(String op, Function<A, B> f, A x) {
    return vjpAux(op, plain(f), x).value();
  }

  static <A, B, C> Aux<Vjp<A, B>, C> vjpAux(String op, Function<A, Aux<B, C>> f, A x) {
    Tree<A> in = floating(op, x);
    var lifted = Lifted.withAux(op, f, in);
    boolean[] wrt = new boolean[in.leaves().size()];
    Arrays.fill(wrt, true);
    Transforms.Pullback p = Transforms.vjp(op, lifted, in.values(), wrt);
    return new Aux<>(new Vjp<>(op, p, in, lifted.floating()), lifted.aux(p.values()));
  }

  static <A, B> Autograd.Jvp<B> jvp(String op, Function<A, B> f, A x, A tangent) {
    return jvpAux(op, plain(f), x, tangent).value();
  }

  static <A, B, C> Aux<Autograd.Jvp<B>, C> jvpAux(String op, Function<A, Aux<B, C>> f, A x, A tangent) {
    Tree<A> in = floating(op, x);
    Value[] t = tangents(op, in, Tree.of(op, tangent));
    var lifted = Lifted.withAux(op, f, in);
    var r = Transforms.jvp(op, lifted, in.values(), t);
    Tree<B> out = lifted.floating();
    int n = out.leaves().size();
    return new Aux<>(new Autograd.Jvp<>(out.with(Arrays.copyOf(r.values(), n)), out.with(Arrays.copyOf(r.tangents(), n))), lifted.aux(r.values()));
  }

  private static Value[] tangents(String op, Tree<?> in, Tree<?> given) {
    List<Tensor> t = in.match(op, "inputs", "tangents", given);
    Value[] r = new Value[t.size()];
    for (int i = 0; i < r.length; i++) {
      Tensor x = in.leaves().get(i);
      if (!x.shape().equals(t.get(i).shape())) {
        throw new GradientException(op + ": tangent " + i + " is " + t.get(i).shape() + ", the input is " + x.shape());
      }
      r[i] = x.dtype().floating() ? t.get(i).to(x.dtype()).value() : null;
    }
    return r;
  }

  /** The pushforward as the transpose of the pullback, so that f runs once. */
  static <A, B> Autograd.Linearized<A, B> linearize(String op, Function<A, B> f, A x) {
    Vjp<A, B> v = vjp(op, f, x);
    Value[] zeros = v.out().leaves().stream().map(t -> Tensor.zerosLike(t).value()).toArray(Value[]::new);
    boolean[] wrt = new boolean[zeros.length];
    Arrays.fill(wrt, true);
    Transforms.Pullback transposed = Transforms.vjp(op, v::pull, zeros, wrt);
    return new Autograd.Linearized<>(v.value(), t -> {
      Value[] tangents = tangents(op, v.in(), Tree.of(op, t));
      Value[] dy = transposed.apply(tangents);
      for (int j = 0; j < dy.length; j++) {
        dy[j] = dy[j] == null ? zeros[j] : dy[j];
      }
      return v.out().with(dy);
    });
  }

  static <A> Autograd.ValueAndGrad<A> valueAndGrad(String op, Function<A, Tensor> f, A x) {
    return valueAndGradAux(op, plain(f), x).value();
  }

  static <A, C> Aux<Autograd.ValueAndGrad<A>, C> valueAndGradAux(String op, Function<A, Aux<Tensor, C>> f, A x) {
    Aux<Vjp<A, Tensor>, C> both = vjpAux(op, f, x);
    Vjp<A, Tensor> v = both.value();
    Tensor y = v.value();
    if (y.size() != 1) {
      throw new GradientException(op + ": the function gives " + y.shape() + ", not a scalar; use jacrev or vjp");
    }
    return new Aux<>(new Autograd.ValueAndGrad<>(y, v.apply(Tensor.onesLike(y))), both.aux());
  }

  // ---- vmap

  static <A, B> B vmap(String op, Function<A, B> f, VmapOptions o, A x) {
    Tree<A> in = Tree.of(op, x);
    int[] axes = axes(op, "arguments", o.in(), in.leaves().size(), x);
    int n = examples(op, in, axes);
    Value[] front = new Value[axes.length];
    boolean[] mapped = new boolean[axes.length];
    for (int i = 0; i < axes.length; i++) {
      mapped[i] = axes[i] != Autograd.NONE;
      Tensor t = in.leaves().get(i);
      front[i] = mapped[i] ? t.movedim(axes[i], 0).value() : Gate.standIn(t.value());
    }
    var lifted = Lifted.of(op, f, in);
    Batch.Draws draws = Batch.Draws.valueOf(o.randomness().name());
    Value[] y = chunked(op, o.chunk(), n, front, mapped, (k, v) -> Transforms.vmap(op, lifted, k, v, mapped, draws));
    if (o.out().isEmpty()) {
      return lifted.out().with(y);
    }
    int[] to = new int[y.length];
    if (o.out().size() == 1) {
      Arrays.fill(to, o.out().get(0));
    } else {
      to = axes(op, "results", o.out(), y.length, lifted.out().with(y));
    }
    for (int j = 0; j < y.length; j++) {
      y[j] = out(op, new Tensor(y[j]), to[j]).value();
    }
    return lifted.out().with(y);
  }

  /** The axis of each leaf: the parts of a list or an array have one each, for all of their leaves; all are 0 where none is given. */
  private static int[] axes(String op, String what, List<Integer> axes, int leaves, Object x) {
    int[] r = new int[leaves];
    if (axes.isEmpty()) {
      return r;
    }
    List<?> parts = x instanceof List<?> l ? l : x instanceof Tensor[] a ? List.of(a) : List.of(x);
    if (parts.size() != axes.size()) {
      throw new ArgumentException(op + ": " + parts.size() + " " + what + " and " + axes.size() + " axes");
    }
    int k = 0;
    for (int i = 0; i < axes.size(); i++) {
      int end = k + Tree.of(op, parts.get(i)).leaves().size();
      Arrays.fill(r, k, end, axes.get(i));
      k = end;
    }
    return r;
  }

  private static Tensor out(String op, Tensor y, int axis) {
    if (axis < -y.rank() || axis >= y.rank()) {
      throw new ShapeException(op + ": out axis " + axis + " is out of range for a result of " + y.shape());
    }
    return y.movedim(0, axis);
  }

  private static int examples(String op, Tree<?> in, int[] axes) {
    int n = -1;
    int first = -1;
    for (int i = 0; i < axes.length; i++) {
      Tensor t = in.leaves().get(i);
      if (axes[i] != Autograd.NONE) {
        if (t.rank() == 0) {
          throw new ShapeException(op + ": argument " + i + " is a scalar and has no axis to map over; use NONE for it");
        }
        if (axes[i] < -t.rank() || axes[i] >= t.rank()) {
          throw new ShapeException(op + ": in axis " + axes[i] + " is out of range for argument " + i + " of " + t.shape());
        }
        int d = t.size(axes[i]);
        if (n >= 0 && d != n) {
          throw new ShapeException(op + ": mapped sizes differ: argument " + first + " has " + n + ", argument " + i + " has " + d);
        }
        first = n < 0 ? i : first;
        n = d;
      }
    }
    if (n < 0) {
      throw new ArgumentException(op + ": no argument is mapped");
    }
    return n;
  }

  private interface Part {
    Value[] run(int n, Value[] in);
  }

  /** Runs {@code part} on at most {@code chunk} examples at a time and joins the results; storage of a part is freed before the next. */
  private static Value[] chunked(String op, int chunk, int n, Value[] in, boolean[] mapped, Part part) {
    if (chunk < 0) {
      throw new ArgumentException(op + ": chunks of " + chunk + "; 0 means all at once");
    }
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
      if (Arrays.stream(y).noneMatch(Values::recorded)) {
        Arrays.stream(y).forEach(v -> Values.keep(v, scope));
      } else {
        scope.keepAll();
      }
      return y;
    }
  }

  // ---- Jacobians

  static Jacobians jacrev(String op, Vjp<?, ?> v, int chunk) {
    List<Tensor> ys = v.out().leaves();
    List<Tensor> xs = v.in().leaves();
    Tensor[][] blocks = new Tensor[ys.size()][];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = rows(op, v, i, ys, xs, chunk);
    }
    return new Jacobians(v.out().names(), v.in().names(), blocks);
  }

  /** Rows of output i: its cotangents are the rows of an identity, those of the other outputs zero. */
  private static Tensor[] rows(String op, Vjp<?, ?> v, int i, List<Tensor> ys, List<Tensor> xs, int chunk) {
    Tensor y = ys.get(i);
    if (y.size() == 0 || !y.dtype().floating()) {
      return xs.stream().map(x -> zeros(y, x)).toArray(Tensor[]::new);
    }
    Value[] g = basis(op, y, chunk, e -> {
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

  static <A, B> Jacobians jacfwd(String op, Function<A, B> f, A x, int chunk) {
    Tree<A> in = floating(op, x);
    var lifted = Lifted.of(op, f, in);
    Value[] primals = in.values();
    Tensor[][] columns = new Tensor[primals.length][];
    for (int i = 0; i < primals.length; i++) {
      Tensor leaf = in.leaves().get(i);
      columns[i] = leaf.dtype().floating() && leaf.size() > 0 ? columns(lifted, primals, i, leaf, chunk) : null;
    }
    if (in.leaves().stream().noneMatch(t -> t.dtype().floating() && t.size() > 0)) {
      lifted.apply(primals);
    }
    Tree<B> out = lifted.floating();
    Tensor[][] blocks = new Tensor[out.leaves().size()][primals.length];
    for (int j = 0; j < blocks.length; j++) {
      for (int i = 0; i < primals.length; i++) {
        Tensor y = out.leaves().get(j);
        blocks[j][i] = columns[i] == null || !y.dtype().floating() ? zeros(y, in.leaves().get(i)) : columns[i][j];
      }
    }
    return new Jacobians(out.names(), in.names(), blocks);
  }

  /** For each output its derivatives by input i. */
  private static Tensor[] columns(Lifted<?, ?, ?> f, Value[] primals, int i, Tensor x, int chunk) {
    Value[] dy = basis(f.op(), x, chunk, e -> {
      Value[] t = new Value[primals.length];
      t[i] = e;
      return Transforms.jvp(f.op(), f, primals, t).tangents();
    });
    Tensor[] r = new Tensor[dy.length];
    for (int j = 0; j < r.length; j++) {
      Tensor c = new Tensor(dy[j]);
      Shape out = c.shape().range(1, c.rank());
      r[j] = c.movedim(0, -1).reshape(out.append(x.shape().dims()).dims());
    }
    return r;
  }

  /** The Jacobian where output or input has no elements or no derivative: of the input's type, as a cotangent is. */
  private static Tensor zeros(Tensor y, Tensor x) {
    return Tensor.full(y.shape().append(x.shape().dims()), 0, x.dtype(), x.device());
  }

  /** {@code f} of each one-hot value of y's shape; only as many of these exist at a time as a chunk has. */
  private static Value[] basis(String op, Tensor y, int chunk, Function<Value, Value[]> f) {
    int n = Math.toIntExact(y.size());
    Value[] numbers = {Tensor.arange(n).to(y.device()).value()};
    boolean[] mapped = {true};
    return chunked(op, chunk, n, numbers, mapped, (k, v) -> {
      Tensor hot = new Tensor(v[0]).unsqueeze(1).eq(Tensor.arange(n).to(y.device())).to(y.dtype()).reshape(y.shape().prepend(k).dims());
      return Transforms.vmap(op, e -> f.apply(e[0]), k, new Value[] {hot.value()}, mapped, Batch.Draws.SAME);
    });
  }
}
