package org.cotangent.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.ExtendWith;
import org.cotangent.testkit.LeakCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cotangent.Autograd;
import org.cotangent.Removable;
import org.cotangent.Tensor;
import org.cotangent.nn.Lambda;
import org.cotangent.nn.Layer;
import org.cotangent.nn.Sequential;
import org.junit.jupiter.api.Test;

@ExtendWith(LeakCheck.class)
class LayerHooksTest {
  private static Layer times(double c) {
    return new Lambda("times " + c, x -> x.mul(c));
  }

  @Test
  void runInTheOrderOfRegistration() {
    var log = new ArrayList<String>();
    Layer l = times(2);
    l.forwardHook((layer, x, y) -> {
      log.add("after 1: " + x.item() + " -> " + y.item());
      return y;
    });
    l.forwardHook((layer, x, y) -> {
      log.add("after 2");
      return y;
    });
    l.forwardPreHook((layer, x) -> {
      log.add("before 1: " + layer);
      return x;
    });
    l.forwardPreHook((layer, x) -> {
      log.add("before 2");
      return x;
    });
    l.fullBackwardHook((layer, inputBar, outputBar) -> log.add("back 1: " + outputBar.item() + " -> " + inputBar.orElseThrow().item()));
    l.fullBackwardHook((layer, inputBar, outputBar) -> log.add("back 2"));
    l.apply(Tensor.scalar(3f).requiresGrad_()).mul(5).backward();
    assertThat(log)
        .containsExactly(
            "before 1: Lambda(times 2.0)", "before 2", "after 1: 3.0 -> 6.0", "after 2", "back 1: 5.0 -> 10.0", "back 2");
  }

  @Test
  void mayReplaceWhatPassesThem() {
    Layer l = times(2);
    l.forwardPreHook((layer, x) -> x.add(1));
    l.forwardHook((layer, x, y) -> y.add(x.mul(100)));
    assertThat(l.apply(Tensor.scalar(3f)).item()).isEqualTo(408);
  }

  @Test
  void areRemovedOneByOne() {
    Layer l = times(2);
    Layer.PreHook hook = (layer, x) -> x.add(1);
    Removable first = l.forwardPreHook(hook);
    Removable second = l.forwardPreHook(hook);
    assertThat(l.apply(Tensor.scalar(0f)).item()).isEqualTo(4);
    first.remove();
    first.remove();
    assertThat(l.apply(Tensor.scalar(0f)).item()).isEqualTo(2);
    second.close();
    assertThat(l.apply(Tensor.scalar(0f)).item()).isZero();
    var seen = new ArrayList<Tensor>();
    try (var _ = l.forwardHook((layer, x, y) -> {
      seen.add(y);
      return y;
    })) {
      l.apply(Tensor.scalar(1f));
    }
    l.apply(Tensor.scalar(1f));
    assertThat(seen).hasSize(1);
    assertThat(l.apply(Tensor.scalar(1f).requiresGrad_()).gradFn()).contains("MulBackward0");
  }

  @Test
  void backwardHooksSeeOnlyTheirOwnUseOfATensor() {
    Layer l = times(2);
    var bars = new ArrayList<Double>();
    l.fullBackwardHook((layer, inputBar, outputBar) -> {
      bars.add(outputBar.item());
      bars.add(inputBar.orElseThrow().item());
    });
    Tensor x = Tensor.scalar(1f).requiresGrad_();
    Tensor y = l.apply(x);
    y.mul(3).add(y.mul(4)).add(x.mul(1000)).backward();
    assertThat(bars).containsExactly(7.0, 14.0);
    assertThat(x.grad().item()).isEqualTo(1014);
  }

  @Test
  void backwardHooksOfALayerWhoseInputNeedsNoGradient() {
    var w = Tensor.scalar(4f).requiresGrad_();
    Layer l = new Lambda("times w", x -> x.mul(w));
    var bars = new ArrayList<Optional<Tensor>>();
    l.fullBackwardHook((layer, inputBar, outputBar) -> bars.add(inputBar));
    l.apply(Tensor.scalar(2f)).backward();
    assertThat(bars).containsExactly(Optional.empty());
    assertThat(w.grad().item()).isEqualTo(2);
    assertThat(times(2).apply(Tensor.scalar(2f)).requiresGrad()).isFalse();
  }

  @Test
  void backwardHooksOfNestedLayersRunFromTheOutside() {
    var log = new ArrayList<String>();
    Layer inner = times(3);
    Layer outer = Sequential.of(inner, times(5));
    outer.fullBackwardHook((l, in, out) -> log.add("outer " + out.item() + " " + in.orElseThrow().item()));
    inner.fullBackwardHook((l, in, out) -> log.add("inner " + out.item() + " " + in.orElseThrow().item()));
    outer.apply(Tensor.scalar(1f).requiresGrad_()).backward();
    assertThat(log).containsExactly("inner 5.0 15.0", "outer 1.0 15.0");
  }

  @Test
  void backwardHooksWorkInsideTransforms() {
    Layer l = times(2);
    var shapes = new ArrayList<List<Integer>>();
    l.fullBackwardHook((layer, inputBar, outputBar) -> shapes.add(List.of(outputBar.rank(), inputBar.orElseThrow().rank())));
    Tensor j = Autograd.jacrev(l).apply(Tensor.of(1f, 2f));
    assertThat(j.toFloatArray()).containsExactly(2, 0, 0, 2);
    assertThat(shapes).containsExactly(List.of(1, 1));
  }
}
