package org.cotangent.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
  private static final int IMAGES = 0x803;
  private static final int LABELS = 0x801;

  @TempDir Path dir;

  @BeforeEach
  void writeGoodFiles() throws IOException {
    put("train-images-idx3-ubyte", idx(ints(IMAGES, 3, 2, 4), ramp(24)));
    put("train-labels-idx1-ubyte", idx(ints(LABELS, 3), new byte[] {0, 9, 4}));
    put("t10k-images-idx3-ubyte", idx(ints(IMAGES, 1, 2, 4), ramp(8)));
    put("t10k-labels-idx1-ubyte", idx(ints(LABELS, 1), new byte[] {7}));
  }

  @Test
  void plainFilesAreRead() {
    check(Idx.read(dir));
  }

  @Test
  void gzippedFilesAreRead() throws IOException {
    for (String part : new String[] {"train", "t10k"}) {
      zip(part + "-images-idx3-ubyte");
      zip(part + "-labels-idx1-ubyte");
    }
    check(Idx.read(dir));
  }

  @Test
  void fileOfSeveralBuffersIsReadWhole() throws IOException {
    byte[] pixels = ramp(500 * 28 * 28);
    put("train-images-idx3-ubyte", idx(ints(IMAGES, 500, 28, 28), pixels));
    put("train-labels-idx1-ubyte", idx(ints(LABELS, 500), new byte[500]));
    put("t10k-images-idx3-ubyte", idx(ints(IMAGES, 1, 28, 28), ramp(28 * 28)));
    zip("train-images-idx3-ubyte");
    float[] read = Idx.read(dir).train().pixels();
    for (int i = 0; i < read.length; i++) {
      if (read[i] != (pixels[i] & 0xff) / 255f) {
        assertThat(read[i]).as("pixel " + i).isEqualTo((pixels[i] & 0xff) / 255f);
      }
    }
  }

  @Test
  void missingFilesAreNamed() throws IOException {
    Files.delete(dir.resolve("t10k-labels-idx1-ubyte"));
    assertThatThrownBy(() -> Idx.read(dir))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("Neither t10k-labels-idx1-ubyte nor t10k-labels-idx1-ubyte.gz is in " + dir);
    assertThatThrownBy(() -> Idx.read(dir.resolve("none")))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void unreadableFileIsNamed() throws IOException {
    Files.delete(dir.resolve("t10k-labels-idx1-ubyte"));
    Files.createDirectory(dir.resolve("t10k-labels-idx1-ubyte"));
    assertThatThrownBy(() -> Idx.read(dir))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("t10k-labels-idx1-ubyte");
  }

  @Test
  void otherFormatsAreRefused() throws IOException {
    String file = "train-images-idx3-ubyte";
    put(file, idx(ints(LABELS, 24), ramp(24)));
    refused(file, "magic number", "0x00000801, expected 0x00000803");
    put(file, idx(ints(0xd03, 3, 2, 4), ramp(24)));
    refused(file, "magic number", "0x00000d03");
    put(file, new byte[0]);
    refused(file, "magic number", "ends after 0 of its 4 bytes");
    put(file, idx(ints(IMAGES, 3), new byte[] {0, 0, 0}));
    refused(file, "size of dimension 1", "ends after 3 of its 4 bytes");
  }

  @Test
  void wrongLengthsAreRefused() throws IOException {
    String file = "train-images-idx3-ubyte";
    put(file, idx(ints(IMAGES, 3, 2, 4), ramp(23)));
    refused(file, "number of values", "23 in the file, but the sizes 3x2x4 announce 24");
    put(file, idx(ints(IMAGES, 3, 2, 4), ramp(30)));
    refused(file, "number of values", "30 in the file, but the sizes 3x2x4 announce 24");
    put(file, idx(ints(IMAGES, 3, 2, 4), ramp(23)));
    zip(file);
    refused(file + ".gz", "number of values", "23 in the file");
    put(file, idx(ints(IMAGES, 3, 2, 4), ramp(30)));
    zip(file);
    refused(file + ".gz", "number of values", "more than 24 in the file");
  }

  @Test
  void absurdSizesAreRefused() throws IOException {
    String file = "train-images-idx3-ubyte";
    put(file, idx(ints(IMAGES, Integer.MAX_VALUE, 28, 28), ramp(24)));
    refused(file, "size of dimension 0", "2147483647");
    put(file, idx(ints(IMAGES, -1, 28, 28), ramp(24)));
    refused(file, "size of dimension 0", "4294967295, which with the sizes 4294967295x28x28");
    put(file, idx(ints(IMAGES, 1 << 16, 1 << 16, 1 << 16), ramp(24)));
    refused(file, "size of dimension 1", "65536");
    put(file, idx(ints(IMAGES, 3, 0, 4), ramp(24)));
    refused(file, "size of dimension 1", "0, expected at least 1");
  }

  @Test
  void largestSizesAreNotBelieved() throws IOException {
    String file = "train-images-idx3-ubyte";
    put(file, idx(ints(IMAGES, 1 << 14, 1 << 7, 1 << 7), ramp(24)));
    refused(file, "number of values", "24 in the file");
    zip(file);
    refused(file + ".gz", "number of values", "24 in the file");
  }

  @Test
  void damagedGzipIsRefused() throws IOException {
    String file = "train-images-idx3-ubyte";
    zip(file);
    Path gz = dir.resolve(file + ".gz");
    byte[] whole = Files.readAllBytes(gz);
    Files.write(gz, Arrays.copyOf(whole, whole.length - 12));
    refused(file + ".gz", "end of file", "cut short");
    Files.write(gz, Arrays.copyOf(whole, 5));
    refused(file + ".gz", "end of file", "cut short");
    Files.write(gz, ramp(50));
    refused(file + ".gz", "gzip stream", "damaged");
    byte[] wrongSum = whole.clone();
    wrongSum[whole.length - 8] ^= 1;
    Files.write(gz, wrongSum);
    refused(file + ".gz", "gzip stream", "damaged");
  }

  @Test
  void filesThatDoNotFitOneAnotherAreRefused() throws IOException {
    put("train-labels-idx1-ubyte", idx(ints(LABELS, 2), new byte[2]));
    refused("train-labels-idx1-ubyte", "number of labels", "2, but 3 images");
    put("train-labels-idx1-ubyte", idx(ints(LABELS, 3), new byte[] {1, 10, 2}));
    refused("train-labels-idx1-ubyte", "value 1", "10, expected 0..9");
    put("t10k-images-idx3-ubyte", idx(ints(IMAGES, 1, 3, 4), ramp(12)));
    refused("t10k-images-idx3-ubyte", "image height", "3, but 2");
    put("t10k-images-idx3-ubyte", idx(ints(IMAGES, 1, 2, 5), ramp(10)));
    refused("t10k-images-idx3-ubyte", "image width", "5, but 4");
  }

  private static void check(Idx.Split split) {
    ImageData train = split.train();
    assertThat(train.count()).isEqualTo(3);
    assertThat(train.height()).isEqualTo(2);
    assertThat(train.width()).isEqualTo(4);
    assertThat(train.classes()).isEqualTo(10);
    assertThat(train.labels()).containsExactly(0, 9, 4);
    for (int i = 0; i < 24; i++) {
      assertThat(train.pixels()[i]).isEqualTo((ramp(24)[i] & 0xff) / 255f);
    }
    assertThat(split.test().count()).isEqualTo(1);
    assertThat(split.test().labels()).containsExactly(7);
    assertThat(split.test().pixels()).hasSize(8);
  }

  private void refused(String file, String field, String detail) {
    assertThatThrownBy(() -> Idx.read(dir))
        .isInstanceOfSatisfying(
            MalformedDataException.class,
            e -> {
              assertThat(e.file()).isEqualTo(dir.resolve(file).toString());
              assertThat(e.field()).isEqualTo(field);
            })
        .hasMessageContaining(detail);
  }

  private static int[] ints(int... values) {
    return values;
  }

  private static byte[] ramp(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 37 + i / 256);
    }
    return bytes;
  }

  private static byte[] idx(int[] header, byte[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * header.length + values.length);
    Arrays.stream(header).forEach(bytes::putInt);
    return bytes.put(values).array();
  }

  private void put(String name, byte[] bytes) throws IOException {
    Files.write(dir.resolve(name), bytes);
  }

  /** Replaces a file by its gzipped self. */
  private void zip(String name) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gz = new GZIPOutputStream(bytes)) {
      gz.write(Files.readAllBytes(dir.resolve(name)));
    }
    Files.delete(dir.resolve(name));
    put(name + ".gz", bytes.toByteArray());
  }
}
