package org.cotangent.cuda.driver;

import java.lang.ref.Cleaner;
import java.util.Optional;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.spi.Buffer;

/**
 * Storage in a device's memory. Work on several threads' streams is ordered by what it does to a buffer, and memory is not handed out
 * again before the last of it is done.
 */
public final class DeviceBuffer implements Buffer {
  private final CudaDevice owner;
  private final DType dtype;
  private final long size;
  private final Holding holding;
  private final Cleaner.Cleanable net;
  private volatile int version;
  private volatile int tenure;

  DeviceBuffer(CudaDevice owner, DType dtype, long size, Holding holding, Cleaner.Cleanable net) {
    this.owner = owner;
    this.dtype = dtype;
    this.size = size;
    this.holding = holding;
    this.net = net;
  }

  /** An argument of a launch: the address of element {@code offset} of the buffer, and whether the kernel writes there. */
  public record Access(DeviceBuffer buffer, long offset, boolean writes) {}

  /** This buffer from element {@code offset} on, as something that a kernel only reads. */
  public Access in(long offset) {
    return new Access(this, offset, false);
  }

  /** This buffer from element {@code offset} on, as something that a kernel writes (and may read). */
  public Access out(long offset) {
    return new Access(this, offset, true);
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
    return owner.device();
  }

  /**
   * The device address of element {@code offset}, for work that is about to be queued on {@code stream}.
   *
   * @throws org.cotangent.errors.FreedException after {@link #free}
   */
  long use(Stream stream, long offset, boolean writes, String op) {
    return holding.use(this, stream, writes, op) + offset * dtype.bytes();
  }

  /** The hold on the memory. */
  Holding holding() {
    return holding;
  }

  @Override
  public void free() {
    net.clean();
  }

  @Override
  public boolean freed() {
    return holding.freed();
  }

  @Override
  public int version() {
    return version;
  }

  @Override
  public synchronized void written() {
    version++;
  }

  @Override
  public int tenure() {
    return tenure;
  }

  @Override
  public void tenure(int note) {
    tenure = note;
  }

  /** Empty: no Java array is underneath. */
  @Override
  public Optional<Object> array() {
    return Optional.empty();
  }

  /** "float32[1024]". */
  @Override
  public String toString() {
    return holding.what();
  }
}
