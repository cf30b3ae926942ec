package org.cotangent.determinism;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same program gives the same numbers with other switches; those are read once, so each run has a process of its own. */
class SwitchesTest {
  @TempDir private Path folder;

  /** The lines that {@link Numbers} prints. */
  private List<String> run(String what, String... options) throws IOException, InterruptedException {
    List<String> lines = Fork.run(folder, Numbers.class, List.of(options), what).out();
    assertThat(lines).isNotEmpty();
    return lines;
  }

  @Test
  void pointwiseProgramsGiveTheSameBitsFusedOrNot() throws IOException, InterruptedException {
    List<String> fused = run("pointwise", "-Dcotangent.fuse=true");
    assertThat(fused).hasSize(120);
    assertThat(run("pointwise", "-Dcotangent.fuse=false")).isEqualTo(fused);
  }

  @Test
  void aTrainingStepAndAJacobianAreTheSameBitsForAnyNumberOfThreads() throws IOException, InterruptedException {
    List<String> one = run("training", "-Dcotangent.threads=1");
    assertThat(one).hasSize(7);
    assertThat(run("training", "-Dcotangent.threads=2")).isEqualTo(one);
    assertThat(run("training", "-Dcotangent.threads=3")).isEqualTo(one);
  }
}
