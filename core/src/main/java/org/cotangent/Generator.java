package org.cotangent;

import java.util.concurrent.atomic.AtomicReference;

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

    private final AtomicReference<State> state;

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
        return state.getAndUpdate(s -> new State(s.seed(), s.offset() + 1));
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
