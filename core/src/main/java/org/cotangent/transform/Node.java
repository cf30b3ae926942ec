package org.cotangent.transform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.cotangent.Spec;
import org.cotangent.errors.GradientException;
import org.cotangent.errors.InPlaceException;
import org.cotangent.expr.Expr;
import org.cotangent.lower.Scope;
import org.cotangent.lower.Stored;
import org.cotangent.primitive.Pointwise;
import org.cotangent.primitive.Primitive;
import org.cotangent.primitive.Reads;
import org.cotangent.primitive.Saved;
import org.cotangent.primitive.Value;

/**
 * One step of a graph, or a leaf of it. Numbers grow in the order of creation, and backward visits them in descending order.
 *
 * <p>Only primals are saved, so a graph has no cycles; the traced form of a saved value is rebuilt when a graph of the backward
 * pass is asked for.
 */
public final class Node {
  private static final AtomicLong IDS = new AtomicLong();
  private static final int[] UNSAVED = {};

  private final long id = IDS.incrementAndGet();
  private final Reverse level;
  private final OpName op;
  private final Primitive primitive;
  private final Spec[] in;
  private final Spec[] out;
  private final Edge[] parents;
  private final boolean[] need;
  private final Throwable born;
  private final Optional<Scope> home;
  private Value[] ins;
  private Value[] outs;
  /** The saved values where the user keeps them instead; then {@link #ins} and {@link #outs} are empty. */
  private SavedValues.Packed packed;
  private int[] versions;
  private boolean freed;
  /** What few nodes have is null where there is none: a volatile write for each node would cost more than all else about it. */
  private volatile Map<Integer, List<UnaryOperator<Value>>> hooks;
  private volatile List<Runnable> afterAccumulate;
  /** Where the gradient of an output goes: of a leaf by default, of others if asked to retain it. */
  private volatile Map<Integer, GradSlot> slots;

  Node(Reverse level, OpName op, Primitive primitive, Spec[] in, Spec[] out, Edge[] parents, boolean[] need, boolean anomaly, Optional<Scope> home) {
    this.level = level;
    this.home = home;
    this.op = op;
    this.primitive = primitive;
    this.in = in;
    this.out = out;
    this.parents = parents;
    this.need = need;
    this.born = anomaly ? new Throwable("forward operation") : null;
  }

  /** A leaf whose gradient lives as long as {@code home}. */
  Node(Reverse level, Spec spec, Optional<Scope> home) {
    this(level, null, null, new Spec[0], new Spec[] {spec}, new Edge[0], new boolean[0], Anomaly.on(), home);
  }

  /** Whether this is a leaf. */
  public boolean leaf() {
    return primitive == null;
  }

  /** The number of the next node, or wrapped value, of any level: later ones have higher numbers. */
  public static long serial() {
    return IDS.incrementAndGet();
  }

  long id() {
    return id;
  }

  Reverse level() {
    return level;
  }

  Primitive primitive() {
    return primitive;
  }

  Edge[] parents() {
    return parents;
  }

  boolean[] need() {
    return need;
  }

  Spec[] in() {
    return in;
  }

  /** Specs of the outputs. */
  Spec[] out() {
    return out;
  }

  Throwable born() {
    return born;
  }

  /** The name of the operation in messages. */
  public String name() {
    return op != null ? op.name() : leaf() ? "leaf" : defaultName();
  }

  /** The name printed as {@code grad_fn}. */
  public String gradName() {
    String n = defaultName();
    return op != null ? op.grad() : Character.toUpperCase(n.charAt(0)) + n.substring(1) + "Backward0";
  }

  private String defaultName() {
    if (primitive instanceof Pointwise(List<Expr> f)) {
      Expr e = f.get(0);
      while (e.fn() == org.cotangent.expr.Fn.CAST && e.in(0).arity() > 0) {
        e = e.in(0);
      }
      return e.fn().name().toLowerCase(java.util.Locale.ROOT);
    }
    String s = primitive == null ? "leaf" : primitive.getClass().getSimpleName();
    return Character.toLowerCase(s.charAt(0)) + s.substring(1);
  }

  /** Saves what backward reads of inputs and outputs, as {@code hooks} say; null for as it is. */
  void save(Value[] x, Value[] y, SavedValues.Hooks hooks) {
    Reads r = primitive.reads(in, need);
    ins = new Value[x.length];
    outs = new Value[y.length];
    boolean any = false;
    for (int i = 0; i < x.length; i++) {
      if (r.in()[i]) {
        ins[i] = x[i];
        any = true;
      }
    }
    for (int j = 0; j < y.length; j++) {
      if (r.out()[j]) {
        outs[j] = y[j];
        any = true;
      }
    }
    versions = any ? versions() : UNSAVED;
    if (hooks != null) {
      packed = SavedValues.keep(hooks, ins, outs);
      ins = new Value[ins.length];
      outs = new Value[outs.length];
    }
  }

