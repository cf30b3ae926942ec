package org.cotangent.examples;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Another process of this program, with this one's class path and its {@code cotangent.*} properties. */
public final class JavaFork {
  private JavaFork() {}

  /**
   * Starts {@code main}; what it prints to standard error appears here.
   *
   * @param options options of Java beside those that every process of this program has
   */
  public static Process start(List<String> options, Class<?> main, List<String> arguments) throws IOException {
    var command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"), "--add-modules", "jdk.incubator.vector",
        "--enable-native-access=ALL-UNNAMED"));
    System.getProperties().stringPropertyNames().stream().filter(n -> n.startsWith("cotangent.")).sorted()
        .forEach(n -> command.add("-D" + n + "=" + System.getProperty(n)));
    command.addAll(options);
    command.addAll(List.of("-cp", path(), main.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Where this process finds its classes, on the class path or the module path. */
  private static String path() {
    return String.join(System.getProperty("path.separator"),
        Stream.of("jdk.module.path", "java.class.path").map(n -> System.getProperty(n, "")).filter(p -> !p.isEmpty()).toList());
  }
}
