package org.cotangent;

/** Options of {@link Tensor#backward} and {@link Autograd#grad}. */
public enum Option {
  /** The graph stays, for another backward pass. */
  RETAIN_GRAPH,
  /** The backward pass is recorded itself, for gradients of gradients; implies {@link #RETAIN_GRAPH}. */
  CREATE_GRAPH,
  /** An input that the outputs do not depend on is no error; it has no gradient. */
  ALLOW_UNUSED,
  /** An input that the outputs do not depend on has a gradient of zeros. */
  MATERIALIZE,
  /** Axis 0 of each cotangent, and of each gradient, counts backward passes that run as one. */
  BATCHED;

  static boolean has(Option[] options, Option o) {
    for (Option x : options) {
      if (x == o) {
        return true;
      }
    }
    return false;
  }
}
