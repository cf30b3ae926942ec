package org.cotangent.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChartsTest {
  @TempDir Path dir;

  @Test
  void curvesAreDrawn() throws IOException {
    assumeTrue(Fonts.available(), "no fonts");
    for (int epochs : new int[] {1, 2, 15, 40, 300}) {
      List<Double> losses = new ArrayList<>();
      List<Double> accuracies = new ArrayList<>();
      for (int i = 0; i < epochs; i++) {
        losses.add(2.3 / (i + 1));
        accuracies.add(1 - 0.9 / (i + 1));
      }
      Path png = dir.resolve("made/for/" + epochs + ".png");
      assertThat(Charts.curves(png, losses, accuracies)).isTrue();
      BufferedImage picture = ImageIO.read(png.toFile());
      assertThat(picture.getWidth()).isEqualTo(2200);
      assertThat(picture.getHeight()).isEqualTo(920);
      assertThat(countOf(picture, 0xb5401f)).isPositive();
      assertThat(countOf(picture, 0x1f5fa8)).isPositive();
    }
  }

  @Test
  void whatIsNotFiniteIsLeftOut() throws IOException {
    assumeTrue(Fonts.available(), "no fonts");
    Path png = dir.resolve("diverged.png");
    List<Double> none = Collections.nCopies(20, Double.NaN);
    assertThat(Charts.curves(png, none, none)).isTrue();
    assertThat(countOf(ImageIO.read(png.toFile()), 0xb5401f)).isZero();
    List<Double> some = List.of(1.0, Double.POSITIVE_INFINITY, 0.5, Double.NaN);
    assertThat(Charts.curves(png, some, some)).isTrue();
    assertThat(countOf(ImageIO.read(png.toFile()), 0xb5401f)).isPositive();
    assertThat(Charts.curves(png, List.of(0.0, 0.0), List.of(1.0, 1.0))).isTrue();
    assertThat(Charts.curves(png, List.of(-5.0, -7.0), List.of(0.0, 0.0))).isTrue();
  }

  @Test
  void saliencyIsDrawnOnASymmetricScale() throws IOException {
    assumeTrue(Fonts.available(), "no fonts");
    float[][] rows = new float[10][64];
    rows[4][0] = 2;
    rows[7][63] = -1;
    Path png = dir.resolve("saliency.png");
    assertThat(Charts.saliency(png, Digits.load().image(4), 8, 8, rows, 4, 9)).isTrue();
    BufferedImage picture = ImageIO.read(png.toFile());
    assertThat(picture.getWidth()).isBetween(2000, 4000);
    assertThat(picture.getHeight()).isBetween(900, 2000);
    int tile = 42 * 42; // An eighth of a tile of 168 units at two pixels a unit.
    assertThat(countOf(picture, DivergingColours.of(1, 1))).isBetween(tile - 200, tile + 200);
    assertThat(countOf(picture, DivergingColours.of(-0.5, 1))).isBetween(tile - 200, tile + 200);
  }

  @Test
  void saliencyOfOtherShapesIsDrawn() throws IOException {
    assumeTrue(Fonts.available(), "no fonts");
    Random random = new Random(1);
    for (int[] shape : new int[][] {{28, 28, 10}, {1, 1, 1}, {3, 7, 2}, {100, 400, 13}}) {
      float[][] rows = new float[shape[2]][shape[0] * shape[1]];
      for (float[] row : rows) {
        for (int i = 0; i < row.length; i++) {
          row[i] = (float) random.nextGaussian();
        }
      }
      rows[0][0] = Float.NaN;
      float[] image = new float[shape[0] * shape[1]];
      Path png = dir.resolve("saliency.png");
      assertThat(Charts.saliency(png, image, shape[0], shape[1], rows, 0, 0)).isTrue();
      assertThat(ImageIO.read(png.toFile())).isNotNull();
    }
  }

  @Test
  void coloursRunFromBlueOverWhiteToRed() {
    assertThat(DivergingColours.of(0, 3)).isEqualTo(0xffffff);
    assertThat(DivergingColours.of(3, 3)).isEqualTo(0x8c1020);
    assertThat(DivergingColours.of(99, 3)).isEqualTo(0x8c1020);
    assertThat(DivergingColours.of(-3, 3)).isEqualTo(0x10367d);
    assertThat(DivergingColours.of(1.5, 3)).isEqualTo(0xe5735c);
    assertThat(DivergingColours.of(Double.NaN, 3)).isEqualTo(DivergingColours.NOT_FINITE);
  }

  @Test
  void senselessArgumentsAreRefused() {
    Path png = dir.resolve("x.png");
    assertThatThrownBy(() -> Charts.curves(png, List.of(), List.of(1.0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Nothing to draw: 0 losses and 1 accuracies");
    assertThatThrownBy(() -> Charts.saliency(png, new float[3], 2, 2, new float[1][4], 0, 0))
        .hasMessageContaining("the image has 3 values, expected 2x2");
    assertThatThrownBy(() -> Charts.saliency(png, new float[4], 2, 2, new float[1][5], 0, 0))
        .hasMessageContaining("row 0 of the Jacobian has 5 values");
    assertThatThrownBy(() -> Charts.saliency(png, new float[4], 2, 2, new float[1][4], 1, 0))
        .hasMessageContaining("must both be in 0..0");
    assertThat(png).doesNotExist();
  }

  @Test
  void unwritableFileIsNamed() throws IOException {
    assumeTrue(Fonts.available(), "no fonts");
    Path inFile = Files.createFile(dir.resolve("file")).resolve("x.png");
    assertThatThrownBy(() -> Charts.curves(inFile, List.of(1.0), List.of(1.0)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(inFile.toString());
  }

  private static int countOf(BufferedImage picture, int colour) {
    int count = 0;
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        count += (picture.getRGB(x, y) & 0xffffff) == colour ? 1 : 0;
      }
    }
    return count;
  }
}
