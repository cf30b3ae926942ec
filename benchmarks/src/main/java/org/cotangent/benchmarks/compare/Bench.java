package org.cotangent.benchmarks.compare;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cotangent bench}: every case here and in the peers, interleaved in one process for each peer. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures Cotangent, and with --peers the same work in libtorch and DJL, in the same run.",
      "Rounds of both sides alternate; a ratio is the median over paired rounds of peer time by Cotangent's."})
public final class Bench implements Callable<Integer> {
  @Option(names = "--peers", description = "Compare with the peers, downloaded by Maven at the first use.")
  private boolean peers;

  @Option(names = "--quick", description = "Fewer and shorter rounds: a look, not a measurement.")
  private boolean quick;

  @Option(names = "--threads", paramLabel = "N", description = "Number of threads; all cores, and then one, if not given.")
  private Optional<Integer> threads;

  @Option(names = "--rounds", paramLabel = "N", description = "Paired rounds of each case (${DEFAULT-VALUE}).", defaultValue = "21")
  private int rounds;

  @Option(names = "--memory", description = "Also peak memory and first result of some cases, each side in a process of its own.")
  private boolean memory;

  @Option(names = "--processor", description = "With one thread: its processor time instead of the clock, for a machine that is busy.")
  private boolean processor;

  @Option(names = "--list", description = "Names of the cases.")
  private boolean list;

  @Option(names = "--out", paramLabel = "DIR", description = "Where bench.json and the charts go (${DEFAULT-VALUE}).", defaultValue = "out/bench")
  private Path out;

  @Parameters(paramLabel = "CASE", description = "Cases, by the beginning of their names; all if none is given.")
  private List<String> wanted = List.of();

  private final List<Row> rows = new ArrayList<>();
  private final LinkedHashSet<String> versions = new LinkedHashSet<>();

