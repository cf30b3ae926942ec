package org.cotangent.examples.conformance;

import java.util.Optional;
import java.util.function.BinaryOperator;
import org.cotangent.DType;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.ops.Activations;
import org.cotangent.ops.ClassOptions;
import org.cotangent.ops.Distances;
import org.cotangent.ops.Functional;
import org.cotangent.ops.LossReduction;
import org.cotangent.ops.Losses;
import org.cotangent.ops.MarginLosses;

/** torch.nn.functional: activations, losses and lookups. */
final class NnApis {
  private static final String F = "torch.nn.functional.";
  private static final double EPS = 1e-6;

  private NnApis() {}

  static void register(Apis apis) {
    activations(apis);
    shrinking(apis);
    losses(apis);
    classLosses(apis);
    lookups(apis);
    LayerApis.register(apis);
    PictureApis.register(apis);
    NetworkApis.register(apis);
  }

  private static void activations(Apis apis) {
    apis.add(F + "relu", c -> x(c).relu());
    apis.add(F + "relu6", c -> Activations.relu6(x(c)));
    apis.add(F + "silu", c -> x(c).silu());
    apis.add(F + "logsigmoid", c -> x(c).logSigmoid());
    apis.add(F + "sigmoid", c -> x(c).sigmoid());
    apis.add(F + "tanh", c -> x(c).tanh());
    apis.add(F + "mish", c -> Activations.mish(x(c)));
    apis.add(F + "softsign", c -> Activations.softsign(x(c)));
    apis.add(F + "selu", c -> Activations.selu(x(c)));
    apis.add(F + "elu", c -> Activations.elu(x(c), c.numberOr(1, "alpha", 1)));
    apis.add(F + "celu", c -> Activations.celu(x(c), c.numberOr(1, "alpha", 1)));
    apis.add(F + "leaky_relu", c -> Activations.leakyRelu(x(c), c.numberOr(1, "negative_slope", 0.01)));
    apis.add(F + "prelu", c -> Activations.prelu(x(c), c.tensor(1, "weight")));
    apis.add(F + "glu", c -> Activations.glu(x(c), c.intOr(1, "dim", -1)));
    apis.add(F + "gelu", NnApis::gelu);
    apis.add(F + "softplus", c -> Activations.softplus(x(c), c.numberOr(1, "beta", 1), c.numberOr(2, "threshold", 20)));
    apis.add(F + "softmin", c -> softmin(c));
    apis.add(F + "softmax", c -> typed(c).softmax(c.integer(1, "dim")));
    apis.add(F + "log_softmax", c -> typed(c).logSoftmax(c.integer(1, "dim")));
  }

  private static Tensor x(Call c) {
    return c.ignoring("inplace").tensor(0, "input");
  }

  /** PyTorch negates before it converts. */
  private static Tensor softmin(Call c) {
    Tensor x = c.ignoring("_stacklevel").ignoring(2).tensor(0, "input");
    boolean same = !c.has(3, "dtype") || x.dtype().floating();
    return same ? Activations.softmin(typed(c), c.integer(1, "dim")) : x.neg().to(c.dtype(3, "dtype")).softmax(c.integer(1, "dim"));
  }

  private static Tensor typed(Call c) {
    c.ignoring("_stacklevel");
    if (c.count() > 2) {
      c.tagged(2, "_stacklevel");
    }
    Tensor x = c.tensor(0, "input");
    return x.to(c.dtypeOr(3, "dtype", x.dtype()));
  }

  private static Tensor gelu(Call c) {
    return switch (c.stringOr("approximate", "none")) {
      case "none" -> c.tensor(0, "input").gelu();
      case "tanh" -> Activations.geluTanh(c.tensor(0, "input"));
      default -> throw new MismatchException("approximate " + c.stringOr("approximate", ""));
    };
  }

