package org.cotangent.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The examples of docs/transforms.md compile, run and print what the page says. */
@Isolated
class TransformsPageTest {
  private static final String IMPORTS = "import org.cotangent.*;\nimport static org.cotangent.Autograd.*;\nimport java.util.*;\n";

  private record Example(String title, String code, String output) {}

  private static Path page() {
    Path here = Path.of("").toAbsolutePath();
    Path own = here.resolve("docs/transforms.md");
    return Files.exists(own) ? own : here.resolveSibling("docs").resolve("transforms.md");
  }

  private static List<Example> examples() throws IOException {
    var r = new ArrayList<Example>();
    String title = "";
    String code = "";
    StringBuilder block = new StringBuilder();
    String open = "";
    for (String line : Files.readAllLines(page())) {
      if (line.startsWith("```")) {
        if (open.isEmpty()) {
          open = line;
        } else {
          if (open.equals("```java")) {
            code = block.toString();
          } else {
            r.add(new Example(title, code, block.toString()));
          }
          open = "";
          block.setLength(0);
        }
      } else if (!open.isEmpty()) {
        block.append(line).append('\n');
      } else if (line.startsWith("## ")) {
        title = line.substring(3);
      }
    }
    return r;
  }

  @TestFactory
  Stream<DynamicTest> everyExamplePrintsWhatThePageSays(@TempDir Path classes) throws IOException {
    List<Example> all = examples();
    assertThat(all).hasSizeGreaterThan(7);
    return Stream.iterate(0, i -> i + 1).limit(all.size())
        .map(i -> DynamicTest.dynamicTest(all.get(i).title(),
            () -> assertThat(run(all.get(i), "Example" + i, classes)).isEqualTo(all.get(i).output())));
  }

  private static String run(Example e, String name, Path classes) throws Exception {
    int helper = e.code().indexOf("\nstatic ");
    String body = helper < 0 ? e.code() : e.code().substring(0, helper);
    String rest = helper < 0 ? "" : e.code().substring(helper);
    String source = IMPORTS + "public final class " + name + " {\npublic static void main(String[] arguments) {\n" + body + "}\n"
        + rest + "}\n";
    Path file = Files.writeString(classes.resolve(name + ".java"), source);
    String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
        + java.io.File.pathSeparator + System.getProperty("jdk.module.path", "");
    int code = ToolProvider.findFirst("javac").orElseThrow()
        .run(System.out, System.err, "-proc:none", "-cp", path, "-d", classes.toString(), file.toString());
    assertThat(code).as(source).isZero();
    var out = new ByteArrayOutputStream();
    PrintStream before = System.out;
    try (var loader = new URLClassLoader(new java.net.URL[] {classes.toUri().toURL()}, TransformsPageTest.class.getClassLoader())) {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
