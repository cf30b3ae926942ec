package org.cotangent.testkit;

import static org.cotangent.testkit.OpRow.binary;
import static org.cotangent.testkit.OpRow.of;
import static org.cotangent.testkit.OpRow.row;
import static org.cotangent.testkit.OpRow.unary;

import java.util.ArrayList;
import java.util.List;
import org.cotangent.DType;
import org.cotangent.Primitives;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.InPlaceException;
import org.cotangent.errors.ShapeException;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.testkit.OpRow.Part;

/** Rows of the pointwise operations, and one for each scalar function. */
final class PointwiseRows {
  private static final double INF = Double.POSITIVE_INFINITY;

  private PointwiseRows() {}

  private static Tensor wide() {
    return Tensor.ones(2, 3);
  }

  private static Tensor four() {
    return Tensor.ones(4);
  }


  static List<OpRow> rows() {
    var r = new ArrayList<OpRow>();
    r.addAll(arithmetic());
    r.addAll(functions());
    r.addAll(comparisons());
    r.addAll(inPlace());
    for (Fn f : Fn.values()) {
      if (!f.row()) {
        scalarFunction(r, f);
      }
    }
    return r;
  }

  private static List<OpRow> arithmetic() {
    String misfit = "[2, 3] and [4] do not broadcast: axis -1 is 3 and 4";
    return List.of(
        binary("add", (x, y) -> x.add(y)).refuses("[2, 3] and [4]", ShapeException.class, misfit, () -> wide().add(four())),
        unary("add number", x -> x.add(1.5)),
        binary("sub", (x, y) -> x.sub(y)).refuses("[2, 3] and [4]", ShapeException.class, misfit, () -> wide().sub(four())),
        unary("sub number", x -> x.sub(1.5)),
        unary("rsub", x -> x.rsub(1.5)),
        binary("mul", (x, y) -> x.mul(y)).refuses("[2, 3] and [4]", ShapeException.class, misfit, () -> wide().mul(four())),
        row("mul broadcast both ways", x -> x[0].mul(x[1]), of(2, 1, 3), of(4, 1)).scalars(),
        unary("mul number", x -> x.mul(-2.5)),
        binary("div", (x, y) -> x.div(y)).within(1, 0.5, 2)
            .refuses("[2, 3] and [4]", ShapeException.class, misfit, () -> wide().div(four())),
        unary("div number", x -> x.div(3.0)),
        unary("rdiv", x -> x.rdiv(2)).within(0.5, 2),
        binary("floorDivide", (x, y) -> x.floorDivide(y)).within(1, 0.5, 2).tolerance(INF),
        binary("remainder", (x, y) -> x.remainder(y)).within(1, 0.5, 2),
        unary("remainder number", x -> x.remainder(0.7)),
        binary("fmod", (x, y) -> x.fmod(y)).within(1, 0.5, 2),
        binary("pow", (x, y) -> x.pow(y)).within(0, 0.5, 2),
        unary("pow 2", x -> x.pow(2)),
        unary("pow 3", x -> x.pow(3)),
        unary("pow 1.5", x -> x.pow(1.5)).within(0.5, 2),
        unary("pow -1", x -> x.pow(-1.0)).within(0.5, 2)
            .refuses("integers to a negative power", ArgumentException.class, "negative power", () -> Tensor.of(1, 2).pow(-1)),
        binary("maximum", (x, y) -> x.maximum(y)).without(Part.TIES),
        binary("minimum", (x, y) -> x.minimum(y)).without(Part.TIES),
        binary("atan2", (x, y) -> x.atan2(y)).within(0, 0.5, 2),
        row("where", x -> Tensor.where(x[0], x[1], x[2]), of(2, 3), of(3), of(2, 1)).mask(0).scalars()
            .refuses("a condition of numbers", DTypeException.class, "not bool", () -> Tensor.where(wide(), wide(), wide())),
        row("maskedFill", x -> x[0].maskedFill(x[1], -7), of(2, 3), of(3)).mask(1).scalars().empty(of(0, 3), of(3)));
  }

