// Kernel launches and how many blocks fit a multiprocessor.
#include <algorithm>
#include <cstring>

#include "driver/call.hpp"
#include "driver/record.hpp"

using namespace driver;

namespace {

using emulator::Extent;

std::string text(const Extent& e) {
  return std::to_string(e.x) + "," + std::to_string(e.y) + "," + std::to_string(e.z);
}

// Refuses shapes that the device does not have (CUDA C programming guide, compute capabilities).
void checkShape(const Context& context, const Function& function, const Extent& grid, const Extent& block,
                unsigned shared) {
  const Limits& l = context.device->limits;
  const std::string& name = function.kernel->name;
  const auto each = [&](bool good, const char* what, const Extent& e) {
    require(good, CUDA_ERROR_INVALID_VALUE, name + ": " + what + " is " + text(e));
  };
  const auto yz = static_cast<std::uint32_t>(l.gridYZ);
  const auto xy = static_cast<std::uint32_t>(l.blockXY);
  each(grid.x > 0 && grid.y > 0 && grid.z > 0, "the grid", grid);
  each(block.x > 0 && block.y > 0 && block.z > 0, "the block", block);
  each(grid.x <= static_cast<std::uint64_t>(l.gridX) && grid.y <= yz && grid.z <= yz, "the grid", grid);
  each(block.x <= xy && block.y <= xy && block.z <= static_cast<std::uint32_t>(l.blockZ), "the block", block);
  const std::uint64_t threads = std::uint64_t{block.x} * block.y * block.z;
  each(threads <= static_cast<std::uint64_t>(l.threadsPerBlock), "the block", block);
  require(threads <= function.kernel->maxThreads, CUDA_ERROR_INVALID_VALUE,
          name + ": " + std::to_string(threads) + " threads, and its launch bound is " +
              std::to_string(function.kernel->maxThreads));
  require(shared <= static_cast<unsigned>(function.dynamicShared), CUDA_ERROR_INVALID_VALUE,
          name + ": " + std::to_string(shared) + " bytes of dynamic shared memory, and the function is set to " +
              std::to_string(function.dynamicShared) + "; raise it with cuFuncSetAttribute");
}

// "extra" is a list of keys and values: 1, buffer, 2, size, 0.
std::vector<std::byte> packed(const emulator::Kernel& kernel, void** extra) {
  const std::byte* buffer = nullptr;
  std::size_t bytes = 0;
  for (; *extra != nullptr; extra += 2) {
    const auto key = reinterpret_cast<std::uintptr_t>(extra[0]);
    if (key == 1) buffer = static_cast<const std::byte*>(extra[1]);
    else if (key == 2 && extra[1] != nullptr) std::memcpy(&bytes, extra[1], sizeof bytes);
    else throw Failure(CUDA_ERROR_INVALID_VALUE, kernel.name + ": unknown key in extra");
  }
  require(buffer != nullptr && bytes == kernel.parameterBytes, CUDA_ERROR_INVALID_VALUE,
          kernel.name + ": a parameter buffer of " + std::to_string(bytes) + " bytes, and the kernel takes " +
              std::to_string(kernel.parameterBytes));
  return {buffer, buffer + bytes};
}

std::vector<std::byte> parameters(const emulator::Kernel& kernel, void** each, void** extra) {
  if (each == nullptr && extra != nullptr) return packed(kernel, extra);
  require(extra == nullptr, CUDA_ERROR_INVALID_VALUE, kernel.name + ": parameters given twice");
  require(each != nullptr || kernel.parameters.empty(), CUDA_ERROR_INVALID_VALUE, kernel.name + ": no parameters given");
  std::vector<std::byte> result(kernel.parameterBytes);
  for (std::size_t i = 0; i < kernel.parameters.size(); ++i) {
    const emulator::Parameter& p = kernel.parameters[i];
    require(each[i] != nullptr, CUDA_ERROR_INVALID_VALUE,
            kernel.name + ": parameter " + std::to_string(i) + " of " + std::to_string(kernel.parameters.size()) +
                " is null");
    std::memcpy(result.data() + p.offset, each[i], p.bytes);
  }
  return result;
}

std::uint64_t orderSeed() {
  static std::uint64_t launches = 0;
  // Every launch has an order of its own; seed 0 keeps the natural order.
  return config().seed == 0 ? 0 : config().seed * 0x9E3779B97F4A7C15u + ++launches;
}

Task launch(Context& context, std::shared_ptr<Function> function, Extent grid, Extent block, unsigned shared,
            std::vector<std::byte> arguments) {
  emulator::Memory* memory = &context.memory();
  return {"kernel " + function->kernel->name, [=] {
            emulator::Options options;
            options.seed = orderSeed();
            options.perturb = config().perturb;
            options.races = config().races;
            options.limit = config().limit;
            const emulator::Kernel& kernel = *function->kernel;
            const auto s = emulator::run(*function->module->code, kernel, grid, block, shared, arguments.data(),
                                         *memory, options);
            record().done("launch", kernel.name, s.globalBytesRead + s.globalBytesWritten, s.threadInstructions,
                          "grid=" + text(grid) + " block=" + text(block) + " shared=" + std::to_string(shared) +
                              " instructions=" + std::to_string(s.threadInstructions) +
                              " read=" + std::to_string(s.globalBytesRead) +
                              " written=" + std::to_string(s.globalBytesWritten) +
                              " sectors=" + std::to_string(s.globalSectors) +
                              " atomics=" + std::to_string(s.atomics) + " barriers=" + std::to_string(s.barriers));
          }};
}

std::shared_ptr<Function> functionAt(const Context& context, CUfunction handle) {
  auto function = state().functions.at(handle);
  require(function->module->context == &context, CUDA_ERROR_INVALID_HANDLE,
          "function: its module belongs to another context");
  return function;
}

// Blocks of this shape that a multiprocessor holds at once; registers are not known, so they do not limit.
int resident(const Context& context, const Function& function, int threads, std::size_t shared) {
  const Limits& l = context.device->limits;
  require(threads > 0, CUDA_ERROR_INVALID_VALUE, "the block has " + std::to_string(threads) + " threads");
  if (threads > l.threadsPerBlock || threads > static_cast<int>(function.kernel->maxThreads)) return 0;
  const std::size_t used = shared + function.kernel->staticSharedBytes + (config().major >= 8 ? 1024u : 0u);
  const int warps = (threads + 31) / 32;
  const int byThreads = l.threadsPerMultiprocessor / (32 * warps);
  const int byShared = used == 0 ? l.blocksPerMultiprocessor
                                 : static_cast<int>(static_cast<std::size_t>(l.sharedPerMultiprocessor) / used);
  return std::min({l.blocksPerMultiprocessor, byThreads, byShared});
}

}  // namespace

