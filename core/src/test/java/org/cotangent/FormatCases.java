package org.cotangent;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** Reads {@code format-cases.txt}; its header describes it. */
final class FormatCases {

  /** A tensor and what is printed for it. */
  record Case(
      String name,
      String dtype,
      int[] shape,
      TensorFormat.Values values,
      String device,
      String grad,
      List<String> suffixes,
      String text) {

    @Override
    public String toString() {
      return name;
    }
  }

  private String name = "";
  private String dtype = "";
  private int[] shape = {};
  private TensorFormat.Values values = new Parsed("", new String[0]);
  private String device = "";
  private String grad = "";
  private final List<String> suffixes = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();

  private FormatCases() {}

  static List<Case> all() {
    try (InputStream in = FormatCases.class.getResourceAsStream("format-cases.txt")) {
      return read(Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Case> read(InputStream in) {
    List<Case> cases = new ArrayList<>();
    FormatCases next = new FormatCases();
    List<String> text = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).lines().toList();
    for (String line : text) {
      if (line.isEmpty() && !next.name.isEmpty()) {
        cases.add(next.build());
        next = new FormatCases();
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        int space = line.indexOf(' ');
        next.take(space < 0 ? line : line.substring(0, space), space < 0 ? "" : line.substring(space + 1));
      }
    }
    cases.add(next.build());
    return cases;
  }

  private void take(String key, String value) {
    String[] words = value.isEmpty() ? new String[0] : value.split(" ");
    switch (key) {
      case "case" -> name = value;
      case "dtype" -> dtype = value;
      case "shape" -> shape = Arrays.stream(words).mapToInt(Integer::parseInt).toArray();
      case "values" -> values = new Parsed(dtype, words);
      case "pattern" -> values = pattern(words);
      case "device" -> device = value;
      case "grad" -> grad = value;
      case "suffix" -> suffixes.add(value);
      case "|" -> lines.add(value);
      default -> throw new IllegalArgumentException(key);
    }
  }

  private TensorFormat.Values pattern(String[] words) {
    long p = Long.parseLong(words[0]);
    long m = Long.parseLong(words[1]);
    long shift = Long.parseLong(words[2]);
    double scale = Double.parseDouble(words[3]);
    return new Pattern(dtype, p, m, shift, scale);
  }

  private Case build() {
    return new Case(name, dtype, shape, values, device, grad, List.copyOf(suffixes), String.join("\n", lines));
  }

  private interface Typed extends TensorFormat.Values {

    String dtype();

    @Override
    default boolean floating() {
      return dtype().contains("float");
    }

    @Override
    default boolean bool() {
      return dtype().equals("bool");
    }
  }

  private record Parsed(String dtype, String[] words) implements Typed {

    @Override
    public double real(long index) {
      return Double.parseDouble(words[(int) index]);
    }

    @Override
    public long integer(long index) {
      return Long.parseLong(words[(int) index]);
    }
  }

  private record Pattern(String dtype, long p, long m, long shift, double scale) implements Typed {

    @Override
    public double real(long index) {
      double value = (index * p % m - shift) * scale;
      return dtype.equals("float32") ? (float) value : value;
    }

    @Override
    public long integer(long index) {
      return (index * p % m - shift) * (long) scale;
    }
  }

  /** A tensor's elements that fail when one outside the shown part is read. */
  static TensorFormat.Values only(long size, int edge) {
    return new TensorFormat.Values() {
      @Override
      public boolean floating() {
        return true;
      }

      @Override
      public boolean bool() {
        return false;
      }

      @Override
      public double real(long index) {
        if (IntStream.range(0, edge).noneMatch(k -> index == k || index == size - 1 - k)) {
          throw new AssertionError("read " + index);
        }
        return index;
      }

      @Override
      public long integer(long index) {
        throw new AssertionError("not integers");
      }
    };
  }
}
