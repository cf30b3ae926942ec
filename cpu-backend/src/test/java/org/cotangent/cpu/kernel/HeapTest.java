package org.cotangent.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.cotangent.DType;
import org.cotangent.cpu.CpuBackend;
import org.cotangent.cpu.Pool;
import org.cotangent.errors.DeviceException;
import org.cotangent.errors.FreedException;
import org.cotangent.errors.MemoryException;
import org.cotangent.spi.Buffer;
import org.cotangent.spi.Layout;
import org.cotangent.spi.MemoryStats;
import org.cotangent.spi.Operand;
import org.junit.jupiter.api.Test;

class HeapTest {
  private final CpuBackend backend = new CpuBackend(new Pool(1));

  @Test
  void classesWasteAtMostAnEighth() {
    var random = new Random(1);
    for (int round = 0; round < 100_000; round++) {
      int n = SizeClass.SMALLEST + random.nextInt(1 << 12 + random.nextInt(19));
      int length = SizeClass.length(SizeClass.of(n));
      assertThat(length).isBetween(n, (int) Math.min(n * 1.125 + 1, SizeClass.LONGEST));
      assertThat(SizeClass.of(length)).isEqualTo(SizeClass.of(n));
    }
    assertThat(SizeClass.length(SizeClass.of(SizeClass.LONGEST))).isEqualTo(SizeClass.LONGEST);
    assertThat(SizeClass.of(SizeClass.LONGEST)).isLessThan(SizeClass.COUNT);
  }

  @Test
  void freedArraysAreUsedAgain() {
    Buffer a = backend.allocate(DType.FLOAT32, 5000);
    Object array = HeapBuffer.of(a).data();
    a.free();
    assertThat(backend.memoryStats().pooledBytes()).isEqualTo(5120 * 4);
    Buffer b = backend.allocate(DType.FLOAT32, 5100);
    assertThat(HeapBuffer.of(b).data()).isSameAs(array);
    assertThat(b.size()).isEqualTo(5100);
    assertThat(backend.memoryStats().pooledBytes()).isZero();
    b.free();
    assertThat(HeapBuffer.of(backend.allocate(DType.INT32, 5000)).data()).isNotSameAs(array);
    backend.emptyCache();
    assertThat(backend.memoryStats().pooledBytes()).isZero();
    assertThat(HeapBuffer.of(backend.allocate(DType.FLOAT32, 5000)).data()).isNotSameAs(array);
  }

  @Test
  void arraysThatOthersHoldAreNotUsedAgain() {
    Buffer exported = backend.allocate(DType.FLOAT32, 5120);
    exported.array();
    exported.free();
    Buffer shared = backend.upload(DType.INT64, new long[4096], true);
    shared.free();
    assertThat(backend.memoryStats().pooledBytes()).isZero();
  }

  @Test
  void thePoolForgetsTheOldestBeyondItsLimit() {
    var pool = new ArrayPool(100_000);
    var ledger = new Ledger();
    float[] oldest = (float[]) pool.take(Kind.FLOAT, 8192, ledger);
    double[] middle = (double[]) pool.take(Kind.DOUBLE, 4096, ledger);
    float[] newest = (float[]) pool.take(Kind.FLOAT, 8192, ledger);
    pool.give(Kind.FLOAT, oldest, oldest.length);
    pool.give(Kind.DOUBLE, middle, middle.length);
    pool.give(Kind.FLOAT, newest, newest.length);
    assertThat(pool.bytes()).isEqualTo(98_304);
    pool.give(Kind.SHORT, new short[4096], 4096);
    assertThat(pool.bytes()).isEqualTo(98_304 - 32_768 + 8192);
    assertThat(pool.take(Kind.FLOAT, 8192, ledger)).isSameAs(newest);
    assertThat(pool.take(Kind.FLOAT, 8192, ledger)).isNotSameAs(oldest);
    assertThat(pool.take(Kind.DOUBLE, 4096, ledger)).isSameAs(middle);
    pool.give(Kind.DOUBLE, new double[SizeClass.length(SizeClass.of(50_000))], SizeClass.length(SizeClass.of(50_000)));
    assertThat(pool.bytes()).as("larger than the limit").isEqualTo(8192);
  }

  @Test
  void countsAreExact() {
    MemoryStats before = backend.memoryStats();
    List<Buffer> live = new ArrayList<>();
    long bytes = 0;
    for (int n : new int[] {0, 1, 100, 5000, 100_000}) {
      for (DType type : DType.values()) {
        live.add(backend.allocate(type, n));
        bytes += (long) n * type.bytes();
      }
    }
    MemoryStats full = backend.memoryStats();
    assertThat(full.liveBuffers() - before.liveBuffers()).isEqualTo(live.size());
    assertThat(full.liveBytes() - before.liveBytes()).isEqualTo(bytes);
    assertThat(full.peakBytes()).isEqualTo(full.liveBytes());
    assertThat(full.allocations() - before.allocations()).isEqualTo(live.size());
    live.forEach(Buffer::free);
    live.forEach(Buffer::free);
    assertThat(backend.memoryStats().liveBuffers()).isEqualTo(before.liveBuffers());
    assertThat(backend.memoryStats().liveBytes()).isEqualTo(before.liveBytes());
    assertThat(backend.memoryStats().peakBytes()).isEqualTo(full.peakBytes());
    backend.resetPeak();
    assertThat(backend.memoryStats().peakBytes()).isEqualTo(before.liveBytes());
  }

