package org.cotangent.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cotangent.Generator;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.nn.AvgPool2d;
import org.cotangent.nn.BatchNorm1d;
import org.cotangent.nn.BatchNorm2d;
import org.cotangent.nn.Conv1d;
import org.cotangent.nn.Conv2d;
import org.cotangent.nn.Flatten;
import org.cotangent.nn.Linear;
import org.cotangent.nn.MaxPool2d;
import org.cotangent.nn.ReLU;
import org.cotangent.nn.Sequential;
import org.cotangent.ops.ConvOptions;
import org.cotangent.ops.Losses;
import org.cotangent.ops.PoolOptions;
import org.cotangent.optim.SGD;
import org.junit.jupiter.api.Test;

class LayersTest {
  @Test
  void printAsPyTorchDoes() {
    Conv2d conv = new Conv2d(4, 8, new int[] {3, 5}, ConvOptions.DEFAULT.stride(2).padding(1).groups(2), false, new Generator(1));
    assertThat(conv).hasToString("Conv2d(4, 8, kernel_size=(3, 5), stride=(2, 2), padding=(1, 1), groups=2, bias=False)");
    assertThat(conv.weight().shape().dims()).containsExactly(8, 2, 3, 5);
    assertThat(new Conv1d(1, 2, 3)).hasToString("Conv1d(1, 2, kernel_size=(3,), stride=(1,))");
    assertThat(new MaxPool2d(PoolOptions.of(3).stride(2)))
        .hasToString("MaxPool2d(kernel_size=3, stride=2, padding=0, dilation=1, ceil_mode=False)");
    assertThat(new AvgPool2d(2)).hasToString("AvgPool2d(kernel_size=2, stride=2, padding=0)");
    assertThat(new BatchNorm1d(3)).hasToString("BatchNorm1d(3, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)");
    assertThatThrownBy(() -> new Conv2d(3, 4, 3, ConvOptions.DEFAULT.groups(2))).isInstanceOf(ArgumentException.class);
  }

  @Test
  void aConvolutionalNetLearns() {
    Generator g = new Generator(3);
    var net = Sequential.of(
        new Conv2d(1, 4, new int[] {3}, ConvOptions.DEFAULT.padding(1), true, g), new BatchNorm2d(4), new ReLU(), new MaxPool2d(2),
        new Flatten(), new Linear(4 * 9, 2, true, g));
    Tensor x = Tensor.rand(org.cotangent.Shape.of(16, 1, 6, 6), org.cotangent.DType.FLOAT32, org.cotangent.Device.CPU, g);
    Tensor t = x.narrow(2, 0, 3).mean(1, 2, 3).gt(x.narrow(2, 3, 3).mean(1, 2, 3)).to(org.cotangent.DType.INT64);
    var sgd = new SGD(net.parameters()).learningRate(0.3);
    double first = Losses.crossEntropy(net.apply(x), t).item();
    for (int i = 0; i < 60; i++) {
      sgd.zeroGrad();
      Losses.crossEntropy(net.apply(x), t).backward();
      sgd.step();
    }
    assertThat(Losses.crossEntropy(net.apply(x), t).item()).isLessThan(first / 5);
    assertThat(net.namedBuffers().get("1.num_batches_tracked").itemLong()).isEqualTo(62);
    net.eval();
    assertThat(Losses.crossEntropy(net.apply(x), t).item()).isLessThan(first);
  }
}
