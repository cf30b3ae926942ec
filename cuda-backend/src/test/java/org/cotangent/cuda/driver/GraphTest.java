package org.cotangent.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.cotangent.DType;
import org.cotangent.cuda.CudaException;
import org.cotangent.errors.FreedException;
import org.cotangent.spi.GemmCall;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Work recorded once and launched many times. */
@ExtendWith(OnDevice.class)
class GraphTest {
  private CudaDevice device;

  @BeforeEach
  void open() {
    device = CudaDevice.of(0);
  }

  private float[] floats(DeviceBuffer b) {
    float[] x = new float[(int) b.size()];
    device.download(b, 0, b.size(), x);
    return x;
  }

  private void axpy(DeviceBuffer y, DeviceBuffer x, float a) {
    int n = (int) y.size();
    device.launch("axpy", CompilerTest.AXPY, Grid.of(1, n), y.out(0), x.in(0), a, n);
  }

  @Test
  void aGraphRepeatsItsWorkOnCurrentContents() {
    DeviceBuffer x = device.upload(DType.FLOAT32, new float[] {1, 2});
    DeviceBuffer y = device.upload(DType.FLOAT32, new float[] {0, 0});
    try (Graph graph = Graph.capture(device, () -> axpy(y, x, 2))) {
      assertThat(floats(y)).containsExactly(0, 0);
      graph.launch();
      graph.launch();
      assertThat(floats(y)).containsExactly(4, 8);
      axpy(x, x, 1);
      graph.launch();
      assertThat(floats(y)).containsExactly(8, 16);
    }
  }

  @Test
  void memoryTakenWhileRecordingBelongsToTheGraph() {
    DeviceBuffer x = device.upload(DType.FLOAT32, new float[] {3});
    var result = new AtomicReference<DeviceBuffer>();
    Graph graph = Graph.capture(device, () -> {
      DeviceBuffer t = device.allocate(DType.FLOAT32, 1);
      device.copy(x, 0, t, 0, 1);
      axpy(t, x, 1);
      DeviceBuffer r = device.allocate(DType.FLOAT32, 1);
      device.gemm("matmul", new GemmCall(false, false, 1, 1, 1, 1, t, 0, 1, 0, x, 0, 1, 0, r, 0, 1, 1));
      t.free();
      result.set(r);
    });
    DeviceBuffer other = device.upload(DType.FLOAT32, new float[] {-1});
    graph.launch();
    assertThat(floats(result.get())).containsExactly(18);
    assertThat(floats(other)).containsExactly(-1);
    graph.close();
    assertThat(floats(result.get())).as("the result outlives the graph").containsExactly(18);
    result.get().free();
    assertThatThrownBy(graph::launch).isInstanceOf(FreedException.class).hasMessageContaining("closed");
    assertThatThrownBy(graph::close).isInstanceOf(FreedException.class);
  }

  @Test
  void whatIsUploadedWhileRecordingIsAConstant() {
    DeviceBuffer y = device.upload(DType.FLOAT32, new float[] {0});
    try (Graph graph = Graph.capture(device, () -> axpy(y, device.upload(DType.FLOAT32, new float[] {5}), 1))) {
      graph.launch();
      System.gc();
      graph.launch();
      assertThat(floats(y)).containsExactly(10);
    }
  }

  @Test
  void readingWhileRecordingIsRefusedAndTheDeviceGoesOn() {
    DeviceBuffer x = device.upload(DType.FLOAT32, new float[] {1});
    assertThatThrownBy(() -> Graph.capture(device, () -> floats(x))).isInstanceOf(CudaException.class)
        .hasMessageStartingWith("download: the host cannot read or wait while a CUDA graph is captured");
    assertThatThrownBy(() -> Graph.capture(device, () -> device.synchronize())).isInstanceOf(CudaException.class);
    assertThat(floats(x)).containsExactly(1);
  }

  @Test
  void freedInputsAreRefusedAtReplay() {
    DeviceBuffer x = device.upload(DType.FLOAT32, new float[] {1});
    DeviceBuffer y = device.upload(DType.FLOAT32, new float[] {1});
    try (Graph graph = Graph.capture(device, () -> axpy(y, x, 1))) {
      x.free();
      assertThatThrownBy(graph::launch).isInstanceOf(FreedException.class).hasMessageStartingWith("replay: storage of float32[1] was freed");
    }
  }

  @Test
  void anotherThreadMayReplayAndReadInOrder() {
    DeviceBuffer x = device.upload(DType.FLOAT32, new float[] {1});
    DeviceBuffer y = device.upload(DType.FLOAT32, new float[] {0});
    try (Graph graph = Graph.capture(device, () -> axpy(y, x, 1))) {
      for (int i = 0; i < 5; i++) {
        graph.launch();
        CompletableFuture.runAsync(graph::launch).join();
      }
      assertThat(floats(y)).containsExactly(10);
    }
  }
}
