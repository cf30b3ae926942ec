package org.cotangent.optim;

import java.util.List;
import org.cotangent.Device;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.spi.Backends;
import org.cotangent.spi.Collective;

/** Means over replicas that live on several devices, or several times on one. */
public interface AllReduce extends AutoCloseable {
  /**
   * The mean of each tensor over all replicas, on every replica's device, as new tensors; the given ones stay as they are.
   *
   * @param replicas for each replica its tensors, in the same order, of the same shapes and types
   * @throws ShapeException if shapes differ
   * @throws DTypeException if types differ or are not floating
   * @throws ArgumentException if numbers of tensors or replicas do not fit
   */
  List<List<Tensor>> mean(List<List<Tensor>> replicas);

  /** Gives back what the devices hold for each other. */
  @Override
  void close();

  /** Sums on the first replica's device, in the order of the replicas: for any devices, and the same bits each time. */
  static AllReduce host() {
    return new HostAllReduce();
  }

  /**
   * Sums by the library of the devices: NCCL for CUDA. It has run on one card alone, never between several.
   *
   * @throws org.cotangent.errors.DeviceException if they are not different devices of one kind, or the library is not there
   */
  static AllReduce between(List<Device> devices) {
    return by(devices, Backends.collective(devices));
  }

  /** Sums by {@code collective}, whose operand number i is on device i of these. */
  static AllReduce by(List<Device> devices, Collective collective) {
    return new DeviceAllReduce(List.copyOf(devices), collective);
  }

  /** Refuses replicas that do not fit each other. */
  static void check(List<List<Tensor>> replicas) {
    if (replicas.isEmpty()) {
      throw new ArgumentException("allReduce: no replicas");
    }
    List<Tensor> first = replicas.getFirst();
    for (int r = 0; r < replicas.size(); r++) {
      List<Tensor> other = replicas.get(r);
      if (other.size() != first.size()) {
        throw new ArgumentException("allReduce: replica 0 has " + first.size() + " tensors, replica " + r + " has " + other.size());
      }
      for (int i = 0; i < first.size(); i++) {
        Tensor a = first.get(i);
        Tensor b = other.get(i);
        if (!a.shape().equals(b.shape())) {
          throw new ShapeException("allReduce: tensor " + i + " is " + a.shape() + " in replica 0 and " + b.shape() + " in replica " + r);
        }
        if (a.dtype() != b.dtype() || !a.dtype().floating()) {
          throw new DTypeException("allReduce: tensor " + i + " is " + a.dtype() + " in replica 0 and " + b.dtype() + " in replica " + r
              + "; one floating type is needed");
        }
      }
    }
  }
}
