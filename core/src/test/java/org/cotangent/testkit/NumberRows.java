package org.cotangent.testkit;

import static org.cotangent.testkit.OpRow.binary;
import static org.cotangent.testkit.OpRow.many;
import static org.cotangent.testkit.OpRow.of;
import static org.cotangent.testkit.OpRow.row;
import static org.cotangent.testkit.OpRow.unary;

import java.util.ArrayList;
import java.util.List;
import org.cotangent.Tensor;
import org.cotangent.TensorReduce.Indexed;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.testkit.OpRow.Part;

/** Rows of the special functions, of further arithmetic and of statistics. */
final class NumberRows {
  private static final int[] CUBE = {2, 3, 4};

  private NumberRows() {}

  static List<OpRow> rows() {
    var r = new ArrayList<OpRow>(special());
    r.addAll(arithmetic());
    r.addAll(statistics());
    return r;
  }

  private static List<OpRow> special() {
    return List.of(
        unary("positive", Tensor::positive).refuses("bool", DTypeException.class, "bool", () -> Tensor.of(true).positive()),
        unary("frac", Tensor::frac), unary("round decimals", x -> x.round(1)), unary("deg2rad", Tensor::deg2rad),
        unary("rad2deg", Tensor::rad2deg),
        binary("copysign", (x, y) -> x.copysign(y)), unary("copysign number", x -> x.copysign(-2.0)), unary("exp2", Tensor::exp2),
        unary("lgamma", Tensor::lgamma).within(0.3, 3), unary("digamma", Tensor::digamma).within(0.3, 3),
        unary("polygamma", x -> x.polygamma(1)).within(0.5, 3)
            .refuses("order -1", ArgumentException.class, "negative", () -> Tensor.ones(1).polygamma(-1)),
        unary("sinc", Tensor::sinc).within(0.2, 2), unary("logit", Tensor::logit).within(0.1, 0.9),
        unary("logit limited", x -> x.logit(0.2)).within(0.05, 0.95),
        binary("xlogy", (x, y) -> x.xlogy(y)).within(1, 0.3, 2), unary("xlogy number", x -> x.xlogy(2.5)),
        binary("xlog1py", (x, y) -> x.xlog1py(y)).within(1, -0.5, 2), unary("xlog1py number", x -> x.xlog1py(2.5)),
        binary("logAddExp", (x, y) -> x.logAddExp(y)), binary("logAddExp2", (x, y) -> x.logAddExp2(y)));
  }

  private static List<OpRow> arithmetic() {
    return List.of(
        unary("rpow", x -> x.rpow(2.5)), binary("floatPower", (x, y) -> x.floatPower(y).to(x.dtype())).within(0, 0.5, 2),
        row("addcmul", x -> x[0].addcmul(x[1], x[2], 0.7), of(2, 3), of(3), of(2, 1)).scalars(),
        row("addcdiv", x -> x[0].addcdiv(x[1], x[2], 0.7), of(2, 3), of(3), of(2, 1)).scalars().within(2, 0.5, 2)
            .refuses("integers", DTypeException.class, "floating", () -> Tensor.of(1).addcdiv(Tensor.of(1), Tensor.of(1), 1)),
        row("lerp", x -> x[0].lerp(x[1], x[2]), of(2, 3), of(3), of(2, 1)).scalars(), binary("lerp number", (x, y) -> x.lerp(y, 0.3)),
        binary("clampMin", (x, y) -> x.clampMin(y)).without(Part.TIES), binary("clampMax", (x, y) -> x.clampMax(y)).without(Part.TIES),
        unary("clampMin number", x -> x.clampMin(0.2)), unary("clampMax number", x -> x.clampMax(0.2)),
        row("bitwiseLeftShift", x -> x[0].bitwiseLeftShift(x[1]), of(2, 3), of(3)).index(0, 50).index(1, 5).without(Part.FIRST),
        row("bitwiseRightShift", x -> x[0].bitwiseRightShift(x[1]), of(2, 3), of(3)).index(0, 50).index(1, 5).without(Part.FIRST)
            .refuses("floating tensors", DTypeException.class, "integers", () -> Tensor.ones(1).bitwiseRightShift(Tensor.ones(1))),
        row("logicalAnd", x -> x[0].logicalAnd(x[1]), of(2, 3), of(3)).index(0, 2).index(1, 2).without(Part.FIRST),
        row("logicalOr", x -> x[0].logicalOr(x[1]), of(2, 3), of(3)).index(0, 2).index(1, 2).without(Part.FIRST),
        row("logicalXor", x -> x[0].logicalXor(x[1]), of(2, 3), of(3)).index(0, 2).index(1, 2).without(Part.FIRST),
        row("logicalNot", x -> x[0].logicalNot(), of(2, 3)).index(0, 2).without(Part.FIRST),
        unary("isInf", x -> x.floor().rdiv(1).isInf()).without(Part.FIRST),
        unary("isPosInf", x -> x.floor().rdiv(1).isPosInf()).without(Part.FIRST),
        unary("isNegInf", x -> x.floor().rdiv(-1).isNegInf()).without(Part.FIRST), unary("signbit", Tensor::signbit).without(Part.FIRST),
        binary("isClose", (x, y) -> x.isClose(y, 0.5, 0.5, false)).without(Part.FIRST)
            .refuses("a negative tolerance", ArgumentException.class, "negative",
                () -> Tensor.ones(1).isClose(Tensor.ones(1), -1, 0, false)));
  }

