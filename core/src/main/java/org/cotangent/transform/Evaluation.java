package org.cotangent.transform;

import org.cotangent.DType;
import java.util.Optional;
import org.cotangent.Device;
import org.cotangent.Shape;
import org.cotangent.Spec;
import org.cotangent.errors.DeviceException;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.lower.Fuser;
import org.cotangent.lower.GemmPlan;
import org.cotangent.lower.Storage;
import org.cotangent.lower.Stored;
import org.cotangent.primitive.ArgReduce;
import org.cotangent.primitive.Broadcast;
import org.cotangent.primitive.Cholesky;
import org.cotangent.primitive.Concat;
import org.cotangent.primitive.Contract;
import org.cotangent.primitive.Copy;
import org.cotangent.primitive.Custom;
import org.cotangent.primitive.Eigh;
import org.cotangent.primitive.Flip;
import org.cotangent.primitive.Gather;
import org.cotangent.primitive.Linear;
import org.cotangent.primitive.Lu;
import org.cotangent.primitive.LuSolve;
import org.cotangent.primitive.OverlapAdd;
import org.cotangent.primitive.Pad;
import org.cotangent.primitive.Permute;
import org.cotangent.primitive.Pointwise;
import org.cotangent.primitive.Primitive;
import org.cotangent.primitive.Put;
import org.cotangent.primitive.Qr;
import org.cotangent.primitive.Random;
import org.cotangent.primitive.Reduce;
import org.cotangent.primitive.Reshape;
import org.cotangent.primitive.Scan;
import org.cotangent.primitive.ScatterAdd;
import org.cotangent.primitive.Slice;
import org.cotangent.primitive.Sort;
import org.cotangent.primitive.Svd;
import org.cotangent.primitive.TriangularSolve;
import org.cotangent.primitive.Value;
import org.cotangent.primitive.Window;
import org.cotangent.spi.Backend;
import org.cotangent.spi.Backends;
import org.cotangent.spi.GemmCall;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;
import org.cotangent.spi.Reduction;

/** Plain evaluation: maps primitives to the kernels of a backend; views only change the layout. */
final class Evaluation {
  /** Numbers up to here are counted exactly in float32. */
  private static final int EXACT = 1 << 24;

  /** What a primitive that a rule applies is called in messages. */
  private static final ClassValue<String> NAMES = new ClassValue<>() {
    @Override
    protected String computeValue(Class<?> c) {
      return c.getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }
  };

  private Evaluation() {}

  static Value[] run(OpName op, Primitive p, Value[] in) {
    String name = op == null ? NAMES.get(p.getClass()) : op.name();
    Stored[] x = new Stored[in.length];
    Spec[] specs = new Spec[in.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = (Stored) in[i];
      specs[i] = x[i].spec();
    }
    Device device = device(name, p, x);
    if (p instanceof Custom c) {
      return Gate.noGrad(() -> c.rules().forward(in));
    }
    Spec[] out = p.specs(name, specs);
    if (p instanceof Pointwise q) {
      return values(Fuser.pointwise(q, x, out, device));
    }
    if (widens(p) && specs[0].dtype().half()) {
      return narrowed(out, run(op, p, widened(in)));
    }
    if (p instanceof Reduce r) {
      Optional<Stored> waits = Fuser.reduce(r, x[0], out[0]);
      return new Value[] {waits.isPresent() ? waits.get() : single(name, r, x, out[0], Backends.of(device))};
    }
    if (p instanceof LuSolve q) {
      return new Value[] {q.compute(Gate.OPS, in)};
    }
    return p instanceof Linear l && l.view() ? new Value[] {view(l, x[0], out[0])} : computed(name, p, x, out, Backends.of(device));
  }

  private static Value[] computed(String op, Primitive p, Stored[] x, Spec[] out, Backend b) {
    Value[] y = p instanceof Contract c ? new Value[] {contract(c, x[0], x[1], out[0], b)} : compute(op, p, x, out, b);
    for (Stored s : x) {
      s.settle();
    }
    return y;
  }

