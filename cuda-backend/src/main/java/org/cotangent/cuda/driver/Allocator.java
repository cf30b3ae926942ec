package org.cotangent.cuda.driver;

import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.cotangent.DType;
import org.cotangent.errors.MemoryException;
import org.cotangent.spi.MemoryStats;

/**
 * Device memory in segments from the driver, cut into blocks. A freed block is merged with its neighbours and waits in the pool of the
 * stream that it was made on, which can take it again at once, since work of one stream runs in order; if other streams used it, that
 * stream waits for them first. The host never waits.
 *
 * <p>When the driver has no memory left: buffers that became unreachable are given back, then the garbage collector is asked once, then
 * free segments return to the driver; only then is a request refused. The collector, which knows nothing of the device, is also asked before
 * more than a quarter of its memory is taken, and from then on before that doubles what was in use.
 */
final class Allocator {
  private static final Cleaner CLEANER = Cleaner.create();
  /** How long to wait at most, in milliseconds, until the cleaner begins to report after a garbage collection, and then for the rest. */
  private static final int PATIENCE = 1000;
  private static final int REST = 10;
  private static final int RETIRED = 64;
  /** Of the device's memory, what is taken without asking the garbage collector. */
  private static final int SHARE = 4;

  private final Context context;
  /** Whether every buffer is an allocation of the driver's own: slow, for finding accesses outside a buffer. */
  private final boolean direct = "direct".equals(System.getProperty("cotangent.cuda.allocator"));
  private final Map<Stream, Pool> pools = new HashMap<>();
  private final Set<Block> live = new HashSet<>();
  /** Free segments that were buffers of their own, to be returned together: the driver waits for all work each time. */
  private final List<Block> retired = new ArrayList<>();
  /** Holds of buffers that the garbage collector found unreachable, to be given back. */
  private final ConcurrentLinkedQueue<Holding> unreachable = new ConcurrentLinkedQueue<>();
  private long reserved;
  /** Bytes of the driver up to which the garbage collector is not asked. */
  private long unasked;
  private long inBlocks;
  private long liveBytes;
  private long peak;
  private long buffers;
  private long allocations;

  Allocator(Context context) {
    this.context = context;
    unasked = context.properties().memory() / SHARE;
  }

  /** A buffer with undefined contents, born on {@code stream}. */
  DeviceBuffer allocate(CudaDevice owner, DType dtype, long size, Stream stream) {
    String what = dtype + "[" + size + "]";
    Optional<Block> block = size == 0 ? Optional.empty() : Optional.of(block(Math.multiplyExact(size, (long) dtype.bytes()), what, stream));
    synchronized (this) {
      buffers++;
      allocations++;
    }
    var holding = new Holding(this, block, stream, what);
    var net = new Net(this, holding);
    var buffer = new DeviceBuffer(owner, dtype, size, holding, net);
    net.watch(buffer);
    return buffer;
  }

  /** Frees a holding, by its owner at once, or through the cleaner later. */
  static final class Net implements Cleaner.Cleanable {
    private final Allocator allocator;
    private final Holding holding;
    private Cleaner.Cleanable registered;

    Net(Allocator allocator, Holding holding) {
      this.allocator = allocator;
      this.holding = holding;
    }

    void watch(DeviceBuffer buffer) {
      Allocator a = allocator;
      Holding h = holding;
      registered = CLEANER.register(buffer, () -> {
        if (!h.freed()) {
          a.unreachable.add(h);
        }
      });
    }

    @Override
    public void clean() {
      holding.release();
      registered.clean();
    }
  }

  private Block block(long bytes, String what, Stream stream) {
    drain();
    long rounded = direct ? bytes : Pool.rounded(bytes);
    Block b = take(rounded, stream);
    if (b == null && crowded(rounded, stream)) {
      b = takeCollected(rounded, stream);
    }
    if (b == null) {
      b = grow(rounded, what, stream);
    }
    synchronized (this) {
      b.use(bytes, what);
      live.add(b);
      inBlocks += b.bytes();
      liveBytes += bytes;
      peak = Math.max(peak, liveBytes);
    }
    return b;
  }

  /** Whether a new segment would take more than the collector was asked for. */
  private synchronized boolean crowded(long rounded, Stream stream) {
    return reserved + Pool.segment(rounded) > unasked && stream.capture().isEmpty();
  }

  /** A block after the collector was asked; null if there is none. */
  private Block takeCollected(long rounded, Stream stream) {
    collect();
    synchronized (this) {
      unasked = Math.max(context.properties().memory() / SHARE, 2 * inBlocks);
      return take(rounded, stream);
    }
  }

  private synchronized Block take(long rounded, Stream stream) {
    return pool(stream).take(rounded);
  }

  private Pool pool(Stream stream) {
    return stream.capture().map(Capture::pool).orElseGet(() -> pools.computeIfAbsent(stream, Pool::new));
  }

  /** A block from a new segment; makes room in steps if the driver has none. */
  private Block grow(long rounded, String what, Stream stream) {
    for (int step = 0; ; step++) {
      Optional<Block> segment = segment(rounded, stream);
      if (segment.isPresent()) {
        synchronized (this) {
          Pool pool = segment.get().segment().pool();
          pool.give(segment.get());
          return pool.take(rounded);
        }
      }
      switch (step) {
        case 0 -> drain();
        case 1 -> collect();
        default -> throw new MemoryException(full(rounded, what));
      }
      Block b = take(rounded, stream);
      if (b != null) {
        return b;
      }
      emptyCache();
    }
  }

