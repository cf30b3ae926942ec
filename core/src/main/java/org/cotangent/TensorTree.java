package org.cotangent;

import java.util.List;

/**
 * A type of one's own made of tensors, which transforms take as argument and result like a list or a map.
 *
 * @param <T> the type itself
 */
public interface TensorTree<T extends TensorTree<T>> {
  /** Its tensors, always in the same order. */
  List<Tensor> leaves();

  /** The same structure with other tensors, in the order of {@link #leaves}. */
  T withLeaves(List<Tensor> leaves);
}
