package org.cotangent.cuda.driver;

import java.util.List;

/**
 * A kernel as text. Equal sources are compiled once a process, and once a cache folder; keep and reuse the record where one kernel is
 * launched often, since its hash is the text's.
 *
 * @param name the {@code extern "C" __global__} function, unmangled
 * @param text CUDA C++ as NVRTC takes it; no includes
 * @param options options of NVRTC such as {@code -DTYPE=float}; the architecture, C++17 and {@code --fmad=false} are added by the device
 */
public record KernelSource(String name, String text, List<String> options) {
  /** Copies the options. */
  public KernelSource {
    options = List.copyOf(options);
  }

  /** A kernel without options. */
  public KernelSource(String name, String text) {
    this(name, text, List.of());
  }
}
