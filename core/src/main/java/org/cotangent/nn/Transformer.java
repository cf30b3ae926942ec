package org.cotangent.nn;

import java.util.Optional;
import java.util.stream.IntStream;
import org.cotangent.DType;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;

/**
 * An encoder of sources and a decoder of targets that attends to it (Vaswani et al. 2017): [s, n, width] and [l, n, width] → [l, n,
 * width]. Children have PyTorch's names, "encoder" and "decoder"; matrices are drawn from Xavier's uniform distribution. {@link
 * #apply(Tensor)} takes its input for both.
 */
public final class Transformer extends Layer {
  private final int width;
  private final TransformerEncoder encoder;
  private final TransformerDecoder decoder;

  /** Six layers each, with the default settings. */
  public Transformer(int width, int heads) {
    this(width, heads, 6, 6, TransformerEncoderLayer.Settings.DEFAULT);
  }

  /**
   * So many layers with these settings.
   *
   * @throws ArgumentException if the heads do not divide the width, there are no layers, or a setting is out of range
   */
  public Transformer(int width, int heads, int encoderLayers, int decoderLayers, TransformerEncoderLayer.Settings settings) {
    this.width = width;
    this.encoder = child("encoder", new TransformerEncoder(
        IntStream.range(0, encoderLayers).mapToObj(i -> new TransformerEncoderLayer(width, heads, settings)).toList(),
        new LayerNorm(Shape.of(width), settings.eps(), true)));
    this.decoder = child("decoder", new TransformerDecoder(
        IntStream.range(0, decoderLayers).mapToObj(i -> new TransformerDecoderLayer(width, heads, settings)).toList(),
        new LayerNorm(Shape.of(width), settings.eps(), true)));
    for (Tensor p : parameters()) {
      if (p.rank() > 1) {
        Init.xavierUniform_(p, 1, settings.generator());
      }
    }
  }

  /**
   * What becomes of the targets; all see everything.
   *
   * @throws ShapeException if a last axis is not the width
   */
  public Tensor apply(Tensor source, Tensor target) {
    return transformed(source, target, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * What becomes of the targets, where keys count as masks say, one for the sources among themselves, one for the targets, one for
   * sources read by targets; see {@link MultiheadAttention#attend(Tensor, Tensor, Tensor, Tensor)}. A mask of all true hides nothing.
   *
   * @throws ShapeException if a last axis is not the width
   */
  public Tensor apply(Tensor source, Tensor target, Tensor sourceMask, Tensor targetMask, Tensor memoryMask) {
    return transformed(source, target, Optional.of(sourceMask), Optional.of(targetMask), Optional.of(memoryMask));
  }

  private Tensor transformed(Tensor source, Tensor target, Optional<Tensor> seen, Optional<Tensor> own, Optional<Tensor> across) {
    for (Tensor x : new Tensor[] {source, target}) {
      if (x.rank() < 2 || x.size(-1) != width) {
        throw new ShapeException("Transformer: the feature number of source and target must be equal to d_model, " + width + ": "
            + source.shape() + " and " + target.shape());
      }
    }
    Tensor memory = seen.isPresent() ? encoder.apply(source, seen.get()) : encoder.apply(source);
    return decoder.decoded(target, memory, own, across);
  }

  /** The mask [n, n] with which each place sees itself and those before it: true where a key counts. */
  public static Tensor causalMask(int n) {
    return Tensor.ones(n, n).tril(0).to(DType.BOOL);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return apply(x, x);
  }
}
