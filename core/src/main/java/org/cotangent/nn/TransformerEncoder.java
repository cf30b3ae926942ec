package org.cotangent.nn;

import java.util.List;
import java.util.Optional;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;

/**
 * Encoder layers one after the other, and perhaps a normalisation at the end. Children have PyTorch's names: "layers.0", "layers.1", ...
 * and "norm".
 */
public final class TransformerEncoder extends Layer {
  private final List<TransformerEncoderLayer> layers;
  private final Optional<Layer> norm;

  /** The layers in their order. */
  public TransformerEncoder(List<TransformerEncoderLayer> layers) {
    this(layers, Optional.empty());
  }

  /** The layers in their order, then the normalisation. */
  public TransformerEncoder(List<TransformerEncoderLayer> layers, Layer norm) {
    this(layers, Optional.of(norm));
  }

  private TransformerEncoder(List<TransformerEncoderLayer> layers, Optional<Layer> norm) {
    if (layers.isEmpty()) {
      throw new ArgumentException("TransformerEncoder: there are no layers");
    }
    this.layers = List.copyOf(layers);
    child("layers", Sequential.of(this.layers.toArray(Layer[]::new)));
    this.norm = norm.map(l -> child("norm", l));
  }

  /** The result for x where keys count as the mask says, see {@link MultiheadAttention#attend(Tensor, Tensor, Tensor, Tensor)}. */
  public Tensor apply(Tensor x, Tensor mask) {
    Tensor y = x;
    for (TransformerEncoderLayer l : layers) {
      y = l.apply(y, mask);
    }
    return norm.isPresent() ? norm.get().apply(y) : y;
  }

  @Override
  protected Tensor forward(Tensor x) {
    Tensor y = children().get("layers").apply(x);
    return norm.isPresent() ? norm.get().apply(y) : y;
  }
}
