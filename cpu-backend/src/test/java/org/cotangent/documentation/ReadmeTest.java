package org.cotangent.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The Java of README.md compiles as it stands, after the data that it speaks of, and prints what its comments say. */
@Isolated
class ReadmeTest {
  /** What the example takes for granted: weights and samples, and images with their labels. */
  private static final String GIVEN = """
      Tensor w = Tensor.of(1f, 2f);
      Tensor as = Tensor.rand(5, 2);
      Tensor bs = Tensor.rand(5);
      Tensor images = Tensor.rand(96, 64);
      Tensor labels = Tensor.randint(0, 10, 96);
      """;

  /** What a reader would look at next; the page does not print it. */
  private static final String THEN = """
      System.out.println(J);
      System.out.println(H);
      System.out.println(perSample.shape());
      System.out.println(model.parameters().get(0).dtype() + " " + loss.dtype() + " " + scaler.scale());
      """;

  @Test
  void theExampleAndItsHalfPrecisionPartRunAndPrintWhatTheySay(@TempDir Path folder) throws Exception {
    List<String> java = Page.blocks("README.md").stream().filter(b -> b.language().equals("java")).map(Page.Block::text).toList();
    assertThat(java).hasSize(2);
    String imports = java.get(0).lines().filter(l -> l.startsWith("import ")).collect(Collectors.joining("\n"));
    Path saved = folder.resolve("model.safetensors");
    String body = java.get(0).lines().filter(l -> !l.startsWith("import ")).collect(Collectors.joining("\n"))
        .replace("Path.of(\"model.safetensors\")", "Path.of(\"" + saved.toString().replace("\\", "\\\\") + "\")");
    String source = imports + "\npublic final class Readme {\npublic static void main(String[] arguments) {\n" + GIVEN + body + "\n"
        + java.get(1) + THEN + "}\n}\n";
    List<String> printed = Page.run("Readme", source, folder).lines().toList();
    List<String> said = body.lines().filter(l -> l.contains("println(")).map(l -> l.substring(l.indexOf("// ") + 3)).toList();
    assertThat(said).hasSize(2);
    assertThat(printed.subList(0, 2)).isEqualTo(said);
    assertThat(printed.subList(2, printed.size())).containsExactly(
        "tensor([[2.0000, 1.0000, 1.0000],", "        [0.5403, 4.0000, 0.0000]])",
        "tensor([[ 6.,  0.],", "        [ 0., 12.]])",
        "[5, 2]", "float32 float32 65536.0");
    assertThat(Files.size(saved)).isGreaterThan(4 * 64 * 128);
  }
}
