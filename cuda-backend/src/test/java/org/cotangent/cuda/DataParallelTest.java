package org.cotangent.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Generator;
import org.cotangent.MemoryScope;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.cuda.driver.Emulator;
import org.cotangent.cuda.driver.OnDevice;
import org.cotangent.errors.DeviceException;
import org.cotangent.nn.Linear;
import org.cotangent.nn.Sequential;
import org.cotangent.nn.Tanh;
import org.cotangent.ops.Losses;
import org.cotangent.optim.AdamW;
import org.cotangent.optim.AllReduce;
import org.cotangent.optim.DataParallel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Replicas on one device, each on a thread and a stream of its own. */
@ExtendWith(OnDevice.class)
class DataParallelTest {
  private static final Device CUDA = Device.cuda(0);

  private static Sequential model(long seed) {
    var g = new Generator(seed);
    Sequential m = Sequential.of(new Linear(4, 6, true, g), new Tanh(), new Linear(6, 3, true, g));
    m.to(DType.FLOAT64).to(CUDA);
    return m;
  }

  @Test
  void twoReplicasStepAsOneModelOnAllExamples() {
    Tensor x = Tensor.randn(Shape.of(8, 4), DType.FLOAT64, CUDA, new Generator(1));
    Tensor y = Tensor.of(0L, 1, 2, 0, 1, 2, 0, 1).to(CUDA);
    List<Tensor> xs = List.of(x.narrow(0, 0, 4).synchronize(), x.narrow(0, 4, 4).synchronize());
    List<Tensor> ys = List.of(y.narrow(0, 0, 4).synchronize(), y.narrow(0, 4, 4).synchronize());
    Sequential one = model(0);
    var single = new AdamW(one.parameters()).learningRate(0.01);
    List<Sequential> models = List.of(model(0), model(5));
    try (var parallel = new DataParallel(models.stream().map(m -> new AdamW(m.parameters()).learningRate(0.01)).toList(), AllReduce.host())) {
      List<Supplier<Tensor>> losses = IntStream.range(0, 2)
          .<Supplier<Tensor>>mapToObj(r -> () -> Losses.crossEntropy(models.get(r).apply(xs.get(r)), ys.get(r))).toList();
      for (int i = 0; i < 4; i++) {
        try (var _ = MemoryScope.open()) {
          Tensor loss = Losses.crossEntropy(one.apply(x), y);
          single.step(loss);
          assertThat(parallel.step(losses)).isCloseTo(loss.item(), within(1e-12));
        }
      }
    }
    for (int i = 0; i < one.parameters().size(); i++) {
      double[] want = one.parameters().get(i).detach().toDoubleArray();
      for (Sequential m : models) {
        assertThat(m.parameters().get(i).detach().toDoubleArray()).containsExactly(want, within(1e-11));
      }
    }
  }

  @Test
  void withoutNcclTheReasonAndTheRemedyAreGiven() {
    if (Emulator.here().isPresent()) { // its folder is where libraries are looked for, and has no NCCL
      assertThatThrownBy(() -> AllReduce.between(List.of(CUDA))).isInstanceOf(DeviceException.class)
          .hasMessageContaining("libnccl.so.2 not found; install NCCL 2").hasMessageContaining("AllReduce.host()");
    }
    assertThatThrownBy(() -> AllReduce.between(List.of(CUDA, Device.CPU))).isInstanceOf(DeviceException.class).hasMessageContaining("one kind");
  }
}
