package org.cotangent.nn;

import java.util.Optional;
import org.cotangent.Generator;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.Attention;
import org.cotangent.ops.AttentionOptions;
import org.cotangent.ops.Functional;

/**
 * Attention of several heads with projections (Vaswani et al. 2017): queries [l, n, width], keys [s, n, kdim] and values [s, n, vdim]
 * → [l, n, width]; with {@link Settings#batchFirst} the axis n comes first, and without it [l, width] is one example.
 *
 * <p>Parameters have PyTorch's names: "in_proj_weight" [3 width, width], or "q_proj_weight", "k_proj_weight" and "v_proj_weight" if keys
 * or values have another width; "in_proj_bias"; "out_proj.weight" and "out_proj.bias". {@link #apply} is self-attention.
 */
public final class MultiheadAttention extends Layer {
  /**
   * Settings.
   *
   * @param dropout the part of the weights that is dropped in training mode
   * @param bias whether there are biases
   * @param keyWidth width of the keys; 0 for that of the queries
   * @param valueWidth width of the values; 0 for that of the queries
   * @param batchFirst whether tensors are [n, l, width] instead of [l, n, width]
   * @param biasKeyValue whether one more key and value, both parameters, follow those given
   * @param zeroAttention whether one more key and value, both zeros, follow at the end
   * @param generator where initial values and dropout are drawn from
   */
  public record Settings(
      double dropout, boolean bias, int keyWidth, int valueWidth, boolean batchFirst, boolean biasKeyValue, boolean zeroAttention,
      Generator generator) {
    /** No dropout, with biases, one width, [l, n, width], no further keys. */
    public static final Settings DEFAULT = new Settings(0, true, 0, 0, false, false, false, Generator.standard());

    /** These settings with another dropout. */
    public Settings dropout(double p) {
      return new Settings(p, bias, keyWidth, valueWidth, batchFirst, biasKeyValue, zeroAttention, generator);
    }

    /** These settings with biases or without. */
    public Settings bias(boolean on) {
      return new Settings(dropout, on, keyWidth, valueWidth, batchFirst, biasKeyValue, zeroAttention, generator);
    }

    /** These settings with keys and values of other widths. */
    public Settings widths(int key, int value) {
      return new Settings(dropout, bias, key, value, batchFirst, biasKeyValue, zeroAttention, generator);
    }

    /** These settings with tensors [n, l, width], or [l, n, width]. */
    public Settings batchFirst(boolean on) {
      return new Settings(dropout, bias, keyWidth, valueWidth, on, biasKeyValue, zeroAttention, generator);
    }

    /** These settings with a key and a value more that are parameters, "bias_k" and "bias_v"; PyTorch's {@code add_bias_kv}. */
    public Settings biasKeyValue(boolean on) {
      return new Settings(dropout, bias, keyWidth, valueWidth, batchFirst, on, zeroAttention, generator);
    }

    /** These settings with a key and a value more that are zeros; PyTorch's {@code add_zero_attn}. */
    public Settings zeroAttention(boolean on) {
      return new Settings(dropout, bias, keyWidth, valueWidth, batchFirst, biasKeyValue, on, generator);
    }

    /** These settings with draws from {@code g}. */
    public Settings generator(Generator g) {
      return new Settings(dropout, bias, keyWidth, valueWidth, batchFirst, biasKeyValue, zeroAttention, g);
    }
  }

  private final int width;
  private final int heads;
  private final Settings settings;
  private final boolean oneWidth;

  /** With the default settings. */
  public MultiheadAttention(int width, int heads) {
    this(width, heads, Settings.DEFAULT);
  }

  /**
   * With these settings.
   *
   * @throws ArgumentException if the heads do not divide the width, or a setting is out of range
   */
  public MultiheadAttention(int width, int heads, Settings settings) {
    if (width < 1 || heads < 1 || width % heads != 0) {
      throw new ArgumentException("MultiheadAttention: embed_dim must be divisible by num_heads: " + width + " by " + heads);
    }
    if (!(settings.dropout() >= 0 && settings.dropout() <= 1)) {
      throw new ArgumentException("MultiheadAttention: dropout is not between 0 and 1: " + settings.dropout());
    }
    this.width = width;
    this.heads = heads;
    this.settings = settings;
    int k = settings.keyWidth() == 0 ? width : settings.keyWidth();
    int v = settings.valueWidth() == 0 ? width : settings.valueWidth();
    this.oneWidth = k == width && v == width;
    Generator g = settings.generator();
    if (oneWidth) {
      parameter("in_proj_weight", Init.xavierUniform_(Tensor.zeros(3 * width, width), 1, g));
    } else {
      parameter("q_proj_weight", Init.xavierUniform_(Tensor.zeros(width, width), 1, g));
      parameter("k_proj_weight", Init.xavierUniform_(Tensor.zeros(width, k), 1, g));
      parameter("v_proj_weight", Init.xavierUniform_(Tensor.zeros(width, v), 1, g));
    }
    if (settings.bias()) {
      parameter("in_proj_bias", Tensor.zeros(3 * width).copy());
    }
    if (settings.biasKeyValue()) {
      parameter("bias_k", Init.xavierNormal_(Tensor.zeros(1, 1, width), 1, g));
      parameter("bias_v", Init.xavierNormal_(Tensor.zeros(1, 1, width), 1, g));
    }
    Linear out = child("out_proj", new Linear(width, width, settings.bias(), g));
    if (settings.bias()) {
      Init.constant_(out.bias(), 0);
    }
  }

