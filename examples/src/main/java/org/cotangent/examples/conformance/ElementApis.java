package org.cotangent.examples.conformance;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.TensorElements.Binary;

/** Further functions of single elements, and the special functions. */
final class ElementApis {
  private ElementApis() {}

  static void register(Apis apis) {
    pairs(apis);
    numbers(apis);
    special(apis);
    reversed(apis);
  }

  private static void two(Apis apis, String name, BinaryOperator<Tensor> f) {
    apis.add("torch." + name, c -> f.apply(c.input(), c.tensor(1, "other")));
  }

  private static void one(Apis apis, String name, UnaryOperator<Tensor> f) {
    apis.add("torch." + name, c -> f.apply(c.input()));
  }

  private static void pairs(Apis apis) {
    two(apis, "fmax", Tensor::fmax);
    two(apis, "fmin", Tensor::fmin);
    two(apis, "hypot", Tensor::hypot);
    two(apis, "ldexp", Tensor::ldexp);
    two(apis, "nextafter", Tensor::nextafter);
    two(apis, "gcd", Tensor::gcd);
    two(apis, "lcm", Tensor::lcm);
    apis.add("torch.heaviside", c -> c.input().heaviside(c.tensor(1, "values")));
    apis.add("torch.equal", c -> Tensor.scalar(c.input().equal(c.tensor(1, "other"))));
    apis.add("torch.allclose", c -> Tensor.scalar(c.input().allClose(c.tensor(1, "other"),
        c.numberOr(2, "rtol", 1e-5), c.numberOr(3, "atol", 1e-8), c.boolOr(4, "equal_nan", false))));
  }

  private static void numbers(Apis apis) {
    one(apis, "sgn", Tensor::sgn);
    one(apis, "angle", Tensor::angle);
    one(apis, "isreal", Tensor::isReal);
    for (String same : List.of("real", "conj", "conj_physical", "resolve_conj", "resolve_neg")) {
      one(apis, same, x -> x.view(x.shape().dims()));
    }
    apis.add("torch.frexp", c -> {
      Binary b = c.input().frexp();
      return List.of(b.mantissa(), b.exponent());
    });
    apis.add("torch.nan_to_num", ElementApis::nanToNum);
    apis.add("torch.mvlgamma", c -> c.input().mvlgamma(c.integer(1, "p")));
    apis.add("torch.special.multigammaln", c -> c.input().mvlgamma(c.integer(1, "p")));
  }

  private static Tensor nanToNum(Call c) {
    Tensor x = c.input();
    if (!c.has(1, "nan") && !c.has(2, "posinf") && !c.has(3, "neginf")) {
      c.ignoring("nan", "posinf", "neginf");
      return x.nanToNum();
    }
    Tensor ends = Tensor.full(Shape.of(2), Double.POSITIVE_INFINITY, x.dtype().orFloat(), x.device()).nanToNum();
    double most = ends.select(0, 0).item();
    return x.nanToNum(c.numberOr(1, "nan", 0), c.numberOr(2, "posinf", most), c.numberOr(3, "neginf", -most));
  }

  private static void special(Apis apis) {
    one(apis, "i0", Tensor::i0);
    one(apis, "special.i0", Tensor::i0);
    one(apis, "special.i0e", Tensor::i0e);
    one(apis, "special.i1", Tensor::i1);
    one(apis, "special.i1e", Tensor::i1e);
    one(apis, "special.ndtr", Tensor::ndtr);
    one(apis, "special.log_ndtr", Tensor::logNdtr);
    one(apis, "special.ndtri", Tensor::ndtri);
    one(apis, "special.erfcx", Tensor::erfcx);
    one(apis, "special.entr", Tensor::entr);
    apis.add("torch.special.zeta", c -> c.isTensor(0, "input")
        ? c.isTensor(1, "other") ? c.input().zeta(c.tensor(1, "other")) : c.input().zeta(c.number(1, "other"))
        : c.scalar(0, "input", c.tensor(1, "other")).zeta(c.tensor(1, "other")));
    apis.add("torch.special.polygamma", c -> c.tensor(1, "input").polygamma(c.integer(0, "n")));
  }

  /** Python's operators with the tensor on the right; PyTorch's power takes its base as a constant. */
  private static void reversed(Apis apis) {
    apis.add("torch.Tensor.__rdiv__", c -> c.combine(c.tensor(0, "self"), 1, "other", (x, y) -> x.reciprocal().mul(y), Tensor::rdiv, Tensor::rdiv));
    apis.add("torch.Tensor.__rsub__", c -> c.combine(c.tensor(0, "self"), 1, "other", Tensor::rsub, Tensor::rsub, Tensor::rsub));
    apis.add("torch.Tensor.__rpow__", c -> c.combine(c.tensor(0, "self"), 1, "other", (x, y) -> y.detach().pow(x), Tensor::rpow, Tensor::rpow));
    apis.add("torch.Tensor.__rmod__", c -> {
      Tensor x = c.tensor(0, "self");
      return (c.isTensor(1, "other") ? c.tensor(1, "other") : c.scalar(1, "other", x)).remainder(x);
    });
  }
}
