package org.cotangent.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
      "Measures Cotangent, and with --peers the same work in libtorch, DJL and ND4J, in the same run.",
      "Rounds of both sides alternate; a ratio is the median over paired rounds of peer time by Cotangent's.",
      "The last line is the geometric mean against libtorch. The exit code is 1 if a result differs."})
public final class Bench implements Callable<Integer> {
  private static final double MEMORY_SECONDS = 0.5;

  @Option(names = "--peers", description = "Compare with the peers, downloaded by Maven at the first use.")
  private boolean peers;

  @Option(names = "--peer", paramLabel = "NAME", description = "Only this peer: libtorch, djl or nd4j. Needs --peers.")
  private Optional<String> only;

  @Option(names = "--quick", description = "Fewer and shorter rounds, no processes of their own: a look, not a measurement.")
  private boolean quick;

  @Option(names = "--threads", paramLabel = "N", description = "Number of threads; all cores, and then one, if not given.")
  private Optional<Integer> threads;

  @Option(names = "--rounds", paramLabel = "N", description = "Paired rounds of each case (${DEFAULT-VALUE}).", defaultValue = "21")
  private int rounds;

  @Option(names = "--memory", description = "With --quick too: peak memory of training and Jacobian cases, and first results of fresh processes.")
  private boolean memory;

  @Option(names = "--processor", description = "With one thread: its processor time instead of the clock, for a machine that is busy.")
  private boolean processor;

  @Option(names = "--list", description = "Names of the cases.")
  private boolean list;

  @Option(names = "--out", paramLabel = "DIR", description = "Where bench.json and the charts go (${DEFAULT-VALUE}).", defaultValue = "out/bench")
  private Path out;

  @Parameters(paramLabel = "CASE", description = "Cases, by the beginning of their names; all if none is given.")
  private List<String> wanted = List.of();

  private final Results results = new Results();
  private Launch launch;

  /** Runs the command. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    List<Case> cases = chosen(Cases.all());
    List<Case> cold = chosen(Cases.cold());
    if (list || cases.isEmpty() && cold.isEmpty()) {
      Stream.concat(Cases.all().stream(), Cases.cold().stream()).map(Case::name).distinct().forEach(System.out::println);
      if (!list) {
        System.err.println("bench: no case begins with " + wanted + "; bench --list prints the names");
      }
      return list ? 0 : 2;
    }
    if (threads.orElse(1) < 1 || rounds < 1) {
      System.err.println("bench: --threads and --rounds are at least 1: " + threads.orElse(1) + ", " + rounds);
      return 2;
    }
    List<Optional<Path>> sides = sides();
    Files.createDirectories(out);
    launch = new Launch(processor, out.resolve("worker.log"));
    results.processor(processor);
    results.version(machine());
    List<Integer> counts = counts();
    boolean alone = memory || !quick;
    List<Case> large = alone ? cases.stream().filter(c -> c.task().trainingOrJacobian()).toList() : List.of();
    int repeats = alone ? quick ? 3 : 7 : 0;
    long steps = (long) cases.size() * counts.size() * sides.size() + (long) large.size() * processes(sides) + (long) repeats * cold.size() * processes(sides);
    try (ProgressBar bar = new ProgressBarBuilder().setTaskName("bench").setInitialMax(steps).build()) {
      for (int n : counts) {
        for (Optional<Path> peer : sides) {
          compare(peer, n, cases, bar);
          save(); // what there is, should the run be cut short
        }
      }
      alone(sides, counts.getFirst(), large, bar);
      cold(sides, counts.getFirst(), cold, repeats, bar);
    }
    new Report(results).print(System.out);
    save();
    List<Path> charts = Chart.write(results, out);
    System.out.println("\n" + out.resolve("bench.json") + (charts.isEmpty() ? "" : ", " + charts));
    System.out.println(results.summary("libtorch"));
    return results.allAgree() ? 0 : 1;
  }

  private void save() throws IOException {
    Files.writeString(out.resolve("bench.json"), new Json(results).text());
  }

  private List<Case> chosen(List<Case> cases) {
    return cases.stream().filter(c -> wanted.isEmpty() || wanted.stream().anyMatch(w -> c.name().startsWith(w))).toList();
  }

  private List<Integer> counts() {
    int cores = Runtime.getRuntime().availableProcessors();
    return processor ? List.of(1) : threads.isPresent() ? List.of(threads.get()) : cores == 1 ? List.of(1) : List.of(cores, 1);
  }

  /** How many processes one case takes when each side has its own: ours, and the peers. */
  private static int processes(List<Optional<Path>> sides) {
    return 1 + (int) sides.stream().filter(Optional::isPresent).count();
  }

