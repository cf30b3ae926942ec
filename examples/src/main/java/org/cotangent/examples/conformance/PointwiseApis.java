package org.cotangent.examples.conformance;

import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.cotangent.DType;
import org.cotangent.Tensor;
import org.cotangent.TensorArithmetic.Rounding;
import org.cotangent.errors.ArgumentException;

/** Functions of single elements. */
final class PointwiseApis {
  private PointwiseApis() {}

  static void register(Apis apis) {
    unary(apis);
    arithmetic(apis);
    bounded(apis);
    comparisons(apis);
    types(apis);
  }

  private static void one(Apis apis, String name, UnaryOperator<Tensor> f) {
    apis.add("torch." + name, c -> f.apply(c.input()));
  }

  private static void unary(Apis apis) {
    one(apis, "abs", Tensor::abs);
    one(apis, "acos", Tensor::acos);
    one(apis, "acosh", Tensor::acosh);
    one(apis, "asin", Tensor::asin);
    one(apis, "asinh", Tensor::asinh);
    one(apis, "atan", Tensor::atan);
    one(apis, "atanh", Tensor::atanh);
    one(apis, "bitwise_not", Tensor::not);
    one(apis, "ceil", Tensor::ceil);
    one(apis, "cos", Tensor::cos);
    one(apis, "cosh", Tensor::cosh);
    one(apis, "deg2rad", Tensor::deg2rad);
    one(apis, "digamma", Tensor::digamma);
    one(apis, "erf", Tensor::erf);
    one(apis, "erfc", Tensor::erfc);
    one(apis, "erfinv", Tensor::erfinv);
    one(apis, "exp", Tensor::exp);
    one(apis, "exp2", Tensor::exp2);
    one(apis, "expm1", Tensor::expm1);
    one(apis, "floor", Tensor::floor);
    one(apis, "frac", Tensor::frac);
    one(apis, "isfinite", Tensor::isFinite);
    one(apis, "isinf", Tensor::isInf);
    one(apis, "isnan", Tensor::isNan);
    one(apis, "isneginf", Tensor::isNegInf);
    one(apis, "isposinf", Tensor::isPosInf);
    one(apis, "lgamma", Tensor::lgamma);
    one(apis, "log", Tensor::log);
    one(apis, "log10", Tensor::log10);
    one(apis, "log1p", Tensor::log1p);
    one(apis, "log2", Tensor::log2);
    one(apis, "logical_not", Tensor::logicalNot);
    one(apis, "neg", Tensor::neg);
    one(apis, "positive", Tensor::positive);
    one(apis, "rad2deg", Tensor::rad2deg);
    one(apis, "reciprocal", Tensor::reciprocal);
    one(apis, "rsqrt", Tensor::rsqrt);
    one(apis, "sigmoid", Tensor::sigmoid);
    one(apis, "sign", Tensor::sign);
    one(apis, "signbit", Tensor::signbit);
    one(apis, "sin", Tensor::sin);
    one(apis, "sinc", Tensor::sinc);
    one(apis, "sinh", Tensor::sinh);
    one(apis, "sqrt", Tensor::sqrt);
    one(apis, "square", Tensor::square);
    one(apis, "tan", Tensor::tan);
    one(apis, "tanh", Tensor::tanh);
    one(apis, "trunc", Tensor::trunc);
    apis.add("torch.round", c -> c.input().round(c.intOr(-1, "decimals", 0)));
    apis.add("torch.logit", c -> c.has(1, "eps") ? c.input().logit(c.number(1, "eps")) : c.input().logit());
    apis.add("torch.polygamma", c -> c.tensor(1, "input").polygamma(c.integer(0, "n")));
  }

  private static void two(Apis apis, String name, BinaryOperator<Tensor> f) {
    apis.add("torch." + name, c -> f.apply(c.input(), c.tensor(1, "other")));
  }

