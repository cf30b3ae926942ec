package org.cotangent.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.cotangent.Device;
import org.cotangent.MemoryScope;
import org.cotangent.Spec;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.FileFormatException;
import org.cotangent.errors.MemoryException;
import org.cotangent.errors.TransformException;

/**
 * Named tensors in a file of the safetensors format, which PyTorch and others read and write too.
 *
 * <p>A file is the length of a header (8 bytes, little-endian), the header in JSON, which gives every tensor's type, shape and place,
 * and the elements in row-major, little-endian order. Source: <a href="https://github.com/huggingface/safetensors#format">the
 * format's description</a>.
 *
 * <p>Reading trusts nothing: before any tensor is made, lengths, places and shapes are checked against the size of the file.
 */
public final class SafeTensors {
  /** Elements that saving copies at once from a contiguous tensor. */
  private static final int SLICE = 1 << 20;

  private SafeTensors() {}

  /**
   * Writes tensors to a file; as {@link #save(Path, Map, Map)} without metadata.
   *
   * @throws ArgumentException if the format has no room for a name
   * @throws TransformException inside a transform that a tensor belongs to
   * @throws java.io.UncheckedIOException if the file cannot be written
   */
  public static void save(Path file, Map<String, Tensor> tensors) {
    save(file, tensors, Map.of());
  }

  /**
   * Writes tensors and strings about them to a file, which appears under its name only when it is complete: it is written beside its
   * place and then moved there, replacing what was there.
   *
   * <p>Views and permuted tensors are written as their elements in row-major order; several names for one tensor make several copies.
   * Tensors lie in the file as the reference implementation puts them: the widest type first, then by name.
   *
   * @throws ArgumentException if the format has no room for a name
   * @throws TransformException inside a transform that a tensor belongs to
   * @throws java.io.UncheckedIOException if the file cannot be written
   */
  public static void save(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
    var complaint = new Complaint("save", file);
    HeaderWriter.check(tensors.keySet(), metadata, complaint);
    List<Entry> entries = HeaderWriter.place(tensors);
    try {
      ByteBuffer header = HeaderWriter.bytes(entries, metadata, complaint);
      Path draft = file.resolveSibling(".safetensors-" + UUID.randomUUID() + ".tmp");
      try {
        write(draft, header, entries, tensors, complaint);
        move(draft, file);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw complaint.unreadable(e);
    }
  }

  private static void write(Path to, ByteBuffer header, List<Entry> entries, Map<String, Tensor> tensors, Complaint complaint)
      throws IOException {
    try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        var elements = new Elements(channel, entries, complaint)) {
      while (header.hasRemaining()) {
        channel.write(header);
      }
      for (Entry e : entries) {
        write(elements, e.type(), tensors.get(e.name()));
      }
      channel.force(true);
    }
  }

  /** Copies a large contiguous tensor out of its device in parts, any other as a whole. */
  private static void write(Elements elements, StoredType type, Tensor t) throws IOException {
    if (t.size() <= SLICE || !t.layout().contiguous()) {
      elements.write(type, t.toArray());
      return;
    }
    Tensor flat = t.flatten();
    int n = (int) t.size();
    int count;
    for (int at = 0; at < n; at += count) {
      count = Math.min(SLICE, n - at);
      elements.write(type, flat.narrow(0, at, count).toArray());
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * Every tensor of a file, on the CPU, in the header's order; as {@link #load(Path, Device)}.
   *
   * @throws FileFormatException if the file is not as the format demands
   * @throws DTypeException if a tensor is of a type that no {@link org.cotangent.DType} holds
   * @throws MemoryException if a tensor has more elements than a Java array
   * @throws java.io.UncheckedIOException if the file cannot be read
   */
  public static Map<String, Tensor> load(Path file) {
    return load(file, Device.CPU);
  }

  /**
   * Every tensor of a file by its name, in the header's order. The map cannot be changed.
   *
   * @throws FileFormatException if the file is not as the format demands: "load: model.safetensors: tensor "a.weight": data_offsets
   *     [0, 16] hold 16 bytes, float32 [2, 3] needs 24"
   * @throws DTypeException if a tensor is of a type that no {@link org.cotangent.DType} holds
   * @throws MemoryException if a tensor has more elements than a Java array
   * @throws org.cotangent.errors.DeviceException if there is no such device
   * @throws java.io.UncheckedIOException if the file cannot be read
   */
  public static Map<String, Tensor> load(Path file, Device device) {
    var complaint = new Complaint("load", file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Header header = HeaderReader.read(channel, complaint);
      Map<String, Tensor> found = new HashMap<>();
      try (var elements = new Elements(channel, header.entries(), complaint)) {
        for (Entry e : Header.inFileOrder(header.entries())) {
          checkLength(e, complaint);
          found.put(e.name(), tensor(e.spec(), elements.read(e, header.start()), device));
        }
      }
      Map<String, Tensor> ordered = new LinkedHashMap<>();
      header.entries().forEach(e -> ordered.put(e.name(), found.get(e.name())));
      return Collections.unmodifiableMap(ordered);
    } catch (IOException e) {
      throw complaint.unreadable(e);
    }
  }

  private static void checkLength(Entry e, Complaint complaint) {
    if (e.shape().size() > Integer.MAX_VALUE - 8) {
      throw new MemoryException(
          complaint.prefix(e.name()) + e.shape() + " has " + e.shape().size() + " elements; the limit is " + (Integer.MAX_VALUE - 8));
    }
  }

  private static Tensor tensor(Spec spec, Object array, Device device) {
    if (device.equals(Device.CPU)) {
      return Tensor.of(spec.dtype(), spec.shape(), array);
    }
    try (var scope = MemoryScope.open()) {
      return scope.keep(Tensor.of(spec.dtype(), spec.shape(), array).to(device));
    }
  }

  /**
   * Shapes and types of a file's tensors, in the header's order, without reading their elements: what {@link #load} would give. The
   * map cannot be changed.
   *
   * @throws FileFormatException if the header, or the file's size, is not as the format demands
   * @throws DTypeException if a tensor is of a type that no {@link org.cotangent.DType} holds
   * @throws java.io.UncheckedIOException if the file cannot be read
   */
  public static Map<String, Spec> inspect(Path file) {
    Map<String, Spec> specs = new LinkedHashMap<>();
    header("inspect", file).entries().forEach(e -> specs.put(e.name(), e.spec()));
    return Collections.unmodifiableMap(specs);
  }

  /**
   * The strings that a file carries beside its tensors, without reading the tensors; empty if there are none.
   *
   * @throws FileFormatException if the header, or the file's size, is not as the format demands
   * @throws DTypeException if a tensor is of a type that no {@link org.cotangent.DType} holds
   * @throws java.io.UncheckedIOException if the file cannot be read
   */
  public static Map<String, String> metadata(Path file) {
    return header("metadata", file).metadata();
  }

  private static Header header(String operation, Path file) {
    var complaint = new Complaint(operation, file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return HeaderReader.read(channel, complaint);
    } catch (IOException e) {
      throw complaint.unreadable(e);
    }
  }
}
