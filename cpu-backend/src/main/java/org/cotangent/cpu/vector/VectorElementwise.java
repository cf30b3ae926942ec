package org.cotangent.cpu.vector;

import jdk.incubator.vector.FloatVector;
import org.cotangent.cpu.math.ScalarElementwise;

/**
 * Elementary functions by the Vector API, with own polynomials and argument reductions; what is not overridden here is computed element by
 * element.
 *
 * <p>Every element gets the same bits wherever it stands in a block, and also while a loop is still warming up ({@code Warming}).
 */
public final class VectorElementwise extends ScalarElementwise {
  /** Elements of a piece that stays in the first-level cache; a multiple of every vector length. */
  static final int PIECE = 1024;

  private static final FloatKernel FLOAT_EXP = new FloatKernel(FloatExp::exp, FloatLane::exp);
  private static final FloatKernel FLOAT_EXPM1 = new FloatKernel(FloatExp::expm1, FloatLane::expm1);
  private static final FloatKernel FLOAT_LOG = new FloatKernel(FloatLog::log, FloatLane::log);
  private static final FloatKernel FLOAT_LOG1P = new FloatKernel(FloatLog::log1p, FloatLane::log1p);
  private static final FloatKernel FLOAT_SQRT = new FloatKernel(FloatRoot::sqrt, FloatLane::sqrt);
  private static final FloatKernel FLOAT_RSQRT = new FloatKernel(FloatRoot::rsqrt, FloatLane::rsqrt);
  private static final FloatKernel FLOAT_SIN = new FloatKernel(FloatTrig::sin, FloatLane::sin);
  private static final FloatKernel FLOAT_COS = new FloatKernel(FloatTrig::cos, FloatLane::cos);
  private static final FloatKernel FLOAT_TANH = new FloatKernel(FloatErf::tanh, FloatLane::tanh);
  private static final FloatKernel FLOAT_ERF = new FloatKernel(FloatErf::erf, FloatLane::erf);
  private static final FloatKernel FLOAT_SIGMOID = new FloatKernel(FloatExp::sigmoid, FloatLane::sigmoid);
  private static final FloatKernel FLOAT_SOFTPLUS = new FloatKernel(FloatLog::softplus, FloatLane::softplus);

  private static final DoubleKernel DOUBLE_EXP = new DoubleKernel(DoubleExp::exp, DoubleLane::exp);
  private static final DoubleKernel DOUBLE_EXPM1 = new DoubleKernel(DoubleExp::expm1, DoubleLane::expm1);
  private static final DoubleKernel DOUBLE_LOG = new DoubleKernel(DoubleLog::log, DoubleLane::log);
  private static final DoubleKernel DOUBLE_LOG1P = new DoubleKernel(DoubleLog::log1p, DoubleLane::log1p);
  private static final DoubleKernel DOUBLE_SQRT = new DoubleKernel(DoubleRoot::sqrt, DoubleLane::sqrt);
  private static final DoubleKernel DOUBLE_RSQRT = new DoubleKernel(DoubleRoot::rsqrt, DoubleLane::rsqrt);
  private static final DoubleKernel DOUBLE_SIN = new DoubleKernel(DoubleTrig::sin, DoubleLane::sin);
  private static final DoubleKernel DOUBLE_COS = new DoubleKernel(DoubleTrig::cos, DoubleLane::cos);
  private static final DoubleKernel DOUBLE_TANH = new DoubleKernel(DoubleErf::tanh, DoubleLane::tanh);
  private static final DoubleKernel DOUBLE_ERF = new DoubleKernel(DoubleErf::erf, DoubleLane::erf);
  private static final DoubleKernel DOUBLE_SIGMOID = new DoubleKernel(DoubleExp::sigmoid, DoubleLane::sigmoid);
  private static final DoubleKernel DOUBLE_SOFTPLUS = new DoubleKernel(DoubleLog::softplus, DoubleLane::softplus);

  private final boolean eager;

  /** Functions whose vector loops take over once they are compiled. */
  public VectorElementwise() {
    this(false);
  }

  /** Functions whose vector loops, if {@code eager}, serve from the first call on, slow as that is: for tests. */
  public VectorElementwise(boolean eager) {
    this.eager = eager;
  }

