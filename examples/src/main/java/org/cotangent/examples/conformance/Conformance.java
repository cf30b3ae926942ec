package org.cotangent.examples.conformance;

import org.cotangent.examples.Silent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.zip.GZIPInputStream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.cotangent.Device;
import org.cotangent.MemoryScope;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Replays recorded calls of PyTorch and compares every number. */
@Command(
    name = "conformance",
    description = "Replay recorded calls of PyTorch's functions and compare values, gradients, tangents and Jacobians with the record.",
    footer = {"", "Prints a line for each part that differs and for each call without a counterpart, then the counts.",
        "Exit status 1 if a record failed."},
    mixinStandardHelpOptions = true)
public final class Conformance implements Callable<Integer> {

  @Spec
  private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "Records, one JSON object a line, compressed with gzip.")
  private Path file;

  @Option(names = "--device", paramLabel = "D", defaultValue = "cpu", description = "Device to run on, such as cpu or cuda:0.")
  private String device;

  @Option(names = "--only", paramLabel = "OP", description = "Replay the records of these functions alone; may be repeated.")
  private List<String> only = new ArrayList<>();

  private int passed;
  private int failed;
  private int unsupported;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Device on = Device.of(device);
    Apis apis = Apis.all();
    List<String> lines = lines();
    try (ProgressBar bar = bar(lines.size())) {
      for (String line : lines) {
        Case record = new Case(Json.map(Json.parse(line)));
        if (only.isEmpty() || only.contains(record.op()) || only.contains(record.api())) {
          replay(record, apis, on, out);
        }
        bar.step();
      }
    }
    out.printf("passed %d, failed %d, unsupported %d%n", passed, failed, unsupported);
    out.flush();
    return failed > 0 ? 1 : 0;
  }

  private void replay(Case record, Apis apis, Device on, PrintWriter out) {
    try (var _ = MemoryScope.open()) {
      List<Replay.Difference> found = Replay.run(record, apis, on);
      for (Replay.Difference d : found) {
        out.printf("%s %s: %s%n", record.id(), d.part(), d.what().lines().findFirst().orElse(""));
      }
      failed += found.isEmpty() ? 0 : 1;
      passed += found.isEmpty() ? 1 : 0;
    } catch (UnsupportedException e) {
      out.printf("%s unsupported: %s%n", record.id(), e.getMessage());
      unsupported++;
    }
  }

  /** Shown only where standard error is a terminal. */
  private static ProgressBar bar(long records) {
    boolean visible = System.console() != null && System.console().isTerminal();
    var b = new ProgressBarBuilder().setTaskName("conformance").setInitialMax(records).setStyle(ProgressBarStyle.ASCII);
    return (visible ? b : b.setConsumer(new Silent())).build();
  }

  private List<String> lines() throws IOException {
    try (var reader = new BufferedReader(new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }
}
