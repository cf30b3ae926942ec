package org.cotangent.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Generator;
import org.cotangent.MemoryScope;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.DeviceException;
import org.cotangent.errors.FreedException;
import org.cotangent.errors.GradientException;
import org.cotangent.errors.ShapeException;
import org.cotangent.nn.GELU;
import org.cotangent.nn.Linear;
import org.cotangent.nn.Sequential;
import org.cotangent.ops.Losses;
import org.cotangent.optim.AdamW;
import org.cotangent.optim.AllReduce;
import org.cotangent.optim.DataParallel;
import org.cotangent.optim.Optimizer;
import org.cotangent.optim.SGD;
import org.cotangent.spi.Backend;
import org.cotangent.spi.Backends;
import org.cotangent.spi.Collective;
import org.cotangent.spi.Layout;
import org.cotangent.spi.Operand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replicas in one process, each on a thread of its own, step as one model on all examples does. */
class DataParallelTest {
  private static final int EXAMPLES = 12;
  private final Tensor x = Tensor.randn(Shape.of(EXAMPLES, 5), DType.FLOAT64, Device.CPU, new Generator(1)).synchronize();
  private final Tensor y = Tensor.randint(0, 3, Shape.of(EXAMPLES), Device.CPU, new Generator(2)).synchronize();

  private static Sequential model(long seed) {
    var g = new Generator(seed);
    Sequential m = Sequential.of(new Linear(5, 7, true, g), new GELU(), new Linear(7, 3, true, g));
    m.to(DType.FLOAT64);
    return m;
  }

  private List<Supplier<Tensor>> losses(List<Sequential> models) {
    int n = EXAMPLES / models.size();
    return IntStream.range(0, models.size())
        .<Supplier<Tensor>>mapToObj(r -> () -> Losses.crossEntropy(models.get(r).apply(x.narrow(0, r * n, n)), y.narrow(0, r * n, n))).toList();
  }

  private static List<double[]> numbers(Sequential m) {
    return m.parameters().stream().map(p -> p.detach().toDoubleArray()).toList();
  }

