package org.cotangent.benchmarks.compare;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.cotangent.benchmarks.compare.Cold.First;

/** The tables. */
final class Report {
  private static final String LINE = "%-32s %11s %11s %7s %13s %8s %6s %9s %9s %8s %9s%n";

  private final Results results;

  Report(Results results) {
    this.results = results;
  }

  void print(PrintStream out) {
    results.versions().forEach(out::println);
    out.println(results.processor() ? "processor time of one thread" : "time of the clock");
    results.limits().forEach((threads, l) -> out.printf(Locale.ROOT,
        "%d %s: copies read and write %s GB/s in the first, second and third cache and beyond, products %.1f GFLOP/s%n", threads,
        threads == 1 ? "thread" : "threads", Arrays.stream(l.bandwidth()).mapToObj(b -> String.format(Locale.ROOT, "%.1f", b * 1e-9))
            .collect(Collectors.joining(", ")), l.flops() * 1e-9));
    for (Results.Group g : results.groups()) {
      String title = (g.peer().isEmpty() ? "" : "beside " + g.peer() + ", ") + g.threads() + (g.threads() == 1 ? " thread" : " threads");
      table(out, title, g, results.rows(g, false));
      table(out, title + ": the peer is a loop", g, results.rows(g, true));
    }
    results.absent().forEach((peer, names) -> out.println("\nnot expressed in " + peer + ": " + String.join(", ", names)));
    out.println("""

        ratio: peer time / ours, median of paired rounds;  < below what is asked;  limit: share of the fastest products, or of a copy of as many bytes
        MiB: peak of a process with this case and side alone;  garbage: bytes a run leaves to the collector""");
    warmUp(out);
    cold(out);
    for (Results.Group g : results.groups()) {
      String with = g.peer() + ", " + g.threads() + (g.threads() == 1 ? " thread" : " threads");
      Results.mean(results.rows(g, false)).ifPresent(m -> out.printf(Locale.ROOT, "%nvs %s: geometric mean %.2f, worst %.2f at %s",
          with, m.value(), m.worst().ratio(0.5), m.worst().of().name()));
      Results.mean(results.rows(g, true)).ifPresent(m -> out.printf(Locale.ROOT, "%nvs loops in %s: geometric mean %.2f, worst %.2f at %s",
          with, m.value(), m.worst().ratio(0.5), m.worst().of().name()));
    }
    out.println();
  }

  private void table(PrintStream out, String title, Results.Group g, List<Row> rows) {
    if (rows.isEmpty()) {
      return;
    }
    out.printf("%n%s%n", title);
    out.printf(LINE, "case", "ours", "peer", "ratio", "quartiles", "asked", "limit", "MiB ours", "MiB peer", "differ", "garbage");
    for (Row r : rows) {
      Measurement m = r.m();
      out.printf(LINE, r.of().name(), time(m.ours().steady()), time(m.peer().steady()), number(r.ratio(0.5)),
          m.peer().present() ? number(r.ratio(0.25)) + ".." + number(r.ratio(0.75)) : "",
          m.peer().present() ? number(r.of().least()) + (r.ratio(0.5) < r.of().least() ? " <" : "  ") : "",
          percent(r.share(results.limits().get(g.threads()))), mebibytes(results.memory(Results.OURS, r.of().name())),
          mebibytes(results.memory(g.peer(), r.of().name())), difference(m), m.allocated());
    }
  }

  private void warmUp(PrintStream out) {
    String line = "%-32s %-9s %7s %11s %11s %11s %11s %11s %11s%n";
    out.println("\nfirst result in a process where other cases ran, seconds of running until within a tenth of the steady state, and that state");
    out.printf(line, "case", "peer", "threads", "first ours", "peer", "warm ours", "peer", "steady ours", "peer");
    for (Row r : results.rows()) {
      Measurement.Times a = r.m().ours();
      Measurement.Times b = r.m().peer();
      out.printf(line, r.of().name(), r.peer(), r.m().threads(), time(a.first()), time(b.first()), time(a.warmUp()), time(b.warmUp()),
          time(a.steady()), time(b.steady()));
    }
  }

  private void cold(PrintStream out) {
    if (results.cold().isEmpty()) {
      return;
    }
    String line = "%-32s %-10s %7s %12s %12s %7s%n";
    out.println("\nfirst result of a fresh process, libraries loaded in it: medians");
    out.printf(line, "case", "side", "runs", "from main", "processor", "MiB");
    for (Map.Entry<String, Map<String, List<First>>> c : results.cold().entrySet()) {
      c.getValue().forEach((side, f) -> out.printf(line, c.getKey(), side, f.size(), time(median(f, First::seconds)),
          time(median(f, First::processor)), mebibytes(median(f, x -> x.memory()))));
    }
  }

  static double median(List<First> all, ToDoubleFunction<First> of) {
    return Measurement.quantile(all.stream().mapToDouble(of).toArray(), 0.5);
  }

  private static String time(double s) {
    return Double.isNaN(s) ? "" : s < 1e-6 ? fixed(s * 1e9, "ns") : s < 1e-3 ? fixed(s * 1e6, "us") : fixed(s * 1e3, "ms");
  }

  private static String fixed(double x, String unit) {
    return String.format(Locale.ROOT, "%.2f %s", x, unit);
  }

  private static String number(double x) {
    return Double.isNaN(x) ? "" : String.format(Locale.ROOT, "%.2f", x);
  }

  private static String percent(double x) {
    return Double.isNaN(x) ? "" : String.format(Locale.ROOT, "%.0f%%", 100 * x);
  }

  private static String mebibytes(double bytes) {
    return Double.isNaN(bytes) ? "" : String.format(Locale.ROOT, "%.0f", bytes / 1048576);
  }

  private static String difference(Measurement m) {
    return !m.peer().present() ? "" : m.agrees() ? String.format(Locale.ROOT, "%.1e", m.difference()) : "DIFFERS";
  }
}
