package org.cotangent.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.List;
import org.cotangent.DType;
import org.cotangent.cuda.CudaException;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.IndexException;
import org.cotangent.spi.GemmCall;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies, launches, products and their order on the streams of several threads. */
@ExtendWith(OnDevice.class)
class StreamsTest {
  private static final KernelSource LOOKUP = new KernelSource("lookup", """
      extern "C" __global__ void lookup(const long long* index, long long n, float* out, long long* error, int id) {
        int t = threadIdx.x;
        long long i = index[t];
        if (i < 0 || i >= n) {
          if (atomicCAS((int*) error, 0, id) == 0) { error[1] = i; error[2] = n; error[3] = 0; }
          i = 0;
        }
        out[t] = (float) i;
      }
      """);
  private static final KernelSource STRUCT = new KernelSource("structs", """
      struct P { int a; double b; };
      extern "C" __global__ void structs(double* out, P p, float f, long long l) { out[0] = p.a + p.b + f + l; }
      """);

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

  private DeviceBuffer filled(int n, float value) {
    float[] x = new float[n];
    Arrays.fill(x, value);
    return device.upload(DType.FLOAT32, x);
  }

  private void axpy(DeviceBuffer y, DeviceBuffer x, float a, int n) {
    device.launch("axpy", CompilerTest.AXPY, Grid.of((n + 255) / 256, 256), y.out(0), x.in(0), a, n);
  }

  @ParameterizedTest
  @EnumSource
  void everyTypeComesBackAsItWent(DType t) {
    Object x = switch (t) {
      case BOOL, UINT8, INT8 -> new byte[] {0, 1, 1};
      case INT16, FLOAT16, BFLOAT16 -> new short[] {-7, 300, 5};
      case INT32 -> new int[] {1 << 30, -2, 3};
      case INT64 -> new long[] {1L << 60, -2, 3};
      case FLOAT32 -> new float[] {1.5f, Float.NaN, -0f};
      case FLOAT64 -> new double[] {Math.PI, Double.NEGATIVE_INFINITY, 0};
    };
    DeviceBuffer b = device.upload(t, x);
    Object y = java.lang.reflect.Array.newInstance(x.getClass().getComponentType(), 3);
    device.download(b, 0, 3, y);
    assertThat(y).isEqualTo(x);
    b.free();
  }

