package org.cotangent.cuda.driver;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import jcuda.driver.JCudaDriver;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.IndexException;

/**
 * Errors that the kernels of one stream find in data: an index outside its axis, a divisor 0. A kernel cannot throw, so it sets a record in device
 * memory, and the host raises the first one at the next synchronisation or read, with the name of the operation.
 *
 * <p>A kernel that checks indices takes two arguments, {@code long long* error} and {@code int id}, from one {@link Claim}, and does
 * <pre>{@code
 * if (i < 0 || i >= n) {
 *   if (atomicCAS((int*) error, 0, id) == 0) { error[1] = i; error[2] = n; error[3] = axis; }
 *   i = 0; // or leaves the element out: nothing may be read or written outside
 * }
 * }</pre>
 * The raised {@link IndexException} reads {@code "op: index i is out of range for axis a of size n"}, as on the CPU. Axis -1 stands for
 * an integer division by 0, which is an {@link ArgumentException}.
 */
public final class ErrorFlags {
  private static final int BYTES = 32;
  /** Ids of operations' names, the same for all devices; id 0 means no error. */
  private static final ConcurrentHashMap<String, Integer> IDS = new ConcurrentHashMap<>();
  private static final List<String> NAMES = new CopyOnWriteArrayList<>(List.of(""));

  private final Context context;
  private final Stream stream;
  private final Address record = new Address();
  private final Address.Host copy = new Address.Host();
  private final MemorySegment host;
  /** Whether a kernel that may report was launched since the last look. */
  private boolean pending;
  private boolean fetched;

  @SuppressWarnings("restricted") // the driver's memory, as long as it said
  ErrorFlags(Context context, Stream stream) {
    this.context = context;
    this.stream = stream;
    context.check(JCudaDriver.cuMemAllocHost(copy, BYTES), "stream", "cuMemAllocHost");
    context.check(JCudaDriver.cuMemAlloc(record, BYTES), "stream", "cuMemAlloc");
    context.check(JCudaDriver.cuMemsetD8Async(record, (byte) 0, BYTES, stream.handle()), "stream", "cuMemsetD8Async");
    host = MemorySegment.ofAddress(copy.value()).reinterpret(BYTES);
  }

  /** What a launch passes to its kernel: the record's device address and the id that stands for the operation. */
  public record Claim(long address, int id) {}

  /**
   * Announces a kernel, about to be launched on the calling thread's stream, that may report an index.
   *
   * @param op the operation's name for the message
   */
  public synchronized Claim claim(String op) {
    pending = true;
    stream.capture().ifPresent(Capture::mayReport);
    return new Claim(record.value(), id(op));
  }

  private static int id(String op) {
    return IDS.computeIfAbsent(op, name -> {
      synchronized (NAMES) {
        NAMES.add(name);
        return NAMES.size() - 1;
      }
    });
  }

  /** Notes that kernels which may report are launched by the replay of a graph. */
  synchronized void replayed() {
    pending = true;
  }

  /** Queues the copy of the record to the host, if a kernel may have set it, on the stream that is about to be waited for. */
  synchronized void fetch(String op, Stream on) {
    if (pending) {
      context.check(JCudaDriver.cuMemcpyDtoHAsync(copy, record, BYTES, on.handle()), op, "cuMemcpyDtoHAsync");
      fetched = true;
    }
  }

  /** After the copy arrived: clears the record and raises what it says. */
  synchronized void raise(Stream on) {
    if (!fetched) {
      return;
    }
    fetched = false;
    pending = false;
    int id = host.get(ValueLayout.JAVA_INT, 0);
    if (id != 0) {
      String text = host.get(ValueLayout.JAVA_LONG, 24) < 0 ? NAMES.get(id) + ": integer division by zero" : NAMES.get(id) + ": index " + host.get(ValueLayout.JAVA_LONG, 8) + " is out of range for axis " + host.get(ValueLayout.JAVA_LONG, 24)
          + " of size " + host.get(ValueLayout.JAVA_LONG, 16);
      context.check(JCudaDriver.cuMemsetD8Async(record, (byte) 0, BYTES, on.handle()), "index check", "cuMemsetD8Async");
      context.check(JCudaDriver.cuStreamSynchronize(on.handle()), "index check", "cuStreamSynchronize");
      throw host.get(ValueLayout.JAVA_LONG, 24) < 0 ? new ArgumentException(text) : new IndexException(text);
    }
  }
}
