package org.cotangent.transform;

/** Output {@code index} of a node. */
public record Edge(Node node, int index) {}
