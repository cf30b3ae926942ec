package org.cotangent.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StratifiedSplitTest {
  private static final int[] LABELS = Digits.load().labels();

  @Test
  void partsAreDisjointAndComplete() {
    StratifiedSplit split = StratifiedSplit.of(LABELS, 10, 0.2, 42);
    int[] both =
        IntStream.concat(Arrays.stream(split.train()), Arrays.stream(split.test()))
            .sorted()
            .toArray();
    assertThat(both).isEqualTo(IntStream.range(0, LABELS.length).toArray());
    assertThat(split.test()).hasSize(359);
  }

  @Test
  void everyClassKeepsItsShare() {
    for (double share : new double[] {0.01, 0.2, 1 / 3.0, 0.5, 0.99}) {
      StratifiedSplit split = StratifiedSplit.of(LABELS, 10, share, 7);
      int[] all = count(IntStream.range(0, LABELS.length).toArray());
      int[] test = count(split.test());
      for (int c = 0; c < 10; c++) {
        assertThat((double) test[c]).isCloseTo(all[c] * share, within(1.0));
      }
      assertThat(split.test().length).isEqualTo((int) Math.round(LABELS.length * share));
    }
  }

  @Test
  void seedDecidesAlone() {
    StratifiedSplit split = StratifiedSplit.of(LABELS, 10, 0.2, 1);
    StratifiedSplit again = StratifiedSplit.of(LABELS, 10, 0.2, 1);
    StratifiedSplit other = StratifiedSplit.of(LABELS, 10, 0.2, 2);
    assertThat(again.train()).isEqualTo(split.train());
    assertThat(again.test()).isEqualTo(split.test());
    assertThat(other.train()).isNotEqualTo(split.train());
    assertThat(other.test()).isNotEqualTo(split.test());
  }

  @Test
  void splitOfASeedNeverChanges() {
    StratifiedSplit split = StratifiedSplit.of(new int[] {0, 1, 0, 1, 0, 1, 0, 1, 0, 1}, 2, 0.4, 0);
    assertThat(split.train()).containsExactly(1, 2, 0, 6, 3, 5);
    assertThat(split.test()).containsExactly(8, 4, 9, 7);
  }

  @Test
  void classesAreMixed() {
    int[] labels = IntStream.range(0, 1000).map(i -> i / 500).toArray();
    StratifiedSplit split = StratifiedSplit.of(labels, 2, 0.5, 3);
    int ones = 0;
    for (int i = 0; i < 250; i++) {
      ones += labels[split.train()[i]];
    }
    assertThat(ones).isBetween(75, 175);
  }

  @Test
  void largestFractionsGiveWhatIsMissing() {
    int[] labels = {0, 0, 0, 1, 1, 2, 2, 2, 2}; // Shares of a third: 1, 0.67 and 1.33.
    int[] given = new int[3];
    for (int index : StratifiedSplit.of(labels, 3, 1 / 3.0, 5).test()) {
      given[labels[index]]++;
    }
    assertThat(given).containsExactly(1, 1, 1);
  }

  @Test
  void senselessArgumentsAreRefused() {
    for (double share : new double[] {0, 1, -0.1, 1.5, Double.NaN}) {
      assertThatThrownBy(() -> StratifiedSplit.of(LABELS, 10, share, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(String.valueOf(share));
    }
    assertThatThrownBy(() -> StratifiedSplit.of(new int[] {0, 3}, 3, 0.5, 0))
        .hasMessage("label 3 of example 1 is not in 0..2");
    assertThatThrownBy(() -> StratifiedSplit.of(new int[] {0, -1}, 3, 0.5, 0))
        .hasMessage("label -1 of example 1 is not in 0..2");
    assertThatThrownBy(() -> StratifiedSplit.of(new int[] {0}, 0, 0.5, 0))
        .hasMessageContaining("at least 1");
    assertThatThrownBy(() -> StratifiedSplit.of(new int[2], 1, 0.1, 0))
        .hasMessageContaining("no example to test on");
    assertThatThrownBy(() -> StratifiedSplit.of(new int[2], 1, 0.9, 0))
        .hasMessageContaining("no example to train on");
    assertThatThrownBy(() -> StratifiedSplit.of(new int[0], 1, 0.5, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static int[] count(int[] indices) {
    int[] counts = new int[10];
    Arrays.stream(indices).forEach(i -> counts[LABELS[i]]++);
    return counts;
  }
}