  /** Whether half types are computed in float32 by a kernel that does not know them, and rounded after. */
  private static boolean widens(Primitive p) {
    return p instanceof Reduce || p instanceof ArgReduce || p instanceof Scan || p instanceof Sort || p instanceof ScatterAdd
        || p instanceof OverlapAdd;
  }

  private static Value[] widened(Value[] in) {
    Value[] x = in.clone();
    x[0] = Gate.OPS.pointwise(Expr.cast(DType.FLOAT32, Expr.arg(0)), x[0]);
    return x;
  }

  private static Value[] narrowed(Spec[] out, Value[] wide) {
    Value[] y = wide.clone();
    y[0] = Gate.OPS.pointwise(Expr.cast(out[0].dtype(), Expr.arg(0)), y[0]);
    return y;
  }

  private static Value[] values(Stored[] x) {
    return x.length == 1 ? new Value[] {x[0]} : java.util.Arrays.copyOf(x, x.length, Value[].class);
  }

  private static Device device(String op, Primitive p, Stored[] x) {
    if (p instanceof Random r) {
      return r.device();
    }
    Device d = x[0].device();
    for (Stored s : x) {
      if (s.device() != d && !s.device().equals(d)) {
        throw new DeviceException(op + ": operands are on " + d + " and " + s.device() + "; move one with to(device)");
      }
    }
    return d;
  }

  private static Value view(Linear p, Stored x, Spec out) {
    if (x.isConstant() && !(p instanceof Window)) {
      return Stored.constant(out, x.device(), x.number());
    }
    Optional<Stored> waits = Fuser.view(p, x, out);
    if (waits.isPresent()) {
      return waits.get();
    }
    Operand o = x.operand();
    Layout l = o.layout();
    if (p instanceof Reshape) {
      Layout to = l.reshape(out.shape().dims()).orElse(null);
      return to != null ? Stored.of(out, o.with(to)) : Stored.of(out, dense(Backends.of(x.device()), x).with(Layout.dense(out.shape())));
    }
    return Stored.of(out, o.with(layout(p, l, out.shape())));
  }

  /** The layout of a view of elements in layout {@code l}. */
  private static Layout layout(Linear p, Layout l, Shape out) {
    return switch (p) {
      case Broadcast b -> l.broadcast(out.dims(), b.axes());
      case Permute q -> l.permute(q.perm());
      case Slice s -> l.slice(s.from(), s.count(), s.step());
      case Flip f -> l.flip(f.axis());
      case Window w -> window(w, l, out);
      default -> throw new IllegalStateException("not a view: " + p);
    };
  }

  private static Layout window(Window w, Layout l, Shape out) {
    int[] s = java.util.Arrays.copyOf(l.strides(), l.rank() + 1);
    s[l.rank()] = l.strides()[w.axis()] * w.dilation();
    s[w.axis()] = l.strides()[w.axis()] * w.stride();
    return new Layout(out.dims(), s, l.offset());
  }

  private static Operand dense(Backend b, Stored x) {
    Operand to = Storage.dense(b, x.spec());
    b.copy(x.operand(), to);
    return to;
  }

  private static Value[] compute(String op, Primitive p, Stored[] x, Spec[] out, Backend b) {
    return switch (p) {
      case Put q -> new Value[] {put(q, x[0], x[1], b)};
      case Concat c -> new Value[] {concat(c, x, out[0], b)};
      case Pad q -> new Value[] {pad(q, x[0], out[0], b)};
      case Copy c -> new Value[] {copy(c, x[0], b)};
      case ArgReduce r -> several(out, b, x[0].operand(), (a, y) -> b.argReduce(r.largest(), r.lastNan(), a, r.axis(), y[0], y[1]));
      case Lu q -> several(out, b, x[0].operand(), (a, y) -> b.lu(op, q.checked(), a, y[0], y[1], y[2]));
      case Qr q -> qr(x[0], out, b);
      case Eigh q -> several(out, b, x[0].operand(), (a, y) -> b.eigh(op, q.upper(), a, y[0], y[1]));
      case Svd q -> several(out, b, dense(b, x[0]), (a, y) -> b.svd(op, a, y[0], y[1], y[2]));
      case Sort s -> several(out, b, x[0].operand(), (a, y) -> b.sort(a, s.axis(), s.descending(), y[0], y[1]));
      default -> new Value[] {single(op, p, x, out[0], b)};
    };
  }

