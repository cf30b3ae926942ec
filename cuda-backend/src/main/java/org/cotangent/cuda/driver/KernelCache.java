package org.cotangent.cuda.driver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.cotangent.spi.NativeCache;

/**
 * Compiled kernels on disk, in {@code -Dcotangent.cuda.cache} or the folder {@code kernels} of this library's cache.
 *
 * <p>A file is named by the SHA-256 of source, options, NVRTC's version and architecture. It starts with the SHA-256 of what follows, so
 * that a damaged one is noticed and compiled anew; it appears under its name by renaming, complete. A folder that cannot be written is as
 * good as none.
 */
final class KernelCache {
  private static final int HASH = 32;

  private final Path folder;
  private final AtomicLong compiled = new AtomicLong();

  KernelCache(Path folder) {
    this.folder = folder;
  }

  /** The cache that the properties name. */
  static KernelCache standard() {
    String given = System.getProperty("cotangent.cuda.cache");
    return new KernelCache(given != null ? Path.of(given).toAbsolutePath() : NativeCache.folder().resolve("kernels"));
  }

  /** The kernel's image, from the disk or freshly compiled. */
  byte[] image(KernelSource source, int capability, Compiler.Form form) {
    Path file = folder.resolve(key(source, capability, form) + (form == Compiler.Form.CUBIN ? ".cubin" : ".ptx"));
    Optional<byte[]> known = read(file);
    if (known.isPresent()) {
      return known.get();
    }
    byte[] image = Compiler.compile(source, capability, form).image();
    compiled.incrementAndGet();
    write(file, image);
    return image;
  }

  /** Number of kernels that were not found on disk and compiled. */
  long compiled() {
    return compiled.get();
  }

  private static String key(KernelSource source, int capability, Compiler.Form form) {
    MessageDigest hash = sha256();
    add(hash, "nvrtc " + Compiler.version());
    Compiler.options(source, capability, form).forEach(o -> add(hash, o));
    add(hash, source.name());
    add(hash, source.text());
    return HexFormat.of().formatHex(hash.digest());
  }

  /** Adds a text with its length, so that no two lists of texts are the same bytes. */
  private static void add(MessageDigest hash, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    hash.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
    hash.update(bytes);
  }

  private static Optional<byte[]> read(Path file) {
    try {
      byte[] all = Files.readAllBytes(file);
      if (all.length <= HASH) {
        return Optional.empty();
      }
      byte[] image = Arrays.copyOfRange(all, HASH, all.length);
      boolean whole = MessageDigest.isEqual(Arrays.copyOf(all, HASH), sha256().digest(image));
      return whole ? Optional.of(image) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void write(Path file, byte[] image) {
    try {
      Files.createDirectories(folder);
      Path partial = Files.createTempFile(folder, "new", ".part");
      try {
        Files.write(partial, ByteBuffer.allocate(HASH + image.length).put(sha256().digest(image)).put(image).array());
        rename(partial, file);
      } finally {
        Files.deleteIfExists(partial);
      }
    } catch (IOException e) {
      System.getLogger(KernelCache.class.getName()).log(System.Logger.Level.DEBUG, "compiled kernels are not kept: {0}", e);
    }
  }

  private static void rename(Path partial, Path file) throws IOException {
    try {
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