  /** Runs the command. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    List<Case> cases = Cases.all().stream()
        .filter(c -> wanted.isEmpty() || wanted.stream().anyMatch(w -> c.name().startsWith(w))).toList();
    if (list || cases.isEmpty()) {
      cases.forEach(c -> System.out.println(c.name()));
      if (!list) {
        System.err.println("bench: no case begins with " + wanted + "; bench --list prints the names");
      }
      return list ? 0 : 2;
    }
    Files.createDirectories(out);
    machine();
    int cores = Runtime.getRuntime().availableProcessors();
    List<Integer> counts = processor ? List.of(1) : threads.isPresent() ? List.of(threads.get()) : cores == 1 ? List.of(1) : List.of(cores, 1);
    List<Path> found = peers ? peerFolders() : List.of();
    List<String> names = cases.stream().map(Case::name).toList();
    try (ProgressBar bar = new ProgressBarBuilder()
        .setTaskName("bench").setInitialMax((long) cases.size() * counts.size() * Math.max(1, found.size())).build()) {
      for (int n : counts) {
        var plan = new Worker.Plan(n, quick ? 5 : Math.max(1, rounds), quick ? 0.3 : 2, quick ? 0.01 : 0.05, Worker.Side.BOTH, names);
        for (Optional<Path> peer : found.isEmpty() ? List.of(Optional.<Path>empty()) : found.stream().map(Optional::of).toList()) {
          String name = peer.map(p -> p.getFileName().toString()).orElse("");
          worker(peer, plan, cases.size(), m -> {
            rows.add(new Row(find(m.name()), name, m));
            bar.step();
          });
        }
      }
    }
    Report report = new Report(rows, List.copyOf(versions));
    report.print(System.out);
    report.json(out.resolve("bench.json"));
    for (Path p : found) {
      for (int n : counts) {
        report.chart(out.resolve(p.getFileName() + "-" + n + ".png"), p.getFileName().toString(), n);
      }
    }
    if (memory) {
      memory(found, counts.get(0));
    }
    System.out.println("\n" + out.resolve("bench.json") + (found.isEmpty() ? "" : " and a chart beside it"));
    System.out.println(report.summary("libtorch"));
    return 0;
  }

  private static Case find(String name) {
    return Cases.all().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }

  private void machine() throws IOException {
    String cpu = System.getProperty("os.arch");
    Path info = Path.of("/proc/cpuinfo");
    if (Files.exists(info)) {
      try (var lines = Files.lines(info)) {
        cpu = lines.filter(l -> l.startsWith("model name")).map(l -> l.replaceFirst(".*: ", "")).findFirst().orElse(cpu);
      }
    }
    versions.add(String.format(Locale.ROOT, "%s, %d cores; %s; JDK %s" + (processor ? "; processor time of one thread" : ""), cpu, Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name"), Runtime.version()));
  }

  private static Path home() {
    return Path.of(System.getProperty("cotangent.home", "."));
  }

  private static List<Path> peerFolders() throws IOException {
    try (var folders = Files.list(home().resolve("benchmarks/peers"))) {
      return folders.filter(p -> Files.exists(p.resolve("target/classpath.txt"))).sorted().toList().reversed();
    }
  }

  private interface Sink {
    void accept(Worker.Measurement m);
  }

  private void worker(Optional<Path> peer, Worker.Plan plan, int expected, Sink sink) throws IOException, InterruptedException {
    String path = System.getProperty("java.class.path");
    if (peer.isPresent()) {
      path = peer.get().resolve("target/classes") + File.pathSeparator
          + Files.readString(peer.get().resolve("target/classpath.txt")).strip() + File.pathSeparator + path;
    }
    var command = new ArrayList<>(List.of(
        ProcessHandle.current().info().command().orElse("java"), "--add-modules", "jdk.incubator.vector",
        "--enable-native-access=ALL-UNNAMED", "-Dorg.bytedeco.javacpp.nopointergc=true", "-Dai.djl.offline=true",
        "-Dai.djl.pytorch.num_threads=" + plan.threads(), "-Dai.djl.pytorch.num_interop_threads=1",
        "-Dcotangent.threads=" + plan.threads(), "-D" + Worker.PROCESSOR_TIME + "=" + processor, "-cp", path, Worker.class.getName()));
    command.addAll(plan.arguments());
    ProcessBuilder b = new ProcessBuilder(command).redirectError(out.resolve("worker.log").toFile());
    b.environment().put("OMP_WAIT_POLICY", "passive"); // a pool that spins would take the other side's cores
    b.environment().put("OMP_NUM_THREADS", String.valueOf(plan.threads()));
    Process p = b.start();
    int got = 0;
    try (var in = new BufferedReader(new InputStreamReader(p.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith(Worker.MARK)) {
          sink.accept(Worker.Measurement.of(line.substring(Worker.MARK.length())));
          got++;
        } else if (line.startsWith(Worker.VERSIONS)) {
          versions.addAll(List.of(line.substring(Worker.VERSIONS.length()).split("\t")));
        }
      }
    }
    if (p.waitFor() != 0) {
      throw new IOException("a worker ended with " + p.exitValue() + " after " + got + " of " + expected + " cases; see " + out.resolve("worker.log"));
    }
  }

  /** Peak memory and first result, each case and side in a process of its own. */
  private void memory(List<Path> found, int threads) throws IOException, InterruptedException {
    System.out.printf(Locale.ROOT, "%n%-32s %-10s %12s %14s%n", "in a process of its own", "side", "peak MiB", "first result");
    for (String name : List.of("tanh 1e5", "adam step 128 784-256-10", "jacobian 64 loop", "hessian 1019", "per-sample gradients 784-256-10")) {
      side(Optional.empty(), Worker.Side.OURS, "cotangent", name, threads);
      for (Path p : found) {
        side(Optional.of(p), Worker.Side.PEER, p.getFileName().toString(), name, threads);
      }
    }
  }

  private void side(Optional<Path> peer, Worker.Side side, String label, String name, int threads) throws IOException, InterruptedException {
    worker(peer, new Worker.Plan(threads, 1, 0.5, 0.01, side, List.of(name)), 1, m -> System.out.printf(
        Locale.ROOT, "%-32s %-10s %12.0f %14s%n", name, label, m.memory() / 1048576.0, Report.time(m.first())));
  }
}
