package org.cotangent.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cotangent.cuda.kernel.Audit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Reports what the CUDA kernels need of a multiprocessor. */
@Command(
    name = "gpu-audit",
    description = {
      "Compile the CUDA kernels for each architecture and report registers, shared memory, local memory and spills.",
      "Needs no device. Without a folder: the hand-written kernels and one of each generated kind."
    },
    footer = {"", "Record the kernels of any program with -Dcotangent.cuda.record=FOLDER.", "Exit status 1 if a kernel spills, or uses local memory without a listed reason."},
    mixinStandardHelpOptions = true)
final class GpuAudit implements Callable<Integer> {
  @Option(names = "--recorded", paramLabel = "FOLDER", description = "Audit the kernels that were recorded there.")
  private Optional<Path> folder = Optional.empty();

  @Option(names = "--arch", paramLabel = "N", description = "Architectures such as 90 for sm_90; all by default.", split = ",")
  private List<Integer> architectures = Audit.ARCHITECTURES;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%-16s %6s %9s %8s %7s %7s%n", "kernel", "arch", "registers", "shared", "local", "spills");
    // NVRTC compiles one kernel at a time in a process, so each architecture has its own, as many at once as there are processors.
    var running = new ArrayList<Process>();
    int bad = 0;
    int kernels = 0;
    for (int i = 0; i < architectures.size() || !running.isEmpty();) {
      while (i < architectures.size() && running.size() < Runtime.getRuntime().availableProcessors()) {
        running.add(fork(architectures.get(i++)));
      }
      Process p = running.removeFirst();
      for (String line : lines(p.getInputStream())) {
        String[] f = line.split("\t");
        var need = new Audit.Need(f[0], number(f[1]), number(f[2]), number(f[3]), number(f[4]), number(f[5]), f[6].substring(0, f[6].length() - 1));
        out.printf("%-16s %6s %9d %8d %7d %7d%s%n", need.kernel(), "sm_" + need.architecture(), need.registers(), need.shared(), need.local(), need.spills(),
            need.good() ? need.reason().isEmpty() ? "" : "  " + need.reason() : "  BAD");
        bad += need.good() ? 0 : 1;
        kernels++;
      }
      if (p.waitFor() != 0) {
        out.println("a compiling process failed with exit status " + p.exitValue());
        bad++;
      }
    }
    out.println(kernels + " kernels compiled, " + (bad == 0 ? "none spills" : bad + " bad"));
    return bad == 0 ? 0 : 1;
  }

  private static int number(String s) {
    return Integer.parseInt(s);
  }

  private Process fork(int architecture) throws IOException {
    var command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"), "--enable-native-access=ALL-UNNAMED", "-cp",
        System.getProperty("java.class.path"), Audit.class.getName(), "" + architecture));
    folder.ifPresent(f -> command.add(f.toString()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static List<String> lines(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
  }
}
