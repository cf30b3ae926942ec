// ld and st, PTX ISA 9.7.9.8 and following. A warp that touches consecutive addresses, or one address, goes a fast way; all others
// go lane by lane through reach().

#include <algorithm>
#include <cstring>

#include "ptx/access.hpp"
#include "ptx/decoder.hpp"
#include "ptx/lanes.hpp"

namespace emulator::ptx {
namespace {

enum MemoryFlags : std::uint8_t { kStrong = 0x80, kWhere = 0x0F };

Where whereOf(const Op& op) { return static_cast<Where>(op.flags & kWhere); }

void count(Warp& warp, Lanes lanes, const std::uint64_t (&at)[kWarp], std::size_t bytes, bool write) {
  Statistics& statistics = warp.launch->statistics;
  (write ? statistics.globalBytesWritten : statistics.globalBytesRead) += bytes * static_cast<unsigned>(std::popcount(lanes));
  std::uint64_t last = UINT64_MAX;
  eachLane(lanes, [&](int i) {
    const std::uint64_t first = at[i] / 32;
    const std::uint64_t end = (at[i] + bytes - 1) / 32;
    statistics.globalSectors += end - first + (first == last ? 0 : 1);
    last = end;
  });
}

bool consecutive(const std::uint64_t (&at)[kWarp], std::size_t bytes) {
  std::uint64_t off = 0;
  for (std::size_t i = 0; i < kWarp; i++) {
    off |= at[i] - at[0] - i * bytes;
  }
  return off == 0;
}

bool allOnes(const std::uint8_t* written, std::size_t bytes) {  // a multiple of 32 bytes
  std::uint8_t all = 1;
  for (std::size_t i = 0; i < bytes; i++) {
    all &= written[i];
  }
  return all == 1;
}

/** Host bytes of a whole warp's consecutive access, checked and noted; null if the careful way has to be gone. */
template <bool Write>
std::byte* row(Warp& warp, const Op& op, Where where, std::uint64_t at, std::size_t bytes) {
  const std::size_t total = kWarp * bytes;
  Block* block = holder(warp, op, where, at, total);
  if (block == nullptr || at % bytes != 0) {
    return nullptr;
  }
  const std::size_t offset = at - block->address;
  if (!Write && !allOnes(block->written.get() + offset, total)) {
    return nullptr;
  }
  if (warp.launch->options.races) {
    if (bytes % 4 != 0 || (op.flags & kStrong) != 0) {
      return nullptr;
    }
    const Accessor by = warp.accessor(0, false, where == Where::kShared);
    const bool noted = Write ? block->races.writeRow(offset, total / 4, bytes / 4, by) : block->races.readRow(offset, total / 4, bytes / 4, by);
    if (!noted) {
      return nullptr;
    }
  }
  if (Write) {
    std::memset(block->written.get() + offset, 1, total);
  }
  if (where == Where::kGlobal) {
    Statistics& statistics = warp.launch->statistics;
    (Write ? statistics.globalBytesWritten : statistics.globalBytesRead) += total;
    statistics.globalSectors += (at + total - 1) / 32 - at / 32 + 1;
  }
  return block->data.get() + offset;
}

bool isWritten(const std::uint8_t* written, std::size_t bytes) {
  std::uint64_t marks = 0x0101010101010101;
  std::memcpy(&marks, written, std::min<std::size_t>(bytes, 8));
  std::uint64_t more = 0x0101010101010101;
  if (bytes == 16) {
    std::memcpy(&more, written + 8, 8);
  }
  return (marks & more) == 0x0101010101010101;
}

/**
 * The block that all lanes' accesses lie in, checked and noted; null if the careful way has to be gone, which then reports what is
 * wrong. Only races are reported here.
 */
template <bool Write>
Block* together(Warp& warp, const Op& op, Where where, const std::uint64_t (&at)[kWarp], Lanes lanes, std::size_t bytes) {
  std::uint64_t low = UINT64_MAX;
  std::uint64_t high = 0;
  std::uint64_t bits = 0;
  for (int i = 0; i < kWarp; i++) {
    const bool on = (lanes >> i & 1) != 0;
    low = on && at[i] < low ? at[i] : low;
    high = on && at[i] > high ? at[i] : high;
    bits |= on ? at[i] : 0;
  }
  Block* block = bits % bytes == 0 ? holder(warp, op, where, low, high - low + bytes) : nullptr;
  if (block == nullptr) {
    return nullptr;
  }
  if (!Write) {
    bool written = true;
    eachLane(lanes, [&](int i) { written &= isWritten(block->written.get() + (at[i] - block->address), bytes); });
    if (!written) {
      return nullptr;
    }
  }
  if (warp.launch->options.races) {
    const Accessor by = warp.accessor(0, (op.flags & kStrong) != 0, where == Where::kShared);
    int lane = 0;
    const Conflict conflict = Write ? block->races.writeLanes(at, block->address, lanes, bytes, by, lane)
                                    : block->races.readLanes(at, block->address, lanes, bytes, by, lane);
    if (conflict.found) {
      reportRace(where, at[lane], Write, conflict, lane);
    }
  }
  if (Write) {
    eachLane(lanes, [&](int i) { std::memset(block->written.get() + (at[i] - block->address), 1, bytes); });
  }
  return block;
}

template <class M, class R>
void spread(Warp& warp, const Op& op, Lanes lanes, const std::byte* bytes) {  // one address for all
  const std::int32_t rows[] = {op.d, op.a, op.b, op.c};
  for (std::size_t k = 0; k < op.n; k++) {
    M value;
    std::memcpy(&value, bytes + k * sizeof(M), sizeof(M));
    R values[kWarp];
    std::fill(values, values + kWarp, static_cast<R>(value));
    warp.put(rows[k], values, lanes);
  }
}

template <class M, class R>
void load(Warp& warp, const Op& op, Lanes lanes) {
  const Where where = whereOf(op);
  const std::size_t bytes = op.n * sizeof(M);
  const bool strong = (op.flags & kStrong) != 0;
  std::uint64_t at[kWarp];
  addresses(warp, op, at);
  const std::int32_t rows[] = {op.d, op.a, op.b, op.c};
  const bool inBlocks = where == Where::kGlobal || where == Where::kShared;
  if (lanes == kAllLanes && inBlocks && consecutive(at, bytes)) {
    if (const std::byte* from = row<false>(warp, op, where, at[0], bytes)) {
      for (std::size_t k = 0; k < op.n; k++) {
        R values[kWarp];
        for (std::size_t i = 0; i < kWarp; i++) {
          M value;
          std::memcpy(&value, from + (i * op.n + k) * sizeof(M), sizeof(M));
          values[i] = static_cast<R>(value);
        }
        std::memcpy(warp.out<R>(rows[k]), values, sizeof(values));
      }
      return;
    }
  }
  const int first = std::countr_zero(lanes);
  const int last = 31 - std::countl_zero(lanes);
  bool same = where != Where::kLocal && where != Where::kGeneric && (where != Where::kParam || at[first] < kSlots);
  for (int i = first; i <= last && same; i++) {
    same = at[i] == at[first] || (lanes >> i & 1) == 0;
  }
  if (where == Where::kGlobal) {
    count(warp, lanes, at, bytes, false);
  }
  if (same) {
    const std::byte* from = reach(warp, op, where, at[first], bytes, Touch::kRead, strong, first);
    if (last != first) {
      reach(warp, op, where, at[last], bytes, Touch::kRead, strong, last);
    }
    spread<M, R>(warp, op, lanes, from);
    return;
  }
  if (const Block* block = inBlocks ? together<false>(warp, op, where, at, lanes, bytes) : nullptr) {
    for (std::size_t k = 0; k < op.n; k++) {
      R* to = warp.out<R>(rows[k]);
      eachLane(lanes, [&](int i) {
        M value;
        std::memcpy(&value, block->data.get() + (at[i] - block->address) + k * sizeof(M), sizeof(M));
        to[i] = static_cast<R>(value);
      });
    }
    return;
  }
  eachLane(lanes, [&](int i) {
    const std::byte* from = reach(warp, op, where, at[i], bytes, Touch::kRead, strong, i);
    for (std::size_t k = 0; k < op.n; k++) {
      M value;
      std::memcpy(&value, from + k * sizeof(M), sizeof(M));
      warp.out<R>(rows[k])[i] = static_cast<R>(value);
    }
  });
}

template <class M, class R>
void store(Warp& warp, const Op& op, Lanes lanes) {
  const Where where = whereOf(op);
  const std::size_t bytes = op.n * sizeof(M);
  const bool strong = (op.flags & kStrong) != 0;
  std::uint64_t at[kWarp];
  addresses(warp, op, at);
  const std::int32_t rows[] = {op.d, op.a, op.b, op.c};
  const bool inBlocks = where == Where::kGlobal || where == Where::kShared;
  if (lanes == kAllLanes && inBlocks && consecutive(at, bytes)) {
    if (std::byte* to = row<true>(warp, op, where, at[0], bytes)) {
      for (std::size_t k = 0; k < op.n; k++) {
        const R* values = warp.in<R>(rows[k]);
        for (std::size_t i = 0; i < kWarp; i++) {
          const M value = static_cast<M>(values[i]);
          std::memcpy(to + (i * op.n + k) * sizeof(M), &value, sizeof(M));
        }
      }
      return;
    }
  }
  if (where == Where::kGlobal) {
    count(warp, lanes, at, bytes, true);
  }
  if (const Block* block = inBlocks ? together<true>(warp, op, where, at, lanes, bytes) : nullptr) {
    for (std::size_t k = 0; k < op.n; k++) {
      const R* from = warp.in<R>(rows[k]);
      eachLane(lanes, [&](int i) {
        const M value = static_cast<M>(from[i]);
        std::memcpy(block->data.get() + (at[i] - block->address) + k * sizeof(M), &value, sizeof(M));
      });
    }
    return;
  }
  eachLane(lanes, [&](int i) {
    std::byte* to = reach(warp, op, where, at[i], bytes, Touch::kWrite, strong, i);
    for (std::size_t k = 0; k < op.n; k++) {
      const M value = static_cast<M>(warp.in<R>(rows[k])[i]);
      std::memcpy(to + k * sizeof(M), &value, sizeof(M));
    }
  });
}

template <class M, bool Load, class R>
constexpr Op::Run kMove = Load ? Op::Run{load<M, R>} : Op::Run{store<M, R>};

template <class M, bool Load>
Op::Run forRegister(std::size_t bytes) {
  if constexpr (sizeof(M) <= 2) {
    if (bytes <= 2) {
      return kMove<M, Load, std::uint16_t>;
    }
  }
  if constexpr (sizeof(M) <= 4) {
    if (bytes <= 4) {
      return kMove<M, Load, std::uint32_t>;
    }
  }
  return kMove<M, Load, std::uint64_t>;
}

template <bool Load>
Op::Run mover(Instruction& instruction, Type type, std::size_t registerBytes) {
  switch (type) {
    case Type::kB8: case Type::kU8: return forRegister<std::uint8_t, Load>(registerBytes);
    case Type::kS8: return forRegister<std::int8_t, Load>(registerBytes);
    case Type::kS16: return forRegister<std::int16_t, Load>(registerBytes);
    case Type::kS32: return forRegister<std::int32_t, Load>(registerBytes);
    case Type::kPred: instruction.refuse("a type that the instruction does not have");
    default: break;
  }
  switch (bytesOf(type)) {
    case 2: return forRegister<std::uint16_t, Load>(registerBytes);
    case 4: return forRegister<std::uint32_t, Load>(registerBytes);
    default: return forRegister<std::uint64_t, Load>(registerBytes);
  }
}

/** Cache hints have no meaning here; ordering ones make the access a strong one. */
bool takeHints(Instruction& instruction) {
  bool strong = false;
  for (const std::string_view hint : {"nc", "ca", "cg", "cs", "lu", "cv", "wb", "wt", "weak", "L1::evict_normal", "L1::evict_unchanged",
                                      "L1::evict_first", "L1::evict_last", "L1::no_allocate", "L2::64B", "L2::128B", "L2::256B"}) {
    instruction.take(hint);
  }
  for (const std::string_view order : {"volatile", "relaxed", "acquire", "release"}) {
    strong |= instruction.take(order);
  }
  for (const std::string_view scope : {"cta", "gpu", "sys", "cluster"}) {
    strong |= instruction.take(scope);
  }
  return strong;
}

template <bool Load>
void decodeMemory(Instruction& instruction, Op& op) {
  const Where where = takeWhere(instruction);
  const bool strong = takeHints(instruction);
  const int vector = instruction.takeOne({"v2", "v4"});
  const Type type = instruction.takeType();
  instruction.expectOperands(2, 2);
  const Operand& values = instruction.operand(Load ? 0 : 1);
  const std::size_t count = vector < 0 ? 1 : vector == 0 ? 2 : 4;
  if ((vector >= 0) != (values.kind == Operand::Kind::kVector) || (vector >= 0 && values.parts.size() != count)) {
    instruction.refuse("the vector does not have the length that the instruction says");
  }
  if (count * bytesOf(type) > 16) {
    instruction.refuse("a vector of more than 16 bytes");
  }
  std::int32_t* rows[] = {&op.d, &op.a, &op.b, &op.c};
  std::size_t width = 0;
  for (std::size_t i = 0; i < count; i++) {
    const Operand& one = vector < 0 ? values : values.parts[i];
    std::size_t bytes = 0;
    *rows[i] = Load ? instruction.wideTarget(one, type, bytes) : instruction.wideSource(one, type, bytes);
    bytes = std::max<std::size_t>(bytes, 2);
    if (i > 0 && bytes != width) {
      instruction.refuse("registers of different widths in a vector");
    }
    width = bytes;
  }
  instruction.address(Load ? 1 : 0, op);
  op.n = static_cast<std::uint8_t>(count);
  op.flags = static_cast<std::uint8_t>(static_cast<std::uint8_t>(where) | (strong ? kStrong : 0));
  op.cache = instruction.decoder().newCache();
  op.run = mover<Load>(instruction, type, width);
}

}  // namespace

void addMemory(OpcodeTable& table) {
  table["ld"] = decodeMemory<true>;
  table["ldu"] = decodeMemory<true>;
  table["st"] = decodeMemory<false>;
  const auto hint = [](Instruction& instruction, Op& op) {  // prefetch: no effect that a program can see
    instruction.takeOne({"global", "local"});
    if (instruction.takeOne({"L1", "L2"}) < 0) {
      instruction.refuse("needs a cache");
    }
    instruction.expectOperands(1, 1);
    instruction.address(0, op);
    op.run = [](Warp&, const Op&, Lanes) {};
  };
  table["prefetch"] = hint;
}

}  // namespace emulator::ptx
