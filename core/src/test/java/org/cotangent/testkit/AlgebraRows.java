package org.cotangent.testkit;

import static org.cotangent.testkit.OpRow.binary;
import static org.cotangent.testkit.OpRow.many;
import static org.cotangent.testkit.OpRow.of;
import static org.cotangent.testkit.OpRow.row;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.cotangent.Tensor;
import org.cotangent.TensorReduce.Indexed;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.AdaptivePooling;
import org.cotangent.ops.ConvOptions;
import org.cotangent.ops.Convolution;
import org.cotangent.ops.Einsum;
import org.cotangent.ops.Linalg;
import org.cotangent.ops.MatrixNorms;
import org.cotangent.ops.PoolOptions;
import org.cotangent.ops.Pooling;
import org.cotangent.testkit.OpRow.Part;

/** Rows of further products, of linear algebra, convolution and pooling. */
final class AlgebraRows {
  private static final ConvOptions CONV = ConvOptions.DEFAULT;
  private static final double LOOSE = 1e-3;

  private AlgebraRows() {}

  private static Tensor ones(int... shape) {
    return Tensor.ones(shape);
  }

  static List<OpRow> rows() {
    var r = new ArrayList<OpRow>(products());
    r.addAll(linalg());
    r.addAll(convolutions());
    r.addAll(pools());
    return r;
  }

  private static List<OpRow> products() {
    return List.of(
        row("addmm", x -> x[0].addmm(x[1], x[2], 0.5, 2), of(4), of(2, 3), of(3, 4)).roundings(4),
        row("addmv", x -> x[0].addmv(x[1], x[2], 0.5, 2), of(2), of(2, 3), of(3)).roundings(4),
        row("addr", x -> x[0].addr(x[1], x[2], 0.5, 2), of(2, 3), of(2), of(3)).roundings(4),
        row("addbmm", x -> x[0].addbmm(x[1], x[2], 0.5, 2), of(3, 2), of(2, 3, 4), of(2, 4, 2)).roundings(5),
        row("baddbmm", x -> x[0].baddbmm(x[1], x[2], 0.5, 2), of(3, 2), of(2, 3, 4), of(2, 4, 2)).roundings(4)
            .refuses("a larger summand", ShapeException.class, "do not broadcast",
                () -> ones(9).baddbmm(ones(2, 3, 4), ones(2, 4, 2), 1, 1)),
        row("inner", x -> x[0].inner(x[1]), of(2, 3), of(4, 3)).scalars()
            .refuses("other ends", ShapeException.class, "differ", () -> ones(2).inner(ones(3))),
        row("tensordot", x -> x[0].tensordot(x[1], 2), of(2, 3, 4), of(3, 4, 2)),
        row("tensordot axes", x -> x[0].tensordot(x[1], of(0, 2), of(1, 0)), of(2, 3, 4), of(4, 2))
            .refuses("other sizes", ShapeException.class, "differ in size", () -> ones(2).tensordot(ones(3), 1)),
        binary("kron", (x, y) -> x.kron(y)).full(), row("cross", x -> x[0].cross(x[1]), of(2, 3), of(2, 3))
            .refuses("four numbers", ShapeException.class, "size 3", () -> ones(4).cross(ones(4))),
        row("cross axis", x -> x[0].cross(x[1], 0), of(3, 2), of(3, 2)).roundings(3), row("vdot", x -> x[0].vdot(x[1]), of(4), of(4)),
        row("einsum", x -> Einsum.einsum("bij,bjk->bik", x), of(2, 3, 4), of(2, 4, 2)),
        row("einsum trace", x -> Einsum.einsum("ii", x), of(3, 3)),
        row("einsum three", x -> Einsum.einsum("ij,jk,kl->il", x), of(2, 3), of(3, 4), of(4, 2)).roundings(4)
            .refuses("too few", ArgumentException.class, "names 2 tensors", () -> Einsum.einsum("ij,jk", ones(2, 3))),
        row("vecdot", x -> Linalg.vecdot(x[0], x[1], -1), of(2, 3), of(2, 3)),
        row("multiDot", x -> Linalg.multiDot(x), of(2, 3), of(3, 4), of(4, 2)).roundings(4));
  }

  /** x xᵀ + 2, positive definite. */
  private static Tensor definite(Tensor x) {
    return x.matmul(x.mT()).add(Tensor.eye(x.size(-1)).to(x.dtype()).to(x.device()).mul(2));
  }

  /** A matrix far from singular. */
  private static Tensor regular(Tensor x) {
    return x.add(Tensor.eye(x.size(-1)).to(x.dtype()).to(x.device()).mul(5));
  }

  private static OpRow square(String name, UnaryOperator<Tensor> f) {
    return row(name, x -> f.apply(x[0]), of(2, 3, 3)).tolerance(LOOSE).noHalf();
  }

