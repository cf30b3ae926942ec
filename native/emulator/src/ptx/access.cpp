#include "ptx/access.hpp"

#include <sstream>

namespace emulator::ptx {
namespace {

std::string hex(std::uint64_t value) {
  std::ostringstream out;
  out << "0x" << std::hex << value;
  return out.str();
}

const char* nameOf(Where where) {
  constexpr const char* kNames[] = {"global", "shared", "local", "param", "generic"};
  return kNames[static_cast<int>(where)];
}

[[noreturn]] void outOfBounds(Warp& warp, Where where, std::uint64_t at, std::size_t bytes, int lane) {
  std::string place;
  if (where == Where::kGlobal) {
    place = warp.launch->memory->describe(at, bytes);
  } else {
    const std::size_t size = where == Where::kShared  ? warp.launch->sharedBytes
                             : where == Where::kLocal ? warp.launch->kernel->localBytes
                                                      : warp.launch->kernel->parameterBytes;
    place = std::string(nameOf(where)) + " memory has " + std::to_string(size) + " bytes";
  }
  throw LaneFault{kIllegalAddress, lane,
                  std::string("illegal ") + nameOf(where) + " address: " + std::to_string(bytes) + " bytes at " + hex(at) + ", " + place};
}

[[noreturn]] void neverWritten(Warp& warp, Where where, std::uint64_t at, std::size_t bytes, int lane) {
  const std::string place = where == Where::kGlobal ? ", " + warp.launch->memory->describe(at, bytes) : "";
  throw LaneFault{kLaunchFailed, lane,
                  std::string("read of ") + nameOf(where) + " bytes never written: " + std::to_string(bytes) + " bytes at " + hex(at) + place};
}

bool allWritten(const std::uint8_t* written, std::size_t bytes) {
  std::uint8_t all = 1;
  for (std::size_t i = 0; i < bytes; i++) {
    all &= written[i];
  }
  return all == 1;
}

std::byte* reachLocal(Warp& warp, std::uint64_t at, std::size_t bytes, Touch touch, int lane) {
  const std::size_t size = warp.launch->kernel->localBytes;
  if (at > size || size - at < bytes) {
    outOfBounds(warp, Where::kLocal, at, bytes, lane);
  }
  const std::size_t offset = static_cast<std::size_t>(lane) * size + at;
  if (touch != Touch::kWrite && !allWritten(warp.localWritten + offset, bytes)) {
    neverWritten(warp, Where::kLocal, at, bytes, lane);
  }
  if (touch != Touch::kRead) {
    std::memset(warp.localWritten + offset, 1, bytes);
  }
  return warp.local + offset;
}

}  // namespace

Where takeWhere(Instruction& instruction) {
  if (instruction.take("global") || instruction.take("const")) {
    return Where::kGlobal;
  }
  if (instruction.take("shared") || instruction.take("shared::cta")) {
    return Where::kShared;
  }
  if (instruction.take("local")) {
    return Where::kLocal;
  }
  return instruction.take("param") || instruction.take("param::entry") || instruction.take("param::func") ? Where::kParam : Where::kGeneric;
}

void addresses(Warp& warp, const Op& op, std::uint64_t (&at)[kWarp]) {
  if (op.pWidth == 8) {
    const std::uint64_t* base = warp.in<std::uint64_t>(op.e);
    for (int i = 0; i < kWarp; i++) {
      at[i] = base[i] + static_cast<std::uint64_t>(op.imm);
    }
  } else {
    const std::uint32_t* base = warp.in<std::uint32_t>(op.e);
    for (int i = 0; i < kWarp; i++) {
      at[i] = base[i] + static_cast<std::uint32_t>(op.imm);
    }
  }
}

Where classify(std::uint64_t& address) {
  switch (address >> 48) {
    case kSharedWindow >> 48: address -= kSharedWindow; return Where::kShared;
    case kLocalWindow >> 48: address -= kLocalWindow; return Where::kLocal;
    case kParamWindow >> 48: address -= kParamWindow; return Where::kParam;
    default: return Where::kGlobal;
  }
}

Block* holder(Warp& warp, const Op& op, Where where, std::uint64_t at, std::size_t bytes) {
  if (where == Where::kShared) {
    return warp.block->shared.contains(at, bytes) ? &warp.block->shared : nullptr;
  }
  Block*& recent = warp.launch->caches[op.cache];
  if (recent == nullptr || !recent->contains(at, bytes)) {
    recent = warp.launch->memory->find(at, bytes);
  }
  return recent;
}

void reportRace(Where where, std::uint64_t at, bool write, const Conflict& conflict, int lane) {
  std::string text = std::string(nameOf(where)) + " race at " + hex(at) + ": this " + (write ? "write" : "read") + " and a " +
                     (conflict.write ? "write" : "read") + " by ";
  if (conflict.otherBlock) {
    text += "another block of the launch have no order";
  } else {
    text += conflict.manyThreads ? "other threads of the block" : "thread " + std::to_string(conflict.thread) + " of the block";
    text += " have no barrier between them";
  }
  throw LaneFault{kLaunchFailed, lane, text};
}

std::byte* reach(Warp& warp, const Op& op, Where where, std::uint64_t at, std::size_t bytes, Touch touch, bool strong, int lane) {
  if (where == Where::kGeneric) {
    where = classify(at);
  }
  if (at % bytes != 0) {
    throw LaneFault{kMisalignedAddress, lane, std::string("misaligned ") + nameOf(where) + " address: " + hex(at) + " is no multiple of " + std::to_string(bytes)};
  }
  if (where == Where::kLocal) {
    return reachLocal(warp, at, bytes, touch, lane);
  }
  if (where == Where::kParam) {
    if (at >= kSlots) {
      return reachLocal(warp, at - kSlots, bytes, touch, lane);
    }
    if (touch != Touch::kRead || at + bytes > warp.launch->kernel->parameterBytes) {
      outOfBounds(warp, where, at, bytes, lane);
    }
    return const_cast<std::byte*>(warp.launch->parameters) + at;  // read only, as checked
  }
  Block* block = holder(warp, op, where, at, bytes);
  if (block == nullptr) {
    outOfBounds(warp, where, at, bytes, lane);
  }
  const std::size_t offset = at - block->address;
  if (touch != Touch::kWrite && !allWritten(block->written.get() + offset, bytes)) {
    neverWritten(warp, where, at, bytes, lane);
  }
  if (warp.launch->options.races) {
    const Accessor by = warp.accessor(lane, strong, where == Where::kShared);
    const Conflict conflict = touch == Touch::kRead ? block->races.read(offset, bytes, by) : block->races.write(offset, bytes, by);
    if (conflict.found) {
      reportRace(where, at, touch != Touch::kRead, conflict, lane);
    }
  }
  if (touch != Touch::kRead) {
    std::memset(block->written.get() + offset, 1, bytes);
  }
  return block->data.get() + offset;
}

}  // namespace emulator::ptx
