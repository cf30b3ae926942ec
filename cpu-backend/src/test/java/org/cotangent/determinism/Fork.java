package org.cotangent.determinism;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a program of the tests printed in a process of its own.
 *
 * @param out lines of the standard output
 * @param err lines of the standard error
 */
public record Fork(List<String> out, List<String> err) {
  /** Runs {@code main} with these options of the virtual machine; it must end well. */
  public static Fork run(Path folder, Class<?> main, List<String> options, String... arguments) throws IOException, InterruptedException {
    String modules = System.getProperty("jdk.module.path", "");
    var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m",
        "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(options);
    if (!modules.isEmpty()) {
      command.addAll(List.of("-p", modules, "--add-modules", "org.cotangent.cpu"));
    }
    String classes = Path.of("target", "test-classes") + File.pathSeparator
        + System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    command.addAll(List.of("-cp", classes, main.getName()));
    command.addAll(List.of(arguments));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process p = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    int code = p.waitFor();
    var r = new Fork(Files.readAllLines(out, StandardCharsets.UTF_8), Files.readAllLines(err, StandardCharsets.UTF_8));
    assertThat(code).as(() -> String.join("\n", r.err())).isZero();
    return r;
  }
}
