package org.cotangent.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.cotangent.benchmarks.compare.Cold.First;
import org.cotangent.benchmarks.compare.Measurement.Times;
import org.junit.jupiter.api.Test;

/** What is made of the numbers: text between processes, ratios, means, agreement. */
class ResultsTest {
  private static Times times(double... rounds) {
    return new Times(rounds, 0.5, new double[] {0, 1, 2}, new double[] {8, 1.05, 1});
  }

  private static Row row(String name, double peerTime, double difference) {
    return new Row(Cases.named(name), "libtorch", new Measurement(name, 1, times(1, 1, 1), times(peerTime, peerTime, peerTime), difference, 3, 4));
  }

  private static Results results(Row... rows) {
    var r = new Results();
    List.of(rows).forEach(r::row);
    return r;
  }

  @Test
  void aMeasurementSurvivesItsLine() {
    Measurement m = row("tanh 1e5", 2.5, 1e-7).m();
    Measurement back = Measurement.of(m.line());
    assertThat(back.line()).isEqualTo(m.line());
    assertThat(back.peer().steady()).isEqualTo(2.5);
    assertThat(back.difference()).isEqualTo(1e-7);
    assertThat(back.memory()).isEqualTo(4);
    var alone = new Measurement("tanh 1e5", 1, times(1), Times.NONE, Double.NaN, 0, 0);
    assertThat(Measurement.of(alone.line()).peer().present()).isFalse();
    var f = new First(1.25, 2.5, 77, -0.5);
    assertThat(First.of(f.line())).isEqualTo(f);
    var l = new Limits(new double[] {4e9, 3e9, 2e9, 1e9}, 9e10);
    assertThat(Limits.of(l.line()).line()).isEqualTo(l.line());
  }

  @Test
  void aRatioIsTheMedianOverPairedRounds() {
    var m = new Measurement("tanh 1e5", 1, times(1, 2, 4), times(2, 8, 12), 0, 0, 0);
    assertThat(new Row(Cases.named("tanh 1e5"), "libtorch", m).ratio(0.5)).isEqualTo(3);
  }

  @Test
  void rowsWeighEquallyAndLoopsAreLeftOut() {
    Results r = results(
        row("add 1e3", 4, 0), row("add 1e5", 4, 0), row("add 1e7", 4, 0), row("hvp 1019", 1, 0), row("hessian 1019", 1000, 0));
    assertThat(r.summary("libtorch")).isEqualTo("geometric mean vs libtorch: 2.00 (worst 1.00 at hvp 1019)");
    assertThat(Results.mean(r.rows(r.groups().getFirst(), true)).orElseThrow().value()).isCloseTo(1000, within(1e-9));
    assertThat(results().summary("libtorch")).startsWith("geometric mean vs libtorch: not measured");
  }

  @Test
  void aResultThatDiffersCountsNowhere() {
    Results r = results(row("add 1e3", 4, 0), row("hvp 1019", 100, 2e-4));
    assertThat(r.allAgree()).isFalse();
    assertThat(r.summary("libtorch")).isEqualTo("geometric mean vs libtorch: 4.00 (worst 4.00 at add 1e3)");
    assertThat(Worker.difference(new float[] {1, Float.NaN}, new float[] {1, 2})).isInfinite();
    assertThat(Worker.difference(new float[] {1, 2}, new float[] {1, 4})).isEqualTo(0.5);
    r = results(row("add 1e3", 4, 0));
    r.cold("cotangent", "quickstart step", new First(1, 1, 1, 2.30));
    assertThat(r.allAgree()).isTrue();
    r.cold("libtorch", "quickstart step", new First(1, 1, 1, 2.31));
    assertThat(r.allAgree()).isFalse();
  }

  @Test
  void warmUpEndsWhereAStretchComesWithinATenthOfTheSteadyState() {
    assertThat(times(1).warmUp()).isEqualTo(1);
    assertThat(times(0.5).warmUp()).isEqualTo(3);
    assertThat(Times.NONE.warmUp()).isNaN();
  }

  @Test
  void aShareIsOfTheCopyOfAsManyBytes() {
    var limits = new Limits(new double[] {400e9, 200e9, 100e9, 50e9}, 100e9);
    assertThat(limits.bandwidth(12e3)).isEqualTo(400e9);
    assertThat(limits.bandwidth(120e6)).isEqualTo(50e9);
    var m = new Measurement("add 1e7", 1, times(0.006), Times.NONE, Double.NaN, 0, 0);
    assertThat(new Row(Cases.named("add 1e7"), "", m).share(limits)).isCloseTo(0.4, within(1e-9));
    m = new Measurement("gemm 512", 1, times(0.01), Times.NONE, Double.NaN, 0, 0);
    assertThat(new Row(Cases.named("gemm 512"), "", m).share(limits)).isCloseTo(2 * Math.pow(512, 3) / 1e9, within(1e-9));
  }
}
