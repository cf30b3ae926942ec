package org.cotangent.examples.quickstart;

import java.util.Objects;
import java.util.Random;

/**
 * A division of examples into a training and a test part in which every class keeps its share.
 *
 * <p>The same labels, share and seed give the same split on every Java platform, for everything
 * below is specified, {@link Random}'s numbers included:
 *
 * <ol>
 *   <li>{@code round(n * heldOut)} of the {@code n} examples are held out. A class of {@code c}
 *       examples gives {@code floor(c * heldOut)} of them; the few that are missing then are given
 *       by the classes with the largest fractions of {@code c * heldOut}, at most one each, the
 *       lower class first where fractions are equal.
 *   <li>With one {@code new Random(seed)}, the classes in ascending order are shuffled: each
 *       class's examples, ascending at first, by the Fisher-Yates method ({@code i} from the last
 *       down to 1, swapped with {@code random.nextInt(i + 1)}). The first ones of a shuffled class
 *       are the test part, the others the training part.
 *   <li>The training part, then the test part, is shuffled in the same way, lest the classes stay
 *       in order.
 * </ol>
 *
 * <p>The arrays are returned as held, not copied.
 *
 * @param train the indices of the examples to train on, shuffled
 * @param test the indices of the examples held out, shuffled
 */
public record StratifiedSplit(int[] train, int[] test) {

  /** Checks that both parts are there. */
  public StratifiedSplit {
    Objects.requireNonNull(train, "train");
    Objects.requireNonNull(test, "test");
  }

  /**
   * Splits examples by their labels.
   *
   * @param labels one label an example, each from 0 to {@code classes - 1}
   * @param classes the number of classes
   * @param heldOut the share to hold out for testing, above 0 and below 1
   * @param seed the seed of the shuffles
   * @return the split
   * @throws IllegalArgumentException if a label is not a class, the share is not between 0 and 1,
   *     or either part would be empty
   */
  public static StratifiedSplit of(int[] labels, int classes, double heldOut, long seed) {
    int[][] members = members(labels, classes);
    int[] quotas = quotas(members, labels.length, heldOut);
    int testSize = 0;
    for (int quota : quotas) {
      testSize += quota;
    }
    if (testSize == 0 || testSize == labels.length) {
      throw new IllegalArgumentException(
          "Holding out "
              + heldOut
              + " of "
              + labels.length
              + " examples leaves no example to "
              + (testSize == 0 ? "test" : "train")
              + " on");
    }
    Random random = new Random(seed);
    int[] train = new int[labels.length - testSize];
    int[] test = new int[testSize];
    int trained = 0;
    int tested = 0;
    for (int c = 0; c < classes; c++) {
      shuffle(members[c], random);
      int rest = members[c].length - quotas[c];
      System.arraycopy(members[c], 0, test, tested, quotas[c]);
      System.arraycopy(members[c], quotas[c], train, trained, rest);
      tested += quotas[c];
      trained += rest;
    }
    shuffle(train, random);
    shuffle(test, random);
    return new StratifiedSplit(train, test);
  }

  /** Lists the examples of each class in ascending order. */
  private static int[][] members(int[] labels, int classes) {
    if (classes < 1) {
      throw new IllegalArgumentException("classes is " + classes + ", must be at least 1");
    }
    int[] sizes = new int[classes];
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes) {
        throw new IllegalArgumentException(
            "label " + labels[i] + " of example " + i + " is not in 0.." + (classes - 1));
      }
      sizes[labels[i]]++;
    }
    int[][] members = new int[classes][];
    for (int c = 0; c < classes; c++) {
      members[c] = new int[sizes[c]];
    }
    for (int i = labels.length - 1; i >= 0; i--) {
      members[labels[i]][--sizes[labels[i]]] = i;
    }
    return members;
  }

  /** Says how many examples each class gives to the test part. */
  private static int[] quotas(int[][] members, int count, double heldOut) {
    if (!(heldOut > 0 && heldOut < 1)) {
      throw new IllegalArgumentException("heldOut is " + heldOut + ", must be in (0, 1)");
    }
    int[] quotas = new int[members.length];
    double[] fractions = new double[members.length];
    long missing = Math.round(count * heldOut);
    for (int c = 0; c < quotas.length; c++) {
      double exact = members[c].length * heldOut;
      quotas[c] = (int) exact;
      fractions[c] = exact - quotas[c];
      missing -= quotas[c];
    }
    for (; missing > 0; missing--) {
      int largest = 0;
      for (int c = 1; c < quotas.length; c++) {
        if (fractions[c] > fractions[largest]) {
          largest = c;
        }
      }
      quotas[largest]++;
      fractions[largest] = -1;
    }
    return quotas;
  }

  private static void shuffle(int[] values, Random random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }
}
