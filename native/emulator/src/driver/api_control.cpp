// The emulator's own interface, for tests that configure it, count what ran, and read its reports.
#include <cstring>
#include <sstream>

#include "driver/call.hpp"
#include "driver/record.hpp"

using namespace driver;

namespace {

// Copies the text, cut at the capacity and ended by 0; returns its whole length without the 0.
long long give(const std::string& text, char* buffer, long long capacity) {
  if (buffer != nullptr && capacity > 0) {
    const std::size_t n = std::min(text.size(), static_cast<std::size_t>(capacity - 1));
    std::memcpy(buffer, text.data(), n);
    buffer[n] = 0;
  }
  return static_cast<long long>(text.size());
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

template <class Text>
long long answer(char* buffer, long long capacity, Text text) {
  const std::lock_guard<std::recursive_mutex> held(state().lock);
  return give(text(), buffer, capacity);
}

}  // namespace

extern "C" {

/** Sets a value of the configuration; 0, or 1 with emulatorLastError() saying what is wrong. */
EMULATOR_EXPORT int emulatorConfigure(const char* name, const char* value) {
  return anytime("emulatorConfigure", [&] {
    require(name != nullptr && value != nullptr, CUDA_ERROR_INVALID_VALUE, "the name or the value is null");
    configure(name, value);
    if (std::strcmp(name, "seed") == 0) state().schedule.reseed(config().seed);
  });
}

/** What ran since emulatorClear(), one line an operation; empty unless "record" is on. */
EMULATOR_EXPORT long long emulatorRecord(char* buffer, long long capacity) {
  return answer(buffer, capacity, [] { return joined(record().lines()); });
}

/** What ran since emulatorClear(), counted by kind and name. */
EMULATOR_EXPORT long long emulatorTotals(char* buffer, long long capacity) {
  return answer(buffer, capacity, [] { return joined(record().totals()); });
}

/** Faults and misuse since emulatorClear(): memory, race, divergence and initialisation reports. */
EMULATOR_EXPORT long long emulatorReports(char* buffer, long long capacity) {
  return answer(buffer, capacity, [] { return joined(record().reports()); });
}

/** How many operations of each kind were counted for fault injection, since "fault" was last set. */
EMULATOR_EXPORT long long emulatorCounts(char* buffer, long long capacity) {
  return answer(buffer, capacity, [] {
    std::vector<std::string> lines;
    for (const auto& [kind, count] : faults().counts()) lines.push_back(kind + " " + std::to_string(count));
    return joined(lines);
  });
}

/** Live device blocks and pinned host blocks that the program allocated. */
EMULATOR_EXPORT long long emulatorLive(char* buffer, long long capacity) {
  return answer(buffer, capacity, [] {
    std::vector<std::string> lines;
    for (const auto& [handle, context] : state().contexts.live()) {
      for (const std::uint64_t address : context->blocks) {
        const emulator::Block* block = context->memory().find(address, 1);
        lines.push_back("device " + std::to_string(context->device->ordinal) + " bytes=" +
                        std::to_string(block->bytes) + " allocation=" + std::to_string(block->serial));
      }
    }
    for (const auto& [address, block] : state().pinned) lines.push_back("host bytes=" + std::to_string(block.bytes));
    return joined(lines);
  });
}

/** Operations that are queued and have not run. */
EMULATOR_EXPORT long long emulatorQueued() {
  const std::lock_guard<std::recursive_mutex> held(state().lock);
  return static_cast<long long>(state().schedule.queued().size());
}

/** Why the last refused call was refused. */
EMULATOR_EXPORT long long emulatorLastError(char* buffer, long long capacity) {
  return answer(buffer, capacity, [] { return state().lastError; });
}

/** Forgets the record, the totals and the reports. */
EMULATOR_EXPORT void emulatorClear() {
  const std::lock_guard<std::recursive_mutex> held(state().lock);
  record().clear();
}

/** Back to before cuInit: contexts, memory and everything in them are gone; the settings stay. */
EMULATOR_EXPORT void emulatorReset() {
  const std::lock_guard<std::recursive_mutex> held(state().lock);
  state().reset();
  record().clear();
}

}  // extern "C"
