package org.cotangent.nn;

import java.util.List;
import java.util.Optional;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;

/**
 * Decoder layers one after the other, all attending to one memory, and perhaps a normalisation at the end. Children have PyTorch's
 * names: "layers.0", "layers.1", ... and "norm". {@link #apply(Tensor)} attends to its own input as memory.
 */
public final class TransformerDecoder extends Layer {
  private final List<TransformerDecoderLayer> layers;
  private final Optional<Layer> norm;

  /** The layers in their order. */
  public TransformerDecoder(List<TransformerDecoderLayer> layers) {
    this(layers, Optional.empty());
  }

  /** The layers in their order, then the normalisation. */
  public TransformerDecoder(List<TransformerDecoderLayer> layers, Layer norm) {
    this(layers, Optional.of(norm));
  }

  private TransformerDecoder(List<TransformerDecoderLayer> layers, Optional<Layer> norm) {
    if (layers.isEmpty()) {
      throw new ArgumentException("TransformerDecoder: there are no layers");
    }
    this.layers = List.copyOf(layers);
    child("layers", Sequential.of(this.layers.toArray(Layer[]::new)));
    this.norm = norm.map(l -> child("norm", l));
  }

  /** What becomes of the targets, which all see each other and the whole memory. */
  public Tensor apply(Tensor target, Tensor memory) {
    return decoded(target, memory, Optional.empty(), Optional.empty());
  }

  /** The same with masks, see {@link TransformerDecoderLayer#apply(Tensor, Tensor, Tensor, Tensor)}. */
  public Tensor apply(Tensor target, Tensor memory, Tensor targetMask, Tensor memoryMask) {
    return decoded(target, memory, Optional.of(targetMask), Optional.of(memoryMask));
  }

  Tensor decoded(Tensor target, Tensor memory, Optional<Tensor> own, Optional<Tensor> other) {
    Tensor y = target;
    for (TransformerDecoderLayer l : layers) {
      y = l.decoded(y, memory, own, other);
    }
    return norm.isPresent() ? norm.get().apply(y) : y;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return apply(x, x);
  }
}
