package org.cotangent.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.cotangent.DType;
import org.cotangent.errors.FreedException;
import org.cotangent.errors.MemoryException;
import org.cotangent.spi.MemoryStats;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Blocks of device memory: cut, merged, taken again, and given back. */
@ExtendWith(OnDevice.class)
class AllocatorTest {
  private static final long MIB = 1L << 20;
  private CudaDevice device;
  private MemoryStats before;

  @BeforeEach
  void open() throws InterruptedException {
    device = CudaDevice.of(0);
    device.synchronize();
    for (int i = 0; i < 200 && device.memoryStats().liveBytes() > 0; i++) {
      System.gc(); // what a test before left to the collector is gone before this one counts
      Thread.sleep(10);
      device.emptyCache();
    }
    device.emptyCache();
    device.resetPeak();
    before = device.memoryStats();
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(device.memoryStats().liveBytes()).isEqualTo(before.liveBytes());
    assertThat(device.memoryStats().liveBuffers()).isEqualTo(before.liveBuffers());
  }

  private DeviceBuffer bytes(long n) {
    return device.allocate(DType.INT8, n);
  }

  private long address(DeviceBuffer b) {
    return b.use(device.stream("test"), 0, false, "test");
  }

  private long driverAllocations() {
    return OnDevice.emulator().counts().stream().filter(l -> l.startsWith("alloc ")).mapToLong(l -> Long.parseLong(l.substring(6))).sum();
  }

  @Test
  void whatIsLiveIsCounted() {
    DeviceBuffer a = device.allocate(DType.FLOAT32, 1000);
    DeviceBuffer b = device.allocate(DType.FLOAT64, 10);
    MemoryStats now = device.memoryStats();
    assertThat(now.liveBytes() - before.liveBytes()).isEqualTo(4080);
    assertThat(now.liveBuffers() - before.liveBuffers()).isEqualTo(2);
    assertThat(now.allocations() - before.allocations()).isEqualTo(2);
    a.free();
    assertThat(device.memoryStats().liveBytes() - before.liveBytes()).isEqualTo(80);
    assertThat(device.memoryStats().peakBytes() - before.liveBytes()).isEqualTo(4080);
    device.resetPeak();
    assertThat(device.memoryStats().peakBytes() - before.liveBytes()).isEqualTo(80);
    b.free();
  }

  @Test
  void aFreedBlockIsTakenAgainWithoutTheDriver() {
    DeviceBuffer a = bytes(3 * MIB);
    long at = address(a);
    a.free();
    long asked = driverAllocations();
    DeviceBuffer b = bytes(3 * MIB);
    assertThat(address(b)).isEqualTo(at);
    assertThat(driverAllocations()).isEqualTo(asked);
    b.free();
  }

  @Test
  void neighboursMerge() {
    var parts = new ArrayList<DeviceBuffer>();
    for (int i = 0; i < 4; i++) {
      parts.add(bytes(4 * MIB));
    }
    List<Long> at = parts.stream().map(this::address).toList();
    assertThat(at).as("cut from one segment").isEqualTo(List.of(at.get(0), at.get(0) + 4 * MIB, at.get(0) + 8 * MIB, at.get(0) + 12 * MIB));
    for (int i : new int[] {1, 3, 2, 0}) {
      parts.get(i).free();
    }
    long asked = driverAllocations();
    DeviceBuffer whole = bytes(20 * MIB);
    assertThat(address(whole)).isEqualTo(at.get(0));
    assertThat(driverAllocations()).isEqualTo(asked);
    whole.free();
  }

  @Test
  void smallBuffersDoNotCutUpLargeSegments() {
    DeviceBuffer large = bytes(9 * MIB);
    long at = address(large);
    large.free();
    DeviceBuffer small = bytes(100);
    assertThat(address(small) < at || address(small) >= at + 20 * MIB).isTrue();
    small.free();
  }

  @Test
  void emptyCacheGivesFreeSegmentsBack() {
    DeviceBuffer kept = bytes(4 * MIB);
    DeviceBuffer freed = bytes(64 * MIB);
    long used = device.driverMemory()[1] - device.driverMemory()[0];
    freed.free();
    assertThat(device.memoryStats().pooledBytes()).isGreaterThanOrEqualTo(64 * MIB);
    device.emptyCache();
    assertThat(used - (device.driverMemory()[1] - device.driverMemory()[0])).isEqualTo(64 * MIB);
    assertThat(device.memoryStats().pooledBytes()).isLessThan(20 * MIB);
    kept.free();
  }