  private static Stored single(String op, Primitive p, Stored[] x, Spec out, Backend b) {
    if (p instanceof Scan s && positions(s, x[0])) {
      return Stored.of(out, new Operand(Storage.upload(b, DType.FLOAT32, counted(out.shape().dim(0)), false), Layout.dense(out.shape())));
    }
    boolean sums = p instanceof ScatterAdd || p instanceof OverlapAdd;
    for (Stored s : x) {
      s.operand(); // before the result is allocated, so that a refusal leaves nothing behind
    }
    Operand y = sums ? Storage.zeros(b, out) : Storage.dense(b, out);
    switch (p) {
      case Reduce r -> b.reduce(r.kind(), x[0].operand(), r.axes(), y);
      case Scan s -> b.scan(s.kind(), x[0].operand(), s.axis(), s.reverse(), y);
      case Gather g -> b.gather(op, x[0].operand(), x[1].operand(), g.axis(), y);
      case ScatterAdd g -> b.scatterAdd(op, x[0].operand(), x[1].operand(), g.axis(), y);
      case OverlapAdd w -> b.overlapAdd(x[0].operand(), w.axis(), w.stride(), w.dilation(), y);
      case Cholesky c -> b.cholesky(op, c.checked(), x[0].operand(), y);
      case TriangularSolve q -> b.triangularSolve(q.upper(), q.unit(), q.transposed(), dense(b, x[0]), x[1].operand(), y);
      case Random r -> b.random(r.kind(), r.seed(), r.offset(), r.low(), r.high(), y);
      default -> throw new IllegalStateException("no kernel for " + p);
    }
    return Stored.of(out, y);
  }

  /** Whether a scan counts up from 1, as positions are made, where that takes no kernel. */
  private static boolean positions(Scan s, Stored x) {
    return x.isConstant() && x.number() == 1 && x.dtype() == DType.FLOAT32 && x.shape().rank() == 1 && x.spec().size() <= EXACT
        && s.kind() == Reduction.SUM && !s.reverse() && x.device().equals(Device.CPU);
  }

