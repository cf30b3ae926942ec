package org.cotangent.cuda.kernel;

import org.cotangent.DType;
import org.cotangent.cuda.driver.CudaDevice;
import org.cotangent.cuda.driver.DeviceBuffer;
import org.cotangent.cuda.driver.ErrorFlags;
import org.cotangent.cuda.driver.Grid;
import org.cotangent.cuda.driver.KernelSource;
import org.cotangent.errors.DeviceException;
import org.cotangent.spi.Buffer;
import org.cotangent.spi.Operand;

/**
 * The device that kernels run on, and how large grids and how small simple kernels are.
 *
 * @param maxBlocks blocks a grid has at most; kernels go round where there is more work
 * @param special elements from which on a pointwise kernel is made for its very layouts; below, one does for all of up to four axes
 */
public record Launcher(CudaDevice device, int maxBlocks, int special) {
  static final int THREADS = 256;
  private static final int WARP = 32;
  /** Positions from here on need 64 bits. */
  private static final long LARGE = 1L << 31;

  /** With limits that suit the device: enough blocks to fill it some times over. */
  public static Launcher of(CudaDevice device) {
    return new Launcher(device, 64 * Math.max(1, device.properties().multiprocessors()), 1 << 14);
  }

  /** A grid with a thread for each of {@code n}, in blocks of whole warps. */
  Grid threads(long n) {
    int threads = (int) Math.min(THREADS, (n + WARP - 1) / WARP * WARP);
    return Grid.of(blocks((n + threads - 1) / threads), threads);
  }

  /** As many blocks, or the most that a grid may have. */
  int blocks(long n) {
    return (int) Math.min(maxBlocks, n);
  }

  void launch(String op, KernelSource kernel, Grid grid, Object... arguments) {
    device.launch(op, kernel, grid, arguments);
  }

  /** Announces a kernel that may find a bad value. */
  ErrorFlags.Claim claim(String op) {
    return device.errorFlags().claim(op);
  }

  DeviceBuffer workspace(DType type, long size) {
    return device.allocate(type, size);
  }

  /** A number of elements as the kernel's type Position. */
  static Object position(long n, boolean large) {
    return large ? (Object) n : (Object) (int) n;
  }

  /** Whether positions of this many elements need 64 bits. */
  static boolean large(long n) {
    return n >= LARGE;
  }

  /** The define that kernels of large positions have, else an empty one that changes nothing. */
  static String largeDefine(boolean large) {
    return large ? "LARGE=1" : "SMALL=1";
  }

  /** An operand that a kernel reads. */
  static DeviceBuffer.Access in(Operand o) {
    return buffer(o.buffer()).in(o.layout().offset());
  }

  /** An operand that a kernel writes. */
  static DeviceBuffer.Access out(Operand o) {
    return buffer(o.buffer()).out(o.layout().offset());
  }

  /**
   * A buffer as one of a CUDA device.
   *
   * @throws DeviceException if it lives elsewhere
   */
  static DeviceBuffer buffer(Buffer b) {
    if (b instanceof DeviceBuffer d) {
      return d;
    }
    throw new DeviceException("cuda: the buffer is on " + b.device() + "; move it with to(device)");
  }
}
