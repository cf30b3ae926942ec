package org.cotangent.check;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.cotangent.Device;
import org.cotangent.cuda.CudaException;
import org.cotangent.cuda.driver.Emulator;
import org.cotangent.examples.Silent;
import org.cotangent.examples.conformance.Conformance;
import org.cotangent.spi.Backends;
import org.cotangent.testkit.OpRow;
import org.cotangent.testkit.OpTable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Checks a device: every operation against the CPU, recorded calls of PyTorch, and its speed beside its own limits. */
@Command(
    name = "gpu-check",
    description = {
      "Check a device: each operation of the engine there against the CPU (values in every floating type, derivatives of two orders, vmap, views), "
          + "then the speed of products, fused chains, a training step and a batched Jacobian as shares of the device's measured copy bandwidth and product peak.",
      "With --emulated the first part alone, on the emulated CUDA driver: no hardware is involved, and nothing is said of speed."
    },
    footer = {"", "Exit status 0 if nothing differs, 1 if something does, 3 if there is no device. The report is in the folder of --out, as text and as JSON."},
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class GpuCheck implements Callable<Integer> {
  /** The exit status where there is no device. */
  static final int NO_DEVICE = 3;
  private static final int SIDE = 8192;
  private static final double WARM_UP = 2;

  @Option(names = "--device", paramLabel = "D", defaultValue = "cuda:0", description = "The device; ${DEFAULT-VALUE} by default.")
  private String name;

  @Option(names = "--only", paramLabel = "OPERATION", description = "Check these operations alone; may be repeated.")
  private List<String> only = new ArrayList<>();

  @Option(names = "--conformance", paramLabel = "FILE", description = "Replay these recorded calls of PyTorch on the device, too.")
  private Optional<Path> file = Optional.empty();

  @Option(names = "--no-speed", description = "Leave the second part out.")
  private boolean withoutSpeed;

  @Option(names = "--out", paramLabel = "DIR", description = "Where the report goes; out/gpu-check by default.")
  private Path folder = Path.of(System.getProperty("cotangent.home", "")).resolve("out/gpu-check");

  @Option(names = "--emulated", description = "Use the emulated CUDA driver of the tests instead of a device.")
  private boolean emulated;

  @Spec private CommandSpec spec;

  GpuCheck() {}

  /** Runs the command. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new GpuCheck());
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Device device = Device.of(name);
    boolean onEmulator = device.type().equals("cuda") && Emulator.here().isPresent();
    if (emulated && !onEmulator) {
      throw new ParameterException(spec.commandLine(), "--emulated: the emulated CUDA driver is not loaded; start with ./cotangent, or name its folder by"
          + " -Dcotangent.cuda.libraries");
    }
    Optional<String> reason = device.unavailable();
    if (reason.isPresent()) {
      out.println("gpu-check: no device: " + reason.get());
      out.println("gpu-check: with --emulated the operations are checked on the emulated CUDA driver");
      out.flush();
      return NO_DEVICE;
    }
    if (onEmulator) {
      out.println("emulated CUDA driver: what follows ran on no hardware, and says nothing of speed");
    }
    out.println("device     " + Backends.of(device).description());
    out.flush();
    var report = new Report(device.toString(), Backends.of(device).description(), onEmulator);
    try {
      operations(device, report, out);
      file.ifPresent(f -> report.conformance(conformance(f, device, out)));
      if (!withoutSpeed && !onEmulator) {
        report.speed(new Speed(device, SIDE, WARM_UP).run());
      }
    } catch (CudaException e) {
      report.lost(e.getMessage());
    }
    out.print(report.text());
    report.write(folder);
    out.println("report     " + folder.resolve("report.txt") + " and report.json");
    out.flush();
    return report.good() ? 0 : 1;
  }

  private void operations(Device device, Report report, PrintWriter out) {
    var check = new Operations(device);
    List<OpRow> rows = OpTable.rows().stream().filter(r -> only.isEmpty() || only.contains(r.op()) || only.contains(r.name())).toList();
    if (rows.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--only: no operation is called " + String.join(" or ", only));
    }
    try (ProgressBar bar = bar(rows.size())) {
      for (OpRow r : rows) {
        List<Operations.Difference> found = check.check(r);
        found.forEach(d -> out.printf(Locale.ROOT, "differs    %s, %s: %s%n", d.operation(), d.part(), d.what()));
        out.flush();
        report.operation(check, found);
        bar.step();
      }
    }
  }

  private static int conformance(Path file, Device device, PrintWriter out) {
    return new CommandLine(new Conformance()).setOut(out).execute(file.toString(), "--device", device.toString());
  }

  /** Shown only where standard error is a terminal. */
  private static ProgressBar bar(long steps) {
    boolean visible = System.console() != null && System.console().isTerminal();
    var b = new ProgressBarBuilder().setTaskName("operations").setInitialMax(steps).setStyle(ProgressBarStyle.ASCII);
    return (visible ? b : b.setConsumer(new Silent())).build();
  }
}
