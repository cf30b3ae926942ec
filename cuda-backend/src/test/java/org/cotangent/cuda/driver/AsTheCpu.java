package org.cotangent.cuda.driver;

import java.util.List;
import org.assertj.core.api.Assertions;
import org.cotangent.Device;
import org.cotangent.spi.Backends;
import org.cotangent.testkit.DisguisedBackend;
import org.cotangent.testkit.Skipping;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The first CUDA device as the device "cpu" of a test process, so that tests that were written for the CPU compute there. Registered for all
 * tests of the processes that detect extensions by themselves.
 */
public final class AsTheCpu implements ExecutionCondition, BeforeAllCallback, AfterEachCallback {
  private static final class Installed {
    static final DisguisedBackend BACKEND = new DisguisedBackend(Device.CPU, Backends.of(Device.cuda()));

    static void install() {}
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return Skipping.without(Discovery.here().unavailable()).map(why -> ConditionEvaluationResult.disabled("no device: " + why))
        .orElse(ConditionEvaluationResult.enabled("a device"));
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    Installed.install();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Emulator.here().ifPresent(e -> {
      List<String> reports = e.reports();
      e.clear();
      Assertions.assertThat(reports).as("reports of the emulated driver").isEmpty();
    });
  }
}
