package org.cotangent.benchmarks.compare;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * What this machine can do at most, measured in the run itself.
 *
 * @param bandwidth bytes a second, read and written, of copying arrays of {@link #SIZES}, all threads together
 * @param flops floating-point operations a second of the faster library's products
 */
record Limits(double[] bandwidth, double flops) {
  /** Bytes that a copy reads and writes in all: in the first cache, the second, the third, and in none. */
  private static final int[] SIZES = {8 << 10, 512 << 10, 8 << 20, 128 << 20};

  private static final double STRETCH = 0.03;
  private static final int TRIES = 3;

  /** The bandwidth of a copy of nearly as many bytes. */
  double bandwidth(double bytes) {
    int best = 0;
    for (int i = 1; i < SIZES.length; i++) {
      if (Math.abs(Math.log(bytes / SIZES[i])) < Math.abs(Math.log(bytes / SIZES[best]))) {
        best = i;
      }
    }
    return bandwidth[best];
  }

  /** The better of each. */
  Limits or(Limits other) {
    double[] b = bandwidth.clone();
    for (int i = 0; i < b.length; i++) {
      b[i] = Math.max(b[i], other.bandwidth[i]);
    }
    return new Limits(b, Math.max(flops, other.flops));
  }

  String line() {
    return Measurement.join(bandwidth) + "\t" + flops;
  }

  static Limits of(String line) {
    String[] f = line.split("\t");
    return new Limits(Measurement.split(f[0]), Double.parseDouble(f[1]));
  }

  static Limits measure(int threads, Engine ours, Optional<Engine> peer) throws Exception {
    double[] bandwidth = new double[SIZES.length];
    for (int i = 0; i < SIZES.length; i++) {
      bandwidth[i] = SIZES[i] / copy(SIZES[i] / 2, threads);
    }
    double flops = 0;
    for (int n : new int[] {1024, 2048}) {
      Task task = new Task.Gemm(n);
      for (Engine e : Stream.concat(Stream.of(ours), peer.stream()).toList()) {
        Optional<Work> work = e.prepare(task);
        if (work.isPresent()) {
          flops = Math.max(flops, task.flops() / best(work.get()));
        }
      }
    }
    return new Limits(bandwidth, flops);
  }

  private static double best(Work work) throws Exception {
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i <= TRIES; i++) {
      least = Math.min(least, Worker.stretch(work, 1));
    }
    return least;
  }

  /** Seconds that all threads together take for a copy of {@code bytes}, each copying its part again and again. */
  private static double copy(int bytes, int threads) throws InterruptedException {
    var parts = Stream.generate(() -> new Copy(bytes / threads)).limit(threads).toList();
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < TRIES; i++) {
      long runs = (long) Math.ceil(STRETCH / parts.getFirst().seconds(1 + (16 << 20) / bytes));
      least = Math.min(least, threads == 1 ? parts.getFirst().seconds(runs) : together(parts, runs));
    }
    return least;
  }

  private static double together(List<Copy> parts, long runs) throws InterruptedException {
    var go = new CountDownLatch(1);
    var running = parts.stream().map(p -> Thread.ofPlatform().start(() -> {
      try {
        go.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      p.seconds(runs);
    })).toList();
    long start = System.nanoTime();
    go.countDown();
    for (Thread t : running) {
      t.join();
    }
    return (System.nanoTime() - start) * 1e-9 / runs;
  }

  /** An array and its copy. */
  private static final class Copy {
    private final byte[] from;
    private final byte[] to;

    Copy(int bytes) {
      from = new byte[bytes];
      to = new byte[bytes];
    }

    /** Seconds a copy. */
    double seconds(long runs) {
      long start = Worker.now();
      for (long i = 0; i < runs; i++) {
        System.arraycopy(from, 0, to, 0, from.length);
      }
      return Math.max(1, Worker.now() - start) * 1e-9 / runs;
    }
  }
}
