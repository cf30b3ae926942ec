package org.cotangent.functional;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cotangent.functional.Naive.assertClose;
import static org.cotangent.functional.Naive.numbers;

import java.util.List;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.GradCheck;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.InPlaceException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.Distances;
import org.cotangent.ops.Functional;
import org.cotangent.ops.LossReduction;
import org.cotangent.ops.MarginLosses;
import org.cotangent.ops.NormOptions;
import org.cotangent.ops.Norms;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class NormsTest {
  private static Tensor zeros(int n) {
    return Tensor.zeros(n).to(DType.FLOAT64);
  }

  @Test
  void batchNormUpdatesRunningStatistics() {
    Tensor x = numbers(1, 4, 3, 5);
    Tensor mean = zeros(3);
    Tensor variance = zeros(3).add(1);
    NormOptions o = NormOptions.DEFAULT.running(mean, variance).momentum(0.25);
    Tensor y = Norms.batchNorm(x, o);
    assertClose(mean, x.mean(0, 2).mul(0.25));
    assertClose(variance, x.var(0, 2).mul(0.25).add(0.75));
    assertClose(y, x.sub(x.mean(new int[] {0, 2}, true)).div(x.var(new int[] {0, 2}, 0, true).add(1e-5).sqrt()));
    Tensor later = Norms.batchNorm(x, o.training(false));
    assertClose(later, x.sub(mean.reshape(1, 3, 1)).div(variance.reshape(1, 3, 1).add(1e-5).sqrt()));
  }

  @Test
  void instanceAndGroupNorm() {
    Tensor x = numbers(2, 2, 4, 3);
    Tensor mean = zeros(4);
    Tensor w = numbers(3, 4);
    Tensor y = Norms.instanceNorm(x, NormOptions.DEFAULT.running(mean, zeros(4)).weight(w).momentum(1));
    assertClose(mean, x.mean(2).mean(0));
    Tensor centred = x.sub(x.mean(new int[] {2}, true));
    assertClose(y, centred.div(x.var(new int[] {2}, 0, true).add(1e-5).sqrt()).mul(w.reshape(1, 4, 1)));
    assertClose(Norms.groupNorm(x, 4, NormOptions.DEFAULT.weight(w)), y);
  }

  @Test
  void derivativesOfTwoOrders() {
    Tensor x = numbers(4, 3, 2, 2);
    GradCheck.gradgradcheck((List<Tensor> v) -> Norms.batchNorm(v.get(0), NormOptions.DEFAULT.weight(v.get(1))), List.of(x, numbers(5, 2)));
    GradCheck.gradgradcheck((Tensor v) -> Norms.groupNorm(v, 1, NormOptions.DEFAULT), x);
    GradCheck.gradgradcheck((Tensor v) -> Norms.normalize(v, 2, 1, 1e-12), numbers(6, 2, 3));
    GradCheck.gradgradcheck((Tensor v) -> Distances.cosineSimilarity(v, numbers(7, 2, 3), 1, 1e-8), numbers(8, 2, 3));
    GradCheck.gradcheck((Tensor v) -> MarginLosses.klDiv(v, numbers(9, 2, 3), true, LossReduction.NONE), numbers(10, 2, 3));
  }

  @Test
  void statisticsOfSingleExamplesAreNotWrittenFromInsideVmap() {
    Tensor x = numbers(1, 2, 4, 3, 5);
    Tensor mean = zeros(3);
    NormOptions o = NormOptions.DEFAULT.running(mean, zeros(3));
    assertThatThrownBy(() -> Autograd.vmap(e -> Norms.batchNorm(e, o)).apply(x)).isInstanceOf(InPlaceException.class);
    assertClose(mean, zeros(3));
  }

  @Test
  void embeddingOptions() {
    Tensor table = numbers(1, 5, 3).requiresGrad_();
    Tensor at = Tensor.of(1L, 1, 3);
    Tensor rows = Functional.embedding(at, table);
    Functional.gradByFrequency(rows, at, 5).sum().backward();
    assertClose(table.grad().sum(1), Tensor.of(0.0, 3, 0, 3, 0));
    Tensor before = table.detach().copy();
    Functional.renormalize_(table, at, 0.1, 2);
    assertClose(table.get(1).norm().mul(10), Tensor.scalar(1.0).mul(table.get(1).norm()).div(table.get(1).norm()).mul(0.1 * 10).mul(
        before.get(1).norm().div(before.get(1).norm().add(1e-7))));
    assertClose(table.get(0), before.get(0));
  }

  @Test
  void refusals() {
    Tensor x = numbers(1, 1, 4);
    assertThatThrownBy(() -> Norms.batchNorm(x, NormOptions.DEFAULT)).isInstanceOf(ShapeException.class)
        .hasMessage("batchNorm: expected more than 1 value per channel when training: [1, 4]");
    assertThatThrownBy(() -> Norms.batchNorm(x, NormOptions.DEFAULT.training(false))).isInstanceOf(ArgumentException.class);
    assertThatThrownBy(() -> Norms.groupNorm(x, 3, NormOptions.DEFAULT)).isInstanceOf(ArgumentException.class);
    assertThatThrownBy(() -> Norms.groupNorm(x, 2, NormOptions.DEFAULT.bias(zeros(3)))).isInstanceOf(ShapeException.class)
        .hasMessage("groupNorm: bias is [3], expected [4]");
    assertThatThrownBy(() -> Functional.oneHot(Tensor.of(0L, 5), 3)).isInstanceOf(ArgumentException.class);
  }
}
