package org.cotangent.ops;

import java.util.Optional;
import org.cotangent.CustomFunction;
import org.cotangent.DType;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.GradientException;
import org.cotangent.errors.MatrixException;

/** A factorisation of matrices [..., m, n] that is computed on the host in float64, whatever the device, and has no derivative. */
final class HostFactors extends CustomFunction {
  /** Of one matrix. */
  interface Body {
    /** Factors {@code a}, [m, n] row-major, in place, and writes what belongs to it to {@code side}; 0, or the place, from 1, of failure. */
    int run(double[] a, int m, int n, double... side);
  }

  private final String op;
  private final String instead;
  private final int size;
  private final Optional<String> refused;
  private final Body body;

  /**
   * The factors [..., m, n] and {@code size} numbers more a matrix, both of the type of a.
   *
   * @param instead what has derivatives
   * @param refused what is wrong with a matrix that fails; absent if that is no error
   */
  HostFactors(String op, String instead, int size, Optional<String> refused, Body body) {
    super(op);
    this.op = op;
    this.instead = instead;
    this.size = size;
    this.refused = refused;
    this.body = body;
  }

  @Override
  protected Tensor[] forward(Context c, Tensor[] in) {
    Shape s = in[0].shape();
    int m = s.dim(s.rank() - 2);
    int n = s.dim(s.rank() - 1);
    Shape lead = s.range(0, s.rank() - 2);
    int count = Math.toIntExact(lead.size());
    double[] all = in[0].to(DType.FLOAT64).toDoubleArray();
    double[] sides = new double[count * size];
    for (int i = 0; i < count; i++) {
      double[] a = java.util.Arrays.copyOfRange(all, i * m * n, (i + 1) * m * n);
      double[] side = new double[size];
      int failed = body.run(a, m, n, side);
      if (failed != 0 && refused.isPresent()) {
        throw new MatrixException(op + ": " + (count == 1 ? "the matrix" : "matrix " + i + " of " + count) + " " + refused.get() + " " + failed);
      }
      System.arraycopy(a, 0, all, i * m * n, m * n);
      System.arraycopy(side, 0, sides, i * size, size);
    }
    return new Tensor[] {like(in[0], all, s), like(in[0], sides, lead.append(size))};
  }

  private static Tensor like(Tensor x, double[] v, Shape s) {
    return Tensor.of(v, s.dims()).to(x.dtype()).to(x.device());
  }

  private GradientException none() {
    return new GradientException(op + ": the factors have no derivative here; use " + instead);
  }

  @Override
  protected Tensor[] vjp(Context c, Tensor[] ct) {
    throw none();
  }

  @Override
  protected boolean hasJvp() {
    return true;
  }

  @Override
  protected Tensor[] jvp(Context c, Tensor[] t) {
    throw none();
  }

  @Override
  protected boolean hasBatch() {
    return true;
  }

  @Override
  protected Tensor[] batch(Context c, int n, Tensor[] in, boolean[] mapped) {
    return forward(c, in);
  }
}
