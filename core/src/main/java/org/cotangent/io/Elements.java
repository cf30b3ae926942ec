package org.cotangent.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.List;
import org.cotangent.DType;
import org.cotangent.transform.HostArray;

/**
 * Moves elements between Java arrays and a file, in little-endian order, through one buffer outside the heap.
 * Not for several threads.
 */
final class Elements implements AutoCloseable {
  /** Most bytes moved at once; a multiple of every element's size. */
  private static final int CHUNK = 1 << 20;

  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final FileChannel channel;
  private final Complaint complaint;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment chunk;
  private final ByteBuffer buffer;

  /** For the tensors of these entries. */
  Elements(FileChannel channel, List<Entry> entries, Complaint complaint) {
    this.channel = channel;
    this.complaint = complaint;
    long largest = entries.stream().mapToLong(e -> e.end() - e.begin()).max().orElse(0);
    chunk = arena.allocate(Math.min(CHUNK, largest), Long.BYTES);
    buffer = chunk.asByteBuffer();
  }

  /** Writes every element of {@code array}, of the kind of {@code type}, at the channel's position. */
  void write(StoredType type, Object array) throws IOException {
    int most = CHUNK / type.bytes();
    int n = Array.getLength(array);
    int count;
    for (int at = 0; at < n; at += count) {
      count = Math.min(most, n - at);
      MemorySegment.copy(array, at, chunk, layout(type), 0, count);
      buffer.clear().limit(count * type.bytes());
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
  }

  /** The elements of {@code e}, its data starting {@code start} bytes into the file. */
  Object read(Entry e, long start) throws IOException {
    Object array = HostArray.of(e.type().dtype(), e.shape().size());
    int most = CHUNK / e.type().bytes();
    int n = Array.getLength(array);
    int count;
    for (int at = 0; at < n; at += count) {
      count = Math.min(most, n - at);
      fill(e, start + e.begin() + (long) at * e.type().bytes(), count * e.type().bytes());
      take(e, array, at, count);
    }
    return array;
  }

  private void fill(Entry e, long position, int bytes) throws IOException {
    buffer.clear().limit(bytes);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw complaint.malformed(e.name(), "the file ended while it was read");
      }
    }
  }

  private void take(Entry e, Object array, int at, int count) {
    MemorySegment.copy(chunk, layout(e.type()), 0, array, at, count);
    if (e.type().dtype() == DType.BOOL) {
      checkBool(e, (byte[]) array, at, count);
    }
  }

  private void checkBool(Entry e, byte[] array, int at, int count) {
    for (int i = at; i < at + count; i++) {
      if ((array[i] & ~1) != 0) {
        throw complaint.malformed(e.name(), "element " + i + " is " + (array[i] & 0xff) + "; bool needs 0 or 1");
      }
    }
  }

  private static ValueLayout layout(StoredType type) {
    return switch (type) {
      case BOOL, U8, I8 -> ValueLayout.JAVA_BYTE;
      case I16, F16, BF16 -> SHORT;
      case I32 -> INT;
      case I64 -> LONG;
      case F32 -> FLOAT;
      case F64 -> DOUBLE;
    };
  }

  @Override
  public void close() {
    arena.close();
  }
}
