package org.cotangent.transform;

/**
 * Name of the operation that a user called: for messages, and for the {@code grad_fn} of printed tensors.
 *
 * @param name the method's name, "matmul"
 * @param grad the name of its backward node, "MmBackward0"
 */
public record OpName(String name, String grad) {
  /** The operation of this name, its backward node named after it. */
  public static OpName of(String name) {
    String bare = name.endsWith("_") ? name.substring(0, name.length() - 1) : name;
    return new OpName(name, Character.toUpperCase(bare.charAt(0)) + bare.substring(1) + "Backward0");
  }

  /** The operation {@code name} whose backward node PyTorch calls {@code grad}. */
  public static OpName of(String name, String grad) {
    return new OpName(name, grad + "Backward0");
  }
}
