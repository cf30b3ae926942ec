#include "driver/state.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <unistd.h>

#include "driver/record.hpp"

namespace driver {
namespace {

// Above every address of the host's user space and of the devices.
constexpr std::uint64_t kFirstHandle = std::uint64_t{0xC07A} << 48;
std::uint64_t lastHandle = kFirstHandle;

std::string leaks() {
  std::string text;
  for (const auto& device : state().devices) {
    for (const auto& block : device->memory->live()) {
      text += "  device " + std::to_string(device->ordinal) + " allocation #" + std::to_string(block.serial) + ": " +
              std::to_string(block.bytes) + " bytes\n";
    }
  }
  for (const auto& [address, block] : state().pinned) {
    text += "  pinned host block: " + std::to_string(block.bytes) + " bytes\n";
  }
  return text;
}

// The leak report at exit.
void atExit() {
  const std::string& wanted = config().leaks;
  if (wanted.empty()) return;
  const std::string text = leaks();
  if (text.empty()) return;
  std::fprintf(stderr, "emulated CUDA driver: never freed:\n%s", text.c_str());
  if (wanted == "fail") _exit(86);
}

}  // namespace

std::uint64_t nextHandle() {
  lastHandle += 16;
  return lastHandle;
}

bool everHandle(std::uint64_t number) {
  return number > kFirstHandle && number <= lastHandle && number % 16 == 0;
}

State& state() {
  static State& d = *new State;  // threads may still call while the process ends
  return d;
}

std::vector<std::shared_ptr<Context>>& currentStack() {
  thread_local std::vector<std::shared_ptr<Context>> stack;
  return stack;
}

State::State() : schedule([this](Op& op, std::exception_ptr error) { onFault(op, error); }) {}

void State::start() {
  if (initialised) return;
  schedule.reseed(config().seed);
  for (int i = 0; i < config().devices; ++i) {
    const auto device = std::make_shared<Device>();
    device->ordinal = i;
    device->limits = limitsOf(config().major, config().minor);
    const auto own = static_cast<std::uint64_t>(i);
    // Devices lie 16 TiB apart: an address of one is never one of another.
    const std::uint64_t base = std::max(emulator::Memory::kBase + (own << 44), bases_[i]);
    device->memory = std::make_unique<emulator::Memory>(config().memory, config().seed + own, base);
    devices.push_back(device);
  }
  initialised = true;
  static const bool registered = std::atexit(atExit) == 0;
  require(registered, CUDA_ERROR_OPERATING_SYSTEM, "atexit failed");
}

Device& State::device(CUdevice ordinal) {
  require(ordinal >= 0 && static_cast<std::size_t>(ordinal) < devices.size(), CUDA_ERROR_INVALID_DEVICE,
          "no device " + std::to_string(ordinal) + "; there are " + std::to_string(devices.size()));
  return *devices[static_cast<std::size_t>(ordinal)];
}

std::shared_ptr<Context> State::create(const std::shared_ptr<Device>& device, unsigned flags, bool primary) {
  const auto context = std::make_shared<Context>();
  context->device = device;
  context->flags = flags;
  context->primary = primary;
  context->legacy = std::make_shared<Stream>();
  context->legacy->context = context.get();
  context->legacy->legacy = true;
  context->handle = contexts.add(context);
  return context;
}

void State::destroy(const std::shared_ptr<Context>& context) {
  // Work that is still queued runs, as on a device that is synchronised first; a failed context has none.
  schedule.finishAll(context.get());
  context->destroyed = true;
  const auto here = [&](const auto& object) { return object.context == context.get(); };
  std::erase_if(captures, [&](const auto& c) { return c->graph->context == context.get(); });
  executables.removeIf(here);
  graphs.removeIf(here);
  events.removeIf(here);
  streams.removeIf(here);
  functions.removeIf([&](const Function& f) { return f.module->context == context.get(); });
  modules.removeIf(here);
  for (const std::uint64_t address : context->blocks) context->memory().free(address);
  context->blocks.clear();
  std::erase_if(pinned, [&](const auto& entry) {
    if (entry.second.context != context.get()) return false;
    if (!entry.second.registered) std::free(reinterpret_cast<void*>(entry.first));
    return true;
  });
  contexts.remove(context->handle);
}

std::shared_ptr<Stream> State::stream(Context& context, CUstream handle) {
  const std::uint64_t number = Handles<Stream, CUstream>::number(handle);
  if (number <= 1) return context.legacy;
  if (number == 2) {
    auto& own = context.perThread[std::this_thread::get_id()];
    if (!own) {
      own = std::make_shared<Stream>();
      own->context = &context;
      own->handle = handle;
    }
    return own;
  }
  auto found = streams.at(handle);
  require(found->context == &context, CUDA_ERROR_INVALID_HANDLE, "stream: it belongs to another context");
  return found;
}

std::vector<Stream*> State::streamsOf(const Context& context) {
  std::vector<Stream*> result{context.legacy.get()};
  for (const auto& [thread, stream] : context.perThread) result.push_back(stream.get());
  for (const auto& [handle, stream] : streams.live()) {
    if (stream->context == &context) result.push_back(stream.get());
  }
  return result;
}

const Pinned* State::pinnedAt(const void* address, std::size_t bytes) const {
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  auto after = pinned.upper_bound(at);
  if (after == pinned.begin()) return nullptr;
  const auto& [first, block] = *std::prev(after);
  return at - first <= block.bytes && bytes <= block.bytes - (at - first) ? &block : nullptr;
}

void State::reset() {
  const auto all = contexts.live();
  for (const auto& [handle, context] : all) {
    schedule.discard(context.get());
    destroy(context);
  }
  for (const auto& device : devices) {
    device->primary.reset();
    device->retained = 0;
    bases_[device->ordinal] = device->memory->end();
  }
  devices.clear();
  initialised = false;
  lastError.clear();
}

void State::onFault(Op& op, std::exception_ptr error) {
  Context& context = *op.context;
  try {
    std::rethrow_exception(error);
  } catch (const emulator::Fault& fault) {
    context.sticky = static_cast<CUresult>(fault.code());
    const std::string why = fault.what();
    context.stickyWhy = why.starts_with(op.what) ? why : op.what + ": " + why;
  } catch (const std::exception& other) {
    context.sticky = CUDA_ERROR_LAUNCH_FAILED;
    context.stickyWhy = op.what + ": " + other.what();
  }
  record().report(context.stickyWhy);
  schedule.discard(&context);
}

}  // namespace driver
