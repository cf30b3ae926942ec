package org.cotangent.optim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.GradientException;

/**
 * Keeps gradients of float16 from underflow: the loss is multiplied by a scale before {@code backward()} and the gradients divided by it
 * before the step (Micikevicius et al. 2018), as PyTorch's {@code GradScaler} does.
 *
 * <pre>{@code
 * var scaler = new GradScaler();
 * Tensor loss = Autocast.run(DType.FLOAT16, () -> crossEntropy(model.apply(x), y));
 * optim.zeroGrad();
 * scaler.scale(loss).backward();
 * scaler.step(optim);
 * scaler.update();
 * }</pre>
 *
 * <p>A step whose gradients are infinite or NaN is left out, and {@link #update} then makes the scale smaller; after a number of updates
 * without such a step it makes it larger. Gradients that are to be clipped are divided first, by {@link #unscale_}. bfloat16 has the
 * range of float32 and needs no scaler. Used by one thread at a time.
 */
public final class GradScaler {
  private static final String SCALE = "scale";
  private static final String GROWTH = "growth_factor";
  private static final String BACKOFF = "backoff_factor";
  private static final String INTERVAL = "growth_interval";
  private static final String TRACKER = "_growth_tracker";

  /** What happened to an optimiser since the last update. */
  private static final class Record {
    final boolean finite;
    boolean stepped;

    Record(boolean finite) {
      this.finite = finite;
    }
  }

  private final Map<Optimizer, Record> records = new IdentityHashMap<>();
  private float scale = 65536;
  private double growth = 2;
  private double backoff = 0.5;
  private long interval = 2000;
  private long tracker;
  private boolean enabled = true;

  /** With a scale of 65536, which doubles after 2000 updates without an overflow and halves after one. */
  public GradScaler() {}

  /**
   * Sets the scale; returns this.
   *
   * @throws ArgumentException if it is not positive and finite in float32
   */
  public GradScaler initialScale(double s) {
    scale = positive("initialScale", s);
    return this;
  }

  /**
   * Sets what the scale is multiplied by after {@link #growthInterval} good updates; returns this.
   *
   * @throws ArgumentException if it is not above 1
   */
  public GradScaler growthFactor(double factor) {
    if (!(factor > 1 && factor < Double.POSITIVE_INFINITY)) {
      throw new ArgumentException("growthFactor: is not above 1 and finite: " + factor);
    }
    growth = factor;
    return this;
  }

  /**
   * Sets what the scale is multiplied by after an overflow; returns this.
   *
   * @throws ArgumentException if it is not between 0 and 1
   */
  public GradScaler backoffFactor(double factor) {
    if (!(factor > 0 && factor < 1)) {
      throw new ArgumentException("backoffFactor: is not between 0 and 1: " + factor);
    }
    backoff = factor;
    return this;
  }

  /**
   * Sets after how many updates without an overflow the scale grows; returns this.
   *
   * @throws ArgumentException if it is not positive
   */
  public GradScaler growthInterval(long updates) {
    if (updates < 1) {
      throw new ArgumentException("growthInterval: is not positive: " + updates);
    }
    interval = updates;
    return this;
  }

  /** Turns scaling on or off: without it a loss stays what it is and every step is made. Returns this. */
  public GradScaler enabled(boolean on) {
    enabled = on;
    return this;
  }

  /** The scale; 1 if scaling is off. */
  public double scale() {
    return enabled ? scale : 1;
  }

  /** {@code loss} times the scale; a scalar becomes float32 at least. */
  public Tensor scale(Tensor loss) {
    return enabled ? loss.mul(Tensor.scalar(scale).to(loss.device())) : loss;
  }

  /**
   * Divides the gradients of an optimiser's parameters by the scale and notes whether all are finite; {@link #step} does this itself if it
   * was not done.
   *
   * @throws ArgumentException if it was done since the last update
   * @throws DTypeException if a gradient is float16: divided, it would underflow
   * @throws GradientException if no parameter has a gradient
   */
  public void unscale_(Optimizer o) {
    if (!enabled) {
      return;
    }
    Record r = records.get(o);
    if (r != null) {
      throw new ArgumentException(
          "unscale_: was called after " + (r.stepped ? "step()" : "another unscale_()") + " of this optimiser; call update() first");
    }
    records.put(o, Autograd.noGrad(() -> unscaled(gradients(o))));
  }

