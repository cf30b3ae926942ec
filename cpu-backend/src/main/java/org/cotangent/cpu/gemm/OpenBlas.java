package org.cotangent.cpu.gemm;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.cotangent.spi.Native;
import org.cotangent.spi.NativeCache;

/**
 * The OpenBLAS shared library of this process, BLAS and LAPACK, single-threaded.
 *
 * <p>It comes from the file that {@code -Dcotangent.openblas} names, or from the jar {@code org.bytedeco:openblas} with this platform's
 * classifier. {@link #load} never throws: where the library cannot be had, {@link #unavailable} says why.
 */
@SuppressWarnings("restricted")      // binding a native library is what this class is for
public final class OpenBlas {
  private static final List<String> NEEDED =
      List.of("cblas_sgemm", "cblas_dgemm", "cblas_sgemv", "cblas_dgemv", "openblas_set_num_threads", "openblas_get_config", "openblas_get_corename");

  private final SymbolLookup symbols;
  private final String text;

  private OpenBlas(SymbolLookup symbols, String text) {
    this.symbols = symbols;
    this.text = text;
  }

  /** The library, loaded once. */
  public static OpenBlas load() {
    return Loaded.LIBRARY;
  }

  /** Why there is no library, with the remedy; empty where there is one. */
  public Optional<String> unavailable() {
    return symbols == null ? Optional.of(text) : Optional.empty();
  }

  /**
   * The library's functions.
   *
   * @throws IllegalStateException if the library is unavailable
   */
  public SymbolLookup symbols() {
    if (symbols == null) throw new IllegalStateException("openblas: " + text);
    return symbols;
  }

  /** "OpenBLAS 0.3.31 (SkylakeX)"; where the library is unavailable, the reason. */
  @Override
  public String toString() {
    return text;
  }

  private static final class Loaded {
    static final OpenBlas LIBRARY = find();
  }

  private static OpenBlas find() {
    String given = System.getProperty("cotangent.openblas");
    try {
      return open(given == null ? extracted() : Path.of(given).toAbsolutePath());
    } catch (Unavailable e) {
      return new OpenBlas(null, e.getMessage());
    } catch (IOException e) {
      return new OpenBlas(null, "OpenBLAS could not be copied out of its jar: " + e + "; name a writable folder by -Dcotangent.cache");
    } catch (IllegalCallerException e) {
      Module module = OpenBlas.class.getModule();
      String name = module.isNamed() ? module.getName() : "ALL-UNNAMED";
      return new OpenBlas(null, "native access is denied; run with --enable-native-access=" + name);
    } catch (IllegalArgumentException e) {
      return new OpenBlas(null, "OpenBLAS does not load here: " + e.getMessage());
    }
  }

  private static OpenBlas open(Path library) throws Unavailable {
    var symbols = SymbolLookup.libraryLookup(library, Arena.global());
    for (String name : NEEDED) {
      if (symbols.find(name).isEmpty()) throw new Unavailable(library + " is no OpenBLAS: it has no " + name);
    }
    var linker = Linker.nativeLinker();
    var setThreads = linker.downcallHandle(symbols.findOrThrow("openblas_set_num_threads"), FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
    Native.call(() -> setThreads.invokeWithArguments(1));
    String version = text(symbols.findOrThrow("openblas_get_config")).replaceAll("^(OpenBLAS \\S+).*", "$1").strip();
    return new OpenBlas(symbols, version + " (" + text(symbols.findOrThrow("openblas_get_corename")) + ")");
  }

  private static String text(MemorySegment function) {
    var handle = Linker.nativeLinker().downcallHandle(function, FunctionDescriptor.of(ValueLayout.ADDRESS));
    var address = (MemorySegment) Native.call(handle::invokeWithArguments);
    return address.reinterpret(256).getString(0);
  }

  /** The library's file outside its jar, with the runtime libraries it needs loaded: they do not find each other by themselves. */
  private static Path extracted() throws IOException, Unavailable {
    String platform = platform();
    List<String> names = libraries();
    var urls = new ArrayList<URL>();
    var present = new ArrayList<String>();
    for (String name : names) {
      URL url = resource("org/bytedeco/openblas/" + platform + "/" + name);
      if (url == null) continue;
      urls.add(url);
      present.add(name);
    }
    if (!present.contains(names.getLast())) throw new Unavailable(missing(platform));
    List<Path> files = NativeCache.extract("openblas-" + platform, present, urls);
    for (Path file : files.subList(0, files.size() - 1)) SymbolLookup.libraryLookup(file, Arena.global());
    return files.getLast();
  }

  private static String missing(String platform) {
    boolean built = Stream.of("linux-x86_64", "linux-arm64", "macosx-x86_64", "macosx-arm64", "windows-x86_64").anyMatch(platform::equals);
    return built
        ? "org/bytedeco/openblas/" + platform + " is not on the class path; add org.bytedeco:openblas:0.3.31-1.5.13:" + platform
            + " (on the module path also --add-modules org.bytedeco.openblas." + platform.replace('-', '.') + ")"
        : "no OpenBLAS for " + platform + "; name an installed one by -Dcotangent.openblas";
  }

  private static URL resource(String path) {
    URL found = OpenBlas.class.getClassLoader().getResource(path);
    return found != null ? found : ClassLoader.getSystemResource(path);
  }

  /** This platform as Bytedeco names it, such as linux-x86_64 or macosx-arm64. */
  private static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String system = os.startsWith("mac") ? "macosx" : os.startsWith("windows") ? "windows" : os.replace(' ', '_');
    return system + "-" + switch (arch) {
      case "amd64", "x86_64", "x64" -> "x86_64";
      case "aarch64", "arm64" -> "arm64";
      default -> arch;
    };
  }

  /** The libraries in the order of loading, OpenBLAS last; a platform's jar may lack some of the others. */
  private static List<String> libraries() {
    String mapped = System.mapLibraryName("x");
    if (mapped.endsWith(".dylib")) return List.of("libgcc_s.1.1.dylib", "libquadmath.0.dylib", "libgfortran.5.dylib", "libopenblas.0.dylib");
    if (mapped.endsWith(".dll")) return List.of("libopenblas.dll");
    return List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5", "libopenblas.so.0");
  }

  private static final class Unavailable extends Exception {
    private static final long serialVersionUID = 1;

    Unavailable(String reason) {
      super(reason);
    }
  }
}
