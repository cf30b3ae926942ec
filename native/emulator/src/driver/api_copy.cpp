// Copies and memsets. Ranges are checked in the call, and again when the work runs.
#include <cstring>

#include "driver/call.hpp"
#include "driver/record.hpp"

using namespace driver;

namespace {

std::string size(std::size_t bytes) {
  return "bytes=" + std::to_string(bytes);
}

// Whether a host address is given where a device address belongs, or the range leaves its block.
void checkDevice(Context& context, CUdeviceptr address, std::size_t bytes, const char* what) {
  if (context.memory().find(address, bytes) != nullptr) return;
  throw Failure(CUDA_ERROR_INVALID_VALUE, std::string(what) + ": " + std::to_string(bytes) + " bytes at " +
                                              context.memory().describe(address, bytes));
}

void checkHost(Context& context, const void* address, const char* what) {
  require(address != nullptr, CUDA_ERROR_INVALID_VALUE, std::string(what) + " is null");
  require(context.memory().find(reinterpret_cast<std::uint64_t>(address), 1) == nullptr, CUDA_ERROR_INVALID_VALUE,
          std::string(what) + " is a device address, where one of the host belongs");
}

bool isPinned(const void* address, std::size_t bytes) {
  return state().pinnedAt(address, bytes) != nullptr;
}

void notePending(Context& context, const Stream& stream) {
  // A copy that waits for its stream waits for capture as well: it is refused there.
  require(!stream.capture, CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED,
          "a copy with pageable host memory in a stream that captures; use pinned memory");
  require(context.sticky == CUDA_SUCCESS, context.sticky, context.stickyWhy);
}

Task upload(Context& context, CUdeviceptr to, const void* from, std::size_t bytes, bool captureNow) {
  emulator::Memory* memory = &context.memory();
  std::shared_ptr<std::vector<std::byte>> kept;
  if (captureNow) {
    const auto* first = static_cast<const std::byte*>(from);
    kept = std::make_shared<std::vector<std::byte>>(first, first + bytes);
  }
  return {"copy host to device", [=] {
            memory->copyIn(to, kept ? kept->data() : from, bytes, "cuMemcpyHtoD");
            record().done("copy", "HtoD", bytes, 0, size(bytes));
          }};
}

Task download(Context& context, void* to, CUdeviceptr from, std::size_t bytes) {
  emulator::Memory* memory = &context.memory();
  return {"copy device to host", [=] {
            memory->copyOut(to, from, bytes, "cuMemcpyDtoH");
            record().done("copy", "DtoH", bytes, 0, size(bytes));
          }};
}

Task within(Context& context, CUdeviceptr to, CUdeviceptr from, std::size_t bytes) {
  emulator::Memory* memory = &context.memory();
  return {"copy device to device", [=] {
            memory->copy(to, from, bytes, "cuMemcpyDtoD");
            record().done("copy", "DtoD", bytes, 0, size(bytes));
          }};
}

void copyIn(Context& context, Stream& stream, CUdeviceptr to, const void* from, std::size_t bytes, bool wait) {
  if (bytes == 0) return;
  checkDevice(context, to, bytes, "destination");
  checkHost(context, from, "source");
  const bool pageable = !isPinned(from, bytes);
  if (pageable) notePending(context, stream);
  Task task = upload(context, to, from, bytes, pageable);
  injectFault("copy", CUDA_ERROR_UNKNOWN, task);
  submit(stream, std::move(task));
  // From pageable memory the call returns once the source is read; the device may get it later.
  if (wait && !pageable) finish(stream);
}

void copyOut(Context& context, Stream& stream, void* to, CUdeviceptr from, std::size_t bytes, bool wait) {
  if (bytes == 0) return;
  checkDevice(context, from, bytes, "source");
  checkHost(context, to, "destination");
  const bool pageable = !isPinned(to, bytes);
  if (pageable) notePending(context, stream);
  Task task = download(context, to, from, bytes);
  injectFault("copy", CUDA_ERROR_UNKNOWN, task);
  submit(stream, std::move(task));
  if (wait || pageable) finish(stream);
}

void copyWithin(Context& context, Stream& stream, CUdeviceptr to, CUdeviceptr from, std::size_t bytes) {
  if (bytes == 0) return;
  checkDevice(context, to, bytes, "destination");
  checkDevice(context, from, bytes, "source");
  Task task = within(context, to, from, bytes);
  injectFault("copy", CUDA_ERROR_UNKNOWN, task);
  submit(stream, std::move(task));
}

void fill(Context& context, Stream& stream, CUdeviceptr to, std::uint32_t value, std::size_t width, std::size_t count) {
  if (count == 0) return;
  require(to % width == 0, CUDA_ERROR_INVALID_VALUE, "the address is not a multiple of " + std::to_string(width));
  checkDevice(context, to, width * count, "destination");
  emulator::Memory* memory = &context.memory();
  Task task{"memset", [=] {
              memory->fill(to, value, width, count, "cuMemset");
              record().done("memset", "D" + std::to_string(8 * width), width * count, 0, size(width * count));
            }};
  injectFault("memset", CUDA_ERROR_UNKNOWN, task);
  submit(stream, std::move(task));
}

CUresult memset(const char* name, CUdeviceptr to, std::uint32_t value, std::size_t width, std::size_t count,
                CUstream stream) {
  return inContext(name, [&](Context& context) {
    fill(context, *state().stream(context, stream), to, value, width, count);
  });
}

void synchronous(const char* name) {
  refuseInCapture(name);
}

}  // namespace

