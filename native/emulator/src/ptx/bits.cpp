// Logic, shifts and bit fields: PTX ISA 9.7.1 (popc ... bfi), 9.7.8 (and ... lop3), 9.7.9.4 (prmt).

#include <bit>

#include "ptx/lanes.hpp"

namespace emulator::ptx {
namespace {

struct AndF { template <class T> static T of(T a, T b) { return a & b; } };
struct OrF { template <class T> static T of(T a, T b) { return a | b; } };
struct XorF { template <class T> static T of(T a, T b) { return a ^ b; } };

template <class F>
struct Logic {
  template <class T>
  struct Of {
    static T apply(T a, T b) { return static_cast<T>(F::of(a, b)); }
    static constexpr Op::Run run = binary<T, T, Of>;
  };
};

template <class F>
void logicPredicates(Warp& warp, const Op& op, Lanes lanes) {
  const Lanes a = warp.predicates[op.a];
  const Lanes b = op.negated ? ~warp.predicates[op.b] : warp.predicates[op.b];
  Lanes& to = warp.predicates[op.d];
  to = (to & ~lanes) | (F::of(a, b) & lanes);
}

void notPredicate(Warp& warp, const Op& op, Lanes lanes) {
  Lanes& to = warp.predicates[op.d];
  to = (to & ~lanes) | (~warp.predicates[op.a] & lanes);
}

template <class T> struct Not { static T apply(T a) { return static_cast<T>(~a); } static constexpr Op::Run run = unary<T, T, Not>; };
template <class T> struct Cnot { static T apply(T a) { return a == 0 ? T{1} : T{0}; } static constexpr Op::Run run = unary<T, T, Cnot>; };

/** The instance for the width of a type. */
template <template <class> class F>
Op::Run forBits(Instruction& instruction, Type type) {
  switch (type) {
    case Type::kB16: return F<std::uint16_t>::run;
    case Type::kB32: return F<std::uint32_t>::run;
    case Type::kB64: return F<std::uint64_t>::run;
    default: instruction.refuse("a type that the instruction does not have");
  }
}

template <class F>
void decodeLogic(Instruction& instruction, Op& op) {
  const Type type = instruction.takeType();
  if (type != Type::kPred) {
    op.run = forBits<Logic<F>::template Of>(instruction, type);
    simpleOperands(instruction, op, type, 2);
    return;
  }
  instruction.expectOperands(3, 3);
  op.run = logicPredicates<F>;
  op.d = instruction.predicate(instruction.operand(0).name);
  op.a = instruction.predicate(instruction.operand(1).name);
  op.b = instruction.predicate(instruction.operand(2).name);
  op.negated = instruction.operand(2).negated;
}

void decodeNot(Instruction& instruction, Op& op) {
  const Type type = instruction.takeType();
  if (type != Type::kPred) {
    op.run = forBits<Not>(instruction, type);
    simpleOperands(instruction, op, type, 1);
    return;
  }
  instruction.expectOperands(2, 2);
  op.run = notPredicate;
  op.d = instruction.predicate(instruction.operand(0).name);
  op.a = instruction.predicate(instruction.operand(1).name);
}

// ---- shifts: amounts beyond the width give what infinitely many single shifts would (PTX ISA 9.7.8.8).

template <class T>
struct Shl {
  static T apply(T a, std::uint32_t by) { return static_cast<T>(by < 8 * sizeof(T) ? std::uint64_t{a} << by : 0); }
};
template <class T>
struct Shr {
  static T apply(T a, std::uint32_t by) {
    constexpr std::uint32_t kMost = 8 * sizeof(T) - 1;
    if constexpr (std::is_signed_v<T>) {
      return static_cast<T>(a >> (by < kMost ? by : kMost));
    } else {
      return static_cast<T>(by <= kMost ? a >> by : 0);
    }
  }
};

template <class T, class F>
void shift(Warp& warp, const Op& op, Lanes lanes) {
  const T* a = warp.in<T>(op.a);
  const std::uint32_t* b = warp.in<std::uint32_t>(op.b);
  T values[kWarp];
  for (int i = 0; i < kWarp; i++) {
    values[i] = F::apply(a[i], b[i]);
  }
  warp.put(op.d, values, lanes);
}

template <class T> struct ShlOf { static constexpr Op::Run run = shift<T, Shl<T>>; };

template <bool Left>
void decodeShift(Instruction& instruction, Op& op) {
  const Type type = instruction.takeType();
  switch (type) {
    case Type::kB16: case Type::kU16: op.run = Left ? shift<std::uint16_t, Shl<std::uint16_t>> : shift<std::uint16_t, Shr<std::uint16_t>>; break;
    case Type::kB32: case Type::kU32: op.run = Left ? shift<std::uint32_t, Shl<std::uint32_t>> : shift<std::uint32_t, Shr<std::uint32_t>>; break;
    case Type::kB64: case Type::kU64: op.run = Left ? shift<std::uint64_t, Shl<std::uint64_t>> : shift<std::uint64_t, Shr<std::uint64_t>>; break;
    case Type::kS16: op.run = shift<std::int16_t, Shr<std::int16_t>>; break;
    case Type::kS32: op.run = shift<std::int32_t, Shr<std::int32_t>>; break;
    case Type::kS64: op.run = shift<std::int64_t, Shr<std::int64_t>>; break;
    default: instruction.refuse("a type that the instruction does not have");
  }
  if (Left && !isBits(type)) {
    instruction.refuse("a type that the instruction does not have");
  }
  instruction.expectOperands(3, 3);
  op.d = instruction.target(0, type);
  op.a = instruction.source(1, type);
  op.b = instruction.source(2, Type::kU32);
}

/** shf: 32 bits of the pair b:a, shifted; the amount wraps or is clamped to 32. */
template <bool Left, bool Wrap>
struct Funnel {
  static std::uint32_t apply(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    const std::uint32_t by = Wrap ? c & 31 : (c < 32 ? c : 32);
    const std::uint64_t pair = std::uint64_t{b} << 32 | a;
    return static_cast<std::uint32_t>(Left ? pair << by >> 32 : pair >> by);
  }
};

void decodeFunnel(Instruction& instruction, Op& op) {
  const bool left = instruction.take("l");
  if (!left && !instruction.take("r")) {
    instruction.refuse("needs .l or .r");
  }
  const bool wraps = instruction.take("wrap");
  if (!wraps && !instruction.take("clamp")) {
    instruction.refuse("needs .wrap or .clamp");
  }
  using U = std::uint32_t;
  op.run = left ? (wraps ? ternary<U, U, U, Funnel<true, true>> : ternary<U, U, U, Funnel<true, false>>)
                : (wraps ? ternary<U, U, U, Funnel<false, true>> : ternary<U, U, U, Funnel<false, false>>);
  simpleOperands(instruction, op, instruction.takeType({Type::kB32}), 3);
}

// ---- bit fields

/** Extracts c bits of a from position b; signed fields are extended by their highest bit (or that of a, if it reaches beyond). */
template <class T>
struct FieldExtract {
  static T apply(T a, std::uint32_t position, std::uint32_t length) {
    constexpr std::uint32_t kBits = 8 * sizeof(T);
    position &= 0xFF;
    length &= 0xFF;
    if (length == 0) {
      return 0;
    }
    using U = std::make_unsigned_t<T>;
    const U shifted = position < kBits ? static_cast<U>(static_cast<U>(a) >> position) : U{0};
    const U mask = length >= kBits ? static_cast<U>(~U{0}) : static_cast<U>((U{1} << length) - 1);
    U result = shifted & mask;
    if constexpr (std::is_signed_v<T>) {
      const std::uint32_t top = position + length - 1 < kBits ? position + length - 1 : kBits - 1;
      if ((static_cast<U>(a) >> top & 1) != 0) {
        const std::uint32_t known = top >= position ? top - position + 1 : 0;
        result |= known >= kBits ? U{0} : static_cast<U>(~U{0}) << known;
      }
    }
    return static_cast<T>(result);
  }
};

template <class T>
struct FieldExtractOf {
  static void run(Warp& warp, const Op& op, Lanes lanes) {
    const T* a = warp.in<T>(op.a);
    const std::uint32_t* b = warp.in<std::uint32_t>(op.b);
    const std::uint32_t* c = warp.in<std::uint32_t>(op.c);
    T values[kWarp];
    for (int i = 0; i < kWarp; i++) {
      values[i] = FieldExtract<T>::apply(a[i], b[i], c[i]);
    }
    warp.put(op.d, values, lanes);
  }
};

/** Puts the low d bits of a into b at position c. */
template <class T>
void fieldInsert(Warp& warp, const Op& op, Lanes lanes) {
  constexpr std::uint32_t kBits = 8 * sizeof(T);
  const T* a = warp.in<T>(op.a);
  const T* b = warp.in<T>(op.b);
  const std::uint32_t* position = warp.in<std::uint32_t>(op.c);
  const std::uint32_t* length = warp.in<std::uint32_t>(op.e);
  T values[kWarp];
  for (int i = 0; i < kWarp; i++) {
    const std::uint32_t at = position[i] & 0xFF;
    const std::uint32_t count = length[i] & 0xFF;
    const T ones = count >= kBits ? ~T{0} : (T{1} << count) - 1;
    const T mask = at < kBits ? ones << at : T{0};
    const T field = at < kBits ? a[i] << at : T{0};
    values[i] = (b[i] & ~mask) | (field & mask);
  }
  warp.put(op.d, values, lanes);
}

/** Position of the highest bit that differs from the sign, or 0xFFFFFFFF; with .shiftamt the shift that brings it to the top. */
template <class T, bool ShiftAmount>
struct FindBit {
  static std::uint32_t apply(T a) {
    using U = std::make_unsigned_t<T>;
    const U bits = a < 0 ? static_cast<U>(~static_cast<U>(a)) : static_cast<U>(a);
    if (bits == 0) {
      return 0xFFFFFFFF;
    }
    const auto zeros = static_cast<std::uint32_t>(std::countl_zero(bits));
    return ShiftAmount ? zeros : 8 * sizeof(T) - 1 - zeros;
  }
};
template <class T, bool S> constexpr Op::Run findBit = unary<std::uint32_t, T, FindBit<T, S>>;

void decodeFindBit(Instruction& instruction, Op& op) {
  const bool amount = instruction.take("shiftamt");
  const Type type = instruction.takeType();
  switch (type) {
    case Type::kU32: op.run = amount ? findBit<std::uint32_t, true> : findBit<std::uint32_t, false>; break;
    case Type::kS32: op.run = amount ? findBit<std::int32_t, true> : findBit<std::int32_t, false>; break;
    case Type::kU64: op.run = amount ? findBit<std::uint64_t, true> : findBit<std::uint64_t, false>; break;
    case Type::kS64: op.run = amount ? findBit<std::int64_t, true> : findBit<std::int64_t, false>; break;
    default: instruction.refuse("a type that the instruction does not have");
  }
  instruction.expectOperands(2, 2);
  op.d = instruction.target(0, Type::kU32);
  op.a = instruction.source(1, type);
}

template <class T> struct Popc { static std::uint32_t apply(T a) { return static_cast<std::uint32_t>(std::popcount(a)); } };
template <class T> struct Clz { static std::uint32_t apply(T a) { return static_cast<std::uint32_t>(std::countl_zero(a)); } };
template <class T>
struct Reverse {
  static T apply(T a) {
    T result = 0;
    for (std::size_t i = 0; i < 8 * sizeof(T); i++) {
      result = static_cast<T>(result << 1 | (a >> i & 1));
    }
    return result;
  }
};

template <template <class> class F>
void decodeCount(Instruction& instruction, Op& op) {
  const Type type = instruction.takeType({Type::kB32, Type::kB64});
  op.run = type == Type::kB32 ? unary<std::uint32_t, std::uint32_t, F<std::uint32_t>> : unary<std::uint32_t, std::uint64_t, F<std::uint64_t>>;
  instruction.expectOperands(2, 2);
  op.d = instruction.target(0, Type::kU32);
  op.a = instruction.source(1, type);
}

// ---- prmt: picks four of the eight bytes b:a

enum Permute : int { kDefault = -1, kF4e, kB4e, kRc8, kEcl, kEcr, kRc16 };

std::uint32_t permute(std::uint32_t a, std::uint32_t b, std::uint32_t c, int mode) {
  const std::uint64_t pair = std::uint64_t{b} << 32 | a;
  const std::uint32_t s = c & 3;
  std::uint32_t result = 0;
  for (std::uint32_t i = 0; i < 4; i++) {
    std::uint32_t from = 0;
    switch (mode) {
      case kF4e: from = s + i; break;
      case kB4e: from = (s + 8 - i) & 7; break;
      case kRc8: from = s; break;
      case kEcl: from = i > s ? i : s; break;
      case kEcr: from = i < s ? i : s; break;
      case kRc16: from = (s & 1) * 2 + (i & 1); break;
      default: from = c >> (4 * i) & 7; break;
    }
    auto byte = static_cast<std::uint32_t>(pair >> (8 * from) & 0xFF);
    if (mode == kDefault && (c >> (4 * i) & 8) != 0) {
      byte = (byte & 0x80) != 0 ? 0xFF : 0;  // the sign, replicated
    }
    result |= byte << (8 * i);
  }
  return result;
}

void runPermute(Warp& warp, const Op& op, Lanes lanes) {
  const std::uint32_t* a = warp.in<std::uint32_t>(op.a);
  const std::uint32_t* b = warp.in<std::uint32_t>(op.b);
  const std::uint32_t* c = warp.in<std::uint32_t>(op.c);
  std::uint32_t values[kWarp];
  for (int i = 0; i < kWarp; i++) {
    values[i] = permute(a[i], b[i], c[i], static_cast<int>(op.imm));
  }
  warp.put(op.d, values, lanes);
}

/** lop3: any function of three bits, given by its truth table. */
void logic3(Warp& warp, const Op& op, Lanes lanes) {
  const std::uint32_t* a = warp.in<std::uint32_t>(op.a);
  const std::uint32_t* b = warp.in<std::uint32_t>(op.b);
  const std::uint32_t* c = warp.in<std::uint32_t>(op.c);
  std::uint32_t values[kWarp];
  for (int i = 0; i < kWarp; i++) {
    std::uint32_t result = 0;
    for (std::uint32_t k = 0; k < 8; k++) {
      if ((op.imm >> k & 1) != 0) {
        result |= ((k & 4) != 0 ? a[i] : ~a[i]) & ((k & 2) != 0 ? b[i] : ~b[i]) & ((k & 1) != 0 ? c[i] : ~c[i]);
      }
    }
    values[i] = result;
  }
  warp.put(op.d, values, lanes);
}

}  // namespace

void addBits(OpcodeTable& table) {
  table["and"] = decodeLogic<AndF>;
  table["or"] = decodeLogic<OrF>;
  table["xor"] = decodeLogic<XorF>;
  table["not"] = decodeNot;
  table["cnot"] = [](Instruction& instruction, Op& op) {
    const Type type = instruction.takeType();
    op.run = forBits<Cnot>(instruction, type);
    simpleOperands(instruction, op, type, 1);
  };
  table["shl"] = decodeShift<true>;
  table["shr"] = decodeShift<false>;
  table["shf"] = decodeFunnel;
  table["popc"] = decodeCount<Popc>;
  table["clz"] = decodeCount<Clz>;
  table["brev"] = [](Instruction& instruction, Op& op) {
    const Type type = instruction.takeType({Type::kB32, Type::kB64});
    op.run = type == Type::kB32 ? unary<std::uint32_t, std::uint32_t, Reverse<std::uint32_t>>
                                : unary<std::uint64_t, std::uint64_t, Reverse<std::uint64_t>>;
    simpleOperands(instruction, op, type, 1);
  };
  table["bfind"] = decodeFindBit;
  table["bfe"] = [](Instruction& instruction, Op& op) {
    const Type type = instruction.takeType({Type::kU32, Type::kS32, Type::kU64, Type::kS64});
    op.run = forInteger<FieldExtractOf>(instruction, type);
    instruction.expectOperands(4, 4);
    op.d = instruction.target(0, type);
    op.a = instruction.source(1, type);
    op.b = instruction.source(2, Type::kU32);
    op.c = instruction.source(3, Type::kU32);
  };
  table["bfi"] = [](Instruction& instruction, Op& op) {
    const Type type = instruction.takeType({Type::kB32, Type::kB64});
    op.run = type == Type::kB32 ? fieldInsert<std::uint32_t> : fieldInsert<std::uint64_t>;
    instruction.expectOperands(5, 5);
    op.d = instruction.target(0, type);
    op.a = instruction.source(1, type);
    op.b = instruction.source(2, type);
    op.c = instruction.source(3, Type::kU32);
    op.e = instruction.source(4, Type::kU32);
  };
  table["prmt"] = [](Instruction& instruction, Op& op) {
    instruction.takeType({Type::kB32});
    op.imm = instruction.takeOne({"f4e", "b4e", "rc8", "ecl", "ecr", "rc16"});
    op.run = runPermute;
    simpleOperands(instruction, op, Type::kB32, 3);
  };
  table["lop3"] = [](Instruction& instruction, Op& op) {
    instruction.takeType({Type::kB32});
    instruction.expectOperands(5, 5);
    op.run = logic3;
    op.d = instruction.target(0, Type::kB32);
    op.a = instruction.source(1, Type::kB32);
    op.b = instruction.source(2, Type::kB32);
    op.c = instruction.source(3, Type::kB32);
    op.imm = static_cast<std::int64_t>(instruction.operand(4).bits);
  };
}

}  // namespace emulator::ptx
