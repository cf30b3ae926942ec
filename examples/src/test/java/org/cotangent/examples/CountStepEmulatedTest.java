package org.cotangent.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.cotangent.Device;
import org.cotangent.testkit.Skipping;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The counts on the emulated CUDA driver are those that docs/gpu.md states: more launches or bytes than there are a regression. */
class CountStepEmulatedTest {
  @Test
  void docsStateWhatIsCounted() throws IOException {
    Optional<String> skipped = Skipping.without(Device.cuda().unavailable());
    Assumptions.assumeTrue(skipped.isEmpty(), () -> skipped.orElse(""));
    var text = new StringWriter();
    assertThat(Main.commandLine().setOut(new PrintWriter(text)).execute("info", "--count-step", "--device", "cuda:0", "--emulated")).isZero();
    List<String> counted = text.toString().lines().dropWhile(l -> !l.startsWith("on ")).skip(1).toList();
    assertThat(counted).hasSizeGreaterThan(14);
    String page = Files.readString(Path.of("../docs/gpu.md"));
    assertThat(page).as("docs/gpu.md: put in what ./cotangent info --count-step --emulated prints").contains(String.join("\n", counted));
  }
}
