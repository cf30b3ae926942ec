package org.cotangent.spi;

import java.util.List;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.expr.Program;

/**
 * The kernels of a device. Outputs are allocated by the caller, never overlap inputs, and are dense unless said otherwise; inputs
 * may have any strides. The engine has checked shapes, types and axes; indices in data are checked here.
 *
 * <p>float16 and bfloat16 are stored as their 16 bits. Of the kernels, {@link #pointwise}, {@link #copy}, {@link #gather} and
 * {@link #gemm} meet them, and loads of a program and casts to and from float32 are all that touches them; the others get float32.
 */
public interface Backend {
  /** The device. */
  Device device();

  /** Versions, libraries and threads in one line, for {@code info}. */
  String description();

  /** Storage with undefined contents. */
  Buffer allocate(DType dtype, long size);

  /**
   * Storage with the contents of a Java array of the dtype's kind (byte, short, int, long, float, double; short for the bits of float16 and
   * bfloat16). With {@code share} a
   * host backend uses the array itself.
   */
  Buffer upload(DType dtype, Object array, boolean share);

  /** Copies the elements, in row-major order, into a Java array of the dtype's kind. */
  void download(Operand from, Object array);

  /** One kernel: output j of {@code program} for every element; all operands have the outputs' dims. */
  void pointwise(Program program, Operand[] in, Operand[] out);

  /**
   * One kernel, or as few as the device can: {@link #pointwise} for each list of inputs and the list of outputs of the same number.
   *
   * <p>Where the backend {@linkplain #writesInPlace writes in place}, an output may be the very operand that an input is, if every step that
   * reads that input is one that the output is computed from.
   */
  default void pointwise(Program program, List<Operand[]> in, List<Operand[]> out) {
    for (int k = 0; k < in.size(); k++) {
      pointwise(program, in.get(k), out.get(k));
    }
  }

  /** Whether {@link #pointwise(Program, List, List)} takes an output that is an input too. */
  default boolean writesInPlace() {
    return false;
  }

  /**
   * One kernel as {@link #pointwise} for a program with row functions ({@link org.cotangent.expr.Fn#row}): a row is the elements along the last
   * {@code axes} axes. An output that has stride 0 along them is written once for each row.
   */
  default void rows(Program program, int axes, Operand[] in, Operand[] out) {
    throw new UnsupportedOperationException(device() + " has no kernels that walk rows");
  }

  /**
   * As {@link #rows(Program, int, Operand[], Operand[])}, but the last {@code sums} outputs, of float32 or float64, are added up over the rows:
   * they have stride 0 along the leading axes. The order of the additions depends on the shape alone.
   */
  default void rows(Program program, int axes, Operand[] in, Operand[] out, int sums) {
    throw new UnsupportedOperationException(device() + " adds up no rows in kernels that walk them");
  }

  /** Whether {@link #rows(Program, int, Operand[], Operand[], int)} is there; if not, it is never called. */
  default boolean sumsRows() {
    return false;
  }

  /** The longest row that {@link #rows} takes; 0 if it takes none, and is never called. */
  default int longestRow() {
    return 0;
  }

  /** Copies elements between layouts of equal dims; {@code to} may have gaps. */
  void copy(Operand from, Operand to);

  /** Reduces {@code axes}; {@code out} has the remaining axes. */
  void reduce(Reduction kind, Operand in, int[] axes, Operand out);

  /**
   * Extreme value along an axis and the first index where it stands; both without the axis. A NaN counts as extreme: the first of several,
   * or the last if {@code lastNan}.
   */
  void argReduce(boolean largest, boolean lastNan, Operand in, int axis, Operand values, Operand indices);

  /** Inclusive scan along an axis. */
  void scan(Reduction kind, Operand in, int axis, boolean reverse, Operand out);

  /** Stable sort along an axis, NaN counting as largest, with the source indices. */
  void sort(Operand in, int axis, boolean descending, Operand values, Operand indices);

