package org.cotangent;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.cotangent.errors.GradientException;

/** Gradients by input; an input that was not used may have none. */
public final class Gradients implements Iterable<Tensor> {
  private final List<Optional<Tensor>> list;

  Gradients(List<Optional<Tensor>> list) {
    this.list = List.copyOf(list);
  }

  /** Number of inputs. */
  public int size() {
    return list.size();
  }

  /** Whether input {@code i} was used. */
  public boolean has(int i) {
    return list.get(i).isPresent();
  }

  /**
   * The gradient of input {@code i}.
   *
   * @throws GradientException if the outputs do not depend on it
   */
  public Tensor get(int i) {
    return list.get(i).orElseThrow(() -> new GradientException("grad: the outputs do not depend on input " + i + "; ask has(" + i + "), or pass MATERIALIZE"));
  }

  /** The gradients in order. */
  @Override
  public Iterator<Tensor> iterator() {
    return java.util.stream.IntStream.range(0, size()).mapToObj(this::get).iterator();
  }

  /** "(tensor([2., 4.]), none)". */
  @Override
  public String toString() {
    return "(" + String.join(", ", list.stream().map(t -> t.map(Tensor::toString).orElse("none")).toList()) + ")";
  }
}
