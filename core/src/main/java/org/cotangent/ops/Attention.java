package org.cotangent.ops;

import org.cotangent.Autocast;
import org.cotangent.DType;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/** Attention (Vaswani et al. 2017). */
public final class Attention {
  private Attention() {}

  /** The values that queries receive, [..., l, e], and the weights that they gave to keys, [..., l, s]. */
  public record Attended(Tensor values, Tensor weights) {}

  /**
   * softmax(q kᵀ scale + mask) v: queries [..., l, d], keys [..., s, d] and values [..., s, e] → [..., l, e]; leading axes broadcast. A
   * query for which no key counts receives NaN.
   *
   * @throws ShapeException if sizes differ: "scaledDotProductAttention: queries [2, 3, 4] and keys [2, 5, 6] differ in their last axis"
   */
  public static Tensor scaledDotProductAttention(Tensor q, Tensor k, Tensor v, AttentionOptions options) {
    return attend(q, k, v, options).values();
  }

  /** {@link #scaledDotProductAttention} with the weights, after dropout. */
  public static Attended attend(Tensor query, Tensor key, Tensor value, AttentionOptions options) {
    Tensor q = Autocast.lower(query);
    Tensor k = shared(q, Autocast.lower(key), options);
    Tensor v = shared(q, Autocast.lower(value), options);
    check(q, k, v, options);
    double scale = options.scale().orElse(1 / Math.sqrt(q.size(-1)));
    return Gate.named(OpName.of("scaledDotProductAttention"), () -> {
      Tensor scores = masked(q.mul(scale).matmul(k.transpose(-2, -1)), options);
      Tensor weights = scores.softmax(-1);
      Tensor kept = options.dropout() == 0 ? weights : Functional.dropout(weights, options.dropout(), true, options.generator());
      return new Attended(kept.matmul(v), kept);
    });
  }

  /** Keys or values with a head for each head of the queries. */
  private static Tensor shared(Tensor q, Tensor x, AttentionOptions options) {
    if (!options.grouped()) {
      return x;
    }
    if (q.rank() < 3 || x.rank() < 3 || x.size(-3) == 0 || q.size(-3) % x.size(-3) != 0) {
      throw new ShapeException("scaledDotProductAttention: the heads of " + x.shape() + " do not divide those of the queries " + q.shape()
          + "; expected [..., h, l, d] and [..., g, s, d] where g divides h");
    }
    return x.repeatInterleave(q.size(-3) / x.size(-3), -3);
  }

  private static Tensor masked(Tensor scores, AttentionOptions options) {
    if (options.causal()) {
      Tensor seen = Tensor.full(scores.shape().range(scores.rank() - 2, scores.rank()), 1, DType.FLOAT32, scores.device()).tril(0);
      return scores.maskedFill(seen.eq(0), Double.NEGATIVE_INFINITY);
    }
    return options.mask().map(m -> m.dtype() == DType.BOOL
        ? Tensor.where(m, scores, Tensor.full(org.cotangent.Shape.SCALAR, Double.NEGATIVE_INFINITY, scores.dtype(), scores.device()))
        : scores.add(m.to(scores.dtype()))).orElse(scores);
  }

  private static void check(Tensor q, Tensor k, Tensor v, AttentionOptions options) {
    String op = "scaledDotProductAttention";
    if (q.rank() < 2 || k.rank() < 2 || v.rank() < 2) {
      throw new ShapeException(op + ": expected query, key, and value to all be at least 2 dimensional, but got " + q.shape() + ", "
          + k.shape() + " and " + v.shape());
    }
    if (!q.dtype().floating() || q.dtype() != k.dtype() || q.dtype() != v.dtype()) {
      throw new DTypeException(op + ": expected query, key and value of one floating type, but got " + q.dtype() + ", " + k.dtype()
          + " and " + v.dtype());
    }
    if (q.size(-1) != k.size(-1)) {
      throw new ShapeException(op + ": queries " + q.shape() + " and keys " + k.shape() + " differ in their last axis");
    }
    if (k.size(-2) != v.size(-2)) {
      throw new ShapeException(op + ": keys " + k.shape() + " and values " + v.shape() + " differ in number");
    }
    options.mask().ifPresent(m -> {
      if (m.dtype() != DType.BOOL && !m.dtype().floating()) {
        throw new DTypeException(op + ": the mask is " + m.dtype() + "; expected bool or a floating type");
      }
      int l = q.size(-2);
      int s = k.size(-2);
      boolean fits = m.rank() < 1 || m.size(-1) == 1 || m.size(-1) == s;
      if (!fits || m.rank() > 1 && m.size(-2) != 1 && m.size(-2) != l) {
        throw new ShapeException(op + ": mask " + m.shape() + " does not fit " + l + " queries and " + s + " keys");
      }
    });
  }

  /**
   * [n, l, h d] as h heads [n, h, l, d].
   *
   * @throws ArgumentException if h does not divide the last axis
   */
  static Tensor heads(Tensor x, int h) {
    int n = x.size(0);
    int l = x.size(1);
    return x.reshape(n, l, h, x.size(2) / h).transpose(1, 2);
  }

  /**
   * Attention of several heads: queries [n, l, h d], keys [n, s, h d] and values [n, s, h e], already projected → [n, l, h e], and the
   * weights of each head [n, h, l, s]. A mask broadcasts to [n, h, l, s].
   *
   * @throws ShapeException if sizes differ or are not divided by the number of heads
   */
  public static Attended multiHeadAttention(Tensor q, Tensor k, Tensor v, int heads, AttentionOptions options) {
    String op = "multiHeadAttention";
    for (Tensor t : new Tensor[] {q, k, v}) {
      if (t.rank() != 3 || heads < 1 || t.size(2) % heads != 0) {
        throw new ShapeException(op + ": " + t.shape() + " does not fit " + heads + " heads; expected [n, l, heads d]");
      }
    }
    return Gate.named(OpName.of(op, "View"), () -> {
      Attended a = attend(heads(q, heads), heads(k, heads), heads(v, heads), options);
      Tensor together = a.values().transpose(1, 2).reshape(q.size(0), q.size(1), v.size(2));
      return new Attended(together, a.weights());
    });
  }
}
