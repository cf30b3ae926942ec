package org.cotangent.examples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.cotangent.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ConformanceTest {
  /** cosh and sinh of 710 are finite, and trigamma(-1) is infinite; PyTorch's vectorised code says otherwise. */
  private static final List<String> MORE_EXACT = List.of("cosh@edge", "sinh@edge", "digamma@edge");

  private final StringWriter out = new StringWriter();

  private int run(Path file, String... options) {
    List<String> arguments = new ArrayList<>(List.of(file.toString()));
    arguments.addAll(List.of(options));
    return new CommandLine(new Conformance()).setOut(new PrintWriter(out)).execute(arguments.toArray(String[]::new));
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

  @Test
  void theCoreOperationsAgreeWithPyTorch() throws IOException {
    Apis apis = Apis.all();
    var wrong = new ArrayList<String>();
    int passed = 0;
    var in = new GZIPInputStream(ConformanceTest.class.getResourceAsStream("visible.jsonl.gz"));
    try (var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line : reader.lines().toList()) {
        Case record = new Case(Json.map(Json.parse(line)));
        if (!record.tier().equals("core")) {
          continue;
        }
        if (Replay.run(record, apis, Device.CPU).isEmpty()) {
          passed++;
        } else {
          wrong.add(record.id());
        }
      }
    }
    assertThat(wrong).containsExactlyInAnyOrderElementsOf(MORE_EXACT);
    assertThat(passed).isEqualTo(352);
  }
}
