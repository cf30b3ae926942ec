package org.cotangent.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.cotangent.cuda.kernel.Audit;
import org.cotangent.cuda.kernel.AuditedKernels;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Reports what the CUDA kernels need of a multiprocessor. */
@Command(
    name = "gpu-audit",
    description = {
      "Compile the CUDA kernels for each architecture and report registers, shared memory, local memory and spills.",
      "Needs no device. Looks at the hand-written kernels, one of each template, each scalar function, and the kernels that were recorded."
    },
    footer = {"",
      "The tests of the CUDA backend record their kernels in cuda-backend/target/recorded; any program does with -Dcotangent.cuda.record=FOLDER.",
      "A kernel takes about 0.1 s an architecture and processor.",
      "Exit status 1 if a kernel does not compile, spills, or uses local memory without a listed reason."},
    mixinStandardHelpOptions = true)
final class GpuAudit implements Callable<Integer> {
  @Option(names = "--recorded", paramLabel = "FOLDER",
      description = "Kernels that were recorded, beside the built-in ones; may be repeated. What the tests recorded, if it is there, by default.")
  private List<Path> folders = new ArrayList<>();

  @Option(names = "--arch", paramLabel = "N", description = "Architectures such as 90 for sm_90, with commas between; all of ${DEFAULT-VALUE} by default.",
      split = ",")
  private List<Integer> architectures = Audit.ARCHITECTURES;

  @Option(names = "--out", paramLabel = "FILE", description = "Where each kernel's numbers go, with tabs; out/gpu-audit.tsv by default.")
  private Path file;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Path home = Path.of(System.getProperty("cotangent.home", ""));
    folders = folders.isEmpty() ? List.of(home.resolve("cuda-backend/target/recorded")).stream().filter(Files::isDirectory).toList() : folders;
    for (Path f : folders) {
      if (!Files.isDirectory(f)) {
        throw new ParameterException(spec.commandLine(), "--recorded: " + f + " is not a folder");
      }
    }
    int kernels = AuditedKernels.all(folders).size();
    out.println(kernels + " kernels" + (folders.isEmpty() ? "; none were recorded" : " with those of " + folders) + ", for " + architectures.size()
        + " architectures");
    out.flush();
    List<Audit.Need> needs = audit((long) kernels * architectures.size());
    Path table = file != null ? file : home.resolve("out/gpu-audit.tsv");
    write(table, needs);
    return report(out, needs, kernels * architectures.size(), table);
  }

  /** NVRTC compiles one kernel at a time in a process, so there are as many processes as processors. */
  private List<Audit.Need> audit(long steps) throws InterruptedException {
    int processors = Runtime.getRuntime().availableProcessors();
    int shares = (processors + architectures.size() - 1) / architectures.size();
    try (ProgressBar bar = bar(steps); var workers = Executors.newFixedThreadPool(processors)) {
      List<Future<List<Audit.Need>>> parts = architectures.stream()
          .flatMap(a -> IntStream.range(0, shares).mapToObj(i -> workers.submit(() -> fork(List.of(a, i, shares), bar)))).toList();
      var all = new ArrayList<Audit.Need>();
      for (Future<List<Audit.Need>> part : parts) {
        all.addAll(part.get());
      }
      return all;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private List<Audit.Need> fork(List<Integer> share, ProgressBar bar) throws IOException, InterruptedException {
    var arguments = new ArrayList<>(share.stream().map(String::valueOf).toList());
    folders.forEach(f -> arguments.add(f.toString()));
    Process p = JavaFork.start(List.of(), Audit.class, arguments);
    var needs = new ArrayList<Audit.Need>();
    try (var lines = new BufferedReader(new InputStreamReader(p.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        needs.add(Audit.Need.parse(line));
        bar.step();
      }
    }
    p.waitFor(); // one that ends early is seen by the number of its kernels
    return needs;
  }

  /** Shown only where standard error is a terminal. */
  private static ProgressBar bar(long steps) {
    boolean visible = System.console() != null && System.console().isTerminal();
    var b = new ProgressBarBuilder().setTaskName("compiling").setInitialMax(steps).setStyle(ProgressBarStyle.ASCII);
    return (visible ? b : b.setConsumer(new Silent())).build();
  }

  private static void write(Path table, List<Audit.Need> needs) {
    try {
      Files.createDirectories(table.toAbsolutePath().getParent());
      var lines = new ArrayList<>(List.of("kernel\tarchitecture\tregisters\tshared\tlocal\tspills\treason"));
      needs.forEach(n -> lines.add(n.line().substring(0, n.line().length() - 1)));
      Files.write(table, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int report(PrintWriter out, List<Audit.Need> needs, int expected, Path table) {
    out.printf("%-8s %8s %14s %14s %10s %8s %8s%n", "", "kernels", "registers most", "shared most", "local", "spills", "failed");
    for (int a : architectures) {
      List<Audit.Need> some = needs.stream().filter(n -> n.architecture() == a).toList();
      out.printf("%-8s %8d %14d %14d %10d %8d %8d%n", "sm_" + a, some.size(), some.stream().mapToInt(Audit.Need::registers).max().orElse(0),
          some.stream().mapToInt(Audit.Need::shared).max().orElse(0), count(some, n -> n.local() > 0), count(some, n -> n.spills() > 0),
          count(some, n -> n.registers() < 0));
    }
    var reasons = new TreeMap<String, Long>();
    needs.stream().filter(n -> n.good() && n.local() > 0).forEach(n -> reasons.merge(n.reason(), 1L, Long::sum));
    reasons.forEach((reason, n) -> out.println("local memory accepted " + n + " times, " + reason));
    List<Audit.Need> bad = needs.stream().filter(n -> !n.good()).sorted(Comparator.comparing(Audit.Need::kernel)).toList();
    for (Audit.Need n : bad) {
      out.printf(Locale.ROOT, "BAD %s sm_%d: %d registers, %d bytes shared, %d local, %d spilled %s%n", n.kernel(), n.architecture(), n.registers(), n.shared(),
          n.local(), n.spills(), n.reason());
    }
    if (needs.size() < expected) {
      out.println("a compiling process ended early: " + needs.size() + " of " + expected + " compiled");
    }
    out.println("each kernel: " + table);
    out.println(needs.size() + " of " + expected + " compiled, " + (bad.isEmpty() ? "none spills" : bad.size() + " bad"));
    out.flush();
    return bad.isEmpty() && needs.size() == expected ? 0 : 1;
  }

  private static long count(List<Audit.Need> needs, java.util.function.Predicate<Audit.Need> which) {
    return needs.stream().filter(which).count();
  }
}
