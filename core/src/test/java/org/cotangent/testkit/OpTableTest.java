package org.cotangent.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cotangent.Primitives;
import org.cotangent.Tensor;
import org.cotangent.expr.Expr;
import org.cotangent.transform.Precision;
import org.junit.jupiter.api.Test;

/** No operation is missing from the table. */
class OpTableTest {
  /** Writes to a table, changes only a gradient, and is checked as solveTriangular. */
  private static final Set<String> ELSEWHERE = Set.of("renormalize_", "gradByFrequency", "triangularSolve");

  private static Stream<Class<?>> ops() throws IOException, URISyntaxException {
    Path classes = Path.of(Tensor.class.getProtectionDomain().getCodeSource().getLocation().toURI()).resolve("org/cotangent/ops");
    try (var files = Files.list(classes)) {
      return files.map(f -> f.getFileName().toString()).filter(n -> n.endsWith(".class") && !n.contains("$") && !n.startsWith("package"))
          .<Class<?>>map(n -> load("org.cotangent.ops." + n.replace(".class", ""))).toList().stream();
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean operation(Method m) {
    boolean tensors = m.getReturnType() != Expr.class && !m.getDeclaringClass().isRecord();
    return Modifier.isPublic(m.getModifiers()) && !m.isSynthetic() && tensors;
  }

  @Test
  void everyPublicOperationHasARow() throws IOException, URISyntaxException {
    Stream<Class<?>> mixins = Arrays.stream(Tensor.class.getInterfaces());
    Set<String> methods = Stream.of(mixins, ops()
        .filter(c -> Modifier.isPublic(c.getModifiers()) && !c.isEnum()), Stream.<Class<?>>of(Primitives.class))
        .flatMap(s -> s).flatMap(c -> Arrays.stream(c.getDeclaredMethods())).filter(OpTableTest::operation).map(Method::getName)
        .collect(Collectors.toCollection(TreeSet::new));
    methods.removeAll(ELSEWHERE);
    methods.removeAll(OpTable.rows().stream().map(OpRow::op).collect(Collectors.toSet()));
    assertThat(methods).as("operations without a row in OpTable").isEmpty();
  }

  @Test
  void theOperationsThatAutocastWidensExist() {
    var unknown = new TreeSet<>(Precision.SINGLE);
    unknown.removeAll(OpTable.rows().stream().map(OpRow::op).collect(Collectors.toSet()));
    assertThat(unknown).isEmpty();
  }

  @Test
  void noTwoRowsShareAName() {
    assertThat(OpTable.rows().stream().map(OpRow::name)).doesNotHaveDuplicates();
  }
}
