package org.cotangent.examples.conformance;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** PyTorch's second names of functions. */
final class AliasApis {
  private static final Map<String, String> OF = new TreeMap<>(Map.ofEntries(
      Map.entry("absolute", "abs"), Map.entry("arccos", "acos"), Map.entry("arccosh", "acosh"), Map.entry("arcsin", "asin"),
      Map.entry("arcsinh", "asinh"), Map.entry("arctan", "atan"), Map.entry("arctan2", "atan2"), Map.entry("arctanh", "atanh"),
      Map.entry("clip", "clamp"), Map.entry("concat", "cat"), Map.entry("concatenate", "cat"), Map.entry("divide", "div"),
      Map.entry("fix", "trunc"), Map.entry("ger", "outer"), Map.entry("greater", "gt"), Map.entry("greater_equal", "ge"),
      Map.entry("less", "lt"), Map.entry("less_equal", "le"), Map.entry("multiply", "mul"), Map.entry("negative", "neg"),
      Map.entry("not_equal", "ne"), Map.entry("row_stack", "vstack"), Map.entry("subtract", "sub"), Map.entry("unsafe_chunk", "chunk"),
      Map.entry("unsafe_split", "split"), Map.entry("adjoint", "Tensor.mH"), Map.entry("orgqr", "linalg.householder_product"),
      Map.entry("special.expit", "sigmoid"), Map.entry("special.gammaln", "lgamma"), Map.entry("special.psi", "digamma")));
  private static final List<String> SPECIAL = List.of("digamma", "erf", "erfc", "erfinv", "exp2", "expm1", "log1p", "log_softmax", "logit",
      "logsumexp", "round", "sinc", "softmax", "xlogy");

  private AliasApis() {}

  /** PyTorch's first name of an alias; the name itself if it is none. */
  static String first(String api) {
    String name = api.replaceFirst("^torch\\.", "");
    boolean special = name.startsWith("special.") && SPECIAL.contains(name.substring(8));
    return special ? "torch." + name.substring(8) : OF.containsKey(name) ? "torch." + OF.get(name) : api;
  }

  /** Comes after all others. */
  static void register(Apis apis) {
    OF.forEach((alias, name) -> alias(apis, "torch." + alias, "torch." + name));
    for (String name : SPECIAL) {
      alias(apis, "torch.special." + name, "torch." + name);
    }
  }

  private static void alias(Apis apis, String alias, String name) {
    if (apis.find(alias).isEmpty()) {
      apis.alias(alias, name);
    }
  }
}
