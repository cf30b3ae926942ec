package org.cotangent.testkit;

import static org.cotangent.testkit.OpRow.of;
import static org.cotangent.testkit.OpRow.row;
import static org.cotangent.testkit.OpRow.unary;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.cotangent.Generator;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.TensorScatter.Combination;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.GradientException;
import org.cotangent.errors.IndexException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.Attention;
import org.cotangent.ops.AttentionOptions;
import org.cotangent.ops.Histograms;
import org.cotangent.ops.IncompleteGamma;
import org.cotangent.ops.Polynomials;
import org.cotangent.ops.Sampling;
import org.cotangent.ops.Segments;
import org.cotangent.ops.Windows;

/** Rows of rarer special functions, orthogonal polynomials, segments and grouped attention. */
final class FurtherRows {
  private FurtherRows() {}

  static List<OpRow> rows() {
    var r = new ArrayList<OpRow>(polynomials());
    r.addAll(gammas());
    r.addAll(segments());
    r.addAll(windows());
    r.addAll(draws());
    r.add(unary("sphericalBesselJ0", Tensor::sphericalBesselJ0));
    AttentionOptions grouped = AttentionOptions.DEFAULT.grouped(true);
    r.add(row("scaledDotProductAttention grouped", x -> Attention.scaledDotProductAttention(x[0], x[1], x[2], grouped),
        of(2, 4, 3, 2), of(2, 2, 5, 2), of(2, 2, 5, 3)).roundings(4)
        .refuses("3 heads for 4", ShapeException.class, "heads", () -> Attention.scaledDotProductAttention(
            Tensor.ones(4, 2, 2), Tensor.ones(3, 2, 2), Tensor.ones(3, 2, 2), grouped)));
    return r;
  }

  private static OpRow polynomial(String name, UnaryOperator<Tensor> f) {
    return unary(name, f).within(-1.5, 1.5).tolerance(2e-4).roundings(8);
  }

  private static List<OpRow> polynomials() {
    return List.of(
        polynomial("chebyshevPolynomialT", x -> Polynomials.chebyshevPolynomialT(x, 4))
            .refuses("a large degree", ArgumentException.class, "degree", () ->
                Polynomials.chebyshevPolynomialT(Tensor.ones(1), Tensor.of(2_000_000L))),
        polynomial("chebyshevPolynomialU", x -> Polynomials.chebyshevPolynomialU(x, 3)),
        polynomial("chebyshevPolynomialV", x -> Polynomials.chebyshevPolynomialV(x, 3)),
        polynomial("chebyshevPolynomialW", x -> Polynomials.chebyshevPolynomialW(x, 3)),
        polynomial("shiftedChebyshevPolynomialT", x -> Polynomials.shiftedChebyshevPolynomialT(x, 3)).within(-0.5, 1.5),
        polynomial("shiftedChebyshevPolynomialU", x -> Polynomials.shiftedChebyshevPolynomialU(x, 3)).within(-0.5, 1.5),
        polynomial("shiftedChebyshevPolynomialV", x -> Polynomials.shiftedChebyshevPolynomialV(x, 3)).within(-0.5, 1.5),
        polynomial("shiftedChebyshevPolynomialW", x -> Polynomials.shiftedChebyshevPolynomialW(x, 3)).within(-0.5, 1.5),
        polynomial("hermitePolynomialH", x -> Polynomials.hermitePolynomialH(x, 3)),
        polynomial("hermitePolynomialHe", x -> Polynomials.hermitePolynomialHe(x, 3)),
        polynomial("laguerrePolynomialL", x -> Polynomials.laguerrePolynomialL(x, 3)),
        polynomial("legendrePolynomialP", x -> Polynomials.legendrePolynomialP(x, 4)),
        polynomial("legendrePolynomialP of several degrees", x -> Polynomials.legendrePolynomialP(x, Tensor.of(2L, 0L, -1L).to(x.device()))).full()
            .without(OpRow.Part.VMAP));
  }

