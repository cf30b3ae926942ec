package org.cotangent.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cotangent.Autograd.noGrad;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.cotangent.Autograd;
import org.cotangent.Device;
import org.cotangent.Generator;
import org.cotangent.MemoryScope;
import org.cotangent.Tensor;
import org.cotangent.VmapOptions;
import org.cotangent.errors.FreedException;
import org.cotangent.nn.GELU;
import org.cotangent.nn.Linear;
import org.cotangent.nn.Sequential;
import org.cotangent.ops.Losses;
import org.cotangent.optim.AdamW;
import org.cotangent.optim.GradClip;
import org.cotangent.optim.Optimizer;
import org.cotangent.optim.SGD;
import org.cotangent.spi.Backends;
import org.cotangent.testkit.Seeds;
import org.junit.jupiter.api.Test;

/** What tensors had before a step, or before an in-place operation: freed once nothing refers to it, and no sooner. */
class ReplacedValuesTest {
  private static final double RATE = 0.5;

  private final Tensor p = Tensor.of(1f, 2f, 3f).requiresGrad_();
  private final Optimizer optim = new SGD(List.of(p)).learningRate(RATE);

  /** p becomes p - 1/2 (1, 1, 1), in a scope of its own. */
  private void step() {
    try (var _ = MemoryScope.open()) {
      optim.step(p.sum());
    }
  }

  private static long live() {
    return Backends.of(Device.CPU).memoryStats().liveBytes();
  }

  private static void stays(Consumer<Optimizer> step, Optimizer o) {
    for (int i = 0; i < 3; i++) {
      step.accept(o);
    }
    long before = live();
    for (int i = 0; i < 20; i++) {
      step.accept(o);
    }
    assertThat(live()).isLessThanOrEqualTo(before);
  }

  @Test
  void stepsOfTrainingDoNotAddUp() {
    var g = new Generator(3);
    Sequential model = Sequential.of(new Linear(8, 300, true, g), new GELU(), new Linear(300, 4, true, g));
    Tensor x = Tensor.randn(16, 8).synchronize();
    Tensor y = Tensor.randint(0, 4, 16).synchronize();
    stays(o -> {
      try (var _ = MemoryScope.open()) {
        o.step(Losses.crossEntropy(model.apply(x), y));
      }
    }, new AdamW(model.parameters()));
    stays(o -> {
      try (var _ = MemoryScope.open()) {
        o.zeroGrad();
        Losses.crossEntropy(model.apply(x), y).backward();
        Losses.crossEntropy(model.apply(x.mul(2)), y).backward();
        GradClip.norm(model.parameters(), 1);
        o.step();
      }
    }, new SGD(model.parameters()).momentum(0.9));
    stays(o -> {
      o.zeroGrad();
      try (var _ = MemoryScope.open()) {
        Losses.crossEntropy(model.apply(x), y).backward();
      }
      try (var _ = MemoryScope.open()) {
        noGrad(() -> model.parameters().forEach(w -> w.sub_(w.grad().mul(0.1))));
      }
    }, new SGD(model.parameters()));
  }

  @Test
  void whatWasTakenOutsideOfScopesStays() {
    step();
    Tensor view = p.detach();
    Tensor waiting = p.detach().mul(2);
    float[] was = p.toFloatArray();
    step();
    step();
    assertThat(view.toFloatArray()).containsExactly(was);
    assertThat(waiting.toFloatArray()).containsExactly(2 * was[0], 2 * was[1], 2 * was[2]);
  }

  @Test
  void whatWasTakenInAScopeThatIsOpenStaysUntilItCloses() {
    step();
    Tensor view;
    try (var _ = MemoryScope.open()) {
      view = p.detach();
      float[] was = p.toFloatArray();
      step();
      step();
      assertThat(view.toFloatArray()).containsExactly(was);
    }
    assertThatThrownBy(view::toFloatArray).isInstanceOf(FreedException.class).hasMessageContaining("keep");
  }

  @Test
  void whatWasKeptStays() {
    step();
    Tensor kept;
    float[] was = p.toFloatArray();
    step();
    float[] later = p.toFloatArray();
    step();
    try (var scope = MemoryScope.open()) {
      kept = scope.keep(p.detach());
    }
    step();
    step();
    assertThat(kept.toFloatArray()).containsExactly(later[0] - (was[0] - later[0]), later[1] - (was[1] - later[1]), later[2] - (was[2] - later[2]));
  }

