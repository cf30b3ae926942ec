package org.cotangent.testkit;

import static org.cotangent.testkit.OpRow.of;
import static org.cotangent.testkit.OpRow.row;
import static org.cotangent.testkit.OpRow.unary;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.IndexException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.Activations;
import org.cotangent.ops.ClassOptions;
import org.cotangent.ops.Distances;
import org.cotangent.ops.Functional;
import org.cotangent.ops.LossReduction;
import org.cotangent.ops.Losses;
import org.cotangent.ops.MarginLosses;
import org.cotangent.ops.NormOptions;
import org.cotangent.ops.Norms;
import org.cotangent.testkit.OpRow.Part;

/** Rows of activations, losses, norms and distances. */
final class LibraryRows {
  private static final LossReduction NONE = LossReduction.NONE;
  private static final LossReduction MEAN = LossReduction.MEAN;

  private LibraryRows() {}

  private static Tensor ones(int... shape) {
    return Tensor.ones(shape);
  }

  static List<OpRow> rows() {
    var r = new ArrayList<OpRow>(activations());
    r.addAll(losses());
    r.addAll(classLosses());
    r.addAll(norms());
    return r;
  }

  private static List<OpRow> activations() {
    return List.of(
        unary("leakyRelu", x -> Activations.leakyRelu(x, 0.1)),
        row("prelu", x -> Activations.prelu(x[0], x[1]), of(2, 3), of(3))
            .refuses("other channels", ShapeException.class, "channels", () -> Activations.prelu(ones(2, 3), ones(4))),
        unary("elu", x -> Activations.elu(x, 0.7)),
        unary("celu", x -> Activations.celu(x, 1.3))
            .refuses("alpha 0", ArgumentException.class, "alpha", () -> Activations.celu(ones(2), 0)),
        unary("selu", Activations::selu), unary("geluTanh", Activations::geluTanh), unary("mish", Activations::mish),
        unary("softplus with beta", x -> Activations.softplus(x, 2, 1.5)), unary("softsign", Activations::softsign),
        unary("tanhshrink", Activations::tanhshrink),
        unary("hardshrink", x -> Activations.hardshrink(x, 0.5)),
        unary("softshrink", x -> Activations.softshrink(x, 0.5))
            .refuses("lambda -1", ArgumentException.class, "lambda", () -> Activations.softshrink(ones(2), -1)),
        unary("threshold", x -> Activations.threshold(x, 0.3, -1)), unary("hardtanh", x -> Activations.hardtanh(x, -0.7, 1.1)),
        unary("relu6", x -> Activations.relu6(x.mul(4))), unary("hardsigmoid", x -> Activations.hardsigmoid(x.mul(2))),
        unary("hardswish", x -> Activations.hardswish(x.mul(2))), row("softmin", x -> Activations.softmin(x[0], 1), of(2, 3)),
        row("glu", x -> Activations.glu(x[0], -1), of(2, 4))
            .refuses("odd axes", ShapeException.class, "even", () -> Activations.glu(ones(3), 0)),
        row("linear", x -> Functional.linear(x[0], x[1], x[2]), of(2, 3), of(4, 3), of(4)).roundings(2)
            .refuses("other features", ShapeException.class, "features", () -> Functional.linear(ones(2, 3), ones(5, 4))),
        row("linear without bias", x -> Functional.linear(x[0], x[1]), of(5, 2, 3), of(4, 3)),
        row("embedding", x -> Functional.embedding(x[0], x[1]), of(2, 5), of(4, 3)).index(0, 4)
            .refuses("row 4 of 4", IndexException.class, "4", () -> Functional.embedding(Tensor.of(4L), ones(4, 3)).toFloatArray())
            .refuses("floating positions", DTypeException.class, "not integers", () -> Functional.embedding(ones(2), ones(4, 3))),
        row("embedding with padding", x -> Functional.embedding(x[0], x[1], 1).mul(Functional.embedding(x[0], x[1])), of(2, 5),
            of(4, 3)).index(0, 4).without(Part.FIRST),
        row("dropout", x -> Functional.dropout(x[0], 0.5, false), of(2, 3))
            .refuses("p = 2", ArgumentException.class, "probability", () -> Functional.dropout(ones(2), 2, true)));
  }

  private static OpRow loss(String name, BinaryOperator<Tensor> f) {
    return row(name, x -> f.apply(x[0], x[1]), of(4, 3), of(4, 3));
  }

