package org.cotangent.cpu.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** float32 results against float64 references, over a million bit patterns a function: all exponents, both signs. */
class FloatAccuracyTest {
  private static final int STEP = 4099;

  @ParameterizedTest
  @MethodSource("org.cotangent.cpu.math.Implementations#names")
  void everyFunctionIsWithinTwoUlp(String implementation) {
    Elementwise e = Implementations.named(implementation);
    for (String function : UlpCheck.functions()) {
      UlpCheck.Worst worst = UlpCheck.worst(e, function, STEP, false);
      assertThat(worst.ulps()).as("%s: %s", function, worst).isLessThan(2);
    }
  }

  @Test
  void theCheckCoversEveryFunction() {
    assertThat(UlpCheck.functions()).containsExactlyInAnyOrderElementsOf(Implementations.FUNCTIONS.stream().map(f -> f.name()).toList());
  }

  @Test
  void theErrorIsMeasuredInUlpOfTheReference() {
    assertThat(UlpCheck.error(1f, 1)).isZero();
    assertThat(UlpCheck.error(Math.nextUp(1f), 1)).isEqualTo(1);
    assertThat(UlpCheck.error(0f, Float.MIN_VALUE)).isEqualTo(1);
    assertThat(UlpCheck.error(Float.POSITIVE_INFINITY, 1e300)).isZero();
    assertThat(UlpCheck.error(Float.MAX_VALUE, 1e300)).isEqualTo(1);
    assertThat(UlpCheck.error(Float.POSITIVE_INFINITY, Float.MAX_VALUE)).isEqualTo(1);
    assertThat(UlpCheck.error(-0f, 0)).isInfinite();
    assertThat(UlpCheck.error(Float.NaN, 0)).isInfinite();
    assertThat(UlpCheck.error(0, Double.NaN)).isInfinite();
  }

  @Test
  void theCommandPrintsTheWorstArgument() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    UlpCheck.Worst worst = UlpCheck.run("sqrt", false, new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(worst.ulps()).isBetween(0.4, 0.5);
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("sqrt").contains("largest error 0.");
    assertThatThrownBy(() -> UlpCheck.run("nothing", false, System.out)).hasMessageContaining("no such function: nothing");
  }
}
