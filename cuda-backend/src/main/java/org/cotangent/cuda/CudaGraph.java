package org.cotangent.cuda;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.cotangent.Autograd;
import org.cotangent.Device;
import org.cotangent.Tensor;
import org.cotangent.Tensors;
import org.cotangent.cuda.driver.CudaDevice;
import org.cotangent.cuda.driver.Graph;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DeviceException;
import org.cotangent.spi.Backend;
import org.cotangent.spi.Backends;
import org.cotangent.spi.Buffer;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;

/**
 * A step of computation recorded as a CUDA graph and replayed without the engine: one call launches all its kernels.
 *
 * <pre>{@code
 * var graph = CudaGraph.capture(List.of(x, w), () -> {
 *   w.zeroGrad();
 *   Tensor loss = x.matmul(w).square().mean();
 *   loss.backward();
 *   Autograd.noGrad(() -> w.sub_(w.grad().mul(0.1)));
 *   return List.of(loss);
 * });
 * for (Tensor batch : batches) {
 *   x.copy_(batch);
 *   graph.replay();
 * }
 * }</pre>
 *
 * <p>The tensors named are those that change: inputs, and what the step changes in place. The step reads everything else as it was when it
 * was captured. Numbers of the host are constants of the graph, so a step whose numbers change (the step count of Adam, the offset of a
 * random generator, a learning-rate schedule) cannot be captured as it is: keep such numbers in tensors. Results, and gradients
 * made in the step, lie in the graph's memory: undefined before the first replay, overwritten by each.
 */
public final class CudaGraph implements AutoCloseable {
  private final List<Tensor> tensors;
  /** Where the graph reads and writes each of them, for as long as it lives. */
  private final List<Tensor> places;
  private final Backend backend;
  private Graph graph;
  private List<Tensor> results = List.of();

  private CudaGraph(Backend backend, List<Tensor> tensors) {
    this.backend = backend;
    this.tensors = List.copyOf(tensors);
    tensors.forEach(CudaGraph::settle);
    places = tensors.stream().map(Tensors::snapshot).toList();
  }

  /**
   * Records what {@code step} computes; nothing of it runs before {@link #replay}, and the tensors keep their values.
   *
   * @param changing tensors of one CUDA device that change between replays or that the step changes in place
   * @param step the work; returns the tensors that are wanted of it
   * @throws CudaException if the step reads values on the host, or waits
   * @throws DeviceException if the tensors are not on one CUDA device
   */
  public static CudaGraph capture(List<Tensor> changing, Supplier<List<Tensor>> step) {
    if (changing.isEmpty()) {
      throw new ArgumentException("capture: no tensors; name those that change between replays");
    }
    Device device = changing.getFirst().device();
    for (Tensor t : changing) {
      if (!t.device().type().equals("cuda") || !t.device().equals(device)) {
        throw new DeviceException("capture: tensors are on " + device + " and " + t.device() + "; all must be on one CUDA device");
      }
    }
    var made = new CudaGraph(Backends.of(device), changing);
    boolean done = false;
    try {
      made.graph = Graph.capture(CudaDevice.of(device.index()), () -> made.record(step));
      done = true;
    } finally {
      for (int i = 0; i < changing.size(); i++) {
        made.rebind(i);
        if (!done) {
          changing.get(i).zeroGrad(); // what was recorded of it was never computed
        }
      }
    }
    return made;
  }

  /** Gives a tensor dense storage of its own shape: a constant has one element, a view has another's layout. */
  private static void settle(Tensor t) {
    if (!t.storage().layout().contiguous()) {
      Tensor dense = t.dtype().floating() ? Tensor.of(t.detach().toDoubleArray(), t.shape().dims()) : Tensor.of(t.toLongArray(), t.shape().dims());
      Autograd.noGrad(() -> t.copy_(dense.to(t.dtype()).to(t.device())));
    }
  }

  private void record(Supplier<List<Tensor>> step) {
    results = List.copyOf(step.get());
    results.forEach(Tensor::storage);
    List<Operand> now = tensors.stream().map(Tensor::storage).toList();
    Map<Buffer, Integer> owners = new IdentityHashMap<>();
    for (int i = 0; i < places.size(); i++) {
      owners.put(places.get(i).storage().buffer(), i);
    }
    // A new value may lie in another tensor's place, which is about to be written: those are set aside first.
    var from = new ArrayList<Operand>();
    for (int i = 0; i < now.size(); i++) {
      Operand place = places.get(i).storage();
      boolean aside = !same(now.get(i), place) && owners.containsKey(now.get(i).buffer());
      from.add(aside ? aside(now.get(i)) : now.get(i));
    }
    for (int i = 0; i < from.size(); i++) {
      Operand place = places.get(i).storage();
      if (!same(from.get(i), place)) {
        backend.copy(from.get(i), place);
      }
    }
  }

  private Operand aside(Operand o) {
    Buffer buffer = backend.allocate(o.dtype(), o.layout().size());
    Operand to = new Operand(buffer, Layout.dense(o.layout().dims()));
    backend.copy(o, to);
    return to;
  }

  private static boolean same(Operand a, Operand b) {
    return a.buffer() == b.buffer() && a.layout().equals(b.layout());
  }

  /** Lets tensor {@code i} name its place again. */
  private void rebind(int i) {
    Autograd.noGrad(() -> tensors.get(i).copy_(places.get(i)));
  }

  /**
   * Runs the step once, on the current values of the tensors that it was captured with; the host does not wait.
   *
   * @throws org.cotangent.errors.FreedException if the graph is closed, or a tensor that it reads was freed
   */
  public void replay() {
    for (int i = 0; i < tensors.size(); i++) {
      Operand now = tensors.get(i).storage();
      Operand place = places.get(i).storage();
      if (!same(now, place)) {
        backend.copy(now, place);
        rebind(i);
      }
    }
    graph.launch();
  }

  /** What the step returned, as of the last replay. */
  public List<Tensor> results() {
    return results;
  }

  /**
   * Frees the graph.
   *
   * @throws org.cotangent.errors.FreedException if it is closed already
   */
  @Override
  public void close() {
    graph.close();
  }
}
