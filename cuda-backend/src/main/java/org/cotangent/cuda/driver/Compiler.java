package org.cotangent.cuda.driver;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcProgram;
import jcuda.nvrtc.nvrtcResult;
import org.cotangent.cuda.CudaException;

/**
 * NVRTC: CUDA C++ to a binary for one architecture (cubin), or to PTX. Needs no driver and no device.
 *
 * <p>Multiplication and addition are contracted only where the text says fma, so that results do not depend on how kernels are cut.
 */
public final class Compiler {
  private Compiler() {}

  /** What a kernel is compiled to. */
  public enum Form {
    /** Machine code of one architecture. */
    CUBIN,
    /** Text that the driver compiles. */
    PTX
  }

  /**
   * A compiled kernel.
   *
   * @param form what the image is
   * @param image the cubin, or PTX ending in a zero byte
   * @param log what the compiler printed: warnings, and registers and spills where {@code -Xptxas -v} was among the options
   */
  public record Compiled(Form form, byte[] image, String log) {}

  /** NVRTC's version: 1000 * major + 10 * minor. */
  public static int version() {
    Natives.compiler();
    int[] major = new int[1];
    int[] minor = new int[1];
    check(JNvrtc.nvrtcVersion(major, minor), "nvrtcVersion", "");
    return 1000 * major[0] + 10 * minor[0];
  }

  /** The architectures that NVRTC compiles for, ascending: 75 for sm_75. */
  public static int[] architectures() {
    Natives.compiler();
    int[] count = new int[1];
    check(JNvrtc.nvrtcGetNumSupportedArchs(count), "nvrtcGetNumSupportedArchs", "");
    int[] all = new int[count[0]];
    check(JNvrtc.nvrtcGetSupportedArchs(all), "nvrtcGetSupportedArchs", "");
    Arrays.sort(all);
    return all;
  }

  /**
   * Compiles for architecture {@code capability} (90 for sm_90).
   *
   * @throws CudaException with the compiler's log if the text does not compile
   */
  public static Compiled compile(KernelSource source, int capability, Form form) {
    Natives.compiler();
    var program = new nvrtcProgram();
    check(JNvrtc.nvrtcCreateProgram(program, source.text(), source.name() + ".cu", 0, new String[0], new String[0]), "nvrtcCreateProgram", source.name());
    try {
      List<String> options = options(source, capability, form);
      int status = JNvrtc.nvrtcCompileProgram(program, options.size(), options.toArray(String[]::new));
      String log = log(program);
      if (status != nvrtcResult.NVRTC_SUCCESS) {
        throw failed(status, "kernel " + source.name() + " does not compile for " + options.getFirst() + "\n" + log.strip());
      }
      return new Compiled(form, form == Form.CUBIN ? cubin(program) : ptx(program), log);
    } finally {
      JNvrtc.nvrtcDestroyProgram(program);
    }
  }

  /** All options, the architecture first. */
  static List<String> options(KernelSource source, int capability, Form form) {
    var all = new ArrayList<String>();
    all.add("--gpu-architecture=" + (form == Form.CUBIN ? "sm_" : "compute_") + capability);
    all.add("--std=c++17");
    all.add("--fmad=false");
    all.add("--minimal"); // no textures, surfaces or device runtime, whose declarations take a third of the time
    all.add("--no-cache"); // with a card NVRTC keeps what it compiled, and then has no log; kernels are kept by KernelCache
    all.addAll(source.options());
    return all;
  }

  private static String log(nvrtcProgram program) {
    String[] log = new String[1];
    check(JNvrtc.nvrtcGetProgramLog(program, log), "nvrtcGetProgramLog", "");
    return log[0] == null ? "" : log[0];
  }

  private static byte[] cubin(nvrtcProgram program) {
    long[] size = new long[1];
    check(JNvrtc.nvrtcGetCUBINSize(program, size), "nvrtcGetCUBINSize", "");
    byte[] image = new byte[Math.toIntExact(size[0])];
    check(JNvrtc.nvrtcGetCUBIN(program, image), "nvrtcGetCUBIN", "");
    return image;
  }

  private static byte[] ptx(nvrtcProgram program) {
    String[] text = new String[1];
    check(JNvrtc.nvrtcGetPTX(program, text), "nvrtcGetPTX", "");
    return (text[0] + "\0").getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void check(int status, String call, String detail) {
    if (status != nvrtcResult.NVRTC_SUCCESS) {
      throw failed(status, call + " " + detail);
    }
  }

  private static CudaException failed(int status, String detail) {
    String name = nvrtcResult.stringFor(status);
    return new CudaException("nvrtc: " + name + ": " + detail, name, status, false);
  }
}
