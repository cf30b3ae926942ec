package org.cotangent.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.cotangent.DType;
import org.cotangent.cuda.CudaException;
import org.cotangent.errors.MemoryException;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Faults that need no injection, so that they happen on a card too; the last one costs the process its device. */
@ExtendWith(OnDevice.class)
@Tag("alone")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LostDeviceTest {
  private static final KernelSource OUTSIDE = new KernelSource("outside", """
      extern "C" __global__ void outside(float* x, long long i) { x[i] = 1; }
      """);

  private final CudaDevice device = Emulator.here().isPresent() ? OnDevice.reopened() : CudaDevice.of(0);

  private void works() {
    DeviceBuffer x = device.upload(DType.FLOAT32, new float[] {1, 2, 3, 4});
    float[] y = new float[4];
    device.download(x, 0, 4, y);
    assertThat(y).containsExactly(1, 2, 3, 4);
    x.free();
  }

  @Test
  @Order(1)
  void aLaunchThatIsRefusedAndAFullDevicePass() {
    DeviceBuffer x = device.allocate(DType.FLOAT32, 4);
    assertThatThrownBy(() -> device.launch("scatter", OUTSIDE, Grid.of(1, 2048), x.out(0), 0L))
        .isInstanceOfSatisfying(CudaException.class, e -> assertThat(e.sticky()).isFalse()).hasMessageContaining("2048 threads");
    works();
    assertThatThrownBy(() -> device.allocate(DType.FLOAT32, 1L << 40)).isInstanceOf(MemoryException.class);
    works();
    x.free();
    assertThat(device.memoryStats().liveBytes()).isZero();
  }

  @Test
  @Order(2)
  void anAccessOutsideIsFoundAtTheReadAndTheDeviceIsLostForGood() {
    DeviceBuffer x = device.allocate(DType.FLOAT32, 4);
    device.launch("scatter", OUTSIDE, Grid.of(1, 1), x.out(0), 1L << 40);
    Throwable first = catchThrowable(() -> device.download(x, 0, 4, new float[4]));
    assertThat(first).isInstanceOfSatisfying(CudaException.class, e -> {
      assertThat(e.sticky()).isTrue();
      assertThat(e.status()).isEqualTo("CUDA_ERROR_ILLEGAL_ADDRESS");
    }).hasMessageContaining("scatter (outside, grid [1, 1] x 1 threads").hasMessageContaining("cannot be used any more");
    assertThatThrownBy(() -> device.allocate(DType.FLOAT32, 4)).isInstanceOf(CudaException.class).hasMessageContaining(first.getMessage());
    assertThatThrownBy(() -> device.synchronize()).isInstanceOf(CudaException.class).hasMessageContaining(first.getMessage());
    assertThatThrownBy(this::works).isInstanceOf(CudaException.class).hasMessageContaining("earlier fault");
    x.free();
    assertThat(device.memoryStats().liveBytes()).isZero();
  }
}
