package org.cotangent.cuda;

import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.cuda.driver.CudaDevice;
import org.cotangent.cuda.kernel.ArgReduce;
import org.cotangent.cuda.kernel.Copies;
import org.cotangent.cuda.kernel.Gather;
import org.cotangent.cuda.kernel.HostMatrices;
import org.cotangent.cuda.kernel.Launcher;
import org.cotangent.cuda.kernel.OverlapAdd;
import org.cotangent.cuda.kernel.Pointwise;
import org.cotangent.cuda.kernel.Randoms;
import org.cotangent.cuda.kernel.Reduce;
import org.cotangent.cuda.kernel.Scan;
import org.cotangent.cuda.kernel.Rows;
import org.cotangent.cuda.kernel.ScatterAdd;
import org.cotangent.cuda.kernel.Sort;
import org.cotangent.expr.Program;
import org.cotangent.spi.Backend;
import org.cotangent.spi.Buffer;
import org.cotangent.spi.Distribution;
import org.cotangent.spi.GemmCall;
import org.cotangent.spi.MemoryStats;
import org.cotangent.spi.Operand;
import org.cotangent.spi.Reduction;

/**
 * Kernels on one CUDA device. Calls return before the work is done; the host waits where it reads. Indices out of range and integer
 * divisions by zero are raised there, or by {@link #synchronize}.
 */
public final class CudaBackend implements Backend {
  /** Longer rows are reduced by blocks side by side. */
  private static final int LONGEST_ROW = 16 * 1024;

  private final CudaDevice device;
  private final Launcher launcher;

  /** A backend whose kernels run on {@code device}. */
  CudaBackend(CudaDevice device) {
    this(device, Launcher.of(device));
  }

  CudaBackend(CudaDevice device, Launcher launcher) {
    this.device = device;
    this.launcher = launcher;
  }

  @Override
  public Device device() {
    return device.device();
  }

  @Override
  public String description() {
    return device.description();
  }

  @Override
  public Buffer allocate(DType dtype, long size) {
    return device.allocate(dtype, size);
  }

  /** Copies: memory of the host is never shared. */
  @Override
  public Buffer upload(DType dtype, Object array, boolean share) {
    return device.upload(dtype, array);
  }

  @Override
  public void download(Operand from, Object array) {
    HostMatrices.download(launcher, from, array);
  }

  @Override
  public void pointwise(Program program, Operand[] in, Operand[] out) {
    Pointwise.run(launcher, program, in, out);
  }

  @Override
  public void rows(Program program, int axes, Operand[] in, Operand[] out) {
    Rows.run(launcher, program, axes, in, out);
  }

  @Override
  public int longestRow() {
    return LONGEST_ROW;
  }

  @Override
  public void copy(Operand from, Operand to) {
    Copies.run(launcher, from, to);
  }

  @Override
  public void reduce(Reduction kind, Operand in, int[] axes, Operand out) {
    Reduce.run(launcher, kind, in, axes, out);
  }

  @Override
  public void argReduce(boolean largest, boolean lastNan, Operand in, int axis, Operand values, Operand indices) {
    ArgReduce.run(launcher, largest, lastNan, in, axis, values, indices);
  }

  @Override
  public void scan(Reduction kind, Operand in, int axis, boolean reverse, Operand out) {
    Scan.run(launcher, kind, in, axis, reverse, out);
  }

  @Override
  public void sort(Operand in, int axis, boolean descending, Operand values, Operand indices) {
    Sort.run(launcher, in, axis, descending, values, indices);
  }

  @Override
  public void gather(String op, Operand in, Operand index, int axis, Operand out) {
    Gather.run(launcher, op, in, index, axis, out);
  }

  @Override
  public void scatterAdd(String op, Operand in, Operand index, int axis, Operand out) {
    ScatterAdd.run(launcher, op, in, index, axis, out);
  }

  @Override
  public void overlapAdd(Operand in, int axis, int stride, int dilation, Operand out) {
    OverlapAdd.run(launcher, in, axis, stride, dilation, out);
  }

  @Override
  public void gemm(GemmCall call) {
    device.gemm("gemm", call);
  }

  @Override
  public void cholesky(String op, boolean checked, Operand in, Operand out) {
    HostMatrices.run(launcher, op, new Operand[] {in}, new Operand[] {out}, (h, x, y) -> h.cholesky(op, checked, x[0], y[0]));
  }

  @Override
  public void lu(String op, boolean checked, Operand in, Operand factors, Operand order, Operand pivots) {
    HostMatrices.run(launcher, op, new Operand[] {in}, new Operand[] {factors, order, pivots},
        (h, x, y) -> h.lu(op, checked, x[0], y[0], y[1], y[2]));
  }

  @Override
  public void triangularSolve(boolean upper, boolean unit, boolean transposed, Operand a, Operand in, Operand out) {
    HostMatrices.run(launcher, "triangularSolve", new Operand[] {a, in}, new Operand[] {out},
        (h, x, y) -> h.triangularSolve(upper, unit, transposed, x[0], x[1], y[0]));
  }

  @Override
  public void qr(Operand in, Operand q, Operand r) {
    HostMatrices.run(launcher, "qr", new Operand[] {in}, new Operand[] {q, r}, (h, x, y) -> h.qr(x[0], y[0], y[1]));
  }

  @Override
  public void eigh(String op, boolean upper, Operand in, Operand w, Operand v) {
    HostMatrices.run(launcher, op, new Operand[] {in}, new Operand[] {w, v}, (h, x, y) -> h.eigh(op, upper, x[0], y[0], y[1]));
  }

  @Override
  public void svd(String op, Operand in, Operand u, Operand s, Operand vt) {
    HostMatrices.run(launcher, op, new Operand[] {in}, new Operand[] {u, s, vt}, (h, x, y) -> h.svd(op, x[0], y[0], y[1], y[2]));
  }

  @Override
  public void random(Distribution kind, long seed, long offset, long low, long high, Operand out) {
    Randoms.run(launcher, kind, seed, offset, low, high, out);
  }

  @Override
  public void synchronize() {
    device.synchronize();
  }

  @Override
  public MemoryStats memoryStats() {
    return device.memoryStats();
  }

  @Override
  public void resetPeak() {
    device.resetPeak();
  }

  @Override
  public void emptyCache() {
    device.emptyCache();
  }
}
