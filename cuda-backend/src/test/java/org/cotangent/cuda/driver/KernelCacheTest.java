package org.cotangent.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compiled kernels on disk. */
class KernelCacheTest {
  private static final KernelSource SOURCE = CompilerTest.AXPY;
  @TempDir Path folder;

  private static byte[] image(KernelCache cache) {
    return cache.image(SOURCE, 80, Compiler.Form.PTX);
  }

  private Path only() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      return all.getFirst();
    }
  }

  @Test
  void aKernelIsCompiledOnce() throws IOException {
    var first = new KernelCache(folder);
    byte[] image = image(first);
    assertThat(first.compiled()).isOne();
    var second = new KernelCache(folder);
    assertThat(image(second)).isEqualTo(image);
    assertThat(second.compiled()).isZero();
    assertThat(only().getFileName().toString()).matches("[0-9a-f]{64}\\.ptx");
  }

  @Test
  void optionsArchitectureFormAndTextAreToldApart() throws IOException {
    var cache = new KernelCache(folder);
    image(cache);
    cache.image(SOURCE, 90, Compiler.Form.PTX);
    cache.image(SOURCE, 80, Compiler.Form.CUBIN);
    cache.image(new KernelSource(SOURCE.name(), SOURCE.text(), List.of("-DX=1")), 80, Compiler.Form.PTX);
    cache.image(new KernelSource(SOURCE.name(), SOURCE.text() + " ", List.of()), 80, Compiler.Form.PTX);
    assertThat(cache.compiled()).isEqualTo(5);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(5);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"truncated", "flipped", "empty", "hash only", "foreign"})
  void aDamagedFileIsCompiledAnew(String damage) throws IOException {
    byte[] image = image(new KernelCache(folder));
    byte[] whole = Files.readAllBytes(only());
    byte[] bad = switch (damage) {
      case "truncated" -> java.util.Arrays.copyOf(whole, whole.length - 7);
      case "flipped" -> flipped(whole);
      case "empty" -> new byte[0];
      case "hash only" -> java.util.Arrays.copyOf(whole, 32);
      default -> "not a kernel".repeat(40).getBytes();
    };
    Files.write(only(), bad);
    var cache = new KernelCache(folder);
    assertThat(image(cache)).isEqualTo(image);
    assertThat(cache.compiled()).isOne();
    assertThat(Files.readAllBytes(only())).isEqualTo(whole);
  }

  private static byte[] flipped(byte[] whole) {
    byte[] bad = whole.clone();
    bad[bad.length / 2] ^= 4;
    return bad;
  }

  @Test
  void aFolderThatCannotBeWrittenDoesNoHarm() throws IOException {
    Path file = Files.write(folder.resolve("file"), new byte[1]);
    var cache = new KernelCache(file.resolve("below"));
    assertThat(image(cache)).isNotEmpty();
    assertThat(image(cache)).isNotEmpty();
    assertThat(cache.compiled()).isEqualTo(2);
  }

  @Test
  void manyWritersLeaveOneWholeFile() throws Exception {
    try (var threads = Executors.newFixedThreadPool(4)) {
      var tasks = new ArrayList<Callable<byte[]>>();
      for (int i = 0; i < 8; i++) {
        tasks.add(() -> image(new KernelCache(folder)));
      }
      byte[] image = image(new KernelCache(folder));
      for (var f : threads.invokeAll(tasks)) {
        assertThat(f.get()).isEqualTo(image);
      }
    }
    only();
  }
}
