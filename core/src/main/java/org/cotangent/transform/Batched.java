package org.cotangent.transform;

import org.cotangent.Device;
import org.cotangent.Spec;
import org.cotangent.primitive.Value;

/** One example of many: axis 0 of {@code value} counts them and is not part of the spec. */
public record Batched(Batch by, Value value, Spec spec, long born) implements Wrapped {
  /** The examples in {@code value}. */
  public static Batched of(Batch by, Value value) {
    return new Batched(by, value, value.spec().as(value.shape().range(1, value.rank())), Node.serial());
  }

  @Override
  public Device device() {
    return value.device();
  }

  @Override
  public boolean equals(Object o) {
    return this == o;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
