package org.cotangent.examples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ConformanceTest {
  /** What the command ends with on every device. */
  static final String COMPLETE = "passed 454, failed 0, unsupported 0";

  private final StringWriter out = new StringWriter();

  private int run(Path file, String... options) {
    return run(out, file, options);
  }

  static int run(StringWriter out, Path file, String... options) {
    List<String> arguments = new ArrayList<>(List.of(file.toString()));
    arguments.addAll(List.of(options));
    return new CommandLine(new Conformance()).setOut(new PrintWriter(out)).execute(arguments.toArray(String[]::new));
  }

  /** Every record of PyTorch's own test inputs that the project holds. */
  static Path visible(Path dir) throws IOException {
    Path file = dir.resolve("visible.jsonl.gz");
    try (var in = ConformanceTest.class.getResourceAsStream("visible.jsonl.gz")) {
      Files.copy(in, file);
    }
    return file;
  }

  private static Path compressed(Path dir, List<String> names) throws IOException {
    Path file = dir.resolve("records.jsonl.gz");
    try (var gz = new GZIPOutputStream(Files.newOutputStream(file))) {
      for (String name : names) {
        ConformanceTest.class.getResourceAsStream(name).transferTo(gz);
      }
    }
    return file;
  }

  private String last() {
    return out.toString().lines().toList().getLast();
  }

  @Test
  void countsAndExitStatus(@TempDir Path dir) throws IOException {
    assertThat(run(compressed(dir, List.of("sound.jsonl")))).isZero();
    assertThat(out.toString().strip()).isEqualTo("passed 7, failed 0, unsupported 0");
    assertThat(run(compressed(dir, List.of("sound.jsonl", "spoiled.jsonl")))).isEqualTo(1);
    int bad = ReplayTest.spoiled().size();
    assertThat(last()).isEqualTo("passed 7, failed " + bad + ", unsupported 0");
    assertThat(out.toString()).contains("mul#0 with vjp[0] spoiled vjp[0]: element 0: expected ");
  }

  @Test
  void onlySomeFunctions(@TempDir Path dir) throws IOException {
    assertThat(run(compressed(dir, List.of("sound.jsonl")), "--only", "mul", "--only", "torch.eq")).isZero();
    assertThat(last()).isEqualTo("passed 2, failed 0, unsupported 0");
  }

  /** None of all records fails, none lacks a counterpart. */
  @Test
  void agreesWithPyTorch(@TempDir Path dir) throws IOException {
    assertThat(run(visible(dir))).as(out.toString()).isZero();
    assertThat(out.toString().strip()).isEqualTo(COMPLETE);
  }
}
