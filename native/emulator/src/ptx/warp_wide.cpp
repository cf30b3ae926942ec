// Instructions in which the lanes of a warp exchange values: PTX ISA 9.7.9.6 (shfl.sync) and 9.7.13 (vote, match, redux, activemask,
// bar.warp.sync). The scheduler runs the .sync ones once all lanes of the member mask are there.

#include <algorithm>

#include "ptx/lanes.hpp"

namespace emulator::ptx {
namespace {

/** Lanes with one and the same member mask (row e) act as one group. */
template <class F>
void eachGroup(Warp& warp, const Op& op, Lanes lanes, F f) {
  const Lanes* members = warp.in<Lanes>(op.e);
  while (lanes != 0) {
    const Lanes mask = members[std::countr_zero(lanes)];
    Lanes group = 0;
    eachLane(lanes, [&](int i) { group |= members[i] == mask ? 1U << i : 0; });
    f(group);
    lanes &= ~group;
  }
}

enum Shuffle : std::uint8_t { kUp, kDown, kButterfly, kIndex };

/** The source lane; in is false if it lies outside of the lane's segment (the lane then keeps its own value). */
int sourceLane(Shuffle mode, int lane, std::uint32_t b, std::uint32_t c, bool& in) {
  const int by = static_cast<int>(b & 31);
  const int clamp = static_cast<int>(c & 31);
  const int segment = static_cast<int>(c >> 8 & 31);
  const int last = (lane & segment) | (clamp & ~segment);
  const int first = lane & segment;
  int from = 0;
  switch (mode) {
    case kUp: from = lane - by; in = from >= last; break;
    case kDown: from = lane + by; in = from <= last; break;
    case kButterfly: from = lane ^ by; in = from <= last; break;
    default: from = first | (by & ~segment); in = from <= last; break;
  }
  return in ? from : lane;
}

void shuffle(Warp& warp, const Op& op, Lanes lanes) {
  const std::uint32_t* a = warp.in<std::uint32_t>(op.a);
  const std::uint32_t* b = warp.in<std::uint32_t>(op.b);
  const std::uint32_t* c = warp.in<std::uint32_t>(op.c);
  std::uint32_t values[kWarp] = {};
  Lanes inside = 0;
  eachGroup(warp, op, lanes, [&](Lanes group) {
    eachLane(group, [&](int i) {
      bool in = false;
      const int from = sourceLane(static_cast<Shuffle>(op.n), i, b[i], c[i], in);
      if ((group >> from & 1) == 0) {
        throw LaneFault{kLaunchFailed, i, "shuffle from lane " + std::to_string(from) + ", which is not in the member mask"};
      }
      values[i] = a[from];
      inside |= static_cast<Lanes>(in) << i;
    });
  });
  warp.put(op.d, values, lanes);
  if (op.p >= 0) {
    Lanes& to = warp.predicates[op.p];
    to = (to & ~lanes) | (inside & lanes);
  }
}

enum Vote : std::uint8_t { kAll, kAny, kUni, kBallot };

void vote(Warp& warp, const Op& op, Lanes lanes) {
  const Lanes holds = op.negated ? ~warp.predicates[op.p] : warp.predicates[op.p];
  std::uint32_t values[kWarp] = {};
  eachGroup(warp, op, lanes, [&](Lanes group) {
    const Lanes yes = holds & group;
    const bool all = yes == group;
    const bool result = op.n == kAll ? all : op.n == kAny ? yes != 0 : all || yes == 0;
    if (op.n == kBallot) {
      eachLane(group, [&](int i) { values[i] = yes; });
    } else {
      Lanes& to = warp.predicates[op.d];
      to = result ? to | group : to & ~group;
    }
  });
  if (op.n == kBallot) {
    warp.put(op.d, values, lanes);
  }
}

template <class T, bool All>
void match(Warp& warp, const Op& op, Lanes lanes) {
  const T* a = warp.in<T>(op.a);
  std::uint32_t values[kWarp] = {};
  Lanes matched = 0;
  eachGroup(warp, op, lanes, [&](Lanes group) {
    eachLane(group, [&](int i) {
      eachLane(group, [&](int j) { values[i] |= a[i] == a[j] ? 1U << j : 0; });
    });
    if (All) {
      const bool same = values[std::countr_zero(group)] == group;
      matched |= same ? group : 0;
      eachLane(group, [&](int i) { values[i] = same ? group : 0; });
    }
  });
  warp.put(op.d, values, lanes);
  if (op.p >= 0) {
    Lanes& to = warp.predicates[op.p];
    to = (to & ~lanes) | (matched & lanes);
  }
}

enum Redux : std::uint8_t { kAdd, kMin, kMax, kAnd, kOr, kXor };

template <class T>
void reduce(Warp& warp, const Op& op, Lanes lanes) {
  const T* a = warp.in<T>(op.a);
  T values[kWarp] = {};
  eachGroup(warp, op, lanes, [&](Lanes group) {
    T result = a[std::countr_zero(group)];
    eachLane(group & (group - 1), [&](int i) {
      switch (op.n) {
        case kAdd: result = static_cast<T>(static_cast<std::uint32_t>(result) + static_cast<std::uint32_t>(a[i])); break;
        case kMin: result = std::min(result, a[i]); break;
        case kMax: result = std::max(result, a[i]); break;
        case kAnd: result &= a[i]; break;
        case kOr: result |= a[i]; break;
        default: result ^= a[i]; break;
      }
    });
    eachLane(group, [&](int i) { values[i] = result; });
  });
  warp.put(op.d, values, lanes);
}

void activeMask(Warp& warp, const Op& op, Lanes lanes) {
  std::uint32_t values[kWarp];
  std::fill(values, values + kWarp, lanes);
  warp.put(op.d, values, lanes);
}

void requireSync(Instruction& instruction, Op& op) {
  if (!instruction.take("sync")) {
    instruction.refuse("needs .sync");
  }
  op.kind = Op::Kind::kConverge;
}

void decodeShuffle(Instruction& instruction, Op& op) {
  requireSync(instruction, op);
  const int mode = instruction.takeOne({"up", "down", "bfly", "idx"});
  if (mode < 0) {
    instruction.refuse("needs a mode");
  }
  instruction.takeType({Type::kB32});
  instruction.expectOperands(5, 5);
  op.run = shuffle;
  op.n = static_cast<std::uint8_t>(mode);
  op.d = instruction.target(0, Type::kB32);
  op.p = instruction.operand(0).second.empty() ? std::int16_t{-1} : instruction.predicate(instruction.operand(0).second);
  op.a = instruction.source(1, Type::kB32);
  op.b = instruction.source(2, Type::kB32);
  op.c = instruction.source(3, Type::kB32);
  op.e = instruction.source(4, Type::kB32);
}

void decodeVote(Instruction& instruction, Op& op) {
  requireSync(instruction, op);
  const int mode = instruction.takeOne({"all", "any", "uni", "ballot"});
  if (mode < 0) {
    instruction.refuse("needs a mode");
  }
  instruction.takeType({mode == kBallot ? Type::kB32 : Type::kPred});
  instruction.expectOperands(3, 3);
  op.run = vote;
  op.n = static_cast<std::uint8_t>(mode);
  op.d = mode == kBallot ? instruction.target(0, Type::kB32) : instruction.predicate(instruction.operand(0).name);
  op.p = instruction.predicate(instruction.operand(1).name);
  op.negated = instruction.operand(1).negated;
  op.e = instruction.source(2, Type::kB32);
}

void decodeMatch(Instruction& instruction, Op& op) {
  requireSync(instruction, op);
  const bool all = instruction.take("all");
  if (!all && !instruction.take("any")) {
    instruction.refuse("needs .any or .all");
  }
  const Type type = instruction.takeType({Type::kB32, Type::kB64});
  if (type == Type::kB32) {
    op.run = all ? match<std::uint32_t, true> : match<std::uint32_t, false>;
  } else {
    op.run = all ? match<std::uint64_t, true> : match<std::uint64_t, false>;
  }
  instruction.expectOperands(3, 3);
  op.d = instruction.target(0, Type::kB32);
  op.p = instruction.operand(0).second.empty() ? std::int16_t{-1} : instruction.predicate(instruction.operand(0).second);
  op.a = instruction.source(1, type);
  op.e = instruction.source(2, Type::kB32);
}

void decodeRedux(Instruction& instruction, Op& op) {
  requireSync(instruction, op);
  const int kind = instruction.takeOne({"add", "min", "max", "and", "or", "xor"});
  if (kind < 0) {
    instruction.refuse("needs an operation");
  }
  const Type type = instruction.takeType({Type::kU32, Type::kS32, Type::kB32});
  if ((kind >= kAnd) != (type == Type::kB32)) {
    instruction.refuse("a type that the operation does not have");
  }
  op.run = type == Type::kS32 ? reduce<std::int32_t> : reduce<std::uint32_t>;
  op.n = static_cast<std::uint8_t>(kind);
  instruction.expectOperands(3, 3);
  op.d = instruction.target(0, type);
  op.a = instruction.source(1, type);
  op.e = instruction.source(2, Type::kB32);
}

}  // namespace

void addWarpWide(OpcodeTable& table) {
  table["shfl"] = decodeShuffle;
  table["vote"] = decodeVote;
  table["match"] = decodeMatch;
  table["redux"] = decodeRedux;
  table["activemask"] = [](Instruction& instruction, Op& op) {
    instruction.takeType({Type::kB32});
    instruction.expectOperands(1, 1);
    op.run = activeMask;
    op.d = instruction.target(0, Type::kB32);
  };
  const auto barWarp = [](Instruction& instruction, Op& op) {
    instruction.take("warp");
    requireSync(instruction, op);
    instruction.expectOperands(1, 1);
    op.e = instruction.source(0, Type::kB32);
    op.run = [](Warp&, const Op&, Lanes) {};
  };
  table["bar"] = barWarp;
  table["barrier"] = barWarp;
}

}  // namespace emulator::ptx
