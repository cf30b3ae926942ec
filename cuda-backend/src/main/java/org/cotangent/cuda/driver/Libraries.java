package org.cotangent.cuda.driver;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.cotangent.spi.NativeCache;

/**
 * The shared libraries of CUDA: opened here first, so that JCuda's natives, which name them without a folder, find them loaded.
 *
 * <p>{@code -Dcotangent.cuda.libraries=FOLDER} (or the environment's COTANGENT_CUDA_LIBRARIES) names a folder to take
 * {@code libcuda.so.1} and {@code libcublas.so.12} from; otherwise the loader's search applies, and for cuBLAS also the usual folders of the
 * toolkit and the jar {@code org.bytedeco:cuda} with the classifier {@code linux-x86_64-redist}.
 */
@SuppressWarnings("restricted") // opening native libraries is what this class is for
final class Libraries {
  static final String DRIVER = "libcuda.so.1";
  static final String CUBLAS = "libcublas.so.12";
  /** What libcublas needs; opened before it, where it lies beside it. */
  private static final String CUBLAS_LT = "libcublasLt.so.12";
  static final String NCCL = "libnccl.so.2";
  private static final String IN_JAR = "org/bytedeco/cuda/linux-x86_64/";

  private Libraries() {}

  /** The folder that was named for the libraries, if any. */
  static Optional<Path> folder() {
    String given = System.getProperty("cotangent.cuda.libraries");
    if (given == null) {
      given = System.getenv("COTANGENT_CUDA_LIBRARIES");
    }
    return given == null || given.isBlank() ? Optional.empty() : Optional.of(Path.of(given).toAbsolutePath());
  }

  /** The driver, opened for the life of the process; empty if there is none. */
  static Optional<SymbolLookup> driver() {
    return folder().map(f -> open(f.resolve(DRIVER))).orElseGet(() -> open(DRIVER));
  }

  /** cuBLAS, opened for the life of the process; empty if there is none. */
  static Optional<SymbolLookup> cublas() {
    Optional<Path> named = folder();
    if (named.isPresent()) {
      open(named.get().resolve(CUBLAS_LT));
      return open(named.get().resolve(CUBLAS));
    }
    return open(CUBLAS).or(Libraries::cublasOfToolkit).or(Libraries::cublasOfJar);
  }

  private static Optional<SymbolLookup> cublasOfToolkit() {
    var folders = new ArrayList<String>();
    for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
      String home = System.getenv(variable);
      if (home != null) {
        folders.add(home + "/lib64");
      }
    }
    folders.addAll(List.of("/usr/local/cuda/lib64", "/usr/local/cuda-12/lib64", "/opt/cuda/lib64"));
    return folders.stream().flatMap(f -> {
      open(Path.of(f, CUBLAS_LT));
      return open(Path.of(f, CUBLAS)).stream();
    }).findFirst();
  }

  private static Optional<SymbolLookup> cublasOfJar() {
    List<URL> urls = Stream.of(CUBLAS_LT, CUBLAS).flatMap(n -> resource(IN_JAR + n).stream()).toList();
    if (urls.size() != 2) {
      return Optional.empty();
    }
    try {
      List<Path> files = NativeCache.extract("cublas", List.of(CUBLAS_LT, CUBLAS), urls);
      open(files.get(0));
      return open(files.get(1));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** NCCL, opened for the life of the process; empty if there is none. */
  static Optional<SymbolLookup> nccl() {
    return folder().map(f -> open(f.resolve(NCCL))).orElseGet(() -> open(NCCL).or(Libraries::ncclOfJar));
  }

  private static Optional<SymbolLookup> ncclOfJar() {
    return resource(IN_JAR + NCCL).flatMap(url -> {
      try {
        return open(NativeCache.extract("nccl", List.of(NCCL), List.of(url)).getFirst());
      } catch (IOException e) {
        return Optional.empty();
      }
    });
  }

  /** A file of a jar on the class path or the module path. */
  static Optional<URL> resource(String path) {
    URL found = Libraries.class.getClassLoader().getResource(path);
    return Optional.ofNullable(found != null ? found : ClassLoader.getSystemResource(path));
  }

  private static Optional<SymbolLookup> open(Path file) {
    return Files.isRegularFile(file) ? open(file.toString()) : Optional.empty();
  }

  private static Optional<SymbolLookup> open(String name) {
    try {
      return Optional.of(SymbolLookup.libraryLookup(name, Arena.global()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
