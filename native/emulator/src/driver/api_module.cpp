// Modules from PTX text, their functions and variables.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

#include "driver/call.hpp"
#include "driver/record.hpp"

using namespace driver;

namespace {

// The number after a directive at the start of a line: 88 for ".version 8.8", 90 for ".target sm_90a".
int directive(std::string_view ptx, std::string_view name) {
  for (std::size_t at = ptx.find(name); at != std::string_view::npos; at = ptx.find(name, at + 1)) {
    if (at != 0 && ptx[at - 1] != '\n') continue;
    int number = 0;
    for (std::size_t i = at + name.size(); i < ptx.size() && ptx[i] != '\n'; ++i) {
      const char c = ptx[i];
      if (c >= '0' && c <= '9') number = 10 * number + (c - '0');
      if (c == ',' || (c >= 'a' && c <= 'f' && number > 0)) break;
    }
    return number;
  }
  throw Failure(CUDA_ERROR_INVALID_PTX, "PTX without " + std::string(name));
}

// Refuses images that hold machine code: the emulator runs PTX only.
void refuseBinary(const void* image) {
  const auto* bytes = static_cast<const unsigned char*>(image);
  constexpr unsigned char elf[] = {0x7F, 'E', 'L', 'F'};
  constexpr unsigned char fat[] = {0x50, 0xED, 0x55, 0xBA};
  if (std::memcmp(bytes, elf, 4) == 0 || std::memcmp(bytes, fat, 4) == 0) {
    throw Failure(CUDA_ERROR_NO_BINARY_FOR_GPU, "a cubin or fat binary; the emulator runs PTX only");
  }
}

std::shared_ptr<Module> compile(Context& context, const void* image) {
  require(image != nullptr, CUDA_ERROR_INVALID_VALUE, "the image is null");
  injectFault("module", CUDA_ERROR_NO_BINARY_FOR_GPU);
  // Not read beyond the end of a shorter text.
  if (std::memchr(image, 0, 4) == nullptr) refuseBinary(image);
  const std::string_view ptx(static_cast<const char*>(image));
  require(ptx.find(".version") != std::string_view::npos, CUDA_ERROR_INVALID_IMAGE, "neither PTX nor a binary");
  const auto module = std::make_shared<Module>();
  module->context = &context;
  module->ptxVersion = directive(ptx, ".version");
  module->target = directive(ptx, ".target");
  require(module->ptxVersion <= config().ptxVersion, CUDA_ERROR_UNSUPPORTED_PTX_VERSION,
          "PTX " + std::to_string(module->ptxVersion) + ", and the driver knows up to " +
              std::to_string(config().ptxVersion) + " (in tenths)");
  const int device = 10 * config().major + config().minor;
  require(module->target <= device, CUDA_ERROR_INVALID_PTX,
          "PTX for sm_" + std::to_string(module->target) + " on a device of sm_" + std::to_string(device));
  module->code = std::make_unique<emulator::Module>(ptx, context.memory());
  return module;
}

void writeLog(unsigned count, int* options, void** values, int buffer, int size, const std::string& text) {
  char* to = nullptr;
  std::size_t room = 0;
  std::size_t sizeAt = count;
  for (unsigned i = 0; i < count; ++i) {
    if (options[i] == buffer) to = static_cast<char*>(values[i]);
    if (options[i] == size) {
      room = reinterpret_cast<std::uintptr_t>(values[i]) & 0xFFFFFFFFu;
      sizeAt = i;
    }
  }
  if (to == nullptr || room == 0) return;
  const std::size_t written = std::min(room - 1, text.size());
  std::memcpy(to, text.data(), written);
  to[written] = 0;
  // The driver returns how much it wrote in the place of the size.
  values[sizeAt] = reinterpret_cast<void*>(static_cast<std::uintptr_t>(written));
}

CUmodule load(Context& context, const void* image) {
  return state().modules.add(compile(context, image));
}

std::string textOfFile(const char* path) {
  require(path != nullptr, CUDA_ERROR_INVALID_VALUE, "the file name is null");
  std::ifstream file(path, std::ios::binary);
  require(file.good(), CUDA_ERROR_FILE_NOT_FOUND, std::string("cannot open ") + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::shared_ptr<Module> moduleAt(const Context& context, CUmodule handle) {
  auto module = state().modules.at(handle);
  require(module->context == &context, CUDA_ERROR_INVALID_HANDLE, "module: it belongs to another context");
  return module;
}

int attribute(const Function& function, int which) {
  const emulator::Kernel& kernel = *function.kernel;
  switch (which) {
    case FUNC_MAX_THREADS_PER_BLOCK:
      return std::min(static_cast<int>(kernel.maxThreads), function.module->context->device->limits.threadsPerBlock);
    case FUNC_SHARED_SIZE_BYTES: return static_cast<int>(kernel.staticSharedBytes);
    case FUNC_CONST_SIZE_BYTES: return 0;
    case FUNC_LOCAL_SIZE_BYTES: return static_cast<int>(kernel.localBytes);
    case FUNC_NUM_REGS: return static_cast<int>(std::min<std::uint32_t>(kernel.registers, 255));
    case FUNC_PTX_VERSION: return function.module->target;
    case FUNC_BINARY_VERSION: return 10 * config().major + config().minor;
    case FUNC_CACHE_MODE_CA: return 0;
    case FUNC_MAX_DYNAMIC_SHARED_SIZE_BYTES: return function.dynamicShared;
    case FUNC_PREFERRED_SHARED_MEMORY_CARVEOUT: return -1;
    default: throw Failure(CUDA_ERROR_INVALID_VALUE, "no function attribute " + std::to_string(which));
  }
}

}  // namespace

extern "C" {

EMULATOR_EXPORT CUresult cuModuleLoadData(CUmodule* out, const void* image) {
  return inContext("cuModuleLoadData", [&](Context& context) {
    require(out != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    *out = load(context, image);
  });
}

EMULATOR_EXPORT CUresult cuModuleLoadDataEx(CUmodule* out, const void* image, unsigned count, int* options,
                                            void** values) {
  return inContext("cuModuleLoadDataEx", [&](Context& context) {
    require(out != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    require(count == 0 || (options != nullptr && values != nullptr), CUDA_ERROR_INVALID_VALUE, "the options are null");
    try {
      *out = load(context, image);
      writeLog(count, options, values, JIT_INFO_LOG_BUFFER, JIT_INFO_LOG_BUFFER_SIZE, "");
      writeLog(count, options, values, JIT_ERROR_LOG_BUFFER, JIT_ERROR_LOG_BUFFER_SIZE, "");
    } catch (const std::exception& error) {
      writeLog(count, options, values, JIT_INFO_LOG_BUFFER, JIT_INFO_LOG_BUFFER_SIZE, "");
      writeLog(count, options, values, JIT_ERROR_LOG_BUFFER, JIT_ERROR_LOG_BUFFER_SIZE, error.what());
      throw;
    }
  });
}

EMULATOR_EXPORT CUresult cuModuleLoadFatBinary(CUmodule*, const void* image) {
  return inContext("cuModuleLoadFatBinary", [&](Context&) {
    require(image != nullptr, CUDA_ERROR_INVALID_VALUE, "the image is null");
    throw Failure(CUDA_ERROR_NO_BINARY_FOR_GPU, "a fat binary; the emulator runs PTX only");
  });
}

EMULATOR_EXPORT CUresult cuModuleLoad(CUmodule* out, const char* path) {
  return inContext("cuModuleLoad", [&](Context& context) {
    require(out != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    *out = load(context, textOfFile(path).c_str());
  });
}

// Waits for the context's work: a queued launch may be of this module.
EMULATOR_EXPORT CUresult cuModuleUnload(CUmodule handle) {
  return inContext("cuModuleUnload", [&](Context& context) {
    const auto module = moduleAt(context, handle);
    state().schedule.finishAll(&context);
    for (const auto& [name, function] : module->functions) state().functions.remove(function);
    state().modules.remove(handle);
  });
}

EMULATOR_EXPORT CUresult cuModuleGetFunction(CUfunction* out, CUmodule handle, const char* name) {
  return inContext("cuModuleGetFunction", [&](Context& context) {
    require(out != nullptr && name != nullptr, CUDA_ERROR_INVALID_VALUE, "a pointer is null");
    const auto module = moduleAt(context, handle);
    const auto known = module->functions.find(name);
    if (known != module->functions.end()) {
      *out = known->second;
      return;
    }
    const emulator::Kernel* kernel = module->code->kernel(name);
    require(kernel != nullptr, CUDA_ERROR_NOT_FOUND, std::string("the module has no kernel ") + name);
    const auto function = std::make_shared<Function>();
    function->module = module;
    function->kernel = kernel;
    function->dynamicShared =
        std::max(0, context.device->limits.sharedPerBlock - static_cast<int>(kernel->staticSharedBytes));
    *out = state().functions.add(function);
    module->functions[name] = *out;
  });
}

EMULATOR_EXPORT CUresult cuModuleGetGlobal_v2(CUdeviceptr* address, std::size_t* bytes, CUmodule handle,
                                              const char* name) {
  return inContext("cuModuleGetGlobal", [&](Context& context) {
    require(name != nullptr, CUDA_ERROR_INVALID_VALUE, "the name is null");
    const auto global = moduleAt(context, handle)->code->global(name);
    require(global.has_value(), CUDA_ERROR_NOT_FOUND, std::string("the module has no variable ") + name);
    if (address != nullptr) *address = global->address;
    if (bytes != nullptr) *bytes = global->bytes;
  });
}

EMULATOR_EXPORT CUresult cuFuncGetModule(CUmodule* out, CUfunction handle) {
  return inContext("cuFuncGetModule", [&](Context&) {
    require(out != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    const auto function = state().functions.at(handle);
    for (const auto& [number, module] : state().modules.live()) {
      if (module == function->module) *out = Handles<Module, CUmodule>::handle(number);
    }
  });
}

EMULATOR_EXPORT CUresult cuFuncGetAttribute(int* value, int which, CUfunction handle) {
  return inContext("cuFuncGetAttribute", [&](Context&) {
    require(value != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    *value = attribute(*state().functions.at(handle), which);
  });
}

EMULATOR_EXPORT CUresult cuFuncSetAttribute(CUfunction handle, int which, int value) {
  return inContext("cuFuncSetAttribute", [&](Context& context) {
    const auto function = state().functions.at(handle);
    switch (which) {
      case FUNC_MAX_DYNAMIC_SHARED_SIZE_BYTES: {
        const int room =
            context.device->limits.sharedPerBlockOptin - static_cast<int>(function->kernel->staticSharedBytes);
        require(value >= 0 && value <= room, CUDA_ERROR_INVALID_VALUE,
                "dynamic shared memory of " + std::to_string(value) + " bytes; there is room for " +
                    std::to_string(room));
        function->dynamicShared = value;
        return;
      }
      case FUNC_PREFERRED_SHARED_MEMORY_CARVEOUT:
        require(value >= -1 && value <= 100, CUDA_ERROR_INVALID_VALUE, "the carveout is a percentage");
        return;
      default: throw Failure(CUDA_ERROR_INVALID_VALUE, "cannot set function attribute " + std::to_string(which));
    }
  });
}

EMULATOR_EXPORT CUresult cuFuncSetCacheConfig(CUfunction handle, int preference) {
  return inContext("cuFuncSetCacheConfig", [&](Context&) {
    state().functions.at(handle);
    require(preference >= 0 && preference <= 3, CUDA_ERROR_INVALID_VALUE, "no such cache preference");
  });
}

}  // extern "C"