  private static List<OpRow> linalg() {
    return List.of(
        square("cholesky", x -> Linalg.cholesky(definite(x)))
            .refuses("no square", ShapeException.class, "square", () -> Linalg.cholesky(ones(2, 3))),
        square("cholesky upper", x -> Linalg.cholesky(definite(x), true)),
        row("choleskySolve", x -> Linalg.choleskySolve(x[1], regular(x[0]).tril(0), false), of(3, 3), of(3, 2)).tolerance(LOOSE).noHalf(),
        square("choleskyInverse", x -> Linalg.choleskyInverse(regular(x).tril(0), false)),
        square("svdvals", Linalg::svdvals).without(Part.TIES),
        many("luFactor", x -> new Tensor[] {Linalg.luFactor(regular(x[0])).factors()}, of(3, 3)).tolerance(LOOSE).noHalf(),
        many("svd", x -> {
          var s = Linalg.svd(x[0], false);
          return new Tensor[] {s.u().mul(s.s().unsqueeze(-2)).matmul(s.vt()), s.s(), s.u().square(), s.vt().square()};
        }, of(3, 3)).tolerance(LOOSE).noHalf().without(Part.TIES),
        row("solve", x -> Linalg.solve(regular(x[0]), x[1]), of(3, 3), of(3, 2)).tolerance(LOOSE).noHalf(),
        row("solve from the right", x -> Linalg.solve(regular(x[0]), x[1], false), of(2, 3, 3), of(2, 4, 3)).tolerance(LOOSE).noHalf(),
        row("solveTriangular", x -> Linalg.solveTriangular(regular(x[0]), x[1], true, true, false), of(3, 3), of(3, 2)).tolerance(LOOSE).noHalf(),
        square("inv", x -> Linalg.inv(regular(x))), square("det", x -> Linalg.det(regular(x))),
        square("logdet", x -> Linalg.logdet(regular(x))),
        many("slogdet", x -> {
          var s = Linalg.slogdet(regular(x[0]));
          return new Tensor[] {s.logAbs()};
        }, of(2, 3, 3)).tolerance(LOOSE).noHalf(),
        row("vectorNorm", x -> MatrixNorms.vectorNorm(x[0], 3, of(1), true), of(2, 3)),
        row("norm of a matrix", x -> MatrixNorms.norm(x[0]), of(2, 3)),
        row("matrixNorm", x -> MatrixNorms.matrixNorm(x[0], 1, of(0, 1), false), of(2, 3)).without(Part.TIES)
            .refuses("order 3", ArgumentException.class, "not supported", () -> MatrixNorms.matrixNorm(ones(2, 2), 3, of(0, 1), false)),
        row("matrixNorm nuclear", x -> MatrixNorms.matrixNorm(x[0], MatrixNorms.Kind.NUC, of(0, 1), true), of(2, 3)).tolerance(LOOSE).noHalf()
            .without(Part.TIES));
  }

  private static List<OpRow> convolutions() {
    return List.of(
        row("conv1d", x -> Convolution.conv1d(x[0], x[1], x[2], CONV.stride(2).padding(1)), of(2, 3, 5), of(2, 3, 3), of(2)).roundings(2)
            .refuses("other channels", ShapeException.class, "channels", () -> Convolution.conv1d(ones(1, 2, 5), ones(1, 3, 2), CONV)),
        row("conv1d groups", x -> Convolution.conv1d(x[0], x[1], CONV.groups(2).dilation(2)), of(2, 4, 5), of(4, 2, 2)),
        row("conv2d", x -> Convolution.conv2d(x[0], x[1], x[2], CONV.padding(1)), of(1, 2, 3, 3), of(2, 2, 2, 2), of(2)).roundings(2),
        row("conv3d", x -> Convolution.conv3d(x[0], x[1], CONV), of(1, 2, 2, 3, 2), of(2, 2, 2, 2, 1)),
        row("convTranspose1d", x -> Convolution.convTranspose1d(x[0], x[1], x[2], CONV.stride(2).outputPadding(1)), of(2, 3, 4),
            of(3, 2, 3), of(2)).roundings(3),
        row("convTranspose2d", x -> Convolution.convTranspose2d(x[0], x[1], CONV), of(1, 2, 3, 2), of(2, 2, 2, 2)).roundings(3),
        row("convTranspose3d", x -> Convolution.convTranspose3d(x[0], x[1], CONV), of(1, 2, 2, 2, 2), of(2, 1, 2, 1, 2)).roundings(4));
  }

  private static Tensor[] both(Indexed i) {
    return new Tensor[] {i.values(), i.indices()};
  }

  private static List<OpRow> pools() {
    PoolOptions two = PoolOptions.of(2);
    return List.of(
        row("maxPool1d", x -> Pooling.maxPool1d(x[0], two), of(2, 3, 6)).without(Part.TIES),
        row("maxPool2d", x -> Pooling.maxPool2d(x[0], two.stride(1).padding(1)), of(1, 2, 3, 4)).without(Part.TIES),
        row("maxPool3d", x -> Pooling.maxPool3d(x[0], two), of(1, 2, 2, 2, 4)).without(Part.TIES),
        many("maxPool1dWithIndices", x -> both(Pooling.maxPool1dWithIndices(x[0], two)), of(2, 3, 6)).without(Part.TIES),
        many("maxPool2dWithIndices", x -> both(Pooling.maxPool2dWithIndices(x[0], two)), of(1, 2, 4, 4)).without(Part.TIES),
        many("maxPool3dWithIndices", x -> both(Pooling.maxPool3dWithIndices(x[0], two)), of(1, 1, 2, 2, 4)).without(Part.TIES),
        row("avgPool1d", x -> Pooling.avgPool1d(x[0], two.padding(1)), of(2, 3, 6)),
        row("avgPool2d", x -> Pooling.avgPool2d(x[0], two.stride(1)), of(1, 2, 3, 4))
            .refuses("a vector", ShapeException.class, "expected", () -> Pooling.avgPool2d(ones(3), PoolOptions.of(2))),
        row("avgPool3d", x -> Pooling.avgPool3d(x[0], two), of(1, 2, 2, 2, 4)),
        row("lpPool", x -> Pooling.lpPool(x[0], 2, two), of(2, 3, 6)),
        row("avgPool", x -> AdaptivePooling.avgPool(x[0], 2, 3), of(1, 2, 5, 4)),
        many("maxPoolWithIndices", x -> both(AdaptivePooling.maxPoolWithIndices(x[0], 3)), of(2, 2, 5)).without(Part.TIES));
  }
}
