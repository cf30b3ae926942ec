package org.cotangent.testkit;

import java.util.Arrays;
import java.util.Optional;
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

/** A backend under the name of another device, which it stands in for until closed; its storage is of that device alone. */
public final class DisguisedBackend implements Backend, AutoCloseable {
  private final Device shown;
  private final Backend real;
  private final Runnable restore;

  /** {@code real} as the backend of {@code shown}. */
  public DisguisedBackend(Device shown, Backend real) {
    this.shown = shown;
    this.real = real;
    restore = Backends.replace(this);
  }

  private record Storage(Buffer real, Device device) implements Buffer {
    @Override
    public DType dtype() {
      return real.dtype();
    }

    @Override
    public long size() {
      return real.size();
    }

    @Override
    public void free() {
      real.free();
    }

    @Override
    public boolean freed() {
      return real.freed();
    }

    @Override
    public int version() {
      return real.version();
    }

    @Override
    public void written() {
      real.written();
    }

    @Override
    public int tenure() {
      return real.tenure();
    }

    @Override
    public void tenure(int note) {
      real.tenure(note);
    }

    @Override
    public Optional<Object> array() {
      return Optional.empty();
    }
  }

  private static Operand here(Operand o) {
    return new Operand(here(o.buffer()), o.layout());
  }

  private static Buffer here(Buffer b) {
    return ((Storage) b).real();
  }

  private static Operand[] here(Operand[] o) {
    return Arrays.stream(o).map(DisguisedBackend::here).toArray(Operand[]::new);
  }

  @Override
  public void close() {
    restore.run();
  }

  @Override
  public Device device() {
    return shown;
  }

  @Override
  public String description() {
    return shown + " disguises " + real.description();
  }

  @Override
  public Buffer allocate(DType dtype, long size) {
    return new Storage(real.allocate(dtype, size), shown);
  }

  @Override
  public Buffer upload(DType dtype, Object array, boolean share) {
    return new Storage(real.upload(dtype, array, false), shown);
  }

  @Override
  public void download(Operand from, Object array) {
    real.download(here(from), array);
  }

  @Override
  public void pointwise(Program program, Operand[] in, Operand[] out) {
    real.pointwise(program, here(in), here(out));
  }

  @Override
  public void rows(Program program, int axes, Operand[] in, Operand[] out) {
    real.rows(program, axes, here(in), here(out));
  }

  @Override
  public void rows(Program program, int axes, Operand[] in, Operand[] out, int sums) {
    real.rows(program, axes, here(in), here(out), sums);
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
    real.copy(here(from), here(to));
  }

  @Override
  public void reduce(Reduction kind, Operand in, int[] axes, Operand out) {
    real.reduce(kind, here(in), axes, here(out));
  }

  @Override
  public void argReduce(boolean largest, boolean lastNan, Operand in, int axis, Operand values, Operand indices) {
    real.argReduce(largest, lastNan, here(in), axis, here(values), here(indices));
  }

  @Override
  public void scan(Reduction kind, Operand in, int axis, boolean reverse, Operand out) {
    real.scan(kind, here(in), axis, reverse, here(out));
  }

  @Override
  public void sort(Operand in, int axis, boolean descending, Operand values, Operand indices) {
    real.sort(here(in), axis, descending, here(values), here(indices));
  }

  @Override
  public void gather(String op, Operand in, Operand index, int axis, Operand out) {
    real.gather(op, here(in), here(index), axis, here(out));
  }

  @Override
  public void scatterAdd(String op, Operand in, Operand index, int axis, Operand out) {
    real.scatterAdd(op, here(in), here(index), axis, here(out));
  }

  @Override
  public void overlapAdd(Operand in, int axis, int stride, int dilation, Operand out) {
    real.overlapAdd(here(in), axis, stride, dilation, here(out));
  }

  @Override
  public void gemm(GemmCall c) {
    real.gemm(
        new GemmCall(
            c.transA(), c.transB(), c.m(), c.n(), c.k(), c.batch(),
            here(c.a()), c.aOffset(), c.lda(), c.aBatch(),
            here(c.b()), c.bOffset(), c.ldb(), c.bBatch(),
            here(c.c()), c.cOffset(), c.ldc(), c.cBatch()));
  }

  @Override
  public void cholesky(String op, boolean checked, Operand in, Operand out) {
    real.cholesky(op, checked, here(in), here(out));
  }

  @Override
  public void lu(String op, boolean checked, Operand in, Operand factors, Operand order, Operand pivots) {
    real.lu(op, checked, here(in), here(factors), here(order), here(pivots));
  }

  @Override
  public void triangularSolve(boolean upper, boolean unit, boolean transposed, Operand a, Operand in, Operand out) {
    real.triangularSolve(upper, unit, transposed, here(a), here(in), here(out));
  }

  @Override
  public void qr(Operand in, Operand q, Operand r) {
    real.qr(here(in), here(q), here(r));
  }

  @Override
  public void eigh(String op, boolean upper, Operand in, Operand w, Operand v) {
    real.eigh(op, upper, here(in), here(w), here(v));
  }

  @Override
  public void svd(String op, Operand in, Operand u, Operand s, Operand vt) {
    real.svd(op, here(in), here(u), here(s), here(vt));
  }

  @Override
  public void random(Distribution kind, long seed, long offset, long low, long high, Operand out) {
    real.random(kind, seed, offset, low, high, here(out));
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
