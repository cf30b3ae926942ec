package org.cotangent.transform;

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
  private static final Comparator<Visit> LATEST_FIRST = (a, b) -> Long.compare(b.node.id(), a.node.id());
  private static final Comparator<Visit> EARLIEST_FIRST = (a, b) -> Long.compare(a.node.id(), b.node.id());
  private static final Visit[] NONE = {};

  /** What a pass knows of a node. */
  private static final class Visit {
    final Node node;
    /** By input: that of the node that computed it, or null. */
    final Visit[] parents;
    /** Cotangents of the outputs so far; null as long as there are none. */
    Value[] ct;
    /** Whether an output leads to something wanted. */
    boolean useful;

    Visit(Node node) {
      this.node = node;
      this.parents = node.leaf() ? NONE : new Visit[node.parents().length];
    }
  }

  private final boolean createGraph;
  private final boolean retain;
  private final Optional<Set<Edge>> wanted;
  private final IdentityHashMap<Node, Visit> visits = new IdentityHashMap<>();
  private final Map<Edge, Value> results = new java.util.LinkedHashMap<>();
  private final PriorityQueue<Visit> queue = new PriorityQueue<>(LATEST_FIRST);

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
    return visits.containsKey(e.node());
  }

  /** Cotangents of leaves, of retained outputs, and of wanted outputs; zeros for what is reached without a slope. */
  public Map<Edge, Value> run(List<Value> cts) {
    for (int i = 0; i < roots.size(); i++) {
      push(visits.get(roots.get(i).node()), roots.get(i).index(), cts.get(i));
    }
    while (!queue.isEmpty()) {
      visit(queue.poll());
    }
    visits.keySet().forEach(this::flat);
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
    var all = new ArrayList<Visit>();
    for (Traced r : roots) {
      found(r.node(), all);
    }
    for (int i = 0; i < all.size(); i++) {
      Visit v = all.get(i);
      for (int k = 0; k < v.parents.length; k++) {
        Edge e = v.node.parents()[k];
        v.parents[k] = e == null ? null : found(e.node(), all);
      }
    }
    all.sort(EARLIEST_FIRST);
    Set<Node> targets = new HashSet<>();
    wanted.ifPresent(w -> w.forEach(e -> targets.add(e.node())));
    for (Visit v : all) {
      boolean through = leads(v);
      if (through || wanted.isEmpty()) {
        v.node.check();
      }
      v.useful = wanted.isEmpty() || through || targets.contains(v.node);
    }
  }

  /** What is known of a node; one that is new goes to {@code all} too. */
  private Visit found(Node n, List<Visit> all) {
    Visit v = visits.get(n);
    if (v == null) {
      v = new Visit(n);
      visits.put(n, v);
      all.add(v);
    }
    return v;
  }

  private void push(Visit v, int j, Value g) {
    if (v.ct == null) {
      v.ct = new Value[v.node.out().length];
      queue.add(v);
    }
    v.ct[j] = v.ct[j] == null ? g : Gate.OPS.add(v.ct[j], g);
  }

  private void visit(Visit v) {
    Node n = v.node;
    Value[] ct = v.ct;
    v.ct = null;
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
    if (leads(v)) {
      pull(v, ct);
    }
  }

  private static void hooked(Node n, Value[] ct, int j, List<UnaryOperator<Value>> hooks) {
    for (UnaryOperator<Value> h : hooks) {
      if (ct[j] != null) {
        ct[j] = checked(n, j, h.apply(ct[j]));
      }
    }
  }

  /** Whether an input leads to something wanted; none of a leaf does. */
  private static boolean leads(Visit v) {
    for (Visit p : v.parents) {
      if (p != null && p.useful) {
        return true;
      }
    }
    return false;
  }

  private void pull(Visit v, Value[] ct) {
    Node n = v.node;
    boolean[] need = n.need().clone();
    for (int i = 0; i < need.length; i++) {
      need[i] &= v.parents[i] != null && v.parents[i].useful;
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
        push(v.parents[i], n.parents()[i].index(), g[i]);
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