extern "C" {

EMULATOR_EXPORT CUresult cuLaunchKernel(CUfunction handle, unsigned gridX, unsigned gridY, unsigned gridZ,
                                        unsigned blockX, unsigned blockY, unsigned blockZ, unsigned shared,
                                        CUstream stream, void** each, void** extra) {
  return inContext("cuLaunchKernel", [&](Context& context) {
    const auto function = functionAt(context, handle);
    const auto into = state().stream(context, stream);
    const Extent grid{gridX, gridY, gridZ};
    const Extent block{blockX, blockY, blockZ};
    checkShape(context, *function, grid, block, shared);
    Task task = launch(context, function, grid, block, shared, parameters(*function->kernel, each, extra));
    injectFault("launch", CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES, task);
    submit(*into, std::move(task));
  });
}

EMULATOR_EXPORT CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, CUfunction handle, int threads,
                                                                     std::size_t shared) {
  return inContext("cuOccupancyMaxActiveBlocksPerMultiprocessor", [&](Context& context) {
    require(blocks != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    *blocks = resident(context, *functionAt(context, handle), threads, shared);
  });
}

EMULATOR_EXPORT CUresult cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int* blocks, CUfunction handle,
                                                                              int threads, std::size_t shared,
                                                                              unsigned flags) {
  return inContext("cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags", [&](Context& context) {
    require(blocks != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    require(flags <= 1, CUDA_ERROR_INVALID_VALUE, "unknown flags " + std::to_string(flags));
    *blocks = resident(context, *functionAt(context, handle), threads, shared);
  });
}

}  // extern "C"