  /** New memory of the driver; empty if it has none. */
  private Optional<Block> segment(long rounded, Stream stream) {
    var address = new Address();
    long bytes = direct ? rounded : Pool.segment(rounded);
    int status = JCudaDriver.cuMemAlloc(address, bytes);
    if (status == CUresult.CUDA_ERROR_OUT_OF_MEMORY && bytes > rounded) {
      bytes = rounded;
      status = JCudaDriver.cuMemAlloc(address, bytes);
    }
    if (status == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
      return Optional.empty();
    }
    long asked = bytes;
    context.check(status, "allocate", "cuMemAlloc", () -> asked + " bytes");
    synchronized (this) {
      reserved += bytes;
      if (reserved > unasked) {
        unasked = reserved + reserved / SHARE;
      }
      var segment = new Block.Segment(pool(stream), address.value(), bytes, rounded <= Pool.SMALL);
      return Optional.of(new Block(segment, address.value(), bytes));
    }
  }

  /** Asks the garbage collector once and waits until the cleaner reports what it found, of which an object without use is a sign. */
  private void collect() {
    var through = new CountDownLatch(1);
    CLEANER.register(new Object(), through::countDown);
    System.gc();
    try {
      through.await(PATIENCE, TimeUnit.MILLISECONDS);
      Thread.sleep(REST); // the cleaner reports in any order
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    drain();
  }

  /** Gives back what the garbage collector found unreachable. */
  private void drain() {
    for (Holding h = unreachable.poll(); h != null; h = unreachable.poll()) {
      h.release();
    }
  }

  /** Takes a buffer's block back, if it had elements; its home stream waits for the others that used it. */
  void give(Optional<Block> block, Stream home, Set<Stream> others) {
    if (block.isPresent() && !others.isEmpty() && !context.faults().lost()) {
      context.enter("free");
      others.forEach(s -> order(home, s));
    }
    var left = List.<Block>of();
    synchronized (this) {
      buffers--;
      if (block.isPresent()) {
        Block b = block.get();
        live.remove(b);
        inBlocks -= b.bytes();
        liveBytes -= b.asked();
        Pool pool = b.segment().pool();
        pool.give(b);
        left = retire(pool, home);
      }
    }
    if (!left.isEmpty() && !context.faults().lost()) {
      context.enter("free");
      release(left);
    }
  }

  /** Segments to return to the driver now: those of a closed pool, and many at once where no block is used twice. */
  private List<Block> retire(Pool pool, Stream home) {
    if (pool.closed()) {
      return pool.removeWhole();
    }
    if (direct && home.capture().isEmpty()) {
      retired.addAll(pool.removeWhole());
      if (retired.size() >= RETIRED) {
        return takeRetired();
      }
    }
    return List.of();
  }

  private List<Block> takeRetired() {
    var all = List.copyOf(retired);
    retired.clear();
    return all;
  }

  private void order(Stream later, Stream earlier) {
    if (later.capture().isPresent() || earlier.capture().isPresent()) {
      context.check(JCudaDriver.cuStreamSynchronize(earlier.handle()), "free", "cuStreamSynchronize");
    } else {
      later.waitFor(earlier, "free");
    }
  }

  /** A pool for the memory of a capture. */
  Pool open(Stream stream) {
    return new Pool(stream);
  }

  /** Gives free segments back to the driver, after the work that used them. */
  void emptyCache() {
    drain();
    var all = new ArrayList<Block>();
    synchronized (this) {
      for (Pool p : pools.values()) {
        all.addAll(p.removeWhole());
      }
      all.addAll(takeRetired());
    }
    release(all);
  }

  /** Returns segments to the driver, after the work that used them. */
  private void release(List<Block> segments) {
    var streams = new HashSet<Stream>();
    segments.forEach(b -> streams.add(b.segment().pool().stream()));
    for (Stream s : streams) {
      if (s.capture().isEmpty()) {
        context.check(JCudaDriver.cuStreamSynchronize(s.handle()), "empty cache", "cuStreamSynchronize");
      }
    }
    for (Block b : segments) {
      context.check(JCudaDriver.cuMemFree(Address.device(b.address())), "empty cache", "cuMemFree");
      synchronized (this) {
        reserved -= b.bytes();
      }
    }
  }

  /** Ends the life of a capture's pool: what is free returns to the driver, the rest when its buffers are freed. */
  void close(Pool pool) {
    List<Block> whole;
    synchronized (this) {
      pool.close();
      whole = pool.removeWhole();
    }
    release(whole);
  }

  /** The counts, after what is unreachable was given back. */
  MemoryStats stats() {
    drain();
    synchronized (this) {
      return new MemoryStats(buffers, liveBytes, peak, reserved - inBlocks, allocations);
    }
  }

  synchronized void resetPeak() {
    peak = liveBytes;
  }

  private synchronized String full(long asked, String what) {
    String largest = live.stream().max(Comparator.comparingLong(Block::asked)).map(b -> ", largest " + b.what()).orElse("");
    return context.name() + ": out of memory: asked " + text(asked) + " for " + what + ", " + text(liveBytes) + " of "
        + text(context.properties().memory()) + " in " + buffers + " live buffers" + largest
        + "; free tensors by a MemoryScope, or compute in smaller parts";
  }

  /** "512 MiB". */
  static String text(long bytes) {
    String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    double v = bytes;
    int u = 0;
    for (; v >= 1024 && u < units.length - 1; u++) {
      v /= 1024;
    }
    return String.format(Locale.ROOT, v == Math.rint(v) || v >= 100 ? "%.0f %s" : "%.1f %s", v, units[u]);
  }
}
