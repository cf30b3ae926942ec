package org.cotangent.cuda.driver;

import java.util.function.Supplier;
import jcuda.driver.CUresult;
import jcuda.jcublas.cublasStatus;
import org.cotangent.cuda.CudaException;

/**
 * Turns statuses into exceptions, and remembers the first fault after which the device is lost: every later call of this process
 * refuses and names it.
 */
final class Faults {
  private final String device;
  private volatile CudaException first;

  Faults(String device) {
    this.device = device;
  }

  /** Whether the driver refuses every later call of the process after this status. */
  static boolean sticky(int status) {
    return switch (status) {
      case CUresult.CUDA_ERROR_ILLEGAL_ADDRESS, CUresult.CUDA_ERROR_LAUNCH_TIMEOUT, CUresult.CUDA_ERROR_ASSERT, CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR,
          CUresult.CUDA_ERROR_ILLEGAL_INSTRUCTION, CUresult.CUDA_ERROR_MISALIGNED_ADDRESS, CUresult.CUDA_ERROR_INVALID_ADDRESS_SPACE,
          CUresult.CUDA_ERROR_INVALID_PC, CUresult.CUDA_ERROR_LAUNCH_FAILED, CUresult.CUDA_ERROR_ECC_UNCORRECTABLE,
          CUresult.CUDA_ERROR_NVLINK_UNCORRECTABLE, CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED, CUresult.CUDA_ERROR_EXTERNAL_DEVICE -> true;
      default -> false;
    };
  }

  /** Whether the device is lost. */
  boolean lost() {
    return first != null;
  }

  /**
   * Refuses if the device is lost.
   *
   * @throws CudaException that names the first fault
   */
  void refuseIfLost(String op) {
    CudaException lost = first;
    if (lost != null) {
      var e = new CudaException(op + ": " + device + " cannot be used any more in this process after an earlier fault; start a new one. The fault was: "
          + lost.getMessage(), lost.status(), lost.code(), true);
      e.initCause(lost);
      throw e;
    }
  }

  /**
   * Throws for a status of the driver other than success.
   *
   * @param detail what was asked: launch shape, sizes, tensors
   */
  void check(int status, String op, String call, Supplier<String> detail) {
    if (status == CUresult.CUDA_SUCCESS) {
      return;
    }
    refuseIfLost(op);
    String name = CUresult.stringFor(status);
    boolean lost = sticky(status);
    String text = op + ": " + device + ": " + call + " failed: " + name + " (" + status + "): " + detail.get() + emulated();
    var e = new CudaException(lost ? text + "; the device cannot be used any more in this process" : text, name, status, lost);
    if (lost) {
      first = e;
    }
    throw e;
  }

  void check(int status, String op, String call) {
    check(status, op, call, () -> "no further detail");
  }

  /** Throws for a status of cuBLAS other than success. */
  void checkBlas(int status, String op, String call, Supplier<String> detail) {
    if (status != cublasStatus.CUBLAS_STATUS_SUCCESS) {
      refuseIfLost(op);
      String name = cublasStatus.stringFor(status);
      throw new CudaException(op + ": " + device + ": " + call + " failed: " + name + " (" + status + "): " + detail.get() + emulated(), name, status, false);
    }
  }

  /** What the emulated driver has to say on the last refusal. */
  private static String emulated() {
    return Emulator.here().map(e -> "; the emulated driver says: " + e.lastError()).orElse("");
  }
}
