package org.cotangent.nn;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Tensor;
import org.cotangent.Tensors;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.spi.Backends;

/** Changes to all tensors of a layer: first everything is checked and computed, then everything is set. */
final class LayerState {
  private LayerState() {}

  static void move(Layer layer, Device device) {
    Backends.of(device); // refuses one that is not there, whatever the layer holds
    Autograd.noGrad(() -> {
      var moved = new IdentityHashMap<Tensor, Tensor>();
      for (Tensor t : layer.state().values()) {
        moving(t, device, moved);
        if (t.hasGrad()) {
          moving(t.grad(), device, moved);
        }
      }
      Tensors.compute(moved.values());
      set("to", moved);
    });
  }

  private static void moving(Tensor t, Device device, Map<Tensor, Tensor> moved) {
    if (!t.device().equals(device)) {
      moved.put(t, t.detach().to(device));
    }
  }

  private static void set(String op, Map<Tensor, Tensor> by) {
    by.forEach((t, y) -> t.apply_(op, x -> y));
  }

  /** The floating tensors of another type, with what takes their place. */
  static Map<Tensor, Tensor> converted(Layer layer, DType dtype) {
    if (!dtype.floating()) {
      throw new DTypeException("to: layers compute in floating types, not " + dtype + "; use FLOAT32 or FLOAT64");
    }
    var by = new IdentityHashMap<Tensor, Tensor>();
    for (Tensor t : layer.state().values()) {
      if (t.dtype().floating() && t.dtype() != dtype) {
        Tensor y = t.detach().to(dtype).synchronize();
        by.put(t, t.requiresGrad() ? y.requiresGrad_() : y);
      }
    }
    return by;
  }

  static void load(Layer layer, Map<String, Tensor> state) {
    Map<String, Tensor> own = layer.state();
    names(own, state);
    own.forEach((name, t) -> fits(name, t, state.get(name)));
    Autograd.noGrad(() -> {
      var by = new IdentityHashMap<Tensor, Tensor>();
      own.forEach((name, t) -> by.put(t, state.get(name).detach().to(t.dtype()).to(t.device()).copy().synchronize()));
      set("loadState", by);
    });
  }

  private static void names(Map<String, Tensor> own, Map<String, Tensor> state) {
    List<String> missing = own.keySet().stream().filter(n -> !state.containsKey(n)).toList();
    List<String> unexpected = state.keySet().stream().filter(n -> !own.containsKey(n)).toList();
    if (!missing.isEmpty() || !unexpected.isEmpty()) {
      var parts = new ArrayList<String>();
      if (!missing.isEmpty()) {
        parts.add("missing " + missing);
      }
      if (!unexpected.isEmpty()) {
        parts.add("unexpected " + unexpected);
      }
      throw new ArgumentException("loadState: names differ from the model's: " + String.join(", ", parts));
    }
  }

  private static void fits(String name, Tensor t, Tensor from) {
    if (!from.shape().equals(t.shape())) {
      throw new ShapeException(
          "loadState: shapes of " + name + " differ: " + t.shape() + " in the model, " + from.shape() + " in the state");
    }
    if (from.dtype().category() != t.dtype().category()) {
      throw new DTypeException(
          "loadState: types of " + name + " differ: " + t.dtype() + " in the model, " + from.dtype() + " in the state");
    }
  }

  static <R> R substituting(Layer layer, Map<String, Tensor> tensors, Supplier<R> body) {
    Map<String, Tensor> own = layer.state();
    var by = new IdentityHashMap<Tensor, Tensor>();
    tensors.forEach((name, t) -> {
      Tensor old = own.get(name);
      if (old == null) {
        throw new ArgumentException("functionalCall: no parameter or buffer has the name \"" + name + "\"; there are " + own.keySet());
      }
      if (!old.shape().equals(t.shape())) {
        throw new ShapeException("functionalCall: " + name + " is " + old.shape() + ", not " + t.shape());
      }
      by.put(old, t);
    });
    return Tensors.substituting(by, body);
  }
}
