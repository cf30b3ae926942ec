package org.cotangent.examples.quickstart;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The handwritten digits that come with the program: the 1,797 images of 8x8 pixels of the test
 * part of the UCI data set "Optical Recognition of Handwritten Digits" by E. Alpaydin and C. Kaynak
 * (CC BY 4.0). The file {@code DIGITS-NOTICE.txt} beside the data says where it comes from.
 */
public final class Digits {
  private static final String RESOURCE = "digits.csv.gz";
  private static final int COUNT = 1797;
  private static final int SIDE = 8;
  private static final int PIXELS = SIDE * SIDE;
  private static final int CLASSES = 10;
  private static final int DARKEST = 16;

  private Digits() {}

  /**
   * Loads all digits.
   *
   * @return 1,797 images of 8x8 pixels in ten classes, in the order of the file
   * @throws MalformedDataException if the file is not the one that belongs to the program
   * @throws UncheckedIOException if it cannot be read
   * @throws IllegalStateException if it is not on the class path
   */
  public static ImageData load() {
    InputStream stream = Digits.class.getResourceAsStream(RESOURCE);
    if (stream == null) {
      throw new IllegalStateException(
          "The resource "
              + RESOURCE
              + " is missing beside "
              + Digits.class.getName()
              + "; the examples were not packaged with their data");
    }
    return read(RESOURCE, stream);
  }

  /** Reads and closes a gzipped table of digits. */
  static ImageData read(String file, InputStream gz) {
    try (gz;
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(gz), StandardCharsets.US_ASCII))) {
      return parse(file, lines);
    } catch (EOFException | ZipException e) {
      throw new MalformedDataException(
          file, "gzip stream", "damaged or cut short: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the digits from " + file, e);
    }
  }

  private static ImageData parse(String file, BufferedReader lines) throws IOException {
    float[] pixels = new float[COUNT * PIXELS];
    int[] labels = new int[COUNT];
    int row = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (row == COUNT) {
        throw new MalformedDataException(
            file, "number of lines", "more than the " + COUNT + " expected");
      }
      String[] values = line.split(",", -1);
      if (values.length != PIXELS + 1) {
        throw new MalformedDataException(
            file, "line " + (row + 1), values.length + " values, expected " + (PIXELS + 1));
      }
      for (int i = 0; i < PIXELS; i++) {
        pixels[row * PIXELS + i] = number(file, row, i, values[i], DARKEST) / (float) DARKEST;
      }
      labels[row] = number(file, row, PIXELS, values[PIXELS], CLASSES - 1);
      row++;
    }
    if (row != COUNT) {
      throw new MalformedDataException(file, "number of lines", row + ", expected " + COUNT);
    }
    return new ImageData("UCI digits", COUNT, SIDE, SIDE, CLASSES, pixels, labels);
  }

  private static int number(String file, int row, int column, String text, int max) {
    String field = "line " + (row + 1) + ", value " + (column + 1);
    try {
      int value = Integer.parseInt(text);
      if (value >= 0 && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new MalformedDataException(
          file, field, "\"" + text + "\", expected an integer in 0.." + max, e);
    }
    throw new MalformedDataException(file, field, text + ", expected 0.." + max);
  }
}
