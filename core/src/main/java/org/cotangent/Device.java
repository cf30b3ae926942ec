package org.cotangent;

import java.util.List;
import java.util.Optional;
import org.cotangent.spi.Backends;

/** Where a tensor's numbers live and are computed: {@code cpu} or {@code cuda:0}. */
public record Device(String type, int index) {
  /** The host processor. */
  public static final Device CPU = new Device("cpu", 0);

  /** The first CUDA device; ask {@link #unavailable} before using it. */
  public static Device cuda() {
    return cuda(0);
  }

  /** The CUDA device of this number. */
  public static Device cuda(int index) {
    return new Device("cuda", index);
  }

  /**
   * The device of this name: "cpu", "cuda", "cuda:1".
   *
   * @throws org.cotangent.errors.DeviceException if the text is not of this form
   */
  public static Device of(String text) {
    var m = java.util.regex.Pattern.compile("([a-z]+)(?::(\\d{1,4}))?").matcher(text);
    if (!m.matches()) {
      throw new org.cotangent.errors.DeviceException("device: \"" + text + "\" is not a device; expected cpu, cuda or cuda:N");
    }
    return new Device(m.group(1), m.group(2) == null ? 0 : Integer.parseInt(m.group(2)));
  }

  /** The fastest device that is present: the first CUDA device, else the CPU. */
  public static Device best() {
    Device cuda = cuda();
    return cuda.unavailable().isEmpty() ? cuda : CPU;
  }

  /** The devices that are present. */
  public static List<Device> all() {
    return Backends.devices();
  }

  /** Why this device cannot be used ("cuda: libcuda.so.1 not found"), or empty. */
  public Optional<String> unavailable() {
    return Backends.unavailable(this);
  }

  /** "cpu" or "cuda:0". */
  @Override
  public String toString() {
    return type.equals("cpu") ? "cpu" : type + ":" + index;
  }
}
