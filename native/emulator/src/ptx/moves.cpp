// mov, cvta, isspacep and what has no result: PTX ISA 9.7.9, 9.7.10, 9.7.13 (membar, fence), 10 (clocks).

#include "ptx/decoder.hpp"
#include "ptx/lanes.hpp"

namespace emulator::ptx {
namespace {

template <class T>
struct Copy {
  static T apply(T a) { return a; }
};

void movePredicate(Warp& warp, const Op& op, Lanes lanes) {
  Lanes& to = warp.predicates[op.d];
  const Lanes from = op.a >= 0 ? warp.predicates[op.a] : (op.imm != 0 ? kAllLanes : 0);
  to = (to & ~lanes) | ((op.negated ? ~from : from) & lanes);
}

/** mov.b64 {a, b}, d and its like: the parts are op.n of op.d, op.a, op.b, op.c; the whole is op.e. */
template <class Whole, class Part>
void split(Warp& warp, const Op& op, Lanes lanes) {
  const Whole* whole = warp.in<Whole>(op.e);
  const std::int32_t rows[] = {op.d, op.a, op.b, op.c};
  Part values[4][kWarp];  // all are read first: the whole may be one of the parts' registers only in part
  for (std::size_t k = 0; k < sizeof(Whole) / sizeof(Part); k++) {
    for (int i = 0; i < kWarp; i++) {
      values[k][i] = static_cast<Part>(whole[i] >> (8 * sizeof(Part) * k));
    }
  }
  for (std::size_t k = 0; k < sizeof(Whole) / sizeof(Part); k++) {
    warp.put(rows[k], values[k], lanes);
  }
}

template <class Whole, class Part>
void join(Warp& warp, const Op& op, Lanes lanes) {
  const std::int32_t rows[] = {op.d, op.a, op.b, op.c};
  Whole values[kWarp] = {};
  for (std::size_t k = 0; k < sizeof(Whole) / sizeof(Part); k++) {
    const Part* part = warp.in<Part>(rows[k]);
    for (int i = 0; i < kWarp; i++) {
      values[i] = static_cast<Whole>(values[i] | static_cast<Whole>(Whole{part[i]} << (8 * sizeof(Part) * k)));
    }
  }
  warp.put(op.e, values, lanes);
}

template <bool Split, class Whole, class Part>
constexpr Op::Run kPacked = Split ? Op::Run{split<Whole, Part>} : Op::Run{join<Whole, Part>};

template <bool Split>
void decodePacked(Instruction& instruction, Op& op, Type type) {
  const std::vector<Operand>& parts = instruction.operand(Split ? 0 : 1).parts;
  using U8 = std::uint8_t;
  using U16 = std::uint16_t;
  using U32 = std::uint32_t;
  using U64 = std::uint64_t;
  const std::size_t whole = bytesOf(type);
  Type part = Type::kB32;
  if (whole == 8 && parts.size() == 2) {
    op.run = kPacked<Split, U64, U32>;
  } else if (whole == 8 && parts.size() == 4) {
    op.run = kPacked<Split, U64, U16>;
    part = Type::kB16;
  } else if (whole == 4 && parts.size() == 2) {
    op.run = kPacked<Split, U32, U16>;
    part = Type::kB16;
  } else if (whole == 4 && parts.size() == 4) {
    op.run = kPacked<Split, U32, U8>;
    part = Type::kB8;
  } else if (whole == 2 && parts.size() == 2) {
    op.run = kPacked<Split, U16, U8>;
    part = Type::kB8;
  } else {
    instruction.refuse("a vector that the type does not have");
  }
  std::int32_t* rows[] = {&op.d, &op.a, &op.b, &op.c};
  for (std::size_t i = 0; i < parts.size(); i++) {
    *rows[i] = Split ? instruction.target(parts[i], part) : instruction.source(parts[i], part);
  }
  op.e = Split ? instruction.source(1, type) : instruction.target(0, type);
}

/** A clock that counts this warp's instructions: it grows, which is all that PTX says of it. */
template <class T>
void clock(Warp& warp, const Op& op, Lanes lanes) {
  T values[kWarp];
  std::fill(values, values + kWarp, static_cast<T>(warp.issued));
  warp.put(op.d, values, lanes);
}

Op::Run copyOf(Instruction& instruction, Type type) {
  switch (bytesOf(type)) {
    case 2: return unary<std::uint16_t, std::uint16_t, Copy<std::uint16_t>>;
    case 4: return unary<std::uint32_t, std::uint32_t, Copy<std::uint32_t>>;
    case 8: return unary<std::uint64_t, std::uint64_t, Copy<std::uint64_t>>;
    default: instruction.refuse("a type that the instruction does not have");
  }
}

void decodeMov(Instruction& instruction, Op& op) {
  const Type type = instruction.takeType();
  instruction.expectOperands(2, 2);
  const Operand& to = instruction.operand(0);
  const Operand& from = instruction.operand(1);
  if (type == Type::kPred) {
    op.run = movePredicate;
    op.d = instruction.predicate(to.name);
    op.negated = from.negated;
    op.a = from.kind == Operand::Kind::kName ? instruction.predicate(from.name) : -1;
    op.imm = static_cast<std::int64_t>(from.bits);
  } else if (to.kind == Operand::Kind::kVector) {
    decodePacked<true>(instruction, op, type);
  } else if (from.kind == Operand::Kind::kVector) {
    decodePacked<false>(instruction, op, type);
  } else if (from.name == "%clock" || from.name == "%clock_hi" || from.name == "%globaltimer_lo") {
    op.run = clock<std::uint32_t>;
    op.d = instruction.target(0, Type::kU32);
  } else if (from.name == "%clock64" || from.name == "%globaltimer") {
    op.run = clock<std::uint64_t>;
    op.d = instruction.target(0, Type::kU64);
  } else {
    op.run = copyOf(instruction, type);
    simpleOperands(instruction, op, type, 1);
  }
}

struct Window {
  std::string_view name;
  std::uint64_t start;
};
constexpr Window kWindows[] = {{"global", 0}, {"const", 0}, {"shared", kSharedWindow}, {"shared::cta", kSharedWindow},
                               {"local", kLocalWindow}, {"param", kParamWindow}};

std::uint64_t takeWindow(Instruction& instruction) {
  for (const Window& window : kWindows) {
    if (instruction.take(window.name)) {
      return window.start;
    }
  }
  instruction.refuse("needs a space");
}

struct Into { static std::uint64_t apply(std::uint64_t a, std::uint64_t start) { return a + start; } };
struct OutOf { static std::uint64_t apply(std::uint64_t a, std::uint64_t start) { return a - start; } };

void decodeCvta(Instruction& instruction, Op& op) {
  const bool to = instruction.take("to");
  const std::uint64_t start = takeWindow(instruction);
  instruction.takeType({Type::kU64});
  instruction.expectOperands(2, 2);
  op.run = to ? binary<std::uint64_t, std::uint64_t, OutOf> : binary<std::uint64_t, std::uint64_t, Into>;
  op.d = instruction.target(0, Type::kU64);
  op.a = instruction.source(1, Type::kU64);
  op.b = instruction.decoder().constant(8, start);
}

void isInSpace(Warp& warp, const Op& op, Lanes lanes) {
  const std::uint64_t* a = warp.in<std::uint64_t>(op.a);
  Lanes holds = 0;
  for (int i = 0; i < kWarp; i++) {
    const std::uint64_t window = a[i] >> 48;
    const std::uint64_t wanted = static_cast<std::uint64_t>(op.imm) >> 48;
    holds |= static_cast<Lanes>(wanted == 0 ? window <= 1 : window == wanted) << i;
  }
  Lanes& to = warp.predicates[op.d];
  to = (to & ~lanes) | (holds & lanes);
}

void nothing(Warp&, const Op&, Lanes) {}

/** Fences order memory; here every access is done in order, and the race reports know blocks, barriers and warps alone. */
void decodeFence(Instruction& instruction, Op& op) {
  instruction.expectOperands(0, 0);
  instruction.takeOne({"sc", "acq_rel"});
  if (instruction.takeOne({"gl", "cta", "sys", "gpu"}) < 0) {
    instruction.refuse("needs a scope");
  }
  op.run = nothing;
}

}  // namespace

void addMoves(OpcodeTable& table) {
  table["mov"] = decodeMov;
  table["cvta"] = decodeCvta;
  table["isspacep"] = [](Instruction& instruction, Op& op) {
    op.imm = static_cast<std::int64_t>(takeWindow(instruction));
    instruction.expectOperands(2, 2);
    op.run = isInSpace;
    op.d = instruction.predicate(instruction.operand(0).name);
    op.a = instruction.source(1, Type::kU64);
  };
  table["membar"] = decodeFence;
  table["fence"] = decodeFence;
  table["nanosleep"] = [](Instruction& instruction, Op& op) {
    instruction.takeType({Type::kU32});
    instruction.expectOperands(1, 1);
    op.a = instruction.source(0, Type::kU32);
    op.run = nothing;
  };
}

}  // namespace emulator::ptx
