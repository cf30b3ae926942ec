package org.cotangent.examples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.cotangent.Device;
import org.cotangent.cuda.driver.Emulator;
import org.cotangent.testkit.Skipping;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on the emulated CUDA driver. */
class ConformanceEmulatedTest {
  @Test
  void agreesWithPyTorch(@TempDir Path dir) throws IOException {
    Optional<String> skipped = Skipping.without(Device.cuda().unavailable());
    Assumptions.assumeTrue(skipped.isEmpty(), () -> skipped.orElse(""));
    Emulator emulator = Emulator.here().orElseThrow();
    emulator.clear();
    var out = new StringWriter();
    assertThat(ConformanceTest.run(out, ConformanceTest.visible(dir), "--device", "cuda:0")).as(out.toString()).isZero();
    assertThat(out.toString().strip()).isEqualTo(ConformanceTest.COMPLETE);
    assertThat(emulator.reports()).isEmpty();
  }
}
