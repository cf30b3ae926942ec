package org.cotangent;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.cotangent.errors.GradientException;

/**
 * A source of random numbers: a seed, and the offset of the next draw.
 *
 * <p>The numbers are a pure function of the seed, the offset and an element's index (see
 * {@link org.cotangent.spi.Philox}); a generator only counts draws. Each draw of a tensor, whatever its size,
 * takes one offset, so draws never overlap.
 *
 * <p>Generators may be shared between threads: no two draws from one seed get the same offset. Which thread gets
 * which offset is up to the threads; where that must not vary, give each its own generator.
 */
public final class Generator {

  /**
   * Where a generator stands.
   *
   * @param seed the seed, the key of the random numbers
   * @param offset the offset of the next draw
   */
  public record State(long seed, long offset) {}

  private static final ScopedValue<List<State>> RECORD = ScopedValue.newInstance();
  private static final ScopedValue<Iterator<State>> REPLAY = ScopedValue.newInstance();

  private final AtomicReference<State> state;

  private static final Generator STANDARD = new Generator(0);

  /** The generator of draws that name none; all threads share it, and it is the only process-wide state of random draws. */
  public static Generator standard() {
    return STANDARD;
  }

  /** A generator at the first draw of {@code seed}. */
  public Generator(long seed) {
    state = new AtomicReference<>(new State(seed, 0));
  }

  /** Starts again, at the first draw of {@code seed}; returns this generator. */
  public Generator manualSeed(long seed) {
    state.set(new State(seed, 0));
    return this;
  }

  /** The seed. */
  public long seed() {
    return state.get().seed();
  }

  /** Takes the next offset. */
  public long next() {
    return draw().offset();
  }

  /** Takes the next offset, and tells with which seed it goes even if another thread seeds anew meanwhile. */
  public State draw() {
    State drawn = REPLAY.isBound() ? again(REPLAY.get()) : state.getAndUpdate(s -> new State(s.seed(), s.offset() + 1));
    if (RECORD.isBound()) {
      RECORD.get().add(drawn);
    }
    return drawn;
  }

  private static State again(Iterator<State> log) {
    if (!log.hasNext()) {
      throw new GradientException("checkpoint: the function draws more random numbers when it runs again; it must do the same each time");
    }
    return log.next();
  }

  /** Runs {@code body} and notes its draws, from whichever generators, in {@code log}, and where draws are noted around it. */
  static <R> R recording(List<State> log, Supplier<R> body) {
    R r = ScopedValue.where(RECORD, log).call(body::get);
    if (RECORD.isBound()) {
      RECORD.get().addAll(log);
    }
    return r;
  }

  /** Runs {@code body} with the draws of {@code log} in the place of new ones; no generator moves, and what notes draws around does not see them. */
  static <R> R replaying(List<State> log, Supplier<R> body) {
    return ScopedValue.where(REPLAY, log.iterator()).where(RECORD, new ArrayList<>()).call(body::get);
  }

  /** The seed and the offset of the next draw, for {@link #setState}. */
  public State state() {
    return state.get();
  }

  /** Goes back, or on, to where a generator stood; returns this generator. */
  public Generator setState(State state) {
    this.state.set(new State(state.seed(), state.offset()));
    return this;
  }

  @Override
  public String toString() {
    State now = state.get();
    return "Generator[seed=" + now.seed() + ", offset=" + now.offset() + "]";
  }
}