  @Test
  void boolsOtherThanZeroBecomeOne() {
    DeviceBuffer b = device.upload(DType.BOOL, new byte[] {0, 2, -1, 1});
    byte[] y = new byte[4];
    device.download(b, 0, 4, y);
    assertThat(y).containsExactly(0, 1, 1, 1);
    b.free();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1024, 1 << 14, (1 << 21) + 1, 5 << 20})
  void copiesOfAnySizeGoInPiecesThroughPinnedMemory(int n) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = i;
    }
    DeviceBuffer b = device.upload(DType.FLOAT32, x);
    float last = x[n - 1];
    Arrays.fill(x, -1);
    float[] y = floats(b);
    assertThat(y[n - 1]).isEqualTo(last);
    assertThat(y[n / 2]).isEqualTo(n / 2);
    b.free();
  }

  @Test
  void theHostDoesNotWaitForLaunches() {
    device.synchronize();
    Emulator emulator = OnDevice.emulator();
    DeviceBuffer x = filled(1000, 1);
    DeviceBuffer y = filled(1000, 2);
    long queued = emulator.queued();
    axpy(y, x, 3, 1000);
    assertThat(emulator.queued()).isEqualTo(queued + 1);
    assertThat(floats(y)).containsOnly(5f);
    x.free();
    y.free();
  }

  @Test
  void everyKindOfArgumentArrives() {
    DeviceBuffer out = device.allocate(DType.FLOAT64, 1);
    byte[] struct = java.nio.ByteBuffer.allocate(16).order(java.nio.ByteOrder.nativeOrder()).putInt(0, 3).putDouble(8, 0.25).array();
    device.launch("structs", STRUCT, Grid.of(1, 1), out.out(0), struct, 2f, 1L << 40);
    double[] y = new double[1];
    device.download(out, 0, 1, y);
    assertThat(y[0]).isEqualTo(5.25 + (1L << 40));
    out.free();
    assertThatThrownBy(() -> device.launch("structs", STRUCT, Grid.of(1, 1), "text")).isInstanceOf(ArgumentException.class);
  }

  @Test
  void streamsOfThreadsWaitForEachOthersValues() {
    int n = 5000;
    for (int round = 0; round < 10; round++) {
      DeviceBuffer x = filled(n, 1);
      DeviceBuffer y = filled(n, 0);
      axpy(y, x, 1, n);
      CompletableFuture.runAsync(() -> axpy(y, x, 2, n)).join();
      axpy(y, x, 4, n);
      DeviceBuffer z = CompletableFuture.supplyAsync(() -> {
        DeviceBuffer r = device.allocate(DType.FLOAT32, n);
        device.copy(y, 0, r, 0, n);
        return r;
      }).join();
      axpy(y, x, 8, n);
      assertThat(floats(z)).containsOnly(7f);
      assertThat(floats(y)).containsOnly(15f);
      x.free();
      y.free();
      z.free();
    }
  }

  @Test
  void anIndexErrorIsRaisedWithItsOperationAtTheNextReadAndOnlyOnce() {
    DeviceBuffer good = device.upload(DType.INT64, new long[] {0, 4});
    DeviceBuffer bad = device.upload(DType.INT64, new long[] {2, 5});
    DeviceBuffer out = device.allocate(DType.FLOAT32, 2);
    for (DeviceBuffer index : new DeviceBuffer[] {good, bad}) {
      ErrorFlags.Claim claim = device.errorFlags().claim("embedding");
      device.launch("embedding", LOOKUP, Grid.of(1, 2), index.in(0), 5L, out.out(0), claim.address(), claim.id());
    }
    assertThatThrownBy(() -> floats(out)).isInstanceOf(IndexException.class).hasMessage("embedding: index 5 is out of range for axis 0 of size 5");
    assertThat(floats(out)).containsExactly(2f, 0f);
    good.free();
    bad.free();
    out.free();
  }

  @Test
  void anIndexErrorOfAnotherThreadsValueIsRaisedWhereItIsRead() {
    DeviceBuffer out = CompletableFuture.supplyAsync(() -> {
      DeviceBuffer bad = device.upload(DType.INT64, new long[] {9});
      DeviceBuffer r = device.allocate(DType.FLOAT32, 1);
      ErrorFlags.Claim claim = device.errorFlags().claim("lookup");
      device.launch("lookup", LOOKUP, Grid.of(1, 1), bad.in(0), 5L, r.out(0), claim.address(), claim.id());
      bad.free();
      return r;
    }).join();
    assertThatThrownBy(() -> floats(out)).isInstanceOf(IndexException.class).hasMessageContaining("index 9");
    out.free();
  }

  @Test
  void aRefusedLaunchNamesKernelShapeAndArguments() {
    DeviceBuffer x = filled(8, 1);
    assertThatThrownBy(() -> device.launch("axpy", CompilerTest.AXPY, Grid.of(1, 4096), x.out(0), x.in(0), 1f, 8))
        .isInstanceOf(CudaException.class).hasMessageContaining("axpy: cuda:0: cuLaunchKernel failed: CUDA_ERROR_INVALID_VALUE")
        .hasMessageContaining("kernel axpy, grid [1, 1] x 4096 threads").hasMessageContaining("float32[8]");
    axpy(x, filled(8, 1), 1, 8);
    assertThat(floats(x)).containsOnly(2f);
    x.free();
  }

  @Test
  void productsAreRowMajor() {
    // C [2, 2] = A [2, 3] B [3, 2], with B stored as [2, 3]
    DeviceBuffer a = device.upload(DType.FLOAT64, new double[] {1, 2, 3, 4, 5, 6});
    DeviceBuffer b = device.upload(DType.FLOAT64, new double[] {1, 0, -1, 2, 1, 0});
    DeviceBuffer c = device.allocate(DType.FLOAT64, 4);
    device.gemm("matmul", new GemmCall(false, true, 2, 2, 3, 1, a, 0, 3, 0, b, 0, 3, 0, c, 0, 2, 4));
    double[] y = new double[4];
    device.download(c, 0, 4, y);
    assertThat(y).containsExactly(-2, 4, -2, 13);
  }

  @Test
  void aBatchMayShareAnOperandAndAnEmptySumIsZero() {
    DeviceBuffer a = device.upload(DType.FLOAT32, new float[] {1, 2});
    DeviceBuffer b = device.upload(DType.FLOAT32, new float[] {1, 10, 100});
    DeviceBuffer c = device.allocate(DType.FLOAT32, 6);
    device.gemm("matmul", new GemmCall(false, false, 2, 1, 1, 3, a, 0, 1, 0, b, 0, 1, 1, c, 0, 1, 2));
    assertThat(floats(c)).containsExactly(1, 2, 10, 20, 100, 200);
    device.gemm("matmul", new GemmCall(false, false, 2, 3, 0, 1, a, 0, 1, 0, b, 0, 3, 0, c, 0, 3, 6));
    assertThat(floats(c)).containsOnly(0);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "BFLOAT16"})
  void halvesAreSummedInSinglePrecision(DType t) {
    int k = 300;
    short one = t.narrow(1);
    short[] ones = new short[k];
    Arrays.fill(ones, one);
    ones[0] = t.narrow(2048);
    DeviceBuffer a = device.upload(t, ones);
    Arrays.fill(ones, one);
    DeviceBuffer b = device.upload(t, ones);
    DeviceBuffer c = device.allocate(t, 1);
    device.gemm("matmul", new GemmCall(false, false, 1, 1, k, 1, a, 0, k, 0, b, 0, 1, 0, c, 0, 1, 1));
    short[] y = new short[1];
    device.download(c, 0, 1, y);
    assertThat(t.widen(y[0])).isEqualTo(t.widen(t.narrow(2347)));
  }

  @Test
  void tf32IsOnlyUsedWhereAllowed() {
    float x = 1 + 0x1p-20f;
    DeviceBuffer a = filled(1, x);
    DeviceBuffer c = device.allocate(DType.FLOAT32, 1);
    var call = new GemmCall(false, false, 1, 1, 1, 1, a, 0, 1, 0, a, 0, 1, 0, c, 0, 1, 1);
    device.gemm("matmul", call);
    assertThat(floats(c)).containsExactly(x * x);
    device.allowTf32(true);
    try {
      device.gemm("matmul", call);
      // A library that is allowed to round may also not: for one element cuBLAS does not.
      assertThat(floats(c)[0]).isIn(Emulator.here().isPresent() ? List.of(1f) : List.of(1f, x * x));
    } finally {
      device.allowTf32(false);
    }
    device.gemm("matmul", call);
    assertThat(floats(c)).containsExactly(x * x);
  }
}