  private static float[] counted(int n) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = i + 1;
    }
    return x;
  }

  /** A square Q is computed as one, of which two outputs are views. */
  private static Value[] qr(Stored x, Spec[] out, Backend b) {
    Shape thin = out[0].shape();
    int r = thin.rank();
    Spec all = out.length == 2 ? out[0] : out[0].as(thin.with(r - 1, thin.dim(r - 2)));
    Value[] y = several(new Spec[] {all, out[1]}, b, dense(b, x), (a, z) -> b.qr(a, z[0], z[1]));
    int n = thin.dim(r - 1);
    Value q = Gate.OPS.narrow(y[0], r - 1, 0, n);
    return out.length == 2 ? y : new Value[] {q, y[1], Gate.OPS.narrow(y[0], r - 1, n, all.shape().dim(r - 1) - n)};
  }

  private interface Kernel {
    void into(Operand in, Operand... out);
  }

  /** The outputs of a kernel of one input. */
  private static Value[] several(Spec[] out, Backend b, Operand in, Kernel kernel) {
    Operand[] y = new Operand[out.length];
    for (int j = 0; j < y.length; j++) {
      y[j] = Storage.dense(b, out[j]);
    }
    kernel.into(in, y);
    Value[] r = new Value[out.length];
    for (int j = 0; j < r.length; j++) {
      r[j] = Stored.of(out[j], y[j]);
    }
    return r;
  }

  private static Value copy(Copy c, Stored x, Backend b) {
    if (x.isConstant()) {
      return Stored.constant(x.spec(), c.device(), x.number());
    }
    if (x.device().equals(c.device())) {
      return Stored.of(x.spec(), dense(b, x));
    }
    Object array = HostArray.of(x.dtype(), x.spec().size());
    b.download(x.operand(), array);
    Backend to = Backends.of(c.device());
    return Stored.of(x.spec(), new Operand(Storage.upload(to, x.dtype(), array, false), Layout.dense(x.shape())));
  }

  private static Value put(Put q, Stored base, Stored y, Backend b) {
    y.operand();
    Operand to = dense(b, base);
    b.copy(y.operand(), to.with(viewOf(q.through(), to.layout(), y.shape())));
    return Stored.of(base.spec(), to);
  }

  private static Layout viewOf(Linear view, Layout dense, Shape out) {
    return view instanceof Reshape ? Layout.dense(out) : layout(view, dense, out);
  }

  private static Value concat(Concat c, Stored[] x, Spec out, Backend b) {
    for (Stored s : x) {
      s.operand();
    }
    Operand y = Storage.dense(b, out);
    int at = 0;
    for (Stored s : x) {
      int n = s.shape().dim(c.axis());
      Slice part = Slice.narrow(out.shape(), c.axis(), at, n);
      b.copy(s.operand(), y.with(y.layout().slice(part.from(), part.count(), part.step())));
      at += n;
    }
    return Stored.of(out, y);
  }

  private static Value pad(Pad p, Stored x, Spec out, Backend b) {
    Operand from = x.operand();
    Operand y = Storage.zeros(b, out);
    Slice s = p.slice(x.shape());
    if (x.spec().size() > 0) {
      b.copy(from, y.with(y.layout().slice(s.from(), s.count(), s.step())));
    }
    return Stored.of(out, y);
  }

  private static Value contract(Contract c, Stored x, Stored y, Spec out, Backend b) {
    if (!out.dtype().floating()) {
      return products(c, x, y, out);
    }
    Operand ox = x.operand();
    Operand oy = y.operand();
    GemmPlan p = GemmPlan.of(c, ox.layout(), oy.layout());
    Operand left = ordered(p.left(), p.swapped() ? oy : ox, b);
    Operand right = ordered(p.right(), p.swapped() ? ox : oy, b);
    Operand z = Storage.dense(b, out);
    b.gemm(new GemmCall(
        p.left().trans(), p.right().trans(), p.m(), p.n(), p.k(), p.batch(),
        left.buffer(), left.layout().offset(), p.left().ld(), p.left().batchStride(),
        right.buffer(), right.layout().offset(), p.right().ld(), p.right().batchStride(),
        z.buffer(), 0, Math.max(1, p.n()), (long) p.m() * p.n()));
    return Stored.of(out, z.with(Layout.dense(p.outDims()).permute(p.outPerm())));
  }

  private static Operand ordered(GemmPlan.Matrix m, Operand o, Backend b) {
    if (m.copy().isEmpty()) {
      return o;
    }
    Layout l = o.layout().permute(m.copy().get());
    Operand to = new Operand(Storage.allocate(b, o.dtype(), l.size()), Layout.dense(l.dims()));
    b.copy(o.with(l), to);
    return to;
  }

  /** Products of integers: multiply over all letters, then sum. Exact, and as large as it sounds. */
  private static Value products(Contract c, Stored x, Stored y, Spec out) {
    StringBuilder all = new StringBuilder(c.out());
    for (char l : (c.a() + c.b()).toCharArray()) {
      if (all.indexOf(String.valueOf(l)) < 0) {
        all.append(l);
      }
    }
    int[] dims = all.chars().map(l -> c.a().indexOf(l) >= 0 ? x.shape().dim(c.a().indexOf(l)) : y.shape().dim(c.b().indexOf(l))).toArray();
    Shape shape = Shape.of(dims);
    int[] ax = c.a().chars().map(l -> all.indexOf(String.valueOf((char) l))).toArray();
    int[] ay = c.b().chars().map(l -> all.indexOf(String.valueOf((char) l))).toArray();
    Expr product = Expr.cast(out.dtype(), Expr.call(Fn.MUL, Expr.arg(0), Expr.arg(1)));
    Value z = Gate.OPS.pointwise(product, Gate.OPS.broadcast(x, shape, ax), Gate.OPS.broadcast(y, shape, ay));
    int[] rest = new int[dims.length - c.out().length()];
    for (int i = 0; i < rest.length; i++) {
      rest[i] = c.out().length() + i;
    }
    return rest.length == 0 ? z : Gate.OPS.one(new Reduce(Reduction.SUM, rest), z);
  }

}
