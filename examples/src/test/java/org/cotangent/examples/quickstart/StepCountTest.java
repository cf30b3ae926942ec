package org.cotangent.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import org.cotangent.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated
class StepCountTest {
  private static final Least STEP = Least.step(32, 64, 128, 10);
  private static final Least JACOBIAN = Least.jacobian(64, 64, 128, 10);

  /** Two examples through layers of 3, 4 and 5 numbers, counted by hand. */
  @Test
  void theLeastIsThatOfTheFormula() {
    // 41 parameters; layer 1 twice (6 + 12 + 8), layer 2 three times (8 + 20 + 10); between 5*8 + 12 and 20 + 10 + 1; AdamW 7*41
    assertThat(Least.step(2, 3, 4, 5)).isEqualTo(new Least(4, 5, 4 * (6 + 6 * 41 + 1) + 16, 4 * (52 + 114 + 52 + 31 + 287) + 16, 4 * (52 + 31 + 287) + 16));
    // forward 26 and 38, backward of 10 rows 82 and 110, activation 20, last bias 25, derivative for 5 cotangents 12 + 80
    assertThat(Least.jacobian(2, 3, 4, 5)).isEqualTo(new Least(3, 4, 4 * (6 + 41 + 10 + 30), 4 * (26 + 38 + 82 + 110 + 20 + 25 + 92), 4 * (20 + 25 + 92)));
    assertThat(Least.step(7, 3, 5).products()).as("one layer: forward and its weights").isEqualTo(2);
  }

  @Test
  void aFusedStepIsNearTheLeastAndOneKernelAnOperationIsNot() {
    StepCount.Counts fused = StepCount.measure(Device.CPU);
    StepCount.Counts single = StepCount.unfused(Device.CPU);
    if (!Boolean.parseBoolean(System.getProperty("cotangent.fuse", "true"))) {
      assertThat(fused).isEqualTo(single);
      return;
    }
    assertThat(fused.step().products()).isEqualTo(STEP.products());
    assertThat(fused.jacobian().products()).isEqualTo(JACOBIAN.products());
    assertThat(single.step().products()).isEqualTo(STEP.products());
    assertThat(fused.step().kernels()).isBetween((long) STEP.kernels(), 23L);
    assertThat(single.step().kernels()).isGreaterThan(fused.step().kernels() + 10);
    assertThat((double) fused.step().bytes() / STEP.library()).isBetween(0.9, 1.06);
    assertThat((double) fused.jacobian().bytes() / JACOBIAN.library()).isBetween(0.9, 1.06);
    assertThat((double) single.step().bytes() / fused.step().bytes()).isGreaterThan(1.06);
    assertThat(fused.driver()).isEmpty();
  }

  @Test
  void countsGoThroughText() {
    var c = new Count(1, 2, 3, 4_000_000_000L, 5);
    assertThat(Count.parse(c.line())).isEqualTo(c);
  }
}
