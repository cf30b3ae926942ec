package org.cotangent.creation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.cotangent.DType;
import org.cotangent.Shape;
import org.cotangent.Tensor;

/** Tensors and tables written as text: dtype[shape]:elements. */
public final class Written {
  private Written() {}

  /** The lines of a resource beside {@code owner}, split at tabs. */
  public static List<String[]> table(Class<?> owner, String file) {
    try (InputStream in = owner.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(l -> l.split("\t", -1)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Numbers separated by commas; none for "". */
  public static int[] ints(String s) {
    return s.isEmpty() ? new int[0] : List.of(s.split(",")).stream().mapToInt(Integer::parseInt).toArray();
  }

  public static DType dtype(String name) {
    return DType.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private static double number(String s) {
    return switch (s) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      case "nan" -> Double.NaN;
      default -> Double.parseDouble(s);
    };
  }

  private static Shape shape(String s) {
    return Shape.of(ints(s.substring(s.indexOf('[') + 1, s.indexOf(']'))));
  }

  private static double[] numbers(String s) {
    String data = s.substring(s.indexOf(':') + 1);
    return data.isEmpty() ? new double[0] : List.of(data.split(",")).stream().mapToDouble(Written::number).toArray();
  }

  /** The tensor that the text describes. */
  public static Tensor tensor(String s) {
    return Tensor.of(numbers(s), shape(s).dims()).to(dtype(s.substring(0, s.indexOf('['))));
  }

  /** {@code t} has the type and shape of the text, and its numbers to within {@code tolerance} of the largest finite one. */
  public static void matches(Tensor t, String s, double tolerance) {
    assertThat(t.dtype().toString()).isEqualTo(s.substring(0, s.indexOf('[')));
    assertThat(t.shape()).isEqualTo(shape(s));
    double[] want = numbers(s);
    double[] got = t.toDoubleArray();
    double largest = 1;
    for (double w : want) {
      largest = Double.isFinite(w) ? Math.max(largest, Math.abs(w)) : largest;
    }
    for (int i = 0; i < want.length; i++) {
      boolean same = Double.compare(got[i], want[i]) == 0 || Math.abs(got[i] - want[i]) <= tolerance * largest;
      assertThat(same).as("element %d is %s, not %s: %s", i, got[i], want[i], t).isTrue();
    }
  }
}
