package org.cotangent.cuda.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.cotangent.cuda.CudaException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.DeviceException;
import org.cotangent.errors.FreedException;
import org.cotangent.spi.Collective;
import org.cotangent.spi.Native;
import org.cotangent.spi.Operand;

/**
 * Sums over the CUDA devices of this machine by NCCL, called through the foreign function API: six functions need no binding of their own.
 * It has run on one card alone, never between several.
 *
 * <p>The library is {@code libnccl.so.2} of the system, of the folder that {@code cotangent.cuda.libraries} names, or of the jar
 * {@code org.bytedeco:cuda} with the classifier {@code linux-x86_64-redist}.
 */
public final class Nccl implements Collective {
  private static final int SUM = 0; // ncclSum
  private static final FunctionDescriptor STATUS = FunctionDescriptor.of(ValueLayout.JAVA_INT);

  private final SymbolLookup library;
  private final List<CudaDevice> devices;
  private final long[] communicators;
  private boolean closed;

  private Nccl(SymbolLookup library, List<CudaDevice> devices, long[] communicators) {
    this.library = library;
    this.devices = devices;
    this.communicators = communicators;
  }

  /**
   * Lets these devices, each of another number, sum among each other.
   *
   * @throws DeviceException if NCCL is not there
   * @throws CudaException if NCCL refuses
   */
  public static Nccl of(List<CudaDevice> devices) {
    SymbolLookup library = Libraries.nccl().orElseThrow(() -> new DeviceException("allReduce: " + Libraries.NCCL
        + " not found; install NCCL 2 for CUDA 12, or put org.bytedeco:cuda:12.6-9.5-1.5.11:linux-x86_64-redist on the class path, or use AllReduce.host()"));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment made = arena.allocate(MemoryLayout.sequenceLayout(devices.size(), ValueLayout.JAVA_LONG));
      MemorySegment numbers = arena.allocateFrom(ValueLayout.JAVA_INT, devices.stream().mapToInt(d -> d.device().index()).toArray());
      var nccl = new Nccl(library, List.copyOf(devices), new long[devices.size()]);
      nccl.check("ncclCommInitAll", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS), made,
          devices.size(), numbers);
      for (int i = 0; i < devices.size(); i++) {
        nccl.communicators[i] = made.getAtIndex(ValueLayout.JAVA_LONG, i);
      }
      return nccl;
    }
  }

  /** Queued on the calling thread's stream of each device. */
  @Override
  public synchronized void sum(List<Operand> operands) {
    refuseIfClosed("allReduce");
    var type = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT,
        ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
    check("ncclGroupStart", STATUS);
    try {
      for (int i = 0; i < operands.size(); i++) {
        Operand o = operands.get(i);
        Stream stream = devices.get(i).stream("allReduce");
        stream.refuseInCapture("allReduce");
        long address = ((DeviceBuffer) o.buffer()).use(stream, o.layout().offset(), true, "allReduce");
        check("ncclAllReduce", type, address, address, o.layout().size(), number(o), SUM, communicators[i], stream.address());
      }
    } finally {
      check("ncclGroupEnd", STATUS);
    }
  }

  /** NCCL's number of a type. */
  private static int number(Operand o) {
    return switch (o.dtype()) {
      case FLOAT16 -> 6;
      case FLOAT32 -> 7;
      case FLOAT64 -> 8;
      case BFLOAT16 -> 9;
      default -> throw new DTypeException("allReduce: NCCL is asked for sums of floating types, not " + o.dtype());
    };
  }

  @Override
  public synchronized void close() {
    refuseIfClosed("close");
    closed = true;
    for (int i = 0; i < communicators.length; i++) {
      devices.get(i).checkErrors();
      check("ncclCommDestroy", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG), communicators[i]);
    }
  }

  private void refuseIfClosed(String op) {
    if (closed) {
      throw new FreedException(op + ": the devices' reduction is closed; make it again");
    }
  }

  private void check(String function, FunctionDescriptor type, Object... arguments) {
    int status = (Integer) call(function, type, arguments);
    if (status != 0) {
      throw new CudaException("allReduce: " + devices + ": " + function + " failed: " + text(status) + " (" + status + ")", "ncclResult " + status, status, false);
    }
  }

  private String text(int status) {
    var type = FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    return ((MemorySegment) call("ncclGetErrorString", type, status)).reinterpret(1 << 10).getString(0);
  }

  @SuppressWarnings("restricted") // calling NCCL is what this class is for
  private Object call(String function, FunctionDescriptor type, Object... arguments) {
    var handle = Linker.nativeLinker().downcallHandle(library.findOrThrow(function), type);
    return Native.call(() -> handle.invokeWithArguments(arguments));
  }
}
