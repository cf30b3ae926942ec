package org.cotangent.cuda;

import org.cotangent.errors.CotangentException;

/** A status of the CUDA driver, NVRTC or cuBLAS other than success. */
public final class CudaException extends CotangentException {
  private static final long serialVersionUID = 1L;

  private final String status;
  private final int code;
  private final boolean sticky;

  /**
   * With a message of the form "operation: what is wrong: the values".
   *
   * @param status the name of the status, such as CUDA_ERROR_ILLEGAL_ADDRESS
   * @param code its number
   * @param sticky whether the device cannot be used any more in this process
   */
  public CudaException(String message, String status, int code, boolean sticky) {
    super(message);
    this.status = status;
    this.code = code;
    this.sticky = sticky;
  }

  /** The name of the status: "CUDA_ERROR_ILLEGAL_ADDRESS", "NVRTC_ERROR_COMPILATION". */
  public String status() {
    return status;
  }

  /** The number of the status. */
  public int code() {
    return code;
  }

  /** Whether the device cannot be used any more in this process: every later call fails and names this fault. */
  public boolean sticky() {
    return sticky;
  }
}
