package org.cotangent.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeCacheTest {
  private final byte[] content = new byte[300_000];
  @TempDir Path folder;

  NativeCacheTest() {
    new Random(1).nextBytes(content);
  }

  @Test
  void aFileIsCopiedOnceAndThenKept() throws IOException {
    Path file = extract(jar());
    assertThat(file).hasBinaryContent(content);
    var past = FileTime.fromMillis(1_000_000_000_000L);
    Files.setLastModifiedTime(file, past);
    assertThat(extract(jar())).isEqualTo(file);
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(past);
  }

  @Test
  void aTruncatedFileIsReplaced() throws IOException {
    Path file = extract(jar());
    Files.write(file, new byte[1000]);
    assertThat(extract(jar())).isEqualTo(file).hasBinaryContent(content);
  }

  @Test
  void aFileOfTheRightLengthWithOtherBytesIsReplaced() throws IOException {
    Path file = extract(jar());
    byte[] wrong = content.clone();
    wrong[150_000] ^= 1;
    Files.write(file, wrong);
    assertThat(extract(jar())).isEqualTo(file).hasBinaryContent(content);
  }

  @Test
  void nothingElseIsLeftInTheFolder() throws IOException {
    Path file = extract(jar());
    try (var files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aResourceOutsideAJarWorksToo() throws IOException {
    Path plain = folder.resolve("plain");
    Files.write(plain, content);
    assertThat(extract(plain.toUri().toURL())).hasBinaryContent(content);
  }

  @Test
  void otherContentGetsAnotherFolder() throws IOException {
    Path first = extract(jar());
    content[0] ^= 1;
    Path second = extract(jar());
    assertThat(second).isNotEqualTo(first).hasBinaryContent(content);
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed() throws IOException {
    Path blocked = Files.createFile(folder.resolve("blocked"));
    URL jar = jar();
    assertThatThrownBy(() -> NativeCache.extract(blocked, "label", List.of("lib.so"), List.of(jar)))
        .isInstanceOf(IOException.class).hasMessageContaining("blocked");
  }

  private Path extract(URL url) throws IOException {
    return NativeCache.extract(folder.resolve("cache"), "label", List.of("lib.so"), List.of(url)).getFirst();
  }

  private URL jar() throws IOException {
    Path jar = folder.resolve("some.jar");
    try (var out = new ZipOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new ZipEntry("native/lib.so"));
      out.write(content);
    }
    return URI.create("jar:" + jar.toUri() + "!/native/lib.so").toURL();
  }
}
