package org.cotangent.cuda.driver;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/**
 * The compiled kernels of a device, each compiled and loaded once. A binary for the device is preferred; PTX, which the driver compiles
 * itself, is the fallback where NVRTC does not know the device or the driver refuses the binary.
 */
final class Kernels {
  /** Dynamic shared memory that needs no permission. */
  private static final int ORDINARY_SHARED = 48 << 10;

  private final Context context;
  private final KernelCache cache = KernelCache.standard();
  private final ConcurrentHashMap<KernelSource, Kernel> loaded = new ConcurrentHashMap<>();
  private final ReentrantLock loading = new ReentrantLock();
  /** Set once the driver refused a binary: from then on only PTX is tried. */
  private volatile boolean ptxOnly;

  Kernels(Context context) {
    this.context = context;
  }

  /** A function on the device, and the most dynamic shared memory that it was permitted so far. */
  static final class Kernel {
    private final CUfunction function = new CUfunction();
    private int permitted = ORDINARY_SHARED;

    CUfunction function() {
      return function;
    }
  }

  KernelCache cache() {
    return cache;
  }

  /** The kernel, ready to be launched. */
  Kernel get(String op, KernelSource source) {
    Kernel k = loaded.get(source);
    if (k == null) {
      loading.lock(); // NVRTC compiles one at a time anyway
      try {
        k = loaded.get(source);
        if (k == null) {
          k = load(op, source);
          loaded.put(source, k);
        }
      } finally {
        loading.unlock();
      }
    }
    return k;
  }

  private Kernel load(String op, KernelSource source) {
    int device = context.properties().capability();
    int binary = binaryArchitecture(device);
    var module = new CUmodule();
    int status = CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU;
    if (!ptxOnly && binary > 0) {
      status = JCudaDriver.cuModuleLoadData(module, cache.image(source, binary, Compiler.Form.CUBIN));
      ptxOnly = refusesBinaries(status);
    }
    if (refusesBinaries(status)) {
      status = JCudaDriver.cuModuleLoadData(module, cache.image(source, ptxArchitecture(device), Compiler.Form.PTX));
    }
    context.check(status, op, "cuModuleLoadData", () -> "kernel " + source.name() + " for compute capability " + device
        + "; CUDA_ERROR_UNSUPPORTED_PTX_VERSION means a driver older than NVRTC " + Discovery.text(Compiler.version()) + ": update the driver");
    var kernel = new Kernel();
    context.check(JCudaDriver.cuModuleGetFunction(kernel.function, module, source.name()), op, "cuModuleGetFunction", source::name);
    return kernel;
  }

  private static boolean refusesBinaries(int status) {
    return status == CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU || status == CUresult.CUDA_ERROR_INVALID_IMAGE
        || status == CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION;
  }

  /** The newest architecture whose binaries run on the device: of the same major version, not newer; 0 if NVRTC knows none. */
  static int binaryArchitecture(int device) {
    return Arrays.stream(Compiler.architectures()).filter(a -> a / 10 == device / 10 && a <= device).max().orElse(0);
  }

  /** The newest architecture whose PTX runs on the device. */
  static int ptxArchitecture(int device) {
    return Arrays.stream(Compiler.architectures()).filter(a -> a <= device).max().orElse(device);
  }

  /** Permits the kernel more dynamic shared memory than every kernel may use. */
  void permit(String op, Kernel kernel, Grid grid) {
    if (grid.shared() > kernel.permitted) {
      int status = JCudaDriver.cuFuncSetAttribute(kernel.function, CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, grid.shared());
      context.check(status, op, "cuFuncSetAttribute", grid::toString);
      kernel.permitted = grid.shared();
    }
  }
}
