package org.cotangent;

import java.util.function.Function;
import java.util.function.Supplier;
import org.cotangent.errors.GradientException;
import org.cotangent.lower.Stored;

/** Ready-made ways of keeping what a graph saves; see {@link Autograd#savedTensors}. */
public final class SavedTensors {
  private SavedTensors() {}

  private record Kept(Object array, Shape shape, DType dtype, Device device) {}

  /** Runs {@code body} with saved values kept in host memory, to free a device's. */
  public static <R> R onHost(Supplier<R> body) {
    Function<Tensor, Object> pack = t -> new Kept(t.toArray(), t.shape(), t.dtype(), t.device());
    return Autograd.savedTensors(pack, SavedTensors::back, body);
  }

  /** Runs {@code body} with saved float64 values kept as float32: half the memory, and gradients to single precision. */
  public static <R> R inSinglePrecision(Supplier<R> body) {
    Function<Tensor, Object> pack = t -> t.dtype() == DType.FLOAT64
        ? new Kept(t.toFloatArray(), t.shape(), t.dtype(), t.device())
        : new Kept(t.toArray(), t.shape(), t.dtype(), t.device());
    return Autograd.savedTensors(pack, SavedTensors::back, body);
  }

  private static Tensor back(Object o) {
    Kept k = (Kept) o;
    DType stored = k.array() instanceof float[] ? DType.FLOAT32 : k.dtype();
    return Tensor.of(stored, k.shape(), k.array()).to(k.dtype()).to(k.device());
  }

  static Stored plain(Tensor t) {
    if (t == null) {
      throw new GradientException("savedTensors: unpack gave null; return the tensor that was packed");
    }
    if (t.value() instanceof Stored s) {
      return s;
    }
    throw new GradientException("savedTensors: unpack gave a tensor that belongs to a graph or a transform; return a plain one");
  }
}
