package org.cotangent.examples.quickstart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.DoubleToIntFunction;

/** Draws an image, the Jacobian of the logits in it as one image a class, and a colour bar. */
final class SaliencyPicture {
  private static final int MOST_COLUMNS = 5;
  private static final int LEAST_WIDTH = 960;
  private static final int TILE = 168;
  private static final int GAP = 20;
  private static final int CAPTION = 26;
  private static final int MARGIN = 28;
  private static final int TOP = 84;
  private static final int DIGIT = 280;
  private static final int ROWS_LEFT = MARGIN + DIGIT + 44;
  private static final int BAR_WIDTH = 20;
  private static final int BAR_LABELS = 110;

  private static final Color INK = new Color(0x222222);
  private static final Color FAINT = new Color(0x666666);
  private static final Color EDGE = new Color(0xb8b8b8);
  private static final int PAPER = 0xffffff;
  private static final int BLACK = 0x111111;

  private final float[] image;
  private final int height;
  private final int width;
  private final float[][] rows;
  private final int label;
  private final int predicted;
  private final double limit;
  private final int columns;
  private final int barLeft;

  /** Takes what to draw, already checked. */
  SaliencyPicture(float[] image, int height, int width, float[][] rows, int label, int predicted) {
    this.image = image;
    this.height = height;
    this.width = width;
    this.rows = rows;
    this.label = label;
    this.predicted = predicted;
    this.limit = largestMagnitude(rows);
    this.columns = Math.min(MOST_COLUMNS, rows.length);
    this.barLeft = ROWS_LEFT + columns * (TILE + GAP) + 12;
  }

  /** Writes the picture. */
  void write(Path png) {
    int pictureWidth = Math.max(LEAST_WIDTH, barLeft + BAR_WIDTH + BAR_LABELS);
    int pictureHeight = TOP + Math.max(rowsHeight(), DIGIT + 2 * CAPTION) + MARGIN;
    PngFile.write(png, pictureWidth, pictureHeight, this::draw);
  }

  private int rowsHeight() {
    int lines = (rows.length + columns - 1) / columns;
    return lines * (TILE + CAPTION + GAP) - GAP;
  }

  private void draw(Graphics2D g) {
    g.setColor(INK);
    g.setFont(font(Font.BOLD, 20));
    g.drawString("What each logit sees in the image", MARGIN, 38);
    g.setColor(FAINT);
    g.setFont(font(Font.PLAIN, 14));
    g.drawString(
        "Rows of the Jacobian d logit k / d input: a higher pixel value (darker here)"
            + " raises the logit where red and lowers it where blue",
        MARGIN,
        62);
    drawImage(g);
    for (int k = 0; k < rows.length; k++) {
      drawRow(g, k);
    }
    drawBar(g);
  }

  private void drawImage(Graphics2D g) {
    int top = TOP + CAPTION;
    tiles(
        g,
        image,
        MARGIN,
        top,
        DIGIT,
        pixel ->
            Float.isFinite((float) pixel)
                ? DivergingColours.mix(PAPER, BLACK, Math.clamp(pixel, 0.0, 1.0))
                : DivergingColours.NOT_FINITE);
    frame(g, MARGIN, top, DIGIT, EDGE, 1);
    g.setColor(INK);
    g.setFont(font(Font.BOLD, 15));
    g.drawString("input", MARGIN, top - 9);
    g.setFont(font(Font.PLAIN, 15));
    g.drawString("label " + label + ", predicted " + predicted, MARGIN, top + DIGIT + 24);
  }

  private void drawRow(Graphics2D g, int k) {
    int left = ROWS_LEFT + k % columns * (TILE + GAP);
    int top = TOP + CAPTION + k / columns * (TILE + CAPTION + GAP);
    tiles(g, rows[k], left, top, TILE, value -> DivergingColours.of(value, limit));
    boolean isLabel = k == label;
    frame(g, left, top, TILE, isLabel ? INK : EDGE, isLabel ? 3 : 1);
    g.setColor(INK);
    g.setFont(font(isLabel ? Font.BOLD : Font.PLAIN, 14));
    g.drawString("d logit " + k + " / d input", left, top - 9);
  }

