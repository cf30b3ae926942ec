package org.cotangent.transform;

import org.cotangent.Device;
import org.cotangent.Spec;
import org.cotangent.primitive.Value;

/** A value with the node that computed it: output {@code index} of {@code node}. */
public record Traced(Reverse by, Value primal, Node node, int index) implements Wrapped {
  @Override
  public Spec spec() {
    return primal.spec();
  }

  @Override
  public long born() {
    return node.id();
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
