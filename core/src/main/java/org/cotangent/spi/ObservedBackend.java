package org.cotangent.spi;

import java.util.List;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.expr.Program;

/**
 * A backend that tells of each call and lets another one do the work; it stands in for that one until closed.
 *
 * <p>Process-wide while open: nothing else may compute on the device in the meantime whose calls are not meant.
 */
public abstract class ObservedBackend implements Backend, AutoCloseable {
  private final Backend real;
  private Runnable restore = () -> {};

  /** Will observe {@code real}, once {@link #begin} was called. */
  protected ObservedBackend(Backend real) {
    this.real = real;
  }

  /** Stands in for the device's backend from now on; the last call of a constructor. */
  protected final void begin() {
    restore = Backends.replace(this);
  }

  /** A kernel that is about to be computed, named as the method of {@link Backend}; also "download". */
  protected abstract void kernel(String name, List<Operand> read, List<Operand> written);

  /** A product that is about to be computed; {@link #kernel} is not told. */
  protected abstract void product(GemmCall call);

  /** An array of {@code size} elements that is about to be uploaded. */
  protected void upload(DType dtype, long size) {}

  @Override
  public void close() {
    restore.run();
  }

  @Override
  public Device device() {
    return real.device();
  }

  @Override
  public String description() {
    return "observed " + real.description();
  }

  @Override
  public Buffer allocate(DType dtype, long size) {
    return real.allocate(dtype, size);
  }

  @Override
  public Buffer upload(DType dtype, Object array, boolean share) {
    Buffer made = real.upload(dtype, array, share);
    upload(dtype, made.size());
    return made;
  }

  @Override
  public void download(Operand from, Object array) {
    kernel("download", List.of(from), List.of());
    real.download(from, array);
  }

  @Override
  public void pointwise(Program program, Operand[] in, Operand[] out) {
    kernel("pointwise", List.of(in), List.of(out));
    real.pointwise(program, in, out);
  }

  @Override
  public void pointwise(Program program, List<Operand[]> in, List<Operand[]> out) {
    kernel("pointwise", in.stream().flatMap(java.util.Arrays::stream).toList(), out.stream().flatMap(java.util.Arrays::stream).toList());
    real.pointwise(program, in, out);
  }

  @Override
  public boolean writesInPlace() {
    return real.writesInPlace();
  }

  @Override
  public void rows(Program program, int axes, Operand[] in, Operand[] out) {
    kernel("rows", List.of(in), List.of(out));
    real.rows(program, axes, in, out);
  }

  @Override
  public void rows(Program program, int axes, Operand[] in, Operand[] out, int sums) {
    kernel("rows", List.of(in), List.of(out));
    real.rows(program, axes, in, out, sums);
  }

  @Override
  public boolean sumsRows() {
    return real.sumsRows();
  }

  @Override
  public int longestRow() {
    return real.longestRow();
  }

  @Override
  public void copy(Operand from, Operand to) {
    kernel("copy", List.of(from), List.of(to));
    real.copy(from, to);
  }

  @Override
  public void reduce(Reduction kind, Operand in, int[] axes, Operand out) {
    kernel("reduce", List.of(in), List.of(out));
    real.reduce(kind, in, axes, out);
  }

  @Override
  public void argReduce(boolean largest, boolean lastNan, Operand in, int axis, Operand values, Operand indices) {
    kernel("argReduce", List.of(in), List.of(values, indices));
    real.argReduce(largest, lastNan, in, axis, values, indices);
  }

  @Override
  public void scan(Reduction kind, Operand in, int axis, boolean reverse, Operand out) {
    kernel("scan", List.of(in), List.of(out));
    real.scan(kind, in, axis, reverse, out);
  }

  @Override
  public void sort(Operand in, int axis, boolean descending, Operand values, Operand indices) {
    kernel("sort", List.of(in), List.of(values, indices));
    real.sort(in, axis, descending, values, indices);
  }

  @Override
  public void gather(String op, Operand in, Operand index, int axis, Operand out) {
    kernel("gather", List.of(in, index), List.of(out));
    real.gather(op, in, index, axis, out);
  }

  @Override
  public void scatterAdd(String op, Operand in, Operand index, int axis, Operand out) {
    kernel("scatterAdd", List.of(in, index), List.of(out));
    real.scatterAdd(op, in, index, axis, out);
  }

  @Override
  public void overlapAdd(Operand in, int axis, int stride, int dilation, Operand out) {
    kernel("overlapAdd", List.of(in), List.of(out));
    real.overlapAdd(in, axis, stride, dilation, out);
  }

  @Override
  public void gemm(GemmCall call) {
    product(call);
    real.gemm(call);
  }

  @Override
  public void cholesky(String op, boolean checked, Operand in, Operand out) {
    kernel("cholesky", List.of(in), List.of(out));
    real.cholesky(op, checked, in, out);
  }

  @Override
  public void lu(String op, boolean checked, Operand in, Operand factors, Operand order, Operand pivots) {
    kernel("lu", List.of(in), List.of(factors, order, pivots));
    real.lu(op, checked, in, factors, order, pivots);
  }

  @Override
  public void triangularSolve(boolean upper, boolean unit, boolean transposed, Operand a, Operand in, Operand out) {
    kernel("triangularSolve", List.of(a, in), List.of(out));
    real.triangularSolve(upper, unit, transposed, a, in, out);
  }

  @Override
  public void qr(Operand in, Operand q, Operand r) {
    kernel("qr", List.of(in), List.of(q, r));
    real.qr(in, q, r);
  }

  @Override
  public void eigh(String op, boolean upper, Operand in, Operand w, Operand v) {
    kernel("eigh", List.of(in), List.of(w, v));
    real.eigh(op, upper, in, w, v);
  }

  @Override
  public void svd(String op, Operand in, Operand u, Operand s, Operand vt) {
    kernel("svd", List.of(in), List.of(u, s, vt));
    real.svd(op, in, u, s, vt);
  }

  @Override
  public void random(Distribution kind, long seed, long offset, long low, long high, Operand out) {
    kernel("random", List.of(), List.of(out));
    real.random(kind, seed, offset, low, high, out);
  }

  @Override
  public void synchronize() {
    real.synchronize();
  }

  @Override
  public MemoryStats memoryStats() {
    return real.memoryStats();
  }

  @Override
  public void resetPeak() {
    real.resetPeak();
  }

  @Override
  public void emptyCache() {
    real.emptyCache();
  }
}
