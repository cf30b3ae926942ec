package org.cotangent.transform;

/** Output {@code index} of a node. */
public record Edge(Node node, int index) {
  /** Edges are keys of every backward pass, and what the compiler derives for a record is slow until it is warm. */
  @Override
  public boolean equals(Object o) {
    return o instanceof Edge e && node == e.node && index == e.index;
  }

  @Override
  public int hashCode() {
    return node.hashCode() * 31 + index;
  }
}
