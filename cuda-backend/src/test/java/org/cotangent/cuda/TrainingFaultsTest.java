package org.cotangent.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Generator;
import org.cotangent.MemoryScope;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.cuda.driver.Emulator;
import org.cotangent.cuda.driver.OnDevice;
import org.cotangent.errors.CotangentException;
import org.cotangent.errors.FreedException;
import org.cotangent.errors.MemoryException;
import org.cotangent.nn.Linear;
import org.cotangent.nn.Sequential;
import org.cotangent.nn.Tanh;
import org.cotangent.ops.Losses;
import org.cotangent.optim.AdamW;
import org.cotangent.spi.Backend;
import org.cotangent.spi.Backends;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each driver call of a training step fails in turn: an exception, nothing lost, nothing half done. After a fault that passes the next
 * step succeeds; after one that stays, everything names it and nothing is computed any more.
 */
@Tag("alone")
@ExtendWith(OnDevice.class)
class TrainingFaultsTest {
  private static final Device CUDA = Device.cuda(0);
  private static final String ALLOCATOR = "cotangent.cuda.allocator";

  private final Emulator emulator = OnDevice.emulator();
  private Runnable restore;
  private Trained trained;
  private List<Float> complete;

  /** A model with its optimiser and data, one step old. */
  private static final class Trained {
    final Tensor x = Tensor.rand(Shape.of(6, 5), DType.FLOAT32, CUDA, new Generator(1));
    final Tensor y = Tensor.of(0L, 1, 2, 0, 1, 2).to(CUDA);
    final Sequential model;
    final AdamW optimizer;

    Trained() {
      var g = new Generator(2);
      model = Sequential.of(new Linear(5, 7, true, g), new Tanh(), new Linear(7, 3, true, g));
      model.to(CUDA);
      optimizer = new AdamW(model.parameters()).learningRate(0.05);
      step();
    }

    double step() {
      try (var _ = MemoryScope.open()) {
        optimizer.zeroGrad();
        Tensor loss = Losses.crossEntropy(model.apply(x), y);
        loss.backward();
        optimizer.step();
        return loss.item();
      }
    }

    /** Everything that a step changes, but for gradients. */
    List<Float> state() {
      var all = new ArrayList<Float>();
      all.add((float) optimizer.steps());
      try (var _ = MemoryScope.open()) {
        model.parameters().forEach(p -> add(all, p.detach()));
        optimizer.stateDict().forEach((name, t) -> add(all, t));
      }
      return all;
    }

    private static void add(List<Float> all, Tensor t) {
      for (double v : t.toDoubleArray()) {
        all.add((float) v);
      }
    }
  }

  @BeforeEach
  void open() {
    reopen();
    trained.step();
    complete = trained.state();
  }

  @AfterEach
  void close() {
    emulator.configure("fault", "");
    restore.run();
    OnDevice.reopened();
  }

  /** A device, and a model on it, as of a new process. */
  private void reopen() {
    emulator.configure("fault", "");
    if (restore != null) {
      restore.run();
    }
    restore = Backends.replace(new CudaBackend(OnDevice.reopened()));
    trained = new Trained();
  }

  private static Backend device() {
    return Backends.of(CUDA);
  }

  /** How many calls of a kind a step makes. */
  private int calls(String kind) {
    trained = new Trained();
    prepare();
    emulator.configure("fault", "");
    trained.step();
    return emulator.counts().stream().filter(l -> l.startsWith(kind + " ")).mapToInt(l -> Integer.parseInt(l.split(" ")[1])).findFirst().orElse(0);
  }

  /** Runs what is queued, and gives free memory back to the driver. */
  private static void prepare() {
    device().synchronize();
    device().emptyCache();
  }

  @ParameterizedTest
  @ValueSource(strings = {"any", "launch", "copy", "gemm", "event", "sync"})
  void afterAFaultThatPassesTheNextStepSucceeds(String kind) {
    int calls = calls(kind);
    int raised = 0;
    for (int n = 1; n <= calls; n++) {
      raised += failed(kind + ":" + n, CotangentException.class);
    }
    assertThat(raised).as("exceptions of " + calls + " calls of kind " + kind).isGreaterThan(calls / 2);
    if (kind.equals("any")) {
      assertThat(calls).isGreaterThan(20);
    } else if (!kind.equals("event")) {
      assertThat(raised).as("each " + kind).isEqualTo(calls).isPositive();
    }
  }

