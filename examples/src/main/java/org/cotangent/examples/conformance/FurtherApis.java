package org.cotangent.examples.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cotangent.DType;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.TensorScatter.Combination;
import org.cotangent.ops.Histograms;
import org.cotangent.ops.IncompleteGamma;
import org.cotangent.ops.Linalg;
import org.cotangent.ops.NormOptions;
import org.cotangent.ops.Norms;
import org.cotangent.ops.Polynomials;
import org.cotangent.ops.RankOptions;
import org.cotangent.ops.Segments;
import org.cotangent.ops.Windows;

/** Rarer special functions, segments, and the calls under which PyTorch gives more than its functions do. */
final class FurtherApis {
  private static final String S = "torch.special.";

  private FurtherApis() {}

  private interface OfDegree {
    Tensor apply(Tensor x, Tensor n);
  }

  static void register(Apis apis) {
    for (String name : List.of("torch.igamma", S + "gammainc")) {
      apis.add(name, c -> IncompleteGamma.igamma(c.input(), c.tensor(1, "other")));
    }
    for (String name : List.of("torch.igammac", S + "gammaincc")) {
      apis.add(name, c -> IncompleteGamma.igammac(c.input(), c.tensor(1, "other")));
    }
    polynomials(apis);
    apis.add("torch.segment_reduce", FurtherApis::segments);
    apis.add("torch.unravel_index", c -> c.tensor(0, "indices").unravelIndex(c.ints(1, "shape")));
    apis.add("torch.histogramdd", FurtherApis::histogramdd);
    windows(apis);
    apis.add("torch.spmm", c -> c.tensor(0, "input").mm(c.tensor(1, "mat2")));
    apis.add("torch.native_layer_norm", FurtherApis::nativeLayerNorm);
    apis.add("torch.native_batch_norm", FurtherApis::nativeBatchNorm);
    apis.add("torch.symeig", FurtherApis::symeig);
    composites(apis);
    reflected(apis);
  }

  /** What Python makes of a number or a tensor before a tensor. */
  private static void reflected(Apis apis) {
    String t = "torch.Tensor.";
    apis.add(t + "__radd__", c -> c.combine(c.tensor(0, "self"), 1, "other", Tensor::add, Tensor::add, Tensor::add));
    apis.add(t + "__rmul__", c -> c.combine(c.tensor(0, "self"), 1, "other", Tensor::mul, Tensor::mul, Tensor::mul));
    apis.add(t + "__rtruediv__", c -> c.combine(c.tensor(0, "self"), 1, "other", (x, y) -> x.reciprocal().mul(y), Tensor::rdiv, Tensor::rdiv));
    apis.add(t + "__rand__", c -> c.tensor(0, "self").and(other(c)));
    apis.add(t + "__ror__", c -> c.tensor(0, "self").or(other(c)));
    apis.add(t + "__rxor__", c -> c.tensor(0, "self").xor(other(c)));
  }

  private static Tensor other(Call c) {
    return c.isTensor(1, "other") ? c.tensor(1, "other") : c.scalar(1, "other", c.tensor(0, "self"));
  }

  private static void polynomials(Apis apis) {
    polynomial(apis, "chebyshev_polynomial_t", Polynomials::chebyshevPolynomialT);
    polynomial(apis, "chebyshev_polynomial_u", Polynomials::chebyshevPolynomialU);
    polynomial(apis, "chebyshev_polynomial_v", Polynomials::chebyshevPolynomialV);
    polynomial(apis, "chebyshev_polynomial_w", Polynomials::chebyshevPolynomialW);
    polynomial(apis, "shifted_chebyshev_polynomial_t", Polynomials::shiftedChebyshevPolynomialT);
    polynomial(apis, "shifted_chebyshev_polynomial_u", Polynomials::shiftedChebyshevPolynomialU);
    polynomial(apis, "shifted_chebyshev_polynomial_v", Polynomials::shiftedChebyshevPolynomialV);
    polynomial(apis, "shifted_chebyshev_polynomial_w", Polynomials::shiftedChebyshevPolynomialW);
    polynomial(apis, "hermite_polynomial_h", Polynomials::hermitePolynomialH);
    polynomial(apis, "hermite_polynomial_he", Polynomials::hermitePolynomialHe);
    polynomial(apis, "laguerre_polynomial_l", Polynomials::laguerrePolynomialL);
    polynomial(apis, "legendre_polynomial_p", Polynomials::legendrePolynomialP);
  }