  @Test
  void aTensorThatWasGivenTheValueHasIt() {
    Tensor other = Tensor.zeros(3);
    step();
    for (int i = 0; i < 3; i++) {
      float[] was;
      try (var _ = MemoryScope.open()) {
        noGrad(() -> other.copy_(p));
        was = p.detach().toFloatArray();
      }
      step();
      step();
      assertThat(other.toFloatArray()).containsExactly(was);
    }
  }

  @Test
  void aViewMadeOutsideSeesWhatIsThereAndWhatWasReadThroughItStays() {
    Tensor q = Tensor.of(1f, 2f, 3f);
    Tensor view = q.narrow(0, 1, 2);
    for (int i = 0; i < 3; i++) {
      Tensor inside;
      try (var _ = MemoryScope.open()) {
        q.add_(1);
        inside = view.mul(2).synchronize();
      }
      Tensor outside = view.mul(2);
      try (var _ = MemoryScope.open()) {
        q.mul_(3);
      }
      float[] now = q.toFloatArray();
      assertThat(outside.toFloatArray()).containsExactly(2 * now[1] / 3, 2 * now[2] / 3);
      assertThat(view.toFloatArray()).containsExactly(now[1], now[2]);
      assertThatThrownBy(inside::toFloatArray).isInstanceOf(FreedException.class);
    }
  }

  @Test
  void aGradientThatTwoLeavesShareStaysForTheOther() {
    Tensor a = Tensor.of(1f, 2f).requiresGrad_();
    Tensor b = Tensor.of(1f, 2f).requiresGrad_();
    try (var _ = MemoryScope.open()) {
      a.add(b).mul(Tensor.of(3f, 5f)).sum().backward();
    }
    try (var _ = MemoryScope.open()) {
      a.zeroGrad();
    }
    assertThat(b.grad().toFloatArray()).containsExactly(3, 5);
  }

  @Test
  void aCotangentThatIsTheGradientIsNotFreed() {
    Tensor ct = Tensor.of(3f, 5f, 7f).synchronize();
    for (int i = 0; i < 2; i++) {
      try (var _ = MemoryScope.open()) {
        p.mul(1).backward(ct);
        p.backward(ct);
      }
      try (var _ = MemoryScope.open()) {
        p.zeroGrad();
      }
    }
    assertThat(ct.toFloatArray()).containsExactly(3, 5, 7);
  }

  @Test
  void aGradientReadOutsideOfScopesStays() {
    step();
    Tensor g = p.grad();
    step();
    step();
    assertThat(g.toFloatArray()).containsExactly(1, 1, 1);
  }

  @Test
  void aStateDictOutlivesItsScopeAndLaterSteps() {
    var layer = new Linear(2, 2, true, new Generator(1));
    Optimizer o = new AdamW(layer.parameters());
    Map<String, Tensor> weights = Map.of();
    Map<String, Tensor> states = Map.of();
    float[] weight = {};
    float[] state = {};
    for (int i = 0; i < 4; i++) {
      try (var _ = MemoryScope.open()) {
        o.step(layer.apply(Tensor.ones(1, 2)).sum());
        if (i == 1) {
          weights = layer.stateDict();
          states = o.stateDict();
          weight = weights.get("weight").toFloatArray();
          state = states.get("0.exp_avg").toFloatArray();
        }
      }
    }
    assertThat(weights.get("weight").toFloatArray()).containsExactly(weight);
    assertThat(states.get("0.exp_avg").toFloatArray()).containsExactly(state);
    assertThat(layer.stateDict().get("weight").toFloatArray()).isNotEqualTo(weight);
  }

  @Test
  void jacobiansOfParametersOutliveWhatTheyAreViewsOf() {
    step();
    Tensor y;
    try (var outer = MemoryScope.open()) {
      y = outer.keep(Autograd.vmap(x -> p.detach()).apply(Tensor.ones(2, 3)));
    }
    float[] was = y.toFloatArray();
    step();
    step();
    assertThat(y.toFloatArray()).containsExactly(was);
  }

