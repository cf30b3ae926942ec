package org.cotangent.examples.laws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.cotangent.testkit.Seeds;
import org.junit.jupiter.api.Test;

/** Random programs obey the laws; a failure prints the seed, and {@code ./cotangent laws --from SEED --seeds 1} repeats it. */
class LawsTest {
  private static final int NEW = 100;
  private static final int FIXED = 2000;

  @Test
  void theFirstTwoThousandProgramsObeyTheLaws() {
    assertThat(violations(LongStream.range(0, FIXED))).isEmpty();
  }

  @Test
  void programsThatNobodyHasSeenObeyTheLaws() {
    long from = Seeds.of("laws") & 0xff_ffff_ffffL;
    assertThat(violations(LongStream.range(from, from + NEW))).as("seeds from %d", from).isEmpty();
  }

  private static List<String> violations(LongStream seeds) {
    return seeds.parallel().mapToObj(Laws::check).flatMap(v -> v.stream()).map(Laws.Violation::toString).limit(3).toList();
  }

  @Test
  void aSeedIsOneProgram() {
    for (long seed : new long[] {3, 14, 159}) {
      var p = new RandomProgram(seed, false);
      assertThat(p.text()).isEqualTo(new RandomProgram(seed, false).text()).startsWith("v0 ");
      assertThat(p.apply(p.input()).toDoubleArray()).isEqualTo(p.apply(p.input()).toDoubleArray());
      assertThat(p.input(1).shape()).isEqualTo(p.input().shape());
      assertThat(p.apply(p.input()).size()).isLessThanOrEqualTo(4);
    }
    assertThat(Arrays.asList(3L, 4L)).extracting(s -> new RandomProgram(s, false).text()).doesNotHaveDuplicates();
  }
}
