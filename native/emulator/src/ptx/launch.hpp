#pragma once

#include <cstddef>
#include <cstdint>

#include "device/memory.hpp"
#include "ptx/module.hpp"

namespace emulator {

struct Extent {
  std::uint32_t x = 1;
  std::uint32_t y = 1;
  std::uint32_t z = 1;
};

struct Options {
  std::uint64_t seed = 1;       // orders blocks and warps, and draws the perturbations; 0 keeps the natural order
  bool perturb = false;         // moves every .approx result within the error that PTX documents
  bool races = true;            // reports races in global and shared memory
  std::uint64_t limit = 20'000'000'000;  // thread instructions of a launch after which it counts as endless
};

/** What a launch did. Bytes are those that threads asked for; sectors are the 32-byte pieces touched by each warp access. */
struct Statistics {
  std::uint64_t threadInstructions = 0;
  std::uint64_t warpInstructions = 0;
  std::uint64_t globalBytesRead = 0;
  std::uint64_t globalBytesWritten = 0;
  std::uint64_t globalSectors = 0;
  std::uint64_t atomics = 0;
  std::uint64_t barriers = 0;
};

/**
 * Runs all blocks of a launch. The parameters are kernel.parameterBytes long, laid out by kernel.parameters.
 * Throws Fault (700, 702, 716, 719 or 1 for a launch shape that cannot be) naming kernel, PTX line, block and thread.
 */
Statistics run(const Module& module, const Kernel& kernel, Extent grid, Extent block, std::size_t dynamicSharedBytes,
               const void* parameters, Memory& memory, const Options& options);

}  // namespace emulator
