package org.cotangent.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The scalar loops that serve while the vector loops are cold give the same bits, and the vector loops do take over. */
@EnabledIf("vectorsArePresent")
class WarmingTest {
  private static final int COUNT = 200_000;

  static boolean vectorsArePresent() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  private record FloatPair(String name, FloatKernel.Loop vector, FloatKernel.Loop scalar) {}

  private record DoublePair(String name, DoubleKernel.Loop vector, DoubleKernel.Loop scalar) {}

  @Test
  void float32BitsAreTheSame() {
    SplittableRandom random = new SplittableRandom(1);
    float[] x = new float[COUNT];
    for (int i = 0; i < COUNT; i++) x[i] = i % 2 == 0 ? Float.intBitsToFloat(random.nextInt()) : (float) random.nextDouble(-20, 20);
    for (FloatPair p : new FloatPair[] {
      new FloatPair("exp", FloatExp::exp, FloatLane::exp), new FloatPair("expm1", FloatExp::expm1, FloatLane::expm1),
      new FloatPair("log", FloatLog::log, FloatLane::log), new FloatPair("log1p", FloatLog::log1p, FloatLane::log1p),
      new FloatPair("sqrt", FloatRoot::sqrt, FloatLane::sqrt), new FloatPair("rsqrt", FloatRoot::rsqrt, FloatLane::rsqrt),
      new FloatPair("sin", FloatTrig::sin, FloatLane::sin), new FloatPair("cos", FloatTrig::cos, FloatLane::cos),
      new FloatPair("tanh", FloatErf::tanh, FloatLane::tanh), new FloatPair("erf", FloatErf::erf, FloatLane::erf),
      new FloatPair("sigmoid", FloatExp::sigmoid, FloatLane::sigmoid), new FloatPair("softplus", FloatLog::softplus, FloatLane::softplus)
    }) {
      float[] y = new float[COUNT], z = new float[COUNT];
      p.vector.run(x, 0, y, 0, COUNT);
      p.scalar.run(x, 0, z, 0, COUNT);
      for (int i = 0; i < COUNT; i++) {
        if (Float.floatToIntBits(y[i]) != Float.floatToIntBits(z[i])) assertThat(z[i]).as("%s(%s)", p.name, x[i]).isEqualTo(Float.valueOf(y[i]));
      }
    }
  }

  @Test
  void float64BitsAreTheSame() {
    SplittableRandom random = new SplittableRandom(2);
    double[] x = new double[COUNT];
    for (int i = 0; i < COUNT; i++) x[i] = i % 2 == 0 ? Double.longBitsToDouble(random.nextLong()) : random.nextDouble(-20, 20);
    for (DoublePair p : new DoublePair[] {
      new DoublePair("exp", DoubleExp::exp, DoubleLane::exp), new DoublePair("expm1", DoubleExp::expm1, DoubleLane::expm1),
      new DoublePair("log", DoubleLog::log, DoubleLane::log), new DoublePair("log1p", DoubleLog::log1p, DoubleLane::log1p),
      new DoublePair("sqrt", DoubleRoot::sqrt, DoubleLane::sqrt), new DoublePair("rsqrt", DoubleRoot::rsqrt, DoubleLane::rsqrt),
      new DoublePair("sin", DoubleTrig::sin, DoubleLane::sin), new DoublePair("cos", DoubleTrig::cos, DoubleLane::cos),
      new DoublePair("tanh", DoubleErf::tanh, DoubleLane::tanh), new DoublePair("erf", DoubleErf::erf, DoubleLane::erf),
      new DoublePair("sigmoid", DoubleExp::sigmoid, DoubleLane::sigmoid), new DoublePair("softplus", DoubleLog::softplus, DoubleLane::softplus)
    }) {
      double[] y = new double[COUNT], z = new double[COUNT];
      p.vector.run(x, 0, y, 0, COUNT);
      p.scalar.run(x, 0, z, 0, COUNT);
      for (int i = 0; i < COUNT; i++) {
        if (Double.doubleToLongBits(y[i]) != Double.doubleToLongBits(z[i])) {
          assertThat(z[i]).as("%s(%s)", p.name, x[i]).isEqualTo(Double.valueOf(y[i]));
        }
      }
    }
  }

  @Test
  void vectorLoopTakesOver() throws InterruptedException {
    FloatKernel floats = new FloatKernel(FloatErf::tanh, FloatLane::tanh);
    float[] x = new float[64], y = new float[64];
    floats.run(false, x, 0, y, 0, 64);
    assertThat(floats.ready()).isFalse();
    assertThat(within(30, () -> {
      floats.run(false, x, 0, y, 0, 64);
      return floats.ready();
    })).isTrue();
    assertThat(within(30, () -> {
      floats.run(false, x, 0, y, 0, 63);
      return floats.ready();
    })).isTrue();
  }

  @Test
  void rehearsalsHaveRemainders() throws InterruptedException {
    Set<Integer> sizes = ConcurrentHashMap.newKeySet();
    var loop = new Rehearsed() {
      @Override
      protected void once(int n) {
        sizes.add(n);
      }

      boolean use() {
        counted(Warming.INTEREST);
        return vectors();
      }
    };
    assertThat(within(30, loop::use)).isTrue();
    assertThat(sizes).hasSize(3).contains(0);
    for (int lanes : new int[] {2, 4, 8, 16}) {
      assertThat(sizes).filteredOn(n -> n > 0).allMatch(n -> n > 4 * lanes && n % lanes != 0);
    }
  }

  private static boolean within(int seconds, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    while (System.nanoTime() < end) {
      if (condition.getAsBoolean()) return true;
      Thread.sleep(0, 100_000);
    }
    return false;
  }
}
