package org.cotangent.transform;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.cotangent.Spec;
import org.cotangent.errors.AnomalyException;
import org.cotangent.errors.GradientException;
import org.cotangent.lower.Scope;
import org.cotangent.primitive.Saved;
import org.cotangent.primitive.Value;

/**
 * A backward pass: nodes in descending order of creation, by a heap, without recursion.
 *
 * <p>Everything that can be refused is refused before the first rule runs. Gradients are added to leaves after the last.
 */
public final class Backward {
  private static final Comparator<Node> LATEST_FIRST = (a, b) -> Long.compare(b.id(), a.id());

  private final boolean createGraph;
  private final boolean retain;
  private final Optional<Set<Edge>> wanted;
  private final IdentityHashMap<Node, Value[]> cotangents = new IdentityHashMap<>();
  private final IdentityHashMap<Node, Boolean> useful = new IdentityHashMap<>();
  private final Map<Edge, Value> results = new java.util.LinkedHashMap<>();
  private final PriorityQueue<Node> queue = new PriorityQueue<>(LATEST_FIRST);
  private final Set<Node> queued = new HashSet<>();

  private final List<Traced> roots;

  private Backward(List<Traced> roots, boolean createGraph, boolean retain, Optional<Set<Edge>> wanted) {
    this.roots = roots;
    this.createGraph = createGraph;
    this.retain = retain;
    this.wanted = wanted;
  }

  /**
   * A pass from these outputs, checked.
   *
   * @param wanted if present, only what leads to these is computed
   * @throws GradientException if the graph was freed
   */
  public static Backward prepare(List<Traced> roots, boolean createGraph, boolean retain, Optional<Set<Edge>> wanted) {
    var b = new Backward(roots, createGraph, retain, wanted);
    b.discover();
    return b;
  }

  /** Whether an output of this node leads to the roots. */
  public boolean reaches(Edge e) {
    return useful.containsKey(e.node());
  }

  /** Cotangents of leaves, of retained outputs, and of wanted outputs; zeros for what is reached without a slope. */
  public Map<Edge, Value> run(List<Value> cts) {
    for (int i = 0; i < roots.size(); i++) {
      push(roots.get(i).node(), roots.get(i).index(), cts.get(i));
    }
    while (!queue.isEmpty()) {
      visit(queue.poll());
    }
    useful.keySet().forEach(this::flat);
    Values.force(results.values());
    return results;
  }

  /** A leaf that was reached but got no cotangent has derivative zero. */
  private void flat(Node n) {
    if (n.leaf()) {
      Edge e = new Edge(n, 0);
      if (!results.containsKey(e) && (wanted.isEmpty() || wanted.get().contains(e))) {
        results.put(e, Gate.OPS.zeros(n.out()[0], roots.get(0)));
      }
    }
  }

  /** Runs a pass on the tape and adds the results to the gradients of leaves and of retained outputs. */
  public static void accumulate(
      List<Traced> roots, List<Value> cts, boolean createGraph, boolean retain, Optional<Set<Edge>> wanted, BiFunction<Value, Optional<Scope>, ? extends GradSlot.Holder> make) {
    Map<Edge, Value> g = prepare(roots, createGraph, retain, wanted).run(cts);
    g.forEach((e, v) -> {
      boolean asked = wanted.isEmpty() ? e.node().leaf() || e.node().slots().containsKey(e.index()) : wanted.get().contains(e);
      if (asked) {
        e.node().slot(e.index()).accumulate(v, make);
      }
    });
    g.keySet().forEach(e -> e.node().afterAccumulate().forEach(Runnable::run));
  }

