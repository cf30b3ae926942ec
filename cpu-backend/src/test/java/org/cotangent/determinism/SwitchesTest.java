package org.cotangent.determinism;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same program gives the same numbers with other switches; those are read once, so each run has a process of its own. */
class SwitchesTest {
  @TempDir private Path folder;

  /** The lines that {@link Numbers} prints. */
  private List<String> run(String what, String... options) throws IOException, InterruptedException {
    String modules = System.getProperty("jdk.module.path", "");
    var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m",
        "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of(options));
    if (!modules.isEmpty()) {
      command.addAll(List.of("-p", modules, "--add-modules", "org.cotangent.cpu"));
    }
    String classes = Path.of("target", "test-classes") + File.pathSeparator
        + System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    command.addAll(List.of("-cp", classes, Numbers.class.getName(), what));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process p = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertThat(p.waitFor()).as(() -> read(err)).isZero();
    List<String> lines = Files.readAllLines(out, StandardCharsets.UTF_8);
    assertThat(lines).isNotEmpty();
    return lines;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
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
