package org.cotangent.cuda.driver;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import jcuda.driver.JCudaDriver;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DeviceException;
import org.cotangent.spi.GemmCall;
import org.cotangent.spi.MemoryStats;

/**
 * One CUDA device and everything the process holds of it: its primary context, memory, streams, compiled kernels and cuBLAS handles.
 *
 * <p>Every thread has a stream of its own; work is queued in the order of the calls, and the host waits only in {@link #synchronize},
 * {@link #download} and {@link #checkErrors}. All methods may be called from any thread.
 */
public final class CudaDevice {
  private static final ConcurrentHashMap<Integer, CudaDevice> OPEN = new ConcurrentHashMap<>();
  /** More blocks than this in x are for the driver to refuse; in y, the hardware's limit is lower. */
  private static final int MOST_BLOCKS_Y = 65535;

  private final int ordinal;
  private final Device device;
  private final Context context;
  private final Streams streams;
  private final Allocator allocator;
  private final Kernels kernels;
  private final Transfer transfer;
  private volatile boolean tf32 = Boolean.getBoolean("cotangent.cuda.tf32");
  /** Where constants are uploaded while the thread's own stream records a graph. */
  private Optional<Stream> side = Optional.empty();

  /** Opens the device; {@link #of} does so once. */
  CudaDevice(int ordinal) {
    this.ordinal = ordinal;
    device = Device.cuda(ordinal);
    context = new Context(ordinal);
    streams = new Streams(context);
    allocator = new Allocator(context);
    kernels = new Kernels(context);
    transfer = new Transfer(context);
  }

  /**
   * The device of this number, opened at the first call.
   *
   * @throws DeviceException if there is none
   */
  public static CudaDevice of(int ordinal) {
    CudaDevice known = OPEN.get(ordinal);
    if (known != null) {
      return known;
    }
    Discovery found = Discovery.here();
    found.unavailable().ifPresent(why -> {
      throw new DeviceException("cuda: not available: " + why);
    });
    if (ordinal < 0 || ordinal >= found.count()) {
      throw new DeviceException("cuda:" + ordinal + ": there are " + found.count() + " CUDA devices, numbered from 0");
    }
    return OPEN.computeIfAbsent(ordinal, CudaDevice::new);
  }

  /** "cuda:0". */
  public Device device() {
    return device;
  }

  /** The device's name and what it offers. */
  public DeviceProperties properties() {
    return context.properties();
  }

  /** Device, driver, compiler and cuBLAS with their versions, in one line. */
  public String description() {
    DeviceProperties p = properties();
    return p.name() + (p.emulated() && !p.name().contains("emulated") ? " (emulated CUDA driver)" : "") + ", compute capability " + p.major() + "."
        + p.minor() + ", " + Allocator.text(p.memory()) + "; driver for CUDA " + Discovery.text(p.driverVersion()) + ", NVRTC "
        + Discovery.text(Compiler.version()) + ", cuBLAS " + stream("info").blas().version();
  }

  /** Whether float32 products may be rounded to TF32, with 10 bits of fraction, before they are multiplied. */
  public boolean tf32() {
    return tf32;
  }

  /**
   * Lets float32 products be rounded to TF32, which is several times faster on devices of compute capability 8.0 and later and off unless
   * asked for, here or by {@code -Dcotangent.cuda.tf32=true}.
   */
  public void allowTf32(boolean allowed) {
    tf32 = allowed;
  }

  /** The calling thread's stream, with the device current on the thread. */
  Stream stream(String op) {
    context.enter(op);
    return streams.current();
  }

  Allocator allocator() {
    return allocator;
  }

  Kernels kernels() {
    return kernels;
  }

  /**
   * Storage with undefined contents.
   *
   * @throws org.cotangent.errors.MemoryException if the device is full, even after everything unreachable was freed
   */
  public DeviceBuffer allocate(DType dtype, long size) {
    return allocator.allocate(this, dtype, size, stream("allocate"));
  }

  /**
   * Storage with the contents of a Java array of the dtype's kind. The array may be changed once this returns; the host does not wait
   * for the device, except while a graph is captured: what is uploaded then is a constant of the graph.
   */
  public DeviceBuffer upload(DType dtype, Object array) {
    Stream stream = stream("upload");
    boolean capturing = stream.capture().isPresent();
    Stream on = capturing ? side() : stream;
    DeviceBuffer buffer = allocator.allocate(this, dtype, java.lang.reflect.Array.getLength(array), on);
    boolean done = false;
    try {
      transfer.upload(buffer, array, on);
      if (capturing) {
        on.synchronize("upload");
        buffer.holding().settled();
      }
      done = true;
      return buffer;
    } finally {
      if (!done) {
        buffer.free();
      }
    }
  }

  private synchronized Stream side() {
    if (side.isEmpty()) {
      side = Optional.of(streams.additional());
    }
    return side.get();
  }

  /**
   * Copies {@code count} elements from element {@code from} on into the front of a Java array of the dtype's kind, after everything queued
   * before. Errors of that work are raised here.
   */
  public void download(DeviceBuffer buffer, long from, long count, Object array) {
    checkRange("download", buffer, from, count);
    transfer.download(buffer, from, count, array, stream("download"));
  }

