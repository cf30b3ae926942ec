package org.cotangent.examples.conformance;

import java.util.List;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.TensorReduce.Indexed;
import org.cotangent.ops.AdaptivePooling;
import org.cotangent.ops.ConvOptions;
import org.cotangent.ops.Convolution;
import org.cotangent.ops.NormOptions;
import org.cotangent.ops.Norms;
import org.cotangent.ops.Padding;
import org.cotangent.ops.PoolOptions;
import org.cotangent.ops.Pooling;

/** torch.nn.functional: convolutions, pooling, padding and normalisation. */
final class LayerApis {
  private static final String F = "torch.nn.functional.";

  private LayerApis() {}

  private interface Conv {
    Tensor apply(Tensor x, Tensor weight, ConvOptions o);
  }

  private interface ConvBias {
    Tensor apply(Tensor x, Tensor weight, Tensor bias, ConvOptions o);
  }

  private interface Pool {
    Tensor apply(Tensor x, PoolOptions o);
  }

  private interface PoolWithIndices {
    Indexed apply(Tensor x, PoolOptions o);
  }

  static void register(Apis apis) {
    apis.add(F + "conv1d", c -> conv(c, Convolution::conv1d, Convolution::conv1d));
    apis.add(F + "conv2d", c -> conv(c, Convolution::conv2d, Convolution::conv2d));
    apis.add(F + "conv3d", c -> conv(c, Convolution::conv3d, Convolution::conv3d));
    apis.add(F + "conv_transpose1d", c -> transposed(c, Convolution::convTranspose1d, Convolution::convTranspose1d));
    apis.add(F + "conv_transpose2d", c -> transposed(c, Convolution::convTranspose2d, Convolution::convTranspose2d));
    apis.add(F + "conv_transpose3d", c -> transposed(c, Convolution::convTranspose3d, Convolution::convTranspose3d));
    apis.add(F + "avg_pool1d", c -> avg(c, Pooling::avgPool1d));
    apis.add(F + "avg_pool2d", c -> avg(c, Pooling::avgPool2d));
    apis.add(F + "avg_pool3d", c -> avg(c, Pooling::avgPool3d));
    max(apis, "max_pool1d", Pooling::maxPool1dWithIndices);
    max(apis, "max_pool2d", Pooling::maxPool2dWithIndices);
    max(apis, "max_pool3d", Pooling::maxPool3dWithIndices);
    adaptive(apis);
    apis.add(F + "pad", LayerApis::pad);
    norms(apis);
  }

  private static Tensor conv(Call c, Conv plain, ConvBias biased) {
    ConvOptions o = ConvOptions.DEFAULT.stride(c.intsOr(3, "stride", 1)).dilation(c.intsOr(5, "dilation", 1))
        .groups(c.intOr(6, "groups", 1));
    if (c.isString(4, "padding")) {
      o = switch (c.string(4, "padding")) {
        case "same" -> o.samePadding();
        case "valid" -> o;
        default -> throw new MismatchException("padding " + c.string(4, "padding"));
      };
    } else {
      o = o.padding(c.intsOr(4, "padding", 0));
    }
    return apply(c, o, plain, biased);
  }

  private static Tensor transposed(Call c, Conv plain, ConvBias biased) {
    ConvOptions o = ConvOptions.DEFAULT.stride(c.intsOr(3, "stride", 1)).padding(c.intsOr(4, "padding", 0))
        .outputPadding(c.intsOr(5, "output_padding", 0)).groups(c.intOr(6, "groups", 1)).dilation(c.intsOr(7, "dilation", 1));
    return apply(c, o, plain, biased);
  }

  private static Tensor apply(Call c, ConvOptions o, Conv plain, ConvBias biased) {
    Tensor x = c.tensor(0, "input");
    Tensor w = c.tensor(1, "weight");
    if (c.has(2, "bias")) {
      return biased.apply(x, w, c.tensor(2, "bias"), o);
    }
    c.tagged(2, "bias");
    return plain.apply(x, w, o);
  }

  private static Tensor avg(Call c, Pool pool) {
    PoolOptions o = PoolOptions.of(c.ints(1, "kernel_size")).stride(c.intsOr(2, "stride")).padding(c.intsOr(3, "padding", 0))
        .ceilMode(c.boolOr(4, "ceil_mode", false)).countIncludePad(c.boolOr(5, "count_include_pad", true));
    if (c.has(6, "divisor_override")) {
      o = o.divisor(c.integer(6, "divisor_override"));
    }
    c.tagged(6, "divisor_override");
    return pool.apply(c.tensor(0, "input"), o);
  }

  private static void max(Apis apis, String name, PoolWithIndices pool) {
    apis.add(F + name, c -> max(c, pool));
    apis.add(F + name + "_with_indices", c -> max(c, pool));
  }

