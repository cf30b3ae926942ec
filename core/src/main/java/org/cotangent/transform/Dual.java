package org.cotangent.transform;

import org.cotangent.Device;
import org.cotangent.Spec;
import org.cotangent.primitive.Value;

/** A value with its tangent. */
public record Dual(Forward by, Value primal, Value tangent, long born) implements Wrapped {
  /** A value made now. */
  public Dual(Forward by, Value primal, Value tangent) {
    this(by, primal, tangent, Node.serial());
  }

  @Override
  public Spec spec() {
    return primal.spec();
  }

  @Override
  public Device device() {
    return primal.device();
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
