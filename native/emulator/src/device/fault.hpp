#pragma once

#include <stdexcept>
#include <string>

namespace emulator {

/** The CUresult values that the device core reports (CUDA driver API, cuda.h). */
enum Code : int {
  kInvalidValue = 1,          // CUDA_ERROR_INVALID_VALUE
  kOutOfMemory = 2,           // CUDA_ERROR_OUT_OF_MEMORY
  kInvalidPtx = 218,          // CUDA_ERROR_INVALID_PTX
  kNotFound = 500,            // CUDA_ERROR_NOT_FOUND
  kIllegalAddress = 700,      // CUDA_ERROR_ILLEGAL_ADDRESS
  kLaunchOutOfResources = 701,  // CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES
  kLaunchTimeout = 702,       // CUDA_ERROR_LAUNCH_TIMEOUT
  kAssert = 710,              // CUDA_ERROR_ASSERT
  kMisalignedAddress = 716,   // CUDA_ERROR_MISALIGNED_ADDRESS
  kLaunchFailed = 719,        // CUDA_ERROR_LAUNCH_FAILED: trap, races, divergence, uninitialised reads
};

/** What the device refuses or reports: a CUresult and a text that says where and why. */
class Fault : public std::runtime_error {
 public:
  Fault(int code, const std::string& text) : std::runtime_error(text), code_(code) {}

  int code() const { return code_; }

 private:
  int code_;
};

}  // namespace emulator
