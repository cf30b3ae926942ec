package org.cotangent.cuda.driver;

import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.spi.GemmCall;
import org.cotangent.spi.MemoryStats;

/**
 * One CUDA device and everything the process holds of it: its primary context, memory, streams, compiled kernels and cuBLAS handles.
 *
 * <p>Every thread has a stream of its own; work is queued in the order of the calls, and the host waits only in {@link #synchronize},
 * {@link #download} and {@link #checkErrors}. All methods may be called from any thread.
 */
public final class CudaDevice {
  private final int ordinal;

  private CudaDevice(int ordinal) {
    this.ordinal = ordinal;
  }

  /**
   * The device of this number, opened at the first call.
   *
   * @throws org.cotangent.errors.DeviceException if there is none
   */
  public static CudaDevice of(int ordinal) {
    return new CudaDevice(ordinal);
  }

  /** "cuda:0". */
  public Device device() {
    return Device.cuda(ordinal);
  }

  /** The device's name and what it offers. */
  public DeviceProperties properties() {
    throw new UnsupportedOperationException();
  }

  /**
   * Storage with undefined contents.
   *
   * @throws org.cotangent.errors.MemoryException if the device is full, even after everything unreachable was freed
   */
  public DeviceBuffer allocate(DType dtype, long size) {
    throw new UnsupportedOperationException();
  }

  /**
   * Storage with the contents of a Java array of the dtype's kind. The array may be changed once this returns; the host does not wait
   * for the device.
   */
  public DeviceBuffer upload(DType dtype, Object array) {
    throw new UnsupportedOperationException();
  }

  /**
   * Copies {@code count} elements from element {@code from} on into the front of a Java array of the dtype's kind, after everything queued
   * before. Errors of that work are raised here.
   */
  public void download(DeviceBuffer buffer, long from, long count, Object array) {
    throw new UnsupportedOperationException();
  }

  /** Copies {@code count} elements between buffers of this device, on the calling thread's stream. */
  public void copy(DeviceBuffer from, long fromOffset, DeviceBuffer to, long toOffset, long count) {
    throw new UnsupportedOperationException();
  }

  /** Sets {@code count} elements from element {@code from} on to bytes of zero, on the calling thread's stream. */
  public void zero(DeviceBuffer buffer, long from, long count) {
    throw new UnsupportedOperationException();
  }

  /**
   * Queues a kernel on the calling thread's stream, compiling it first if it is new.
   *
   * <p>Arguments, in the order of the kernel's parameters: {@link DeviceBuffer.Access} (from {@code buffer.in(offset)} or
   * {@code buffer.out(offset)}: passed as the address of that element), {@code DeviceBuffer} (the same as {@code out(0)}), {@code Integer},
   * {@code Long}, {@code Float}, {@code Double}, or {@code byte[]} (a struct passed by value, native byte order). A launch with an empty
   * grid does nothing.
   *
   * @param op the operation's name, for messages
   * @throws org.cotangent.cuda.CudaException if the kernel does not compile or the driver refuses it
   */
  public void launch(String op, KernelSource kernel, Grid grid, Object... arguments) {
    throw new UnsupportedOperationException();
  }

  /** Index errors that kernels report. */
  public ErrorFlags errorFlags() {
    throw new UnsupportedOperationException();
  }

  /** Queues a matrix product by cuBLAS: float32, float64, float16 or bfloat16, the last two accumulated in float32. */
  public void gemm(String op, GemmCall call) {
    throw new UnsupportedOperationException();
  }

  /** Waits for everything queued by this thread and raises its errors. */
  public void checkErrors() {
    throw new UnsupportedOperationException();
  }

  /** Waits for everything queued by any thread and raises the errors. */
  public void synchronize() {
    throw new UnsupportedOperationException();
  }

  /** What the allocator holds. */
  public MemoryStats memoryStats() {
    throw new UnsupportedOperationException();
  }

  /** Restarts the peak at what is live now. */
  public void resetPeak() {
    throw new UnsupportedOperationException();
  }

  /** Gives the memory of free blocks back to the driver. */
  public void emptyCache() {
    throw new UnsupportedOperationException();
  }
}