  private static List<OpRow> functions() {
    return List.of(
        unary("neg", Tensor::neg).refuses("bool", DTypeException.class, "bool", () -> Tensor.of(true).neg()),
        unary("abs", Tensor::abs), unary("sign", Tensor::sign), unary("floor", Tensor::floor), unary("ceil", Tensor::ceil),
        unary("round", Tensor::round), unary("trunc", Tensor::trunc), unary("sqrt", Tensor::sqrt).within(0.3, 2),
        unary("rsqrt", Tensor::rsqrt).within(0.3, 2), unary("square", Tensor::square),
        unary("reciprocal", Tensor::reciprocal).within(0.3, 2),
        unary("exp", Tensor::exp), unary("expm1", Tensor::expm1), unary("log", Tensor::log).within(0.3, 2),
        unary("log1p", Tensor::log1p).within(-0.5, 2),
        unary("log2", Tensor::log2).within(0.3, 2), unary("log10", Tensor::log10).within(0.3, 2), unary("sin", Tensor::sin),
        unary("cos", Tensor::cos),
        unary("tan", Tensor::tan).within(-1.2, 1.2), unary("asin", Tensor::asin).within(-0.8, 0.8),
        unary("acos", Tensor::acos).within(-0.8, 0.8),
        unary("atan", Tensor::atan), unary("sinh", Tensor::sinh), unary("cosh", Tensor::cosh), unary("tanh", Tensor::tanh),
        unary("asinh", Tensor::asinh), unary("acosh", Tensor::acosh).within(1.3, 3), unary("atanh", Tensor::atanh).within(-0.8, 0.8),
        unary("erf", Tensor::erf), unary("erfc", Tensor::erfc), unary("erfinv", Tensor::erfinv).within(-0.8, 0.8),
        unary("sigmoid", Tensor::sigmoid),
        unary("softplus", Tensor::softplus), unary("logSigmoid", Tensor::logSigmoid), unary("relu", Tensor::relu),
        unary("gelu", Tensor::gelu),
        unary("silu", Tensor::silu), unary("clamp", x -> x.clamp(-0.7, 0.9)),
        unary("to", x -> x.mul(1).to(DType.FLOAT32).to(x.dtype())).without(Part.FIRST),
        unary("copy", Tensor::copy), unary("detach", Tensor::detach).without(Part.FIRST));
  }

  private static List<OpRow> comparisons() {
    return List.of(
        binary("gt", (x, y) -> x.gt(y)), unary("gt number", x -> x.gt(0.5)), binary("ge", (x, y) -> x.ge(y)),
        unary("ge number", x -> x.ge(0.5)),
        binary("lt", (x, y) -> x.lt(y)), unary("lt number", x -> x.lt(0.5)), binary("le", (x, y) -> x.le(y)),
        unary("le number", x -> x.le(0.5)),
        binary("eq", (x, y) -> x.floor().eq(y.floor())), unary("eq number", x -> x.floor().eq(0)),
        binary("ne", (x, y) -> x.floor().ne(y.floor())),
        unary("ne number", x -> x.floor().ne(1.0)), unary("isNan", x -> x.log().isNan()),
        unary("isFinite", x -> x.floor().rdiv(1).isFinite()),
        row("and", x -> x[0].and(x[1]), of(2, 3), of(3)).mask(0).mask(1)
            .refuses("floating tensors", DTypeException.class, "bool or integers", () -> wide().and(wide())),
        row("or", x -> x[0].or(x[1]), of(2, 3), of(3)).mask(0).mask(1),
        row("xor", x -> x[0].xor(x[1]), of(2, 3), of(3)).index(0, 9).index(1, 9),
        row("not", x -> x[0].not(), of(2, 3)).index(0, 9)
            .refuses("floating tensors", DTypeException.class, "bool or integers", () -> wide().not()))
        .stream().map(r -> r.without(Part.FIRST)).toList();
  }

