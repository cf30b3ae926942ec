package org.cotangent.examples.conformance;

import static org.cotangent.examples.conformance.NnApis.reduction;

import org.cotangent.DType;
import org.cotangent.Generator;
import org.cotangent.Tensor;
import org.cotangent.ops.Attention;
import org.cotangent.ops.AttentionOptions;
import org.cotangent.ops.BagOptions;
import org.cotangent.ops.Bags;
import org.cotangent.ops.CtcLoss;
import org.cotangent.ops.Distances;
import org.cotangent.ops.Dropouts;
import org.cotangent.ops.Functional;
import org.cotangent.ops.LabelLosses;
import org.cotangent.ops.LossReduction;
import org.cotangent.ops.Norms;
import org.cotangent.ops.Recurrent;

/** torch.nn.functional: attention, recurrent cells, dropout, bags of rows, and the rarer losses. */
final class NetworkApis {
  private static final String F = "torch.nn.functional.";

  private NetworkApis() {}

  static void register(Apis apis) {
    apis.add(F + "_scaled_dot_product_attention", NetworkApis::attentionAndWeights);
    apis.add(F + "scaled_dot_product_attention", NetworkApis::attention);
    apis.add(F + "embedding_bag", NetworkApis::embeddingBag);
    apis.add(F + "rms_norm", NetworkApis::rmsNorm);
    for (String module : new String[] {F, "torch."}) {
      apis.add(module + "pdist", c -> Distances.pdist(c.tensor(0, "input"), c.numberOr(1, "p", 2)));
      apis.add(module + "bilinear", c -> c.has(3, "bias")
          ? Functional.bilinear(c.tensor(0, "input1"), c.tensor(1, "input2"), c.tensor(2, "weight"), c.tensor(3, "bias"))
          : Functional.bilinear(c.tensor(0, "input1"), c.tensor(1, "input2"), c.tensor(2, "weight")));
    }
    losses(apis);
    dropouts(apis);
    cells(apis);
  }

  private static void losses(Apis apis) {
    apis.add(F + "multi_margin_loss", c -> {
      Tensor x = c.tensor(0, "input");
      Tensor t = c.tensor(1, "target");
      int p = c.intOr(2, "p", 1);
      double margin = c.numberOr(3, "margin", 1);
      return c.has(4, "weight") ? LabelLosses.multiMarginLoss(x, t, p, margin, c.tensor(4, "weight"), reduction(c))
          : LabelLosses.multiMarginLoss(x, t, p, margin, reduction(c));
    });
    apis.add(F + "multilabel_margin_loss", c ->
        LabelLosses.multilabelMarginLoss(c.tensor(0, "input"), c.tensor(1, "target"), reduction(c)));
    apis.add(F + "multilabel_soft_margin_loss", c -> c.has(2, "weight")
        ? LabelLosses.multilabelSoftMarginLoss(c.tensor(0, "input"), c.tensor(1, "target"), c.tensor(2, "weight"), reduction(c))
        : LabelLosses.multilabelSoftMarginLoss(c.tensor(0, "input"), c.tensor(1, "target"), reduction(c)));
    apis.add(F + "gaussian_nll_loss", c -> LabelLosses.gaussianNllLoss(c.tensor(0, "input"), c.tensor(1, "target"),
        c.tensor(2, "var"), c.boolOr(3, "full", false), c.numberOr(4, "eps", 1e-6), reduction(c)));
    apis.add(F + "triplet_margin_with_distance_loss", c -> Distances.tripletMarginWithDistanceLoss(c.tensor(0, "anchor"),
        c.tensor(1, "positive"), c.tensor(2, "negative"), (x, y) -> Distances.pairwiseDistance(x, y, 2, 1e-6, false),
        c.numberOr("margin", 1), c.boolOr("swap", false), reduction(c)));
    apis.add(F + "ctc_loss", NetworkApis::ctcLoss);
  }

  private static Tensor ctcLoss(Call c) {
    LossReduction r = c.isString(5, "reduction") ? NnApis.reduction(c.string(5, "reduction")) : LossReduction.MEAN;
    c.tagged(5, "reduction");
    return CtcLoss.ctcLoss(c.tensor(0, "log_probs"), c.tensor(1, "targets"), lengths(c, 2, "input_lengths"),
        lengths(c, 3, "target_lengths"), c.intOr(4, "blank", 0), r, c.boolOr(6, "zero_infinity", false));
  }

  private static int[] lengths(Call c, int i, String name) {
    if (!c.isTensor(i, name)) {
      return c.ints(i, name);
    }
    long[] v = c.tensor(i, name).to(DType.INT64).reshape(-1).toLongArray();
    return java.util.Arrays.stream(v).mapToInt(Math::toIntExact).toArray();
  }

  private static void dropouts(Apis apis) {
    apis.add(F + "dropout", c -> Functional.dropout(x(c), p(c), training(c, true)));
    apis.add(F + "dropout1d", c -> Dropouts.dropout1d(x(c), p(c), training(c, true), g()));
    apis.add(F + "dropout2d", c -> Dropouts.dropout2d(x(c), p(c), training(c, true), g()));
    apis.add(F + "dropout3d", c -> Dropouts.dropout3d(x(c), p(c), training(c, true), g()));
    apis.add(F + "alpha_dropout", c -> Dropouts.alphaDropout(x(c), p(c), training(c, false), g()));
    apis.add(F + "feature_alpha_dropout", c -> Dropouts.featureAlphaDropout(x(c), p(c), training(c, false), g()));
    apis.add(F + "rrelu", c -> Dropouts.rrelu(
        x(c), c.numberOr(1, "lower", 1.0 / 8), c.numberOr(2, "upper", 1.0 / 3), c.boolOr(3, "training", false), g()));
    apis.add(F + "gumbel_softmax", c -> Dropouts.gumbelSoftmax(
        c.tensor(0, "logits"), c.numberOr(1, "tau", 1), c.boolOr(2, "hard", false), c.intOr(4, "dim", -1), g()));
  }

