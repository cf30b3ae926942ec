package org.cotangent.cpu.kernel;

/**
 * Shapes of the loops that blocks are computed with: n elements from each offset on, all contiguous. The result may not overlap an operand.
 *
 * <p>Each implementation is one small loop of its own method, which the compiler inlines nowhere and vectorises well.
 */
final class Loops {
  private Loops() {}

  /** z = f(x) in float32. */
  interface F1 {
    void run(float[] x, int xo, float[] z, int zo, int n);
  }

  /** z = f(x, y) in float32. */
  interface F2 {
    void run(float[] x, int xo, float[] y, int yo, float[] z, int zo, int n);
  }

  /** z = f(x, c) in float32, c a number. */
  interface FC {
    void run(float[] x, int xo, float c, float[] z, int zo, int n);
  }

  /** z = x compared with y in float32. */
  interface FB {
    void run(float[] x, int xo, float[] y, int yo, byte[] z, int zo, int n);
  }

  /** z = f(x) in float64. */
  interface D1 {
    void run(double[] x, int xo, double[] z, int zo, int n);
  }

  /** z = f(x, y) in float64. */
  interface D2 {
    void run(double[] x, int xo, double[] y, int yo, double[] z, int zo, int n);
  }

  /** z = f(x, c) in float64, c a number. */
  interface DC {
    void run(double[] x, int xo, double c, double[] z, int zo, int n);
  }

  /** z = x compared with y in float64. */
  interface DB {
    void run(double[] x, int xo, double[] y, int yo, byte[] z, int zo, int n);
  }

  /** z = f(x) in 64-bit integers. */
  interface L1 {
    void run(long[] x, int xo, long[] z, int zo, int n);
  }

  /** z = f(x, y) in 64-bit integers. */
  interface L2 {
    void run(long[] x, int xo, long[] y, int yo, long[] z, int zo, int n);
  }

  /** z = x compared with y in 64-bit integers. */
  interface LB {
    void run(long[] x, int xo, long[] y, int yo, byte[] z, int zo, int n);
  }

  /** z = f(x) in bools of 0 and 1. */
  interface B1 {
    void run(byte[] x, int xo, byte[] z, int zo, int n);
  }

  /** z = f(x, y) in bools of 0 and 1. */
  interface B2 {
    void run(byte[] x, int xo, byte[] y, int yo, byte[] z, int zo, int n);
  }

  /** z = x where c, else y, in float32. */
  interface FW {
    void run(byte[] c, int co, float[] x, int xo, float[] y, int yo, float[] z, int zo, int n);
  }

  /** z = x where c, else y, in float64. */
  interface DW {
    void run(byte[] c, int co, double[] x, int xo, double[] y, int yo, double[] z, int zo, int n);
  }

  /** One number of n, in float32. */
  interface FloatLine {
    float run(float[] x, int xo, int n);
  }

  /** One number of n, in float64. */
  interface DoubleLine {
    double run(double[] x, int xo, int n);
  }

  /** z[zo + r] is one number of the n from x[xo + r between] on, in float32, for r below {@code lines}. */
  interface FloatLines {
    void run(float[] x, int xo, int between, int n, float[] z, int zo, int lines);
  }

  /** Totals by lane of n float64 numbers, n a multiple of four times the lanes. */
  interface DoubleLanes {
    void run(double[] x, int xo, int n, double[] totals);
  }

  /** w accumulators take in eight rows of float32, {@code stride} apart. */
  interface FloatRows {
    void run(float[] x, int xo, int stride, double[] t, int w);
  }

  /** w accumulators take in eight rows of float64, {@code stride} apart. */
  interface DoubleRows {
    void run(double[] x, int xo, int stride, double[] t, int w);
  }
}