  private static List<OpRow> inPlace() {
    return List.of(
        binary("add_", (x, y) -> x.copy().add_(y))
            .refuses("an expanded view", InPlaceException.class, "share one place", () -> four().expand(2, 4).add_(1)),
        unary("add_ number", x -> x.copy().add_(1.5)),
        binary("sub_", (x, y) -> x.copy().sub_(y)), unary("sub_ number", x -> x.copy().sub_(1.5)),
        binary("mul_", (x, y) -> x.copy().mul_(y))
            .refuses("a leaf", InPlaceException.class, "leaf that requires grad", () -> four().requiresGrad_().mul_(2)),
        unary("mul_ number", x -> x.copy().mul_(1.5)),
        binary("div_", (x, y) -> x.copy().div_(y)).within(1, 0.5, 2), unary("div_ number", x -> x.copy().div_(1.5)),
        unary("clamp_", x -> x.copy().clamp_(-0.7, 0.9)), unary("zero_", x -> x.copy().zero_().add(x)),
        unary("fill_", x -> x.copy().fill_(2.5).mul(x)),
        binary("copy_", (x, y) -> x.mul(2).copy_(y).mul(x)), unary("apply_", x -> x.copy().apply_("tan_", Tensor::tan)).within(-1, 1),
        row("mul_ on a view of a copy", x -> {
          Tensor y = x[0].copy();
          y.narrow(1, 1, 2).mul_(x[1]);
          y.t().select(0, 0).add_(3);
          return y.mul(x[0]);
        }, of(2, 3), of(2, 1)));
  }

  /** The row of one scalar function, so that a new constant of Fn is checked without a method. */
  private static void scalarFunction(List<OpRow> to, Fn f) {
    Expr[] args = new Expr[f.arity()];
    for (int i = 0; i < args.length; i++) {
      args[i] = Expr.arg(i);
    }
    switch (f) {
      case ARG, CONST, OUT, CAST, WHERE, SLOPE_OF, POLYGAMMA, ZETA, GCD, NEXTAFTER -> { }
      case AND, OR, XOR, NOT -> integers(to, f, args);
      default -> {
        int[][] shapes = new int[args.length][];
        java.util.Arrays.fill(shapes, of(2, 5));
        OpRow r = row(f.name(), x -> Primitives.pointwise(Expr.call(f, args), x), shapes).scalars();
        for (int i = 0; i < args.length; i++) {
          double[] d = domain(f, i);
          r = r.within(i, d[0], d[1]);
        }
        r = f.flat() ? r.tolerance(INF) : r.without(Part.TIES);
        to.add(f.comparison() ? r.without(Part.FIRST) : r);
      }
    }
  }

  private static void integers(List<OpRow> to, Fn f, Expr... args) {
    OpRow r = row(f.name(), x -> f == Fn.NOT ? x[0].not() : f == Fn.AND ? x[0].and(x[1]) : f == Fn.OR ? x[0].or(x[1]) : x[0].xor(x[1]),
        args.length == 1 ? new int[][] {of(2, 5)} : new int[][] {of(2, 5), of(2, 5)});
    for (int i = 0; i < args.length; i++) {
      r = r.index(i, 1000);
    }
    to.add(r.without(Part.FIRST));
  }

  /** Where a function is smooth. */
  private static double[] domain(Fn f, int i) {
    return switch (f) {
      case SQRT, RSQRT, LOG, LOG2, LOG10, LGAMMA, DIGAMMA -> new double[] {0.3, 3};
      case LOG1P -> new double[] {-0.6, 2};
      case ASIN, ACOS, ATANH, ERFINV -> new double[] {-0.8, 0.8};
      case NDTRI -> new double[] {0.1, 0.9};
      case ACOSH -> new double[] {1.3, 3};
      case TAN -> new double[] {-1.2, 1.2};
      case DIV, FMOD, REMAINDER, XLOGY, XLOG1PY -> i == 1 ? new double[] {0.5, 2} : new double[] {-2, 2};
      case POW, ATAN2 -> i == 0 ? new double[] {0.5, 2} : new double[] {-2, 2};
      default -> new double[] {-2, 2};
    };
  }
}