  private static Object max(Call c, PoolWithIndices pool) {
    PoolOptions o = PoolOptions.of(c.ints(1, "kernel_size")).stride(c.intsOr(2, "stride")).padding(c.intsOr(3, "padding", 0))
        .dilation(c.intsOr(4, "dilation", 1)).ceilMode(c.boolOr(5, "ceil_mode", false));
    Indexed r = pool.apply(c.tensor(0, "input"), o);
    return c.boolOr(6, "return_indices", false) ? new Tensor[] {r.values(), r.indices()} : r.values();
  }

  private static void adaptive(Apis apis) {
    for (int n = 1; n <= 3; n++) {
      int axes = n;
      apis.add(F + "adaptive_avg_pool" + n + "d", c -> AdaptivePooling.avgPool(c.tensor(0, "input"), sizes(c, axes)));
      for (String name : new String[] {"adaptive_max_pool" + n + "d", "adaptive_max_pool" + n + "d_with_indices"}) {
        apis.add(F + name, c -> {
          Indexed r = AdaptivePooling.maxPoolWithIndices(c.tensor(0, "input"), sizes(c, axes));
          return c.boolOr(2, "return_indices", false) ? new Tensor[] {r.values(), r.indices()} : r.values();
        });
      }
    }
  }

  /** One size for each axis; None keeps an axis. */
  private static int[] sizes(Call c, int axes) {
    Object items = c.tagged(1, "output_size").get("items");
    int[] given = items == null ? c.ints(1, "output_size")
        : Json.list(items).stream().mapToInt(v -> Json.map(v).containsKey("none") ? -1 : (int) Json.number(Json.map(v).get("int")))
            .toArray();
    int[] r = new int[axes];
    java.util.Arrays.fill(r, given[0]);
    return given.length == axes ? given : r;
  }

  private static Tensor pad(Call c) {
    Tensor x = c.tensor(0, "input");
    int[] p = c.ints(1, "pad");
    String mode = c.stringOr(2, "mode", "constant");
    double value = c.numberOr(3, "value", 0);
    return switch (mode) {
      case "constant" -> Padding.constant(x, value, p);
      case "reflect" -> Padding.reflect(x, p);
      case "replicate" -> Padding.replicate(x, p);
      case "circular" -> Padding.circular(x, p);
      default -> throw new MismatchException("mode " + mode);
    };
  }

  private static void norms(Apis apis) {
    apis.add(F + "batch_norm", c -> Norms.batchNorm(c.tensor(0, "input"), options(c, c.boolOr(5, "training", false))));
    apis.add(F + "instance_norm", c -> Norms.instanceNorm(c.tensor(0, "input"), options(c, c.boolOr(5, "use_input_stats", true))));
    apis.add(F + "group_norm", c -> {
      NormOptions o = NormOptions.DEFAULT.eps(c.numberOr(4, "eps", 1e-5));
      o = c.has(2, "weight") ? o.weight(c.tensor(2, "weight")) : o;
      return Norms.groupNorm(c.tensor(0, "input"), c.integer(1, "num_groups"), c.has(3, "bias") ? o.bias(c.tensor(3, "bias")) : o);
    });
    apis.add(F + "layer_norm", LayerApis::layerNorm);
    apis.add(F + "normalize", c -> Norms.normalize(
        c.tensor(0, "input"), c.numberOr(1, "p", 2), c.intOr(2, "dim", 1), c.numberOr(3, "eps", 1e-12)));
    apis.add(F + "local_response_norm", c -> Norms.localResponseNorm(c.tensor(0, "input"), c.integer(1, "size"),
        c.numberOr(2, "alpha", 1e-4), c.numberOr(3, "beta", 0.75), c.numberOr(4, "k", 1)));
  }

  private static NormOptions options(Call c, boolean training) {
    NormOptions o = NormOptions.DEFAULT.training(training).momentum(c.numberOr(6, "momentum", 0.1)).eps(c.numberOr(7, "eps", 1e-5));
    o = c.has(1, "running_mean") ? o.running(c.tensor(1, "running_mean"), c.tensor(2, "running_var")) : o;
    o = c.has(3, "weight") ? o.weight(c.tensor(3, "weight")) : o;
    for (int i = 1; i < Math.min(c.count(), 5); i++) {
      c.tagged(i, "");
    }
    return c.has(4, "bias") ? o.bias(c.tensor(4, "bias")) : o;
  }

  private static Tensor layerNorm(Call c) {
    Tensor x = c.tensor(0, "input");
    Shape s = Shape.of(c.ints(1, "normalized_shape"));
    double eps = c.numberOr(4, "eps", 1e-5);
    List<String> given = java.util.stream.Stream.of("weight", "bias").filter(n -> c.has(n.equals("weight") ? 2 : 3, n)).toList();
    if (given.size() == 2) {
      return Norms.layerNorm(x, s, c.tensor(2, "weight"), c.tensor(3, "bias"), eps);
    }
    if (given.isEmpty()) {
      return Norms.layerNorm(x, s, eps);
    }
    return given.contains("weight") ? Norms.layerNorm(x, s, c.tensor(2, "weight"), eps) : Norms.layerNorm(x, s, eps)
        .add(c.tensor(3, "bias"));
  }
}