  private void stepsAreThoseOfOneModel(int replicas, Function<Sequential, Optimizer> optimizer, AllReduce reduce) {
    Sequential one = model(0);
    Optimizer single = optimizer.apply(one);
    List<Sequential> models = IntStream.range(0, replicas).mapToObj(DataParallelTest::model).toList();
    try (var parallel = new DataParallel(models.stream().map(optimizer).toList(), reduce)) {
      for (int i = 0; i < 6; i++) {
        double want;
        try (var _ = MemoryScope.open()) {
          Tensor loss = Losses.crossEntropy(one.apply(x), y);
          single.step(loss);
          want = loss.item();
        }
        assertThat(parallel.step(losses(models))).isCloseTo(want, within(1e-12));
      }
    }
    for (Sequential m : models) {
      for (int i = 0; i < numbers(m).size(); i++) {
        assertThat(numbers(m).get(i)).containsExactly(numbers(models.getFirst()).get(i));
        assertThat(numbers(m).get(i)).containsExactly(numbers(one).get(i), within(1e-11));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void stepsAreThoseOfOneModelOnAllExamples(int replicas) {
    stepsAreThoseOfOneModel(replicas, m -> new AdamW(m.parameters()).learningRate(0.01), AllReduce.host());
    stepsAreThoseOfOneModel(replicas, m -> new SGD(m.parameters()).momentum(0.9).learningRate(0.1), AllReduce.host());
  }

  /** What a library of devices does. */
  private static final class Arrays implements Collective {
    private int sums;

    @Override
    public void sum(List<Operand> operands) {
      sums++;
      int n = (int) operands.getFirst().layout().size();
      double[] total = new double[n];
      Backend device = Backends.of(Device.CPU);
      for (Operand o : operands) {
        assertThat(o.layout().contiguous()).isTrue();
        double[] part = new double[n];
        device.download(o, part);
        for (int e = 0; e < n; e++) {
          total[e] += part[e];
        }
      }
      Operand dense = new Operand(device.upload(DType.FLOAT64, total, false), Layout.dense(operands.getFirst().layout().dims()));
      operands.forEach(o -> device.copy(dense, o));
    }

    @Override
    public void close() {}
  }

  @Test
  void sumsOfDevicesDoTheSame() {
    var sums = new Arrays();
    stepsAreThoseOfOneModel(2, m -> new AdamW(m.parameters()).learningRate(0.01), AllReduce.by(List.of(Device.CPU, Device.CPU), sums));
    assertThat(sums.sums).isEqualTo(6 * 4);
  }

  @Test
  void meansLeaveTheGivenTensorsAsTheyAre() {
    for (AllReduce reduce : List.of(AllReduce.host(), AllReduce.by(List.of(Device.CPU, Device.CPU), new Arrays()))) {
      Tensor a = Tensor.of(1.0, 2.0);
      Tensor constant = Tensor.full(Shape.of(2), 4, DType.FLOAT64, Device.CPU);
      List<List<Tensor>> means = reduce.mean(List.of(List.of(a, constant), List.of(constant, constant)));
      assertThat(means.get(0).get(0).toDoubleArray()).containsExactly(2.5, 3);
      assertThat(means.get(1).get(0).toDoubleArray()).containsExactly(2.5, 3);
      assertThat(means.get(1).get(1).toDoubleArray()).containsExactly(4, 4);
      assertThat(a.toDoubleArray()).containsExactly(1, 2);
      assertThat(constant.toDoubleArray()).containsExactly(4, 4);
    }
  }

  @Test
  void aReplicaThatFailsChangesNothing() {
    List<Sequential> models = List.of(model(0), model(1));
    var optimizers = models.stream().map(m -> new AdamW(m.parameters())).toList();
    try (var parallel = new DataParallel(optimizers, AllReduce.host())) {
      List<double[]> before = numbers(models.get(0));
      var fails = new AtomicBoolean(true);
      List<Supplier<Tensor>> losses = new ArrayList<>(losses(models));
      Supplier<Tensor> sound = losses.get(1);
      losses.set(1, () -> fails.get() ? Tensor.of(1.0, 2.0).reshape(3) : sound.get());
      assertThatThrownBy(() -> parallel.step(losses)).isInstanceOf(ShapeException.class);
      for (Sequential m : models) {
        for (int i = 0; i < before.size(); i++) {
          assertThat(numbers(m).get(i)).containsExactly(before.get(i));
        }
        assertThat(m.parameters()).noneMatch(Tensor::hasGrad);
      }
      fails.set(false);
      assertThat(parallel.step(losses)).isPositive();
      assertThat(optimizers).allMatch(o -> o.steps() == 1);
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    List<Sequential> models = List.of(model(0), model(1));
    var optimizers = models.stream().map(m -> new AdamW(m.parameters())).toList();
    var parallel = new DataParallel(optimizers, AllReduce.host());
    assertThatThrownBy(() -> parallel.step(List.of())).isInstanceOf(ArgumentException.class).hasMessageContaining("0 losses for 2 replicas");
    Supplier<Tensor> part = () -> models.get(1).parameters().getFirst().sum();
    assertThatThrownBy(() -> parallel.step(List.of(losses(models).get(0), part))).isInstanceOf(GradientException.class)
        .hasMessageContaining("1 of 2 replicas");
    parallel.close();
    assertThatThrownBy(() -> parallel.step(losses(models))).isInstanceOf(FreedException.class);
    assertThatThrownBy(parallel::close).isInstanceOf(FreedException.class);
    assertThatThrownBy(() -> new DataParallel(List.of(optimizers.get(0), optimizers.get(0)), AllReduce.host())).isInstanceOf(ArgumentException.class);
    var small = new AdamW(List.of(Tensor.of(1.0).requiresGrad_()));
    assertThatThrownBy(() -> new DataParallel(List.of(optimizers.get(0), small), AllReduce.host())).isInstanceOf(ArgumentException.class);
    AllReduce host = AllReduce.host();
    assertThatThrownBy(() -> host.mean(List.of(List.of(Tensor.of(1.0)), List.of(Tensor.of(1f))))).isInstanceOf(DTypeException.class);
    assertThatThrownBy(() -> host.mean(List.of(List.of(Tensor.of(1.0)), List.of(Tensor.of(1.0, 2.0))))).isInstanceOf(ShapeException.class);
    assertThatThrownBy(() -> AllReduce.between(List.of(Device.CPU))).isInstanceOf(DeviceException.class).hasMessageContaining("AllReduce.host()");
    assertThatThrownBy(() -> AllReduce.between(List.of(Device.CPU, Device.CPU))).isInstanceOf(DeviceException.class).hasMessageContaining("each once");
  }
}
