package org.cotangent.examples.quickstart;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Reads the data sets that come as four idx files: MNIST, Fashion-MNIST and their relatives with
 * ten classes.
 *
 * <p>The files are {@code train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte}, {@code
 * t10k-images-idx3-ubyte} and {@code t10k-labels-idx1-ubyte}, each plain or gzipped with {@code
 * .gz} appended; where both are there, the plain one is read.
 */
public final class Idx {
  private static final int CLASSES = 10;

  private Idx() {}

  /**
   * A data set that comes in two parts.
   *
   * @param train the images to train on
   * @param test the images to test on, of the same size and classes
   */
  public record Split(ImageData train, ImageData test) {
    /**
     * Checks that the parts belong together.
     *
     * @throws IllegalArgumentException if their images differ in size or number of classes
     */
    public Split {
      if (train.height() != test.height()
          || train.width() != test.width()
          || train.classes() != test.classes()) {
        throw new IllegalArgumentException("The parts differ: " + train + ", but " + test);
      }
    }
  }

  /**
   * Reads a data set.
   *
   * @param dir the folder that holds the four files
   * @return the training and the test images, with pixels divided by 255
   * @throws MalformedDataException if a file is not in the idx format, is longer or shorter than
   *     its header says, announces absurd sizes or labels, or does not fit the others
   * @throws UncheckedIOException if a file is missing or cannot be read
   */
  public static Split read(Path dir) {
    Objects.requireNonNull(dir, "dir");
    IdxFile trainImages = IdxFile.check(find(dir, "train-images-idx3-ubyte"), 3);
    IdxFile trainLabels = IdxFile.check(find(dir, "train-labels-idx1-ubyte"), 1);
    IdxFile testImages = IdxFile.check(find(dir, "t10k-images-idx3-ubyte"), 3);
    IdxFile testLabels = IdxFile.check(find(dir, "t10k-labels-idx1-ubyte"), 1);
    requireSameCount(trainImages, trainLabels);
    requireSameCount(testImages, testLabels);
    for (int d = 1; d <= 2; d++) {
      if (testImages.size(d) != trainImages.size(d)) {
        throw IdxFile.malformed(
            testImages.path(),
            d == 1 ? "image height" : "image width",
            testImages.size(d)
                + ", but "
                + trainImages.size(d)
                + " in "
                + trainImages.path().getFileName());
      }
    }
    String name = String.valueOf(dir.toAbsolutePath().normalize().getFileName());
    return new Split(
        images(name + ", training part", trainImages, trainLabels),
        images(name + ", test part", testImages, testLabels));
  }

  private static Path find(Path dir, String name) {
    Path plain = dir.resolve(name);
    Path gzipped = dir.resolve(name + ".gz");
    if (Files.exists(plain)) {
      return plain;
    }
    if (Files.exists(gzipped)) {
      return gzipped;
    }
    String message = "Neither " + name + " nor " + name + ".gz is in " + dir;
    throw new UncheckedIOException(
        message, new NoSuchFileException(plain.toString(), gzipped.toString(), message));
  }

  private static void requireSameCount(IdxFile images, IdxFile labels) {
    if (images.size(0) != labels.size(0)) {
      throw IdxFile.malformed(
          labels.path(),
          "number of labels",
          labels.size(0) + ", but " + images.size(0) + " images in " + images.path().getFileName());
    }
  }

  private static ImageData images(String name, IdxFile images, IdxFile labels) {
    int[] classes = labels.readIntegers(CLASSES - 1);
    return new ImageData(
        name,
        images.size(0),
        images.size(1),
        images.size(2),
        CLASSES,
        images.readFractions(),
        classes);
  }
}
