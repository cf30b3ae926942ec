package org.cotangent.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import org.cotangent.Device;
import org.cotangent.errors.DeviceException;

/** The backends that are on the class path or module path. */
public final class Backends {
  private static final List<BackendProvider> PROVIDERS = load();
  /** Backends in place of a device's own, for tests that record or inject; a test removes what it puts here. */
  private static final ConcurrentHashMap<Device, Backend> REPLACED = new ConcurrentHashMap<>();
  private static volatile Backend cpu;

  private Backends() {}

  private static List<BackendProvider> load() {
    var found = new ArrayList<BackendProvider>();
    ServiceLoader.load(BackendProvider.class, Backends.class.getClassLoader()).forEach(found::add);
    return List.copyOf(found);
  }

  /** All providers, usable or not. */
  public static List<BackendProvider> providers() {
    return PROVIDERS;
  }

  /** The devices that can be used, fastest kind last. */
  public static List<Device> devices() {
    var all = new ArrayList<Device>();
    for (BackendProvider p : PROVIDERS) {
      for (int i = 0; i < p.count(); i++) {
        all.add(new Device(p.type(), i));
      }
    }
    return all;
  }

  /** Why the device cannot be used, or empty. */
  public static Optional<String> unavailable(Device device) {
    for (BackendProvider p : PROVIDERS) {
      if (p.type().equals(device.type())) {
        Optional<String> reason = p.unavailable();
        if (reason.isEmpty() && device.index() >= p.count()) {
          return Optional.of(device + ": there are " + p.count() + " devices");
        }
        return reason.map(r -> r.startsWith(device.type()) ? r : device.type() + ": " + r);
      }
    }
    return Optional.of(device.type() + ": no backend on the class path; add org.cotangent:cotangent-" + device.type());
  }

  /**
   * The backend of a device.
   *
   * @throws DeviceException if the device cannot be used
   */
  public static Backend of(Device device) {
    Backend known = device == Device.CPU || device.equals(Device.CPU) ? cpu : null;
    if (known != null) {
      return known;
    }
    Backend b = REPLACED.get(device);
    if (b == null) {
      b = find(device);
    }
    if (device.equals(Device.CPU)) {
      cpu = b;
    }
    return b;
  }

  private static Backend find(Device device) {
    Optional<String> reason = unavailable(device);
    if (reason.isPresent()) {
      throw new DeviceException("device: " + device + " is not available: " + reason.get());
    }
    for (BackendProvider p : PROVIDERS) {
      if (p.type().equals(device.type())) {
        return p.backend(device.index());
      }
    }
    throw new DeviceException("device: " + device + " is not available");
  }

  /** The device's own backend, whatever stands in its place: for kernels of another device that compute there. */
  public static Backend own(Device device) {
    return find(device);
  }

  /**
   * Devices that sum among each other.
   *
   * @throws DeviceException if they are not different devices of one kind that can
   */
  public static Collective collective(List<Device> devices) {
    if (devices.isEmpty() || devices.stream().distinct().count() < devices.size() || devices.stream().map(Device::type).distinct().count() > 1) {
      throw new DeviceException("allReduce: devices of one kind are needed, each once: " + devices + "; use AllReduce.host()");
    }
    devices.forEach(Backends::of);
    return PROVIDERS.stream().filter(p -> p.type().equals(devices.getFirst().type())).findFirst()
        .orElseThrow(() -> new DeviceException("allReduce: no provider of " + devices.getFirst()))
        .collective(devices.stream().map(Device::index).toList());
  }

  /** Puts {@code backend} in the place of its device's until the returned action runs; for tests. */
  public static Runnable replace(Backend backend) {
    Device d = backend.device();
    Backend before = REPLACED.put(d, backend);
    cpu = null;
    return () -> {
      if (before == null) {
        REPLACED.remove(d);
      } else {
        REPLACED.put(d, before);
      }
      cpu = null;
    };
  }
}
