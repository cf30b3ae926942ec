package org.cotangent.optim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;

/** The state of an optimiser as named tensors. A parameter that has not been stepped has none. */
final class OptimizerState {
  private static final String STEPS = "steps";

  private OptimizerState() {}

  static Map<String, Tensor> of(Optimizer o) {
    var r = new LinkedHashMap<String, Tensor>();
    r.put(STEPS, Tensor.scalar(o.steps()));
    for (Slot s : o.slots()) {
      if (s.count() > 0) {
        r.put(step(s), Tensor.scalar(s.count()));
        o.states().stream().filter(o::uses).forEach(name -> r.put(name(s, name), s.snapshot(name)));
      }
    }
    return r;
  }

  private static String step(Slot s) {
    return s.index() + ".step";
  }

  private static String name(Slot s, String state) {
    return s.index() + "." + state;
  }

  static void load(Optimizer o, Map<String, Tensor> state) {
    var rest = new HashSet<>(state.keySet());
    var missing = new ArrayList<String>();
    long steps = number(STEPS, state, rest, missing);
    var counts = new LinkedHashMap<Slot, Long>();
    var tensors = new LinkedHashMap<Slot, Map<String, Tensor>>();
    for (Slot s : o.slots()) {
      boolean stepped = state.containsKey(step(s));
      counts.put(s, stepped ? number(step(s), state, rest, missing) : 0L);
      tensors.put(s, stepped ? own(o, s, state, rest, missing) : Map.of());
    }
    if (!missing.isEmpty() || !rest.isEmpty()) {
      throw new ArgumentException(
          "loadState: names differ from the optimiser's: missing " + missing + ", unexpected " + rest.stream().sorted().toList());
    }
    Autograd.noGrad(() -> {
      o.slots().forEach(s -> s.restore(counts.get(s), tensors.get(s)));
      o.steps(steps);
    });
  }

  private static long number(String name, Map<String, Tensor> state, Set<String> rest, List<String> missing) {
    rest.remove(name);
    Tensor t = state.get(name);
    if (t == null) {
      missing.add(name);
      return 0;
    }
    if (t.size() != 1 || t.dtype() != DType.INT64) {
      throw new DTypeException("loadState: " + name + " is " + t.dtype() + " " + t.shape() + ", not one int64");
    }
    return t.itemLong();
  }

  private static Map<String, Tensor> own(Optimizer o, Slot s, Map<String, Tensor> state, Set<String> rest, List<String> missing) {
    var r = new LinkedHashMap<String, Tensor>();
    for (String n : o.states().stream().filter(o::uses).toList()) {
      String full = name(s, n);
      rest.remove(full);
      Tensor t = state.get(full);
      if (t == null) {
        missing.add(full);
      } else if (!t.shape().equals(s.parameter().shape())) {
        throw new ShapeException(
            "loadState: shapes of " + full + " differ: " + s.parameter().shape() + " in the optimiser, " + t.shape() + " in the state");
      } else if (!t.dtype().floating()) {
        throw new DTypeException("loadState: " + full + " is " + t.dtype() + ", not a floating type");
      } else {
        r.put(n, t);
      }
    }
    return r;
  }
}
