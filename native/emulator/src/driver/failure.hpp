// What the emulator throws inside; the entry points turn it into a status.
#pragma once

#include <stdexcept>
#include <string>

#include "driver/cuda.hpp"

namespace driver {

// A call that is refused: the status that the caller gets, and why, for the log and emulatorLastError().
struct Failure : std::runtime_error {
  CUresult status;
  Failure(CUresult code, const std::string& why) : std::runtime_error(why), status(code) {}
};

// Throws unless the condition holds.
inline void require(bool condition, CUresult status, const char* why) {
  if (!condition) throw Failure(status, why);
}

inline void require(bool condition, CUresult status, const std::string& why) {
  if (!condition) throw Failure(status, why);
}

// "CUDA_ERROR_INVALID_VALUE", or nullptr for a value that is no status.
const char* nameOf(CUresult status);

// A sentence on the status, or nullptr for a value that is no status.
const char* textOf(CUresult status);

}  // namespace driver
