package org.cotangent.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Why there is no device, as processes with other libraries and drivers find it. */
class DiscoveryTest {
  @TempDir Path folder;

  /** Prints what a process finds. */
  public static final class Look {
    private Look() {}

    public static void main(String[] args) {
      Discovery d = Discovery.here();
      System.out.println(d.count() + " " + d.driverVersion() + " " + d.unavailable().orElse("available"));
    }
  }

  private static String look(Path libraries, Map<String, String> environment) throws IOException, InterruptedException {
    var paths = new ArrayList<String>();
    for (String property : List.of("java.class.path", "jdk.module.path", "surefire.test.class.path")) {
      if (System.getProperty(property) != null) {
        paths.add(System.getProperty(property));
      }
    }
    paths.add(location(Discovery.class));
    paths.add(location(Look.class));
    paths.add(location(org.cotangent.spi.Native.class));
    var process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
        "-Dcotangent.cuda.libraries=" + libraries, "-cp", String.join(java.io.File.pathSeparator, paths), Look.class.getName());
    process.environment().putAll(environment);
    Process p = process.redirectErrorStream(true).start();
    String text = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(p.waitFor()).as(text).isZero();
    return text.strip();
  }

  /** The folder of the emulated driver. */
  private static Path emulator() {
    OnDevice.emulator();
    return Path.of(System.getProperty("cotangent.cuda.libraries"));
  }

  private static String location(Class<?> c) {
    return c.getProtectionDomain().getCodeSource().getLocation().getPath();
  }

  @Test
  void noDriver() throws Exception {
    assertThat(look(folder, Map.of())).isEqualTo("0 0 no usable libcuda.so.1 in " + folder + ", which cotangent.cuda.libraries names; put it there");
  }

  @Test
  void aFileThatIsNoLibraryIsNoDriver() throws Exception {
    Files.writeString(folder.resolve("libcuda.so.1"), "not a library");
    assertThat(look(folder, Map.of())).contains("0 0 no usable libcuda.so.1 in ");
  }

  @Test
  @ExtendWith(OnDevice.class)
  void aDevice() throws Exception {
    assertThat(look(emulator(), Map.of("COTANGENT_EMULATOR_DEVICES", "3"))).isEqualTo("3 12090 available");
  }

  @Test
  @ExtendWith(OnDevice.class)
  void noDevice() throws Exception {
    assertThat(look(emulator(), Map.of("COTANGENT_EMULATOR_DEVICES", "0"))).contains("no CUDA device", "nvidia-smi");
  }

  @Test
  @ExtendWith(OnDevice.class)
  void anOldDriver() throws Exception {
    assertThat(look(emulator(), Map.of("COTANGENT_EMULATOR_DRIVER", "11.8")))
        .isEqualTo("0 11080 the driver is for CUDA 11.8, too old; install a driver for CUDA 12.0 or later (525 or later)");
  }

  @Test
  @ExtendWith(OnDevice.class)
  void noCublas() throws Exception {
    Files.createSymbolicLink(folder.resolve("libcuda.so.1"), emulator().resolve("libcuda.so.1").toRealPath());
    assertThat(look(folder, Map.of())).startsWith("0 12090 libcublas.so.12 not found; install cuBLAS of the CUDA 12 toolkit, or ");
  }
}
