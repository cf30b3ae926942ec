// Handles, their modes, and the frame of every call.
#include <map>

#include "cublas/cublas.hpp"
#include "driver/call.hpp"
#include "driver/record.hpp"

namespace blas {
namespace {

constexpr int kVersion = 120600;

// The live handles; the driver's lock guards them.
std::map<cublasHandle_t, Handle>& handles() {
  static auto& live = *new std::map<cublasHandle_t, Handle>;
  return live;
}

cublasStatus_t refused(const char* name, cublasStatus_t status, const std::string& why) {
  driver::state().lastError = std::string(name) + ": " + why;
  driver::log(std::string(name) + " -> cuBLAS status " + std::to_string(status) + ": " + why);
  return status;
}

cublasStatus_t statusOf(CUresult result) {
  switch (result) {
    case CUDA_ERROR_OUT_OF_MEMORY: return CUBLAS_STATUS_ALLOC_FAILED;
    case CUDA_ERROR_NOT_SUPPORTED: return CUBLAS_STATUS_NOT_SUPPORTED;
    case CUDA_ERROR_NOT_INITIALIZED: case CUDA_ERROR_INVALID_CONTEXT: return CUBLAS_STATUS_NOT_INITIALIZED;
    default: return CUBLAS_STATUS_EXECUTION_FAILED;
  }
}

std::shared_ptr<driver::Context> current() {
  const auto& stack = driver::currentStack();
  require(driver::state().initialised && !stack.empty() && stack.back() && !stack.back()->destroyed,
          CUBLAS_STATUS_NOT_INITIALIZED, "no live context is current in this thread");
  return stack.back();
}

const char* nameOf(int status) {
  switch (status) {
    case CUBLAS_STATUS_SUCCESS: return "CUBLAS_STATUS_SUCCESS";
    case CUBLAS_STATUS_NOT_INITIALIZED: return "CUBLAS_STATUS_NOT_INITIALIZED";
    case CUBLAS_STATUS_ALLOC_FAILED: return "CUBLAS_STATUS_ALLOC_FAILED";
    case CUBLAS_STATUS_INVALID_VALUE: return "CUBLAS_STATUS_INVALID_VALUE";
    case CUBLAS_STATUS_ARCH_MISMATCH: return "CUBLAS_STATUS_ARCH_MISMATCH";
    case CUBLAS_STATUS_MAPPING_ERROR: return "CUBLAS_STATUS_MAPPING_ERROR";
    case CUBLAS_STATUS_EXECUTION_FAILED: return "CUBLAS_STATUS_EXECUTION_FAILED";
    case CUBLAS_STATUS_INTERNAL_ERROR: return "CUBLAS_STATUS_INTERNAL_ERROR";
    case CUBLAS_STATUS_NOT_SUPPORTED: return "CUBLAS_STATUS_NOT_SUPPORTED";
    case CUBLAS_STATUS_LICENSE_ERROR: return "CUBLAS_STATUS_LICENSE_ERROR";
    default: return "unknown cuBLAS status";
  }
}

const char* textOf(int status) {
  switch (status) {
    case CUBLAS_STATUS_SUCCESS: return "the call succeeded";
    case CUBLAS_STATUS_NOT_INITIALIZED: return "the handle or the context is not initialised";
    case CUBLAS_STATUS_ALLOC_FAILED: return "the library could not allocate memory";
    case CUBLAS_STATUS_INVALID_VALUE: return "an argument is outside its valid range";
    case CUBLAS_STATUS_ARCH_MISMATCH: return "the device lacks what the call needs";
    case CUBLAS_STATUS_EXECUTION_FAILED: return "the work failed on the device";
    case CUBLAS_STATUS_NOT_SUPPORTED: return "the call or its combination of types is not supported";
    default: return nameOf(status);
  }
}

}  // namespace

cublasStatus_t guarded(const char* name, const std::function<void()>& body) {
  const std::lock_guard<std::recursive_mutex> held(driver::state().lock);
  try {
    body();
    if (!driver::config().log.empty()) driver::log(name);
    return CUBLAS_STATUS_SUCCESS;
  } catch (const Refused& r) {
    return refused(name, r.status, r.what());
  } catch (const driver::Failure& failure) {
    return refused(name, statusOf(failure.status), failure.what());
  } catch (const std::bad_alloc&) {
    return refused(name, CUBLAS_STATUS_ALLOC_FAILED, "the host's memory does not suffice");
  } catch (const std::exception& other) {
    return refused(name, CUBLAS_STATUS_INTERNAL_ERROR, other.what());
  }
}

cublasStatus_t withHandle(const char* name, cublasHandle_t handle, const std::function<void(Handle&)>& body) {
  return guarded(name, [&] {
    const auto found = handles().find(handle);
    require(found != handles().end(), CUBLAS_STATUS_NOT_INITIALIZED, "the handle is null, unknown or destroyed");
    const auto context = found->second.context.lock();
    require(context && !context->destroyed, CUBLAS_STATUS_NOT_INITIALIZED, "the handle's context was destroyed");
    require(current() == context, CUBLAS_STATUS_NOT_INITIALIZED, "the handle belongs to another context");
    require(context->sticky == CUDA_SUCCESS, CUBLAS_STATUS_EXECUTION_FAILED,
            "an earlier fault: " + context->stickyWhy);
    body(found->second);
    require(context->sticky == CUDA_SUCCESS, CUBLAS_STATUS_EXECUTION_FAILED, context->stickyWhy);
  });
}

void submit(const Handle& handle, const char* what, Work work) {
  const auto context = handle.context.lock();
  emulator::Memory* memory = &context->memory();
  driver::Task task{what, [memory, work = std::move(work)] { work(*memory); }};
  driver::injectFault("gemm", CUDA_ERROR_LAUNCH_FAILED, task);
  driver::submit(*driver::state().stream(*context, handle.stream), std::move(task));
}

void finish(const Handle& handle) {
  const auto context = handle.context.lock();
  driver::finish(*driver::state().stream(*context, handle.stream));
}

Scalar::Scalar(const Handle& handle, const void* pointer, bool isDouble, const char* name)
    : name_(name), isDouble_(isDouble), onDevice_(handle.pointerMode == POINTER_MODE_DEVICE) {
  require(pointer != nullptr, CUBLAS_STATUS_INVALID_VALUE, std::string(name) + " is null");
  const auto address = reinterpret_cast<std::uint64_t>(pointer);
  const bool device = handle.context.lock()->memory().find(address, isDouble ? 8 : 4) != nullptr;
  require(device == onDevice_, CUBLAS_STATUS_INVALID_VALUE,
          std::string(name) + " is a pointer of the " + (device ? "device" : "host") + ", and the pointer mode says " +
              (onDevice_ ? "device" : "host"));
  if (onDevice_) address_ = address;
  else value_ = isDouble ? *static_cast<const double*>(pointer) : *static_cast<const float*>(pointer);
}

double Scalar::value(emulator::Memory& memory) const {
  if (!onDevice_) return value_;
  float single = 0;
  double twice = 0;
  if (isDouble_) memory.copyOut(&twice, address_, sizeof twice, name_);
  else memory.copyOut(&single, address_, sizeof single, name_);
  return isDouble_ ? twice : single;
}

int notEmulated(const char* name) {
  return guarded(name, [] { throw Refused(CUBLAS_STATUS_NOT_SUPPORTED, "the emulator does not have this call"); });
}

}  // namespace blas

