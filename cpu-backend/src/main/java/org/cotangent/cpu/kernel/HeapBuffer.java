package org.cotangent.cpu.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Optional;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.errors.DeviceException;
import org.cotangent.errors.FreedException;
import org.cotangent.spi.Buffer;
import org.cotangent.spi.Operand;

/**
 * Storage in a Java array, which may be longer than the buffer.
 *
 * <p>{@link #data} is the one way to the array, for kernels too. A buffer freed while another thread computes with it is an error of the caller
 * that is not detected: its array may then belong to somebody else.
 */
public final class HeapBuffer implements Buffer {
  private static final VarHandle ARRAY;
  private static final VarHandle VERSION;

  static {
    try {
      var lookup = MethodHandles.lookup();
      ARRAY = lookup.findVarHandle(HeapBuffer.class, "array", Object.class);
      VERSION = lookup.findVarHandle(HeapBuffer.class, "version", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Heap heap;
  private final DType dtype;
  private final int size;
  private final Ledger.Page page;
  /** Null once freed; written by {@link #ARRAY}, since a volatile write would cost as much as a small kernel. */
  private Object array;
  private volatile boolean exported;
  private volatile int version;
  private volatile int tenure;

  HeapBuffer(Heap heap, DType dtype, int size, Object array, boolean exported) {
    this.heap = heap;
    this.dtype = dtype;
    this.size = size;
    this.array = array;
    if (exported) {
      this.exported = true;
    }
    this.page = heap.ledger().add(bytes());
  }

  private long bytes() {
    return (long) size * dtype.bytes();
  }

  /** The array of a kernel's argument. */
  static Object data(Operand o) {
    return of(o).data();
  }

  /** The buffer of a kernel's argument. */
  static HeapBuffer of(Operand o) {
    return of(o.buffer());
  }

  /**
   * A buffer as one of this backend.
   *
   * @throws DeviceException if it lives elsewhere
   */
  static HeapBuffer of(Buffer b) {
    if (b instanceof HeapBuffer h) {
      return h;
    }
    throw new DeviceException("cpu: the buffer is on " + b.device() + "; move it with to(device)");
  }

  /**
   * The array underneath.
   *
   * @throws FreedException after {@link #free}
   */
  Object data() {
    Object a = ARRAY.getAcquire(this);
    if (a == null) {
      throw new FreedException("cpu: the buffer was freed: " + dtype + " of " + size + " elements; its memory scope ended: use it before, or scope.keep(tensor)");
    }
    return a;
  }

  @Override
  public DType dtype() {
    return dtype;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public Device device() {
    return Device.CPU;
  }

  @Override
  public void free() {
    Object a = ARRAY.getAndSet(this, null);
    if (a == null) {
      return;
    }
    heap.ledger().remove(page, bytes());
    if (!exported) {
      Kind kind = Kind.of(dtype);
      heap.pool().give(kind, a, kind.length(a));
    }
  }

  @Override
  public boolean freed() {
    return ARRAY.getAcquire(this) == null;
  }

  @Override
  public int version() {
    return version;
  }

  @Override
  public void written() {
    VERSION.getAndAdd(this, 1);
  }

  @Override
  public int tenure() {
    return tenure;
  }

  @Override
  public void tenure(int note) {
    tenure = note;
  }

  /**
   * The array, which may be longer than {@link #size}.
   *
   * @throws FreedException after {@link #free}
   */
  @Override
  public Optional<Object> array() {
    exported = true;
    return Optional.of(data());
  }

  @Override
  public boolean exported() {
    return exported;
  }
}
