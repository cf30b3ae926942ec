package org.cotangent.cuda.driver;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;
import org.cotangent.cuda.CudaException;
import org.cotangent.errors.FreedException;

/**
 * Work recorded once and launched many times as one: kernels, matrix products and copies on the device, with their sizes and addresses.
 * Memory allocated while recording belongs to the graph and is overwritten by each launch.
 */
public final class Graph implements AutoCloseable {
  private final CudaDevice device;
  private final Capture capture;
  private final CUgraphExec executable = new CUgraphExec();
  private final Set<Stream> launchedOn = new HashSet<>();
  private boolean closed;

  private Graph(CudaDevice device, Capture capture) {
    this.device = device;
    this.capture = capture;
  }

  /**
   * Records what {@code work} queues on the calling thread. Nothing of it runs before {@link #launch}.
   *
   * @throws CudaException if the work reads results on the host, waits, or uses values that other threads compute meanwhile
   */
  public static Graph capture(CudaDevice device, Runnable work) {
    Stream stream = device.stream("capture");
    stream.refuseInCapture("capture");
    stream.blas().fixWorkspace();
    device.synchronize();
    Context context = stream.context();
    context.epoch().incrementAndGet();
    var graph = new Graph(device, new Capture(stream, device.allocator().open(stream)));
    context.check(JCudaDriver.cuStreamBeginCapture(stream.handle(), CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED), "capture", "cuStreamBeginCapture");
    stream.capture(Optional.of(graph.capture));
    boolean done = false;
    try {
      work.run();
      done = true;
    } finally {
      stream.capture(Optional.empty());
      graph.end(stream, done);
    }
    return graph;
  }

  /** Ends the recording; after a failure of the work, drops it and lets that failure through. */
  private void end(Stream stream, boolean done) {
    Context context = stream.context();
    var recorded = new CUgraph();
    int status = JCudaDriver.cuStreamEndCapture(stream.handle(), recorded);
    if (!done) {
      if (status == 0) {
        JCudaDriver.cuGraphDestroy(recorded);
      }
      device.allocator().close(capture.pool());
      return;
    }
    try {
      context.check(status, "capture", "cuStreamEndCapture");
      context.check(JCudaDriver.cuGraphInstantiate(executable, recorded, 0), "capture", "cuGraphInstantiateWithFlags");
      context.check(JCudaDriver.cuGraphDestroy(recorded), "capture", "cuGraphDestroy");
    } catch (CudaException e) {
      device.allocator().close(capture.pool());
      throw e;
    }
  }

  /**
   * Queues the recorded work on the calling thread's stream.
   *
   * @throws FreedException if the graph is closed, or memory from outside that it uses was freed
   */
  public synchronized void launch() {
    refuseIfClosed("replay");
    Stream stream = device.stream("replay");
    stream.refuseInCapture("replay");
    capture.prepare(stream);
    stream.context().check(JCudaDriver.cuGraphLaunch(executable, stream.handle()), "replay", "cuGraphLaunch");
    launchedOn.add(stream);
  }

  private void refuseIfClosed(String op) {
    if (closed) {
      throw new FreedException(op + ": the CUDA graph is closed; capture it again");
    }
  }

  /**
   * Frees the graph and its memory, but for buffers that are still in use, after its last launch is done.
   *
   * @throws FreedException if it is closed already
   */
  @Override
  public synchronized void close() {
    refuseIfClosed("close");
    closed = true;
    Context context = device.stream("close").context();
    for (Stream s : launchedOn) {
      context.check(JCudaDriver.cuStreamSynchronize(s.handle()), "close", "cuStreamSynchronize");
    }
    context.check(JCudaDriver.cuGraphExecDestroy(executable), "close", "cuGraphExecDestroy");
    device.allocator().close(capture.pool());
  }
}
