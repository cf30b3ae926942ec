package org.cotangent.examples.quickstart;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * One file in the idx format with unsigned bytes as its values: a magic number of four bytes (two
 * zeros, the type 8, the number of dimensions), the dimensions as 32-bit big-endian integers, the
 * values. The file may be gzipped.
 *
 * <p>A file's header is believed only after the file has been found to hold exactly as many values
 * as it announces, which a gzipped file is decompressed twice for. So no header, however wrong,
 * makes the reader allocate more than a file of that size can fill.
 */
final class IdxFile {
  /** The most values a file may announce, more than five times those of Fashion-MNIST. */
  static final long MAX_VALUES = 1L << 28;

  private static final int UNSIGNED_BYTE = 8;
  private static final int BUFFER = 1 << 16;

  private final Path path;
  private final int[] sizes;
  private final int valueCount;

  private IdxFile(Path path, int[] sizes, int valueCount) {
    this.path = path;
    this.sizes = sizes;
    this.valueCount = valueCount;
  }

  /**
   * Opens a file by checking its header and its length.
   *
   * @param path the file, gzipped if its name ends in {@code .gz}
   * @param dimensions the number of dimensions it must have
   */
  static IdxFile check(Path path, int dimensions) {
    return guarded(
        path,
        () -> {
          try (InputStream in = open(path)) {
            int[] sizes = header(path, in, dimensions);
            long announced = announced(path, sizes);
            long actual =
                isGzip(path)
                    ? count(in, announced + 1)
                    : Files.size(path) - headerLength(dimensions);
            if (actual != announced) {
              boolean endless = actual > announced && isGzip(path);
              throw malformed(
                  path,
                  "number of values",
                  (endless ? "more than " + announced : String.valueOf(actual))
                      + " in the file, but the sizes "
                      + sizesText(sizes)
                      + " announce "
                      + announced);
            }
            return new IdxFile(path, sizes, (int) announced);
          }
        });
  }

  /** The file. */
  Path path() {
    return path;
  }

  /** The length of one of the dimensions. */
  int size(int dimension) {
    return sizes[dimension];
  }

  /** Reads the values, divided by 255. */
  float[] readFractions() {
    float[] fractions = new float[valueCount];
    read((at, value) -> fractions[at] = value / 255f);
    return fractions;
  }

  /** Reads the values as they are, none of which may be above {@code max}. */
  int[] readIntegers(int max) {
    int[] integers = new int[valueCount];
    read(
        (at, value) -> {
          if (value > max) {
            throw malformed(path, "value " + at, value + ", expected 0.." + max);
          }
          integers[at] = value;
        });
    return integers;
  }

  /** Takes the values one after the other. */
  private interface Sink {
    void put(int at, int value);
  }

  private void read(Sink sink) {
    guarded(
        path,
        () -> {
          try (InputStream in = open(path)) {
            in.skipNBytes(headerLength(sizes.length));
            byte[] buffer = new byte[BUFFER];
            for (int at = 0; at < valueCount; ) {
              int got = in.read(buffer, 0, Math.min(buffer.length, valueCount - at));
              if (got < 0) {
                throw new EOFException("changed while it was read");
              }
              for (int i = 0; i < got; i++) {
                sink.put(at++, buffer[i] & 0xff);
              }
            }
            return valueCount;
          }
        });
  }

  private static int[] header(Path path, InputStream in, int dimensions) throws IOException {
    int expected = UNSIGNED_BYTE << 8 | dimensions;
    int magic = integer(path, in, "magic number");
    if (magic != expected) {
      throw malformed(
          path,
          "magic number",
          String.format(
              "0x%08x, expected 0x%08x (unsigned bytes in %d dimensions)",
              magic, expected, dimensions));
    }
    int[] sizes = new int[dimensions];
    for (int d = 0; d < dimensions; d++) {
      sizes[d] = integer(path, in, "size of dimension " + d);
    }
    return sizes;
  }

  private static int integer(Path path, InputStream in, String field) throws IOException {
    byte[] bytes = in.readNBytes(Integer.BYTES);
    if (bytes.length < Integer.BYTES) {
      throw malformed(path, field, "the file ends after " + bytes.length + " of its 4 bytes");
    }
    return (bytes[0] & 0xff) << 24
        | (bytes[1] & 0xff) << 16
        | (bytes[2] & 0xff) << 8
        | bytes[3] & 0xff;
  }

  /** The number of values that the sizes announce; sizes above 2^31 - 1 have come out negative. */
  private static long announced(Path path, int[] sizes) {
    long values = 1;
    for (int d = 0; d < sizes.length; d++) {
      if (sizes[d] == 0) {
        throw malformed(path, "size of dimension " + d, "0, expected at least 1");
      }
      long size = sizes[d] & 0xffffffffL;
      if (size > MAX_VALUES / values) {
        throw malformed(
            path,
            "size of dimension " + d,
            size
                + ", which with the sizes "
                + sizesText(sizes)
                + " announces more than "
                + MAX_VALUES
                + " values");
      }
      values *= size;
    }
    return values;
  }

  private static String sizesText(int[] sizes) {
    StringBuilder text = new StringBuilder();
    for (int size : sizes) {
      text.append(text.isEmpty() ? "" : "x").append(Integer.toUnsignedString(size));
    }
    return text.toString();
  }

  /** Counts the bytes that follow, but no further than the limit. */
  private static long count(InputStream in, long limit) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long count = 0;
    while (count < limit) {
      int got = in.read(buffer, 0, (int) Math.min(buffer.length, limit - count));
      if (got < 0) {
        return count;
      }
      count += got;
    }
    return count;
  }

  private static int headerLength(int dimensions) {
    return Integer.BYTES * (1 + dimensions);
  }

  private static boolean isGzip(Path path) {
    return path.toString().endsWith(".gz");
  }

  private static InputStream open(Path path) throws IOException {
    InputStream file = new BufferedInputStream(Files.newInputStream(path), BUFFER);
    if (!isGzip(path)) {
      return file;
    }
    try {
      return new GZIPInputStream(file, BUFFER);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** What reads a file. */
  private interface Reading<T> {
    T read() throws IOException;
  }

  private static <T> T guarded(Path path, Reading<T> reading) {
    try {
      return reading.read();
    } catch (EOFException e) {
      throw new MalformedDataException(
          path.toString(), "end of file", "cut short: " + e.getMessage(), e);
    } catch (ZipException e) {
      throw new MalformedDataException(
          path.toString(), "gzip stream", "damaged: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  static MalformedDataException malformed(Path path, String field, String detail) {
    return new MalformedDataException(path.toString(), field, detail);
  }
}
