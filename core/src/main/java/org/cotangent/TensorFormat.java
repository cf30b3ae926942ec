package org.cotangent;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * Prints tensors as PyTorch does with its default print options: four digits, at most 1000 elements in full, three
 * at each edge of a summarised axis, lines of 80 characters, scientific notation where the magnitudes ask for it.
 *
 * <p>The rules are those of {@code torch/_tensor_str.py} (PyTorch 1.13 to 2.x); only the names of dtypes differ
 * ({@code dtype=float64}, without {@code torch.}).
 *
 * <p>Only elements that are shown are read, so that a summary of a large tensor is cheap.
 */
final class TensorFormat {

  /** The elements of a tensor, addressed by their row-major index. */
  interface Values {

    /** Whether the elements are read with {@link #real}, not {@link #integer}. */
    boolean floating();

    /** Whether the elements are truth values: {@link #integer} is then 0 for False. */
    boolean bool();

    /** The element of a floating tensor, widened to double. */
    double real(long index);

    /** The element of an integer or bool tensor. */
    long integer(long index);
  }

  private static final String PREFIX = "tensor(";
  private static final int INDENT = PREFIX.length();
  private static final int THRESHOLD = 1000;
  private static final int EDGE = 3;
  private static final int LINE_WIDTH = 80;
  /** The index in {@link #shown} that stands for the elements left out. */
  private static final int DOTS = -1;
  private static final Set<String> EVIDENT = Set.of("float32", "int64", "bool");

  private final int[] shape;
  private final long[] strides;
  private final boolean summarised;
  private final Cells cells;
  private final StringBuilder out = new StringBuilder(PREFIX);

  private TensorFormat(int[] shape, long[] strides, boolean summarised, Values values) {
    this.shape = shape;
    this.strides = strides;
    this.summarised = summarised;
    this.cells = cells(values);
  }

  /**
   * A tensor's text.
   *
   * @param shape its sizes; of length 0 for a scalar
   * @param values its elements
   * @param suffixes what follows the elements, in order, as {@link #suffixes} makes it
   */
  static String format(int[] shape, Values values, List<String> suffixes) {
    long[] strides = new long[shape.length];
    long count = 1;
    for (int d = shape.length - 1; d >= 0; d--) {
      strides[d] = count;
      count *= shape[d];
    }
    StringBuilder text;
    if (count == 0) {
      text = new StringBuilder(PREFIX).append("[]");
    } else {
      TensorFormat format = new TensorFormat(shape, strides, count > THRESHOLD, values);
      format.write(0, 0);
      text = format.out;
    }
    return append(text, suffixes).append(')').toString();
  }

  /**
   * What PyTorch prints after the elements: the device, the size if there are no elements (but for shape (0,)),
   * the dtype unless the elements show it, and the place in the graph.
   *
   * @param dtype such as {@code float64}
   * @param device such as {@code cuda:0}; empty if it is the default device
   * @param grad {@code grad_fn=<AddBackward0>} or {@code requires_grad=True}; empty if neither
   */
  static List<String> suffixes(int[] shape, String dtype, String device, String grad) {
    List<String> suffixes = new ArrayList<>();
    if (!device.isEmpty()) {
      suffixes.add("device='" + device + "'");
    }
    boolean empty = IntStream.of(shape).anyMatch(n -> n == 0);
    if (empty && shape.length != 1) {
      suffixes.add("size=(" + String.join(", ", IntStream.of(shape).mapToObj(Integer::toString).toList()) + ")");
    }
    if (empty ? !dtype.equals("float32") : !EVIDENT.contains(dtype)) {
      suffixes.add("dtype=" + dtype);
    }
    if (!grad.isEmpty()) {
      suffixes.add(grad);
    }
    return suffixes;
  }

  /** Adds suffixes; one that would not fit the line goes on a new one. */
  private static StringBuilder append(StringBuilder text, List<String> suffixes) {
    int lineLength = text.length() - text.lastIndexOf("\n") + 1;
    for (String suffix : suffixes) {
      if (lineLength + suffix.length() + 2 > LINE_WIDTH) {
        text.append(",\n").repeat(" ", INDENT);
        lineLength = INDENT + suffix.length();
      } else {
        text.append(", ");
        lineLength += suffix.length() + 2;
      }
      text.append(suffix);
    }
    return text;
  }

  // ---- Layout

  /** The indices shown along an axis, with {@link #DOTS} where some are left out. */
  private int[] shown(int axis) {
    int n = shape[axis];
    return summarised && n > 2 * EDGE
        ? new int[] {0, 1, 2, DOTS, n - 3, n - 2, n - 1}
        : IntStream.range(0, n).toArray();
  }

  /** Visits the elements shown, from the one at {@code base}, along the axes from {@code axis} on. */
  private void visit(int axis, long base, LongConsumer visitor) {
    if (axis == shape.length) {
      visitor.accept(base);
      return;
    }
    for (int i : shown(axis)) {
      if (i != DOTS) {
        visit(axis + 1, base + i * strides[axis], visitor);
      }
    }
  }

