// Initialisation, versions, names of statuses, and what a device is.
#include <cstdio>
#include <cstring>

#include "driver/call.hpp"

using namespace driver;

namespace {

constexpr const char* kName = "Cotangent emulated CUDA device";

// The value of a CUdevice_attribute; the numbers are the ABI's.
int attribute(const Device& device, int which) {
  const Limits& l = device.limits;
  switch (which) {
    case 1: return l.threadsPerBlock;
    case 2: case 3: return l.blockXY;
    case 4: return l.blockZ;
    case 5: return static_cast<int>(l.gridX);
    case 6: case 7: return l.gridYZ;
    case 8: return l.sharedPerBlock;
    case 9: return 65536;                           // constant memory
    case 10: return 32;                             // warp size
    case 11: return 2147483647;                     // pitch
    case 12: return l.registersPerBlock;
    case 13: return 1980000;                        // clock, kHz
    case 14: return 512;                            // texture alignment
    case 15: return 1;                              // overlap
    case 16: return config().multiprocessors;
    case 17: case 18: case 20: case 32: case 35: return 0;
    case 19: return 0;                              // kernels cannot reach host memory here
    case 31: return 1;                              // concurrent kernels
    case 33: return device.ordinal + 1;             // PCI bus
    case 34: case 50: return 0;                     // PCI device, domain
    case 36: return 2619000;                        // memory clock, kHz
    case 37: return 5120;                           // bus width, bits
    case 38: return 50 << 20;                       // L2
    case 39: return l.threadsPerMultiprocessor;
    case 40: return 3;                              // copy engines
    case 41: return 1;                              // unified addressing
    case 75: return config().major;
    case 76: return config().minor;
    case 78: return 1;                              // stream priorities
    case 79: case 80: return 1;                     // L1
    case 81: return l.sharedPerMultiprocessor;
    case 82: return 65536;                          // registers per multiprocessor
    case 83: return 0;                              // managed memory
    case 84: case 85: case 86: return 0;
    case 87: return 2;                              // single to double
    case 88: case 89: case 91: case 100: case 101: return 0;
    case 90: return 1;
    case 95: return 0;                              // cooperative launch
    case 97: return l.sharedPerBlockOptin;
    case 99: return 1;                              // host registration
    case 102: return 0;                             // virtual memory management
    case 106: return l.blocksPerMultiprocessor;
    case 111: return config().major >= 8 ? 1024 : 0;  // shared memory kept by the system
    case 115: return 1;                             // memory pools
    case 120: return 0;                             // clusters
    default:
      if (which > 0 && which < 136) return 0;       // textures, surfaces, interop: none
      throw Failure(CUDA_ERROR_INVALID_VALUE, "no device attribute " + std::to_string(which));
  }
}

void uuid(CUuuid* out, CUdevice ordinal) {
  require(out != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
  state().device(ordinal);
  std::memset(out->bytes, 0, sizeof out->bytes);
  std::memcpy(out->bytes, "cotangent-emul", 14);
  out->bytes[15] = static_cast<unsigned char>(ordinal);
}

}  // namespace

extern "C" {

EMULATOR_EXPORT CUresult cuInit(unsigned flags) {
  return anytime("cuInit", [&] {
    require(flags == 0, CUDA_ERROR_INVALID_VALUE, "flags are " + std::to_string(flags) + ", not 0");
    require(config().devices > 0, CUDA_ERROR_NO_DEVICE, "the emulator is configured without devices");
    state().start();
  });
}

EMULATOR_EXPORT CUresult cuDriverGetVersion(int* version) {
  return anytime("cuDriverGetVersion", [&] {
    require(version != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    *version = config().driverVersion;
  });
}

EMULATOR_EXPORT CUresult cuGetErrorName(CUresult status, const char** name) {
  if (name == nullptr) return CUDA_ERROR_INVALID_VALUE;
  *name = nameOf(status);
  return *name == nullptr ? CUDA_ERROR_INVALID_VALUE : CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuGetErrorString(CUresult status, const char** text) {
  if (text == nullptr) return CUDA_ERROR_INVALID_VALUE;
  *text = textOf(status);
  return *text == nullptr ? CUDA_ERROR_INVALID_VALUE : CUDA_SUCCESS;
}

EMULATOR_EXPORT CUresult cuDeviceGetCount(int* count) {
  return initialised("cuDeviceGetCount", [&] {
    require(count != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    *count = static_cast<int>(state().devices.size());
  });
}

EMULATOR_EXPORT CUresult cuDeviceGet(CUdevice* device, int ordinal) {
  return initialised("cuDeviceGet", [&] {
    require(device != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    *device = state().device(ordinal).ordinal;
  });
}

EMULATOR_EXPORT CUresult cuDeviceGetName(char* name, int length, CUdevice device) {
  return initialised("cuDeviceGetName", [&] {
    require(name != nullptr && length > 0, CUDA_ERROR_INVALID_VALUE, "the buffer is null or empty");
    state().device(device);
    std::snprintf(name, static_cast<std::size_t>(length), "%s", kName);
  });
}

EMULATOR_EXPORT CUresult cuDeviceGetUuid(CUuuid* out, CUdevice device) {
  return initialised("cuDeviceGetUuid", [&] { uuid(out, device); });
}

EMULATOR_EXPORT CUresult cuDeviceGetUuid_v2(CUuuid* out, CUdevice device) {
  return initialised("cuDeviceGetUuid", [&] { uuid(out, device); });
}

EMULATOR_EXPORT CUresult cuDeviceTotalMem_v2(std::size_t* bytes, CUdevice device) {
  return initialised("cuDeviceTotalMem", [&] {
    require(bytes != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    *bytes = state().device(device).memory->capacity();
  });
}

EMULATOR_EXPORT CUresult cuDeviceGetAttribute(int* value, int which, CUdevice device) {
  return initialised("cuDeviceGetAttribute", [&] {
    require(value != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    *value = attribute(state().device(device), which);
  });
}

EMULATOR_EXPORT CUresult cuDeviceComputeCapability(int* major, int* minor, CUdevice device) {
  return initialised("cuDeviceComputeCapability", [&] {
    require(major != nullptr && minor != nullptr, CUDA_ERROR_INVALID_VALUE, "a result pointer is null");
    state().device(device);
    *major = config().major;
    *minor = config().minor;
  });
}

EMULATOR_EXPORT CUresult cuDeviceGetPCIBusId(char* id, int length, CUdevice device) {
  return initialised("cuDeviceGetPCIBusId", [&] {
    require(id != nullptr && length >= 13, CUDA_ERROR_INVALID_VALUE, "the buffer is null or shorter than 13");
    std::snprintf(id, static_cast<std::size_t>(length), "0000:%02X:00.0",
                  static_cast<unsigned>(state().device(device).ordinal + 1));
  });
}

EMULATOR_EXPORT CUresult cuDeviceGetByPCIBusId(CUdevice* device, const char* id) {
  return initialised("cuDeviceGetByPCIBusId", [&] {
    require(device != nullptr && id != nullptr, CUDA_ERROR_INVALID_VALUE, "a pointer is null");
    unsigned bus = 0;
    require(std::sscanf(id, "0000:%x:00.0", &bus) == 1, CUDA_ERROR_INVALID_DEVICE, std::string("no device at ") + id);
    *device = state().device(static_cast<int>(bus) - 1).ordinal;
  });
}

EMULATOR_EXPORT CUresult cuDeviceCanAccessPeer(int* can, CUdevice device, CUdevice peer) {
  return initialised("cuDeviceCanAccessPeer", [&] {
    require(can != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    state().device(device);
    state().device(peer);
    *can = 0;
  });
}

// NVRTC asks for tables of private functions, and crashes on success with a null table.
EMULATOR_EXPORT CUresult cuGetExportTable(const void** table, const CUuuid*) {
  return anytime("cuGetExportTable", [&] {
    if (table != nullptr) *table = nullptr;
    throw Failure(CUDA_ERROR_NOT_FOUND, "the emulator has no private tables");
  });
}

EMULATOR_EXPORT CUresult cuGetProcAddress(const char* symbol, void** function, int, std::uint64_t) {
  return anytime("cuGetProcAddress", [&] {
    if (function != nullptr) *function = nullptr;
    throw Failure(CUDA_ERROR_NOT_FOUND, std::string("not offered: ") + (symbol == nullptr ? "null" : symbol));
  });
}

}  // extern "C"
