package org.cotangent.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;

class FontsTest {
  @Test
  void thereIsAReasonOnlyWhereThereAreNoFonts() {
    assertThat(Fonts.whyUnavailable().isEmpty()).isEqualTo(Fonts.available());
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    assertThat(Fonts.availableOrWarn(new PrintStream(err))).isEqualTo(Fonts.available());
    if (Fonts.available()) {
      assertThat(err.size()).isZero();
    }
  }

  /** Starts Java with a font configuration that lists no fonts. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void withoutFontsOneWarningIsPrintedAndNothingWritten(@TempDir Path dir) throws Exception {
    Path configuration =
        Files.writeString(
            dir.resolve("fonts.conf"), "<?xml version=\"1.0\"?><fontconfig></fontconfig>");
    Path err = dir.resolve("err.txt");
    ProcessBuilder java =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Duser.home=" + dir,
            "-cp",
            String.join(
                File.pathSeparator, root(Charts.class), root(Draw.class), root(XYChart.class)),
            Draw.class.getName(),
            dir.toString());
    java.environment().put("FONTCONFIG_FILE", configuration.toString());
    java.redirectError(err.toFile());
    Process process = java.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(err)).isZero();
    assertThat(out.strip()).isEqualTo("false false");
    assertThat(Files.readAllLines(err))
        .filteredOn(line -> line.contains("warning"))
        .singleElement()
        .asString()
        .startsWith("warning: no charts are written, for Java cannot draw text here (");
    try (var files = Files.list(dir)) {
      assertThat(files).noneMatch(file -> file.toString().endsWith(".png"));
    }
  }

  /** Draws two pictures and prints whether they were written. */
  static final class Draw {
    private Draw() {}

    public static void main(String[] arguments) {
      Path dir = Path.of(arguments[0]);
      boolean curves = Charts.curves(dir.resolve("a.png"), List.of(1.0), List.of(1.0));
      boolean saliency =
          Charts.saliency(dir.resolve("b.png"), new float[1], 1, 1, new float[1][1], 0, 0);
      System.out.println(curves + " " + saliency);
    }
  }

  /** The folder or jar that a class is in. */
  private static String root(Class<?> type) throws IOException {
    String file = type.getName().replace('.', '/') + ".class";
    String url = type.getResource("/" + file).toString();
    String root = url.substring(0, url.length() - file.length());
    root = root.startsWith("jar:") ? root.substring(4, root.length() - 2) : root;
    return Path.of(URI.create(root)).toString();
  }
}
