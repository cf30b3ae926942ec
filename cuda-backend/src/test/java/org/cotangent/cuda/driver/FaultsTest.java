package org.cotangent.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Arrays;
import org.cotangent.DType;
import org.cotangent.cuda.CudaException;
import org.cotangent.errors.CotangentException;
import org.cotangent.spi.GemmCall;
import org.cotangent.spi.MemoryStats;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every driver call that can fail fails once; then the device is lost, and everything says so. */
@Tag("alone")
@ExtendWith(OnDevice.class)
class FaultsTest {
  private static final KernelSource OUTSIDE = new KernelSource("outside", """
      extern "C" __global__ void outside(float* x, long long i) { x[i] = 1; }
      """);

  private final Emulator emulator = OnDevice.emulator();
  private CudaDevice device;

  @BeforeEach
  void open() {
    emulator.reset();
    device = new CudaDevice(0);
  }

  @AfterEach
  void restore() {
    emulator.configure("fault", "");
    emulator.reset();
  }

  /** Uploads, computes on two threads' worth of kinds of work, and reads; frees what it made whatever happens. */
  private float work() {
    var made = new java.util.ArrayList<DeviceBuffer>();
    try {
      float[] ones = new float[4096];
      Arrays.fill(ones, 1);
      DeviceBuffer x = kept(made, device.upload(DType.FLOAT32, ones));
      DeviceBuffer y = kept(made, device.allocate(DType.FLOAT32, 4096));
      device.zero(y, 0, 4096);
      device.launch("axpy", CompilerTest.AXPY, Grid.of(16, 256), y.out(0), x.in(0), 2f, 4096);
      DeviceBuffer z = kept(made, device.allocate(DType.FLOAT32, 4096));
      device.gemm("matmul", new GemmCall(false, false, 64, 64, 64, 1, x, 0, 64, 0, y, 0, 64, 0, z, 0, 64, 4096));
      device.copy(z, 0, y, 0, 4096);
      float[] out = new float[1];
      device.download(y, 100, 1, out);
      return out[0];
    } finally {
      made.forEach(DeviceBuffer::free);
    }
  }

  private static DeviceBuffer kept(java.util.List<DeviceBuffer> made, DeviceBuffer b) {
    made.add(b);
    return b;
  }

  @ParameterizedTest
  @ValueSource(strings = {"alloc", "host", "launch", "copy", "memset", "gemm", "module", "stream", "event", "sync"})
  void aFaultThatPassesIsAnExceptionAndTheNextStepSucceeds(String kind) {
    int failures = 0;
    for (int n = 1; n < 50; n++) {
      emulator.reset();
      device = new CudaDevice(0);
      emulator.configure("fault", kind + ":" + n);
      int at = n;
      Throwable e = catchThrowable(this::work);
      emulator.configure("fault", "");
      if (e != null) {
        failures++;
        assertThat(e).as(kind + " number " + at).isInstanceOf(CotangentException.class);
        if (e instanceof CudaException c) {
          assertThat(c.sticky()).isFalse();
          assertThat(c.getMessage()).contains("cuda:0", "injected");
        }
      }
      assertThat(work()).as("after " + kind + " number " + n).isEqualTo(128);
      MemoryStats left = device.memoryStats();
      assertThat(left.liveBytes()).isZero();
      assertThat(left.liveBuffers()).isZero();
      if (e == null && n > 20) {
        break;
      }
    }
    boolean retried = kind.equals("alloc") || kind.equals("module");
    assertThat(failures).as("calls of kind " + kind + " that failed").isGreaterThanOrEqualTo(retried ? 0 : 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"launch", "copy", "gemm", "sync"})
  void aFaultThatStaysIsNamedByEveryLaterCall(String kind) {
    emulator.configure("fault", kind + ":1:sticky");
    assertThatThrownBy(this::work).isInstanceOf(CudaException.class);
    emulator.configure("fault", "");
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(this::work).isInstanceOfSatisfying(CudaException.class, e -> assertThat(e.sticky()).isTrue())
          .hasMessageContaining("earlier fault");
    }
  }

  @Test
  void textIsTriedWhereBinariesAreRefused() {
    work();
    assertThat(device.compiledKernels()).isLessThanOrEqualTo(2);
    emulator.configure("ptx", "8.0");
    try {
      assertThatThrownBy(() -> device.launch("scatter", OUTSIDE, Grid.of(1, 1), 0L, 0L)).isInstanceOf(CudaException.class)
          .hasMessageContaining("CUDA_ERROR_UNSUPPORTED_PTX_VERSION").hasMessageContaining("update the driver");
    } finally {
      emulator.configure("ptx", "8.8");
    }
  }
}
