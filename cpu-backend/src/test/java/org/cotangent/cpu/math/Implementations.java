package org.cotangent.cpu.math;

import java.util.List;
import java.util.stream.Stream;
import org.cotangent.cpu.vector.VectorElementwise;

/** The implementations that this process can run, by name. */
final class Implementations {
  private Implementations() {}

  static Stream<String> names() {
    return (MathProvider.vectorModulePresent() ? List.of("scalar", "vector") : List.of("scalar")).stream();
  }

  static Elementwise named(String name) {
    return name.equals("scalar") ? new ScalarElementwise() : new VectorElementwise(true);
  }

  /** A float32 function of an implementation. */
  @FunctionalInterface
  interface Floats {
    void run(Elementwise e, float[] x, int xo, float[] y, int yo, int n);
  }

  /** A float64 function of an implementation. */
  @FunctionalInterface
  interface Doubles {
    void run(Elementwise e, double[] x, int xo, double[] y, int yo, int n);
  }

  /** Both forms of one function. */
  record Function(String name, Floats floats, Doubles doubles) {
    float at(Elementwise e, float x) {
      float[] y = {x};
      floats.run(e, y, 0, y, 0, 1);
      return y[0];
    }

    double at(Elementwise e, double x) {
      double[] y = {x};
      doubles.run(e, y, 0, y, 0, 1);
      return y[0];
    }
  }

  static final List<Function> FUNCTIONS = List.of(
      new Function("exp", Elementwise::exp, Elementwise::exp),
      new Function("expm1", Elementwise::expm1, Elementwise::expm1),
      new Function("log", Elementwise::log, Elementwise::log),
      new Function("log1p", Elementwise::log1p, Elementwise::log1p),
      new Function("log2", Elementwise::log2, Elementwise::log2),
      new Function("log10", Elementwise::log10, Elementwise::log10),
      new Function("sqrt", Elementwise::sqrt, Elementwise::sqrt),
      new Function("rsqrt", Elementwise::rsqrt, Elementwise::rsqrt),
      new Function("sin", Elementwise::sin, Elementwise::sin),
      new Function("cos", Elementwise::cos, Elementwise::cos),
      new Function("tan", Elementwise::tan, Elementwise::tan),
      new Function("asin", Elementwise::asin, Elementwise::asin),
      new Function("acos", Elementwise::acos, Elementwise::acos),
      new Function("atan", Elementwise::atan, Elementwise::atan),
      new Function("sinh", Elementwise::sinh, Elementwise::sinh),
      new Function("cosh", Elementwise::cosh, Elementwise::cosh),
      new Function("tanh", Elementwise::tanh, Elementwise::tanh),
      new Function("asinh", Elementwise::asinh, Elementwise::asinh),
      new Function("acosh", Elementwise::acosh, Elementwise::acosh),
      new Function("atanh", Elementwise::atanh, Elementwise::atanh),
      new Function("erf", Elementwise::erf, Elementwise::erf),
      new Function("erfc", Elementwise::erfc, Elementwise::erfc),
      new Function("erfinv", Elementwise::erfinv, Elementwise::erfinv),
      new Function("sigmoid", Elementwise::sigmoid, Elementwise::sigmoid),
      new Function("softplus", Elementwise::softplus, Elementwise::softplus),
      new Function("lgamma", Elementwise::lgamma, Elementwise::lgamma),
      new Function("digamma", Elementwise::digamma, Elementwise::digamma));

  static Function function(String name) {
    return FUNCTIONS.stream().filter(f -> f.name().equals(name)).findFirst().orElseThrow();
  }
}