  private static List<OpRow> gammas() {
    return List.of(
        unary("igamma", x -> IncompleteGamma.igamma(x.detach().mul(0.5).add(1), x)).within(0.5, 3).full().without(OpRow.Part.FIRST)
            .refuses("gradients by a", GradientException.class, "detach", () ->
                IncompleteGamma.igamma(Tensor.ones(2).requiresGrad_(), Tensor.ones(2)))
            .refuses("integers", DTypeException.class, "floating", () -> IncompleteGamma.igamma(Tensor.of(1L), Tensor.of(2L))),
        unary("igamma of 1.5", x -> IncompleteGamma.igamma(Tensor.full(x.shape(), 1.5, x.dtype(), x.device()), x)).within(0.5, 4),
        unary("igammac", x -> IncompleteGamma.igammac(Tensor.full(x.shape(), 2.5, x.dtype(), x.device()), x)).within(0.5, 6));
  }

  private static Tensor lengths() {
    return Tensor.of(2L, 0L, 3L);
  }

  private static List<OpRow> segments() {
    return List.of(
        row("segmentReduce", x -> Segments.segmentReduce(x[0], lengths().to(x[0].device()), 0, Combination.SUM), of(5, 2))
            .refuses("too few", IndexException.class, "sum", () ->
                Segments.segmentReduce(Tensor.ones(4), lengths(), 0, Combination.SUM))
            .refuses("another axis", ShapeException.class, "lengths", () ->
                Segments.segmentReduce(Tensor.ones(2, 5), lengths(), 1, Combination.SUM)),
        row("segmentReduce mean", x -> Segments.segmentReduce(x[0], lengths().to(x[0].device()), 0, Combination.MEAN, 1.5), of(5, 2)),
        row("segmentReduce product", x -> Segments.segmentReduce(x[0], lengths().to(x[0].device()), 0, Combination.PROD), of(5)).roundings(4),
        row("segmentReduce maximum", x -> Segments.segmentReduce(x[0], lengths().to(x[0].device()).expand(2, 3), 1, Combination.AMAX, -9), of(2, 5, 2))
            .without(OpRow.Part.TIES));
  }

  private static Tensor on(Tensor like, Tensor window) {
    return like.mul(window.to(like.dtype()).to(like.device()));
  }

  private static List<OpRow> windows() {
    return List.of(
        row("hannWindow", x -> on(x[0], Windows.hannWindow(4, true)), of(4))
            .refuses("a negative length", ArgumentException.class, "negative", () -> Windows.hannWindow(-1, true)),
        row("hammingWindow", x -> on(x[0], Windows.hammingWindow(4, false)), of(4)),
        row("blackmanWindow", x -> on(x[0], Windows.blackmanWindow(4, true)), of(4)),
        row("bartlettWindow", x -> on(x[0], Windows.bartlettWindow(4, false)), of(4)),
        row("kaiserWindow", x -> on(x[0], Windows.kaiserWindow(4, false, 12)), of(4)));
  }

  private static List<OpRow> draws() {
    Generator g = Generator.standard();
    return List.of(
        OpRow.many("unravelIndex", x -> x[0].unravelIndex(2, 3), of(2, 2)).index(0, 6).without(OpRow.Part.FIRST)
            .refuses("floating places", DTypeException.class, "int64", () -> Tensor.ones(2).unravelIndex(2)),
        row("bernoulli", x -> Sampling.bernoulli(x[0].detach().mul(0).add(1), g), of(2, 3)).without(OpRow.Part.FIRST, OpRow.Part.VMAP),
        row("normal", x -> Sampling.normal(x[0], x[0].detach().mul(0), g), of(2, 3)).without(OpRow.Part.FIRST, OpRow.Part.VMAP),
        row("multinomial", x -> Sampling.multinomial(x[0].detach().mul(0).add(1).narrow(-1, 0, 1), 2, true, g), of(2, 3))
            .without(OpRow.Part.FIRST, OpRow.Part.VMAP)
            .refuses("too many", ArgumentException.class, "replacement", () -> Sampling.multinomial(Tensor.ones(2), 3, false, g)),
        OpRow.many("histogramdd", x -> {
          Tensor w = Tensor.full(Shape.of(6), 1, x[0].dtype(), x[0].device());
          return new Tensor[] {Histograms.histogramdd(x[0], new int[] {2, 3}, new double[] {-2, 2, -2, 2}, w, false).counts()};
        }, of(6, 2)).without(OpRow.Part.FIRST)
            .refuses("one axis", ShapeException.class, "points", () ->
                Histograms.histogramdd(Tensor.ones(3), new int[] {2}, new double[0], Tensor.ones(3), false)));
  }
}