  private static void polynomial(Apis apis, String name, OfDegree f) {
    apis.add(S + name, c -> {
      boolean given = c.isTensor(0, "x");
      Tensor n = c.isTensor(1, "n") ? c.tensor(1, "n") : given ? c.scalar(1, "n", c.tensor(0, "x")) : mismatch("two numbers");
      return f.apply(given ? c.tensor(0, "x") : c.scalar(0, "x", n), n);
    });
  }

  private static Tensor mismatch(String what) {
    throw new MismatchException(what);
  }

  private static Tensor segments(Call c) {
    Tensor x = c.tensor(0, "data");
    int axis = c.intOr(-1, "axis", 0);
    Combination how = switch (c.string(1, "reduce")) {
      case "max" -> Combination.AMAX;
      case "min" -> Combination.AMIN;
      case "mean" -> Combination.MEAN;
      case "sum" -> Combination.SUM;
      case "prod" -> Combination.PROD;
      default -> throw new MismatchException("reduce " + c.string(1, "reduce"));
    };
    Tensor lengths = c.has("offsets") ? c.tensor(-1, "offsets").diff(1, -1) : c.tensor(-1, "lengths");
    c.ignoring("lengths", "offsets", "indices");
    if (c.boolOr("unsafe", false) && lengths.rank() == 1) { // may name fewer elements than there are
      x = x.narrow(0, 0, Math.toIntExact(lengths.sum().itemLong()));
    }
    return c.has("initial") ? Segments.segmentReduce(x, lengths, axis, how, c.number(-1, "initial"))
        : Segments.segmentReduce(x, lengths, axis, how);
  }

  private static Object histogramdd(Call c) {
    Tensor x = c.input();
    Tensor w = c.has("weight") ? c.tensor(-1, "weight")
        : Tensor.full(x.shape().without(Math.max(0, x.rank() - 1)), 1, x.dtype(), x.device());
    boolean density = c.ignoring("weight").boolOr("density", false);
    double[] ranges = c.has("range") ? c.numbers(-1, "range") : new double[0];
    c.ignoring("range");
    int[] all = new int[x.rank() == 0 ? 0 : x.size(-1)];
    if (c.isInt(1, "bins")) {
      Arrays.fill(all, c.integer(1, "bins"));
    }
    var boxes = c.isTensors(1, "bins") ? Histograms.histogramdd(x, c.tensors(1, "bins"), w, density)
        : Histograms.histogramdd(x, c.isInt(1, "bins") ? all : c.ints(1, "bins"), ranges, w, density);
    var r = new ArrayList<>(List.of(boxes.counts()));
    r.addAll(List.of(boxes.edges()));
    return r;
  }

  private interface Window {
    Tensor of(int n, boolean periodic);
  }

  private static void windows(Apis apis) {
    window(apis, "hann_window", Windows::hannWindow);
    window(apis, "hamming_window", Windows::hammingWindow);
    window(apis, "blackman_window", Windows::blackmanWindow);
    window(apis, "bartlett_window", Windows::bartlettWindow);
    apis.add("torch.kaiser_window", c -> made(c, Windows.kaiserWindow(
        c.integer(0, "window_length"), c.boolOr(1, "periodic", true), c.numberOr(2, "beta", 12))));
  }

  private static void window(Apis apis, String name, Window f) {
    apis.add("torch." + name, c -> made(c, f.of(c.integer(0, "window_length"), c.boolOr(1, "periodic", true))));
  }

  private static Tensor made(Call c, Tensor x) {
    return x.to(c.ignoring("device", "layout", "pin_memory", "requires_grad").dtypeOr("dtype", x.dtype())).to(c.device());
  }

