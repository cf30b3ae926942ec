package org.cotangent.examples.conformance;

import java.util.Arrays;

/** Compares numbers with those of a record. */
final class Check {
  /** What a difference of one tensor counts against. */
  enum Scale {
    /** The largest finite element. */
    TENSOR,
    /** The element itself. */
    ELEMENT,
    /** The element itself; zeros have their sign. */
    SIGNED
  }

  private Check() {}

  /** What is wrong with {@code got}; empty if nothing is. */
  static String difference(Data want, Data got, double tolerance, Scale scale) {
    if (want.dtype() != got.dtype()) {
      return "dtype: expected " + want.dtype() + ", got " + got.dtype();
    }
    if (!want.shape().equals(got.shape())) {
      return "shape: expected " + want.shape() + ", got " + got.shape();
    }
    if (!want.dtype().floating()) {
      int i = Arrays.mismatch(want.exact(), got.exact());
      return i < 0 ? "" : at(i, want.exact()[i], got.exact()[i]);
    }
    return difference(want.values(), got.values(), tolerance, scale);
  }

  private static String difference(double[] want, double[] got, double tolerance, Scale scale) {
    double largest = 0;
    for (double v : want) {
      largest = Double.isFinite(v) ? Math.max(largest, Math.abs(v)) : largest;
    }
    for (int i = 0; i < want.length; i++) {
      double a = got[i];
      double b = want[i];
      boolean same = Double.isNaN(b) ? Double.isNaN(a) : Double.isInfinite(b) || Double.isInfinite(a)
          ? a == b : Math.abs(a - b) <= tolerance * (1 + (scale == Scale.TENSOR ? largest : Math.abs(b)));
      if (!same || scale == Scale.SIGNED && b == 0 && a == 0 && Double.compare(a, b) != 0) {
        return at(i, b, a);
      }
    }
    return "";
  }

  private static String at(int i, Object want, Object got) {
    return "element " + i + ": expected " + want + ", got " + got;
  }
}
