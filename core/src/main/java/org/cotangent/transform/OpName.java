package org.cotangent.transform;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Name of the operation that a user called: for messages, and for the {@code grad_fn} of printed tensors.
 *
 * @param name the method's name, "matmul"
 * @param grad the name of its backward node, "MmBackward0"
 */
public record OpName(String name, String grad) {
  /** By name, then by what PyTorch calls the backward node. */
  private static final Map<String, Map<String, OpName>> KNOWN = new ConcurrentHashMap<>();

  /** The operation of this name, its backward node named after it. */
  public static OpName of(String name) {
    String bare = name.endsWith("_") ? name.substring(0, name.length() - 1) : name;
    return new OpName(name, Character.toUpperCase(bare.charAt(0)) + bare.substring(1) + "Backward0");
  }

  /** The operation {@code name} whose backward node PyTorch calls {@code grad}. */
  public static OpName of(String name, String grad) {
    return KNOWN.computeIfAbsent(name, n -> new ConcurrentHashMap<>()).computeIfAbsent(grad, g -> new OpName(name, g + "Backward0"));
  }
}
