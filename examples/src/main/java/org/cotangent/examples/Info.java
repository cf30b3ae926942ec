package org.cotangent.examples;

import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.cotangent.Device;
import org.cotangent.spi.BackendProvider;
import org.cotangent.spi.Backends;
import org.cotangent.examples.quickstart.StepCount;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints what this machine offers: the JDK, the vector module and the devices. */
@Command(
    name = "info",
    description = {
      "Print the version, the JDK and each device, or why it cannot be used.",
      "With --count-step also what a training step and a Jacobian of the quickstart ask of a device."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class Info implements Callable<Integer> {

  @Option(names = "--count-step", description = "Count kernels, products, copies and bytes, fused and not, beside the least that is needed.")
  private boolean countStep;

  @Option(names = "--device", paramLabel = "DEVICE", description = "Where to count: cpu, cuda or cuda:N; the fastest present by default.")
  private Optional<String> device = Optional.empty();

  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    line(out, "version", Version.text());
    line(out, "java", Runtime.version() + " (" + System.getProperty("java.vendor") + ") at "
        + System.getProperty("java.home"));
    line(out, "system", System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
        + Runtime.getRuntime().availableProcessors() + " processors, heap up to "
        + (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
    line(out, "vector", vector());
    for (String type : types()) {
      Device first = new Device(type, 0);
      Optional<String> reason = first.unavailable();
      if (reason.isPresent()) {
        line(out, first.toString(), "not available: " + without(type + ": ", reason.get()));
      }
      for (Device device : Device.all()) {
        if (device.type().equals(type)) {
          line(out, device.toString(), Backends.of(device).description());
        }
      }
    }
    if (countStep) {
      StepCount.print(out, device.map(Device::of).orElseGet(Device::best));
    }
    return 0;
  }

  private static Set<String> types() {
    Set<String> types = new LinkedHashSet<>(List.of("cpu", "cuda"));
    for (BackendProvider provider : Backends.providers()) {
      types.add(provider.type());
    }
    return types;
  }

  private static String without(String prefix, String text) {
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  private static String vector() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        ? "jdk.incubator.vector"
        : "scalar fallback; start Java with --add-modules jdk.incubator.vector";
  }

  private static void line(PrintWriter out, String name, String value) {
    out.printf("%-10s%s%n", name, value);
  }
}
