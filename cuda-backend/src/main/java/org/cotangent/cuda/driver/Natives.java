package org.cotangent.cuda.driver;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;
import jcuda.nvrtc.JNvrtc;
import org.cotangent.errors.DeviceException;
import org.cotangent.spi.NativeCache;

/**
 * Loads JCuda's natives and NVRTC, whole and once.
 *
 * <p>JCuda copies its natives into {@code java.io.tmpdir} and takes a file that is there already without looking at it, so that a
 * truncated one ends the process. They are therefore copied beforehand into this library's cache, where contents are checked, and the
 * property points there while JCuda's classes initialise; this also serves the module path, where JCuda does not see its other jars.
 */
@SuppressWarnings("restricted") // loading native libraries is what this class is for
final class Natives {
  private static final String VERSION = "12.6.0-linux-x86_64";
  private static final List<String> JCUDA = List.of(file("JCudaDriver"), file("JNvrtc"), file("JCublas2"));
  private static final List<String> NVRTC = List.of("libnvrtc-builtins.so.12.9", "libnvrtc.so.12");
  private static final String NVRTC_FOLDER = "org/bytedeco/cuda/linux-x86_64/";

  private Natives() {}

  private static String file(String name) {
    return "lib" + name + "-" + VERSION + ".so";
  }

  /** Which jar is missing on the class path, with the remedy; empty if all are there. */
  static Optional<String> missing() {
    return absent("lib/", JCUDA, "org.jcuda:jcuda-natives and org.jcuda:jcublas-natives, 12.6.0:linux-x86_64")
        .or(() -> absent(NVRTC_FOLDER, NVRTC, "org.bytedeco:cuda-redist:12.9-9.10-1.5.12:linux-x86_64"));
  }

  private static Optional<String> absent(String folder, List<String> names, String jars) {
    return names.stream().filter(n -> Libraries.resource(folder + n).isEmpty()).findFirst()
        .map(n -> n + " is not on the class path; add " + jars);
  }

  /** The compiler alone, which needs no driver. */
  static void compiler() {
    Compiler.load();
  }

  /** The driver API and cuBLAS, after {@link Discovery} found them usable. */
  static void driver() {
    Driver.load();
  }

  /** Loaded at first use; the class initialiser of the JVM is the lock. */
  private static final class Compiler {
    static {
      for (Path file : extracted("nvrtc", NVRTC_FOLDER, NVRTC)) {
        SymbolLookup.libraryLookup(file, Arena.global());
      }
      withJCuda(() -> JNvrtc.setExceptionsEnabled(false));
    }

    static void load() {}
  }

  private static final class Driver {
    static {
      withJCuda(() -> {
        JCudaDriver.setExceptionsEnabled(false);
        JCublas2.setExceptionsEnabled(false);
      });
    }

    static void load() {}
  }

  private static synchronized void withJCuda(Runnable initialise) {
    Path folder = extracted("jcuda", "lib/", JCUDA).getFirst().getParent();
    String before = System.setProperty("java.io.tmpdir", folder.toString());
    try {
      initialise.run();
    } finally {
      System.setProperty("java.io.tmpdir", before);
    }
  }

  private static List<Path> extracted(String label, String folder, List<String> names) {
    var urls = new ArrayList<URL>();
    for (String name : names) {
      urls.add(Libraries.resource(folder + name).orElseThrow(() -> new DeviceException("cuda: " + missing().orElse(name + " is missing"))));
    }
    try {
      return NativeCache.extract(label, names, urls);
    } catch (IOException e) {
      throw new DeviceException("cuda: native libraries could not be copied out of their jars: " + e + "; name a writable folder by -Dcotangent.cache");
    }
  }
}
