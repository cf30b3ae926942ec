package org.cotangent.nn;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.cotangent.ops.ConvOptions;
import org.cotangent.ops.PoolOptions;
import org.cotangent.ops.Resampling;

/** Numbers and flags as Python prints them. */
final class Text {
  private Text() {}

  /** "0.5", "1e-05". */
  static String number(double v) {
    String s = Double.toString(v);
    double a = Math.abs(v);
    if (!Double.isFinite(v) || v == 0 || a >= 1e-4 && a < 1e16) {
      return a >= 1e-4 && a < 1e16 && s.contains("E") ? plain(v) : s;
    }
    String[] parts = s.split("E");
    int exponent = Integer.parseInt(parts[1]);
    String digits = parts[0].endsWith(".0") ? parts[0].substring(0, parts[0].length() - 2) : parts[0];
    return digits + "e" + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
  }

  private static String plain(double v) {
    String s = new BigDecimal(Double.toString(v)).stripTrailingZeros().toPlainString();
    return s.contains(".") ? s : s + ".0";
  }

  /** "True" or "False". */
  static String flag(boolean on) {
    return on ? "True" : "False";
  }

  /** "2", "(2, 3)". */
  static String oneOrTuple(int... v) {
    return v.length == 1 ? Integer.toString(v[0]) : tuple(v);
  }

  /** "(64,)", "(2, 3)". */
  static String tuple(int... v) {
    return v.length == 1 ? "(" + v[0] + ",)" : Arrays.stream(v).mapToObj(Integer::toString).collect(Collectors.joining(", ", "(", ")"));
  }

  /** "2.0", "(2.0, 3.0)". */
  static String numbers(double... v) {
    return v.length == 1 ? number(v[0]) : Arrays.stream(v).mapToObj(Text::number).collect(Collectors.joining(", ", "(", ")"));
  }

  /** "5", "(5, None)": a size of -1 is that of the input. */
  static String sizes(int... v) {
    String all = Arrays.stream(v).mapToObj(i -> i == -1 ? "None" : Integer.toString(i)).collect(Collectors.joining(", "));
    return v.length == 1 ? all : "(" + all + ")";
  }

  /** "nearest", "bilinear". */
  static String mode(Resampling mode) {
    return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What is printed of windows: "dilation=1, padding=0, stride=2". */
  static String windows(ConvOptions o) {
    return "dilation=" + oneOrTuple(o.dilation()) + ", padding=" + oneOrTuple(o.padding()) + ", stride=" + oneOrTuple(o.stride());
  }

  /** What is printed of pools: "kernel_size=2, stride=2, padding=0". */
  static String pool(PoolOptions o) {
    return pool(o, false);
  }

  /** {@link #pool} with tuples always: "kernel_size=(2,), stride=(2,), padding=(0,)". */
  static String pools(PoolOptions o) {
    return pool(o, true);
  }

  private static String pool(PoolOptions o, boolean tuples) {
    int[] stride = o.stride().length == 0 ? o.kernel() : o.stride();
    int[][] v = {o.kernel(), stride, o.padding()};
    String[] s = Arrays.stream(v).map(i -> tuples ? tuple(i) : oneOrTuple(i)).toArray(String[]::new);
    return "kernel_size=" + s[0] + ", stride=" + s[1] + ", padding=" + s[2];
  }
}