  private static void arithmetic(Apis apis) {
    apis.add("torch.add", c -> scaled(c, Tensor::add, Tensor::add, Tensor::add, Tensor::add));
    apis.add("torch.sub", c -> scaled(c, Tensor::sub, Tensor::sub, Tensor::sub, Tensor::sub));
    apis.add("torch.rsub", c -> scaled(method(c), Tensor::rsub, Tensor::rsub, Tensor::rsub, Tensor::rsub));
    apis.add("torch.Tensor.add", c -> scaled(method(c), Tensor::add, Tensor::add, Tensor::add, Tensor::add));
    apis.add("torch.mul", c -> c.combine(first(c), 1, "other", Tensor::mul, Tensor::mul, Tensor::mul));
    apis.add("torch.Tensor.mul", c -> c.combine(first(method(c)), 1, "other", Tensor::mul, Tensor::mul, Tensor::mul));
    apis.add("torch.div", PointwiseApis::quotient);
    apis.add("torch.true_divide", c -> c.combine(first(c), 1, "other", Tensor::div, Tensor::div, Tensor::div));
    apis.add("torch.floor_divide", c -> c.combine(first(c), 1, "other", Tensor::floorDivide, Tensor::floorDivide, Tensor::floorDivide));
    apis.add("torch.fmod", c -> c.combine(Tensor::fmod, Tensor::fmod, Tensor::fmod));
    apis.add("torch.remainder", c -> c.isTensor(0, "input")
        ? c.combine(Tensor::remainder, Tensor::remainder, Tensor::remainder)
        : c.scalar(0, "input", c.tensor(1, "other")).remainder(c.tensor(1, "other")));
    apis.add("torch.pow", c -> power(c, Tensor::pow, Tensor::pow, Tensor::pow));
    apis.add("torch.float_power", c -> c.isTensor(0, "input")
        ? c.combine(c.input(), 1, "exponent", Tensor::floatPower, Tensor::floatPower, Tensor::floatPower)
        : Tensor.scalar(c.number(0, "input")).floatPower(c.tensor(1, "exponent")));
    apis.add("torch.copysign", c -> c.combine(Tensor::copysign, Tensor::copysign, Tensor::copysign));
    apis.add("torch.xlogy", c -> c.isTensor(0, "input")
        ? c.combine(Tensor::xlogy, Tensor::xlogy, Tensor::xlogy)
        : c.scalar(0, "input", c.tensor(1, "other")).xlogy(c.tensor(1, "other")));
    apis.add("torch.special.xlog1py", c -> c.isTensor(0, "input")
        ? c.combine(Tensor::xlog1py, Tensor::xlog1py, Tensor::xlog1py)
        : c.scalar(0, "input", c.tensor(1, "other")).xlog1py(c.tensor(1, "other")));
    two(apis, "atan2", Tensor::atan2);
    two(apis, "maximum", Tensor::maximum);
    two(apis, "minimum", Tensor::minimum);
    two(apis, "logaddexp", Tensor::logAddExp);
    two(apis, "logaddexp2", Tensor::logAddExp2);
    apis.add("torch.addcmul", c -> c.input().addcmul(c.tensor(1, "tensor1"), c.tensor(2, "tensor2"), c.numberOr("value", 1)));
    apis.add("torch.addcdiv", c -> c.input().addcdiv(c.tensor(1, "tensor1"), c.tensor(2, "tensor2"), c.numberOr("value", 1)));
    apis.add("torch.lerp", c -> c.isTensor(2, "weight")
        ? c.input().lerp(c.tensor(1, "end"), c.tensor(2, "weight")) : c.input().lerp(c.tensor(1, "end"), c.number(2, "weight")));
  }

  /** A combination with a tensor, whose factor is alpha. */
  private interface Scaled {
    Tensor apply(Tensor x, Tensor y, double alpha);
  }

  private static Tensor scaled(Call c, BinaryOperator<Tensor> f, Scaled g, Call.WithDouble h, Call.WithLong k) {
    if (!c.has("alpha")) {
      c.numberOr("alpha", 1);
      return c.combine(first(c), 1, "other", f, h, k);
    }
    double alpha = c.numberOr("alpha", 1);
    Tensor x = first(c);
    return c.isTensor(1, "other") ? g.apply(x, c.tensor(1, "other"), alpha)
        : c.isIntegral(1, "other") && alpha == Math.rint(alpha) ? k.apply(x, c.longValue(1, "other") * (long) alpha)
        : h.apply(x, c.number(1, "other") * alpha);
  }

  /** The call, whose first argument must be a tensor. */
  private static Call method(Call c) {
    c.tensor(0, "input");
    return c;
  }

  /** The first operand, which may be a number if the other is a tensor. */
  private static Tensor first(Call c) {
    return c.isTensor(0, "input") || !c.isTensor(1, "other") ? c.input() : c.scalar(0, "input", c.tensor(1, "other"));
  }

  private static Tensor quotient(Call c) {
    String mode = c.stringOr("rounding_mode", "");
    if (mode.isEmpty()) {
      return c.combine(first(c), 1, "other", Tensor::div, Tensor::div, Tensor::div);
    }
    Rounding r = switch (mode) {
      case "floor" -> Rounding.FLOOR;
      case "trunc" -> Rounding.TRUNC;
      default -> throw new MismatchException("rounding " + mode);
    };
    return c.combine(first(c), 1, "other", (x, y) -> x.div(y, r), (x, y) -> x.div(y, r), (x, y) -> x.div(y, r));
  }

  private static Tensor power(Call c, BinaryOperator<Tensor> f, Call.WithDouble g, Call.WithLong h) {
    if (c.isTensor(0, "input")) {
      return c.combine(c.input(), 1, "exponent", f, g, h);
    }
    Tensor x = c.tensor(1, "exponent");
    return c.isIntegral(0, "self") ? x.rpow(c.longValue(0, "self")) : x.rpow(c.number(0, "self"));
  }