  /**
   * out[.., k, ..] = in[.., index[.., k, ..], ..]: other axes are equal. Indices are int64 and checked.
   *
   * @param op name for the message of an index error
   */
  void gather(String op, Operand in, Operand index, int axis, Operand out);

  /** out[.., index[.., k, ..], ..] += in[.., k, ..] in a fixed order; out starts at 0. */
  void scatterAdd(String op, Operand in, Operand index, int axis, Operand out);

  /** out[.., o * stride + k * dilation, ..] += in[.., o, .., k], the window axis last; out starts at 0. */
  void overlapAdd(Operand in, int axis, int stride, int dilation, Operand out);

  /**
   * Matrix products of operands of one floating type. Products of float16 and bfloat16 are added in float32, and each element of the
   * result is rounded once.
   */
  void gemm(GemmCall call);

  /**
   * The lower triangular factor L of in = L Lᵀ, of the last two axes; only the lower triangle of in is read, and L has zeros above the
   * diagonal.
   *
   * @param op name for the message of an error
   * @param checked whether a matrix that is not positive definite is refused; otherwise its factor is NaN from the failing row on, in the
   *     lower triangle
   * @throws org.cotangent.errors.MatrixException if a matrix is not positive definite and {@code checked}
   */
  void cholesky(String op, boolean checked, Operand in, Operand out);

  /**
   * Factors of the last two axes [m, n] with row exchanges, k the smaller of m and n: L [m, k] and U [k, n] in one matrix of in's dims,
   * without the ones on L's diagonal.
   *
   * @param op name for the message of an error
   * @param checked whether a pivot of exactly 0 is refused; otherwise elimination goes on with the next column, as in LAPACK's getrf
   * @param order the rows of in in the order of L U: int64 [..., m]
   * @param pivots the row, counted from 1, with which row i was exchanged in step i: int32 [..., k], as in LAPACK
   * @throws org.cotangent.errors.MatrixException if a pivot is 0 and {@code checked}
   */
  void lu(String op, boolean checked, Operand in, Operand factors, Operand order, Operand pivots);

  /** out with op(a) out = in for triangular matrices in the last two axes; a is dense, its other triangle is not read. */
  void triangularSolve(boolean upper, boolean unit, boolean transposed, Operand a, Operand in, Operand out);

  /**
   * in = q r for the last two axes [m, n], m ≥ n: orthonormal columns, and an upper triangle with zeros below the diagonal; in is dense.
   * q is [m, n], or square with columns that complete the basis; r is [n, n]. Signs are those of LAPACK's geqrf: by Householder's reflections, r's diagonal not made
   * positive. No matrix fails; one that is not finite gives NaN.
   */
  void qr(Operand in, Operand q, Operand r);

  /**
   * in = v diag(w) vᵀ for symmetric matrices in the last two axes, eigenvalues w ascending, orthonormal eigenvectors in v's columns with
   * the signs of LAPACK's syevd.
   *
   * @param op name for the message of an error
   * @param upper which triangle of in is read
   * @throws org.cotangent.errors.MatrixException if a matrix is not finite
   */
  void eigh(String op, boolean upper, Operand in, Operand w, Operand v);

  /**
   * in = u diag(s) vt for the last two axes [m, n], s descending; in is dense and may be overwritten. With k the smaller of m and n, u is
   * [m, k] and vt [k, n], or both are square. Signs are those of LAPACK's gesdd.
   *
   * @param op name for the message of an error
   * @throws org.cotangent.errors.MatrixException if a matrix is not finite
   */
  void svd(String op, Operand in, Operand u, Operand s, Operand vt);

  /** Random numbers of {@link Philox}'s streams: the same for the same seed and offset on every device. */
  void random(Distribution kind, long seed, long offset, long low, long high, Operand out);

  /** Waits for everything started. */
  void synchronize();

  /** What the allocator holds. */
  MemoryStats memoryStats();

  /** Restarts the peak at what is live now. */
  void resetPeak();

  /** Gives pooled storage back to the system. */
  void emptyCache();
}
