// Device memory and page-locked host memory: allocated, freed, asked about.
#include <cstdlib>
#include <cstring>

#include "driver/call.hpp"
#include "driver/record.hpp"

using namespace driver;

namespace {

std::uint64_t allocate(Context& context, std::size_t bytes) {
  const std::uint64_t address = context.memory().allocate(bytes);
  context.blocks.insert(address);
  record().done("alloc", "device", bytes, 0, "bytes=" + std::to_string(bytes));
  return address;
}

// The context whose program allocated the block that starts at the address.
Context& owner(std::uint64_t address, const Context& asked) {
  for (const auto& [handle, context] : state().contexts.live()) {
    if (context->blocks.contains(address)) return *context;
  }
  // Throws, and says what the address is.
  if (asked.memory().find(address, 1) != nullptr) {
    throw Failure(CUDA_ERROR_INVALID_VALUE, "free: the address is " + asked.memory().describe(address, 1));
  }
  asked.memory().free(address);
  throw Failure(CUDA_ERROR_INVALID_VALUE, "free: not allocated by the program");
}

void release(Context& context, std::uint64_t address) {
  context.memory().free(address);
  context.blocks.erase(address);
  record().done("free", "device", 0, 0, "");
}

void pin(Context& context, void* address, std::size_t bytes, unsigned flags, bool registered) {
  state().pinned[reinterpret_cast<std::uintptr_t>(address)] = {bytes, flags, registered, &context};
}

void* allocateHost(Context& context, std::size_t bytes, unsigned flags) {
  require(bytes > 0, CUDA_ERROR_INVALID_VALUE, "0 bytes");
  injectFault("host", CUDA_ERROR_OUT_OF_MEMORY);
  void* address = nullptr;
  const std::size_t page = 4096;
  require(posix_memalign(&address, page, bytes) == 0, CUDA_ERROR_OUT_OF_MEMORY, std::to_string(bytes) + " bytes");
  std::memset(address, 0xFF, bytes);  // nothing may rely on zeros
  pin(context, address, bytes, flags, false);
  record().done("alloc", "host", bytes, 0, "bytes=" + std::to_string(bytes));
  return address;
}

Context& deviceOf(CUdeviceptr address, emulator::Block*& block) {
  for (const auto& [handle, context] : state().contexts.live()) {
    block = context->memory().find(address, 1);
    if (block != nullptr && context->blocks.contains(block->address)) return *context;
  }
  for (const auto& [handle, context] : state().contexts.live()) {
    block = context->memory().find(address, 1);
    if (block != nullptr) return *context;  // a variable of a module
  }
  throw Failure(CUDA_ERROR_INVALID_VALUE, "not an address that the driver knows");
}

template <class T>
void put(void* out, T value) {
  std::memcpy(out, &value, sizeof value);
}

void hostAttribute(void* out, int which, const Pinned& block, std::uintptr_t first, std::uint64_t address) {
  switch (which) {
    case POINTER_CONTEXT: put(out, block.context->handle); return;
    case POINTER_MEMORY_TYPE: put(out, MEMORYTYPE_HOST); return;
    case POINTER_HOST_POINTER: put(out, address); return;
    case POINTER_IS_MANAGED: put(out, 0); return;
    case POINTER_DEVICE_ORDINAL: put(out, block.context->device->ordinal); return;
    case POINTER_RANGE_START_ADDR: put(out, first); return;
    case POINTER_RANGE_SIZE: put(out, block.bytes); return;
    case POINTER_MAPPED: put(out, 1); return;
    default: throw Failure(CUDA_ERROR_INVALID_VALUE, "not an attribute of host memory: " + std::to_string(which));
  }
}

void deviceAttribute(void* out, int which, const Context& context, const emulator::Block& block, CUdeviceptr address) {
  switch (which) {
    case POINTER_CONTEXT: put(out, context.handle); return;
    case POINTER_MEMORY_TYPE: put(out, MEMORYTYPE_DEVICE); return;
    case POINTER_DEVICE_POINTER: put(out, address); return;
    case POINTER_BUFFER_ID: put(out, static_cast<unsigned long long>(block.serial)); return;
    case POINTER_IS_MANAGED: put(out, 0); return;
    case POINTER_DEVICE_ORDINAL: put(out, context.device->ordinal); return;
    case POINTER_RANGE_START_ADDR: put(out, block.address); return;
    case POINTER_RANGE_SIZE: put(out, block.bytes); return;
    case POINTER_MAPPED: put(out, 1); return;
    default: throw Failure(CUDA_ERROR_INVALID_VALUE, "not an attribute of device memory: " + std::to_string(which));
  }
}

}  // namespace

