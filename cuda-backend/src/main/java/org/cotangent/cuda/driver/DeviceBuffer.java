package org.cotangent.cuda.driver;

import java.util.Optional;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.errors.FreedException;
import org.cotangent.spi.Buffer;

/**
 * Storage in a device's memory: a range of a block of the {@link Allocator}. It knows which streams wrote and read it, so that work
 * on other streams waits for what it needs and memory is not handed out again too early.
 */
public final class DeviceBuffer implements Buffer {
  private final CudaDevice owner;
  private final DType dtype;
  private final long size;
  private final long address;
  private boolean freed;
  private int version;

  DeviceBuffer(CudaDevice owner, DType dtype, long size, long address) {
    this.owner = owner;
    this.dtype = dtype;
    this.size = size;
    this.address = address;
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

  /** The device that owns the memory. */
  public CudaDevice owner() {
    return owner;
  }

  /**
   * The device address of the first element; 0 for no elements.
   *
   * @throws FreedException after {@link #free}
   */
  long address() {
    if (freed) {
      throw new FreedException("cuda: storage of " + size + " " + dtype + " elements was freed; keep it in the memory scope that made it");
    }
    return address;
  }

  @Override
  public void free() {
    freed = true;
  }

  @Override
  public boolean freed() {
    return freed;
  }

  @Override
  public int version() {
    return version;
  }

  @Override
  public void written() {
    version++;
  }

  /** Empty: no Java array is underneath. */
  @Override
  public Optional<Object> array() {
    return Optional.empty();
  }
}
