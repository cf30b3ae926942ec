// The cuBLAS v2 types and constants that the emulator meets, and the frame of its entry points. The values are the ABI's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include "device/memory.hpp"
#include "driver/cuda.hpp"

enum cublasStatus_t : int {
  CUBLAS_STATUS_SUCCESS = 0,
  CUBLAS_STATUS_NOT_INITIALIZED = 1,
  CUBLAS_STATUS_ALLOC_FAILED = 3,
  CUBLAS_STATUS_INVALID_VALUE = 7,
  CUBLAS_STATUS_ARCH_MISMATCH = 8,
  CUBLAS_STATUS_MAPPING_ERROR = 11,
  CUBLAS_STATUS_EXECUTION_FAILED = 13,
  CUBLAS_STATUS_INTERNAL_ERROR = 14,
  CUBLAS_STATUS_NOT_SUPPORTED = 15,
  CUBLAS_STATUS_LICENSE_ERROR = 16,
};

struct cublasContext;
using cublasHandle_t = cublasContext*;

constexpr int OP_N = 0;
constexpr int OP_T = 1;
constexpr int OP_C = 2;

constexpr int POINTER_MODE_HOST = 0;
constexpr int POINTER_MODE_DEVICE = 1;

constexpr int MATH_DEFAULT = 0;
constexpr int MATH_TENSOR_OP = 1;
constexpr int MATH_PEDANTIC = 2;
constexpr int MATH_TF32_TENSOR_OP = 3;
constexpr int MATH_NO_REDUCED_REDUCTION = 16;  // a flag beside the others

constexpr int COMPUTE_16F = 64;
constexpr int COMPUTE_16F_PEDANTIC = 65;
constexpr int COMPUTE_32F = 68;
constexpr int COMPUTE_32F_PEDANTIC = 69;
constexpr int COMPUTE_64F = 70;
constexpr int COMPUTE_64F_PEDANTIC = 71;
constexpr int COMPUTE_32I = 72;
constexpr int COMPUTE_32I_PEDANTIC = 73;
constexpr int COMPUTE_32F_FAST_16F = 74;
constexpr int COMPUTE_32F_FAST_16BF = 75;
constexpr int COMPUTE_32F_FAST_TF32 = 77;

constexpr int R_32F = 0;
constexpr int R_64F = 1;
constexpr int R_16F = 2;
constexpr int R_16BF = 14;

namespace driver {
struct Context;
}

namespace blas {

/** What a call is refused with. */
struct Refused : std::runtime_error {
  cublasStatus_t status;
  Refused(cublasStatus_t code, const std::string& why) : std::runtime_error(why), status(code) {}
};

inline void require(bool condition, cublasStatus_t status, const std::string& why) {
  if (!condition) throw Refused(status, why);
}

/** A cuBLAS handle: the context it was made in, and its modes. */
struct Handle {
  std::weak_ptr<driver::Context> context;
  CUstream stream = nullptr;
  int pointerMode = POINTER_MODE_HOST;
  int mathMode = MATH_DEFAULT;
  int atomicsMode = 0;
};

/** What an operation gets when it runs: the memory of its device. */
using Work = std::function<void(emulator::Memory&)>;

/** Runs the body under the driver's lock; exceptions become the status, which the driver's log explains. */
cublasStatus_t guarded(const char* name, const std::function<void()>& body);

/** As guarded, with a live handle whose context is current and sound. */
cublasStatus_t withHandle(const char* name, cublasHandle_t handle, const std::function<void(Handle&)>& body);

/** Queues work in the handle's stream, or captures it; faults of the kind "gemm" are injected here. */
void submit(const Handle& handle, const char* what, Work work);

/** Waits for the handle's stream: what returns a number to the host does. */
void finish(const Handle& handle);

/** A scalar given by pointer: read now in host mode, when the work runs in device mode. */
class Scalar {
 public:
  Scalar(const Handle& handle, const void* pointer, bool isDouble, const char* name);
  double value(emulator::Memory& memory) const;

 private:
  const char* name_;
  bool isDouble_;
  bool onDevice_;
  double value_ = 0;
  std::uint64_t address_ = 0;
};

/** The answer of a symbol that exists only so that the natives find it. */
int notEmulated(const char* name);

}  // namespace blas