  /** The result, the means and the inverses of the deviations. */
  private static Tensor[] nativeLayerNorm(Call c) {
    Tensor x = c.input();
    Shape s = Shape.of(c.ints(1, "normalized_shape"));
    double eps = c.number(4, "eps");
    Tensor y = Norms.layerNorm(x, s, eps);
    Tensor weight = c.has(2, "weight") ? c.tensor(2, "weight") : Tensor.full(s, 1, x.dtype(), x.device());
    Tensor bias = c.has(3, "bias") ? c.tensor(3, "bias") : Tensor.full(s, 0, x.dtype(), x.device());
    if (c.has(2, "weight") || c.has(3, "bias")) {
      y = Norms.layerNorm(x, s, weight, bias, eps);
    }
    c.ignoring(2, 3);
    int[] axes = new int[s.rank()];
    Arrays.setAll(axes, i -> i - axes.length);
    Tensor known = x.detach();
    return new Tensor[] {y, known.mean(axes, true), known.var(axes, 0, true).add(eps).rsqrt()};
  }

  private static Tensor[] nativeBatchNorm(Call c) {
    Tensor x = c.input();
    boolean training = c.bool(5, "training");
    double eps = c.number(7, "eps");
    NormOptions o = NormOptions.DEFAULT.training(training).momentum(c.number(6, "momentum")).eps(eps);
    o = c.has(1, "weight") ? o.weight(c.tensor(1, "weight")) : o;
    o = c.has(2, "bias") ? o.bias(c.tensor(2, "bias")) : o;
    if (c.has(3, "running_mean")) {
      o = o.running(c.tensor(3, "running_mean").detach().copy(), c.tensor(4, "running_var").detach().copy());
    }
    c.ignoring(1, 2, 3, 4);
    Tensor y = Norms.batchNorm(x, o);
    if (!training) {
      Tensor none = Tensor.full(Shape.of(0), 0, x.dtype(), x.device());
      return new Tensor[] {y, none, none.copy()};
    }
    int[] axes = new int[x.rank() - 1];
    Arrays.setAll(axes, i -> i == 0 ? 0 : i + 1);
    Tensor known = x.detach();
    return new Tensor[] {y, known.mean(axes, false), known.var(axes, 0, false).add(eps).rsqrt()};
  }

  private static Object symeig(Call c) {
    Tensor a = c.input();
    boolean vectors = c.boolOr(1, "eigenvectors", false);
    Linalg.Eigen e = Linalg.eigh(a, c.boolOr(2, "upper", true));
    return List.of(e.values(), vectors ? e.vectors() : Tensor.full(Shape.of(0), 0, a.dtype(), a.device()));
  }

  /** Calls that PyTorch's samples make of several. */
  private static void composites(Apis apis) {
    apis.add("composite:fill", c -> {
      Tensor x = c.tensor(0, "input").copy();
      return c.isTensor(1, "value") ? x.fill(c.tensor(1, "value")) : x.fill(c.number(1, "value"));
    });
    apis.add("composite:histogramdd", FurtherApis::histogramdd);
    apis.add("composite:broadcast_shapes", FurtherApis::broadcastShapes);
    apis.add("torch.broadcast_shapes", FurtherApis::broadcastShapes);
    apis.add("composite:resize_", c -> c.tensor(0, "input").copy().reshape(c.ints(1, "size")));
    apis.add("composite:resize_as_", c -> c.tensor(0, "input").copy().reshape(c.tensor(1, "other").shape().dims()));
    apis.add("composite:linalg.pinv", c -> {
      c.ignoring("out");
      return Linalg.pinv(c.tensor(0, "a").matmul(c.tensor(1, "b").mT()), RankOptions.DEFAULT);
    });
  }

  /** The sizes of the shape, each a scalar. */
  private static Object broadcastShapes(Call c) {
    Shape[] shapes = new Shape[c.count()];
    Arrays.setAll(shapes, i -> Shape.of(c.ints(i, "shapes")));
    return Arrays.stream(Shape.broadcast(shapes).dims()).mapToObj(n -> Tensor.scalar((long) n)).toList();
  }
}