  private static void shrinking(Apis apis) {
    apis.add(F + "hardshrink", c -> Activations.hardshrink(x(c), c.numberOr(1, "lambd", 0.5)));
    apis.add(F + "softshrink", c -> Activations.softshrink(x(c), c.numberOr(1, "lambd", 0.5)));
    apis.add(F + "tanhshrink", c -> Activations.tanhshrink(x(c)));
    apis.add(F + "hardsigmoid", c -> Activations.hardsigmoid(x(c)));
    apis.add(F + "hardswish", c -> Activations.hardswish(x(c)));
    apis.add(F + "hardtanh", c -> Activations.hardtanh(x(c), c.numberOr(1, "min_val", -1), c.numberOr(2, "max_val", 1)));
    apis.add(F + "threshold", c -> Activations.threshold(x(c), c.number(1, "threshold"), c.number(2, "value")));
  }

  static LossReduction reduction(Call c) {
    return reduction(c.stringOr("reduction", "mean"));
  }

  static LossReduction reduction(String s) {
    return switch (s) {
      case "mean" -> LossReduction.MEAN;
      case "sum" -> LossReduction.SUM;
      case "none" -> LossReduction.NONE;
      default -> throw new MismatchException(s + " is not a valid value for reduction");
    };
  }

  /** Losses of this library want equal shapes; PyTorch broadcasts them with a warning. */
  private static Tensor equal(Call c, BinaryOperator<Tensor> loss) {
    Tensor x = c.tensor(0, "input");
    Tensor t = c.tensor(1, "target");
    int[] s = Shape.broadcast("loss", x.shape(), t.shape()).dims();
    return loss.apply(x.expand(s), t.expand(s));
  }

  private static void losses(Apis apis) {
    apis.add(F + "mse_loss", c -> equal(c, (x, t) -> Losses.mseLoss(x, t, reduction(c))));
    apis.add(F + "l1_loss", c -> equal(c, (x, t) -> Losses.l1Loss(x, t, reduction(c))));
    apis.add(F + "smooth_l1_loss", c -> equal(c, (x, t) -> Losses.smoothL1Loss(x, t, c.numberOr("beta", 1), reduction(c))));
    apis.add(F + "huber_loss", c -> equal(c, (x, t) -> Losses.huberLoss(x, t, c.numberOr("delta", 1), reduction(c))));
    apis.add(F + "soft_margin_loss", c -> equal(c, (x, t) -> MarginLosses.softMarginLoss(x, t, reduction(c))));
    apis.add(F + "hinge_embedding_loss", c ->
        MarginLosses.hingeEmbeddingLoss(c.tensor(0, "input"), c.tensor(1, "target"), c.numberOr(2, "margin", 1), reduction(c)));
    apis.add(F + "margin_ranking_loss", c -> MarginLosses.marginRankingLoss(
        c.tensor(0, "input1"), c.tensor(1, "input2"), c.tensor(2, "target"), c.numberOr(3, "margin", 0), reduction(c)));
    apis.add(F + "kl_div", NnApis::klDiv);
    apis.add(F + "poisson_nll_loss", c -> MarginLosses.poissonNllLoss(c.tensor(0, "input"), c.tensor(1, "target"),
        c.boolOr(2, "log_input", true), c.boolOr(3, "full", false), c.numberOr("eps", 1e-8), reduction(c)));
    apis.add(F + "triplet_margin_loss", c -> Distances.tripletMarginLoss(c.tensor(0, "anchor"), c.tensor(1, "positive"),
        c.tensor(2, "negative"), c.numberOr(3, "margin", 1), c.numberOr(4, "p", 2), c.numberOr(5, "eps", EPS),
            c.boolOr(6, "swap", false), reduction(c)));
    apis.add(F + "cosine_embedding_loss", c -> Distances.cosineEmbeddingLoss(
        c.tensor(0, "input1"), c.tensor(1, "input2"), c.tensor(2, "target"), c.numberOr(3, "margin", 0), reduction(c)));
    apis.add(F + "cosine_similarity", c ->
        Distances.cosineSimilarity(c.tensor(0, "x1"), c.tensor(1, "x2"), c.intOr(2, "dim", 1), c.numberOr(3, "eps", 1e-8)));
    apis.add(F + "pairwise_distance", c -> Distances.pairwiseDistance(
        c.tensor(0, "x1"), c.tensor(1, "x2"), c.numberOr(2, "p", 2), c.numberOr(3, "eps", EPS), c.boolOr(4, "keepdim", false)));
  }