  /** What the queries receive and the heads' mean weights [n, l, s]. */
  public Attention.Attended attend(Tensor query, Tensor key, Tensor value) {
    return attend(query, key, value, Optional.empty());
  }

  /**
   * What the queries receive and the heads' mean weights [n, l, s], where keys count as the mask says: true where one counts, or summands
   * of the scores; it broadcasts to [n, heads, l, s]. The further keys of the settings always count; s is their number too then.
   *
   * <p>PyTorch's {@code attn_mask} is true where a key does <em>not</em> count: pass {@code mask.not()}. Its {@code key_padding_mask}
   * p [n, s] is {@code p.not().reshape(n, 1, 1, s)} here.
   *
   * @throws ShapeException if sizes do not fit
   */
  public Attention.Attended attend(Tensor query, Tensor key, Tensor value, Tensor mask) {
    return attend(query, key, value, Optional.of(mask));
  }

  private Attention.Attended attend(Tensor query, Tensor key, Tensor value, Optional<Tensor> mask) {
    boolean single = query.rank() == 2;
    Tensor[] in = {query, key, value};
    Tensor[] x = new Tensor[3];
    for (int i = 0; i < 3; i++) {
      if (in[i].rank() != query.rank() || query.rank() != 3 && !single) {
        throw new ShapeException("MultiheadAttention: expected three tensors of 2 or 3 axes, but got " + query.shape() + ", " + key.shape()
            + " and " + value.shape());
      }
      x[i] = extended(single ? in[i].unsqueeze(0) : settings.batchFirst() ? in[i] : in[i].transpose(0, 1), i);
    }
    AttentionOptions o = AttentionOptions.DEFAULT;
    o = training() && settings.dropout() > 0 ? o.dropout(settings.dropout(), settings.generator()) : o;
    Attention.Attended a = Attention.multiHeadAttention(x[0], x[1], x[2], heads, mask.isPresent() ? o.mask(extended(mask.get())) : o);
    Tensor y = children().get("out_proj").apply(a.values());
    Tensor weights = a.weights().mean(1);
    return single ? new Attention.Attended(y.squeeze(0), weights.squeeze(0))
        : new Attention.Attended(settings.batchFirst() ? y : y.transpose(0, 1), weights);
  }

  /** Queries, keys or values projected, the latter two with those that the settings add. */
  private Tensor extended(Tensor x, int which) {
    Tensor y = projected(x, which);
    if (which > 0 && settings.biasKeyValue()) {
      y = Tensor.cat(1, y, parameter(which == 1 ? "bias_k" : "bias_v").expand(y.size(0), 1, width));
    }
    return which > 0 && settings.zeroAttention() ? y.constantPad(0, 0, 0, 0, 1) : y;
  }

  /** A mask that lets the added keys count. */
  private Tensor extended(Tensor mask) {
    int more = (settings.biasKeyValue() ? 1 : 0) + (settings.zeroAttention() ? 1 : 0);
    if (more == 0 || mask.rank() == 0) {
      return mask;
    }
    if (mask.size(-1) == 1) {
      throw new ShapeException("MultiheadAttention: mask " + mask.shape() + " does not name the keys one by one, and there are added ones");
    }
    return mask.constantPad(mask.dtype() == org.cotangent.DType.BOOL ? 1 : 0, 0, more);
  }

  /** Queries, keys or values: [n, l, ...] → [n, l, width]. */
  private Tensor projected(Tensor x, int which) {
    Tensor w = oneWidth ? parameter("in_proj_weight").narrow(0, which * width, width)
        : parameter("qkv".charAt(which) + "_proj_weight");
    return settings.bias() ? Functional.linear(x, w, parameter("in_proj_bias").narrow(0, which * width, width)) : Functional.linear(x, w);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return attend(x, x, x).values();
  }
}