  private void write(int axis, long base) {
    int rank = shape.length - axis;
    if (rank == 0) {
      out.append(cells.cell(base));
    } else if (rank == 1) {
      writeRow(axis, base);
    } else {
      String gap = "," + "\n".repeat(rank - 1) + " ".repeat(INDENT + axis + 1);
      String separator = "[";
      for (int i : shown(axis)) {
        out.append(separator);
        if (i == DOTS) {
          out.append("...");
        } else {
          write(axis + 1, base + i * strides[axis]);
        }
        separator = gap;
      }
      out.append(']');
    }
  }

  private void writeRow(int axis, long base) {
    int indent = INDENT + axis;
    int perLine = Math.max(1, (LINE_WIDTH - indent) / (cells.width + 2));
    int[] row = shown(axis);
    for (int k = 0; k < row.length; k++) {
      if (k == 0) {
        out.append('[');
      } else if (k % perLine == 0) {
        out.append(",\n").repeat(" ", indent + 1);
      } else {
        out.append(", ");
      }
      out.append(row[k] == DOTS ? " ..." : cells.cell(base + row[k]));
    }
    out.append(']');
  }

  // ---- Elements

  private Cells cells(Values values) {
    Cells cells = values.floating() ? reals(values) : new Integers(values);
    visit(0, 0, cells::widen);
    return cells;
  }

  private Cells reals(Values values) {
    Range range = new Range();
    visit(0, 0, index -> range.add(values.real(index)));
    return new Reals(values, range.notation());
  }

  /** The texts of the elements, all padded to one width. */
  private abstract static class Cells {

    final Values values;
    int width = 1;

    Cells(Values values) {
      this.values = values;
    }

    /** The text of an element. */
    abstract String text(long index);

    /** Whether an element counts for the width. */
    abstract boolean counts(long index);

    final void widen(long index) {
      if (counts(index)) {
        width = Math.max(width, text(index).length());
      }
    }

    final String cell(long index) {
      String text = text(index);
      return " ".repeat(Math.max(0, width - text.length())) + text;
    }
  }

  /** Integers and truth values. */
  private static final class Integers extends Cells {

    Integers(Values values) {
      super(values);
    }

    @Override
    String text(long index) {
      long value = values.integer(index);
      if (values.bool()) {
        return value == 0 ? "False" : "True";
      }
      return Long.toString(value);
    }

    @Override
    boolean counts(long index) {
      return true;
    }
  }

  /** Floating numbers. Zeros, infinities and NaN do not count for the width, so they may overflow it. */
  private static final class Reals extends Cells {

    private final Notation notation;

    Reals(Values values, Notation notation) {
      super(values);
      this.notation = notation;
    }

    @Override
    String text(long index) {
      double value = values.real(index);
      if (Double.isNaN(value)) {
        return "nan";
      }
      String sign = Double.doubleToRawLongBits(value) < 0 ? "-" : "";
      return sign + (Double.isInfinite(value) ? "inf" : notation.text(Math.abs(value)));
    }

    @Override
    boolean counts(long index) {
      return ordinary(values.real(index));
    }
  }

  private static boolean ordinary(double value) {
    return Double.isFinite(value) && value != 0;
  }

  /** What the finite, nonzero elements have in common. */
  private static final class Range {

    private boolean whole = true;
    private double min = Double.POSITIVE_INFINITY;
    private double max;

    void add(double value) {
      if (ordinary(value)) {
        whole &= value == Math.rint(value);
        min = Math.min(min, Math.abs(value));
        max = Math.max(max, Math.abs(value));
      }
    }

    Notation notation() {
      if (max == 0) {
        return Notation.WHOLE;
      }
      if (max / min > 1000 || max > 1e8 || min < 1e-4) {
        return Notation.SCIENTIFIC;
      }
      return whole ? Notation.WHOLE : Notation.FIXED;
    }
  }

  /** How nonnegative finite numbers are written; rounding is that of the exact value, ties to even. */
  private enum Notation {

    /** {@code 12.} */
    WHOLE {
      @Override
      String text(double value) {
        return (long) value + ".";
      }
    },

    /** {@code 12.5000} */
    FIXED {
      @Override
      String text(double value) {
        return new BigDecimal(value).setScale(DIGITS, RoundingMode.HALF_EVEN).toPlainString();
      }
    },

    /** {@code 1.2500e+01} */
    SCIENTIFIC {
      @Override
      String text(double value) {
        BigDecimal rounded = new BigDecimal(value).round(SIGNIFICANT);
        String digits = rounded.unscaledValue().toString();
        int exponent = value == 0 ? 0 : digits.length() - 1 - rounded.scale();
        String padded = (digits + "0".repeat(DIGITS + 1)).substring(0, DIGITS + 1);
        int size = Math.abs(exponent);
        return padded.charAt(0) + "." + padded.substring(1)
            + (exponent < 0 ? "e-" : "e+") + (size < 10 ? "0" : "") + size;
      }
    };

    private static final int DIGITS = 4;
    private static final MathContext SIGNIFICANT = new MathContext(DIGITS + 1, RoundingMode.HALF_EVEN);

    abstract String text(double value);
  }
}