extern "C" {

EMULATOR_EXPORT CUresult cuMemcpyHtoD_v2(CUdeviceptr to, const void* from, std::size_t bytes) {
  return inContext("cuMemcpyHtoD", [&](Context& context) {
    synchronous("cuMemcpyHtoD");
    copyIn(context, *context.legacy, to, from, bytes, true);
  });
}

EMULATOR_EXPORT CUresult cuMemcpyDtoH_v2(void* to, CUdeviceptr from, std::size_t bytes) {
  return inContext("cuMemcpyDtoH", [&](Context& context) {
    synchronous("cuMemcpyDtoH");
    copyOut(context, *context.legacy, to, from, bytes, true);
  });
}

// Does not wait: the host goes on while the device copies.
EMULATOR_EXPORT CUresult cuMemcpyDtoD_v2(CUdeviceptr to, CUdeviceptr from, std::size_t bytes) {
  return inContext("cuMemcpyDtoD", [&](Context& context) {
    synchronous("cuMemcpyDtoD");
    copyWithin(context, *context.legacy, to, from, bytes);
  });
}

EMULATOR_EXPORT CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void* from, std::size_t bytes, CUstream stream) {
  return inContext("cuMemcpyHtoDAsync", [&](Context& context) {
    copyIn(context, *state().stream(context, stream), to, from, bytes, false);
  });
}

EMULATOR_EXPORT CUresult cuMemcpyDtoHAsync_v2(void* to, CUdeviceptr from, std::size_t bytes, CUstream stream) {
  return inContext("cuMemcpyDtoHAsync", [&](Context& context) {
    copyOut(context, *state().stream(context, stream), to, from, bytes, false);
  });
}

EMULATOR_EXPORT CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from, std::size_t bytes, CUstream stream) {
  return inContext("cuMemcpyDtoDAsync", [&](Context& context) {
    copyWithin(context, *state().stream(context, stream), to, from, bytes);
  });
}

EMULATOR_EXPORT CUresult cuMemsetD8_v2(CUdeviceptr to, unsigned char value, std::size_t count) {
  return memset("cuMemsetD8", to, value, 1, count, nullptr);
}

EMULATOR_EXPORT CUresult cuMemsetD16_v2(CUdeviceptr to, unsigned short value, std::size_t count) {
  return memset("cuMemsetD16", to, value, 2, count, nullptr);
}

EMULATOR_EXPORT CUresult cuMemsetD32_v2(CUdeviceptr to, unsigned value, std::size_t count) {
  return memset("cuMemsetD32", to, value, 4, count, nullptr);
}

EMULATOR_EXPORT CUresult cuMemsetD8Async(CUdeviceptr to, unsigned char value, std::size_t count, CUstream stream) {
  return memset("cuMemsetD8Async", to, value, 1, count, stream);
}

EMULATOR_EXPORT CUresult cuMemsetD16Async(CUdeviceptr to, unsigned short value, std::size_t count, CUstream stream) {
  return memset("cuMemsetD16Async", to, value, 2, count, stream);
}

EMULATOR_EXPORT CUresult cuMemsetD32Async(CUdeviceptr to, unsigned value, std::size_t count, CUstream stream) {
  return memset("cuMemsetD32Async", to, value, 4, count, stream);
}

}  // extern "C"
