package org.cotangent.nn;

import java.util.Optional;
import org.cotangent.Generator;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;

/**
 * Self-attention, attention to an encoder's output and two linear layers, each with dropout, a residual connection and layer
 * normalisation after it or before it (Vaswani et al. 2017): targets [l, n, width] and memory [s, n, width] → [l, n, width].
 *
 * <p>Children have PyTorch's names: "self_attn", "multihead_attn", "linear1", "linear2", "norm1" to "norm3", "dropout" and "dropout1" to
 * "dropout3". {@link #apply(Tensor)} attends to its own input as memory.
 */
public final class TransformerDecoderLayer extends Layer {
  private final TransformerEncoderLayer.Settings settings;
  private final MultiheadAttention self;
  private final MultiheadAttention across;

  /** With the default settings. */
  public TransformerDecoderLayer(int width, int heads) {
    this(width, heads, TransformerEncoderLayer.Settings.DEFAULT);
  }

  /**
   * With these settings.
   *
   * @throws ArgumentException if the heads do not divide the width, or a setting is out of range
   */
  public TransformerDecoderLayer(int width, int heads, TransformerEncoderLayer.Settings settings) {
    Generator g = settings.generator();
    var attention =
        MultiheadAttention.Settings.DEFAULT.dropout(settings.dropout()).batchFirst(settings.batchFirst()).generator(g);
    this.settings = settings;
    this.self = child("self_attn", new MultiheadAttention(width, heads, attention));
    this.across = child("multihead_attn", new MultiheadAttention(width, heads, attention));
    child("linear1", new Linear(width, settings.feedForward(), true, g));
    child("dropout", new Dropout(settings.dropout(), g));
    child("linear2", new Linear(settings.feedForward(), width, true, g));
    for (int i = 1; i <= 3; i++) {
      child("norm" + i, new LayerNorm(Shape.of(width), settings.eps(), true));
    }
    for (int i = 1; i <= 3; i++) {
      child("dropout" + i, new Dropout(settings.dropout(), g));
    }
  }

  /** What becomes of the targets, which all see each other and the whole memory. */
  public Tensor apply(Tensor target, Tensor memory) {
    return decoded(target, memory, Optional.empty(), Optional.empty());
  }

  /**
   * What becomes of the targets, which see each other as a mask says and the memory as another does; see {@link
   * MultiheadAttention#attend(Tensor, Tensor, Tensor, Tensor)}.
   */
  public Tensor apply(Tensor target, Tensor memory, Tensor targetMask, Tensor memoryMask) {
    return decoded(target, memory, Optional.of(targetMask), Optional.of(memoryMask));
  }

  @Override
  protected Tensor forward(Tensor x) {
    return apply(x, x);
  }

  Tensor decoded(Tensor x, Tensor memory, Optional<Tensor> own, Optional<Tensor> other) {
    if (settings.normFirst()) {
      Tensor n = of("norm1", x);
      Tensor y = x.add(of("dropout1", attended(self, n, n, own)));
      y = y.add(of("dropout2", attended(across, of("norm2", y), memory, other)));
      return y.add(fed(of("norm3", y)));
    }
    Tensor y = of("norm1", x.add(of("dropout1", attended(self, x, x, own))));
    y = of("norm2", y.add(of("dropout2", attended(across, y, memory, other))));
    return of("norm3", y.add(fed(y)));
  }

  private static Tensor attended(MultiheadAttention a, Tensor x, Tensor memory, Optional<Tensor> mask) {
    return (mask.isPresent() ? a.attend(x, memory, memory, mask.get()) : a.attend(x, memory, memory)).values();
  }

  private Tensor of(String child, Tensor x) {
    return children().get(child).apply(x);
  }

  private Tensor fed(Tensor x) {
    return of("dropout3", of("linear2", of("dropout", settings.activation().apply(of("linear1", x)))));
  }
}