  private static Tensor x(Call c) {
    return c.ignoring("inplace").tensor(0, "input");
  }

  private static double p(Call c) {
    return c.numberOr(1, "p", 0.5);
  }

  private static boolean training(Call c, boolean otherwise) {
    return c.boolOr(2, "training", otherwise);
  }

  private static Generator g() {
    return Generator.standard();
  }

  private static void cells(Apis apis) {
    apis.add("torch.rnn_tanh_cell", c -> Recurrent.rnnCell(projected(c, 0, 2, 4), projected(c, 1, 3, 5), Tensor::tanh));
    apis.add("torch.rnn_relu_cell", c -> Recurrent.rnnCell(projected(c, 0, 2, 4), projected(c, 1, 3, 5), Tensor::relu));
    apis.add("torch.gru_cell", c -> Recurrent.gruCell(projected(c, 0, 2, 4), projected(c, 1, 3, 5), c.tensor(1, "hx")));
    apis.add("torch.lstm_cell", c -> {
      Tensor[] state = c.tensors(1, "hx");
      Tensor fromState = biased(c, state[0].matmul(c.tensor(3, "w_hh").t()), 5);
      Recurrent.LstmState next = Recurrent.lstmCell(projected(c, 0, 2, 4), fromState, state[1]);
      return new Tensor[] {next.hidden(), next.cell()};
    });
  }

  private static Tensor projected(Call c, int x, int weight, int bias) {
    return biased(c, c.tensor(x, x == 0 ? "input" : "hx").matmul(c.tensor(weight, weight == 2 ? "w_ih" : "w_hh").t()), bias);
  }

  private static Tensor biased(Call c, Tensor y, int bias) {
    String name = bias == 4 ? "b_ih" : "b_hh";
    return c.has(bias, name) ? y.add(c.tensor(bias, name)) : y;
  }

  private static AttentionOptions options(Call c, boolean causal) {
    AttentionOptions o = AttentionOptions.DEFAULT.dropout(c.numberOr(4, "dropout_p", 0), g()).causal(causal);
    return c.has(3, "attn_mask") ? o.mask(c.tensor(3, "attn_mask")) : o;
  }

  private static Object attentionAndWeights(Call c) {
    AttentionOptions o = options(c, c.boolOr(6, "is_causal", false));
    var r = Attention.attend(c.tensor(0, "query"), c.tensor(1, "key"), c.tensor(2, "value"), o);
    c.boolOr(5, "need_attn_weights", false); // PyTorch 1.13 gives the weights in either case
    return new Tensor[] {r.values(), r.weights()};
  }

  private static Tensor attention(Call c) {
    AttentionOptions o = options(c, c.boolOr(5, "is_causal", false));
    o = (c.has("scale") ? o.scale(c.number(-1, "scale")) : o).grouped(c.boolOr("enable_gqa", false));
    return Attention.scaledDotProductAttention(c.tensor(0, "query"), c.tensor(1, "key"), c.tensor(2, "value"), o);
  }

  private static Tensor rmsNorm(Call c) {
    Tensor x = c.tensor(0, "input");
    var s = org.cotangent.Shape.of(c.ints(1, "normalized_shape"));
    double eps = c.numberOr(3, "eps", x.dtype().orFloat().epsilon());
    return c.has(2, "weight") ? Norms.rmsNorm(x, s, c.tensor(2, "weight"), eps) : Norms.rmsNorm(x, s, eps);
  }

  private static Tensor embeddingBag(Call c) {
    Tensor index = c.tensor(0, "input");
    Tensor table = c.tensor(1, "weight");
    c.ignoring("sparse").ignoring(7);
    if (c.has(3, "max_norm")) {
      Functional.renormalize_(table, index, c.number(3, "max_norm"), c.numberOr(4, "norm_type", 2));
    }
    c.numberOr(4, "norm_type", 2);
    BagOptions o = BagOptions.DEFAULT.byFrequency(c.boolOr(5, "scale_grad_by_freq", false))
        .lastOffset(c.boolOr(9, "include_last_offset", false)).mode(switch (c.stringOr(6, "mode", "mean")) {
          case "sum" -> BagOptions.Mode.SUM;
          case "mean" -> BagOptions.Mode.MEAN;
          case "max" -> BagOptions.Mode.MAX;
          default -> throw new MismatchException("mode " + c.string(6, "mode"));
        });
    o = c.has(8, "per_sample_weights") ? o.weights(c.tensor(8, "per_sample_weights")) : o;
    o = c.has(10, "padding_idx") ? o.padding(c.integer(10, "padding_idx")) : o;
    return c.has(2, "offsets") ? Bags.embeddingBag(index, table, c.tensor(2, "offsets"), o) : Bags.embeddingBag(index, table, o);
  }
}