  private static List<OpRow> losses() {
    return List.of(
        loss("mseLoss", Losses::mseLoss).refuses("other shapes", ShapeException.class, "differ", () -> Losses.mseLoss(ones(4, 1), ones(4))),
        loss("l1Loss", (x, y) -> Losses.l1Loss(x, y, NONE)),
        loss("smoothL1Loss", (x, y) -> Losses.smoothL1Loss(x, y, 0.8, LossReduction.SUM)),
        loss("huberLoss", (x, y) -> Losses.huberLoss(x, y, 1.2, MEAN))
            .refuses("delta 0", ArgumentException.class, "delta", () -> Losses.huberLoss(ones(1), ones(1), 0, MEAN)),
        loss("binaryCrossEntropyWithLogits", Losses::binaryCrossEntropyWithLogits).within(1, 0.1, 0.9),
        row("binaryCrossEntropyWithLogits with weights", x -> Losses.binaryCrossEntropyWithLogits(x[0], x[1], x[2], NONE), of(4, 3),
            of(4, 3), of(3)).within(1, 0.1, 0.9),
        loss("binaryCrossEntropy", Losses::binaryCrossEntropy).within(0.1, 0.9),
        loss("softMarginLoss", (x, y) -> MarginLosses.softMarginLoss(x, y, MEAN)),
        loss("hingeEmbeddingLoss", (x, y) -> MarginLosses.hingeEmbeddingLoss(x, y.sign(), 1, NONE)),
        row("marginRankingLoss", x -> MarginLosses.marginRankingLoss(x[0], x[1], x[2], 0.3, MEAN), of(4), of(4), of(4)),
        loss("klDiv", (x, y) -> MarginLosses.klDiv(x, y, false, NONE)).within(1, 0.1, 0.9),
        loss("klDiv of logarithms", (x, y) -> MarginLosses.klDiv(x, y, true, LossReduction.SUM)),
        loss("poissonNllLoss", (x, y) -> MarginLosses.poissonNllLoss(x, y, true, true, 1e-8, MEAN)).within(1, 1.1, 3),
        loss("poissonNllLoss of rates", (x, y) -> MarginLosses.poissonNllLoss(x, y, false, false, 1e-8, MEAN)).within(0.3, 3),
        loss("cosineSimilarity", (x, y) -> Distances.cosineSimilarity(x, y, 1, 1e-8)),
        loss("pairwiseDistance", (x, y) -> Distances.pairwiseDistance(x, y, 2, 1e-6, true)),
        row("tripletMarginLoss", x -> Distances.tripletMarginLoss(x[0], x[1], x[2], 1, 2, 1e-6, true, NONE), of(4, 3), of(4, 3), of(4, 3)),
        loss("klDivBatchMean", (x, y) -> MarginLosses.klDivBatchMean(x, y, false)).within(1, 0.1, 0.9),
        row("binaryCrossEntropy weighted", x -> Losses.binaryCrossEntropy(x[0], x[1], Optional.of(x[2]), NONE), of(4, 3), of(4, 3), of(3))
            .within(0.1, 0.9)
            .refuses("another weight", ShapeException.class, "broadcast", () ->
                Losses.binaryCrossEntropy(ones(2), ones(2), Optional.of(ones(2, 2)), NONE)),
        row("cosineEmbeddingLoss", x -> Distances.cosineEmbeddingLoss(x[0], x[1], x[2].mul(2).sub(1), 0.1, NONE), of(4, 3), of(4, 3),
            of(4)).index(2, 2));
  }

  private static List<OpRow> classLosses() {
    return List.of(
        row("crossEntropy", x -> Losses.crossEntropy(x[0], x[1]), of(4, 5), of(4)).index(1, 5)
            .refuses("other targets", ShapeException.class, "do not fit", () -> Losses.crossEntropy(ones(4, 10), Tensor.of(1L, 2, 3)))
            .refuses("class 5 of 5", IndexException.class, "5", () -> Losses.crossEntropy(ones(1, 5), Tensor.of(5L)).item()),
        row("crossEntropy of images", x -> Losses.crossEntropy(x[0], x[1], ClassOptions.DEFAULT.labelSmoothing(0.1).reduction(NONE)),
            of(2, 3, 2, 2), of(2, 2, 2)).index(1, 3),
        row("crossEntropy of probabilities", x -> Losses.crossEntropy(x[0], x[1]), of(4, 5), of(4, 5)).within(1, 0, 1),
        row("crossEntropy ignoring a class", x -> Losses.crossEntropy(x[0], x[1],
            ClassOptions.DEFAULT.ignoreIndex(1).weight(Tensor.of(1.0, 2, 3).to(x[0].dtype()).to(x[0].device()))), of(6, 3), of(6)).index(1, 3),
        row("nllLoss", x -> Losses.nllLoss(x[0], x[1]), of(4, 5), of(4)).index(1, 5));
  }

  private static List<OpRow> norms() {
    Shape last = Shape.of(4);
    NormOptions o = NormOptions.DEFAULT;
    return List.of(
        row("layerNorm", x -> Norms.layerNorm(x[0], last, x[1], x[2], 1e-5), of(3, 4), of(4), of(4)).tolerance(1e-4).without(Part.TIES)
            .refuses("another end", ShapeException.class, "does not end in", () -> Norms.layerNorm(ones(4, 3), Shape.of(5), 1e-5)),
        row("layerNorm without weights", x -> Norms.layerNorm(x[0], last, 1e-5), of(3, 4)).tolerance(1e-4),
        row("rmsNorm", x -> Norms.rmsNorm(x[0], last, x[1], 1e-5), of(3, 4), of(4)),
        row("batchNorm", x -> Norms.batchNorm(x[0], o.weight(x[1]).bias(x[2])), of(4, 3, 2), of(3), of(3)).tolerance(1e-4)
            .without(Part.TIES)
            .refuses("neither", ArgumentException.class, "neither training", () -> Norms.batchNorm(ones(4, 3), o.training(false))),
        row("batchNorm in use", x -> Norms.batchNorm(x[0], o.running(x[1], x[2]).training(false)), of(4, 3), of(3), of(3))
            .within(2, 0.5, 2),
        row("instanceNorm", x -> Norms.instanceNorm(x[0], o.weight(x[1])), of(2, 3, 4), of(3)).tolerance(1e-4),
        row("groupNorm", x -> Norms.groupNorm(x[0], 2, o.weight(x[1]).bias(x[2])), of(2, 4, 3), of(4), of(4)).tolerance(1e-4)
            .refuses("3 groups of 4", ArgumentException.class, "do not divide", () -> Norms.groupNorm(ones(2, 4), 3, o)),
        row("localResponseNorm", x -> Norms.localResponseNorm(x[0], 3, 0.1, 0.75, 1), of(2, 4, 3)),
        row("normalize", x -> Norms.normalize(x[0], 2, 1, 1e-12), of(3, 4)));
  }
}
