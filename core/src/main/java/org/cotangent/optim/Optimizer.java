package org.cotangent.optim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.cotangent.Assignment;
import org.cotangent.Autograd;
import org.cotangent.Tensor;
import org.cotangent.Tensors;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.GradientException;

/**
 * Changes parameters by their gradients, step by step.
 *
 * <pre>{@code
 * var optim = new AdamW(model.parameters()).learningRate(1e-3);
 * optim.step(crossEntropy(model.apply(x), y));
 * }</pre>
 *
 * <p>A step changes all parameters that have a gradient, or none: everything is checked and computed first, then written. The
 * steps of all parameters of a type and device are one kernel in Adam, AdamW and SGD. Parameters without a gradient are left out.
 *
 * <p>The state lives as long as the optimiser: make it outside the {@link org.cotangent.MemoryScope} of the steps. An optimiser is
 * used by one thread at a time.
 */
public abstract class Optimizer {
  /** Parameters with settings of their own; where they have none, the optimiser's hold. */
  public static final class Group {
    private final List<Slot> slots = new ArrayList<>();
    private OptionalDouble learningRate = OptionalDouble.empty();
    private OptionalDouble weightDecay = OptionalDouble.empty();

    private Group() {}

    /**
     * Sets the learning rate of this group; returns it.
     *
     * @throws ArgumentException if it is negative or not finite
     */
    public Group learningRate(double rate) {
      learningRate = OptionalDouble.of(notNegative("learningRate", rate));
      return this;
    }

    /**
     * Sets the weight decay of this group; returns it.
     *
     * @throws ArgumentException if it is negative or not finite
     */
    public Group weightDecay(double decay) {
      weightDecay = OptionalDouble.of(notNegative("weightDecay", decay));
      return this;
    }
  }

  private final List<String> states;
  private final List<Group> groups = new ArrayList<>();
  private final Set<Tensor> known = Collections.newSetFromMap(new IdentityHashMap<>());
  private double learningRate;
  private double weightDecay;
  private Optional<LrSchedule> schedule = Optional.empty();
  private boolean checkFinite;
  private long steps;

  /**
   * An optimiser of these parameters.
   *
   * @param states names of the tensors kept for each parameter
   * @throws ArgumentException if there are no parameters or one is given twice
   * @throws GradientException if one is not a leaf
   * @throws org.cotangent.errors.InPlaceException if one cannot be written to, being a view
   */
  protected Optimizer(List<Tensor> parameters, double learningRate, double weightDecay, List<String> states) {
    this.states = List.copyOf(states);
    this.learningRate = learningRate;
    this.weightDecay = weightDecay;
    group(parameters);
  }

  /** The new value of a parameter; new states are put into {@code u}. Runs without recording, and must not write to tensors. */
  protected abstract Tensor rule(Update u);

  /** Refuses settings that do not go together, before a step. */
  protected void validate() {}

  /** Whether a state is in use under the present settings, and so belongs into {@link #stateDict}. */
  protected boolean uses(String state) {
    return true;
  }

