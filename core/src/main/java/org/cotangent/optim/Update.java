package org.cotangent.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cotangent.Assignment;
import org.cotangent.DType;
import org.cotangent.Primitives;
import org.cotangent.Tensor;
import org.cotangent.Tensors;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.GradientException;
import org.cotangent.errors.ShapeException;

/**
 * One parameter in one step: what a rule reads, and what it decided to write.
 *
 * <p>For float16 and bfloat16 a rule sees float32 and what it decides is rounded once; parameter and states are kept in their type.
 */
public final class Update {
  private final Slot slot;
  private final Tensor parameter;
  private final Tensor slope;
  private final Numbers numbers;
  private final double learningRate;
  private final double weightDecay;
  private final Map<String, Tensor> next = new LinkedHashMap<>();
  private Tensor result;
  private boolean fresh;

  Update(Slot slot, Numbers numbers, double learningRate, double weightDecay) {
    this.slot = slot;
    this.numbers = numbers;
    this.parameter = slot.parameter();
    this.slope = parameter.grad();
    this.learningRate = learningRate;
    this.weightDecay = weightDecay;
    if (!slope.shape().equals(parameter.shape()) || slope.dtype() != parameter.dtype() || !slope.device().equals(parameter.device())) {
      throw new GradientException(
          "step: the gradient of " + this + " is " + describe(slope) + ", the parameter " + describe(parameter)
              + "; run backward() again");
    }
  }

  private static String describe(Tensor t) {
    return t.dtype() + " " + t.shape() + " on " + t.device();
  }

  /** "parameter 1 [3, 2]". */
  @Override
  public String toString() {
    return "parameter " + slot.index() + " " + parameter.shape();
  }

  /** The parameter's value, without gradient. */
  public Tensor value() {
    return parameter.detach().to(computed());
  }

  /** The parameter's gradient, of its shape. */
  public Tensor gradient() {
    return slope.detach().to(computed());
  }

  private DType computed() {
    return parameter.dtype().computed();
  }

  /** Number of this step of the parameter; the first is 1. */
  public long count() {
    return slot.count() + 1;
  }

  /** The learning rate of this step. */
  public double learningRate() {
    return learningRate;
  }

  /** The weight decay. */
  public double weightDecay() {
    return weightDecay;
  }

  /**
   * {@code v} as a scalar of the type of {@link #value}, on its device. For numbers that differ from step to step: in this form they do not
   * make a new kernel each time.
   */
  public Tensor number(double v) {
    return numbers.scalar(v, parameter);
  }

  /** The state of this name, of the parameter's shape; zeros before it was first written. */
  public Tensor state(String name) {
    return slot.state(name).to(computed());
  }

  /**
   * Decides the new state of this name; it is written when the rule has run for all parameters. Returns the tensor.
   *
   * @throws ArgumentException if the optimiser declared no such state
   */
  public Tensor next(String name, Tensor t) {
    slot.state(name);
    next.put(name, checked(t));
    return t;
  }

  /** The parameter itself, for a {@link Step}. */
  Tensor parameter() {
    return parameter;
  }

  /** Its gradient as it is, for a {@link Step}. */
  Tensor slope() {
    return slope;
  }

  /** A state as it is kept, for a {@link Step}. */
  Tensor kept(String name) {
    return slot.state(name);
  }

  /** A rule that is one kernel, on values of the type that they are computed in: the new value. */
  Tensor kernel(Step step) {
    Tensor[] x = step.in().stream().map(t -> t.detach().to(computed())).toArray(Tensor[]::new);
    Tensor[] y = Primitives.pointwise(step.f(), x);
    for (int i = 0; i < step.states().size(); i++) {
      next(step.states().get(i), y[i]);
    }
    fresh = true;
    return y[step.states().size()];
  }

  /** The step as an assignment; empty if the values have to be converted first, or are not the parameter's own. */
  Optional<Assignment> assignment(Step step) {
    if (parameter.dtype().half() || !Tensors.assignable(parameter)) {
      return Optional.empty();
    }
    return Optional.of(slot.assignment(step));
  }

  Tensor checked(Tensor t) {
    if (!t.shape().equals(parameter.shape())) {
      throw new ShapeException("step: a rule gave " + t.shape() + " for " + this);
    }
    if (t.dtype() != computed()) {
      throw new DTypeException("step: a rule gave " + t.dtype() + " for " + this + ", which is computed in " + computed());
    }
    return t.to(parameter.dtype());
  }

  /** Computes the new value and the new states, all in one kernel. */
  void compute(Tensor newValue) {
    result = checked(newValue);
    var all = new ArrayList<>(next.values());
    all.add(result);
    Tensors.compute(all);
  }

  /** Writes what was computed. */
  void commit() {
    parameter.apply_("step", p -> result);
    slot.advance(next, fresh);
  }

  /** Notes that its {@link #assignment} was made. */
  void assigned(Step step) {
    slot.assigned(step.states());
  }
}
