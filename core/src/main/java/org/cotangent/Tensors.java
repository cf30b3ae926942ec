package org.cotangent;

import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.cotangent.primitive.Value;
import org.cotangent.transform.Gate;
import org.cotangent.transform.Values;

/** Operations on several tensors at once. */
public final class Tensors {
  private Tensors() {}

  /** Computes what is pending in the tensors now; pointwise results of one shape and device in one kernel. */
  public static void compute(Collection<Tensor> tensors) {
    Values.force(tensors.stream().map(Tensor::value).toList());
  }

  /**
   * Gives tensors new numbers, those of equal expressions, type and device by one kernel: what a step of an optimiser is. Nothing is
   * recorded, and no tensor changes before everything was checked.
   *
   * @throws org.cotangent.errors.ShapeException if shapes differ
   * @throws org.cotangent.errors.DTypeException if types differ, or are not float32 or float64
   * @throws org.cotangent.errors.DeviceException if devices differ
   * @throws org.cotangent.errors.InPlaceException if a tensor cannot be written to here
   */
  public static void assign(List<Assignment> all) {
    Assigning.run(all);
  }

  /** Whether the numbers of a tensor are its own to be assigned: it is no view, and belongs to no running transform. */
  public static boolean assignable(Tensor t) {
    return t.plain();
  }

  /** The present numbers of a tensor, without its graph: for as long as the tensor itself may be used, beyond memory scopes opened since it was made. */
  public static Tensor snapshot(Tensor t) {
    Tensor s = t.detach();
    Values.settle(s.value(), t.home());
    return s;
  }

  /**
   * Runs {@code body} while the keys of {@code by} stand for the tensors they are mapped to: operations on a key work on its value,
   * and gradients flow to that.
   */
  public static <R> R substituting(Map<Tensor, Tensor> by, Supplier<R> body) {
    var values = new IdentityHashMap<Value, Value>();
    by.forEach((t, y) -> values.put(t.value(), y.value()));
    return Gate.substituting(values, body);
  }
}
