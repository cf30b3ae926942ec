package org.cotangent.cuda.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import java.util.Optional;
import org.cotangent.spi.Native;

/**
 * Whether CUDA can be used here, found out through the foreign function API alone: no class of JCuda is touched, so that a machine
 * without a driver gets a reason and not a linkage error.
 *
 * @param unavailable why CUDA cannot be used, with the remedy; empty if it can
 * @param count number of devices
 * @param driverVersion CUDA version of the driver, 1000 * major + 10 * minor; 0 if there is none
 * @param emulated whether the driver is the emulated one of the tests
 */
public record Discovery(Optional<String> unavailable, int count, int driverVersion, boolean emulated) {
  /** The oldest CUDA version whose drivers run JCuda's natives. */
  static final int OLDEST = 12000;

  /** What only the emulated driver exports. */
  static final String EMULATOR_MARK = "emulatorConfigure";

  private static final class Found {
    static final Discovery HERE = look();
  }

  /** What was found on this machine, once a process. */
  public static Discovery here() {
    return Found.HERE;
  }

  private static Discovery look() {
    String platform = (System.getProperty("os.name") + " " + System.getProperty("os.arch")).toLowerCase(Locale.ROOT);
    if (!platform.equals("linux amd64") && !platform.equals("linux x86_64")) {
      return none("CUDA is supported on Linux x86_64 only, this is " + platform + "; use the cpu", 0);
    }
    try {
      Optional<SymbolLookup> driver = Libraries.driver();
      return driver.isPresent() ? ask(driver.get()) : none(noDriver(), 0);
    } catch (IllegalCallerException e) {
      Module module = Discovery.class.getModule();
      String name = module.isNamed() ? module.getName() : "ALL-UNNAMED";
      return none("native access is denied; run Java with --enable-native-access=" + name, 0);
    }
  }

  private static String noDriver() {
    return Libraries.folder().map(f -> "no usable " + Libraries.DRIVER + " in " + f + ", which cotangent.cuda.libraries names; put it there")
        .orElse(Libraries.DRIVER + " not found; install the NVIDIA driver (525 or later)");
  }

  private static Discovery ask(SymbolLookup driver) {
    boolean emulated = driver.find(EMULATOR_MARK).isPresent();
    int version = number(driver, "cuDriverGetVersion");
    if (version < OLDEST) {
      return none("the driver is for CUDA " + text(version) + ", too old; install a driver for CUDA " + text(OLDEST) + " or later (525 or later)", version);
    }
    int init = call(driver, "cuInit", 0);
    if (init != 0) {
      String why = init == 100 ? "no CUDA device" : "the driver does not start: cuInit gave status " + init;
      return none(why + "; check nvidia-smi, and that a container is given the GPU", version);
    }
    int count = number(driver, "cuDeviceGetCount");
    if (count <= 0) {
      return none("the driver shows no CUDA device; check nvidia-smi and CUDA_VISIBLE_DEVICES", version);
    }
    if (Libraries.cublas().isEmpty()) {
      return none(Libraries.CUBLAS + " not found; install cuBLAS of the CUDA 12 toolkit, or put org.bytedeco:cuda:12.6-9.5-1.5.11:linux-x86_64-redist on the"
          + " class path, or name its folder by -Dcotangent.cuda.libraries", version);
    }
    return Natives.missing().map(m -> none(m, version)).orElse(new Discovery(Optional.empty(), count, version, emulated));
  }

  private static Discovery none(String reason, int version) {
    return new Discovery(Optional.of(reason), 0, version, false);
  }

  /** "12.4" for 12040. */
  static String text(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }

  /** The number that a driver function writes, or -1 if it fails. */
  private static int number(SymbolLookup driver, String function) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_INT);
      var handle = handle(driver, function, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
      int status = (Integer) Native.call(() -> handle.invokeWithArguments(out));
      return status == 0 ? out.get(ValueLayout.JAVA_INT, 0) : -1;
    }
  }

  private static int call(SymbolLookup driver, String function, int argument) {
    var handle = handle(driver, function, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    return (Integer) Native.call(() -> handle.invokeWithArguments(argument));
  }

  @SuppressWarnings("restricted") // asking the driver is what this class is for
  private static java.lang.invoke.MethodHandle handle(SymbolLookup driver, String function, FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(driver.findOrThrow(function), type);
  }
}