  /** What ours runs beside, libtorch first; nothing, once, without peers. */
  private List<Optional<Path>> sides() throws IOException {
    if (!peers) {
      return List.of(Optional.empty());
    }
    try (var folders = Files.list(Path.of(System.getProperty("cotangent.home", ".")).resolve("benchmarks/peers"))) {
      List<Optional<Path>> found = folders.filter(p -> Files.exists(p.resolve("target/classpath.txt")))
          .filter(p -> only.isEmpty() || only.get().equals(name(p)))
          .sorted(Comparator.comparing((Path p) -> !name(p).equals("libtorch")).thenComparing(Bench::name))
          .map(Optional::of).toList();
      if (found.isEmpty()) {
        throw new IOException("bench: no peer is built" + only.map(n -> " under the name " + n).orElse("") + "; see benchmarks/peers");
      }
      return found;
    }
  }

  private static String name(Path peer) {
    return peer.getFileName().toString();
  }

  private static String machine() throws IOException {
    String cpu = System.getProperty("os.arch");
    Path info = Path.of("/proc/cpuinfo");
    if (Files.exists(info)) {
      try (var lines = Files.lines(info)) {
        cpu = lines.filter(l -> l.startsWith("model name")).map(l -> l.replaceFirst(".*: ", "")).findFirst().orElse(cpu);
      }
    }
    return String.format(Locale.ROOT, "%s, %d cores; %s; JDK %s", cpu, Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name"), Runtime.version());
  }

  /** All cases with one peer, in one process; without cases, what the peer unpacks at its first use. */
  private void compare(Optional<Path> peer, int n, List<Case> cases, ProgressBar bar) throws IOException, InterruptedException {
    var plan = new Plan(n, quick ? Math.min(5, rounds) : rounds, quick ? 0.3 : 2, quick ? 0.01 : 0.05, Plan.Side.BOTH,
        cases.stream().map(Case::name).toList());
    String name = peer.map(Bench::name).orElse("");
    launch.worker(peer, plan, line -> {
      if (line.startsWith(Worker.MARK)) {
        Measurement m = Measurement.of(line.substring(Worker.MARK.length()));
        results.row(new Row(Cases.named(m.name()), name, m));
        bar.setExtraMessage(" " + name + " " + m.name()).step();
      } else if (line.startsWith(Worker.ABSENT)) {
        results.absent(name, line.substring(Worker.ABSENT.length()));
        bar.step();
      } else if (line.startsWith(Worker.VERSIONS)) {
        List.of(line.substring(Worker.VERSIONS.length()).split("\t")).forEach(results::version);
      } else if (line.startsWith(Worker.LIMITS)) {
        results.limits(n, Limits.of(line.substring(Worker.LIMITS.length())));
      }
    });
  }

  private static List<Optional<Path>> withOurs(List<Optional<Path>> sides) {
    return Stream.concat(Stream.of(Optional.<Path>empty()), sides.stream().filter(Optional::isPresent)).toList();
  }

  private static String label(Optional<Path> side) {
    return side.map(Bench::name).orElse(Results.OURS);
  }

  /** Peak memory, each case and side in a process of its own. */
  private void alone(List<Optional<Path>> sides, int n, List<Case> cases, ProgressBar bar) throws IOException, InterruptedException {
    for (Case c : cases) {
      for (Optional<Path> side : withOurs(sides)) {
        var plan = new Plan(n, 1, MEMORY_SECONDS, 0.01, side.isPresent() ? Plan.Side.PEER : Plan.Side.OURS, List.of(c.name()));
        launch.worker(side, plan, line -> {
          if (line.startsWith(Worker.MARK)) {
            results.memory(label(side), c.name(), Measurement.of(line.substring(Worker.MARK.length())).memory());
          }
        });
        bar.setExtraMessage(" memory of " + label(side) + " " + c.name()).step();
      }
    }
  }

  /** First results of fresh processes, sides in turn. */
  private void cold(List<Optional<Path>> sides, int n, List<Case> cases, int repeats, ProgressBar bar) throws IOException, InterruptedException {
    for (Case c : cases) {
      for (int i = 0; i < repeats; i++) {
        for (Optional<Path> side : withOurs(sides)) {
          launch.cold(side, n, c.name()).ifPresent(f -> results.cold(label(side), c.name(), f));
          bar.setExtraMessage(" first result of " + label(side) + " " + c.name()).step();
        }
      }
    }
  }
}
