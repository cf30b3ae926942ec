package org.cotangent.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class DigitsTest {
  private static final ImageData DIGITS = Digits.load();

  @Test
  void allDigitsAreThereWithTheirLabels() {
    assertThat(DIGITS.count()).isEqualTo(1797);
    assertThat(DIGITS.height()).isEqualTo(8);
    assertThat(DIGITS.width()).isEqualTo(8);
    assertThat(DIGITS.classes()).isEqualTo(10);
    int[] counts = new int[10];
    Arrays.stream(DIGITS.labels()).forEach(label -> counts[label]++);
    assertThat(counts).containsExactly(178, 182, 177, 183, 181, 182, 181, 179, 174, 180);
  }

  @Test
  void pixelsAreSixteenthsFromZeroToOne() {
    int[] steps = new int[17];
    for (float pixel : DIGITS.pixels()) {
      int step = (int) (pixel * 16);
      steps[step] += step / 16f == pixel ? 1 : 0;
    }
    assertThat(Arrays.stream(steps).sum()).isEqualTo(DIGITS.pixels().length);
    assertThat(steps).doesNotContain(0);
    assertThat(Arrays.copyOf(DIGITS.image(0), 8))
        .containsExactly(0, 0, 5 / 16f, 13 / 16f, 9 / 16f, 1 / 16f, 0, 0);
    assertThat(Arrays.copyOf(DIGITS.labels(), 10)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void selectionKeepsTheOrderGiven() {
    ImageData some = DIGITS.select("some", new int[] {7, 3, 7});
    assertThat(some.labels()).containsExactly(7, 3, 7);
    assertThat(some.image(1)).isEqualTo(DIGITS.image(3));
    assertThat(some.image(2)).isEqualTo(DIGITS.image(7));
    assertThat(some).hasToString("some: 3 images of 8x8 pixels in 10 classes");
    assertThatThrownBy(() -> DIGITS.select("none such", new int[] {1797}))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> DIGITS.image(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void imageDataMustFitTogether() {
    assertThatThrownBy(() -> new ImageData("x", 2, 2, 2, 2, new float[7], new int[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("x: 7 pixels given, but 2 images of 2x2 have 8");
    assertThatThrownBy(() -> new ImageData("x", 2, 2, 2, 2, new float[8], new int[3]))
        .hasMessage("x: 3 labels given for 2 images");
    assertThatThrownBy(() -> new ImageData("x", 2, 2, 2, 2, new float[8], new int[] {0, 2}))
        .hasMessage("x: label 2 of image 1 is not in 0..1");
    assertThatThrownBy(() -> new ImageData("x", 0, 2, 2, 2, new float[0], new int[0]))
        .hasMessageContaining("count 0");
  }

  @Test
  void damagedTablesAreRefused() throws IOException {
    String table = table();
    assertThatThrownBy(() -> read(table.replaceFirst(",", ";")))
        .isInstanceOf(MalformedDataException.class)
        .hasMessage("table: line 1: 64 values, expected 65");
    assertThatThrownBy(() -> read(table.replaceFirst("13", "17")))
        .hasMessage("table: line 1, value 4: 17, expected 0..16");
    assertThatThrownBy(() -> read(table.replaceFirst("13", "-1")))
        .hasMessage("table: line 1, value 4: -1, expected 0..16");
    assertThatThrownBy(() -> read(table.replaceFirst("13", "x")))
        .hasMessage("table: line 1, value 4: \"x\", expected an integer in 0..16");
    assertThatThrownBy(() -> read(table.substring(table.indexOf('\n') + 1)))
        .hasMessage("table: number of lines: 1796, expected 1797");
    assertThatThrownBy(() -> read(table + "0\n"))
        .hasMessage("table: number of lines: more than the 1797 expected");
  }

  @Test
  void damagedStreamsAreRefused() throws IOException {
    byte[] whole = gzip(table());
    assertThatThrownBy(() -> Digits.read("short", new ByteArrayInputStream(whole, 0, 999)))
        .isInstanceOfSatisfying(
            MalformedDataException.class,
            e -> {
              assertThat(e.file()).isEqualTo("short");
              assertThat(e.field()).isEqualTo("gzip stream");
            });
    assertThatThrownBy(() -> Digits.read("empty", InputStream.nullInputStream()))
        .isInstanceOf(MalformedDataException.class);
    assertThatThrownBy(() -> Digits.read("plain", new ByteArrayInputStream(new byte[99])))
        .isInstanceOf(MalformedDataException.class);
    InputStream closed = InputStream.nullInputStream();
    closed.close();
    assertThatThrownBy(() -> Digits.read("closed", closed))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("Cannot read the digits from closed");
  }

  private static String table() throws IOException {
    try (InputStream in = new GZIPInputStream(Digits.class.getResourceAsStream("digits.csv.gz"))) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static ImageData read(String table) throws IOException {
    return Digits.read("table", new ByteArrayInputStream(gzip(table)));
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gz = new GZIPOutputStream(bytes)) {
      gz.write(text.getBytes(StandardCharsets.US_ASCII));
    }
    return bytes.toByteArray();
  }
}
