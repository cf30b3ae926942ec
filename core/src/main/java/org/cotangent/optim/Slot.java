package org.cotangent.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;

/**
 * What an optimiser keeps for one parameter: named tensors of its shape, and the number of its steps.
 *
 * <p>The tensors are made with the optimiser, as zeros that take no storage, so that they outlive memory scopes opened around steps.
 */
final class Slot {
  private final int index;
  private final Tensor parameter;
  private final Map<String, Tensor> states = new LinkedHashMap<>();
  private long count;

  Slot(int index, Tensor parameter, List<String> names) {
    this.index = index;
    this.parameter = parameter;
    names.forEach(n -> states.put(n, Tensor.zerosLike(parameter)));
  }

  int index() {
    return index;
  }

  Tensor parameter() {
    return parameter;
  }

  long count() {
    return count;
  }

  Tensor state(String name) {
    Tensor t = states.get(name);
    if (t == null) {
      throw new ArgumentException("step: the optimiser has no state \"" + name + "\"; it has " + states.keySet());
    }
    return t;
  }

  /** Moves the states to where the parameter is; their numbers stay. */
  void follow() {
    states.values().forEach(s -> {
      if (!s.device().equals(parameter.device())) {
        s.apply_("to", x -> x.to(parameter.device()));
      }
    });
  }

  void advance(Map<String, Tensor> next) {
    next.forEach((name, t) -> states.get(name).apply_("step", s -> t));
    count++;
  }

  /** Sets the states named, and the number of steps; the others become zeros. */
  void restore(long steps, Map<String, Tensor> from) {
    states.forEach((name, s) -> {
      Tensor t = from.get(name);
      if (t == null) {
        s.zero_();
      } else {
        s.copy_(t.detach().to(s.dtype()).to(s.device()).copy());
      }
    });
    count = steps;
  }
}
