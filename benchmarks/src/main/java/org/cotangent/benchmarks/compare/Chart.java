package org.cotangent.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler;

/** A bar for each case and peer. */
final class Chart {
  private Chart() {}

  /** One picture for each number of threads; none where nothing was compared, or where Java cannot draw. */
  static List<Path> write(Results results, Path folder) throws IOException {
    var files = new ArrayList<Path>();
    for (int threads : results.limits().keySet()) {
      List<Row> rows = results.rows().stream().filter(r -> r.compared() && r.m().threads() == threads).toList();
      if (!rows.isEmpty()) {
        files.add(write(rows, threads, results.processor(), folder.resolve("bench-" + threads + ".png")));
      }
    }
    return files;
  }

  /** Doublings, so that 0 is the peer's speed and as much slower is as long as as much faster. */
  private static Path write(List<Row> rows, int threads, boolean processor, Path file) throws IOException {
    var names = new ArrayList<>(new LinkedHashSet<>(rows.stream().map(r -> r.of().name() + (r.of().loop() ? " *" : "")).toList()));
    CategoryChart chart = new CategoryChartBuilder().width(Math.max(1000, 34 * names.size())).height(800)
        .title("peer time / Cotangent time, " + (processor ? "processor time of one thread" : threads + " threads") + " (* the peer is a loop)")
        .yAxisTitle("log2 of the ratio: 1 is twice as fast, 0 equal, -1 half as fast").build();
    chart.getStyler().setXAxisLabelRotation(90).setLegendPosition(Styler.LegendPosition.OutsideE);
    for (String peer : new LinkedHashSet<>(rows.stream().map(Row::peer).toList())) {
      var bars = new ArrayList<Double>();
      for (String name : names) {
        bars.add(rows.stream().filter(r -> r.peer().equals(peer) && (r.of().name() + (r.of().loop() ? " *" : "")).equals(name))
            .map(r -> Math.log(r.ratio(0.5)) / Math.log(2)).findFirst().orElse(null));
      }
      chart.addSeries(peer, names, bars);
    }
    BitmapEncoder.saveBitmap(chart, file.toString(), BitmapEncoder.BitmapFormat.PNG);
    return file;
  }
}
