package org.cotangent.optim;

import org.cotangent.errors.ArgumentException;

/**
 * A learning rate as a function of the number of steps made.
 *
 * <p>Give it to {@link Optimizer#schedule}, and it advances with each step; or ask it each epoch:
 * {@code optim.learningRate(schedule.at(epoch, 0.1))}.
 */
@FunctionalInterface
public interface LrSchedule {
  /** The rate after {@code step} steps, 0 at first, for an initial rate of {@code base}. */
  double at(long step, double base);

  /**
   * This schedule for {@code steps} steps, then {@code next} from its start.
   *
   * @throws ArgumentException if the number of steps is negative
   */
  default LrSchedule then(long steps, LrSchedule next) {
    if (steps < 0) {
      throw new ArgumentException("schedule: number of steps is negative: " + steps);
    }
    return (step, base) -> step < steps ? at(step, base) : next.at(step - steps, base);
  }

  /** Always the initial rate. */
  static LrSchedule constant() {
    return (step, base) -> base;
  }

  /** Multiplied by gamma every {@code size} steps: PyTorch's StepLR. */
  static LrSchedule stepLr(long size, double gamma) {
    positive("stepLr", size);
    return (step, base) -> base * Math.pow(gamma, step / size);
  }

  /** Multiplied by gamma every step: PyTorch's ExponentialLR. */
  static LrSchedule exponentialLr(double gamma) {
    return (step, base) -> base * Math.pow(gamma, step);
  }

  /**
   * Half a cosine from the initial rate to {@code least} in {@code steps} steps (Loshchilov and Hutter 2017): PyTorch's
   * CosineAnnealingLR, but it stays at {@code least} after that.
   */
  static LrSchedule cosineAnnealingLr(long steps, double least) {
    positive("cosineAnnealingLr", steps);
    return (step, base) -> least + (base - least) * (1 + Math.cos(Math.PI * Math.min(step, steps) / steps)) / 2;
  }

  /** In a straight line from {@code start} times the initial rate to all of it in {@code steps} steps: PyTorch's LinearLR. */
  static LrSchedule linearWarmup(long steps, double start) {
    positive("linearWarmup", steps);
    return (step, base) -> base * (start + (1 - start) * Math.min(step, steps) / steps);
  }

  /**
   * In half a cosine from rate / 25 up to the initial rate in three tenths of {@code steps}, then down to rate / 250 000 in the rest
   * (Smith and Topin 2018): PyTorch's OneCycleLR, whose max_lr is the initial rate here.
   */
  static LrSchedule oneCycleLr(long steps) {
    return oneCycleLr(steps, 0.3, 25, 1e4);
  }

  /**
   * As {@link #oneCycleLr(long)}: begins at rate / {@code divide}, has the rate after the part {@code rising} of the steps and ends
   * at rate / {@code divide} / {@code finalDivide}.
   *
   * @throws ArgumentException if steps is not positive, rising not between 0 and 1 or a divisor not positive
   */
  static LrSchedule oneCycleLr(long steps, double rising, double divide, double finalDivide) {
    positive("oneCycleLr", steps);
    if (!(rising >= 0 && rising <= 1) || !(divide > 0) || !(finalDivide > 0)) {
      throw new ArgumentException(
          "oneCycleLr: rising is not between 0 and 1 or a divisor not positive: " + rising + ", " + divide + ", " + finalDivide);
    }
    double top = rising * steps - 1;
    double end = steps - 1;
    return (step, base) -> {
      double first = base / divide;
      double last = first / finalDivide;
      return step <= top ? cosine(first, base, part(step, top)) : cosine(base, last, part(step - top, end - top));
    };
  }

  private static double part(double of, double all) {
    return all > 0 ? Math.min(1, of / all) : 1;
  }

  private static double cosine(double from, double to, double part) {
    return to + (from - to) / 2 * (1 + Math.cos(Math.PI * part));
  }

  private static void positive(String op, long steps) {
    if (steps < 1) {
      throw new ArgumentException(op + ": number of steps is not positive: " + steps);
    }
  }
}
