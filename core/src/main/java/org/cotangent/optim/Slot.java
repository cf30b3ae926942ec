package org.cotangent.optim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cotangent.Assignment;
import org.cotangent.Tensor;
import org.cotangent.Tensors;
import org.cotangent.errors.ArgumentException;
import org.cotangent.spi.Buffer;

/**
 * What an optimiser keeps for one parameter: named tensors of its shape, and the number of its steps.
 *
 * <p>The tensors are made with the optimiser, as zeros that take no storage, so that they outlive memory scopes opened around steps.
 */
final class Slot {
  private final int index;
  private final Tensor parameter;
  private final Map<String, Tensor> states = new LinkedHashMap<>();
  /** The states whose storage nobody else holds. */
  private final Set<String> own = new HashSet<>();
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

  /** The present numbers of a state, to keep. */
  Tensor snapshot(String name) {
    own.remove(name);
    return Tensors.snapshot(state(name));
  }

  /** Moves the states to where the parameter is; their numbers stay. */
  void follow() {
    states.forEach((name, s) -> {
      if (!s.device().equals(parameter.device())) {
        own.remove(name);
        s.apply_("to", x -> x.to(parameter.device()));
      }
    });
  }

  /** Sets new states; {@code fresh} if they were computed into storage of their own that nobody else has seen. */
  void advance(Map<String, Tensor> next, boolean fresh) {
    next.forEach((name, t) -> {
      Tensor s = states.get(name);
      Optional<Buffer> old = own.remove(name) ? Optional.of(s.storage().buffer()) : Optional.empty();
      s.apply_("step", x -> t);
      old.ifPresent(Buffer::free);
      if (fresh) {
        own.add(name);
      }
    });
    count++;
  }

  /** A step of the parameter and its states; those that nobody else holds are written over. */
  Assignment assignment(Step step) {
    var out = new ArrayList<Tensor>(step.states().size() + 1);
    boolean[] mine = new boolean[step.states().size() + 1];
    for (String name : step.states()) {
      mine[out.size()] = own.contains(name);
      out.add(state(name));
    }
    out.add(parameter);
    return new Assignment(step.f(), step.in(), out, mine);
  }

  /** Counts a step whose assignment was made: it gave these states storage of their own. */
  void assigned(List<String> written) {
    own.addAll(written);
    count++;
  }

  /** Sets the states named, and the number of steps; the others become zeros. */
  void restore(long steps, Map<String, Tensor> from) {
    own.clear();
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
