package org.cotangent.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/** A page of the documentation: its fenced blocks, and what they do when they are compiled and run. */
final class Page {
  /**
   * A fenced block.
   *
   * @param title the heading that it stands under
   * @param language what follows the fence: "java", "sh"; empty for printed text
   * @param text its lines
   */
  record Block(String title, String language, String text) {}

  private Page() {}

  /** The blocks of a page of the repository, in order. */
  static List<Block> blocks(String page) throws IOException {
    var r = new ArrayList<Block>();
    String title = "";
    String language = "";
    StringBuilder open = null;
    for (String line : Files.readAllLines(file(page))) {
      if (line.startsWith("```")) {
        if (open == null) {
          language = line.substring(3);
          open = new StringBuilder();
        } else {
          r.add(new Block(title, language, open.toString()));
          open = null;
        }
      } else if (open != null) {
        open.append(line).append('\n');
      } else if (line.startsWith("## ")) {
        title = line.substring(3);
      }
    }
    return r;
  }

  private static Path file(String page) {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("ARCHITECTURE.md")) ? here.resolve(page) : here.getParent().resolve(page);
  }

  /** What the program prints whose class {@code name} is in {@code source}, which is compiled into {@code classes}. */
  static String run(String name, String source, Path classes) throws Exception {
    Path file = Files.writeString(classes.resolve(name + ".java"), source);
    String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
        + File.pathSeparator + System.getProperty("jdk.module.path", "");
    int code = ToolProvider.findFirst("javac").orElseThrow()
        .run(System.out, System.err, "-proc:none", "-cp", path, "-d", classes.toString(), file.toString());
    assertThat(code).as(source).isZero();
    var out = new ByteArrayOutputStream();
    PrintStream before = System.out;
    try (var loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, Page.class.getClassLoader())) {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
