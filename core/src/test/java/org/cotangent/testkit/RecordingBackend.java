package org.cotangent.testkit;

import java.util.ArrayList;
import java.util.List;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.expr.Program;
import org.cotangent.spi.Backend;
import org.cotangent.spi.Backends;
import org.cotangent.spi.Buffer;
import org.cotangent.spi.Distribution;
import org.cotangent.spi.GemmCall;
import org.cotangent.spi.MemoryStats;
import org.cotangent.spi.Operand;
import org.cotangent.spi.Reduction;

/**
 * A backend that notes each kernel and lets another one compute it; it stands in for that one until closed.
 *
 * <p>Process-wide while open: tests that use it do not run beside others.
 */
public final class RecordingBackend implements Backend, AutoCloseable {
  private final Backend real;
  private final Runnable restore;
  private final List<String> kernels = new ArrayList<>();
  private final List<GemmCall> gemms = new ArrayList<>();

  private RecordingBackend(Backend real) {
    this.real = real;
    this.restore = Backends.replace(this);
  }

  /** Records what {@code device} computes from now on. */
  public static RecordingBackend of(Device device) {
    return new RecordingBackend(Backends.of(device));
  }

  /** Names of the kernels in order. */
  public synchronized List<String> kernels() {
    return List.copyOf(kernels);
  }

  /** The matrix products in order. */
  public synchronized List<GemmCall> gemms() {
    return List.copyOf(gemms);
  }

  /** Forgets what was recorded. */
  public synchronized void clear() {
    kernels.clear();
    gemms.clear();
  }

  private synchronized void note(String kernel) {
    kernels.add(kernel);
  }

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
    return "recording " + real.description();
  }

  @Override
  public Buffer allocate(DType dtype, long size) {
    return real.allocate(dtype, size);
  }

  @Override
  public Buffer upload(DType dtype, Object array, boolean share) {
    return real.upload(dtype, array, share);
  }

  @Override
  public void download(Operand from, Object array) {
    note("download");
    real.download(from, array);
  }

  @Override
  public void pointwise(Program program, Operand[] in, Operand[] out) {
    note("pointwise");
    real.pointwise(program, in, out);
  }

  @Override
  public void rows(Program program, int axes, Operand[] in, Operand[] out) {
    note("rows");
    real.rows(program, axes, in, out);
  }

  @Override
  public int longestRow() {
    return real.longestRow();
  }

  @Override
  public void copy(Operand from, Operand to) {
    note("copy");
    real.copy(from, to);
  }

  @Override
  public void reduce(Reduction kind, Operand in, int[] axes, Operand out) {
    note("reduce");
    real.reduce(kind, in, axes, out);
  }

  @Override
  public void argReduce(boolean largest, Operand in, int axis, Operand values, Operand indices) {
    note("argReduce");
    real.argReduce(largest, in, axis, values, indices);
  }

  @Override
  public void scan(Reduction kind, Operand in, int axis, boolean reverse, Operand out) {
    note("scan");
    real.scan(kind, in, axis, reverse, out);
  }

  @Override
  public void sort(Operand in, int axis, boolean descending, Operand values, Operand indices) {
    note("sort");
    real.sort(in, axis, descending, values, indices);
  }

  @Override
  public void gather(String op, Operand in, Operand index, int axis, Operand out) {
    note("gather");
    real.gather(op, in, index, axis, out);
  }

  @Override
  public void scatterAdd(String op, Operand in, Operand index, int axis, Operand out) {
    note("scatterAdd");
    real.scatterAdd(op, in, index, axis, out);
  }

  @Override
  public void overlapAdd(Operand in, int axis, int stride, int dilation, Operand out) {
    note("overlapAdd");
    real.overlapAdd(in, axis, stride, dilation, out);
  }

  @Override
  public void gemm(GemmCall call) {
    note("gemm");
    synchronized (this) {
      gemms.add(call);
    }
    real.gemm(call);
  }

  @Override
  public void cholesky(String op, boolean checked, Operand in, Operand out) {
    note("cholesky");
    real.cholesky(op, checked, in, out);
  }

  @Override
  public void lu(String op, boolean checked, Operand in, Operand factors, Operand order, Operand pivots) {
    note("lu");
    real.lu(op, checked, in, factors, order, pivots);
  }

  @Override
  public void triangularSolve(boolean upper, boolean unit, boolean transposed, Operand a, Operand in, Operand out) {
    note("triangularSolve");
    real.triangularSolve(upper, unit, transposed, a, in, out);
  }

  @Override
  public void qr(Operand in, Operand q, Operand r) {
    note("qr");
    real.qr(in, q, r);
  }

  @Override
  public void eigh(String op, boolean upper, Operand in, Operand w, Operand v) {
    note("eigh");
    real.eigh(op, upper, in, w, v);
  }

  @Override
  public void svd(String op, Operand in, Operand u, Operand s, Operand vt) {
    note("svd");
    real.svd(op, in, u, s, vt);
  }

  @Override
  public void random(Distribution kind, long seed, long offset, long low, long high, Operand out) {
    note("random");
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
