package org.cotangent.benchmarks.compare;

import java.util.Arrays;
import java.util.Locale;

/**
 * What one case took in one process.
 *
 * @param name of the case
 * @param threads of both sides
 * @param ours of Cotangent, or of the one side that ran
 * @param peer of the peer; without times if it has no such case
 * @param difference of the results, as a share of the largest number; NaN without a peer
 * @param allocated bytes a run of ours leaves to the garbage collector
 * @param memory peak resident memory of the process in bytes
 */
record Measurement(String name, int threads, Times ours, Times peer, double difference, long allocated, long memory) {
  /** Results whose difference is larger do not agree: as much as sums of 4 million elements in another order differ, twice. */
  static final double TOLERANCE = 1e-4;

  /**
   * One side.
   *
   * @param rounds seconds a run, a number for each round
   * @param first seconds to the first result in a process where other cases ran before
   * @param elapsed seconds of running before each stretch of the warm-up
   * @param each seconds a run in that stretch
   */
  record Times(double[] rounds, double first, double[] elapsed, double[] each) {
    static final Times NONE = new Times(new double[0], Double.NaN, new double[0], new double[0]);

    boolean present() {
      return rounds.length > 0;
    }

    /** Median of the rounds, seconds a run; NaN without rounds. */
    double steady() {
      return quantile(rounds, 0.5);
    }

    /** Seconds of running until a stretch came within a tenth of the median of the rounds; all of the warm-up if none did. */
    double warmUp() {
      for (int i = 0; i < each.length; i++) {
        if (each[i] <= 1.1 * steady()) {
          return elapsed[i];
        }
      }
      return each.length == 0 ? Double.NaN : elapsed[each.length - 1] + each[each.length - 1];
    }

    private String text() {
      return join(rounds) + "\t" + first + "\t" + join(elapsed) + "\t" + join(each);
    }

    private static Times of(String[] f, int at) {
      return new Times(split(f[at]), Double.parseDouble(f[at + 1]), split(f[at + 2]), split(f[at + 3]));
    }
  }

  boolean agrees() {
    return !(difference > TOLERANCE);
  }

  /** One line of text. */
  String line() {
    return String.join("\t", name, String.valueOf(threads), ours.text(), peer.text(), String.valueOf(difference), String.valueOf(allocated),
        String.valueOf(memory));
  }

  /** What {@link #line} gave. */
  static Measurement of(String line) {
    String[] f = line.split("\t", -1);
    return new Measurement(
        f[0], Integer.parseInt(f[1]), Times.of(f, 2), Times.of(f, 6), Double.parseDouble(f[10]), Long.parseLong(f[11]), Long.parseLong(f[12]));
  }

  static double quantile(double[] x, double q) {
    if (x.length == 0) {
      return Double.NaN;
    }
    double[] s = x.clone();
    Arrays.sort(s);
    double at = q * (s.length - 1);
    int i = (int) at;
    return i + 1 < s.length ? s[i] + (at - i) * (s[i + 1] - s[i]) : s[i];
  }

  static String join(double[] x) {
    var s = new StringBuilder();
    for (double v : x) {
      s.append(s.isEmpty() ? "" : ",").append(String.format(Locale.ROOT, "%.4e", v));
    }
    return s.toString();
  }

  static double[] split(String s) {
    return s.isEmpty() ? new double[0] : Arrays.stream(s.split(",")).mapToDouble(Double::parseDouble).toArray();
  }
}
