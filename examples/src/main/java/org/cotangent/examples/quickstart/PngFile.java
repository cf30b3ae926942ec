package org.cotangent.examples.quickstart;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes drawings as PNG files. */
final class PngFile {
  /** How many pixels of the file a unit of the drawing takes in either direction. */
  static final int SCALE = 2;

  private PngFile() {}

  /**
   * Writes a drawing, in folders that are made if they are missing.
   *
   * @param width the width of the drawing in its own units
   * @param height its height
   * @param drawing draws it on white
   */
  static void write(Path png, int width, int height, Consumer<Graphics2D> drawing) {
    BufferedImage picture =
        new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = picture.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.scale(SCALE, SCALE);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, width, height);
    drawing.accept(g);
    g.dispose();
    try {
      Path folder = png.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      try (OutputStream file = Files.newOutputStream(png);
          ImageOutputStream out = new MemoryCacheImageOutputStream(file)) {
        if (!ImageIO.write(picture, "png", out)) {
          throw new IllegalStateException("This Java runtime has no PNG writer");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the picture " + png + ": " + e, e);
    }
  }
}
