package org.cotangent.nn;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.cotangent.Removable;
import org.cotangent.Tensor;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/** The hooks of a layer. */
final class Hooks {
  private static final OpName BOUNDARY = new OpName("backwardHook", "BackwardHookFunctionBackward");

  /** One registration: removal is by identity, so a hook may be registered twice. */
  private record Entry<H>(H hook, Object id) {}

  private final List<Entry<Layer.PreHook>> before = new CopyOnWriteArrayList<>();
  private final List<Entry<Layer.ForwardHook>> after = new CopyOnWriteArrayList<>();
  private final List<Entry<Layer.BackwardHook>> backward = new CopyOnWriteArrayList<>();

  Removable before(Layer.PreHook hook) {
    return added(before, hook);
  }

  Removable after(Layer.ForwardHook hook) {
    return added(after, hook);
  }

  Removable backward(Layer.BackwardHook hook) {
    return added(backward, hook);
  }

  private static <H> Removable added(List<Entry<H>> list, H hook) {
    var e = new Entry<>(hook, new Object());
    list.add(e);
    return () -> list.remove(e);
  }

  Tensor around(Layer layer, Tensor input, UnaryOperator<Tensor> forward) {
    Tensor x = input;
    for (Entry<Layer.PreHook> e : before) {
      x = e.hook().before(layer, x);
    }
    if (!backward.isEmpty()) {
      return observed(layer, x, forward);
    }
    return finished(layer, x, forward.apply(x));
  }

  private Tensor finished(Layer layer, Tensor x, Tensor result) {
    Tensor y = result;
    for (Entry<Layer.ForwardHook> e : after) {
      y = e.hook().after(layer, x, y);
    }
    return y;
  }

  /** The input and the output pass through nodes of their own, so that gradients of other uses of the same tensors stay apart. */
  private Tensor observed(Layer layer, Tensor input, UnaryOperator<Tensor> forward) {
    Tensor x = input.requiresGrad() ? boundary(input) : input;
    Tensor result = finished(layer, x, forward.apply(x));
    if (!result.requiresGrad()) {
      return result;
    }
    Tensor y = boundary(result);
    Tensor[] outputBar = new Tensor[1];
    y.observeGrad(ct -> {
      outputBar[0] = ct;
      if (!x.requiresGrad()) {
        backward.forEach(e -> e.hook().observe(layer, Optional.empty(), ct));
      }
    });
    if (x.requiresGrad()) {
      x.observeGrad(ct -> backward.forEach(e -> e.hook().observe(layer, Optional.of(ct), outputBar[0])));
    }
    return y;
  }

  private static Tensor boundary(Tensor t) {
    return Gate.named(BOUNDARY, () -> t.reshape(t.shape().dims()));
  }
}
