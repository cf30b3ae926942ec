package org.cotangent.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cotangent.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class QuickstartTest {
  private static final Pattern LAST = Pattern.compile(
      "quickstart: accuracy ([\\d.]+), jacobian max error ([\\d.e+-]+), batched ([\\d.]+) times as fast as row by row");

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 4})
  void theClassifierReachesNinetySixPercentFromEachOfFiveSeeds(long seed) {
    Idx.Split split = Quickstart.digits();
    Training.Result r = Training.run(split.train(), split.test(), Training.Plan.DIGITS, seed, Device.CPU, false);
    assertThat(r.accuracy()).as("seed %d", seed).isGreaterThanOrEqualTo(0.96);
    assertThat(r.seconds()).as("training time").isLessThan(30);
  }

  @Test
  void theSameSeedGivesTheSameResult() {
    Idx.Split split = Quickstart.digits();
    Training.Plan brief = new Training.Plan(32, 2, 64, 1e-3);
    Training.Result a = Training.run(split.train(), split.test(), brief, 5, Device.CPU, false);
    Training.Result b = Training.run(split.train(), split.test(), brief, 5, Device.CPU, false);
    assertThat(a.losses()).isEqualTo(b.losses());
    assertThat(Training.run(split.train(), split.test(), brief, 6, Device.CPU, false).losses()).isNotEqualTo(a.losses());
  }

  @Test
  void theCommandEndsWithTheSummaryAndWritesPictures(@TempDir Path folder) {
    var out = new StringWriter();
    CommandLine command = new CommandLine(new Quickstart()).setOut(new PrintWriter(out, true));
    assertThat(command.execute("--device", "cpu", "--seed", "3", "--out", folder.toString())).isZero();
    Matcher m = LAST.matcher(out.toString().lines().reduce((a, b) -> b).orElse(""));
    assertThat(m.matches()).as(out.toString()).isTrue();
    assertThat(Double.parseDouble(m.group(1))).isBetween(0.96, 1.0);
    assertThat(Double.parseDouble(m.group(2))).as("float32 against differences in float64").isLessThan(1e-5).isPositive();
    assertThat(Double.parseDouble(m.group(3))).isPositive();
    assertThat(out.toString()).contains("row by row", "10 backward passes", "1 backward pass");
    if (Fonts.available()) {
      assertThat(folder.resolve("training.png")).exists();
      assertThat(folder.resolve("saliency.png")).exists();
    }
  }

  @Test
  void theJacobianAgreesRowByRowAndWithDifferences() {
    Idx.Split split = Quickstart.digits();
    Training.Result r = Training.run(split.train(), split.test(), new Training.Plan(32, 1, 64, 1e-3), 0, Device.CPU, false);
    Jacobians.Report report = Jacobians.compare(r.model(), split.test(), Device.CPU);
    assertThat(report.rowsError()).isLessThan(1e-6);
    assertThat(report.batchedError()).isLessThan(1e-5);
    assertThat(report.batched()).hasSize(359 * 10 * 64);
    assertThat(report.rows(0)[0][0]).isCloseTo(report.batched()[0], within(0f));
  }
}
