package org.cotangent.examples.quickstart;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.cotangent.Device;
import org.cotangent.spi.Backends;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a classifier on handwritten digits and computes the Jacobians of its logits in three ways. */
@Command(
    name = "quickstart",
    description = {
      "Train a classifier on the digits that come with Cotangent and compute Jacobians of its logits in three ways.",
      "The Jacobian of the logits with respect to each held-out image is computed row by row, batched, and by differences."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class Quickstart implements Callable<Integer> {
  /** Decides which fifth of the digits is held out; part of the result, so it is fixed here. */
  static final long SPLIT_SEED = 2025;

  private static final double HELD_OUT = 0.2;

  @Option(names = "--device", paramLabel = "DEVICE", description = "cpu, cuda or cuda:N; the fastest present by default")
  private String device;

  @Option(names = "--data", paramLabel = "DIR", description = "folder with Fashion-MNIST or MNIST idx files, plain or .gz, to train on instead")
  private Path data;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "seed of initial weights and batch order; ${DEFAULT-VALUE} by default")
  private long seed;

  @Option(names = "--out", paramLabel = "DIR", description = "folder for the pictures; target/quickstart by default")
  private Path out;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter print = spec.commandLine().getOut();
    Device on = device == null ? Device.best() : Device.of(device);
    Backends.of(on); // refused before anything is read
    Idx.Split split = data == null ? digits() : Idx.read(data);
    print.printf("data      %s: %d to train on, %d held out, %d classes of %dx%d pixels%n", split.train().name(), split.train().count(),
        split.test().count(), split.train().classes(), split.train().height(), split.train().width());
    print.printf("device    %s%n", on);
    print.flush();
    Training.Plan plan = data == null ? Training.Plan.DIGITS : Training.Plan.LARGE;
    Training.Result trained = Training.run(split.train(), split.test(), plan, seed, on, true);
    print.printf(Locale.ROOT, "training  %d epochs in %.1f s, loss %.4f, accuracy %.4f on the held-out images%n", plan.epochs(),
        trained.seconds(), trained.losses().getLast(), trained.accuracy());
    print.flush();
    Jacobians.Report report = Jacobians.compare(trained.model(), split.test(), on);
    report.print(print);
    pictures(print, trained, split.test(), report);
    print.printf(Locale.ROOT, "quickstart: accuracy %.4f, jacobian max error %.1e, batched %.1f times as fast as row by row%n",
        trained.accuracy(), report.batchedError(), report.speedup());
    print.flush();
    return 0;
  }

  /** The digits, a fifth of each class held out. */
  static Idx.Split digits() {
    ImageData all = Digits.load();
    StratifiedSplit s = StratifiedSplit.of(all.labels(), all.classes(), HELD_OUT, SPLIT_SEED);
    return new Idx.Split(all.select("digits", s.train()), all.select("digits", s.test()));
  }

  private void pictures(PrintWriter print, Training.Result trained, ImageData test, Jacobians.Report report) {
    Path folder = out != null ? out : Path.of(System.getProperty("cotangent.home", "")).resolve("target").resolve("quickstart");
    Path curves = folder.resolve("training.png");
    Path saliency = folder.resolve("saliency.png");
    if (Charts.curves(curves, trained.losses(), trained.accuracies())) {
      print.printf("picture   %s%n", curves.toAbsolutePath());
    }
    float[][] rows = report.rows(0);
    if (Charts.saliency(saliency, test.image(0), test.height(), test.width(), rows, test.labels()[0], report.predicted(0))) {
      print.printf("picture   %s%n", saliency.toAbsolutePath());
    }
  }
}
