package org.cotangent.transform;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.cotangent.DType;
import org.cotangent.primitive.Value;

/**
 * What is bound on a thread around an operation. Every operation asks for nearly all of it, so that it is one value and one look-up.
 *
 * @param level the innermost running transform; the tape outside all
 * @param noGrad reverse levels of at most this depth do not record
 * @param substitutes values that stand for others: parameters in a functional call, captured values in a checkpoint; the innermost map first
 * @param observer notes the wrapped values that enter, for checkpoints; null for none
 * @param outermost the outermost operation being applied, when it is made of several; null for none
 * @param low the half type that products compute in; empty for their own
 * @param anomaly whether nodes remember where they were made
 * @param hooks what happens to the values that nodes save; null for nothing
 */
record Bound(
    Level level, int noGrad, List<Map<Value, Value>> substitutes, Consumer<Value> observer, OpName outermost, Optional<DType> low, boolean anomaly,
    SavedValues.Hooks hooks) {
  private static final ScopedValue<Bound> NOW = ScopedValue.newInstance();
  private static final Bound NOTHING = new Bound(Reverse.TAPE, 0, List.of(), null, null, Optional.empty(), false, null);

  /** What is bound on this thread. */
  static Bound now() {
    return NOW.orElse(NOTHING);
  }

  /** Runs {@code body} with this bound. */
  <R> R run(Supplier<R> body) {
    return ScopedValue.where(NOW, this).call(body::get);
  }

  Bound level(Level l) {
    return new Bound(l, noGrad, substitutes, observer, outermost, low, anomaly, hooks);
  }

  Bound noGrad(int depth) {
    return new Bound(level, depth, substitutes, observer, outermost, low, anomaly, hooks);
  }

  Bound substitutes(List<Map<Value, Value>> all) {
    return new Bound(level, noGrad, all, observer, outermost, low, anomaly, hooks);
  }

  Bound observer(Consumer<Value> o) {
    return new Bound(level, noGrad, substitutes, o, outermost, low, anomaly, hooks);
  }

  Bound outermost(OpName op) {
    return new Bound(level, noGrad, substitutes, observer, op, low, anomaly, hooks);
  }

  Bound low(Optional<DType> type) {
    return new Bound(level, noGrad, substitutes, observer, outermost, type, anomaly, hooks);
  }

  Bound anomaly(boolean on) {
    return new Bound(level, noGrad, substitutes, observer, outermost, low, on, hooks);
  }

  Bound hooks(SavedValues.Hooks h) {
    return new Bound(level, noGrad, substitutes, observer, outermost, low, anomaly, h);
  }
}
