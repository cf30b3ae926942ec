package org.cotangent.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Generator;
import org.cotangent.MemoryScope;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.cuda.driver.Emulator;
import org.cotangent.cuda.driver.OnDevice;
import org.cotangent.errors.CotangentException;
import org.cotangent.nn.Linear;
import org.cotangent.nn.Sequential;
import org.cotangent.nn.Tanh;
import org.cotangent.optim.AdamW;
import org.cotangent.ops.Losses;
import org.cotangent.spi.Backends;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each driver call of a training step fails once: an exception, nothing lost, nothing half done, and the next step succeeds. */
@Tag("alone")
@ExtendWith(OnDevice.class)
class TrainingFaultsTest {
  private static final Device CUDA = Device.cuda(0);
  private final Tensor x = Tensor.rand(Shape.of(6, 5), DType.FLOAT32, CUDA, new Generator(1));
  private final Tensor y = Tensor.of(0L, 1, 2, 0, 1, 2).to(CUDA);

  private static Sequential model() {
    var g = new Generator(2);
    Sequential m = Sequential.of(new Linear(5, 7, true, g), new Tanh(), new Linear(7, 3, true, g));
    m.to(CUDA);
    return m;
  }

  private double step(Sequential m, AdamW o) {
    try (var _ = MemoryScope.open()) {
      o.zeroGrad();
      Tensor loss = Losses.crossEntropy(m.apply(x), y);
      loss.backward();
      o.step();
      return loss.item();
    }
  }

  private static List<Float> numbers(Sequential m) {
    var all = new ArrayList<Float>();
    try (var _ = MemoryScope.open()) {
      for (Tensor p : m.parameters()) {
        for (float v : p.detach().toFloatArray()) {
          all.add(v);
        }
      }
    }
    return all;
  }

  @Test
  void everyCallOfAStepMayFail() {
    Emulator emulator = Emulator.here().orElseThrow();
    Sequential m = model();
    var o = new AdamW(m.parameters()).learningRate(0.05);
    step(m, o);
    int raised = 0;
    emulator.configure("fault", "");
    step(m, o);
    long calls = emulator.counts().stream().filter(l -> l.startsWith("any ")).mapToLong(l -> Long.parseLong(l.substring(4))).findFirst().orElseThrow();
    assertThat(calls).isGreaterThan(20);
    for (int n = 1; n <= calls; n++) {
      Sequential one = model();
      var optimizer = new AdamW(one.parameters()).learningRate(0.05);
      step(one, optimizer);
      List<Float> unchanged = numbers(one);
      Sequential twin = model();
      var twins = new AdamW(twin.parameters()).learningRate(0.05);
      step(twin, twins);
      step(twin, twins);
      List<Float> complete = numbers(twin);
      Backends.of(CUDA).synchronize();
      long live = Backends.of(CUDA).memoryStats().liveBytes();
      emulator.configure("fault", "any:" + n);
      Optional<RuntimeException> thrown = attempt(one, optimizer);
      emulator.configure("fault", "");
      if (thrown.isPresent()) {
        raised++;
        assertThat(thrown.get()).as("call " + n).isInstanceOf(CotangentException.class);
      }
      one.parameters().forEach(Tensor::zeroGrad);
      twin.parameters().forEach(Tensor::zeroGrad);
      List<Float> now = numbers(one);
      assertThat(now.equals(unchanged) || now.equals(complete)).as("after call " + n + " failed: all or nothing; " + thrown).isTrue();
      assertThat(liveAfterCollection(live)).as("live after call " + n).isLessThanOrEqualTo(live);
      assertThat(step(one, optimizer)).isBetween(0.0, 2.0);
    }
    assertThat(raised).as("of " + calls + " calls").isGreaterThan((int) calls / 2);
  }

  /** Bytes that stay live: gradients that were dropped are left to the garbage collector. */
  private static long liveAfterCollection(long most) {
    for (int i = 0; i < 20 && Backends.of(CUDA).memoryStats().liveBytes() > most; i++) {
      System.gc();
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return Backends.of(CUDA).memoryStats().liveBytes();
  }

  private Optional<RuntimeException> attempt(Sequential m, AdamW o) {
    try {
      step(m, o);
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(e);
    }
  }
}
