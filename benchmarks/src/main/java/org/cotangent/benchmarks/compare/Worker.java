package org.cotangent.benchmarks.compare;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * One process of the benchmark: Cotangent and at most one peer, whose rounds are interleaved. Prints a line for each case, and all
 * else on the error stream.
 */
public final class Worker {
  /** What every line of results begins with. */
  static final String MARK = "@result ";

  /** What the line of versions begins with. */
  static final String VERSIONS = "@versions ";

  /** Set to measure the processor time of the calling thread. */
  static final String PROCESSOR_TIME = "cotangent.bench.processor";

  private static final boolean PROCESSOR = Boolean.getBoolean(PROCESSOR_TIME);

  private final Plan plan;
  private final long born = System.nanoTime();
  private final Engine ours;
  private final Optional<Engine> peer;

  /**
   * How much is measured.
   *
   * @param threads number of threads of both
   * @param rounds number of paired rounds
   * @param warm seconds each side runs before any measuring
   * @param stretch seconds of one side in one round
   * @param side which sides run
   * @param cases names of the cases, or none for all
   */
  record Plan(int threads, int rounds, double warm, double stretch, Side side, List<String> cases) {
    List<String> arguments() {
      var a = new ArrayList<>(List.of(
          String.valueOf(threads), String.valueOf(rounds), String.valueOf(warm), String.valueOf(stretch), side.name()));
      a.addAll(cases);
      return a;
    }

    static Plan of(String[] a) {
      return new Plan(
          Integer.parseInt(a[0]), Integer.parseInt(a[1]), Double.parseDouble(a[2]), Double.parseDouble(a[3]), Side.valueOf(a[4]),
          List.of(a).subList(5, a.length));
    }
  }

  /** Which sides a process runs: both, to compare times; one alone, for its memory and its first call. */
  enum Side { BOTH, OURS, PEER }

  private Worker(Plan plan) {
    this.plan = plan;
    Optional<Engine> other = plan.side() == Side.OURS ? Optional.empty() : ServiceLoader.load(Engine.class).findFirst();
    this.ours = plan.side() == Side.PEER ? other.orElseThrow() : new CotangentEngine();
    this.peer = plan.side() == Side.BOTH ? other : Optional.empty();
  }

  /** Runs the cases named on the command line. */
  public static void main(String[] arguments) throws Exception {
    new Worker(Plan.of(arguments)).run();
  }

  private void run() throws Exception {
    ours.threads(plan.threads());
    peer.ifPresent(p -> p.threads(plan.threads()));
    System.out.println(VERSIONS + ours.version() + peer.map(p -> "\t" + p.version()).orElse(""));
    for (Case c : Cases.all()) {
      if (plan.cases().isEmpty() || plan.cases().contains(c.name())) {
        Optional<Work> mine = ours.prepare(c.task());
        if (mine.isPresent()) {
          System.out.println(MARK + measure(c, mine.get()).line());
        }
      }
    }
  }

  private Measurement measure(Case c, Work mine) throws Exception {
    Optional<Work> other = peer.flatMap(p -> p.prepare(c.task()));
    double difference = Double.NaN;
    float[] a = mine.result();
    double first = (System.nanoTime() - born) * 1e-9;
    if (other.isPresent()) {
      difference = difference(a, other.get().result());
    }
    long mineRuns = calibrate(mine);
    long otherRuns = other.isPresent() ? calibrate(other.get()) : 0;
    double[] t = new double[plan.rounds()];
    double[] u = new double[other.isPresent() ? plan.rounds() : 0];
    for (int r = 0; r < t.length; r++) {
      if (r % 2 == 0) {
        t[r] = stretch(mine, mineRuns);
      }
      if (other.isPresent()) {
        u[r] = stretch(other.get(), otherRuns);
      }
      if (r % 2 == 1) {
        t[r] = stretch(mine, mineRuns);
      }
    }
    return new Measurement(c.name(), plan.threads(), t, u, difference, first, allocated(mine), peakMemory());
  }

  /** The largest difference of two results, as a share of the largest number. */
  private static double difference(float[] a, float[] b) {
    if (a.length != b.length) {
      throw new IllegalStateException("results differ in size: " + a.length + " and " + b.length);
    }
    double d = 0;
    double scale = 0;
    for (int i = 0; i < a.length; i++) {
      d = Math.max(d, Math.abs((double) a[i] - b[i]));
      scale = Math.max(scale, Math.abs(b[i]));
    }
    return scale == 0 ? d : d / scale;
  }

  /** Warms up, and finds how many runs fill a stretch. */
  private long calibrate(Work w) throws Exception {
    long runs = 1;
    double spent = 0;
    while (true) {
      double each = stretch(w, runs);
      spent += each * runs;
      if (spent >= plan.warm()) {
        return Math.max(1, (long) Math.ceil(plan.stretch() / each));
      }
      runs = Math.max(1, (long) Math.min(1e7, plan.stretch() / each));
    }
  }

  /** Seconds a run, over {@code runs} runs. */
  private static double stretch(Work w, long runs) throws Exception {
    try (var _ = w.around()) {
      long start = now();
      for (long i = 0; i < runs; i++) {
        w.run();
      }
      return Math.max(1, now() - start) * 1e-9 / runs;
    }
  }

  /** Nanoseconds of the clock, or of the processor on this thread, which on a busy machine tells more. */
  private static long now() {
    return PROCESSOR ? java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() : System.nanoTime();
  }

  /** Bytes that one run leaves to the garbage collector on this thread. */
  private static long allocated(Work w) {
    var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    int runs = 10;
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < runs; i++) {
      w.run();
    }
    return (threads.getCurrentThreadAllocatedBytes() - before) / runs;
  }

  /** Peak resident memory of this process so far in bytes; 0 where /proc does not tell. */
  private static long peakMemory() throws java.io.IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    try (var lines = Files.lines(status)) {
      return lines.filter(l -> l.startsWith("VmHWM:")).mapToLong(l -> Long.parseLong(l.replaceAll("\\D", ""))).findFirst().orElse(0) * 1024;
    }
  }

  /**
   * What one case took.
   *
   * @param name of the case
   * @param threads of both sides
   * @param ours seconds a run, a number for each round
   * @param peer the same of the peer; empty if it has no such case
   * @param difference of the results, relative; NaN without a peer
   * @param first seconds from the start of the process's work, loading of libraries included, to the first result of this case
   * @param allocated bytes a run of ours leaves to the garbage collector
   * @param memory peak resident memory of the process in bytes
   */
  record Measurement(
      String name, int threads, double[] ours, double[] peer, double difference, double first, long allocated, long memory) {
    String line() {
      return String.join("\t", name, String.valueOf(threads), join(ours), join(peer), String.valueOf(difference), String.valueOf(first),
          String.valueOf(allocated), String.valueOf(memory));
    }

    static Measurement of(String line) {
      String[] f = line.split("\t", -1);
      return new Measurement(
          f[0], Integer.parseInt(f[1]), split(f[2]), split(f[3]), Double.parseDouble(f[4]), Double.parseDouble(f[5]), Long.parseLong(f[6]),
          Long.parseLong(f[7]));
    }

    private static String join(double[] x) {
      var s = new StringBuilder();
      for (double v : x) {
        s.append(s.isEmpty() ? "" : ",").append(String.format(Locale.ROOT, "%.4e", v));
      }
      return s.toString();
    }

    private static double[] split(String s) {
      return s.isEmpty() ? new double[0] : java.util.Arrays.stream(s.split(",")).mapToDouble(Double::parseDouble).toArray();
    }
  }
}
