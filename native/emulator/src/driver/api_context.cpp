// Contexts: created, retained, current to a thread, waited for.
#include "driver/call.hpp"

using namespace driver;

namespace {

constexpr unsigned kFlags = 0x1F;  // scheduling (3 bits), map host, keep local memory

void checkFlags(unsigned flags) {
  require((flags & ~kFlags) == 0, CUDA_ERROR_INVALID_VALUE, "unknown flags " + std::to_string(flags));
}

std::shared_ptr<Context> top() {
  auto& stack = currentStack();
  return stack.empty() ? nullptr : stack.back();
}

void setCurrent(const std::shared_ptr<Context>& context) {
  auto& stack = currentStack();
  if (!stack.empty()) stack.pop_back();
  if (context) stack.push_back(context);
}

void dropPrimary(Device& device) {
  if (device.primary) state().destroy(device.primary);
  device.primary = nullptr;
  device.retained = 0;
}

}  // namespace

extern "C" {

EMULATOR_EXPORT CUresult cuCtxCreate_v2(CUcontext* out, unsigned flags, CUdevice device) {
  return initialised("cuCtxCreate", [&] {
    require(out != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    checkFlags(flags);
    State& d = state();
    d.device(device);
    const auto context = d.create(d.devices[static_cast<std::size_t>(device)], flags, false);
    currentStack().push_back(context);
    *out = context->handle;
  });
}

EMULATOR_EXPORT CUresult cuCtxDestroy_v2(CUcontext handle) {
  return initialised("cuCtxDestroy", [&] {
    State& d = state();
    const auto context = d.contexts.find(handle);
    require(context != nullptr, CUDA_ERROR_INVALID_CONTEXT, d.contexts.describe(handle));
    require(!context->primary, CUDA_ERROR_INVALID_CONTEXT, "a primary context is released, not destroyed");
    d.destroy(context);
    if (top() == context) currentStack().pop_back();
  });
}

EMULATOR_EXPORT CUresult cuDevicePrimaryCtxRetain(CUcontext* out, CUdevice ordinal) {
  return initialised("cuDevicePrimaryCtxRetain", [&] {
    require(out != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    State& d = state();
    Device& device = d.device(ordinal);
    if (!device.primary) {
      device.primary = d.create(d.devices[static_cast<std::size_t>(ordinal)], device.primaryFlags, true);
    }
    ++device.retained;
    *out = device.primary->handle;
  });
}

EMULATOR_EXPORT CUresult cuDevicePrimaryCtxRelease_v2(CUdevice ordinal) {
  return initialised("cuDevicePrimaryCtxRelease", [&] {
    Device& device = state().device(ordinal);
    require(device.retained > 0, CUDA_ERROR_INVALID_CONTEXT, "the primary context is not retained");
    if (--device.retained == 0) dropPrimary(device);
  });
}

EMULATOR_EXPORT CUresult cuDevicePrimaryCtxReset_v2(CUdevice ordinal) {
  return initialised("cuDevicePrimaryCtxReset", [&] { dropPrimary(state().device(ordinal)); });
}

EMULATOR_EXPORT CUresult cuDevicePrimaryCtxSetFlags_v2(CUdevice ordinal, unsigned flags) {
  return initialised("cuDevicePrimaryCtxSetFlags", [&] {
    checkFlags(flags);
    state().device(ordinal).primaryFlags = flags;
  });
}

EMULATOR_EXPORT CUresult cuDevicePrimaryCtxGetState(CUdevice ordinal, unsigned* flags, int* active) {
  return initialised("cuDevicePrimaryCtxGetState", [&] {
    require(flags != nullptr && active != nullptr, CUDA_ERROR_INVALID_VALUE, "a result pointer is null");
    const Device& device = state().device(ordinal);
    *flags = device.primaryFlags;
    *active = device.primary ? 1 : 0;
  });
}

EMULATOR_EXPORT CUresult cuCtxPushCurrent_v2(CUcontext handle) {
  return initialised("cuCtxPushCurrent", [&] {
    const auto context = state().contexts.find(handle);
    require(context != nullptr, CUDA_ERROR_INVALID_CONTEXT, state().contexts.describe(handle));
    currentStack().push_back(context);
  });
}

EMULATOR_EXPORT CUresult cuCtxPopCurrent_v2(CUcontext* out) {
  return initialised("cuCtxPopCurrent", [&] {
    require(top() != nullptr, CUDA_ERROR_INVALID_CONTEXT, "no context is current in this thread");
    if (out != nullptr) *out = top()->handle;
    currentStack().pop_back();
  });
}

EMULATOR_EXPORT CUresult cuCtxSetCurrent(CUcontext handle) {
  return initialised("cuCtxSetCurrent", [&] {
    if (handle == nullptr) {
      setCurrent(nullptr);
      return;
    }
    const auto context = state().contexts.find(handle);
    require(context != nullptr, CUDA_ERROR_INVALID_CONTEXT, state().contexts.describe(handle));
    setCurrent(context);
  });
}

EMULATOR_EXPORT CUresult cuCtxGetCurrent(CUcontext* out) {
  return initialised("cuCtxGetCurrent", [&] {
    require(out != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    *out = top() ? top()->handle : nullptr;
  });
}

EMULATOR_EXPORT CUresult cuCtxGetDevice(CUdevice* out) {
  return inContext("cuCtxGetDevice", [&](Context& context) {
    require(out != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    *out = context.device->ordinal;
  });
}

EMULATOR_EXPORT CUresult cuCtxGetFlags(unsigned* out) {
  return inContext("cuCtxGetFlags", [&](Context& context) {
    require(out != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    *out = context.flags;
  });
}

EMULATOR_EXPORT CUresult cuCtxGetApiVersion(CUcontext handle, unsigned* out) {
  return initialised("cuCtxGetApiVersion", [&] {
    require(out != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    require(handle == nullptr || state().contexts.find(handle), CUDA_ERROR_INVALID_CONTEXT,
            state().contexts.describe(handle));
    *out = 3020;
  });
}

EMULATOR_EXPORT CUresult cuCtxSynchronize() {
  return inContext("cuCtxSynchronize", [&](Context& context) {
    for (const auto& ongoing : state().captures) {
      if (ongoing->graph->context != &context) continue;
      invalidate(*ongoing);
      throw Failure(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, "a stream of the context captures");
    }
    injectFault("sync", CUDA_ERROR_UNKNOWN);
    state().schedule.finishAll(&context);
  });
}

EMULATOR_EXPORT CUresult cuCtxGetStreamPriorityRange(int* least, int* greatest) {
  return inContext("cuCtxGetStreamPriorityRange", [&](Context&) {
    if (least != nullptr) *least = 0;
    if (greatest != nullptr) *greatest = -5;
  });
}

EMULATOR_EXPORT CUresult cuCtxGetLimit(std::size_t* value, int limit) {
  return inContext("cuCtxGetLimit", [&](Context&) {
    require(value != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    switch (limit) {
      case 0: *value = 1024; break;             // stack
      case 1: *value = std::size_t{1} << 20; break;  // printf buffer
      case 2: *value = std::size_t{8} << 20; break;  // malloc heap
      default: throw Failure(CUDA_ERROR_UNSUPPORTED_LIMIT, "limit " + std::to_string(limit));
    }
  });
}

}  // extern "C"
