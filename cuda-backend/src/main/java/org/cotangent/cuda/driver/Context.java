package org.cotangent.cuda.driver;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.JCudaDriver;

/** A device's primary context, its faults and its properties. */
final class Context {
  /** The context that is current on the thread, as far as this library set it. */
  private static final ThreadLocal<Context> CURRENT = new ThreadLocal<>();

  private final CUdevice handle = new CUdevice();
  private final CUcontext context = new CUcontext();
  private final Faults faults;
  private final DeviceProperties properties;
  private final String name;
  /** Counts captures begun, so that a buffer knows whether it was written before one. */
  private final AtomicLong epoch = new AtomicLong();

  Context(int ordinal) {
    Natives.driver();
    name = "cuda:" + ordinal;
    faults = new Faults(name);
    check(JCudaDriver.cuInit(0), "open", "cuInit");
    check(JCudaDriver.cuDeviceGet(handle, ordinal), "open", "cuDeviceGet");
    properties = read();
    check(JCudaDriver.cuDevicePrimaryCtxRetain(context, handle), "open", "cuDevicePrimaryCtxRetain");
  }

  /** Makes the context current on the calling thread; refuses if the device is lost. */
  Context enter(String op) {
    faults.refuseIfLost(op);
    if (CURRENT.get() != this) {
      check(JCudaDriver.cuCtxSetCurrent(context), op, "cuCtxSetCurrent");
      CURRENT.set(this);
    }
    return this;
  }

  /** "cuda:0". */
  String name() {
    return name;
  }

  DeviceProperties properties() {
    return properties;
  }

  Faults faults() {
    return faults;
  }

  AtomicLong epoch() {
    return epoch;
  }

  void check(int status, String op, String call) {
    faults.check(status, op, call);
  }

  void check(int status, String op, String call, Supplier<String> detail) {
    faults.check(status, op, call, detail);
  }

  /** Bytes of device memory that are free, and in all. */
  long[] memory() {
    long[] free = new long[1];
    long[] all = new long[1];
    check(JCudaDriver.cuMemGetInfo(free, all), "memory", "cuMemGetInfo");
    return new long[] {free[0], all[0]};
  }

  private DeviceProperties read() {
    byte[] text = new byte[256];
    check(JCudaDriver.cuDeviceGetName(text, text.length, handle), "open", "cuDeviceGetName");
    int length = 0;
    while (length < text.length && text[length] != 0) {
      length++;
    }
    String model = new String(text, 0, length, StandardCharsets.UTF_8);
    long[] memory = new long[1];
    check(JCudaDriver.cuDeviceTotalMem(memory, handle), "open", "cuDeviceTotalMem");
    return new DeviceProperties(
        model,
        attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
        attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
        memory[0],
        attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT),
        attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK),
        Discovery.here().driverVersion(),
        Discovery.here().emulated());
  }

  private int attribute(int which) {
    int[] value = new int[1];
    check(JCudaDriver.cuDeviceGetAttribute(value, which, handle), "open", "cuDeviceGetAttribute", () -> "attribute " + which);
    return value[0];
  }
}
