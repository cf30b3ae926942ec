package org.cotangent.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.extension.ExtendWith;
import org.cotangent.testkit.LeakCheck;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.cotangent.errors.ArgumentException;
import org.cotangent.optim.LrSchedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(LeakCheck.class)
class LrScheduleTest {
  static Stream<Arguments> schedules() {
    return Stream.of(
        Arguments.of("step", LrSchedule.stepLr(3, 0.5)),
        Arguments.of("exponential", LrSchedule.exponentialLr(0.9)),
        Arguments.of("cosine", LrSchedule.cosineAnnealingLr(10, 0.01)),
        Arguments.of("warmup", LrSchedule.linearWarmup(5, 0.25)),
        Arguments.of("one cycle", LrSchedule.oneCycleLr(12)),
        Arguments.of("one cycle other", LrSchedule.oneCycleLr(12, 0.5, 10, 100)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("schedules")
  void ratesAreThoseOfPyTorch(String name, LrSchedule s) {
    double[] rates = IntStream.range(0, 11).mapToDouble(i -> s.at(i, 0.1)).toArray();
    assertThat(rates).containsExactly(Reference.of(name, 0), Offset.offset(1e-14));
  }

  @Test
  void theyStayAtTheirEnd() {
    assertThat(LrSchedule.cosineAnnealingLr(10, 0.01).at(25, 0.1)).isEqualTo(0.01);
    assertThat(LrSchedule.oneCycleLr(12).at(11, 0.1)).isEqualTo(0.1 / 25 / 1e4, Offset.offset(1e-15));
    assertThat(LrSchedule.oneCycleLr(12).at(50, 0.1)).isEqualTo(0.1 / 25 / 1e4, Offset.offset(1e-15));
    assertThat(LrSchedule.oneCycleLr(1).at(0, 0.1)).isFinite();
    assertThat(LrSchedule.oneCycleLr(1, 1, 25, 1).at(0, 0.1)).isEqualTo(0.1);
  }

  @Test
  void theyJoin() {
    LrSchedule s = LrSchedule.linearWarmup(4, 0).then(4, LrSchedule.exponentialLr(0.5));
    assertThat(IntStream.range(0, 7).mapToDouble(i -> s.at(i, 8)).toArray()).containsExactly(0, 2, 4, 6, 8, 4, 2);
    LrSchedule own = (step, base) -> base / (1 + step);
    assertThat(LrSchedule.constant().then(2, own).at(3, 6)).isEqualTo(3);
  }

  @Test
  void misuseIsNamed() {
    assertThatThrownBy(() -> LrSchedule.stepLr(0, 0.5))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("stepLr: number of steps is not positive: 0");
    assertThatThrownBy(() -> LrSchedule.oneCycleLr(10, 2, 25, 1e4))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("oneCycleLr: rising is not between 0 and 1 or a divisor not positive: 2.0, 25.0, 10000.0");
    assertThatThrownBy(() -> LrSchedule.constant().then(-1, LrSchedule.constant()))
        .isInstanceOf(ArgumentException.class)
        .hasMessage("schedule: number of steps is negative: -1");
  }
}
