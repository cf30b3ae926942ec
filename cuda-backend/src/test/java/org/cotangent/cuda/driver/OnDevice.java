package org.cotangent.cuda.driver;

import java.util.List;
import org.assertj.core.api.Assertions;
import org.cotangent.testkit.Skipping;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs tests that need a device where there is one, on the emulated driver or a real one, and fails those that misuse the former. */
public final class OnDevice implements ExecutionCondition, BeforeEachCallback, AfterEachCallback {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return Skipping.without(Discovery.here().unavailable())
        .map(why -> ConditionEvaluationResult.disabled("no device: " + why))
        .orElse(ConditionEvaluationResult.enabled("a device"));
  }

  /** The emulated driver; a test that asks for it does not run on hardware. */
  public static Emulator emulator() {
    return Emulator.here().orElseGet(() -> Assumptions.abort("only the emulated driver can tell"));
  }

  /** The first device as of a new process: all that the emulated driver held is gone, and whatever was lost is forgotten. */
  public static CudaDevice reopened() {
    emulator().reset();
    return new CudaDevice(0);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    Emulator.here().ifPresent(e -> {
      e.configure("fault", "");
      e.clear();
    });
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Emulator.here().ifPresent(e -> {
      e.configure("fault", "");
      List<String> reports = e.reports();
      e.clear();
      if (context.getTags().stream().noneMatch("alone"::equals)) {
        Assertions.assertThat(reports).as("reports of the emulated driver").isEmpty();
      }
    });
  }
}