  private static Tensor[] both(Indexed i) {
    return new Tensor[] {i.values(), i.indices()};
  }

  private static OpRow cube(String name, java.util.function.UnaryOperator<Tensor> f) {
    return row(name, x -> f.apply(x[0]), CUBE);
  }

  private static List<OpRow> statistics() {
    return List.of(
        cube("prod keepdim", x -> x.prod(1, true)), cube("all keepdim", x -> x.gt(-1).all(of(1), true)).without(Part.FIRST),
        cube("any keepdim", x -> x.gt(1).any(of(1), true)).without(Part.FIRST),
        many("max keepdim", x -> both(x[0].max(1, true)), CUBE).without(Part.TIES),
        many("min keepdim", x -> both(x[0].min(2, true)), CUBE).without(Part.TIES),
        cube("argmax keepdim", x -> x.argmax(1, true)).without(Part.FIRST),
        cube("argmin keepdim", x -> x.argmin(1, true)).without(Part.FIRST), cube("nanSum", x -> x.nanSum(1)),
        cube("nanSum keepdim", x -> x.nanSum(of(0, 2), true)),
        cube("nanMean", x -> x.nanMean(1)), cube("nanMean keepdim", x -> x.nanMean(of(2), true)),
        cube("countNonzero", x -> x.floor().countNonzero(1)).without(Part.FIRST),
        many("varMean", x -> {
          var s = x[0].varMean(of(1), 1, true);
          return new Tensor[] {s.value(), s.mean()};
        }, CUBE),
        many("stdMean", x -> {
          var s = x[0].stdMean(of(1), 1, false);
          return new Tensor[] {s.value(), s.mean()};
        }, CUBE).without(Part.TIES),
        binary("dist", (x, y) -> x.dist(y, 2)).full(), cube("msort", Tensor::msort).without(Part.TIES),
        cube("argsort descending", x -> x.argsort(1, true)).without(Part.FIRST),
        many("topk", x -> both(x[0].topk(2, 1, true)), CUBE).without(Part.TIES)
            .refuses("5 of 3", ArgumentException.class, "expected 0 to 3", () -> Tensor.ones(3).topk(5, 0, true)),
        cube("median", Tensor::median).without(Part.TIES),
        many("median of an axis", x -> both(x[0].median(1, true)), CUBE).without(Part.TIES),
        many("kthValue", x -> both(x[0].kthValue(2, 1, false)), CUBE).without(Part.TIES)
            .refuses("element 0", ArgumentException.class, "expected 1 to 3", () -> Tensor.ones(3).kthValue(0, 0, false)),
        row("trace", x -> x[0].trace(), of(3, 4)).refuses("a vector", ShapeException.class, "matrix", () -> Tensor.ones(3).trace()),
        cube("diff", x -> x.diff(1, 1)), cube("diff twice", x -> x.diff(2, -1)).roundings(2)
            .refuses("-1 times", ArgumentException.class, "times", () -> Tensor.ones(3).diff(-1, 0)));
  }
}
