package org.cotangent.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.cotangent.Tensor;

/** Numbers that PyTorch 1.13 computed: {@code training.txt}, printed by {@code training.py}. */
final class Reference {
  private static final Map<String, double[][]> TABLE = read();

  private Reference() {}

  private static Map<String, double[][]> read() {
    var r = new LinkedHashMap<String, double[][]>();
    try (var in = Reference.class.getResourceAsStream("training.txt")) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        if (!line.startsWith("#")) {
          String[] parts = line.split(" = ");
          r.put(parts[0], Arrays.stream(parts[1].split("\\|")).map(Reference::numbers).toArray(double[][]::new));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return r;
  }

  private static double[] numbers(String s) {
    return Arrays.stream(s.trim().split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  /** Part {@code k} of the line of this name: the value, then gradients. */
  static double[] of(String name, int k) {
    return TABLE.get(name)[k];
  }

  static void same(String name, int k, Tensor actual) {
    same(name, k, actual, 1e-12);
  }

  static void same(String name, int k, Tensor actual, double within) {
    assertThat(actual.toDoubleArray()).as(name + ", part " + k).containsExactly(of(name, k), Offset.offset(within));
  }

  /** The input of the tables, float64 [4, 3], a leaf. */
  static Tensor input() {
    return Tensor.of(new double[][] {{0.5, -1.2, 2.0}, {1.5, 0.3, -0.7}, {-0.2, 0.8, 0.1}, {2.2, -0.4, 1.1}}).requiresGrad_();
  }

  /** Probabilities for it, float64 [4, 3]. */
  static Tensor probabilities() {
    return Tensor.of(new double[][] {{0.2, 0.3, 0.5}, {1.0, 0.0, 0.0}, {0.1, 0.8, 0.1}, {0.25, 0.25, 0.5}});
  }

  /** Runs backward from y weighted with 1, 2, 3, ... */
  static void backward(Tensor y) {
    int n = Math.toIntExact(y.size());
    y.reshape(-1).mul(Tensor.arange(1, n + 1, 1)).sum().backward();
  }
}
