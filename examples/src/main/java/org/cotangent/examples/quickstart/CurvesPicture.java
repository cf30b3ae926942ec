package org.cotangent.examples.quickstart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws training loss and test accuracy side by side. */
final class CurvesPicture {
  private static final int WIDTH = 1100;
  private static final int HEIGHT = 460;

  private static final Color INK = new Color(0x222222);
  private static final Color GRID = new Color(0xdddddd);
  private static final Color LOSS = new Color(0xb5401f);
  private static final Color ACCURACY = new Color(0x1f5fa8);
  private static final int PLOT_WIDTH = 440;
  private static final int TICK_SPACING = 50;
  private static final int MOST_TICKS = 15;
  private static final int MOST_MARKERS = 60;

  private CurvesPicture() {}

  /**
   * Writes the picture.
   *
   * @param losses the losses
   * @param accuracies the accuracies, from 0 to 1
   */
  static void write(Path png, double[] losses, double[] accuracies) {
    PngFile.write(png, WIDTH, HEIGHT, g -> draw(g, losses, accuracies));
  }

  private static void draw(Graphics2D g, double[] losses, double[] accuracies) {
    double[] percents = Arrays.stream(accuracies).map(a -> 100 * a).toArray();
    XYChart left =
        chart(
            String.format(Locale.ROOT, "Training loss (last: %.4g)", losses[losses.length - 1]),
            "mean loss",
            losses,
            LOSS);
    double largest = finite(losses).max().orElse(0);
    if (largest > 0 && finite(losses).allMatch(loss -> loss >= 0)) {
      left.getStyler().setYAxisMin(0.0);
      left.getStyler().setYAxisMax(1.05 * largest);
    }
    XYChart right =
        chart(
            String.format(
                Locale.ROOT,
                "Test accuracy (last: %.1f %%, best: %.1f %%)",
                percents[percents.length - 1],
                finite(percents).max().orElse(Double.NaN)),
            "recognized, %",
            percents,
            ACCURACY);
    double worst = finite(percents).min().orElse(0);
    right.getStyler().setYAxisMin(Math.max(0, 5 * Math.floor((worst - 1) / 5)));
    right.getStyler().setYAxisMax(100.0);
    left.paint(g, WIDTH / 2, HEIGHT);
    g.translate(WIDTH / 2, 0);
    right.paint(g, WIDTH / 2, HEIGHT);
    g.translate(-WIDTH / 2, 0);
  }

  private static DoubleStream finite(double[] values) {
    return Arrays.stream(values).filter(Double::isFinite);
  }

  private static XYChart chart(String title, String yTitle, double[] values, Color color) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH / 2)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("epoch")
            .yAxisTitle(yTitle)
            .build();
    style(chart.getStyler());
    // XChart labels an evenly spaced axis at multiples such as 12; an unseen point off the grid
    // in front makes it choose round ones.
    int front = values.length > MOST_TICKS ? 1 : 0;
    double[] epochs = new double[front + values.length];
    double[] drawn = new double[front + values.length];
    Arrays.fill(epochs, 0.5);
    Arrays.fill(drawn, Double.NaN);
    for (int i = 0; i < values.length; i++) {
      epochs[front + i] = i + 1;
      drawn[front + i] = Double.isFinite(values[i]) ? values[i] : Double.NaN;
    }
    boolean empty = finite(values).findAny().isEmpty();
    if (empty) {
      chart.setTitle(title + ": nothing finite to draw");
      Arrays.fill(drawn, 0); // The chart needs numbers, though they are not shown.
    }
    XYSeries series = chart.addSeries(yTitle, epochs, drawn);
    series.setLineColor(color);
    series.setLineStyle(empty ? SeriesLines.NONE : SeriesLines.SOLID);
    series.setLineWidth(2.2f);
    series.setMarkerColor(color);
    series.setMarker(
        empty || values.length > MOST_MARKERS ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
    ticks(chart.getStyler(), values.length);
    return chart;
  }

  private static void style(XYStyler styler) {
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBackgroundColor(Color.WHITE);
    styler.setPlotBorderVisible(false);
    styler.setPlotGridLinesColor(GRID);
    styler.setPlotGridLinesStroke(new BasicStroke(0.8f));
    styler.setPlotGridVerticalLinesVisible(false);
    styler.setChartFontColor(INK);
    styler.setChartTitleBoxVisible(false);
    styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 16));
    styler.setChartTitlePadding(10);
    styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    styler.setAxisTickLabelsColor(INK);
    styler.setYAxisLabelAlignment(AxesChartStyler.TextAlignment.Right);
    styler.setXAxisTitleColor(INK);
    styler.setYAxisTitleColor(INK);
    styler.setLegendVisible(false);
    styler.setChartPadding(16);
    styler.setMarkerSize(6);
    styler.setLocale(Locale.ROOT);
    styler.setAntiAlias(true);
  }

  /** Labels whole epochs only: each of a few, else round numbers. */
  private static void ticks(XYStyler styler, int epochs) {
    boolean each = epochs > 1 && epochs <= MOST_TICKS;
    styler.setXAxisMin(each ? 1.0 : 0.0);
    styler.setXAxisMax((double) Math.max(2, epochs));
    styler.setXAxisTickMarkSpacingHint(Math.max(TICK_SPACING, PLOT_WIDTH / (epochs + 1)));
    styler.setXAxisDecimalPattern("0");
    if (each) {
      styler.setxAxisTickLabelsFormattingFunction(
          epoch -> epoch == Math.rint(epoch) ? String.valueOf(epoch.longValue()) : "");
    }
  }
}