  /** With memory of its own for every buffer. One refusal is helped by giving free memory back; where all are refused from some point on, the step fails. */
  @Test
  void withoutMemoryFromAnyPointOnTheStepFailsAndTheNextSucceeds() {
    System.setProperty(ALLOCATOR, "direct");
    try {
      reopen();
      int calls = calls("alloc");
      assertThat(calls).isGreaterThan(10);
      for (int n = 1; n <= calls; n++) {
        assertThat(failed("alloc:" + n + "+", MemoryException.class)).as("allocation " + n + " and all later ones").isOne();
        assertThat(failed("alloc:" + n, MemoryException.class)).as("allocation " + n).isZero();
      }
    } finally {
      System.clearProperty(ALLOCATOR);
    }
  }

  /** A step with a fault; 1 if it raised an exception. All or nothing happened, no memory is lost, and the next step is as if nothing had been. */
  private int failed(String fault, Class<?> type) {
    trained = new Trained();
    List<Float> unchanged = trained.state();
    prepare();
    long live = settled();
    emulator.configure("fault", fault);
    Throwable thrown = catchThrowable(trained::step);
    emulator.configure("fault", "");
    if (thrown != null) {
      assertThat(thrown).as(fault).isInstanceOf(type);
      assertThat(thrown instanceof CudaException c && c.sticky()).as(fault + ": " + thrown).isFalse();
    }
    trained.optimizer.zeroGrad();
    List<Float> now = trained.state();
    assertThat(now.equals(unchanged) || now.equals(complete)).as(fault + ": all or nothing; " + thrown).isTrue();
    assertThat(liveAfterCollection(live)).as("live after " + fault).isLessThanOrEqualTo(live);
    if (now.equals(unchanged)) {
      trained.step();
      assertThat(trained.state()).as("the step after " + fault).isEqualTo(complete);
    } else {
      assertThat(trained.step()).isBetween(0.0, 2.0);
    }
    return thrown == null ? 0 : 1;
  }

  @ParameterizedTest
  @ValueSource(strings = {"any", "launch", "gemm"})
  void afterAFaultThatStaysEveryCallNamesItAndNothingIsComputed(String kind) {
    int calls = calls(kind);
    int raised = 0;
    for (int n = 1; n <= calls; n++) {
      reopen();
      prepare();
      emulator.configure("fault", kind + ":" + n + ":sticky");
      Throwable first = catchThrowable(trained::step);
      if (first == null) {
        first = catchThrowable(() -> device().synchronize()); // what was queued after the last read
      }
      emulator.configure("fault", "");
      if (first == null) {
        continue;
      }
      raised++;
      assertThat(first).as(kind + " " + n).isInstanceOfSatisfying(CudaException.class, e -> assertThat(e.sticky()).isTrue());
      String fault = root(first).getMessage();
      refused(fault, () -> trained.step());
      refused(fault, () -> trained.state());
      refused(fault, () -> trained.x.toFloatArray());
      refused(fault, () -> trained.model.parameters().getFirst().sum().item());
      refused(fault, () -> Tensor.of(1f, 2f).to(CUDA));
      refused(fault, () -> device().synchronize());
    }
    assertThat(raised).as("exceptions of " + calls + " calls of kind " + kind).isEqualTo(calls).isPositive();
  }

  private static void refused(String fault, Runnable work) {
    assertThatThrownBy(() -> {
      try (var _ = MemoryScope.open()) {
        work.run();
      }
    }).isInstanceOfSatisfying(CudaException.class, e -> assertThat(e.sticky()).isTrue()).hasMessageContaining(fault)
        .hasMessageContaining("earlier fault");
  }

  private static Throwable root(Throwable e) {
    return e.getCause() == null ? e : root(e.getCause());
  }

  @Test
  void whatAScopeFreedIsRefused() {
    Tensor x;
    try (var _ = MemoryScope.open()) {
      x = Tensor.of(1f, 2f).to(CUDA).mul(2).synchronize();
    }
    Tensor freed = x;
    assertThatThrownBy(freed::toFloatArray).isInstanceOf(FreedException.class);
    assertThatThrownBy(() -> freed.add(1).synchronize()).isInstanceOf(FreedException.class);
  }

  /** Bytes that are live when earlier models are gone. */
  private static long settled() {
    long before;
    long now = Long.MAX_VALUE;
    do {
      before = now;
      System.gc();
      pause();
      now = device().memoryStats().liveBytes();
    } while (now < before);
    return now;
  }

  private static void pause() {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Bytes that stay live: gradients that were dropped are left to the garbage collector. */
  private static long liveAfterCollection(long most) {
    for (int i = 0; i < 20 && device().memoryStats().liveBytes() > most; i++) {
      System.gc();
      pause();
    }
    return device().memoryStats().liveBytes();
  }
}