extern "C" {

EMULATOR_EXPORT CUresult cuMemGetInfo_v2(std::size_t* free, std::size_t* total) {
  return inContext("cuMemGetInfo", [&](Context& context) {
    require(free != nullptr && total != nullptr, CUDA_ERROR_INVALID_VALUE, "a result pointer is null");
    *total = context.memory().capacity();
    *free = *total - context.memory().used();
  });
}

EMULATOR_EXPORT CUresult cuMemAlloc_v2(CUdeviceptr* out, std::size_t bytes) {
  return inContext("cuMemAlloc", [&](Context& context) {
    require(out != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    require(bytes > 0, CUDA_ERROR_INVALID_VALUE, "0 bytes");
    refuseInCapture("cuMemAlloc");
    injectFault("alloc", CUDA_ERROR_OUT_OF_MEMORY);
    *out = allocate(context, bytes);
  });
}

// Waits for all work of the context first, as the real driver does.
EMULATOR_EXPORT CUresult cuMemFree_v2(CUdeviceptr address) {
  return inContext("cuMemFree", [&](Context& context) {
    if (address == 0) return;
    refuseInCapture("cuMemFree");
    Context& holder = owner(address, context);
    state().schedule.finishAll(&holder);
    if (holder.sticky == CUDA_SUCCESS) release(holder, address);
  });
}

// The address is known at once; work in other streams must still be ordered behind this one.
EMULATOR_EXPORT CUresult cuMemAllocAsync(CUdeviceptr* out, std::size_t bytes, CUstream handle) {
  return inContext("cuMemAllocAsync", [&](Context& context) {
    require(out != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    require(bytes > 0, CUDA_ERROR_INVALID_VALUE, "0 bytes");
    require(!state().stream(context, handle)->capture, CUDA_ERROR_NOT_SUPPORTED,
            "the emulator does not capture allocations");
    injectFault("alloc", CUDA_ERROR_OUT_OF_MEMORY);
    *out = allocate(context, bytes);
  });
}

EMULATOR_EXPORT CUresult cuMemFreeAsync(CUdeviceptr address, CUstream handle) {
  return inContext("cuMemFreeAsync", [&](Context& context) {
    if (address == 0) return;
    const auto stream = state().stream(context, handle);
    require(!stream->capture, CUDA_ERROR_NOT_SUPPORTED, "the emulator does not capture frees");
    Context* holder = &owner(address, context);
    submit(*stream, {"cuMemFreeAsync", [holder, address] { release(*holder, address); }});
  });
}

EMULATOR_EXPORT CUresult cuMemGetAddressRange_v2(CUdeviceptr* base, std::size_t* bytes, CUdeviceptr address) {
  return inContext("cuMemGetAddressRange", [&](Context&) {
    emulator::Block* block = nullptr;
    deviceOf(address, block);
    if (base != nullptr) *base = block->address;
    if (bytes != nullptr) *bytes = block->bytes;
  });
}

EMULATOR_EXPORT CUresult cuMemAllocHost_v2(void** out, std::size_t bytes) {
  return inContext("cuMemAllocHost", [&](Context& context) {
    require(out != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    *out = allocateHost(context, bytes, 0);
  });
}

EMULATOR_EXPORT CUresult cuMemHostAlloc(void** out, std::size_t bytes, unsigned flags) {
  return inContext("cuMemHostAlloc", [&](Context& context) {
    require(out != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    require(flags <= 7, CUDA_ERROR_INVALID_VALUE, "unknown flags " + std::to_string(flags));
    *out = allocateHost(context, bytes, flags);
  });
}

EMULATOR_EXPORT CUresult cuMemFreeHost(void* address) {
  return inContext("cuMemFreeHost", [&](Context& context) {
    const auto found = state().pinned.find(reinterpret_cast<std::uintptr_t>(address));
    require(found != state().pinned.end() && !found->second.registered, CUDA_ERROR_INVALID_VALUE,
            "not the start of a live block of cuMemAllocHost or cuMemHostAlloc");
    state().schedule.finishAll(&context);
    state().pinned.erase(found);
    std::free(address);
    record().done("free", "host", 0, 0, "");
  });
}

EMULATOR_EXPORT CUresult cuMemHostRegister_v2(void* address, std::size_t bytes, unsigned flags) {
  return inContext("cuMemHostRegister", [&](Context& context) {
    require(address != nullptr && bytes > 0, CUDA_ERROR_INVALID_VALUE, "a null address or 0 bytes");
    require(flags <= 15, CUDA_ERROR_INVALID_VALUE, "unknown flags " + std::to_string(flags));
    const auto first = reinterpret_cast<std::uintptr_t>(address);
    for (const auto& [start, block] : state().pinned) {
      require(start + block.bytes <= first || first + bytes <= start, CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED,
              "the range overlaps pinned memory");
    }
    injectFault("host", CUDA_ERROR_OUT_OF_MEMORY);
    pin(context, address, bytes, flags, true);
  });
}

EMULATOR_EXPORT CUresult cuMemHostUnregister(void* address) {
  return inContext("cuMemHostUnregister", [&](Context& context) {
    const auto found = state().pinned.find(reinterpret_cast<std::uintptr_t>(address));
    require(found != state().pinned.end() && found->second.registered, CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED,
            "not the start of registered memory");
    state().schedule.finishAll(&context);
    state().pinned.erase(found);
  });
}

EMULATOR_EXPORT CUresult cuMemHostGetFlags(unsigned* flags, void* address) {
  return inContext("cuMemHostGetFlags", [&](Context&) {
    require(flags != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    const Pinned* block = state().pinnedAt(address, 1);
    require(block != nullptr, CUDA_ERROR_INVALID_VALUE, "not pinned memory");
    *flags = block->flags;
  });
}

EMULATOR_EXPORT CUresult cuPointerGetAttribute(void* out, int which, CUdeviceptr address) {
  return inContext("cuPointerGetAttribute", [&](Context&) {
    require(out != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    auto after = state().pinned.upper_bound(address);
    if (state().pinnedAt(reinterpret_cast<const void*>(address), 1) != nullptr) {
      hostAttribute(out, which, std::prev(after)->second, std::prev(after)->first, address);
      return;
    }
    emulator::Block* block = nullptr;
    const Context& context = deviceOf(address, block);
    deviceAttribute(out, which, context, *block, address);
  });
}

}  // extern "C"
