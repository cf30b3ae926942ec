package org.cotangent.nn;

import java.util.List;
import org.cotangent.Tensor;
import org.cotangent.errors.IndexException;

/** Layers one after the other; their names are their numbers. */
public final class Sequential extends Layer {
  private final List<Layer> layers;

  private Sequential(List<Layer> layers) {
    this.layers = layers;
    for (int i = 0; i < layers.size(); i++) {
      child(Integer.toString(i), layers.get(i));
    }
  }

  /** The layers in their order; none is the identity. */
  public static Sequential of(Layer... layers) {
    return new Sequential(List.of(layers));
  }

  /**
   * Layer {@code i}; negative counts from the end.
   *
   * @throws IndexException if there is none
   */
  public Layer get(int i) {
    int n = layers.size();
    if (i < -n || i >= n) {
      throw new IndexException("get: layer " + i + " of " + n);
    }
    return layers.get(i < 0 ? i + n : i);
  }

  /** Number of layers. */
  public int size() {
    return layers.size();
  }

  @Override
  protected Tensor forward(Tensor x) {
    Tensor y = x;
    for (Layer l : layers) {
      y = l.apply(y);
    }
    return y;
  }
}
