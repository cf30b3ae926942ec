package org.cotangent.nn;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.stream.Collectors;

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
}
