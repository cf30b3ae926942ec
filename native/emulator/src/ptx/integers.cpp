// Integer arithmetic, PTX ISA 9.7.1 (add ... abs, dp4a) and 9.7.2 (with carry).

#include <limits>
#include <type_traits>

#include "ptx/lanes.hpp"

namespace emulator::ptx {
namespace {

template <class T>
using Unsigned = std::make_unsigned_t<T>;

/** Twice as wide, of the same signedness. */
template <class T>
using Wide = std::conditional_t<
    sizeof(T) == 2, std::conditional_t<std::is_signed_v<T>, std::int32_t, std::uint32_t>,
    std::conditional_t<sizeof(T) == 4, std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>, T>>;

// Arithmetic is done unsigned and at least 32 bits wide: it wraps (PTX ISA 9.7.1), and C++ promotes nothing behind our back.
template <class T>
using Work = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;

template <class T>
T wrap(Work<T> value) {
  return static_cast<T>(value);
}

template <class T>
T high(T a, T b) {
  if constexpr (sizeof(T) == 8) {
    __extension__ using Product = std::conditional_t<std::is_signed_v<T>, __int128, unsigned __int128>;
    return static_cast<T>((static_cast<Product>(a) * b) >> 64);
  } else {
    return static_cast<T>((static_cast<Wide<T>>(a) * static_cast<Wide<T>>(b)) >> (8 * sizeof(T)));
  }
}

struct AddF { template <class T> static T of(T a, T b) { return wrap<T>(static_cast<Work<T>>(a) + static_cast<Work<T>>(b)); } };
struct SubF { template <class T> static T of(T a, T b) { return wrap<T>(static_cast<Work<T>>(a) - static_cast<Work<T>>(b)); } };
struct MulLoF { template <class T> static T of(T a, T b) { return wrap<T>(static_cast<Work<T>>(a) * static_cast<Work<T>>(b)); } };
struct MulHiF { template <class T> static T of(T a, T b) { return high(a, b); } };
struct MinF { template <class T> static T of(T a, T b) { return a < b ? a : b; } };
struct MaxF { template <class T> static T of(T a, T b) { return a < b ? b : a; } };

/** Division by zero gives all ones on the cards; the quotient of the least number and -1 wraps. PTX leaves both open. */
struct DivF {
  template <class T>
  static T of(T a, T b) {
    if (b == 0) {
      return static_cast<T>(~T{0});
    }
    if constexpr (std::is_signed_v<T>) {
      if (b == -1) {
        return SubF::of(T{0}, a);
      }
    }
    return static_cast<T>(a / b);
  }
};

struct RemF {
  template <class T>
  static T of(T a, T b) {
    if (b == 0) {
      return a;
    }
    if constexpr (std::is_signed_v<T>) {
      if (b == -1) {
        return 0;
      }
    }
    return static_cast<T>(a % b);
  }
};

template <class F>
struct Binary {
  template <class T>
  struct Of {
    static T apply(T a, T b) { return F::of(a, b); }
    static constexpr Op::Run run = binary<T, T, Of>;
  };
};

/** .sat of add and sub, s32 only: clamps to the range. */
template <int Sign>
struct Saturated {
  static std::int32_t apply(std::int32_t a, std::int32_t b) {
    const std::int64_t sum = std::int64_t{a} + Sign * std::int64_t{b};
    constexpr std::int64_t kLeast = std::numeric_limits<std::int32_t>::min();
    constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
    return static_cast<std::int32_t>(sum < kLeast ? kLeast : sum > kMost ? kMost : sum);
  }
};

template <class T> struct Neg { static T apply(T a) { return SubF::of(T{0}, a); } static constexpr Op::Run run = unary<T, T, Neg>; };
template <class T> struct Abs { static T apply(T a) { return a < 0 ? SubF::of(T{0}, a) : a; } static constexpr Op::Run run = unary<T, T, Abs>; };

template <class T>
struct MulWide {
  static Wide<T> apply(T a, T b) { return static_cast<Wide<T>>(static_cast<Wide<T>>(a) * static_cast<Wide<T>>(b)); }
  static constexpr Op::Run run = binary<Wide<T>, T, MulWide>;
};
template <class T>
struct MadLo {
  static T apply(T a, T b, T c) { return AddF::of(MulLoF::of(a, b), c); }
  static constexpr Op::Run run = ternary<T, T, T, MadLo>;
};
template <class T>
struct MadHi {
  static T apply(T a, T b, T c) { return AddF::of(high(a, b), c); }
  static constexpr Op::Run run = ternary<T, T, T, MadHi>;
};
template <class T>
struct MadWide {
  static Wide<T> apply(T a, T b, Wide<T> c) { return AddF::of(MulWide<T>::apply(a, b), c); }
  static constexpr Op::Run run = ternary<Wide<T>, T, Wide<T>, MadWide>;
};
/** c + |a - b|. */
template <class T>
struct Sad {
  static T apply(T a, T b, T c) { return AddF::of(c, a < b ? SubF::of(b, a) : SubF::of(a, b)); }
  static constexpr Op::Run run = ternary<T, T, T, Sad>;
};

/** The low (or high) 32 of 48 bits of the product of the low 24 bits. */
template <class T>
std::int64_t product24(T a, T b) {
  const auto low = [](T x) { return std::int64_t{static_cast<T>(static_cast<T>(static_cast<std::uint32_t>(x) << 8) >> 8)}; };
  return low(a) * low(b);
}
template <class T> struct Mul24Lo { static T apply(T a, T b) { return static_cast<T>(product24(a, b)); } static constexpr Op::Run run = binary<T, T, Mul24Lo>; };
template <class T> struct Mul24Hi { static T apply(T a, T b) { return static_cast<T>(product24(a, b) >> 16); } static constexpr Op::Run run = binary<T, T, Mul24Hi>; };

/** Four products of bytes, added to c. */
template <class A, class B>
struct Dp4a {
  using Result = std::conditional_t<std::is_signed_v<A> || std::is_signed_v<B>, std::int32_t, std::uint32_t>;
  static std::uint32_t apply(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    std::uint32_t sum = c;
    for (int i = 0; i < 32; i += 8) {
      sum += static_cast<std::uint32_t>(std::int32_t{static_cast<A>(a >> i)} * std::int32_t{static_cast<B>(b >> i)});
    }
    return sum;
  }
};

template <class F>
void decodeBinary(Instruction& instruction, Op& op) {
  const Type type = instruction.takeType();
  op.run = forInteger<Binary<F>::template Of>(instruction, type);
  simpleOperands(instruction, op, type, 2);
}

// ---- carry: PTX ISA 9.7.2. Subtraction keeps the borrow in CC.CF.

enum CarryFlags : std::uint8_t { kCarryIn = 1, kCarryOut = 2, kHigh = 4 };

template <class T>
void withCarry(Warp& warp, const Op& op, Lanes lanes, T a, T b, int lane, bool subtract, T& result) {
  const T in = (op.flags & kCarryIn) != 0 ? static_cast<T>(warp.carry >> lane & 1) : T{0};
  bool out = false;
  if (subtract) {
    result = a - b - in;
    out = a < b || (a == b && in != 0);
  } else {
    result = a + b + in;
    out = result < a || (result == a && in != 0);
  }
  if ((op.flags & kCarryOut) != 0 && (lanes >> lane & 1) != 0) {
    warp.carry = (warp.carry & ~(1U << lane)) | static_cast<Lanes>(out) << lane;
  }
}

template <class T, bool Subtract>
void addWithCarry(Warp& warp, const Op& op, Lanes lanes) {
  const T* a = warp.in<T>(op.a);
  const T* b = warp.in<T>(op.b);
  T values[kWarp];
  for (int i = 0; i < kWarp; i++) {
    withCarry<T>(warp, op, lanes, a[i], b[i], i, Subtract, values[i]);
  }
  warp.put(op.d, values, lanes);
}

template <class T>
void madWithCarry(Warp& warp, const Op& op, Lanes lanes) {
  using U = Unsigned<T>;
  const T* a = warp.in<T>(op.a);
  const T* b = warp.in<T>(op.b);
  const U* c = warp.in<U>(op.c);
  U values[kWarp];
  for (int i = 0; i < kWarp; i++) {
    const U product = static_cast<U>((op.flags & kHigh) != 0 ? high(a[i], b[i]) : MulLoF::of(a[i], b[i]));
    withCarry<U>(warp, op, lanes, product, c[i], i, false, values[i]);
  }
  warp.put(op.d, values, lanes);
}

template <bool Subtract>
void decodeCarry(Instruction& instruction, Op& op, bool carryIn) {
  op.flags = static_cast<std::uint8_t>((carryIn ? kCarryIn : 0) | (instruction.take("cc") ? kCarryOut : 0));
  const Type type = instruction.takeType({Type::kU32, Type::kS32, Type::kU64, Type::kS64});
  op.run = bytesOf(type) == 8 ? addWithCarry<std::uint64_t, Subtract> : addWithCarry<std::uint32_t, Subtract>;
  simpleOperands(instruction, op, type, 2);
}

}  // namespace

void decodeIntegerAdd(Instruction& instruction, Op& op) {
  if (instruction.take("sat")) {
    op.run = binary<std::int32_t, std::int32_t, Saturated<1>>;
    simpleOperands(instruction, op, instruction.takeType({Type::kS32}), 2);
  } else {
    decodeBinary<AddF>(instruction, op);
  }
}

void decodeIntegerSub(Instruction& instruction, Op& op) {
  if (instruction.take("sat")) {
    op.run = binary<std::int32_t, std::int32_t, Saturated<-1>>;
    simpleOperands(instruction, op, instruction.takeType({Type::kS32}), 2);
  } else {
    decodeBinary<SubF>(instruction, op);
  }
}

void decodeCarryAdd(Instruction& instruction, Op& op) { decodeCarry<false>(instruction, op, false); }
void decodeCarrySub(Instruction& instruction, Op& op) { decodeCarry<true>(instruction, op, false); }
void decodeIntegerMin(Instruction& instruction, Op& op) { decodeBinary<MinF>(instruction, op); }
void decodeIntegerMax(Instruction& instruction, Op& op) { decodeBinary<MaxF>(instruction, op); }
void decodeIntegerDiv(Instruction& instruction, Op& op) { decodeBinary<DivF>(instruction, op); }

void decodeIntegerNegAbs(Instruction& instruction, Op& op) {
  const Type type = instruction.takeType({Type::kS16, Type::kS32, Type::kS64});
  op.run = instruction.base() == "neg" ? forInteger<Neg>(instruction, type) : forInteger<Abs>(instruction, type);
  simpleOperands(instruction, op, type, 1);
}

/** mul and mad with .lo, .hi or .wide. */
void decodeIntegerMul(Instruction& instruction, Op& op) {
  const int part = instruction.takeOne({"lo", "hi", "wide"});
  const bool mad = instruction.base() != "mul";
  const bool carryIn = instruction.base() == "madc";
  const bool carryOut = instruction.take("cc");
  const Type type = instruction.takeType();
  if (part < 0) {
    instruction.refuse("needs .lo, .hi or .wide");
  }
  if (carryIn || carryOut) {
    if (part == 2 || !mad) {
      instruction.refuse("has no carry");
    }
    op.flags = static_cast<std::uint8_t>((carryIn ? kCarryIn : 0) | (carryOut ? kCarryOut : 0) | (part == 1 ? kHigh : 0));
    switch (type) {
      case Type::kU32: op.run = madWithCarry<std::uint32_t>; break;
      case Type::kS32: op.run = madWithCarry<std::int32_t>; break;
      case Type::kU64: op.run = madWithCarry<std::uint64_t>; break;
      case Type::kS64: op.run = madWithCarry<std::int64_t>; break;
      default: instruction.refuse("a type that the instruction does not have");
    }
    simpleOperands(instruction, op, type, 3);
    return;
  }
  if (part < 2) {
    if (mad) {
      if (instruction.take("sat")) {
        instruction.refuse("unknown modifier .sat");
      }
      op.run = part == 0 ? forInteger<MadLo>(instruction, type) : forInteger<MadHi>(instruction, type);
    } else {
      op.run = part == 0 ? forInteger<Binary<MulLoF>::Of>(instruction, type) : forInteger<Binary<MulHiF>::Of>(instruction, type);
    }
    simpleOperands(instruction, op, type, mad ? 3 : 2);
    return;
  }
  if (bytesOf(type) == 8) {
    instruction.refuse("a type that the instruction does not have");
  }
  op.run = mad ? forInteger<MadWide>(instruction, type) : forInteger<MulWide>(instruction, type);
  const Type wide = bytesOf(type) == 2 ? Type::kU32 : Type::kU64;
  instruction.expectOperands(mad ? 4 : 3, mad ? 4 : 3);
  op.d = instruction.target(0, wide);
  op.a = instruction.source(1, type);
  op.b = instruction.source(2, type);
  op.c = mad ? instruction.source(3, wide) : 0;
}

void addIntegers(OpcodeTable& table) {
  table["rem"] = decodeBinary<RemF>;
  table["addc"] = [](Instruction& instruction, Op& op) { decodeCarry<false>(instruction, op, true); };
  table["subc"] = [](Instruction& instruction, Op& op) { decodeCarry<true>(instruction, op, true); };
  table["madc"] = decodeIntegerMul;
  table["sad"] = [](Instruction& instruction, Op& op) {
    const Type type = instruction.takeType();
    op.run = forInteger<Sad>(instruction, type);
    simpleOperands(instruction, op, type, 3);
  };
  table["mul24"] = [](Instruction& instruction, Op& op) {
    const bool isHigh = instruction.take("hi");
    if (!isHigh && !instruction.take("lo")) {
      instruction.refuse("needs .lo or .hi");
    }
    const Type type = instruction.takeType({Type::kU32, Type::kS32});
    if (type == Type::kU32) {
      op.run = isHigh ? Mul24Hi<std::uint32_t>::run : Mul24Lo<std::uint32_t>::run;
    } else {
      op.run = isHigh ? Mul24Hi<std::int32_t>::run : Mul24Lo<std::int32_t>::run;
    }
    simpleOperands(instruction, op, type, 2);
  };
  table["dp4a"] = [](Instruction& instruction, Op& op) {
    const bool a = instruction.takeType({Type::kU32, Type::kS32}) == Type::kS32;
    const bool b = instruction.takeType({Type::kU32, Type::kS32}) == Type::kS32;
    using I = std::int8_t;
    using U = std::uint8_t;
    using W = std::uint32_t;
    op.run = a ? (b ? ternary<W, W, W, Dp4a<I, I>> : ternary<W, W, W, Dp4a<I, U>>)
               : (b ? ternary<W, W, W, Dp4a<U, I>> : ternary<W, W, W, Dp4a<U, U>>);
    simpleOperands(instruction, op, Type::kU32, 3);
  };
}

}  // namespace emulator::ptx
