package org.cotangent.ops;

import java.util.Optional;
import java.util.OptionalDouble;
import org.cotangent.Generator;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;

/**
 * Settings of {@link Attention}.
 *
 * @param mask where keys count for queries, bool, or what is added to the scores; broadcasts to [..., l, s]
 * @param causal whether query i sees the keys up to i only
 * @param dropout the part of the weights that is dropped
 * @param scale what scores are multiplied by; 1 / √d if absent
 * @param generator where dropout draws from
 * @param grouped whether several heads of queries share one of keys and values (Ainslie et al. 2023)
 */
public record AttentionOptions(
    Optional<Tensor> mask, boolean causal, double dropout, OptionalDouble scale, Generator generator, boolean grouped) {
  /** No mask, no dropout. */
  public static final AttentionOptions DEFAULT =
      new AttentionOptions(Optional.empty(), false, 0, OptionalDouble.empty(), Generator.standard(), false);

  /**
   * Settings.
   *
   * @throws ArgumentException if the dropout is not between 0 and 1, or both a mask and causality are asked for
   */
  public AttentionOptions {
    if (!(dropout >= 0 && dropout <= 1)) {
      throw new ArgumentException("scaledDotProductAttention: dropout is not between 0 and 1: " + dropout);
    }
    if (causal && mask.isPresent()) {
      throw new ArgumentException("scaledDotProductAttention: a mask and causality exclude each other; make the mask causal");
    }
  }

  /** These settings with a mask: bool, true where a key counts, or a floating summand of the scores. */
  public AttentionOptions mask(Tensor m) {
    return new AttentionOptions(Optional.of(m), causal, dropout, scale, generator, grouped);
  }

  /** These settings with queries that see the keys up to their own place only, or all. */
  public AttentionOptions causal(boolean on) {
    return new AttentionOptions(mask, on, dropout, scale, generator, grouped);
  }

  /** These settings with a part of the weights dropped. */
  public AttentionOptions dropout(double p, Generator g) {
    return new AttentionOptions(mask, causal, p, scale, g, grouped);
  }

  /** These settings with scores multiplied by {@code s}. */
  public AttentionOptions scale(double s) {
    return new AttentionOptions(mask, causal, dropout, OptionalDouble.of(s), generator, grouped);
  }

  /**
   * These settings with heads of keys and values that serve several heads of queries, or one each: queries [..., h, l, d], keys and
   * values [..., g, s, d], where g divides h; query head i reads head i g / h. PyTorch's {@code enable_gqa}.
   */
  public AttentionOptions grouped(boolean on) {
    return new AttentionOptions(mask, causal, dropout, scale, generator, on);
  }
}