  private static List<Tensor> gradients(Optimizer o) {
    var all = new ArrayList<Tensor>();
    for (Slot s : o.slots()) {
      if (s.parameter().hasGrad()) {
        Tensor g = s.parameter().grad();
        if (g.dtype() == DType.FLOAT16) {
          throw new DTypeException("unscale_: the gradient of parameter " + s.index() + " " + g.shape()
              + " is float16; keep parameters in float32 and compute in an Autocast scope");
        }
        all.add(g);
      }
    }
    if (all.isEmpty()) {
      throw new GradientException("unscale_: no parameter of the optimiser has a gradient; run backward() first");
    }
    return all;
  }

  private Record unscaled(List<Tensor> gradients) {
    Tensor finite = null;
    float inverse = (float) (1.0 / scale);
    for (Tensor g : gradients) {
      Tensor own = g.isFinite().all();
      finite = finite == null ? own : finite.and(own.to(finite.device()));
      Tensor factor = Tensor.scalar(inverse).to(g.device());
      g.apply_("unscale_", x -> x.mul(factor));
    }
    return new Record(finite.itemLong() != 0);
  }

  /**
   * Makes the optimiser's step if its gradients, divided by the scale, are finite; returns whether it did.
   *
   * @throws ArgumentException if it was called since the last update
   * @throws DTypeException as {@link #unscale_}
   * @throws GradientException as {@link #unscale_}
   */
  public boolean step(Optimizer o) {
    if (!enabled) {
      o.step();
      return true;
    }
    Record known = records.get(o);
    if (known != null && known.stepped) {
      throw new ArgumentException("step: was called since the last update of this scaler; call update() first");
    }
    if (known == null) {
      unscale_(o);
    }
    Record r = records.get(o);
    if (r.finite) {
      o.step();
    }
    r.stepped = true;
    return r.finite;
  }

  /**
   * Adapts the scale to what the steps since the last call met, and forgets it.
   *
   * @throws ArgumentException if there was no step and no {@link #unscale_}
   */
  public void update() {
    if (!enabled) {
      return;
    }
    if (records.isEmpty()) {
      throw new ArgumentException("update: there was no step since the last update; call step(optimizer) first");
    }
    if (records.values().stream().allMatch(r -> r.finite)) {
      tracker++;
      if (tracker == interval) {
        float larger = (float) (scale * growth);
        scale = larger < Float.POSITIVE_INFINITY ? larger : scale;
        tracker = 0;
      }
    } else {
      scale = (float) (scale * backoff);
      tracker = 0;
    }
    records.clear();
  }

  /**
   * Sets the scale and forgets the steps since the last update.
   *
   * @throws ArgumentException if the scale is not positive and finite in float32
   */
  public void update(double newScale) {
    float s = positive("update", newScale);
    if (enabled) {
      scale = s;
      records.clear();
    }
  }

  private static float positive(String op, double v) {
    float s = (float) v;
    if (!(s > 0 && s < Float.POSITIVE_INFINITY)) {
      throw new ArgumentException(op + ": a scale is not positive and finite in float32: " + v);
    }
    return s;
  }

  /** Scale, factors, interval and the number of updates since the last change, for a checkpoint, under PyTorch's names. */
  public Map<String, Tensor> stateDict() {
    var r = new LinkedHashMap<String, Tensor>();
    r.put(SCALE, Tensor.scalar(scale));
    r.put(GROWTH, Tensor.scalar(growth));
    r.put(BACKOFF, Tensor.scalar(backoff));
    r.put(INTERVAL, Tensor.scalar(interval));
    r.put(TRACKER, Tensor.scalar(tracker));
    return r;
  }

  /**
   * Sets the state from a map as {@link #stateDict} gives it. Everything is checked before anything changes.
   *
   * @throws ArgumentException if names are missing or unexpected, or a number is out of range
   */
  public void loadState(Map<String, Tensor> state) {
    Set<String> names = new HashSet<>(List.of(SCALE, GROWTH, BACKOFF, INTERVAL, TRACKER));
    if (!state.keySet().equals(names)) {
      throw new ArgumentException("loadState: expected " + names.stream().sorted().toList() + ", not " + state.keySet().stream().sorted().toList());
    }
    var checked = new GradScaler().initialScale(state.get(SCALE).item()).growthFactor(state.get(GROWTH).item())
        .backoffFactor(state.get(BACKOFF).item()).growthInterval(state.get(INTERVAL).itemLong());
    long count = state.get(TRACKER).itemLong();
    if (count < 0 || count >= checked.interval) {
      throw new ArgumentException("loadState: " + count + " updates since the last change do not fit an interval of " + checked.interval);
    }
    scale = checked.scale;
    growth = checked.growth;
    backoff = checked.backoff;
    interval = checked.interval;
    tracker = count;
    records.clear();
  }
}
