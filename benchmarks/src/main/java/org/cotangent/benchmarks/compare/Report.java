package org.cotangent.benchmarks.compare;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;

/** The table, the JSON file, the chart and the mean. */
final class Report {
  private final List<Row> rows;
  private final List<String> versions;

  Report(List<Row> rows, List<String> versions) {
    this.rows = rows;
    this.versions = versions;
  }

  /** The limits that the rows with this many threads reached. */
  private Row.Limits limits(int threads) {
    return new Row.Limits(best("add 1e7", threads, true), best("gemm 2048", threads, false));
  }

  private double best(String name, int threads, boolean bytes) {
    double best = Double.NaN;
    for (Row r : rows) {
      if (r.of().name().equals(name) && r.m().threads() == threads) {
        double work = bytes ? r.of().task().bytes() : r.of().task().flops();
        for (double t : new double[] {r.ours(), r.theirs()}) {
          best = Double.isNaN(best) || work / t > best ? work / t : best;
        }
      }
    }
    return best;
  }

  void print(PrintStream out) {
    versions.forEach(out::println);
    out.printf(Locale.ROOT, "%n%-32s %-9s %7s %11s %11s %7s %15s %7s %6s %9s %9s%n",
        "case", "peer", "threads", "ours", "peer", "ratio", "quartiles", "asked", "limit", "differ", "garbage");
    for (Row r : rows) {
      out.printf(Locale.ROOT, "%-32s %-9s %7d %11s %11s %7s %15s %7s %6s %9s %9s%n",
          r.of().name() + (r.of().loop() ? " *" : ""), r.peer(), r.m().threads(), time(r.ours()), time(r.theirs()), number(r.ratio(0.5)),
          r.compared() ? number(r.ratio(0.25)) + ".." + number(r.ratio(0.75)) : "", number(r.of().least())
          + (r.ratio(0.5) < r.of().least() ? " <" : ""), percent(r.share(limits(r.m().threads()))), difference(r), r.m().allocated());
    }
    out.println("\n* against a loop, left out of the mean;  < below what is asked;  limit: share of the best bandwidth or product rate seen here;"
        + "\n  garbage: bytes a run leaves to the collector");
  }

  /** The last line: the mean over rows of the geometric mean over their lines. */
  String summary(String peer) {
    Map<String, List<Row>> groups = rows.stream()
        .filter(r -> r.peer().equals(peer) && r.compared() && !r.of().loop())
        .collect(Collectors.groupingBy(r -> r.of().row()));
    double sum = 0;
    Row worst = null;
    for (List<Row> g : groups.values()) {
      sum += g.stream().mapToDouble(r -> Math.log(r.ratio(0.5))).average().orElseThrow();
      for (Row r : g) {
        worst = worst == null || r.ratio(0.5) < worst.ratio(0.5) ? r : worst;
      }
    }
    return worst == null
        ? "no peer was measured; pass --peers"
        : String.format(Locale.ROOT, "geometric mean vs %s: %.2f (worst %.2f at %s, %d threads)", peer, Math.exp(sum / groups.size()),
            worst.ratio(0.5), worst.of().name(), worst.m().threads());
  }

  void json(Path file) throws IOException {
    try (JsonGenerator g = new JsonFactory().createGenerator(file.toFile(), JsonEncoding.UTF8).useDefaultPrettyPrinter()) {
      g.writeStartObject();
      g.writeArrayFieldStart("versions");
      for (String v : versions) {
        g.writeString(v);
      }
      g.writeEndArray();
      g.writeArrayFieldStart("rows");
      for (Row r : rows) {
        g.writeStartObject();
        g.writeStringField("case", r.of().name());
        g.writeStringField("peer", r.peer());
        g.writeNumberField("threads", r.m().threads());
        g.writeBooleanField("loop", r.of().loop());
        g.writeNumberField("asked", r.of().least());
        g.writeNumberField("ratio", r.ratio(0.5));
        g.writeNumberField("difference", r.m().difference());
        g.writeNumberField("garbage", r.m().allocated());
        times(g, "ours", r.m().ours());
        times(g, "peerTimes", r.m().peer());
        g.writeEndObject();
      }
      g.writeEndArray();
      g.writeEndObject();
    }
  }

  private static void times(JsonGenerator g, String name, double[] x) throws IOException {
    g.writeFieldName(name);
    g.writeArray(x, 0, x.length);
  }

  /** A bar for each compared line; doublings, so that 0 is the peer's speed and as much slower is as long as as much faster. */
  void chart(Path file, String peer, int threads) throws IOException {
    var names = new ArrayList<String>();
    var ratios = new ArrayList<Double>();
    for (Row r : rows) {
      if (r.compared() && r.peer().equals(peer) && r.m().threads() == threads) {
        names.add(r.of().name());
        ratios.add(Math.log(r.ratio(0.5)) / Math.log(2));
      }
    }
    if (names.isEmpty()) {
      return;
    }
    CategoryChart chart = new CategoryChartBuilder().width(1800).height(800)
        .title(peer + " time / Cotangent time, " + threads + " threads").yAxisTitle("log2 of the ratio: 1 is twice as fast, 0 equal").build();
    chart.getStyler().setXAxisLabelRotation(90).setLegendVisible(false);
    chart.addSeries("ratio", names, ratios);
    BitmapEncoder.saveBitmap(chart, file.toString(), BitmapEncoder.BitmapFormat.PNG);
  }

  static String time(double s) {
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

  private static String difference(Row r) {
    return r.compared() ? String.format(Locale.ROOT, "%.1e", r.m().difference()) : "";
  }
}
