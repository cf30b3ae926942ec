package org.cotangent.examples.quickstart;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Draws the pictures of the quickstart and writes them as PNG files. No display is needed; where
 * Java cannot draw text at all, one warning is printed to {@link System#err} for all pictures, and
 * none is written ({@link Fonts}).
 */
public final class Charts {
  private Charts() {}

  /**
   * Draws how a training went: the training loss on the left, the test accuracy on the right,
   * against the epoch. Losses and accuracies that are not finite are left out.
   *
   * @param png the file to write; missing folders are made, an existing file is replaced
   * @param trainLoss the loss after each epoch, the first epoch first
   * @param testAccuracy the share of test examples recognized after each epoch, from 0 to 1
   * @return whether the picture was written, which is not so only for want of fonts
   * @throws IllegalArgumentException if there are no losses or no accuracies
   * @throws UncheckedIOException if the file cannot be written
   */
  public static boolean curves(Path png, List<Double> trainLoss, List<Double> testAccuracy) {
    Objects.requireNonNull(png, "png");
    if (trainLoss.isEmpty() || testAccuracy.isEmpty()) {
      throw new IllegalArgumentException(
          "Nothing to draw: "
              + trainLoss.size()
              + " losses and "
              + testAccuracy.size()
              + " accuracies");
    }
    double[] losses = trainLoss.stream().mapToDouble(Double::doubleValue).toArray();
    double[] accuracies = testAccuracy.stream().mapToDouble(Double::doubleValue).toArray();
    if (!Fonts.availableOrWarn(System.err)) {
      return false;
    }
    CurvesPicture.write(png, losses, accuracies);
    return true;
  }

  /**
   * Draws an image beside the rows of the Jacobian of a network's logits with respect to the
   * image's pixels. Each row is shown as an image: red where a higher pixel value raises the logit,
   * blue where it lowers it. All rows share one scale, which is symmetric about zero. The row of
   * the label is framed. Entries that are not finite are grey.
   *
   * @param png the file to write; missing folders are made, an existing file is replaced
   * @param image the image, row by row, with pixels from 0 to 1
   * @param height the number of pixel rows
   * @param width the number of pixels in a row
   * @param rows the Jacobian: for every class the derivatives of its logit, row by row
   * @param label the true class of the image
   * @param predicted the class that the network sees in the image
   * @return whether the picture was written, which is not so only for want of fonts
   * @throws IllegalArgumentException if a size is not positive, the image or a row has another
   *     length than {@code height * width}, or a class has no row
   * @throws UncheckedIOException if the file cannot be written
   */
  public static boolean saliency(
      Path png, float[] image, int height, int width, float[][] rows, int label, int predicted) {
    Objects.requireNonNull(png, "png");
    requireLength("the image", image, height, width);
    for (int k = 0; k < rows.length; k++) {
      requireLength("row " + k + " of the Jacobian", rows[k], height, width);
    }
    if (label < 0 || label >= rows.length || predicted < 0 || predicted >= rows.length) {
      throw new IllegalArgumentException(
          "label "
              + label
              + " and predicted class "
              + predicted
              + " must both be in 0.."
              + (rows.length - 1));
    }
    if (!Fonts.availableOrWarn(System.err)) {
      return false;
    }
    new SaliencyPicture(image, height, width, rows, label, predicted).write(png);
    return true;
  }

  private static void requireLength(String what, float[] values, int height, int width) {
    if (height < 1 || width < 1 || values.length != (long) height * width) {
      throw new IllegalArgumentException(
          what
              + " has "
              + values.length
              + " values, expected "
              + height
              + "x"
              + width
              + ", both positive");
    }
  }
}
