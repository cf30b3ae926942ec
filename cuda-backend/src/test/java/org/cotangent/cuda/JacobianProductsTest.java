package org.cotangent.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Generator;
import org.cotangent.MemoryScope;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.cuda.driver.Emulator;
import org.cotangent.cuda.driver.OnDevice;
import org.cotangent.nn.GELU;
import org.cotangent.nn.Layer;
import org.cotangent.nn.Linear;
import org.cotangent.nn.Sequential;
import org.cotangent.spi.Backends;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Jacobian of an MLP with L layers is L calls of cuBLAS forward and L backward, however many rows it has, by the record of cuBLAS itself. */
@ExtendWith(OnDevice.class)
class JacobianProductsTest {
  private static final Device CUDA = Device.cuda(0);
  private static final int IN = 5;
  private static final int WIDTH = 6;

  private Emulator emulator;

  @BeforeEach
  void record() {
    emulator = OnDevice.emulator();
    emulator.configure("record", "on");
  }

  @AfterEach
  void stop() {
    Emulator.here().ifPresent(e -> e.configure("record", "off"));
  }

  private static Sequential mlp(int layers, int out) {
    var g = new Generator(layers);
    var all = new ArrayList<Layer>();
    for (int i = 0; i < layers; i++) {
      all.add(new Linear(i == 0 ? IN : WIDTH, i == layers - 1 ? out : WIDTH, true, g));
      if (i < layers - 1) {
        all.add(new GELU());
      }
    }
    Sequential m = Sequential.of(all.toArray(Layer[]::new));
    m.requiresGrad_(false);
    m.to(CUDA);
    return m;
  }

  /** The products that cuBLAS ran for {@code work}. */
  private List<String> products(Runnable work) {
    Backends.of(CUDA).synchronize();
    emulator.clear();
    try (var _ = MemoryScope.open()) {
      work.run();
      Backends.of(CUDA).synchronize();
    }
    return emulator.record().stream().filter(l -> l.startsWith("gemm ")).toList();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 40", "2, 1", "2, 10", "2, 100", "3, 7", "3, 64", "5, 1", "5, 33"})
  void backwardIsOneProductALayer(int layers, int rows) {
    Sequential f = mlp(layers, rows);
    Tensor x = Tensor.rand(Shape.of(3, IN), DType.FLOAT32, CUDA, new Generator(1));
    List<String> forward = products(() -> f.apply(x).synchronize());
    List<String> all = products(() -> Autograd.jacrev(v -> f.apply(v)).apply(x).synchronize());
    assertThat(forward).hasSize(layers);
    assertThat(all).as("forward and backward").hasSize(2 * layers);
    assertThat(all).allMatch(l -> l.contains(" batch=1 "));
  }

  @ParameterizedTest
  @CsvSource({"1, 10", "3, 1", "3, 10", "3, 50"})
  void aBatchedPassOnTheTapeIsOneProductALayerToo(int layers, int rows) {
    Sequential f = mlp(layers, rows);
    Tensor x = Tensor.rand(Shape.of(4, IN), DType.FLOAT32, CUDA, new Generator(1)).requiresGrad_();
    Tensor y = f.apply(x).synchronize();
    Tensor basis = Tensor.eye(rows).to(CUDA).unsqueeze(1).expand(rows, 4, rows);
    assertThat(products(() -> Autograd.grad(List.of(y), List.of(x), List.of(basis), Autograd.BATCHED, Autograd.RETAIN_GRAPH).get(0).synchronize()))
        .hasSize(layers);
  }
}
