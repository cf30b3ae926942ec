package org.cotangent;

import java.util.List;
import org.cotangent.errors.ArgumentException;

/** The Jacobians of several outputs with respect to several inputs, each [out..., in...]. */
public final class Jacobians {
  private final List<String> outputs;
  private final List<String> inputs;
  private final Tensor[][] blocks;

  Jacobians(List<String> outputs, List<String> inputs, Tensor[][] blocks) {
    this.outputs = outputs;
    this.inputs = inputs;
    this.blocks = blocks;
  }

  /** The derivative of output {@code i} with respect to input {@code j}, in the order of their structures. */
  public Tensor get(int i, int j) {
    if (i < 0 || i >= outputs.size() || j < 0 || j >= inputs.size()) {
      throw new ArgumentException("jacobian: no block (" + i + ", " + j + ") of " + outputs.size() + " outputs and " + inputs.size() + " inputs");
    }
    return blocks[i][j];
  }

  /** The derivative of the output with respect to the input of these names: positions and keys joined by dots; "" for a lone tensor. */
  public Tensor get(String output, String input) {
    int i = outputs.indexOf(output);
    int j = inputs.indexOf(input);
    if (i < 0 || j < 0) {
      throw new ArgumentException("jacobian: no block (" + output + ", " + input + "); outputs " + outputs + ", inputs " + inputs);
    }
    return blocks[i][j];
  }

  /** Names of the outputs. */
  public List<String> outputs() {
    return outputs;
  }

  /** Names of the inputs. */
  public List<String> inputs() {
    return inputs;
  }
}
