package org.cotangent.examples.quickstart;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.cotangent.Autograd;
import org.cotangent.Device;
import org.cotangent.Generator;
import org.cotangent.MemoryScope;
import org.cotangent.Tensor;
import org.cotangent.cuda.driver.Emulator;
import org.cotangent.examples.JavaFork;
import org.cotangent.nn.Sequential;
import org.cotangent.ops.Losses;
import org.cotangent.optim.AdamW;
import org.cotangent.spi.Backends;

/** Counts what one training step of the quickstart's MLP, and the batched Jacobian of its logits, ask of a device. */
public final class StepCount {
  /** Images whose Jacobians are counted. */
  private static final int IMAGES = 64;

  private final Device device;
  private final Sequential model;
  private final AdamW optimizer;
  private final Tensor images;
  private final Tensor labels;
  private final Tensor some;

  private StepCount(Device device) {
    this.device = device;
    Idx.Split digits = Quickstart.digits();
    Training.Plan plan = Training.Plan.DIGITS;
    ImageData train = digits.train();
    model = Training.model(train.pixelsPerImage(), plan.hidden(), train.classes(), new Generator(0));
    model.to(device);
    optimizer = new AdamW(model.parameters()).learningRate(plan.learningRate());
    images = Training.pixels(train).narrow(0, 0, plan.batch()).copy();
    labels = Training.labels(train).narrow(0, 0, plan.batch()).copy();
    some = Training.pixels(digits.test()).narrow(0, 0, IMAGES).copy();
  }

  /**
   * Kernels, products, copies and bytes of the two pieces of work.
   *
   * @param driver what the emulated CUDA driver saw of each, a line for the step and one for the Jacobian; none on another device
   */
  record Counts(Count step, Count jacobian, List<String> driver) {}

  private void step() {
    try (var _ = MemoryScope.open()) {
      Tensor loss = Losses.crossEntropy(model.apply(images.to(device)), labels.to(device));
      optimizer.step(loss);
      loss.item();
    }
  }

  private void jacobian() {
    try (var _ = MemoryScope.open()) {
      Tensor x = some.to(device).requiresGrad_();
      Tensor y = model.apply(x);
      Jacobians.batched(y, x, Jacobians.basis(y)).synchronize();
      y.synchronize();
    }
  }

  /** Counts on a device, in this process and with its switches. Each piece of work runs once before, so that what happens once is left out. */
  static Counts measure(Device device) {
    var work = new StepCount(device);
    Optional<Emulator> driver = device.type().equals("cuda") ? Emulator.here() : Optional.empty();
    var seen = new ArrayList<String>();
    Count[] counts = new Count[2];
    Runnable[] pieces = {work::step, work::jacobian};
    for (int i = 0; i < pieces.length; i++) {
      pieces[i].run();
      Backends.of(device).synchronize();
      driver.ifPresent(Emulator::clear);
      counts[i] = Count.of(device, pieces[i]);
      driver.ifPresent(e -> seen.add(driver(e.totals())));
    }
    return new Counts(counts[0], counts[1], seen);
  }

  /** "launches 13, products 5, ..." of the driver's totals. */
  private static String driver(List<String> totals) {
    return "launches " + sum(totals, "launch ", "count") + ", products " + sum(totals, "gemm ", "count") + ", copies "
        + sum(totals, "copy ", "count") + " of " + sum(totals, "copy ", "bytes") + " bytes, memsets " + sum(totals, "memset ", "count")
        + ", allocations " + sum(totals, "alloc ", "count") + "; bytes that threads asked for " + sum(totals, "launch ", "bytes")
        + ", that products read and wrote " + sum(totals, "gemm ", "bytes");
  }

  private static long sum(List<String> totals, String kind, String what) {
    return totals.stream().filter(l -> l.startsWith(kind)).mapToLong(l -> Long.parseLong(l.replaceFirst(".* " + what + "=(\\d+).*", "$1"))).sum();
  }

  /** Prints the counts of a device, fused and not, beside the least. */
  public static void print(PrintWriter out, Device device) {
    Counts fused = measure(device);
    Counts single = unfused(device);
    Training.Plan plan = Training.Plan.DIGITS;
    Idx.Split digits = Quickstart.digits();
    int[] widths = {digits.train().pixelsPerImage(), plan.hidden(), digits.train().classes()};
    out.printf("%non %s: counts, not times%n", Backends.of(device).description());
    table(out, "one step of AdamW, MLP " + widths[0] + "-" + widths[1] + "-" + widths[2] + ", batch " + plan.batch(), fused.step(), single.step(),
        Least.step(plan.batch(), widths));
    table(out, "logits and Jacobians of " + IMAGES + " images, [" + widths[2] + ", " + IMAGES + ", " + widths[0] + "], batched", fused.jacobian(),
        single.jacobian(), Least.jacobian(IMAGES, widths));
    for (int i = 0; i < fused.driver().size(); i++) {
      out.printf("emulated driver, %s: %s%n", i == 0 ? "step" : "Jacobian", fused.driver().get(i));
    }
    out.println("""
        bytes: operands of kernels and products, each element once; copies are beside them
        least, library products: a product reads two matrices and writes one; one kernel lies between two products
        least, on chip: inputs read once, results written once, nothing between is stored""");
    out.flush();
  }

  private static void table(PrintWriter out, String title, Count fused, Count single, Least least) {
    out.printf("%s%n  %-24s %8s %9s %10s %7s %8s%n", title, "", "kernels", "products", "bytes", "", "copies");
    row(out, "fused", fused, least);
    row(out, "one kernel an operation", single, least);
    out.printf(Locale.ROOT, "  %-24s %8d %9d %,10d %7s%n", "least, library products", least.kernels(), least.products(), least.library(), "1.00");
    out.printf(Locale.ROOT, "  %-24s %8s %9s %,10d %7.2f%n", "least, on chip", "", "", least.onChip(), (double) least.onChip() / least.library());
  }

  private static void row(PrintWriter out, String name, Count c, Least least) {
    out.printf(Locale.ROOT, "  %-24s %8d %9d %,10d %7.2f %8d%n", name, c.kernels(), c.products(), c.bytes(), (double) c.bytes() / least.library(), c.copies());
  }

  /** The counts of another process, in which nothing is fused. */
  static Counts unfused(Device device) {
    try {
      Process p = JavaFork.start(List.of("-Dcotangent.fuse=false"), StepCount.class, List.of(device.toString()));
      List<String> lines = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      if (p.waitFor() != 0 || lines.size() < 2) {
        throw new IllegalStateException("the process that counts without fusion failed with exit status " + p.exitValue());
      }
      return new Counts(Count.parse(lines.get(0)), Count.parse(lines.get(1)), lines.subList(2, lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while counting", e);
    }
  }

  /** Counts on the device of the first argument and prints the numbers, for the process that asks. */
  public static void main(String[] arguments) {
    Counts c = measure(Device.of(arguments[0]));
    System.out.println(c.step().line());
    System.out.println(c.jacobian().line());
    c.driver().forEach(System.out::println);
  }
}
