package org.cotangent.loading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.extension.ExtendWith;
import org.cotangent.testkit.LeakCheck;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Generator;
import org.cotangent.MemoryScope;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.data.Batch;
import org.cotangent.data.Dataset;
import org.cotangent.data.TensorDataset;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.IndexException;
import org.cotangent.errors.ShapeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(LeakCheck.class)
class TensorDatasetTest {
  private static final int[] ROWS = {3, 0, 3, 4, 1};

  static List<Tensor> layouts() {
    Tensor x = Tensor.randn(5, 4, 3);
    return List.of(
        x, x.permute(0, 2, 1), Tensor.randn(4, 5).t(), Tensor.randn(10, 3).slice(0, 1, 10, 2), x.narrow(1, 1, 2), x.flip(0), x.flip(2),
        Tensor.of(1f, 2f).expand(5, 2), Tensor.ones(5, 2), Tensor.ones(5), Tensor.randn(5, 1).expand(5, 3), Tensor.zeros(5, 0), x.mul(2),
        Tensor.randn(5, 2).requiresGrad_(), Tensor.randn(7, 2).get(Tensor.of(6L, 5L, 4L, 3L, 2L)), Tensor.wrap(new float[10], 5, 2));
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void takesRowsOfAnyLayout(Tensor x) {
    Tensor taken = TensorDataset.of(x).get(ROWS).x();
    Tensor expected = x.detach().indexSelect(0, Tensor.of(ROWS).to(DType.INT64));
    assertThat(taken.shape()).isEqualTo(expected.shape());
    assertThat(taken.toArray()).isEqualTo(expected.toArray());
    assertThat(taken.requiresGrad()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void takesRowsOfAnyType(DType t) {
    Tensor x = Tensor.randint(-9, 9, Shape.of(5, 3), Device.CPU, new Generator(1)).to(t);
    Batch b = TensorDataset.of(x, x.get(0).narrow(0, 0, 1).expand(5)).get(ROWS);
    assertThat(b.x().dtype()).isEqualTo(t);
    assertThat(b.x().toArray()).isEqualTo(x.indexSelect(0, Tensor.of(ROWS).to(DType.INT64)).toArray());
    assertThat(b.y().shape()).isEqualTo(Shape.of(5));
  }

  @Test
  void holdsSeveralFields() {
    Dataset d = TensorDataset.of(Tensor.of(1f, 2f, 3f), Tensor.of(4L, 5L, 6L), Tensor.of(7, 8, 9));
    Batch b = d.get(2, 0);
    assertThat(d.size()).isEqualTo(3);
    assertThat(b.size()).isEqualTo(2);
    assertThat(b.x().toFloatArray()).containsExactly(3, 1);
    assertThat(b.y().toLongArray()).containsExactly(6, 4);
    assertThat(b.field(2).toLongArray()).containsExactly(9, 7);
  }

  @Test
  void doesNotSeeLaterWrites() {
    Tensor x = Tensor.of(1f, 2f);
    Dataset d = TensorDataset.of(x);
    x.mul_(10);
    assertThat(d.get(0, 1).x().toFloatArray()).containsExactly(1, 2);
  }

  @Test
  void outlivesTheScopeOfItsTensors() {
    Dataset d;
    try (var scope = MemoryScope.open()) {
      d = TensorDataset.of(Tensor.arange(0L, 1L << 16, 1L), Tensor.arange(0L, 1L << 16, 1L).to(DType.FLOAT32));
      assertThat(scope.live()).isPositive();
    }
    for (int i = 0; i < 8; i++) {
      Tensor.ones(1 << 16).mul(-1).synchronize();
    }
    Batch b = d.get(65_535, 7);
    assertThat(b.x().toLongArray()).containsExactly(65_535, 7);
    assertThat(b.y().toLongArray()).containsExactly(65_535, 7);
  }

  @Test
  void makesTensorsWhereThePreparedBatchIsTaken() {
    Supplier<Batch> rest = TensorDataset.of(Tensor.randn(3, 2), Tensor.of(1, 2, 3)).prepare(0, 1);
    try (var scope = MemoryScope.open()) {
      rest.get();
      assertThat(scope.live()).isEqualTo(2);
    }
  }

  @Test
  void givesEmptyBatches() {
    assertThat(TensorDataset.of(Tensor.zeros(0, 3)).get().x().shape()).isEqualTo(Shape.of(0, 3));
    assertThat(TensorDataset.of(Tensor.zeros(0, 70_000, 70_000)).size()).isZero();
  }

  @Test
  void refusesFieldsThatDoNotFit() {
    assertThatThrownBy(TensorDataset::of).isInstanceOf(ArgumentException.class).hasMessage("dataset: no fields; give at least one tensor");
    assertThatThrownBy(() -> TensorDataset.of(Tensor.zeros(5, 2), Tensor.zeros(4)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("dataset: field 0 has 5 examples, field 1 has 4");
    assertThatThrownBy(() -> TensorDataset.of(Tensor.scalar(1)))
        .isInstanceOf(ShapeException.class)
        .hasMessage("dataset: field 0 is a scalar, which has no axis of examples");
  }

  @Test
  void refusesExamplesThatAreNotThere() {
    Dataset d = TensorDataset.of(Tensor.zeros(5));
    assertThatThrownBy(() -> d.get(0, 5)).isInstanceOf(IndexException.class).hasMessage("get: no example 5; there are 5");
    assertThatThrownBy(() -> d.get(-1)).isInstanceOf(IndexException.class).hasMessage("get: no example -1; there are 5");
    assertThatThrownBy(() -> d.subset(5)).isInstanceOf(IndexException.class).hasMessage("subset: no example 5; there are 5");
    assertThatThrownBy(() -> d.subset(1, 2).get(2)).isInstanceOf(IndexException.class).hasMessage("get: no example 2; there are 2");
    assertThatThrownBy(() -> d.range(2, 6)).isInstanceOf(ArgumentException.class).hasMessage("range: no examples 2 to 6 among 5");
    assertThatThrownBy(() -> d.range(3, 2)).isInstanceOf(ArgumentException.class);
  }

  @Test
  void numbersSubsetsAnew() {
    Dataset d = TensorDataset.of(Tensor.arange(0L, 10L, 1L));
    assertThat(d.subset(7, 3, 7).get(0, 1, 2).x().toLongArray()).containsExactly(7, 3, 7);
    assertThat(d.range(4, 8).get(3, 0).x().toLongArray()).containsExactly(7, 4);
    assertThat(d.range(4, 8).subset(2).get(0).x().toLongArray()).containsExactly(6);
    assertThat(d.range(3, 3).size()).isZero();
  }

  @Test
  void splitsAtRandom() {
    Dataset d = TensorDataset.of(Tensor.arange(0L, 100L, 1L)).shuffled(5);
    long[] train = all(d.range(0, 80));
    long[] test = all(d.range(80, 100));
    assertThat(train).isNotEqualTo(IntStream.range(0, 80).asLongStream().toArray()).doesNotContain(test).hasSize(80);
    assertThat(all(d)).containsExactlyInAnyOrder(IntStream.range(0, 100).asLongStream().toArray());
    assertThat(all(TensorDataset.of(Tensor.arange(0L, 100L, 1L)).shuffled(5))).isEqualTo(all(d));
  }

  private static long[] all(Dataset d) {
    return d.get(IntStream.range(0, d.size()).toArray()).x().toLongArray();
  }

  @Test
  void mapsBatches() {
    Dataset d = TensorDataset.of(Tensor.of(1f, 2f, 3f), Tensor.of(0, 1, 2)).map(b -> new Batch(b.x().div(2), b.y()));
    assertThat(d.size()).isEqualTo(3);
    assertThat(d.get(2).x().toFloatArray()).containsExactly(1.5f);
    assertThat(d.prepare(2, 0).get().x().toFloatArray()).containsExactly(1.5f, 0.5f);
    assertThat(d.subset(1).get(0).x().toFloatArray()).containsExactly(1);
  }
}
