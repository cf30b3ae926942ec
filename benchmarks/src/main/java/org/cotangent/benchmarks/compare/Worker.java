package org.cotangent.benchmarks.compare;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
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

  /** What the line of the machine's limits begins with. */
  static final String LIMITS = "@limits ";

  /** What the name of a case begins with that the peer cannot express. */
  static final String ABSENT = "@absent ";

  /** Set to measure the processor time of the calling thread. */
  static final String PROCESSOR_TIME = "cotangent.bench.processor";

  /** The class path of the peer, in a loader of its own; where it is not set, a peer is looked for beside ours. */
  static final String PEER_PATH = "cotangent.bench.peer";

  private static final boolean PROCESSOR = Boolean.getBoolean(PROCESSOR_TIME);

  private final Plan plan;
  private final Engine ours;
  private final Optional<Engine> peer;

  private Worker(Plan plan) throws IOException {
    this.plan = plan;
    this.ours = plan.side() == Plan.Side.PEER ? peer().orElseThrow() : new CotangentEngine();
    this.peer = plan.side() == Plan.Side.BOTH ? peer() : Optional.empty();
  }

  /** Runs the cases named on the command line. */
  public static void main(String[] arguments) throws Exception {
    new Worker(Plan.of(arguments)).run();
  }

  /** The peer of this process, if it has one. */
  private static Optional<Engine> peer() throws IOException {
    String path = System.getProperty(PEER_PATH);
    if (path != null) {
      Thread.currentThread().setContextClassLoader(PeerLoader.of(path));
    }
    return ServiceLoader.load(Engine.class).findFirst();
  }

  private void run() throws Exception {
    peer.ifPresent(Engine::unpack);
    ours.threads(plan.threads());
    peer.ifPresent(p -> p.threads(plan.threads()));
    System.out.println(VERSIONS + ours.version() + peer.map(p -> "\t" + p.version()).orElse(""));
    if (plan.side() == Plan.Side.BOTH) {
      System.out.println(LIMITS + Limits.measure(plan.threads(), ours, peer).line());
    }
    for (String name : plan.cases()) {
      Case c = Cases.named(name);
      Optional<Work> mine = ours.prepare(c.task());
      Optional<Work> other = peer.flatMap(p -> p.prepare(c.task()));
      boolean absent = mine.isEmpty() || peer.isPresent() && other.isEmpty();
      System.out.println(absent ? ABSENT + name : MARK + measure(c, mine.get(), other).line());
    }
  }

  private Measurement measure(Case c, Work mine, Optional<Work> other) throws Exception {
    var a = new Side(mine);
    var b = other.map(Side::new);
    double difference = Double.NaN;
    float[] result = a.first();
    if (b.isPresent()) {
      difference = difference(result, b.get().first());
    }
    a.warmUp();
    if (b.isPresent()) {
      b.get().warmUp();
    }
    for (int r = 0; r < plan.rounds(); r++) {
      if (r % 2 == 0) {
        a.round(r);
      }
      if (b.isPresent()) {
        b.get().round(r);
      }
      if (r % 2 == 1) {
        a.round(r);
      }
    }
    return new Measurement(
        c.name(), plan.threads(), a.times(), b.map(Side::times).orElse(Measurement.Times.NONE), difference, allocated(mine), Usage.peakMemory());
  }

  /** One side of one case. */
  private final class Side {
    private final Work work;
    private final double[] rounds = new double[plan.rounds()];
    private final ArrayList<Double> elapsed = new ArrayList<>();
    private final ArrayList<Double> each = new ArrayList<>();
    private double first;
    private long runs = 1;

    Side(Work work) {
      this.work = work;
    }

    float[] first() {
      long start = now();
      float[] x = work.result();
      first = (now() - start) * 1e-9;
      return x;
    }

    /** Finds how many runs fill a stretch, while it warms up. */
    void warmUp() throws Exception {
      double spent = 0;
      while (spent < plan.warm()) {
        double t = stretch(work, runs);
        elapsed.add(spent);
        each.add(t);
        spent += t * runs;
        runs = Math.max(1, (long) Math.min(1e7, Math.ceil(plan.stretch() / t)));
      }
    }

    void round(int r) throws Exception {
      rounds[r] = stretch(work, runs);
    }

    Measurement.Times times() {
      return new Measurement.Times(
          rounds, first, elapsed.stream().mapToDouble(x -> x).toArray(), each.stream().mapToDouble(x -> x).toArray());
    }
  }

  /** The largest difference of two results, as a share of the largest number; a number that is none differs by infinity. */
  static double difference(float[] a, float[] b) {
    if (a.length != b.length) {
      throw new IllegalStateException("results differ in size: " + a.length + " and " + b.length);
    }
    double d = 0;
    double scale = 0;
    for (int i = 0; i < a.length; i++) {
      if (!Float.isFinite(a[i]) || !Float.isFinite(b[i])) {
        return Double.POSITIVE_INFINITY;
      }
      d = Math.max(d, Math.abs((double) a[i] - b[i]));
      scale = Math.max(scale, Math.abs(b[i]));
    }
    return scale == 0 ? d : d / scale;
  }

  /** Seconds a run, over {@code runs} runs. */
  static double stretch(Work w, long runs) throws Exception {
    try (var _ = w.around()) {
      long start = now();
      for (long i = 0; i < runs; i++) {
        w.run();
      }
      return Math.max(1, now() - start) * 1e-9 / runs;
    }
  }

  /** Nanoseconds of the clock, or of the processor on this thread, which on a busy machine tells more. */
  static long now() {
    return PROCESSOR ? ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() : System.nanoTime();
  }

  /** Bytes that one run leaves to the garbage collector on this thread. */
  private static long allocated(Work w) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    int runs = 10;
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < runs; i++) {
      w.run();
    }
    return (threads.getCurrentThreadAllocatedBytes() - before) / runs;
  }
}
