package org.cotangent.networks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.Gradients;
import org.cotangent.Tensor;
import org.cotangent.nn.Layer;

/** Modules that PyTorch 1.13 ran: {@code networks.txt}, printed by {@code networks.py}. */
final class Recorded {
  /** What is compared of a layer. */
  interface Call {
    /** The outputs for these inputs. */
    Tensor[] of(Tensor... inputs);
  }

  private final String name;
  private final Map<String, Tensor> parts = new LinkedHashMap<>();

  private Recorded(String name) {
    this.name = name;
    for (String line : lines()) {
      String[] f = line.split("\\|", -1);
      if (f[0].equals(name)) {
        parts.put(f[1], Tensor.of(numbers(f[3]), Arrays.stream(f[2].split(" ")).filter(s ->
            !s.isEmpty()).mapToInt(Integer::parseInt).toArray()));
      }
    }
    assertThat(parts).as(name).isNotEmpty();
  }

  static Recorded of(String name) {
    return new Recorded(name);
  }

  static List<String> lines() {
    try (var in = Recorded.class.getResourceAsStream("networks.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double[] numbers(String s) {
    return Arrays.stream(s.split(" ")).filter(v -> !v.isEmpty()).mapToDouble(Double::parseDouble).toArray();
  }

  private Map<String, Tensor> all(String what) {
    var r = new LinkedHashMap<String, Tensor>();
    parts.forEach((k, t) -> {
      if (k.startsWith(what + " ")) {
        r.put(k.substring(what.length() + 1), t);
      }
    });
    return r;
  }

  /** Loads the parameters into the layer, calls it, and compares outputs, gradients and the buffers after it. */
  void compare(Layer layer, Call call) {
    layer.to(DType.FLOAT64);
    Map<String, Tensor> state = all("param");
    all("buffer").forEach((k, t) -> state.put(k, k.equals("num_batches_tracked") ? t.to(DType.INT64) : t));
    layer.loadState(state);
    compare(call, layer.namedParameters());
    all("after").forEach((k, t) -> near("after " + k, layer.buffer(k).to(DType.FLOAT64)));
  }

  /** Calls the function and compares outputs and gradients. */
  void compare(Call call, Map<String, Tensor> parameters) {
    Tensor[] in = parts.entrySet().stream().filter(e -> e.getKey().startsWith("input ") || e.getKey().startsWith("index "))
        .map(e -> e.getKey().startsWith("index") ? e.getValue().to(DType.INT64)
            : e.getValue().copy().requiresGrad_()).toArray(Tensor[]::new);
    Tensor[] out = call.of(in);
    Tensor sum = Tensor.scalar(0.0);
    for (int o = 0; o < out.length; o++) {
      near("output " + o, out[o]);
      sum = sum.add(Tensor.arange(out[o].size()).to(DType.FLOAT64).add((double) o).cos().mul(out[o].reshape(-1)).sum());
    }
    assertThat(parts).as(name).doesNotContainKey("output " + out.length);
    gradients(parameters, in, sum);
  }

  private void gradients(Map<String, Tensor> parameters, Tensor[] in, Tensor sum) {
    var leaves = new ArrayList<Tensor>();
    var names = new ArrayList<String>();
    for (int i = 0; i < in.length; i++) {
      if (in[i].requiresGrad()) {
        names.add("inputBar " + i);
        leaves.add(in[i]);
      }
    }
    parameters.forEach((k, p) -> {
      names.add("paramBar " + k);
      leaves.add(p);
    });
    Gradients g = Autograd.grad(List.of(sum), leaves);
    for (int i = 0; i < leaves.size(); i++) {
      near(names.get(i), g.get(i));
    }
  }

  /** An input of this case. */
  Tensor input(int i) {
    return parts.get("input " + i);
  }

  private void near(String what, Tensor actual) {
    Tensor want = parts.get(what);
    assertThat(want).as(name + ": " + what).isNotNull();
    assertThat(actual.shape()).as(name + ": " + what).isEqualTo(want.shape());
    assertThat(actual.toDoubleArray()).as(name + ": " + what).containsExactly(want.toDoubleArray(), Offset.offset(1e-10));
  }
}