  @Test
  void memoryIsNotTakenAgainBeforeAnotherThreadsWorkOnItIsDone() {
    int n = 1 << 18;
    float[] ones = new float[n];
    java.util.Arrays.fill(ones, 1);
    DeviceBuffer a = device.upload(DType.FLOAT32, ones);
    DeviceBuffer copy = CompletableFuture.supplyAsync(() -> {
      DeviceBuffer c = device.allocate(DType.FLOAT32, n);
      device.copy(a, 0, c, 0, n);
      return c;
    }).join();
    long at = address(a);
    a.free();
    DeviceBuffer b = device.allocate(DType.FLOAT32, n);
    assertThat(address(b)).isEqualTo(at);
    device.zero(b, 0, n);
    float[] read = new float[n];
    device.download(copy, 0, n, read);
    assertThat(read).isEqualTo(ones);
    copy.free();
    b.free();
  }

  @Test
  void unreachableBuffersComeBack() throws InterruptedException {
    for (int i = 0; i < 10; i++) {
      bytes(MIB / 2);
    }
    collectAll();
  }

  /** Asks the collector until nothing is left; what is not found then fails {@link #nothingIsLeft}. */
  private void collectAll() throws InterruptedException {
    for (int i = 0; i < 100 && device.memoryStats().liveBytes() > before.liveBytes(); i++) {
      System.gc();
      Thread.sleep(10);
    }
  }

  @Test
  void emptyBuffersHoldNothing() {
    long asked = driverAllocations();
    DeviceBuffer none = device.allocate(DType.FLOAT32, 0);
    assertThat(address(none)).isZero();
    assertThat(driverAllocations()).isEqualTo(asked);
    none.free();
  }

  @Test
  void useAfterFreeIsRefused() {
    DeviceBuffer a = device.allocate(DType.FLOAT32, 8);
    a.free();
    a.free();
    assertThat(a.freed()).isTrue();
    assertThatThrownBy(() -> device.download(a, 0, 8, new float[8])).isInstanceOf(FreedException.class).hasMessageContaining("float32[8]");
  }

  @Test
  void aFullDeviceIsReportedAndTheNextRequestSucceeds() {
    DeviceBuffer held = device.allocate(DType.FLOAT32, 1 << 20);
    assertThatThrownBy(() -> device.allocate(DType.FLOAT32, 1L << 40)).isInstanceOf(MemoryException.class)
        .hasMessageStartingWith("cuda:0: out of memory: asked 4 TiB for float32[1099511627776], 4 MiB of " + Allocator.text(device.properties().memory()) + " in ")
        .hasMessageContaining("largest float32[1048576]");
    DeviceBuffer after = bytes(100);
    after.free();
    held.free();
  }

  @Test
  void aRequestThatFitsOnlyWithoutTheCacheSucceeds() {
    long part = device.properties().memory() / 4;
    DeviceBuffer a = bytes(2 * part);
    DeviceBuffer b = bytes(part);
    a.free();
    b.free();
    DeviceBuffer c = bytes(3 * part);
    assertThat(device.memoryStats().pooledBytes()).isLessThan(part);
    c.free();
    device.emptyCache();
  }

  @Test
  void unreachableBuffersMakeRoom() {
    long part = device.properties().memory() / 4;
    for (int i = 0; i < 6; i++) {
      bytes(3 * part);
    }
    System.gc();
    DeviceBuffer last = bytes(3 * part);
    last.free();
    device.emptyCache();
  }

  @Test
  void unreachableBuffersDoNotFillTheDevice() throws InterruptedException {
    long memory = device.properties().memory();
    long free = device.driverMemory()[0];
    for (int i = 0; i < 200; i++) {
      bytes(memory / 32);
      assertThat(free - device.driverMemory()[0]).as("after %d", i).isLessThanOrEqualTo(memory * 3 / 4);
    }
    collectAll();
    device.emptyCache();
  }
}
