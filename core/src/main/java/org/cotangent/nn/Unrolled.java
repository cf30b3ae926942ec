package org.cotangent.nn;

import org.cotangent.Tensor;

/**
 * What {@link RNN#run} and {@link GRU#run} give.
 *
 * @param output the last layer's hidden state at each step, the two directions side by side: [l, n, directions · hidden]
 * @param hidden the hidden state of each layer and direction after its last step: [layers · directions, n, hidden]
 */
public record Unrolled(Tensor output, Tensor hidden) {
  static Unrolled of(Tensor... r) {
    return new Unrolled(r[0], r[1]);
  }
}
