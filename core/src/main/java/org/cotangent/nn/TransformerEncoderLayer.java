package org.cotangent.nn;

import java.util.Optional;
import java.util.function.UnaryOperator;
import org.cotangent.Generator;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;

/**
 * Self-attention and two linear layers, each with dropout, a residual connection and layer normalisation after it (Vaswani et al. 2017)
 * or before it (Xiong et al. 2020): [l, n, width] → [l, n, width].
 *
 * <p>Children have PyTorch's names: "self_attn", "linear1", "linear2", "norm1", "norm2", and "dropout", "dropout1", "dropout2".
 */
public final class TransformerEncoderLayer extends Layer {
  /**
   * Settings.
   *
   * @param feedForward number of units between the two linear layers
   * @param dropout the part that every dropout drops in training mode
   * @param activation between the two linear layers
   * @param eps of the normalisations
   * @param batchFirst whether tensors are [n, l, width] instead of [l, n, width]
   * @param normFirst whether the normalisations come first
   * @param generator where initial values and dropout are drawn from
   */
  public record Settings(
      int feedForward, double dropout, UnaryOperator<Tensor> activation, double eps, boolean batchFirst, boolean normFirst,
      Generator generator) {
    /** 2048 units, dropout 0.1, ReLU, an eps of 1e-5, normalisation last, [l, n, width]. */
    public static final Settings DEFAULT = new Settings(2048, 0.1, Tensor::relu, 1e-5, false, false, Generator.standard());

    /** These settings with so many units. */
    public Settings feedForward(int n) {
      return new Settings(n, dropout, activation, eps, batchFirst, normFirst, generator);
    }

    /** These settings with another dropout. */
    public Settings dropout(double p) {
      return new Settings(feedForward, p, activation, eps, batchFirst, normFirst, generator);
    }

    /** These settings with another activation: {@code Tensor::gelu}. */
    public Settings activation(UnaryOperator<Tensor> f) {
      return new Settings(feedForward, dropout, f, eps, batchFirst, normFirst, generator);
    }

    /** These settings with tensors [n, l, width], or [l, n, width]. */
    public Settings batchFirst(boolean on) {
      return new Settings(feedForward, dropout, activation, eps, on, normFirst, generator);
    }

    /** These settings with normalisations first or last. */
    public Settings normFirst(boolean on) {
      return new Settings(feedForward, dropout, activation, eps, batchFirst, on, generator);
    }

    /** These settings with draws from {@code g}. */
    public Settings generator(Generator g) {
      return new Settings(feedForward, dropout, activation, eps, batchFirst, normFirst, g);
    }
  }

  private final Settings settings;
  private final MultiheadAttention attention;

  /** With the default settings. */
  public TransformerEncoderLayer(int width, int heads) {
    this(width, heads, Settings.DEFAULT);
  }

  /**
   * With these settings.
   *
   * @throws ArgumentException if the heads do not divide the width, or a setting is out of range
   */
  public TransformerEncoderLayer(int width, int heads, Settings settings) {
    Generator g = settings.generator();
    this.settings = settings;
    this.attention = child("self_attn", new MultiheadAttention(width, heads,
        MultiheadAttention.Settings.DEFAULT.dropout(settings.dropout()).batchFirst(settings.batchFirst()).generator(g)));
    child("linear1", new Linear(width, settings.feedForward(), true, g));
    child("dropout", new Dropout(settings.dropout(), g));
    child("linear2", new Linear(settings.feedForward(), width, true, g));
    child("norm1", new LayerNorm(org.cotangent.Shape.of(width), settings.eps(), true));
    child("norm2", new LayerNorm(org.cotangent.Shape.of(width), settings.eps(), true));
    child("dropout1", new Dropout(settings.dropout(), g));
    child("dropout2", new Dropout(settings.dropout(), g));
  }

  /** The result for x where keys count as the mask says, see {@link MultiheadAttention#attend(Tensor, Tensor, Tensor, Tensor)}. */
  public Tensor apply(Tensor x, Tensor mask) {
    return encoded(x, Optional.of(mask));
  }

  @Override
  protected Tensor forward(Tensor x) {
    return encoded(x, Optional.empty());
  }

  private Tensor encoded(Tensor x, Optional<Tensor> mask) {
    if (settings.normFirst()) {
      Tensor y = x.add(attended(of("norm1", x), mask));
      return y.add(fed(of("norm2", y)));
    }
    Tensor y = of("norm1", x.add(attended(x, mask)));
    return of("norm2", y.add(fed(y)));
  }

  private Tensor of(String child, Tensor x) {
    return children().get(child).apply(x);
  }

  private Tensor attended(Tensor x, Optional<Tensor> mask) {
    Tensor y = mask.isPresent() ? attention.attend(x, x, x, mask.get()).values() : attention.apply(x);
    return of("dropout1", y);
  }

  private Tensor fed(Tensor x) {
    return of("dropout2", of("linear2", of("dropout", settings.activation().apply(of("linear1", x)))));
  }
}
