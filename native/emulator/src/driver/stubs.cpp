// A weak definition of every driver symbol that the JCuda natives import. A strong definition elsewhere in
// the library wins; what is left answers CUDA_ERROR_NOT_SUPPORTED, and says its name in the log.
#include "driver/call.hpp"

#define SYMBOL(name)                                                                  \
  extern "C" EMULATOR_EXPORT __attribute__((weak)) int name() {                       \
    return driver::notEmulated(#name);                                                \
  }
#include "cuda-symbols.inc"
