package org.cotangent.cpu.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The choice of implementation, each made in a process of its own. */
class MathProviderTest {
  /** What the other processes run: prints the choice and a value. */
  static final class Main {
    public static void main(String[] args) {
      float[] y = {1};
      MathProvider.instance().exp(y, 0, y, 0, 1);
      MathProvider.instance().exp(new float[1], 0, new float[1], 0, 1);
      System.out.println("chosen: " + MathProvider.description() + ": " + y[0]);
    }
  }

  @Test
  void theModuleIsUsedWhereItIsPresent() throws IOException, InterruptedException {
    assertThat(run("--add-modules", "jdk.incubator.vector", "-Dcotangent.vector=vector")).containsPattern("chosen: vector, \\d+ bits: 2\\.71828")
        .doesNotContain("remedy");
  }

  @Test
  void withoutTheModuleTheScalarFunctionsServeAndOneMessageNamesTheRemedy() throws IOException, InterruptedException {
    assertThat(run()).containsOnlyOnce("chosen: scalar: jdk.incubator.vector is absent; add --add-modules jdk.incubator.vector")
        .containsOnlyOnce("elementwise functions are scalar").contains("2.71828");
  }

  @Test
  void thePropertyChooses() throws IOException, InterruptedException {
    assertThat(run("--add-modules", "jdk.incubator.vector", "-Dcotangent.vector=scalar")).contains("chosen: scalar: cotangent.vector=scalar: 2.71828")
        .doesNotContain("elementwise functions are");
    assertThat(run("-Dcotangent.vector=wide")).contains("cotangent.vector: must be scalar, vector or auto: wide");
  }

  @Test
  void vectorsWithoutFusedMultiplyAddAreLeftAlone() throws IOException, InterruptedException {
    if (!System.getProperty("os.arch").equals("amd64")) return;
    assertThat(run("--add-modules", "jdk.incubator.vector", "-XX:UseAVX=0")).contains("chosen: scalar: vectors have 128 bits");
  }

  private static String run(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", location(MathProvider.class) + System.getProperty("path.separator") + location(Main.class), Main.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("JDK_JAVA_OPTIONS");
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  private static String location(Class<?> type) {
    return Path.of(java.net.URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString())).toString();
  }
}
