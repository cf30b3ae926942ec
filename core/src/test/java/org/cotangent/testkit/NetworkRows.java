package org.cotangent.testkit;

import static org.cotangent.testkit.OpRow.of;
import static org.cotangent.testkit.OpRow.row;
import static org.cotangent.testkit.OpRow.unary;

import java.util.ArrayList;
import java.util.List;
import org.cotangent.DType;
import org.cotangent.Generator;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.IndexException;
import org.cotangent.errors.ShapeException;
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
import org.cotangent.ops.Recurrent;
import org.cotangent.testkit.OpRow.Part;

/** Rows of attention, recurrent cells, dropout, bags of rows and losses of labels. */
final class NetworkRows {
  private static final LossReduction NONE = LossReduction.NONE;
  private static final LossReduction MEAN = LossReduction.MEAN;

  private NetworkRows() {}

  static List<OpRow> rows() {
    var r = new ArrayList<OpRow>(attention());
    r.addAll(cells());
    r.addAll(dropouts());
    r.addAll(losses());
    r.addAll(bags());
    return r;
  }

  private static Tensor ones(int... shape) {
    return Tensor.ones(shape);
  }

  private static List<OpRow> attention() {
    AttentionOptions o = AttentionOptions.DEFAULT;
    return List.of(
        row("scaledDotProductAttention", x -> Attention.scaledDotProductAttention(x[0], x[1], x[2], o), of(2, 3, 4), of(2, 5, 4), of(2, 5, 2)).roundings(4)
            .refuses("other keys", ShapeException.class, "differ", () ->
                Attention.scaledDotProductAttention(ones(2, 3, 4), ones(2, 5, 6), ones(2, 5, 6), o))
            .refuses("other values", ShapeException.class, "differ in number", () ->
                Attention.scaledDotProductAttention(ones(3, 4), ones(5, 4), ones(4, 4), o)),
        row("scaledDotProductAttention masked", x -> Attention.scaledDotProductAttention(x[0], x[1], x[2], o.mask(x[3]).scale(0.3)),
            of(3, 4), of(5, 4), of(5, 2), of(3, 5)).roundings(5),
        OpRow.many("attend causal", x -> {
          var a = Attention.attend(x[0], x[1], x[2], o.causal(true));
          return new Tensor[] {a.values(), a.weights()};
        }, of(2, 3, 4), of(2, 3, 4), of(2, 3, 2)),
        row("multiHeadAttention", x -> Attention.multiHeadAttention(x[0], x[1], x[2], 2, o).values(), of(2, 3, 4), of(2, 5, 4), of(2, 5, 6))
            .refuses("3 heads", ShapeException.class, "3 heads", () ->
                Attention.multiHeadAttention(ones(1, 2, 4), ones(1, 2, 4), ones(1, 2, 4), 3, o)));
  }

  private static List<OpRow> cells() {
    return List.of(
        row("rnnCell", x -> Recurrent.rnnCell(x[0], x[1], Tensor::tanh), of(2, 3), of(2, 3)),
        row("gruCell", x -> Recurrent.gruCell(x[0], x[1], x[2]), of(2, 6), of(2, 6), of(2, 2))
            .refuses("4 numbers", ShapeException.class, "3 gates", () -> Recurrent.gruCell(ones(1, 4), ones(1, 4), ones(1, 2))),
        OpRow.many("lstmCell", x -> {
          var s = Recurrent.lstmCell(x[0], x[1], x[2]);
          return new Tensor[] {s.hidden(), s.cell()};
        }, of(2, 8), of(2, 8), of(2, 2)));
  }

  private static List<OpRow> dropouts() {
    Generator g = Generator.standard();
    return List.of(
        row("dropout1d", x -> Dropouts.dropout1d(x[0], 0.5, false, g), of(2, 3, 4))
            .refuses("a picture", ShapeException.class, "2D or 3D", () -> Dropouts.dropout1d(ones(1, 1, 2, 2), 0.5, true, g)),
        row("dropout2d", x -> Dropouts.dropout2d(x[0], 0, true, g), of(2, 3, 2, 2))
            .refuses("p = 2", ArgumentException.class, "probability", () -> Dropouts.dropout2d(ones(1, 1, 2, 2), 2, true, g)),
        row("dropout3d", x -> Dropouts.dropout3d(x[0], 1, true, g), of(2, 1, 2, 2, 2)),
        row("alphaDropout", x -> Dropouts.alphaDropout(x[0], 1, true, g), of(2, 3)),
        row("featureAlphaDropout", x -> Dropouts.featureAlphaDropout(x[0], 0.5, false, g), of(2, 3, 2)),
        unary("rrelu", x -> Dropouts.rrelu(x, 0.1, 0.4, false, g))
            .refuses("bounds exchanged", ArgumentException.class, "lower", () -> Dropouts.rrelu(ones(2), 0.4, 0.1, true, g)),
        row("gumbelSoftmax", x -> noisy(x[0]), of(2, 3)).without(Part.VMAP)
            .refuses("tau 0", ArgumentException.class, "tau", () -> Dropouts.gumbelSoftmax(ones(2), 0, false, 0, g)));
  }

  private static Tensor labels(Tensor x) {
    return Tensor.of(new long[] {2, 0, -1, 1, 1, -1, 0, 2, 3, 2, 1, 0}, 3, 4).to(x.device());
  }

