package org.cotangent.benchmarks.nd4j;

import java.util.Map;
import org.cotangent.benchmarks.compare.Data;
import org.cotangent.benchmarks.compare.Task;
import org.cotangent.benchmarks.compare.Work;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Training steps in ND4J: a SameDiff graph, fitted to one batch. */
final class Nd4jTraining {
  private static final int CHECKED = 3;

  private Nd4jTraining() {}

  static Work mlp(Task.AdamStep t) {
    int[] widths = t.widths();
    int layers = widths.length - 1;
    SameDiff sd = SameDiff.create();
    SDVariable h = sd.placeHolder("x", DataType.FLOAT, t.batch(), widths[0]);
    for (int l = 0; l < layers; l++) {
      h = linear(sd, h, l, widths[l + 1], widths[l]);
      h = l + 1 < layers ? sd.nn.relu(h, 0) : h;
    }
    INDArray x = Nd4jEngine.data(Data.normal(1, t.batch() * widths[0]), t.batch(), widths[0]);
    return training(sd, h, x, Data.classes(2, t.batch(), widths[layers]), widths[layers]);
  }

  static Work cnn() {
    SameDiff sd = SameDiff.create();
    SDVariable h = sd.placeHolder("x", DataType.FLOAT, 32, 1, 28, 28);
    h = pool(sd, sd.nn.relu(conv(sd, h, 0, 1, 16), 0));
    h = pool(sd, sd.nn.relu(conv(sd, h, 1, 16, 32), 0));
    h = linear(sd, h.reshape(32, 800), 2, 10, 800);
    INDArray x = Nd4jEngine.data(Data.normal(1, 32 * 28 * 28), 32, 1, 28, 28);
    return training(sd, h, x, Data.classes(2, 32, 10), 10);
  }

  private static SDVariable linear(SameDiff sd, SDVariable x, int l, int out, int in) {
    SDVariable w = sd.var("w" + l, Nd4jJacobians.weight(l, out, in));
    return x.mmul(w).add(sd.var("b" + l, Nd4jJacobians.bias(l, out)));
  }

  private static SDVariable conv(SameDiff sd, SDVariable x, int l, int in, int out) {
    SDVariable w = sd.var("w" + l, Nd4jEngine.data(Data.weight(l, out, in * 9), out, in, 3, 3).permute(2, 3, 1, 0).dup('c'));
    SDVariable b = sd.var("b" + l, Nd4jEngine.data(Data.bias(l, out), out));
    return sd.cnn.conv2d(x, w, b, Conv2DConfig.builder()
        .kH(3).kW(3).sH(1).sW(1).dataFormat(Conv2DConfig.NCHW).weightsFormat(WeightsFormat.YXIO).paddingMode(PaddingMode.VALID).build());
  }

  private static SDVariable pool(SameDiff sd, SDVariable x) {
    return sd.cnn.maxPooling2d(x, Pooling2DConfig.builder().kH(2).kW(2).sH(2).sW(2).isNHWC(false).build());
  }

  /** Rows with a 1 at each class. */
  static INDArray oneHot(long[] classes, int count) {
    INDArray y = Nd4j.zeros(DataType.FLOAT, classes.length, count);
    for (int i = 0; i < classes.length; i++) {
      y.putScalar(i, classes[i], 1);
    }
    return y;
  }

  private static Work training(SameDiff sd, SDVariable logits, INDArray x, long[] classes, int count) {
    SDVariable y = sd.placeHolder("y", DataType.FLOAT, classes.length, count);
    sd.setLossVariables(sd.loss.softmaxCrossEntropy("loss", y, logits, null));
    sd.setTrainingConfig(new TrainingConfig.Builder().updater(new Adam(1e-3)).dataSetFeatureMapping("x").dataSetLabelMapping("y").build());
    INDArray target = oneHot(classes, count);
    DataSet batch = new DataSet(x, target);
    return new Work() {
      @Override
      public void run() {
        sd.fit(batch);
      }

      @Override
      public float[] result() {
        float[] losses = new float[CHECKED];
        for (int i = 0; i < CHECKED; i++) {
          losses[i] = sd.outputSingle(Map.of("x", x, "y", target), "loss").getFloat(0);
          sd.fit(batch);
        }
        return losses;
      }
    };
  }
}
