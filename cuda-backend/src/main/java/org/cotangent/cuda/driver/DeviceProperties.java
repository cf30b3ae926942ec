package org.cotangent.cuda.driver;

/**
 * What a device offers.
 *
 * @param name as the driver says, such as "NVIDIA H100 80GB HBM3"
 * @param major compute capability before the point
 * @param minor compute capability after the point
 * @param memory bytes of device memory
 * @param multiprocessors number of streaming multiprocessors
 * @param sharedPerBlock bytes of shared memory that every kernel may use
 * @param driverVersion CUDA version of the driver, 1000 * major + 10 * minor
 * @param emulated whether this is the emulated driver of the tests, not hardware
 */
public record DeviceProperties(
    String name, int major, int minor, long memory, int multiprocessors, int sharedPerBlock, int driverVersion, boolean emulated) {
  /** Compute capability as one number: 90 for 9.0. */
  public int capability() {
    return 10 * major + minor;
  }
}
