package org.cotangent.cuda.driver;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import org.cotangent.cuda.CudaException;

/** A queue of work on a device. Work of one stream runs in order; a thread queues only on its own. */
final class Stream {
  /** How many launches a message about a failed kernel names. */
  private static final int REMEMBERED = 6;

  private final Context context;
  private final Address.StreamHandle handle = new Address.StreamHandle();
  private final CUevent mark = new CUevent();
  private final ErrorFlags errors;
  private final Blas blas;
  private final Arguments arguments;
  /** Streams that this one waited for since its last synchronisation: their errors are also its own. */
  private final Set<Stream> upstream = new HashSet<>();
  private final ArrayDeque<Launched> recent = new ArrayDeque<>();
  private volatile Capture capture;

  /** A launch, for messages. */
  private record Launched(String op, String kernel, Grid grid) {}

  Stream(Context context) {
    this.context = context;
    check(JCudaDriver.cuStreamCreate(handle, CUstream_flags.CU_STREAM_NON_BLOCKING), "stream", "cuStreamCreate");
    check(JCudaDriver.cuEventCreate(mark, CUevent_flags.CU_EVENT_DISABLE_TIMING), "stream", "cuEventCreate");
    errors = new ErrorFlags(context, this);
    blas = new Blas(context, this);
    arguments = new Arguments();
  }

  Context context() {
    return context;
  }

  CUstream handle() {
    return handle;
  }

  /** The handle as a number. */
  long address() {
    return handle.value();
  }

  ErrorFlags errors() {
    return errors;
  }

  Blas blas() {
    return blas;
  }

  Arguments arguments() {
    return arguments;
  }

  /** The capture that records this stream's work instead of running it, if one is open. */
  Optional<Capture> capture() {
    return Optional.ofNullable(capture);
  }

  void capture(Optional<Capture> c) {
    capture = c.orElse(null);
  }

  private void check(int status, String op, String call) {
    context.check(status, op, call);
  }

  /** Lets work queued here from now on wait for everything queued on {@code other} up to now; the host does not wait. */
  void waitFor(Stream other, String op) {
    if (other == this) {
      return;
    }
    if (capture != null || other.capture != null) {
      throw new CudaException(op + ": a value of another thread's stream is used while a CUDA graph is captured; compute it before the capture, and"
          + " synchronise", "CUDA_ERROR_STREAM_CAPTURE_ISOLATION", 905, false);
    }
    check(JCudaDriver.cuEventRecord(other.mark, other.handle), op, "cuEventRecord");
    check(JCudaDriver.cuStreamWaitEvent(handle, other.mark, 0), op, "cuStreamWaitEvent");
    upstream.add(other);
  }

  /** Takes over the errors that {@code other}'s kernels may have found: a graph captured there runs here. */
  void inherit(Stream other) {
    if (other != this) {
      upstream.add(other);
    }
  }

  /** Notes a launch, so that a failure found later can be told from where it may come. */
  void launched(String op, String kernel, Grid grid) {
    if (recent.size() == REMEMBERED) {
      recent.removeFirst();
    }
    recent.addLast(new Launched(op, kernel, grid));
  }

  /**
   * Waits for everything queued here and raises what it found: a fault of a kernel, then an index error.
   *
   * @throws CudaException while a graph is captured, since captured work does not run
   */
  void synchronize(String op) {
    refuseInCapture(op);
    errors.fetch(op, this);
    for (Stream s : upstream) {
      s.errors.fetch(op, this);
    }
    context.check(JCudaDriver.cuStreamSynchronize(handle), op, "cuStreamSynchronize", this::lastLaunches);
    recent.clear();
    var all = new HashSet<>(upstream);
    upstream.clear();
    errors.raise(this);
    for (Stream s : all) {
      s.errors.raise(this);
    }
  }

  /** Refuses what the host can only do with results, while results are not computed. */
  void refuseInCapture(String op) {
    if (capture != null) {
      throw new CudaException(op + ": the host cannot read or wait while a CUDA graph is captured, since captured work has not run; do it after replay()",
          "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", 900, false);
    }
  }

  private String lastLaunches() {
    return recent.isEmpty()
        ? "nothing was launched on this stream since it was last waited for"
        : "found when waiting; the last launches were " + recent.stream().map(l -> l.op + " (" + l.kernel + ", " + l.grid + ")").collect(Collectors.joining(", "));
  }
}
