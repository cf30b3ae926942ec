// setp, set, selp, slct: PTX ISA 9.7.6.

#include <cmath>

#include "ptx/lanes.hpp"
#include "ptx/numbers.hpp"

namespace emulator::ptx {
namespace {

enum Compare : std::uint8_t { kEq, kNe, kLt, kLe, kGt, kGe, kEqu, kNeu, kLtu, kLeu, kGtu, kGeu, kNum, kNan };
enum Combine : std::uint8_t { kPlain, kAnd, kOr, kXor };

/** The lanes for which a predicate of (a, b) holds. */
template <class T, bool Ftz, class P>
Lanes where(Warp& warp, const Op& op, P holds) {
  const T* a = warp.in<T>(op.a);
  const T* b = warp.in<T>(op.b);
  Lanes result = 0;
  for (int i = 0; i < kWarp; i++) {
    if constexpr (Ftz) {
      result |= static_cast<Lanes>(holds(flushed<true>(a[i]), flushed<true>(b[i]))) << i;
    } else {
      result |= static_cast<Lanes>(holds(a[i], b[i])) << i;
    }
  }
  return result;
}

template <class T, bool Ftz>
Lanes compare(Warp& warp, const Op& op) {
  switch (op.n) {
    case kEq: return where<T, Ftz>(warp, op, [](T a, T b) { return a == b; });
    case kNe: return where<T, Ftz>(warp, op, [](T a, T b) { return a < b || a > b; });
    case kLt: return where<T, Ftz>(warp, op, [](T a, T b) { return a < b; });
    case kLe: return where<T, Ftz>(warp, op, [](T a, T b) { return a <= b; });
    case kGt: return where<T, Ftz>(warp, op, [](T a, T b) { return a > b; });
    case kGe: return where<T, Ftz>(warp, op, [](T a, T b) { return a >= b; });
    case kEqu: return where<T, Ftz>(warp, op, [](T a, T b) { return !(a < b || a > b); });
    case kNeu: return where<T, Ftz>(warp, op, [](T a, T b) { return !(a == b); });
    case kLtu: return where<T, Ftz>(warp, op, [](T a, T b) { return !(a >= b); });
    case kLeu: return where<T, Ftz>(warp, op, [](T a, T b) { return !(a > b); });
    case kGtu: return where<T, Ftz>(warp, op, [](T a, T b) { return !(a <= b); });
    case kGeu: return where<T, Ftz>(warp, op, [](T a, T b) { return !(a < b); });
    case kNum: return where<T, Ftz>(warp, op, [](T a, T b) { return a == a && b == b; });
    default: return where<T, Ftz>(warp, op, [](T a, T b) { return a != a || b != b; });
  }
}

Lanes combined(Warp& warp, const Op& op, Lanes value) {
  if (op.flags == kPlain) {
    return value;
  }
  const Lanes other = op.negated ? ~warp.predicates[op.p] : warp.predicates[op.p];
  return op.flags == kAnd ? value & other : op.flags == kOr ? value | other : value ^ other;
}

void assign(Lanes& to, Lanes value, Lanes lanes) { to = (to & ~lanes) | (value & lanes); }

/** p|q: p gets the comparison combined with the third operand, q its complement combined likewise. */
template <class T, bool Ftz>
void setPredicate(Warp& warp, const Op& op, Lanes lanes) {
  const Lanes value = compare<T, Ftz>(warp, op);
  const Lanes p = combined(warp, op, value);
  const Lanes q = op.q >= 0 ? combined(warp, op, ~value) : 0;
  assign(warp.predicates[op.d], p, lanes);
  if (op.q >= 0) {
    assign(warp.predicates[op.q], q, lanes);
  }
}

/** set: all ones or zero as an integer, 1 or 0 as f32. */
template <class T, bool Ftz>
void setValue(Warp& warp, const Op& op, Lanes lanes) {
  const Lanes value = combined(warp, op, compare<T, Ftz>(warp, op));
  std::uint32_t values[kWarp];
  const auto yes = static_cast<std::uint32_t>(op.imm);
  for (int i = 0; i < kWarp; i++) {
    values[i] = (value >> i & 1) != 0 ? yes : 0;
  }
  warp.put(op.d, values, lanes);
}

// Half-width floats are compared as the double they stand for.
template <bool Brain>
void widenOperands(const std::uint16_t* from, double* to) {
  for (int i = 0; i < kWarp; i++) {
    to[i] = widen(from[i], Brain ? kBrain : kHalf);
  }
}

template <bool Brain>
void setHalfPredicate(Warp& warp, const Op& op, Lanes lanes) {
  double a[kWarp];
  double b[kWarp];
  widenOperands<Brain>(warp.in<std::uint16_t>(op.a), a);
  widenOperands<Brain>(warp.in<std::uint16_t>(op.b), b);
  // The doubles stand in for registers of a warp of their own.
  Warp view;
  view.predicates = warp.predicates;
  alignas(64) double rows[2 * kWarp];
  std::copy(a, a + kWarp, rows);
  std::copy(b, b + kWarp, rows + kWarp);
  view.registers = reinterpret_cast<std::byte*>(rows);
  Op wide = op;
  wide.a = 0;
  wide.b = kWarp * sizeof(double);
  setPredicate<double, false>(view, wide, lanes);
}

using Ordered = std::initializer_list<std::string_view>;

void takeComparison(Instruction& instruction, Op& op, Type type) {
  const int which = instruction.takeOne({"eq", "ne", "lt", "le", "gt", "ge", "equ", "neu", "ltu", "leu", "gtu", "geu", "num", "nan"});
  int unsignedWhich = -1;
  if (which < 0) {
    unsignedWhich = instruction.takeOne({"lo", "ls", "hi", "hs"});
  }
  if (which < 0 && unsignedWhich < 0) {
    instruction.refuse("needs a comparison");
  }
  if ((!isReal(type) && which >= kEqu) || (unsignedWhich >= 0 && isReal(type)) || (isBits(type) && which != kEq && which != kNe)) {
    instruction.refuse("a comparison that the type does not have");
  }
  op.n = static_cast<std::uint8_t>(which >= 0 ? which : kLt + unsignedWhich);
  if (isReal(type) || unsignedWhich < 0) {
    return;
  }
  if (isSigned(type)) {
    instruction.refuse("an unsigned comparison of a signed type");
  }
}

/** Sources from i on; a predicate to combine with may follow. */
void takeOperands(Instruction& instruction, Op& op, Type type) {
  const int combine = instruction.takeOne({"and", "or", "xor"});
  op.flags = static_cast<std::uint8_t>(combine + 1);
  instruction.expectOperands(combine < 0 ? 3 : 4, combine < 0 ? 3 : 4);
  op.a = instruction.source(1, type);
  op.b = instruction.source(2, type);
  if (combine >= 0) {
    op.p = instruction.predicate(instruction.operand(3).name);
    op.negated = instruction.operand(3).negated;
  }
}

template <template <class, bool> class F>
Op::Run forCompared(Instruction& instruction, Type type, bool ftz) {
  if (ftz && type != Type::kF32) {
    instruction.refuse(".ftz is for f32");
  }
  switch (type) {
    case Type::kB16: case Type::kU16: return F<std::uint16_t, false>::run;
    case Type::kB32: case Type::kU32: return F<std::uint32_t, false>::run;
    case Type::kB64: case Type::kU64: return F<std::uint64_t, false>::run;
    case Type::kS16: return F<std::int16_t, false>::run;
    case Type::kS32: return F<std::int32_t, false>::run;
    case Type::kS64: return F<std::int64_t, false>::run;
    case Type::kF32: return ftz ? F<float, true>::run : F<float, false>::run;
    case Type::kF64: return F<double, false>::run;
    default: instruction.refuse("a type that the instruction does not have");
  }
}
template <class T, bool Ftz> struct SetPredicate { static constexpr Op::Run run = setPredicate<T, Ftz>; };
template <class T, bool Ftz> struct SetValue { static constexpr Op::Run run = setValue<T, Ftz>; };

template <class T>
void select(Warp& warp, const Op& op, Lanes lanes) {
  const T* a = warp.in<T>(op.a);
  const T* b = warp.in<T>(op.b);
  const Lanes chosen = op.negated ? ~warp.predicates[op.p] : warp.predicates[op.p];
  T values[kWarp];
  for (int i = 0; i < kWarp; i++) {
    values[i] = (chosen >> i & 1) != 0 ? a[i] : b[i];
  }
  warp.put(op.d, values, lanes);
}

/** slct: a where c >= 0, else b. */
template <class T, class C>
struct Choose {
  static T apply(T a, T b, C c) { return c >= 0 ? a : b; }
};

void decodeSelp(Instruction& instruction, Op& op) {
  const Type type = instruction.takeType();
  instruction.expectOperands(4, 4);
  switch (bytesOf(type)) {
    case 2: op.run = select<std::uint16_t>; break;
    case 4: op.run = select<std::uint32_t>; break;
    case 8: op.run = select<std::uint64_t>; break;
    default: instruction.refuse("a type that the instruction does not have");
  }
  op.d = instruction.target(0, type);
  op.a = instruction.source(1, type);
  op.b = instruction.source(2, type);
  op.p = instruction.predicate(instruction.operand(3).name);
  op.negated = instruction.operand(3).negated;
}

void decodeSetp(Instruction& instruction, Op& op) {
  const bool ftz = instruction.take("ftz");
  const Type type = instruction.takeType();
  takeComparison(instruction, op, type);
  takeOperands(instruction, op, type);
  if (type == Type::kF16 || type == Type::kBf16) {
    if (ftz) {
      instruction.refuse(".ftz of halves is not known");
    }
    op.run = type == Type::kF16 ? setHalfPredicate<false> : setHalfPredicate<true>;
  } else {
    op.run = forCompared<SetPredicate>(instruction, type, ftz);
  }
  op.d = instruction.predicate(instruction.operand(0).name);
  op.q = instruction.operand(0).second.empty() ? std::int16_t{-1} : instruction.predicate(instruction.operand(0).second);
}

void decodeSet(Instruction& instruction, Op& op) {
  const bool ftz = instruction.take("ftz");
  const Type to = instruction.takeType({Type::kU32, Type::kS32, Type::kF32});
  const Type type = instruction.takeType();
  takeComparison(instruction, op, type);
  takeOperands(instruction, op, type);
  op.run = forCompared<SetValue>(instruction, type, ftz);
  op.imm = to == Type::kF32 ? 0x3F800000 : 0xFFFFFFFF;
  op.d = instruction.target(0, to);
}

void decodeSlct(Instruction& instruction, Op& op) {
  const bool ftz = instruction.take("ftz");
  const Type type = instruction.takeType();
  const Type by = instruction.takeType({Type::kS32, Type::kF32});
  if (ftz && by != Type::kF32) {
    instruction.refuse(".ftz is for f32");
  }
  using U4 = std::uint32_t;
  using U8 = std::uint64_t;
  if (bytesOf(type) == 4) {
    op.run = by == Type::kS32 ? ternary<U4, U4, std::int32_t, Choose<U4, std::int32_t>> : ternary<U4, U4, float, Choose<U4, float>>;
  } else if (bytesOf(type) == 8) {
    op.run = by == Type::kS32 ? ternary<U8, U8, std::int32_t, Choose<U8, std::int32_t>> : ternary<U8, U8, float, Choose<U8, float>>;
  } else {
    instruction.refuse("a type that the instruction does not have");
  }
  instruction.expectOperands(4, 4);
  op.d = instruction.target(0, type);
  op.a = instruction.source(1, type);
  op.b = instruction.source(2, type);
  op.c = instruction.source(3, by);
}

}  // namespace

void addComparisons(OpcodeTable& table) {
  table["setp"] = decodeSetp;
  table["set"] = decodeSet;
  table["selp"] = decodeSelp;
  table["slct"] = decodeSlct;
}

}  // namespace emulator::ptx