  private static void bounded(Apis apis) {
    apis.add("torch.clamp", PointwiseApis::clamp);
    apis.add("torch.clamp_min", c -> c.combine(c.input(), 1, "min", Tensor::clampMin, Tensor::clampMin, Tensor::clampMin));
    apis.add("torch.clamp_max", c -> c.combine(c.input(), 1, "max", Tensor::clampMax, Tensor::clampMax, Tensor::clampMax));
  }

  private static Tensor clamp(Call c) {
    Tensor x = c.input();
    boolean low = c.has(1, "min");
    boolean high = c.has(2, "max");
    if (!low && !high) {
      throw new ArgumentException("clamp: neither min nor max is given");
    }
    if (!low || !high) {
      c.ignoring(low ? "max" : "min");
      return low ? c.combine(x, 1, "min", Tensor::clampMin, Tensor::clampMin, Tensor::clampMin)
          : c.combine(x, 2, "max", Tensor::clampMax, Tensor::clampMax, Tensor::clampMax);
    }
    if (c.isTensor(1, "min") || c.isTensor(2, "max")) {
      return x.clamp(c.tensor(1, "min"), c.tensor(2, "max"));
    }
    return c.isIntegral(1, "min") && c.isIntegral(2, "max")
        ? x.clamp(c.longValue(1, "min"), c.longValue(2, "max")) : x.clamp(c.number(1, "min"), c.number(2, "max"));
  }

  private static void comparisons(Apis apis) {
    apis.add("torch.eq", c -> c.combine(Tensor::eq, Tensor::eq, Tensor::eq));
    apis.add("torch.ne", c -> c.combine(Tensor::ne, Tensor::ne, Tensor::ne));
    apis.add("torch.lt", c -> c.combine(Tensor::lt, Tensor::lt, Tensor::lt));
    apis.add("torch.le", c -> c.combine(Tensor::le, Tensor::le, Tensor::le));
    apis.add("torch.gt", c -> c.combine(Tensor::gt, Tensor::gt, Tensor::gt));
    apis.add("torch.ge", c -> c.combine(Tensor::ge, Tensor::ge, Tensor::ge));
    apis.add("torch.isclose", c -> c.input().isClose(
        c.tensor(1, "other"), c.numberOr(2, "rtol", 1e-5), c.numberOr(3, "atol", 1e-8), c.boolOr(4, "equal_nan", false)));
    two(apis, "logical_and", Tensor::logicalAnd);
    two(apis, "logical_or", Tensor::logicalOr);
    two(apis, "logical_xor", Tensor::logicalXor);
    bits(apis, "bitwise_and", Tensor::and);
    bits(apis, "bitwise_or", Tensor::or);
    bits(apis, "bitwise_xor", Tensor::xor);
    bits(apis, "bitwise_left_shift", Tensor::bitwiseLeftShift);
    bits(apis, "bitwise_right_shift", Tensor::bitwiseRightShift);
  }

  private static void bits(Apis apis, String name, BinaryOperator<Tensor> f) {
    apis.add("torch.Tensor." + name, c -> {
      Tensor x = c.tensor(0, "self");
      return f.apply(x, c.isTensor(1, "other") ? c.tensor(1, "other") : c.scalar(1, "other", x));
    });
    apis.add("torch." + name, c -> {
      Tensor x = c.isTensor(0, "input") ? c.input() : c.scalar(0, "input", c.tensor(1, "other"));
      return f.apply(x, c.isTensor(1, "other") ? c.tensor(1, "other") : c.scalar(1, "other", x));
    });
  }

  private static void types(Apis apis) {
    convert(apis, "bool", DType.BOOL);
    convert(apis, "byte", DType.UINT8);
    convert(apis, "char", DType.INT8);
    convert(apis, "short", DType.INT16);
    convert(apis, "int", DType.INT32);
    convert(apis, "long", DType.INT64);
    convert(apis, "half", DType.FLOAT16);
    convert(apis, "bfloat16", DType.BFLOAT16);
    convert(apis, "float", DType.FLOAT32);
    convert(apis, "double", DType.FLOAT64);
    apis.add("torch.Tensor.to", PointwiseApis::to);
  }

  private static void convert(Apis apis, String name, DType type) {
    apis.add("torch.Tensor." + name, c -> c.ignoring("memory_format").tensor(0, "self").to(type));
  }

  /** to(other), to(dtype), to(device, dtype): copies are no different from views here, since values are immutable. */
  private static Tensor to(Call c) {
    c.ignoring("memory_format", "non_blocking", "copy");
    Tensor x = c.tensor(0, "self");
    for (int i = 1; i < c.count(); i++) {
      x = c.isTensor(i, "") ? x.to(c.tensor(i, "").dtype()) : c.isDtype(i, "") ? x.to(c.dtype(i, "")) : x;
      c.ignoring(i);
    }
    return c.has("dtype") ? x.to(c.dtype(-1, "dtype")) : x;
  }
}