  /** Number of bits of a vector. */
  public static int bits() {
    return FloatVector.SPECIES_PREFERRED.vectorBitSize();
  }

  @Override
  public void exp(float[] x, int xo, float[] y, int yo, int n) {
    FLOAT_EXP.run(eager, x, xo, y, yo, n);
  }

  @Override
  public void exp(double[] x, int xo, double[] y, int yo, int n) {
    DOUBLE_EXP.run(eager, x, xo, y, yo, n);
  }

  @Override
  public void expm1(float[] x, int xo, float[] y, int yo, int n) {
    FLOAT_EXPM1.run(eager, x, xo, y, yo, n);
  }

  @Override
  public void expm1(double[] x, int xo, double[] y, int yo, int n) {
    DOUBLE_EXPM1.run(eager, x, xo, y, yo, n);
  }

  @Override
  public void log(float[] x, int xo, float[] y, int yo, int n) {
    FLOAT_LOG.run(eager, x, xo, y, yo, n);
  }

  @Override
  public void log(double[] x, int xo, double[] y, int yo, int n) {
    DOUBLE_LOG.run(eager, x, xo, y, yo, n);
  }

  @Override
  public void log1p(float[] x, int xo, float[] y, int yo, int n) {
    FLOAT_LOG1P.run(eager, x, xo, y, yo, n);
  }

  @Override
  public void log1p(double[] x, int xo, double[] y, int yo, int n) {
    DOUBLE_LOG1P.run(eager, x, xo, y, yo, n);
  }

  @Override
  public void sqrt(float[] x, int xo, float[] y, int yo, int n) {
    FLOAT_SQRT.run(eager, x, xo, y, yo, n);
  }

  @Override
  public void sqrt(double[] x, int xo, double[] y, int yo, int n) {
    DOUBLE_SQRT.run(eager, x, xo, y, yo, n);
  }

  @Override
  public void rsqrt(float[] x, int xo, float[] y, int yo, int n) {
    FLOAT_RSQRT.run(eager, x, xo, y, yo, n);
  }

  @Override
  public void rsqrt(double[] x, int xo, double[] y, int yo, int n) {
    DOUBLE_RSQRT.run(eager, x, xo, y, yo, n);
  }

  @Override
  public void sin(float[] x, int xo, float[] y, int yo, int n) {
    FLOAT_SIN.run(eager, x, xo, y, yo, n);
  }

  @Override
  public void sin(double[] x, int xo, double[] y, int yo, int n) {
    DOUBLE_SIN.run(eager, x, xo, y, yo, n);
  }

  @Override
  public void cos(float[] x, int xo, float[] y, int yo, int n) {
    FLOAT_COS.run(eager, x, xo, y, yo, n);
  }

  @Override
  public void cos(double[] x, int xo, double[] y, int yo, int n) {
    DOUBLE_COS.run(eager, x, xo, y, yo, n);
  }

  @Override
  public void tanh(float[] x, int xo, float[] y, int yo, int n) {
    FLOAT_TANH.run(eager, x, xo, y, yo, n);
  }

  @Override
  public void tanh(double[] x, int xo, double[] y, int yo, int n) {
    DOUBLE_TANH.run(eager, x, xo, y, yo, n);
  }

  @Override
  public void erf(float[] x, int xo, float[] y, int yo, int n) {
    FLOAT_ERF.run(eager, x, xo, y, yo, n);
  }

  @Override
  public void erf(double[] x, int xo, double[] y, int yo, int n) {
    DOUBLE_ERF.run(eager, x, xo, y, yo, n);
  }

  @Override
  public void sigmoid(float[] x, int xo, float[] y, int yo, int n) {
    FLOAT_SIGMOID.run(eager, x, xo, y, yo, n);
  }

  @Override
  public void sigmoid(double[] x, int xo, double[] y, int yo, int n) {
    DOUBLE_SIGMOID.run(eager, x, xo, y, yo, n);
  }

  @Override
  public void softplus(float[] x, int xo, float[] y, int yo, int n) {
    FLOAT_SOFTPLUS.run(eager, x, xo, y, yo, n);
  }

  @Override
  public void softplus(double[] x, int xo, double[] y, int yo, int n) {
    DOUBLE_SOFTPLUS.run(eager, x, xo, y, yo, n);
  }
}
