package org.cotangent.benchmarks.compare;

import java.util.Arrays;

/**
 * One line of the report.
 *
 * @param of the case
 * @param peer name of the peer
 * @param m what was measured
 */
record Row(Case of, String peer, Worker.Measurement m) {
  /** Median of ours, seconds a run. */
  double ours() {
    return quantile(m.ours(), 0.5);
  }

  /** Median of the peer, seconds a run; NaN if it has no such case. */
  double theirs() {
    return quantile(m.peer(), 0.5);
  }

  /** Quantile q of peer time by our time over the paired rounds. */
  double ratio(double q) {
    double[] r = new double[m.peer().length];
    for (int i = 0; i < r.length; i++) {
      r[i] = m.peer()[i] / m.ours()[i];
    }
    return quantile(r, q);
  }

  boolean compared() {
    return m.peer().length > 0;
  }

  /** The share of the machine's limit that ours reaches: of bandwidth or of products, whichever limits; NaN if neither is known. */
  double share(Limits limits) {
    double bytes = of.task().bytes();
    double flops = of.task().flops();
    return flops > 0 ? flops / ours() / limits.flops() : bytes > 0 ? bytes / ours() / limits.bandwidth() : Double.NaN;
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

  /**
   * The best that any side reached in this run.
   *
   * @param bandwidth bytes a second, of the additions of 1e7 elements
   * @param flops a second, of the products of 2048 x 2048
   */
  record Limits(double bandwidth, double flops) {}
}