  private void drawBar(Graphics2D g) {
    int top = TOP + CAPTION;
    int length = Math.max(TILE, rowsHeight() - CAPTION);
    for (int y = 0; y < length * PngFile.SCALE; y++) {
      double share = 1 - 2 * (y + 0.5) / (length * PngFile.SCALE);
      g.setColor(new Color(DivergingColours.of(share * limit, limit)));
      pixels(g, barLeft * PngFile.SCALE, top * PngFile.SCALE + y, BAR_WIDTH * PngFile.SCALE, 1);
    }
    g.setColor(EDGE);
    g.setStroke(new BasicStroke(1));
    g.drawRect(barLeft, top, BAR_WIDTH, length);
    g.setFont(font(Font.PLAIN, 14));
    for (int tick = -2; tick <= 2; tick++) {
      int y = top + Math.round(length * (2 - tick) / 4f);
      g.setColor(FAINT);
      g.drawLine(barLeft + BAR_WIDTH, y, barLeft + BAR_WIDTH + 5, y);
      g.setColor(INK);
      g.drawString(text(limit * tick / 2), barLeft + BAR_WIDTH + 10, y + 5);
    }
  }

  /** Draws values as squares that fill a square as far as the image's shape allows. */
  private void tiles(
      Graphics2D g, float[] values, int left, int top, int side, DoubleToIntFunction colour) {
    int room = side * PngFile.SCALE;
    int longer = Math.max(height, width);
    g.setColor(new Color(0xf0f0f0));
    g.fillRect(left, top, side, side);
    int x0 = left * PngFile.SCALE + (longer - width) * room / longer / 2;
    int y0 = top * PngFile.SCALE + (longer - height) * room / longer / 2;
    for (int y = 0; y < height; y++) {
      int above = (int) ((long) y * room / longer);
      int below = (int) ((y + 1L) * room / longer);
      for (int x = 0; x < width; x++) {
        int from = (int) ((long) x * room / longer);
        int to = (int) ((x + 1L) * room / longer);
        g.setColor(new Color(colour.applyAsInt(values[y * width + x])));
        pixels(g, x0 + from, y0 + above, to - from, below - above);
      }
    }
  }

  /** Fills pixels of the file, whatever the scale of the drawing, so that no seams show. */
  private static void pixels(Graphics2D g, int x, int y, int width, int height) {
    AffineTransform before = g.getTransform();
    g.setTransform(new AffineTransform());
    g.fillRect(x, y, width, height);
    g.setTransform(before);
  }

  private static void frame(
      Graphics2D g, int left, int top, int side, Color colour, int thickness) {
    g.setColor(colour);
    g.setStroke(new BasicStroke(thickness, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
    int out = thickness / 2;
    g.drawRect(left - out, top - out, side + 2 * out, side + 2 * out);
  }

  /** Writes a number with its sign in three digits. */
  private static String text(double value) {
    double magnitude = Math.abs(value);
    String digits =
        magnitude == 0 || magnitude >= 1e-3 && magnitude < 1e5
            ? new BigDecimal(magnitude)
                .round(new MathContext(3))
                .stripTrailingZeros()
                .toPlainString()
            : String.format(Locale.ROOT, "%.2e", magnitude);
    String sign = value > 0 ? "+" : value < 0 ? "-" : "";
    return (sign + digits).replace('-', '\u2212');
  }

  private static double largestMagnitude(float[][] rows) {
    double largest = 0;
    for (float[] row : rows) {
      for (float value : row) {
        largest = Float.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
      }
    }
    return largest == 0 ? 1 : largest;
  }

  private static Font font(int style, int size) {
    return new Font(Font.SANS_SERIF, style, size);
  }
}
