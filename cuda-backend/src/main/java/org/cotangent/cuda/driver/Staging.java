package org.cotangent.cuda.driver;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import jcuda.Pointer;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/**
 * Page-locked host memory that copies between Java arrays and the device pass through: only such copies run while the host goes on. A
 * piece is used again once the copy from it is done, which an event tells.
 */
final class Staging {
  /** Bytes of a piece, by class: most uploads are a few numbers. */
  private static final int[] SIZES = {4 << 10, 64 << 10, 1 << 20, 8 << 20};
  /** Pieces of each class that are made before an upload waits for one to come back. */
  private static final int[] MOST = {256, 64, 16, 4};

  private final Context context;
  private final ArrayDeque<Piece>[] idle;
  private final int[] made = new int[SIZES.length];

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  Staging(Context context) {
    this.context = context;
    idle = new ArrayDeque[SIZES.length];
    for (int i = 0; i < SIZES.length; i++) {
      idle[i] = new ArrayDeque<>();
    }
  }

  /** The largest copy in one piece, in bytes. */
  static int largest() {
    return SIZES[SIZES.length - 1];
  }

  /** Page-locked memory, and the event after which it can be used again. */
  static final class Piece {
    private final Address.Host pointer = new Address.Host();
    private final CUevent done = new CUevent();
    private final int kind;
    private final MemorySegment memory;

    @SuppressWarnings("restricted") // the driver's memory, as long as it said
    private Piece(Context context, int kind) {
      this.kind = kind;
      context.check(JCudaDriver.cuMemAllocHost(pointer, SIZES[kind]), "copy", "cuMemAllocHost", () -> SIZES[kind] + " bytes of page-locked memory");
      memory = MemorySegment.ofAddress(pointer.value()).reinterpret(SIZES[kind]);
      context.check(JCudaDriver.cuEventCreate(done, CUevent_flags.CU_EVENT_DISABLE_TIMING), "copy", "cuEventCreate");
    }

    Pointer pointer() {
      return pointer;
    }

    MemorySegment memory() {
      return memory;
    }
  }

  /** A piece of at least {@code bytes} that no copy uses. */
  Piece take(long bytes) {
    int kind = 0;
    while (SIZES[kind] < bytes) {
      kind++;
    }
    Piece oldest;
    synchronized (this) {
      oldest = idle[kind].peekFirst();
      boolean ready = oldest != null && JCudaDriver.cuEventQuery(oldest.done) == CUresult.CUDA_SUCCESS;
      if (oldest == null || !ready && made[kind] < MOST[kind]) {
        made[kind]++;
        return new Piece(context, kind);
      }
      idle[kind].removeFirst();
    }
    context.check(JCudaDriver.cuEventSynchronize(oldest.done), "copy", "cuEventSynchronize");
    return oldest;
  }

  /** Takes a piece back that work queued on {@code stream} up to now still reads or writes. */
  void give(Piece piece, Stream stream) {
    int status = JCudaDriver.cuEventRecord(piece.done, stream.handle());
    if (status != CUresult.CUDA_SUCCESS) {
      // Without the event nothing tells when the copy is done: the piece comes back only after the stream is idle.
      JCudaDriver.cuStreamSynchronize(stream.handle());
    }
    synchronized (this) {
      idle[piece.kind].addLast(piece);
    }
    context.check(status, "copy", "cuEventRecord");
  }

  /** Bytes of {@code array}, a Java array of numbers, as memory. */
  static MemorySegment segment(Object array) {
    return switch (array) {
      case byte[] a -> MemorySegment.ofArray(a);
      case short[] a -> MemorySegment.ofArray(a);
      case int[] a -> MemorySegment.ofArray(a);
      case long[] a -> MemorySegment.ofArray(a);
      case float[] a -> MemorySegment.ofArray(a);
      case double[] a -> MemorySegment.ofArray(a);
      default -> throw new IllegalArgumentException("no elements in a " + array.getClass().getSimpleName());
    };
  }

  /** Makes bytes other than 0 to 1, as bools are stored. */
  static void normalise(MemorySegment bools, long n) {
    for (long i = 0; i < n; i++) {
      bools.set(ValueLayout.JAVA_BYTE, i, (byte) (bools.get(ValueLayout.JAVA_BYTE, i) != 0 ? 1 : 0));
    }
  }
}
