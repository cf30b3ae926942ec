package org.cotangent.examples.laws;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.cotangent.Shape;
import org.cotangent.Tensor;

/** The state of a program being drawn and run: its source of decisions and the values so far. */
final class Draw {
  private static final int MOST_ELEMENTS = 24;
  private final Random random;
  private final boolean smooth;
  private final List<Tensor> values = new ArrayList<>();

  Draw(Random random, boolean smooth, Tensor x) {
    this.random = random;
    this.smooth = smooth;
    values.add(x);
  }

  /** A number from 0 to n - 1. */
  int below(int n) {
    return random.nextInt(n);
  }

  boolean coin() {
    return random.nextBoolean();
  }

  /** The newest value. */
  Tensor last() {
    return values.get(values.size() - 1);
  }

  /** Numbers from -1 to 1. */
  Tensor constant(int... shape) {
    return constant(random, shape);
  }

  static Tensor constant(Random r, int... shape) {
    int n = Math.toIntExact(Shape.of(shape).size());
    return Tensor.of(r.doubles(n, -1, 1).toArray(), shape);
  }

  /** n positions from 0 to below {@code size}. */
  Tensor positions(int size, int... shape) {
    int n = Math.toIntExact(Shape.of(shape).size());
    return Tensor.of(random.longs(n, 0, size).toArray(), shape);
  }

  /** An axis of x, which has one. */
  int axis(Tensor x) {
    return below(x.rank());
  }

  /** A value that broadcasts with x to a small shape: an earlier one or a constant. */
  Tensor partner(Tensor x) {
    Tensor y = values.get(below(values.size()));
    return coin() && small(x, y) ? y : constant(like(x));
  }

  private static boolean small(Tensor x, Tensor y) {
    long n = 1;
    for (int i = 1; i <= Math.max(x.rank(), y.rank()); i++) {
      int a = i <= x.rank() ? x.size(-i) : 1;
      int b = i <= y.rank() ? y.size(-i) : 1;
      if (a != b && a != 1 && b != 1) {
        return false;
      }
      n *= Math.max(a, b);
    }
    return n <= MOST_ELEMENTS;
  }

  /** The shape of x with some leading axes dropped and some axes of size 1. */
  private int[] like(Tensor x) {
    int drop = x.rank() > 0 ? below(x.rank()) : 0;
    int[] s = new int[x.rank() - drop];
    for (int i = 0; i < s.length; i++) {
      s[i] = below(4) == 0 ? 1 : x.size(i + drop);
    }
    return s;
  }

  /** A value of the shape of x. */
  Tensor twin(Tensor x) {
    for (Tensor v : values) {
      if (v != x && v.shape().equals(x.shape())) {
        return v;
      }
    }
    return constant(x.shape().dims());
  }

  /** Draws one step and runs it; returns its text. */
  String step() {
    while (true) {
      Steps.Step s = Steps.draw(random);
      int at = below(3) == 0 ? below(values.size()) : values.size() - 1;
      Tensor x = values.get(at);
      if (smooth && s.kinked() || x.rank() < s.leastRank()) {
        continue;
      }
      Optional<Tensor> y = s.run().apply(this, x).filter(v -> v.size() > 0 && v.size() <= MOST_ELEMENTS && v.rank() <= 4);
      if (y.isPresent()) {
        values.add(y.get());
        return "v" + (values.size() - 1) + " = " + s.name() + "(v" + at + ") " + y.get().shape();
      }
    }
  }
}
