package org.cotangent.cuda.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.cotangent.cuda.driver.KernelSource;

/** The hand-written kernels and headers of native/kernels, which are resources beside this class. */
final class Sources {
  private static final Map<String, String> FILES = new ConcurrentHashMap<>();
  private static final Map<Key, KernelSource> KERNELS = new ConcurrentHashMap<>();
  /** Warning 186 is of templates that compare an unsigned type with 0. */
  private static final List<String> OPTIONS = List.of("--diag-suppress=186");

  private record Key(String file, String entry, List<String> defines) {}

  private Sources() {}

  /**
   * A kernel of a file.
   *
   * @param defines macros that the file asks for: "RANK=2"
   */
  static KernelSource kernel(String file, String entry, List<String> defines) {
    return KERNELS.computeIfAbsent(new Key(file, entry, defines), k -> generated(entry,
        defines.stream().map(d -> "#define " + d.replaceFirst("=", " ") + "\n").collect(Collectors.joining()) + read(file)));
  }

  /** A kernel of this text, in which lines {@code #include "name"} of ours are replaced by the file. */
  static KernelSource generated(String entry, String text) {
    KernelSource source = new KernelSource(entry, included(text, new HashSet<>()), OPTIONS);
    AuditedKernels.record(source);
    return source;
  }

  /** A kernel whose text has been completed before. */
  static KernelSource complete(String entry, String text) {
    return new KernelSource(entry, text, OPTIONS);
  }

  private static String included(String text, Set<String> done) {
    StringBuilder all = new StringBuilder();
    for (String line : text.split("\n", -1)) {
      if (!line.startsWith("#include \"")) {
        if (!line.equals("#pragma once")) {
          all.append(line).append('\n');
        }
      } else {
        String name = line.substring(10, line.length() - 1);
        if (done.add(name)) {
          all.append(included(read(name), done));
        }
      }
    }
    return all.toString();
  }

  private static String read(String name) {
    return FILES.computeIfAbsent(name, n -> {
      try (InputStream in = Sources.class.getResourceAsStream(n)) {
        if (in == null) {
          throw new IllegalStateException("kernel source " + n + " is missing from the jar");
        }
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }
}
