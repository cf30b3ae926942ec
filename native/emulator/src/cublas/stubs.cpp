// A weak definition of every cuBLAS symbol that the JCublas natives import. A strong definition elsewhere in
// the library wins; what is left answers CUBLAS_STATUS_NOT_SUPPORTED, and says its name in the log.
#include "cublas/cublas.hpp"

#define SYMBOL(name)                                                                  \
  extern "C" EMULATOR_EXPORT __attribute__((weak)) int name() {                       \
    return blas::notEmulated(#name);                                                  \
  }
#include "cublas-symbols.inc"