  @Test
  void countsAreExactWithManyThreads() {
    IntStream.range(0, 4).parallel().forEach(t -> {
      var random = new Random(t);
      List<Buffer> held = new ArrayList<>();
      for (int i = 0; i < 5000; i++) {
        held.add(backend.allocate(DType.FLOAT32, random.nextInt(20_000)));
        if (held.size() > 8) {
          held.remove(random.nextInt(held.size())).free();
        }
      }
      held.forEach(Buffer::free);
    });
    assertThat(backend.memoryStats().liveBuffers()).isZero();
    assertThat(backend.memoryStats().liveBytes()).isZero();
    assertThat(backend.memoryStats().allocations()).isEqualTo(20_000);
  }

  @Test
  void whatBecomesUnreachableLeavesTheCounts() throws InterruptedException {
    for (int i = 0; i < 1000; i++) {
      backend.allocate(DType.FLOAT32, i % 2 == 0 ? 10 : 20_000);
    }
    for (int i = 0; i < 100 && backend.memoryStats().liveBuffers() > 64; i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertThat(backend.memoryStats().liveBuffers()).as("but for the page that is open").isLessThanOrEqualTo(64);
    assertThat(backend.memoryStats().liveBytes()).isLessThanOrEqualTo(64 * 40);
  }

  @Test
  void useAfterFreeIsRefused() {
    Operand x = new Operand(backend.allocate(DType.FLOAT32, 4), Layout.dense(4));
    Operand y = new Operand(backend.allocate(DType.FLOAT32, 4), Layout.dense(4));
    x.buffer().free();
    assertThat(x.buffer().freed()).isTrue();
    assertThatThrownBy(() -> backend.copy(x, y)).isInstanceOf(FreedException.class).hasMessageContaining("cpu: the buffer was freed: float32 of 4 elements");
    assertThatThrownBy(() -> backend.download(x, new float[4])).isInstanceOf(FreedException.class);
    assertThatThrownBy(() -> x.buffer().array()).isInstanceOf(FreedException.class);
  }

  @Test
  void tooLargeRequestsAreRefused() {
    assertThatThrownBy(() -> backend.allocate(DType.INT8, 1L << 31)).isInstanceOf(MemoryException.class)
        .hasMessage("cpu: out of memory: asked 2147483648 elements in one buffer; the limit is 2147483639");
    backend.allocate(DType.FLOAT32, 1_000_000).free();
    assertThatThrownBy(() -> backend.allocate(DType.FLOAT64, Integer.MAX_VALUE - 8)).isInstanceOf(MemoryException.class)
        .hasMessageStartingWith("cpu: out of memory: asked 16.0 GiB, ");
    assertThat(backend.memoryStats().pooledBytes()).as("the pool was emptied first").isZero();
  }

  @Test
  void versionsCountForeignWrites() {
    Buffer b = backend.allocate(DType.FLOAT32, 4);
    assertThat(b.version()).isZero();
    b.written();
    assertThat(b.version()).isOne();
  }

  @Test
  void uploadsCopyOrShare() {
    float[] x = {1, 2, 3};
    Operand copy = new Operand(backend.upload(DType.FLOAT32, x, false), Layout.dense(3));
    Operand shared = new Operand(backend.upload(DType.FLOAT32, x, true), Layout.dense(3));
    Operand bools = new Operand(backend.upload(DType.BOOL, new byte[] {0, 1, 7, -1}, false), Layout.dense(4));
    x[1] = 9;
    float[] got = new float[3];
    backend.download(copy, got);
    assertThat(got).containsExactly(1, 2, 3);
    backend.download(shared, got);
    assertThat(got).containsExactly(1, 9, 3);
    byte[] flags = new byte[4];
    backend.download(bools, flags);
    assertThat(flags).containsExactly(0, 1, 1, 1);
    assertThat(shared.buffer().array()).containsSame(x);
    assertThatThrownBy(() -> backend.upload(DType.INT32, x, false)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("int32 elements do not come in a float[]");
    assertThatThrownBy(() -> backend.download(copy, new float[2])).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void buffersOfOtherDevicesAreRefused() {
    Buffer foreign = new Buffer() {
      @Override
      public DType dtype() {
        return DType.FLOAT32;
      }

      @Override
      public long size() {
        return 1;
      }

      @Override
      public org.cotangent.Device device() {
        return org.cotangent.Device.cuda();
      }

      @Override
      public void free() {}

      @Override
      public boolean freed() {
        return false;
      }

      @Override
      public int version() {
        return 0;
      }

      @Override
      public void written() {}

      @Override
      public int tenure() {
        return 0;
      }

      @Override
      public void tenure(int note) {}

      @Override
      public java.util.Optional<Object> array() {
        return java.util.Optional.empty();
      }
    };
    assertThatThrownBy(() -> backend.download(new Operand(foreign, Layout.dense(1)), new float[1])).isInstanceOf(DeviceException.class)
        .hasMessage("cpu: the buffer is on cuda:0; move it with to(device)");
  }
}