  private static Tensor offsets(Tensor x) {
    return Tensor.of(0L, 2, 2).to(x.device());
  }

  /** With the draws of float64 for both types. */
  private static Tensor noisy(Tensor x) {
    return Dropouts.gumbelSoftmax(x.to(DType.FLOAT64), 0.7, false, -1, new Generator(3)).to(x.dtype());
  }

  private static List<OpRow> losses() {
    return List.of(
        row("multiMarginLoss", x -> LabelLosses.multiMarginLoss(x[0], x[1], 1, 0.7, MEAN), of(3, 4), of(3)).index(1, 4)
            .refuses("p = 3", ArgumentException.class, "p ==", () ->
                LabelLosses.multiMarginLoss(ones(1, 2), Tensor.of(1L), 3, 1, MEAN))
            .refuses("class 2 of 2", IndexException.class, "2", () ->
                LabelLosses.multiMarginLoss(ones(1, 2), Tensor.of(2L), 1, 1, MEAN).item()),
        row("multiMarginLoss weighted", x -> LabelLosses.multiMarginLoss(x[0], x[1], 2, 0.7, x[2], NONE), of(3, 4), of(3), of(4)).index(1,
            4),
        row("multilabelMarginLoss", x -> LabelLosses.multilabelMarginLoss(x[0], labels(x[0]), NONE), of(3, 4))
            .refuses("other targets", ShapeException.class, "inconsistent", () ->
                LabelLosses.multilabelMarginLoss(ones(3), Tensor.of(1L), NONE)),
        row("multilabelSoftMarginLoss", x -> LabelLosses.multilabelSoftMarginLoss(x[0], x[1], x[2], NONE), of(3, 4), of(3, 4), of(4))
            .refuses("other targets", ShapeException.class, "differ", () -> LabelLosses.multilabelSoftMarginLoss(ones(3), ones(4), MEAN)),
        row("gaussianNllLoss", x -> LabelLosses.gaussianNllLoss(x[0], x[1], x[2], true, 1e-6, NONE), of(3, 4), of(3, 4), of(3, 1))
            .within(2, 0.2, 2)
            .refuses("other variances", ShapeException.class, "incorrect size", () ->
                LabelLosses.gaussianNllLoss(ones(3), ones(3), ones(2), true, 1e-6, MEAN)),
        row("tripletMarginWithDistanceLoss", x -> Distances.tripletMarginWithDistanceLoss(x[0], x[1], x[2],
            (a, b) -> a.sub(b).square().sum(-1), 0.4, true, NONE), of(3, 4), of(3, 4), of(3, 4)).roundings(10),
        row("pdist", x -> Distances.pdist(x[0], 2), of(4, 3)).without(Part.TIES)
            .refuses("a vector", ShapeException.class, "2D", () -> Distances.pdist(ones(3), 2))
            .refuses("p = -1", ArgumentException.class, "non-negative", () -> Distances.pdist(ones(3, 2), -1)),
        row("ctcLoss", x -> CtcLoss.ctcLoss(x[0], Tensor.of(new long[] {1, 2, 2, 3, 1, 0}, 2, 3).to(x[0].device()), of(5, 4), of(3, 2), 0,
            NONE, false), of(5, 2, 4))
            .refuses("a long target", ArgumentException.class, "target lengths", () ->
                CtcLoss.ctcLoss(ones(5, 1, 4), Tensor.of(new long[] {1}, 1, 1), of(5), of(2), 0, MEAN, false))
            .refuses("blank 4 of 4", ArgumentException.class, "blank", () ->
                CtcLoss.ctcLoss(ones(5, 1, 4), Tensor.of(new long[] {1}, 1, 1), of(5), of(1), 4, MEAN, false)),
        row("bilinear", x -> Functional.bilinear(x[0], x[1], x[2], x[3]), of(2, 3), of(2, 4), of(5, 3, 4), of(5)).roundings(3)
            .refuses("another weight", ShapeException.class, "do not fit", () -> Functional.bilinear(ones(2, 3), ones(2, 4), ones(5, 4,
                3))));
  }

  private static List<OpRow> bags() {
    BagOptions o = BagOptions.DEFAULT;
    return List.of(
        row("embeddingBag", x -> Bags.embeddingBag(x[0], x[1], o.padding(1)), of(2, 5), of(4, 3)).index(0, 4)
            .refuses("a vector", ShapeException.class, "matrix", () -> Bags.embeddingBag(Tensor.of(1L), ones(2, 2), o))
            .refuses("row 2 of 2", IndexException.class, "2", () ->
                Bags.embeddingBag(Tensor.of(2L).reshape(1, 1), ones(2, 2), o).toFloatArray()),
        row("embeddingBag with offsets", x -> Bags.embeddingBag(x[0], x[1], offsets(x[0]), o.mode(BagOptions.Mode.SUM).weights(x[2])), of(5),
            of(4, 3), of(5)).index(0, 4)
            .refuses("falling offsets", ArgumentException.class, "fall", () ->
                Bags.embeddingBag(Tensor.of(0L, 1, 1), ones(2, 2), Tensor.of(0L, 2, 1), o)),
        row("embeddingBag of largest", x -> Bags.embeddingBag(x[0], x[1], offsets(x[0]), o.mode(BagOptions.Mode.MAX)), of(5), of(4, 3))
            .index(0, 4).without(Part.TIES));
  }
}
