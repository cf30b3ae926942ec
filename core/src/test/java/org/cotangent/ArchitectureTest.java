package org.cotangent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.cotangent.primitive.Custom;
import org.cotangent.primitive.Primitive;
import org.cotangent.spi.Backend;
import org.junit.jupiter.api.Test;

/** ARCHITECTURE.md says how many primitives and kernels there are; here they are counted. */
class ArchitectureTest {
  private static final Set<String> NO_KERNELS = Set.of(
      "device", "description", "longestRow", "sumsRows", "writesInPlace", "allocate", "upload", "download", "synchronize", "memoryStats", "resetPeak", "emptyCache");

  private static Stream<Class<?>> leaves(Class<?> c) {
    return c.isSealed() ? Arrays.stream(c.getPermittedSubclasses()).flatMap(ArchitectureTest::leaves) : Stream.of(c);
  }

  @Test
  void theNumbersOfPrimitivesAndKernelsAreTheDocumentedOnes() throws IOException {
    long primitives = leaves(Primitive.class).filter(c -> c != Custom.class).count();
    long kernels = Arrays.stream(Backend.class.getMethods()).map(Method::getName).filter(n -> !NO_KERNELS.contains(n)).distinct().count();
    String page = Files.readString(Path.of("..", "ARCHITECTURE.md"));
    assertThat(page).contains(primitives + " primitives and `Custom`").contains("backends of " + kernels + " kernels");
  }
}
