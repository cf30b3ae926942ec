package org.cotangent.examples.quickstart;

import java.util.Arrays;
import java.util.Objects;

/**
 * Labelled grey-scale images of one size.
 *
 * <p>The arrays are held as given and returned as held: they are large, so they are not copied, and
 * whoever holds the record must not write to them. For the same reason two records are equal only
 * if they share their arrays.
 *
 * @param name what the images are, for messages and titles
 * @param count the number of images, at least 1
 * @param height the number of pixel rows of an image
 * @param width the number of pixels in a row
 * @param classes the number of classes; labels run from 0 to {@code classes - 1}
 * @param pixels the pixels in row-major order {@code [count, height * width]}, from 0 to 1
 * @param labels one label an image
 */
public record ImageData(
    String name, int count, int height, int width, int classes, float[] pixels, int[] labels) {

  /**
   * Checks that the parts fit one another.
   *
   * @throws IllegalArgumentException if a size is not positive, an array has another length than
   *     the sizes say, or a label is not a class
   */
  public ImageData {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(pixels, "pixels");
    Objects.requireNonNull(labels, "labels");
    if (count < 1 || height < 1 || width < 1 || classes < 1) {
      throw new IllegalArgumentException(
          name
              + ": sizes must be positive: count "
              + count
              + ", height "
              + height
              + ", width "
              + width
              + ", classes "
              + classes);
    }
    if (pixels.length != (long) count * height * width) {
      throw new IllegalArgumentException(
          name
              + ": "
              + pixels.length
              + " pixels given, but "
              + count
              + " images of "
              + height
              + "x"
              + width
              + " have "
              + (long) count * height * width);
    }
    if (labels.length != count) {
      throw new IllegalArgumentException(
          name + ": " + labels.length + " labels given for " + count + " images");
    }
    for (int i = 0; i < count; i++) {
      if (labels[i] < 0 || labels[i] >= classes) {
        throw new IllegalArgumentException(
            name + ": label " + labels[i] + " of image " + i + " is not in 0.." + (classes - 1));
      }
    }
  }

  /**
   * Returns the number of pixels of one image.
   *
   * @return {@code height * width}
   */
  public int pixelsPerImage() {
    return height * width;
  }

  /**
   * Copies one image.
   *
   * @param index the image, from 0
   * @return its pixels, row by row
   * @throws IndexOutOfBoundsException if there is no such image
   */
  public float[] image(int index) {
    Objects.checkIndex(index, count);
    return Arrays.copyOfRange(pixels, index * pixelsPerImage(), (index + 1) * pixelsPerImage());
  }

  /**
   * Copies some of the images, in the given order.
   *
   * @param newName the name of the selection
   * @param indices the images wanted, at least one
   * @return the selected images with their labels
   * @throws IndexOutOfBoundsException if there is no such image
   * @throws IllegalArgumentException if nothing is selected or the selection is too large for an
   *     array
   */
  public ImageData select(String newName, int[] indices) {
    int size = pixelsPerImage();
    if ((long) indices.length * size > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          newName + ": " + indices.length + " images of " + size + " pixels are too many");
    }
    float[] somePixels = new float[indices.length * size];
    int[] someLabels = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      int from = Objects.checkIndex(indices[i], count);
      System.arraycopy(pixels, from * size, somePixels, i * size, size);
      someLabels[i] = labels[from];
    }
    return new ImageData(newName, indices.length, height, width, classes, somePixels, someLabels);
  }

  @Override
  public String toString() {
    return name
        + ": "
        + count
        + " images of "
        + height
        + "x"
        + width
        + " pixels in "
        + classes
        + " classes";
  }
}
