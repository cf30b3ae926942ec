package org.cotangent.cpu;

import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.cpu.gemm.GemmProvider;
import org.cotangent.cpu.kernel.ArgReduce;
import org.cotangent.cpu.kernel.Copy;
import org.cotangent.cpu.kernel.Factorisation;
import org.cotangent.cpu.kernel.Gather;
import org.cotangent.cpu.kernel.Heap;
import org.cotangent.cpu.kernel.OverlapAdd;
import org.cotangent.cpu.kernel.Pointwise;
import org.cotangent.cpu.kernel.Product;
import org.cotangent.cpu.kernel.Randoms;
import org.cotangent.cpu.kernel.Reduce;
import org.cotangent.cpu.kernel.Scan;
import org.cotangent.cpu.kernel.ScatterAdd;
import org.cotangent.cpu.kernel.Sort;
import org.cotangent.cpu.kernel.Transfer;
import org.cotangent.cpu.math.MathProvider;
import org.cotangent.expr.Program;
import org.cotangent.spi.Backend;
import org.cotangent.spi.Buffer;
import org.cotangent.spi.Distribution;
import org.cotangent.spi.GemmCall;
import org.cotangent.spi.MemoryStats;
import org.cotangent.spi.Operand;
import org.cotangent.spi.Reduction;

/** Kernels on heap arrays and a pool of threads. Every call is done when it returns; calls may come from any thread. */
public final class CpuBackend implements Backend {
  /** So that the dozen blocks of a program that folds rows stay in the second-level cache. */
  private static final int LONGEST_ROW = 16 * 1024;

  private final Heap heap = new Heap();
  private final Pool pool;

  /** A backend with its own storage whose kernels run on {@code pool}; matrix products of more than one term run on the shared pool. */
  public CpuBackend(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Device device() {
    return Device.CPU;
  }

  @Override
  public String description() {
    return MathProvider.description() + "; " + GemmProvider.description();
  }

  @Override
  public Buffer allocate(DType dtype, long size) {
    return heap.allocate(dtype, size);
  }

  @Override
  public Buffer upload(DType dtype, Object array, boolean share) {
    return Transfer.upload(heap, dtype, array, share);
  }

  @Override
  public void download(Operand from, Object array) {
    Transfer.download(pool, from, array);
  }

  @Override
  public void pointwise(Program program, Operand[] in, Operand[] out) {
    Pointwise.run(heap, pool, program, in, out);
  }

  /** A block of an output is written when all that it is computed from was read, and no block is read again for the next. */
  @Override
  public boolean writesInPlace() {
    return true;
  }

  @Override
  public void rows(Program program, int axes, Operand[] in, Operand[] out) {
    Pointwise.rows(heap, pool, program, axes, in, out, 0);
  }

  @Override
  public void rows(Program program, int axes, Operand[] in, Operand[] out, int sums) {
    Pointwise.rows(heap, pool, program, axes, in, out, sums);
  }

  @Override
  public boolean sumsRows() {
    return true;
  }

  @Override
  public int longestRow() {
    return LONGEST_ROW;
  }

  @Override
  public void copy(Operand from, Operand to) {
    Copy.run(pool, from, to);
  }

  @Override
  public void reduce(Reduction kind, Operand in, int[] axes, Operand out) {
    Reduce.run(pool, kind, in, axes, out);
  }

  @Override
  public void argReduce(boolean largest, boolean lastNan, Operand in, int axis, Operand values, Operand indices) {
    ArgReduce.run(pool, largest, lastNan, in, axis, values, indices);
  }

  @Override
  public void scan(Reduction kind, Operand in, int axis, boolean reverse, Operand out) {
    Scan.run(pool, kind, in, axis, reverse, out);
  }

  @Override
  public void sort(Operand in, int axis, boolean descending, Operand values, Operand indices) {
    Sort.run(pool, in, axis, descending, values, indices);
  }

  @Override
  public void gather(String op, Operand in, Operand index, int axis, Operand out) {
    Gather.run(pool, op, in, index, axis, out);
  }

  @Override
  public void scatterAdd(String op, Operand in, Operand index, int axis, Operand out) {
    ScatterAdd.run(pool, op, in, index, axis, out);
  }

  @Override
  public void overlapAdd(Operand in, int axis, int stride, int dilation, Operand out) {
    OverlapAdd.run(pool, in, axis, stride, dilation, out);
  }

  @Override
  public void gemm(GemmCall call) {
    Product.run(pool, GemmProvider.instance(), call);
  }

  @Override
  public void cholesky(String op, boolean checked, Operand in, Operand out) {
    Copy.run(pool, in, out);
    Factorisation.cholesky(pool, op, checked, out);
  }

  @Override
  public void lu(String op, boolean checked, Operand in, Operand factors, Operand order, Operand pivots) {
    Copy.run(pool, in, factors);
    Factorisation.lu(pool, op, checked, factors, order, pivots);
  }

  @Override
  public void triangularSolve(boolean upper, boolean unit, boolean transposed, Operand a, Operand in, Operand out) {
    Copy.run(pool, in, out);
    Factorisation.solve(pool, upper, unit, transposed, a, out);
  }

  @Override
  public void qr(Operand in, Operand q, Operand r) {
    Factorisation.qr(pool, in, q, r);
  }

  @Override
  public void eigh(String op, boolean upper, Operand in, Operand w, Operand v) {
    Copy.run(pool, in, v);
    Factorisation.eigh(pool, op, upper, w, v);
  }

  @Override
  public void svd(String op, Operand in, Operand u, Operand s, Operand vt) {
    Factorisation.svd(pool, op, in, u, s, vt);
  }

  @Override
  public void random(Distribution kind, long seed, long offset, long low, long high, Operand out) {
    Randoms.run(pool, kind, seed, offset, low, high, out);
  }

  /** Returns at once: every kernel is done when its call returns. */
  @Override
  public void synchronize() {}

  @Override
  public MemoryStats memoryStats() {
    return heap.stats();
  }

  @Override
  public void resetPeak() {
    heap.resetPeak();
  }

  @Override
  public void emptyCache() {
    heap.emptyCache();
  }
}