  /** Visits the graph once: refuses what was freed, and marks what leads to something wanted. */
  private void discover() {
    var seen = new IdentityHashMap<Node, Boolean>();
    var stack = new ArrayDeque<Node>();
    var all = new ArrayList<Node>();
    for (Traced r : roots) {
      if (seen.put(r.node(), true) == null) {
        stack.push(r.node());
      }
    }
    while (!stack.isEmpty()) {
      Node n = stack.pop();
      all.add(n);
      for (Edge e : n.parents()) {
        if (e != null && seen.put(e.node(), true) == null) {
          stack.push(e.node());
        }
      }
    }
    all.sort(LATEST_FIRST.reversed());
    Set<Node> targets = new HashSet<>();
    wanted.ifPresent(w -> w.forEach(e -> targets.add(e.node())));
    for (Node n : all) {
      boolean through = false;
      for (Edge e : n.parents()) {
        through |= e != null && useful.get(e.node());
      }
      if (through || wanted.isEmpty()) {
        n.check();
      }
      useful.put(n, wanted.isEmpty() || through || targets.contains(n));
    }
  }

  private void push(Node n, int j, Value g) {
    Value[] c = cotangents.computeIfAbsent(n, m -> new Value[m.out().length]);
    c[j] = c[j] == null ? g : Gate.OPS.add(c[j], g);
    if (queued.add(n)) {
      queue.add(n);
    }
  }

  private void visit(Node n) {
    Value[] ct = cotangents.remove(n);
    var all = n.hooks();
    if (!all.isEmpty()) {
      all.forEach((j, hooks) -> hooked(n, ct, j, hooks));
    }
    for (int j = 0; j < ct.length; j++) {
      if (ct[j] != null) {
        Edge e = new Edge(n, j);
        boolean keep = wanted.isEmpty() ? n.leaf() || n.slots().containsKey(j) : wanted.get().contains(e) || n.slots().containsKey(j);
        if (keep) {
          results.put(e, ct[j]);
        }
      }
    }
    if (!n.leaf() && leads(n)) {
      pull(n, ct);
    }
  }

  private static void hooked(Node n, Value[] ct, int j, List<UnaryOperator<Value>> hooks) {
    for (UnaryOperator<Value> h : hooks) {
      if (ct[j] != null) {
        ct[j] = checked(n, j, h.apply(ct[j]));
      }
    }
  }

  private boolean leads(Node n) {
    for (Edge e : n.parents()) {
      if (e != null && useful.get(e.node())) {
        return true;
      }
    }
    return false;
  }

  private void pull(Node n, Value[] ct) {
    boolean[] need = n.need().clone();
    for (int i = 0; i < need.length; i++) {
      need[i] &= n.parents()[i] != null && useful.get(n.parents()[i].node());
    }
    Saved all = n.unpack(createGraph);
    Saved s = new Saved(all.inSpec(), all.outSpec(), all.ins(), all.outs(), need);
    Value[] c = ct;
    if (!createGraph) {
      c = ct.clone();
      for (int j = 0; j < c.length; j++) {
        c[j] = c[j] == null ? null : n.level().primal(c[j]);
      }
    }
    Value[] g = n.primitive().vjp(Gate.OPS, s, c);
    if (!retain) {
      n.free();
    }
    for (int i = 0; i < g.length; i++) {
      if (need[i] && g[i] != null) {
        check(n, i, g[i]);
        push(n.parents()[i].node(), n.parents()[i].index(), g[i]);
      }
    }
  }

  private static Value checked(Node n, int j, Value g) {
    Spec want = n.out()[j];
    if (!g.spec().equals(want)) {
      throw new GradientException("hook of " + n.name() + ": returned " + g.spec() + " for a gradient of " + want);
    }
    return g;
  }

  private static void check(Node n, int i, Value g) {
    Spec want = n.in()[i];
    if (!g.spec().equals(want)) {
      throw new GradientException("backward of " + n.name() + ": cotangent of input " + i + " is " + g.spec() + ", expected " + want);
    }
    if (Anomaly.on()) {
      Anomaly.check(n, i, g);
    }
  }

  static AnomalyException nan(Node n, int i) {
    String where = n.born() == null ? "" : " at " + Anomaly.line(n.born());
    return new AnomalyException("backward of " + n.name() + ": the cotangent of input " + i + " has a NaN; its forward operation ran" + where);
  }
}
