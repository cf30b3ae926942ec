package org.cotangent.benchmarks.compare;

/**
 * One line of the report.
 *
 * @param of the case
 * @param peer name of the peer; empty if none ran
 * @param m what was measured
 */
record Row(Case of, String peer, Measurement m) {
  /** Quantile q of peer time by our time over the paired rounds. */
  double ratio(double q) {
    double[] r = new double[m.peer().rounds().length];
    for (int i = 0; i < r.length; i++) {
      r[i] = m.peer().rounds()[i] / m.ours().rounds()[i];
    }
    return Measurement.quantile(r, q);
  }

  /** Whether the peer has the case, with the same result. */
  boolean compared() {
    return m.peer().present() && m.agrees();
  }

  /** The share of the machine's limit that ours reaches: of products, or else of a copy of as many bytes; NaN if neither bounds the case. */
  double share(Limits limits) {
    double bytes = of.task().bytes();
    double flops = of.task().flops();
    double t = m.ours().steady();
    return flops > 0 ? flops / t / limits.flops() : bytes > 0 ? bytes / t / limits.bandwidth(bytes) : Double.NaN;
  }
}