  /** Scopes of chunks whose results are part of a graph let out all that the graph refers to. */
  @Test
  void whatAGraphOfChunksRefersToStays() {
    Tensor q = Tensor.of(1f, 2f, 3f);
    try (var _ = MemoryScope.open()) {
      q.add_(1);
    }
    Tensor x = Tensor.ones(2, 3).requiresGrad_();
    try (var _ = MemoryScope.open()) {
      Tensor y = Autograd.vmap(row -> {
        Tensor old = q.detach();
        noGrad(() -> q.mul_(2));
        return row.mul(old);
      }, VmapOptions.DEFAULT.chunk(1)).apply(x);
      y.sum().backward();
    }
    assertThat(x.grad().toFloatArray()).containsExactly(2, 3, 4, 4, 6, 8);
  }

  @Test
  void anotherThreadKeepsWhatItReads() throws Exception {
    step();
    try (var pool = Executors.newSingleThreadExecutor()) {
      for (int i = 0; i < 3; i++) {
        float[] was = p.toFloatArray();
        step();
        float[] now = p.toFloatArray();
        Tensor[] seen = new Tensor[1];
        pool.submit(() -> {
          seen[0] = p.detach();
        }).get();
        step();
        step();
        assertThat(seen[0].toFloatArray()).containsExactly(now);
        assertThat(now).isNotEqualTo(was);
      }
    }
  }

  /** A tensor with what its elements are, and the number of open scopes when it was taken; kept ones count as taken outside. */
  private record Known(Tensor tensor, float[] numbers, int depth) {}

  /** Random steps, in-place operations, views and scopes: everything that may still be used has the numbers that it had. */
  @Test
  void nothingThatMayBeUsedIsFreed() {
    long seed = Seeds.of("nothingThatMayBeUsedIsFreed");
    for (int k = 0; k < 300; k++) {
      Tensor p = Tensor.of(1f, 2f, 3f).requiresGrad_();
      program(new Random(seed + k), p, new SGD(List.of(p)).learningRate(RATE));
    }
  }

  private static void program(Random r, Tensor p, Optimizer optim) {
    var scopes = new ArrayDeque<MemoryScope>();
    var known = new ArrayList<Known>();
    Tensor[] q = {Tensor.of(1f, 2f, 3f), Tensor.of(4f, 5f, 6f)};
    for (int k = 0; k < 60; k++) {
      Tensor t = r.nextInt(3) == 0 ? p : q[r.nextInt(2)];
      int depth = scopes.size();
      switch (r.nextInt(9)) {
        case 0 -> {
          if (depth < 3) {
            scopes.push(MemoryScope.open());
          }
        }
        case 1 -> {
          if (depth > 0) {
            known.removeIf(x -> x.depth == scopes.size());
            scopes.pop().close();
          }
        }
        case 2 -> optim.step(p.mul(q[0].detach()).sum());
        case 3 -> {
          p.zeroGrad();
          p.mul(2).backward(q[1].detach());
          known.add(new Known(p.grad(), p.grad().toFloatArray(), depth));
        }
        case 4 -> noGrad(() -> t.mul_(0.5).add_(1));
        case 5 -> noGrad(() -> q[0].copy_(t));
        case 6 -> known.add(new Known(t.detach(), t.detach().toFloatArray(), depth));
        case 7 -> {
          Tensor y = t.detach().mul(2);
          float[] was = t.toFloatArray();
          known.add(new Known(y, new float[] {2 * was[0], 2 * was[1], 2 * was[2]}, depth));
        }
        default -> {
          Tensor y = t.detach();
          if (depth > 0) {
            known.add(new Known(scopes.peek().keep(y), y.toFloatArray(), depth - 1));
          }
        }
      }
      for (Known x : known) {
        if (r.nextInt(4) == 0) {
          assertThat(x.tensor.toFloatArray()).containsExactly(x.numbers);
        }
      }
    }
    known.removeIf(x -> x.depth > 0);
    while (!scopes.isEmpty()) {
      scopes.pop().close();
    }
    for (Known x : known) {
      assertThat(x.tensor.toFloatArray()).containsExactly(x.numbers);
    }
    assertThat(p.detach().add(q[0]).add(q[1]).toFloatArray()).hasSize(3);
  }
}
