package org.cotangent.examples.quickstart;

import org.cotangent.examples.Silent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.cotangent.Autograd;
import org.cotangent.Device;
import org.cotangent.Generator;
import org.cotangent.MemoryScope;
import org.cotangent.Tensor;
import org.cotangent.data.Batch;
import org.cotangent.data.DataLoader;
import org.cotangent.data.TensorDataset;
import org.cotangent.nn.GELU;
import org.cotangent.nn.Linear;
import org.cotangent.nn.Sequential;
import org.cotangent.ops.Losses;
import org.cotangent.optim.AdamW;

/** The training loop of the quickstart. */
final class Training {
  private static final int TEST_BATCH = 1000;

  private Training() {}

  /** How a data set of some size is trained on. */
  record Plan(int hidden, int epochs, int batch, double learningRate) {
    static final Plan DIGITS = new Plan(128, 40, 32, 2e-3);
    static final Plan LARGE = new Plan(256, 5, 128, 1e-3);
  }

  /**
   * @param losses mean loss of each epoch
   * @param accuracies share of held-out images recognised after each epoch
   */
  record Result(Sequential model, List<Double> losses, List<Double> accuracies, double seconds) {
    double accuracy() {
      return accuracies.getLast();
    }
  }

  static Sequential model(int pixels, int hidden, int classes, Generator g) {
    return Sequential.of(new Linear(pixels, hidden, true, g), new GELU(), new Linear(hidden, classes, true, g));
  }

  static Tensor pixels(ImageData d) {
    return Tensor.of(d.pixels(), d.count(), d.pixelsPerImage());
  }

  static Tensor labels(ImageData d) {
    long[] y = new long[d.count()];
    for (int i = 0; i < y.length; i++) {
      y[i] = d.labels()[i];
    }
    return Tensor.of(y);
  }

  static Result run(ImageData train, ImageData test, Plan plan, long seed, Device device, boolean progress) {
    long start = System.nanoTime();
    Sequential model = model(train.pixelsPerImage(), plan.hidden(), train.classes(), new Generator(seed));
    model.to(device);
    var optim = new AdamW(model.parameters()).learningRate(plan.learningRate());
    var loader = DataLoader.of(TensorDataset.of(pixels(train), labels(train))).batchSize(plan.batch()).shuffle(seed).prefetch(2);
    var losses = new ArrayList<Double>();
    var accuracies = new ArrayList<Double>();
    try (ProgressBar bar = bar(plan.epochs() * (long) loader.size(), progress)) {
      for (int epoch = 0; epoch < plan.epochs(); epoch++) {
        double sum = 0;
        for (Batch b : loader) {
          try (var _ = MemoryScope.open()) {
            Tensor loss = Losses.crossEntropy(model.apply(b.x().to(device)), b.y().to(device));
            optim.step(loss);
            sum += loss.item();
          }
          bar.step();
        }
        losses.add(sum / loader.size());
        accuracies.add(accuracy(model, test, device));
        bar.setExtraMessage(String.format(Locale.ROOT, " loss %.3f, accuracy %.3f", losses.getLast(), accuracies.getLast()));
      }
    }
    return new Result(model, losses, accuracies, (System.nanoTime() - start) / 1e9);
  }

  private static ProgressBar bar(long steps, boolean visible) {
    var b = new ProgressBarBuilder().setTaskName("training").setInitialMax(steps).setStyle(ProgressBarStyle.ASCII).setUpdateIntervalMillis(500);
    return (visible ? b : b.setConsumer(new Silent())).build();
  }

  /** The share of images that the model recognises. */
  static double accuracy(Sequential model, ImageData test, Device device) {
    try (var _ = MemoryScope.open()) {
      Tensor x = pixels(test);
      Tensor y = labels(test);
      long right = 0;
      for (int from = 0; from < test.count(); from += TEST_BATCH) {
        int n = Math.min(TEST_BATCH, test.count() - from);
        Tensor part = x.narrow(0, from, n).to(device);
        Tensor seen = Autograd.noGrad(() -> model.apply(part)).argmax(1);
        right += seen.eq(y.narrow(0, from, n).to(device)).sum().itemLong();
      }
      return right / (double) test.count();
    }
  }
}