  /** Copies {@code count} elements between buffers of this device, on the calling thread's stream. */
  public void copy(DeviceBuffer from, long fromOffset, DeviceBuffer to, long toOffset, long count) {
    checkRange("copy", from, fromOffset, count);
    checkRange("copy", to, toOffset, count);
    if (from.dtype() != to.dtype()) {
      throw new ArgumentException("copy: " + from + " and " + to + " are of different types; cast first");
    }
    if (count > 0) {
      Stream s = stream("copy");
      long source = from.use(s, fromOffset, false, "copy");
      long target = to.use(s, toOffset, true, "copy");
      int status = JCudaDriver.cuMemcpyDtoDAsync(Address.device(target), Address.device(source), count * from.dtype().bytes(), s.handle());
      context.check(status, "copy", "cuMemcpyDtoDAsync", () -> count + " elements of " + from + " to " + to);
    }
  }

  /** Sets {@code count} elements from element {@code from} on to bytes of zero, on the calling thread's stream. */
  public void zero(DeviceBuffer buffer, long from, long count) {
    checkRange("zero", buffer, from, count);
    if (count > 0) {
      Stream s = stream("zero");
      long target = buffer.use(s, from, true, "zero");
      int status = JCudaDriver.cuMemsetD8Async(Address.device(target), (byte) 0, count * buffer.dtype().bytes(), s.handle());
      context.check(status, "zero", "cuMemsetD8Async", () -> count + " elements of " + buffer);
    }
  }

  private static void checkRange(String op, DeviceBuffer b, long from, long count) {
    if (from < 0 || count < 0 || from > b.size() - count) {
      throw new ArgumentException(op + ": elements " + from + " to " + (from + count) + " are not in " + b);
    }
  }

  /**
   * Queues a kernel on the calling thread's stream, compiling it first if it is new.
   *
   * <p>Arguments, in the order of the kernel's parameters: {@link DeviceBuffer.Access} (from {@code buffer.in(offset)} or
   * {@code buffer.out(offset)}: passed as the address of that element), {@code DeviceBuffer} (the same as {@code out(0)}), {@code Integer},
   * {@code Long}, {@code Float}, {@code Double}, or {@code byte[]} (a struct passed by value, native byte order). A launch with an empty
   * grid does nothing.
   *
   * @param op the operation's name, for messages
   * @throws org.cotangent.cuda.CudaException if the kernel does not compile or the driver refuses it
   */
  public void launch(String op, KernelSource source, Grid grid, Object... arguments) {
    if (grid.x() == 0 || grid.y() == 0) {
      return;
    }
    if (grid.x() < 0 || grid.y() < 0 || grid.y() > MOST_BLOCKS_Y) {
      throw new ArgumentException(op + ": no launch has " + grid + "; y is at most " + MOST_BLOCKS_Y);
    }
    Stream s = stream(op);
    Kernels.Kernel kernel = kernels.get(op, source);
    kernels.permit(op, kernel, grid);
    var parameters = s.arguments().pack(op, s, arguments);
    int status = JCudaDriver.cuLaunchKernel(kernel.function(), grid.x(), grid.y(), 1, grid.threads(), 1, 1, grid.shared(), s.handle(), parameters, null);
    context.check(status, op, "cuLaunchKernel", () -> "kernel " + source.name() + ", " + grid + ", arguments " + Arguments.text(arguments));
    s.launched(op, source.name(), grid);
  }

  /** Index errors that the calling thread's kernels report. */
  public ErrorFlags errorFlags() {
    return stream("index check").errors();
  }

  /** Queues a matrix product by cuBLAS: float32, float64, float16 or bfloat16, the last two accumulated in float32. */
  public void gemm(String op, GemmCall call) {
    long c = (long) call.m() * call.n();
    if (c == 0 || call.batch() == 0) {
      return;
    }
    if (call.k() > 0) {
      stream(op).blas().gemm(op, call, tf32);
    } else if (call.ldc() == call.n() && (call.batch() == 1 || call.cBatch() == c)) {
      zero((DeviceBuffer) call.c(), call.cOffset(), c * call.batch());
    } else {
      throw new ArgumentException(op + ": a product over no elements into a result with gaps is not supported");
    }
  }

  /** Waits for everything queued by this thread and raises its errors. */
  public void checkErrors() {
    stream("synchronize").synchronize("synchronize");
  }

  /** Waits for everything queued by any thread and raises the errors of this thread's work, and of what it read. */
  public void synchronize() {
    Stream own = stream("synchronize");
    own.refuseInCapture("synchronize");
    for (Stream s : streams.all()) {
      if (s != own && s.capture().isEmpty()) {
        context.check(JCudaDriver.cuStreamSynchronize(s.handle()), "synchronize", "cuStreamSynchronize");
      }
    }
    own.synchronize("synchronize");
  }

  /** What the allocator holds. */
  public MemoryStats memoryStats() {
    return allocator.stats();
  }

  /** Bytes of device memory that are free, and in all, as the driver sees them. */
  public long[] driverMemory() {
    context.enter("memory");
    return context.memory();
  }

  /** Restarts the peak at what is live now. */
  public void resetPeak() {
    allocator.resetPeak();
  }

  /** Gives the memory of free blocks back to the driver, after the work that used them. */
  public void emptyCache() {
    stream("empty cache");
    allocator.emptyCache();
  }

  /** Number of kernels that this process compiled for the device, not counting those found on disk. */
  public long compiledKernels() {
    return kernels.cache().compiled();
  }

  @Override
  public String toString() {
    return "cuda:" + ordinal;
  }
}
