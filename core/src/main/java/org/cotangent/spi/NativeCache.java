package org.cotangent.spi;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Native libraries copied out of jars into a folder of this user.
 *
 * <p>The folder is in {@code -Dcotangent.cache}, or in the platform's cache folder of the user, or, where that cannot be written, a new
 * temporary one. A file there is used only if its length and CRC-32 are those of the jar's entry; any other is replaced. Files appear under
 * their names by renaming, complete.
 */
public final class NativeCache {
  private NativeCache() {}

  /** A resource's length and checksum. */
  private record Print(long length, long crc) {}

  /** The files {@code names}, with the contents of {@code urls}, side by side in one folder of the user's cache. */
  public static List<Path> extract(String label, List<String> names, List<URL> urls) throws IOException {
    try {
      return extract(folder(), label, names, urls);
    } catch (IOException e) {      // no home folder to write in, as in many containers
      if (System.getProperty("cotangent.cache") != null) throw e;
      return extract(Files.createTempDirectory("cotangent"), label, names, urls);
    }
  }

  /** The same in a folder below {@code root}, named by the label and the contents. */
  static List<Path> extract(Path root, String label, List<String> names, List<URL> urls) throws IOException {
    var prints = new ArrayList<Print>();
    var key = new CRC32();
    for (URL url : urls) {
      Print print = print(url);
      prints.add(print);
      key.update((print + ";").getBytes());
    }
    Path folder = Files.createDirectories(root.resolve(label + "-" + HexFormat.of().toHexDigits((int) key.getValue())));
    var files = new ArrayList<Path>();
    for (int i = 0; i < names.size(); i++) files.add(extract(folder.resolve(names.get(i)), urls.get(i), prints.get(i)));
    return files;
  }

  /** {@code file}, extracted unless it is there already and whole. */
  private static Path extract(Path file, URL url, Print print) throws IOException {
    if (whole(file, print)) return file;
    Path partial = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".part");
    try {
      try (InputStream in = open(url).getInputStream()) {
        Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
      }
      if (!whole(partial, print)) throw new IOException(partial + " differs from " + url + " after copying; is the disk full?");
      rename(partial, file, print);
    } finally {
      Files.deleteIfExists(partial);
    }
    return file;
  }

  private static void rename(Path partial, Path file, Print print) throws IOException {
    try {
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      if (!whole(file, print)) throw e;      // Windows: another process has put the same file there and loaded it
    }
  }

  private static boolean whole(Path file, Print print) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) != print.length) return false;
    try (InputStream in = Files.newInputStream(file)) {
      return read(in).equals(print);
    }
  }

  private static Print print(URL url) throws IOException {
    URLConnection connection = open(url);
    try (InputStream in = connection.getInputStream()) {
      if (connection instanceof JarURLConnection jar) {
        var entry = jar.getJarEntry();
        if (entry.getCrc() >= 0 && entry.getSize() >= 0) return new Print(entry.getSize(), entry.getCrc());
      }
      return read(in);
    }
  }

  private static Print read(InputStream in) throws IOException {
    var crc = new CRC32();
    byte[] chunk = new byte[1 << 18];
    long length = 0;
    for (int got; (got = in.read(chunk)) >= 0; length += got) crc.update(chunk, 0, got);
    return new Print(length, crc.getValue());
  }

  /** A connection that does not keep its jar open behind our back. */
  private static URLConnection open(URL url) throws IOException {
    URLConnection connection = url.openConnection();
    connection.setUseCaches(false);
    return connection;
  }

  /** {@code -Dcotangent.cache}, or this library's folder in the platform's cache folder of the user; it need not exist. */
  public static Path folder() {
    String given = System.getProperty("cotangent.cache");
    return given != null ? Path.of(given).toAbsolutePath() : userCache().resolve("cotangent");
  }

  private static Path userCache() {
    Path home = Path.of(System.getProperty("user.home")).toAbsolutePath();
    String os = System.getProperty("os.name");
    if (os.startsWith("Mac")) return home.resolve("Library/Caches");
    String variable = System.getenv(os.startsWith("Windows") ? "LOCALAPPDATA" : "XDG_CACHE_HOME");
    return variable == null || variable.isBlank() ? home.resolve(".cache") : Path.of(variable).toAbsolutePath();
  }
}
