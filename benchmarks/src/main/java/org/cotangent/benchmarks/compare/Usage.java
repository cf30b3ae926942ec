package org.cotangent.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux says about this process; 0 where there is no /proc. */
final class Usage {
  /** Of the fields after the command's name, those of the time in user mode and in the kernel; in hundredths of a second. */
  private static final int USER = 11;

  private Usage() {}

  /** Peak resident memory so far in bytes. */
  static long peakMemory() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.substring(6).replace("kB", "").strip()) * 1024;
      }
    }
    return 0;
  }

  /** Processor time of all threads since the process started, in seconds. */
  static double processorTime() throws IOException {
    Path stat = Path.of("/proc/self/stat");
    if (!Files.exists(stat)) {
      return 0;
    }
    String text = Files.readString(stat);
    String[] f = text.substring(text.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(f[USER]) + Long.parseLong(f[USER + 1])) / 100.0;
  }
}
