package org.cotangent.benchmarks.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.ParameterList;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Adam;
import ai.djl.training.tracker.Tracker;
import java.nio.FloatBuffer;
import org.cotangent.benchmarks.compare.Data;
import org.cotangent.benchmarks.compare.Task;
import org.cotangent.benchmarks.compare.Work;

/** Training steps in DJL: a block, a trainer with Adam, and a manager for what a batch makes, as DJL's own loop has it. */
final class DjlTraining {
  private static final int CHECKED = 3;

  private DjlTraining() {}

  static Work mlp(Task.AdamStep t) {
    int[] widths = t.widths();
    int layers = widths.length - 1;
    SequentialBlock net = new SequentialBlock();
    float[][] start = new float[2 * layers][];
    for (int l = 0; l < layers; l++) {
      net.add(Linear.builder().setUnits(widths[l + 1]).build());
      if (l + 1 < layers) {
        net.add(Activation.reluBlock());
      }
      start[2 * l] = Data.weight(l, widths[l + 1], widths[l]);
      start[2 * l + 1] = Data.bias(l, widths[l + 1]);
    }
    NDArray x = DjlEngine.data(Data.normal(1, t.batch() * widths[0]), t.batch(), widths[0]);
    return training(net, start, x, DjlEngine.manager().create(Data.classes(2, t.batch(), widths[layers])));
  }

  static Work cnn() {
    Shape two = new Shape(2, 2);
    Block net = new SequentialBlock()
        .add(Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(16).build()).add(Activation.reluBlock()).add(Pool.maxPool2dBlock(two, two))
        .add(Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(32).build()).add(Activation.reluBlock()).add(Pool.maxPool2dBlock(two, two))
        .add(Blocks.batchFlattenBlock()).add(Linear.builder().setUnits(10).build());
    float[][] start = {
      Data.weight(0, 16, 9), Data.bias(0, 16), Data.weight(1, 32, 16 * 9), Data.bias(1, 32), Data.weight(2, 10, 800), Data.bias(2, 10)};
    NDArray x = DjlEngine.data(Data.normal(1, 32 * 28 * 28), 32, 1, 28, 28);
    return training(net, start, x, DjlEngine.manager().create(Data.classes(2, 32, 10)));
  }

  private static Work training(Block net, float[][] start, NDArray x, NDArray y) {
    Model model = DjlEngine.owned(Model.newInstance("benchmark"));
    model.setBlock(net);
    Adam adam = Adam.builder().optLearningRateTracker(Tracker.fixed(1e-3f)).build();
    Trainer trainer = DjlEngine.owned(model.newTrainer(new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss()).optOptimizer(adam)));
    trainer.initialize(x.getShape());
    ParameterList parameters = net.getParameters();
    for (int i = 0; i < start.length; i++) {
      parameters.get(i).getValue().getArray().set(FloatBuffer.wrap(start[i]));
    }
    return new Work() {
      @Override
      public void run() {
        try (NDManager batch = DjlEngine.manager().newSubManager()) {
          step(batch);
        }
      }

      private NDArray step(NDManager batch) {
        x.tempAttach(batch);
        NDArray loss;
        try (GradientCollector collector = trainer.newGradientCollector()) {
          loss = trainer.getLoss().evaluate(new NDList(y), trainer.forward(new NDList(x)));
          collector.backward(loss);
        }
        trainer.step();
        return loss;
      }

      @Override
      public float[] result() {
        float[] losses = new float[CHECKED];
        for (int i = 0; i < CHECKED; i++) {
          try (NDManager batch = DjlEngine.manager().newSubManager()) {
            losses[i] = step(batch).getFloat();
          }
        }
        return losses;
      }
    };
  }
}