  private static Tensor klDiv(Call c) {
    Tensor x = c.tensor(0, "input");
    Tensor t = c.tensor(1, "target");
    boolean log = c.boolOr("log_target", false);
    String r = c.stringOr("reduction", "mean");
    if (r.equals("batchmean")) {
      return MarginLosses.klDivBatchMean(x, t, log);
    }
    return MarginLosses.klDiv(x, t, log, reduction(r));
  }

  private static void classLosses(Apis apis) {
    apis.add(F + "cross_entropy", c ->
        Losses.crossEntropy(c.tensor(0, "input"), c.tensor(1, "target"), options(c).labelSmoothing(c.numberOr("label_smoothing", 0))));
    apis.add(F + "nll_loss", c -> Losses.nllLoss(c.tensor(0, "input"), c.tensor(1, "target"), options(c)));
    apis.add(F + "binary_cross_entropy", c ->
        Losses.binaryCrossEntropy(c.tensor(0, "input"), c.tensor(1, "target"), maybe(c, 2, "weight"), reduction(c)));
    apis.add(F + "binary_cross_entropy_with_logits", c -> Losses.binaryCrossEntropyWithLogits(
        c.tensor(0, "input"), c.tensor(1, "target"), maybe(c, 2, "weight"), maybe(c, -1, "pos_weight"), reduction(c)));
  }

  private static Optional<Tensor> maybe(Call c, int i, String name) {
    return c.has(i, name) ? Optional.of(c.tensor(i, name)) : Optional.empty();
  }

  private static ClassOptions options(Call c) {
    ClassOptions o = ClassOptions.DEFAULT.reduction(reduction(c)).ignoreIndex(c.intOr(-1, "ignore_index", -100));
    return c.has(2, "weight") ? o.weight(c.tensor(2, "weight")) : o;
  }

  private static void lookups(Apis apis) {
    apis.add(F + "linear", c -> c.has(2, "bias")
        ? Functional.linear(c.tensor(0, "input"), c.tensor(1, "weight"), c.tensor(2, "bias"))
        : Functional.linear(c.tensor(0, "input"), c.tensor(1, "weight")));
    apis.add(F + "one_hot", c -> {
      Tensor x = c.tensor(0, "tensor");
      int n = c.intOr(1, "num_classes", -1);
      return n == -1 ? Functional.oneHot(x) : Functional.oneHot(x, n);
    });
    apis.add(F + "embedding", NnApis::embedding);
  }

  private static Tensor embedding(Call c) {
    Tensor index = c.tensor(0, "input");
    Tensor table = c.tensor(1, "weight");
    c.ignoring("sparse");
    if (c.has(3, "max_norm")) {
      Functional.renormalize_(table, index, c.number(3, "max_norm"), c.numberOr(4, "norm_type", 2));
    }
    c.numberOr(4, "norm_type", 2);
    boolean byCount = c.boolOr(5, "scale_grad_by_freq", false);
    long padding = c.has(2, "padding_idx") ? c.longValue(2, "padding_idx") : Long.MIN_VALUE;
    if (padding != Long.MIN_VALUE && padding < 0) {
      padding += table.size(0);
    }
    Tensor y = padding == Long.MIN_VALUE ? Functional.embedding(index, table) : Functional.embedding(index, table, padding);
    return byCount ? Functional.gradByFrequency(y, index.to(DType.INT64), table.size(0)) : y;
  }
}
