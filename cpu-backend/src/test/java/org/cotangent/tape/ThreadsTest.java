package org.cotangent.tape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.cotangent.Tensor;
import org.junit.jupiter.api.Test;

class ThreadsTest {
  private static final int PASSES = 300;

  private static <T> List<T> together(int n, java.util.function.IntFunction<Callable<T>> work) throws Exception {
    var start = new CyclicBarrier(n);
    try (var pool = Executors.newFixedThreadPool(n)) {
      var futures = new ArrayList<Future<T>>();
      for (int i = 0; i < n; i++) {
        Callable<T> c = work.apply(i);
        futures.add(pool.submit(() -> {
          start.await();
          return c.call();
        }));
      }
      var results = new ArrayList<T>();
      for (Future<T> f : futures) {
        results.add(f.get());
      }
      return results;
    }
  }

  @Test
  void twoThreadsBuildAndPullGraphsOfTheirOwn() throws Exception {
    var grads = together(2, i -> () -> {
      Tensor x = Tensor.of(1f, 2f, 3f).requiresGrad_();
      for (int k = 0; k < PASSES; k++) {
        x.mul(i + 1).square().sum().backward();
      }
      return x.grad().toFloatArray();
    });
    for (int i = 0; i < 2; i++) {
      float f = 2f * (i + 1) * (i + 1) * PASSES;
      assertThat(grads.get(i)).containsExactly(f, 2 * f, 3 * f);
    }
  }

  @Test
  void aLeafSharedByTwoThreadsGetsEveryGradient() throws Exception {
    Tensor shared = Tensor.of(1f, 2f).requiresGrad_();
    together(2, i -> () -> {
      for (int k = 0; k < PASSES; k++) {
        shared.mul(i + 1).sum().backward();
      }
      return true;
    });
    assertThat(shared.grad().toFloatArray()).containsExactly(3 * PASSES, 3 * PASSES);
  }

  @Test
  void aPendingValueSharedByThreadsIsComputedRight() throws Exception {
    for (int round = 0; round < 50; round++) {
      Tensor pending = Tensor.of(1f, 2f, 3f).mul(2).add(1).exp();
      float[] want = {(float) Math.exp(3), (float) Math.exp(5), (float) Math.exp(7)};
      var sums = together(2, i -> () -> i == 0 ? pending.toFloatArray() : pending.add(0).toFloatArray());
      for (float[] s : sums) {
        assertThat(s).containsExactly(want, org.assertj.core.api.Assertions.within(2e-4f));
      }
    }
  }

  @Test
  void aRetainedGraphCanBePulledByTwoThreads() throws Exception {
    Tensor x = Tensor.of(2f).requiresGrad_();
    Tensor y = x.pow(3).sum();
    together(2, i -> () -> {
      for (int k = 0; k < PASSES; k++) {
        y.backward(org.cotangent.Autograd.RETAIN_GRAPH);
      }
      return true;
    });
    assertThat(x.grad().item()).isEqualTo(12.0 * 2 * PASSES);
  }
}