using namespace blas;

extern "C" {

EMULATOR_EXPORT cublasStatus_t cublasCreate_v2(cublasHandle_t* out) {
  return guarded("cublasCreate", [&] {
    require(out != nullptr, CUBLAS_STATUS_INVALID_VALUE, "the result pointer is null");
    const auto context = current();
    require(context->sticky == CUDA_SUCCESS, CUBLAS_STATUS_NOT_INITIALIZED, "an earlier fault: " + context->stickyWhy);
    driver::injectFault("alloc", CUDA_ERROR_OUT_OF_MEMORY);
    Handle handle;
    handle.context = context;
    *out = reinterpret_cast<cublasHandle_t>(driver::nextHandle());
    handles()[*out] = handle;
  });
}

EMULATOR_EXPORT cublasStatus_t cublasDestroy_v2(cublasHandle_t handle) {
  return guarded("cublasDestroy", [&] {
    const auto found = handles().find(handle);
    require(found != handles().end(), CUBLAS_STATUS_NOT_INITIALIZED, "the handle is null, unknown or destroyed");
    handles().erase(found);
  });
}

EMULATOR_EXPORT cublasStatus_t cublasSetStream_v2(cublasHandle_t handle, CUstream stream) {
  return withHandle("cublasSetStream", handle, [&](Handle& h) {
    driver::state().stream(*h.context.lock(), stream);
    h.stream = stream;
  });
}

EMULATOR_EXPORT cublasStatus_t cublasGetStream_v2(cublasHandle_t handle, CUstream* out) {
  return withHandle("cublasGetStream", handle, [&](Handle& h) {
    require(out != nullptr, CUBLAS_STATUS_INVALID_VALUE, "the result pointer is null");
    *out = h.stream;
  });
}

EMULATOR_EXPORT cublasStatus_t cublasSetWorkspace_v2(cublasHandle_t handle, void* workspace, std::size_t bytes) {
  return withHandle("cublasSetWorkspace", handle, [&](Handle& h) {
    const auto address = reinterpret_cast<std::uint64_t>(workspace);
    require(address % 256 == 0, CUBLAS_STATUS_INVALID_VALUE, "the workspace is not a multiple of 256");
    require(bytes == 0 || h.context.lock()->memory().find(address, bytes) != nullptr, CUBLAS_STATUS_INVALID_VALUE,
            "the workspace is not device memory of that size");
  });
}

EMULATOR_EXPORT cublasStatus_t cublasGetVersion_v2(cublasHandle_t, int* out) {
  return guarded("cublasGetVersion", [&] {
    require(out != nullptr, CUBLAS_STATUS_INVALID_VALUE, "the result pointer is null");
    *out = kVersion;
  });
}

EMULATOR_EXPORT cublasStatus_t cublasGetProperty(int which, int* out) {
  return guarded("cublasGetProperty", [&] {
    require(out != nullptr && which >= 0 && which <= 2, CUBLAS_STATUS_INVALID_VALUE, "no such property");
    const int parts[] = {kVersion / 10000, kVersion / 100 % 100, kVersion % 100};
    *out = parts[which];
  });
}

EMULATOR_EXPORT std::size_t cublasGetCudartVersion() {
  return 12060;
}

EMULATOR_EXPORT cublasStatus_t cublasSetPointerMode_v2(cublasHandle_t handle, int mode) {
  return withHandle("cublasSetPointerMode", handle, [&](Handle& h) {
    require(mode == POINTER_MODE_HOST || mode == POINTER_MODE_DEVICE, CUBLAS_STATUS_INVALID_VALUE,
            "no pointer mode " + std::to_string(mode));
    h.pointerMode = mode;
  });
}

EMULATOR_EXPORT cublasStatus_t cublasGetPointerMode_v2(cublasHandle_t handle, int* out) {
  return withHandle("cublasGetPointerMode", handle, [&](Handle& h) {
    require(out != nullptr, CUBLAS_STATUS_INVALID_VALUE, "the result pointer is null");
    *out = h.pointerMode;
  });
}

EMULATOR_EXPORT cublasStatus_t cublasSetMathMode(cublasHandle_t handle, int mode) {
  return withHandle("cublasSetMathMode", handle, [&](Handle& h) {
    const int base = mode & ~MATH_NO_REDUCED_REDUCTION;
    require(base >= MATH_DEFAULT && base <= MATH_TF32_TENSOR_OP, CUBLAS_STATUS_INVALID_VALUE,
            "no math mode " + std::to_string(mode));
    h.mathMode = mode;
  });
}

EMULATOR_EXPORT cublasStatus_t cublasGetMathMode(cublasHandle_t handle, int* out) {
  return withHandle("cublasGetMathMode", handle, [&](Handle& h) {
    require(out != nullptr, CUBLAS_STATUS_INVALID_VALUE, "the result pointer is null");
    *out = h.mathMode;
  });
}

EMULATOR_EXPORT cublasStatus_t cublasSetAtomicsMode(cublasHandle_t handle, int mode) {
  return withHandle("cublasSetAtomicsMode", handle, [&](Handle& h) {
    require(mode == 0 || mode == 1, CUBLAS_STATUS_INVALID_VALUE, "no atomics mode " + std::to_string(mode));
    h.atomicsMode = mode;
  });
}

EMULATOR_EXPORT cublasStatus_t cublasGetAtomicsMode(cublasHandle_t handle, int* out) {
  return withHandle("cublasGetAtomicsMode", handle, [&](Handle& h) {
    require(out != nullptr, CUBLAS_STATUS_INVALID_VALUE, "the result pointer is null");
    *out = h.atomicsMode;
  });
}

EMULATOR_EXPORT const char* cublasGetStatusName(int status) {
  return nameOf(status);
}

EMULATOR_EXPORT const char* cublasGetStatusString(int status) {
  return textOf(status);
}

}  // extern "C"
