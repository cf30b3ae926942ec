package org.cotangent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Dependencies point one way, from a higher layer to a lower one. */
class LayeringTest {
  private static final Set<String> BASE = Set.of("DType", "Shape", "Spec");
  private static final Set<String> SPI = Set.of("Device", "Generator");
  private static final List<String> LAYERS = List.of("base", "expr", "spi", "primitive", "lower", "transform", "tensor", "library", "nn");

  private static int layer(String name) {
    String rest = name.substring("org/cotangent/".length());
    int slash = rest.lastIndexOf('/');
    String simple = rest.substring(slash + 1).split("\\$")[0];
    String pack = slash < 0 ? "" : rest.substring(0, slash);
    String layer = switch (pack) {
      case "" -> BASE.contains(simple) ? "base" : SPI.contains(simple) ? "spi" : "tensor";
      case "errors" -> "base";
      case "ops", "io", "data" -> "library";
      case "nn", "optim" -> "nn";
      default -> pack;
    };
    return LAYERS.indexOf(layer);
  }

  @Test
  void everyClassSeesOnlyItsOwnLayerAndThoseBelow() throws IOException, URISyntaxException {
    Path root = Path.of(DType.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    var wrong = new TreeSet<String>();
    int[] seen = {0};
    try (Stream<Path> files = Files.walk(root)) {
      for (Path p : files.filter(f -> f.toString().endsWith(".class") && !f.endsWith("module-info.class")).toList()) {
        seen[0]++;
        check(p, wrong);
      }
    }
    assertThat(seen[0]).as("classes looked at").isGreaterThan(100);
    assertThat(wrong).isEmpty();
  }

  private static void check(Path file, Set<String> wrong) throws IOException {
    var model = ClassFile.of().parse(file);
    String own = model.thisClass().asInternalName();
    assertThat(layer(own)).as("layer of " + own).isNotNegative();
    for (var entry : model.constantPool()) {
      if (entry instanceof ClassEntry c && c.asInternalName().startsWith("org/cotangent/") && layer(c.asInternalName()) > layer(own)) {
        wrong.add(own + " -> " + c.asInternalName());
      }
    }
  }

  @Test
  void theLayersAreTheDocumentedOnes() {
    assertThat(layer("org/cotangent/Tensor$1")).isGreaterThan(layer("org/cotangent/transform/Gate"));
    assertThat(layer("org/cotangent/primitive/Pointwise")).isLessThan(layer("org/cotangent/lower/Fuser"));
  }
}