  /**
   * Adds parameters that may have settings of their own; returns their group.
   *
   * @throws ArgumentException if there are none or one is known already
   * @throws GradientException if one is not a leaf
   * @throws org.cotangent.errors.InPlaceException if one cannot be written to, being a view
   */
  public final Group group(List<Tensor> parameters) {
    if (parameters.isEmpty()) {
      throw new ArgumentException("optimizer: no parameters");
    }
    Set<Tensor> fresh = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < parameters.size(); i++) {
      Tensor p = parameters.get(i);
      if (known.contains(p) || !fresh.add(p)) {
        throw new ArgumentException("optimizer: parameter " + i + " " + p.shape() + " is given twice");
      }
      if (!p.isLeaf()) {
        throw new GradientException(
            "optimizer: parameter " + i + " " + p.shape() + " is not a leaf; pass the tensors that requiresGrad_() was called on");
      }
      if (p.requiresGrad()) {
        Autograd.noGrad(() -> {
          p.apply_("optimizer", x -> x);
        });
      }
    }
    var g = new Group();
    for (Tensor p : parameters) {
      g.slots.add(new Slot(known.size(), p, states));
      known.add(p);
    }
    groups.add(g);
    return g;
  }

  // ---- settings

  /**
   * Sets the learning rate of the groups without one of their own, before any schedule; returns this.
   *
   * @throws ArgumentException if it is negative or not finite
   */
  public Optimizer learningRate(double rate) {
    learningRate = notNegative("learningRate", rate);
    return this;
  }

  /** The learning rate of the next step, in the first group. */
  public final double learningRate() {
    return rate(groups.get(0));
  }

  /**
   * Sets the weight decay of the groups without one of their own; returns this.
   *
   * @throws ArgumentException if it is negative or not finite
   */
  public Optimizer weightDecay(double decay) {
    weightDecay = notNegative("weightDecay", decay);
    return this;
  }

  /** Lets the learning rates follow a schedule, which advances with each step; returns this. */
  public Optimizer schedule(LrSchedule s) {
    schedule = Optional.of(s);
    return this;
  }

  /** Makes a step refuse gradients that are infinite or NaN, which reads a number back for each; returns this. Off at first. */
  public Optimizer checkFinite(boolean on) {
    checkFinite = on;
    return this;
  }

  /** Number of steps made. */
  public final long steps() {
    return steps;
  }

  /** {@code v} if it is finite and not negative. */
  static double notNegative(String what, double v) {
    if (!(v >= 0 && v < Double.POSITIVE_INFINITY)) {
      throw new ArgumentException(what + ": is negative or not finite: " + v);
    }
    return v;
  }

  /** {@code v} if it is at least 0 and below 1. */
  static double fraction(String what, double v) {
    if (!(v >= 0 && v < 1)) {
      throw new ArgumentException(what + ": is not at least 0 and below 1: " + v);
    }
    return v;
  }

  private double rate(Group g) {
    double base = g.learningRate.orElse(learningRate);
    return schedule.isPresent() ? notNegative("schedule", schedule.get().at(steps, base)) : base;
  }

  // ---- steps

  /** Removes the gradients of all parameters. */
  public final void zeroGrad() {
    known.forEach(Tensor::zeroGrad);
  }

  /**
   * One whole step: removes the gradients, runs {@code loss.backward()}, then {@link #step()}.
   *
   * @throws GradientException if the loss is not a scalar that requires grad
   */
  public final void step(Tensor loss) {
    zeroGrad();
    loss.backward();
    step();
  }

  /**
   * Changes all parameters that have a gradient, or none.
   *
   * @throws GradientException if a gradient does not fit its parameter, or, with {@link #checkFinite}, is not finite
   * @throws ArgumentException if settings do not go together
   */
  public final void step() {
    Autograd.noGrad(() -> {
      validate();
      List<Update> due = due();
      if (checkFinite) {
        finite(due);
      }
      write(due);
      steps++;
    });
  }

  /** Computes all that is due, most of it as one kernel, then writes it. */
  private void write(List<Update> due) {
    var assignments = new ArrayList<Assignment>(due.size());
    var written = new ArrayList<Runnable>(due.size());
    for (Update u : due) {
      Optional<Step> step = whole(u);
      Optional<Assignment> a = step.flatMap(u::assignment);
      if (a.isPresent()) {
        assignments.add(a.get());
        written.add(() -> u.assigned(step.get()));
      } else {
        u.compute(rule(u));
        written.add(u::commit);
      }
    }
    Tensors.assign(assignments);
    written.forEach(Runnable::run);
  }

  /** The rule where it is one kernel of the parameter as it is kept; the steps of all parameters then are one kernel. */
  Optional<Step> whole(Update u) {
    return Optional.empty();
  }

  private List<Update> due() {
    var due = new ArrayList<Update>();
    var numbers = new Numbers();
    for (Group g : groups) {
      double rate = rate(g);
      double decay = g.weightDecay.orElse(weightDecay);
      for (Slot s : g.slots) {
        if (s.parameter().hasGrad()) {
          due.add(new Update(s, numbers, rate, decay));
          s.follow();
        }
      }
    }
    return due;
  }

  private void finite(List<Update> due) {
    for (Update u : due) {
      if (u.gradient().isFinite().all().item() == 0) {
        throw new GradientException("step: the gradient of " + u + " has infinite or NaN elements; no parameter was changed");
      }
    }
  }

  // ---- state

  List<Slot> slots() {
    return groups.stream().flatMap(g -> g.slots.stream()).toList();
  }

  List<String> states() {
    return states;
  }

  void steps(long n) {
    steps = n;
  }

  /**
   * The optimiser's state by name, for a checkpoint: "steps", "0.step", "0.exp_avg" and so on with the numbers of the parameters.
   * Settings are not part of it. The tensors are a snapshot, which outlives memory scopes opened since the optimiser was made.
   */
  public final Map<String, Tensor> stateDict() {
    return OptimizerState.of(this);
  }

  /**
   * Sets the state from a map as {@link #stateDict} gives it; values are copied. Everything is checked before anything changes.
   *
   * @throws ArgumentException if names are missing or unexpected
   * @throws org.cotangent.errors.ShapeException if shapes differ
   */
  public final void loadState(Map<String, Tensor> state) {
    OptimizerState.load(this, state);
  }
}