  /** The versions of what was saved, in the order of {@link #eachSaved}. */
  private int[] versions() {
    var seen = new Consumer<Stored>() {
      int[] all = new int[ins.length + outs.length];
      int n;

      @Override
      public void accept(Stored s) {
        all = n == all.length ? Arrays.copyOf(all, 2 * n) : all;
        all[n++] = s.version();
      }
    };
    eachSaved(seen);
    return seen.all;
  }

  private void eachSaved(Consumer<Stored> to) {
    for (Value t : ins) {
      if (t != null) {
        Values.stored(t, to);
      }
    }
    for (Value t : outs) {
      if (t != null) {
        Values.stored(t, to);
      }
    }
  }

  /** Refuses a graph that was freed, or whose saved values changed. */
  void check() {
    if (freed) {
      throw new GradientException("backward: the graph was freed by an earlier backward(); pass RETAIN_GRAPH");
    }
    if (leaf() || versions == UNSAVED) {
      return;
    }
    int[] k = {0};
    Consumer<Stored> same = s -> {
      int was = versions[k[0]++];
      if (s.version() != was) {
        throw new InPlaceException(
            "backward: a value saved by " + name() + " was changed in place (version " + was + ", now " + s.version() + ")");
      }
    };
    eachSaved(same);
  }

  Saved unpack(boolean createGraph) {
    Value[] a = packed == null ? ins.clone() : packed.ins();
    Value[] b = packed == null ? outs.clone() : packed.outs();
    if (createGraph) {
      for (int i = 0; i < a.length; i++) {
        if (a[i] != null && parents[i] != null) {
          a[i] = new Traced(level, a[i], parents[i].node(), parents[i].index());
        }
      }
      for (int j = 0; j < b.length; j++) {
        if (b[j] != null && out[j].dtype().floating()) {
          b[j] = new Traced(level, b[j], this, j);
        }
      }
    }
    return new Saved(in, out, a, b, need);
  }

  void free() {
    if (!leaf()) {
      freed = true;
      ins = null;
      outs = null;
      packed = null;
    }
  }

  /** Calls {@code h} with the gradient of output {@code j} when it is complete; the result replaces it. Returns its removal. */
  synchronized Runnable hook(int j, UnaryOperator<Value> h) {
    var next = new TreeMap<>(hooks());
    var list = new ArrayList<>(next.getOrDefault(j, List.of()));
    list.add(h);
    next.put(j, List.copyOf(list));
    hooks = next;
    return () -> unhook(j, h);
  }

  private synchronized void unhook(int j, UnaryOperator<Value> h) {
    var next = new TreeMap<>(hooks());
    var list = new ArrayList<>(next.getOrDefault(j, List.of()));
    list.remove(h);
    next.put(j, List.copyOf(list));
    hooks = next;
  }

  Map<Integer, List<UnaryOperator<Value>>> hooks() {
    var h = hooks;
    return h == null ? Map.of() : h;
  }

  /** Runs {@code r} each time this leaf's gradient was accumulated. Returns its removal. */
  public synchronized Runnable afterAccumulate(Runnable r) {
    var list = new ArrayList<>(afterAccumulate());
    list.add(r);
    afterAccumulate = List.copyOf(list);
    return () -> {
      synchronized (this) {
        var rest = new ArrayList<>(afterAccumulate());
        rest.remove(r);
        afterAccumulate = List.copyOf(rest);
      }
    };
  }

  List<Runnable> afterAccumulate() {
    var a = afterAccumulate;
    return a == null ? List.of() : a;
  }

  /** The place of output {@code j}'s gradient, made if there is none. */
  public synchronized GradSlot slot(int j) {
    GradSlot s = slots().get(j);
    if (s == null) {
      var next = new TreeMap<>(slots());
      s = new GradSlot(home);
      next.put(j, s);
      slots = next;
    }
    return s;
  }

  /** The place of output {@code j}'s gradient, if it has one. */
  public Optional<GradSlot> slotIfAny(int j) {
    return Optional.ofNullable(slots().get(j));
  }

  Map<Integer, GradSlot> slots() {
    var s = slots;
    return s == null ? Map.of() : s;
  }

}
