package org.cotangent.cuda.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.Collectors;
import jcuda.Pointer;
import org.cotangent.errors.ArgumentException;

/** Native memory for the arguments of one launch: a table of addresses, and the values that they point to. The driver copies both. */
final class Arguments {
  private static final int MOST = 256;
  /** The driver's limit for the parameters of a kernel, in bytes. */
  private static final int VALUES = 4096;
  private static final int ALIGNMENT = 16;

  private final MemorySegment memory = Arena.ofAuto().allocate((long) MOST * (Long.BYTES + ALIGNMENT) + VALUES, ALIGNMENT);
  private final Pointer table = Address.host(memory);

  /** Lays out the arguments of a launch on {@code stream}, ordering the stream's work by the buffers among them. */
  Pointer pack(String op, Stream stream, Object... arguments) {
    if (arguments.length > MOST) {
      throw new ArgumentException(op + ": a kernel takes " + MOST + " arguments at most, not " + arguments.length);
    }
    long at = (long) MOST * Long.BYTES;
    for (int i = 0; i < arguments.length; i++) {
      memory.setAtIndex(ValueLayout.JAVA_LONG, i, memory.address() + at);
      int bytes = put(at, op, stream, arguments[i]);
      at += (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
    return table;
  }

  private int put(long at, String op, Stream stream, Object argument) {
    switch (argument) {
      case DeviceBuffer b -> memory.set(ValueLayout.JAVA_LONG, at, b.use(stream, 0, true, op));
      case DeviceBuffer.Access a -> memory.set(ValueLayout.JAVA_LONG, at, a.buffer().use(stream, a.offset(), a.writes(), op));
      case Long v -> memory.set(ValueLayout.JAVA_LONG, at, v);
      case Double v -> memory.set(ValueLayout.JAVA_DOUBLE, at, v);
      case Integer v -> {
        memory.set(ValueLayout.JAVA_INT, at, v);
        return Integer.BYTES;
      }
      case Float v -> {
        memory.set(ValueLayout.JAVA_FLOAT, at, v);
        return Float.BYTES;
      }
      case byte[] struct -> {
        if (struct.length > VALUES) {
          throw new ArgumentException(op + ": a struct of " + struct.length + " bytes does not fit a kernel's parameters; the limit is " + VALUES);
        }
        MemorySegment.copy(struct, 0, memory, ValueLayout.JAVA_BYTE, at, struct.length);
        return struct.length;
      }
      default -> throw new ArgumentException(op + ": a " + argument.getClass().getSimpleName() + " is no argument of a kernel");
    }
    return Long.BYTES;
  }

  /** The arguments for a message: buffers by type and size, numbers as they are. */
  static String text(Object... arguments) {
    return Arrays.stream(arguments).map(a -> switch (a) {
      case DeviceBuffer.Access x -> x.buffer() + (x.offset() == 0 ? "" : " from " + x.offset());
      case byte[] struct -> struct.length + " bytes";
      default -> String.valueOf(a);
    }).collect(Collectors.joining(", ", "(", ")"));
  }
}
