// Every integer opcode against results computed with 128-bit integers, over edge values and random bits.

#include <algorithm>
#include <functional>
#include <limits>
#include <random>
#include <type_traits>

#include "check.hpp"
#include "ptx.hpp"

using ptx_test::Row;

namespace {

__extension__ using Wide = __int128;

template <class T> constexpr const char* kType = "";
template <> constexpr const char* kType<std::uint16_t> = "u16";
template <> constexpr const char* kType<std::int16_t> = "s16";
template <> constexpr const char* kType<std::uint32_t> = "u32";
template <> constexpr const char* kType<std::int32_t> = "s32";
template <> constexpr const char* kType<std::uint64_t> = "u64";
template <> constexpr const char* kType<std::int64_t> = "s64";

template <class T> constexpr char kFile = sizeof(T) == 2 ? 'h' : sizeof(T) == 4 ? 'r' : 'd';

template <class T>
std::string type() { return kType<T>; }

template <class T>
std::string bits() { return "b" + std::to_string(8 * sizeof(T)); }

/** Replaces $0 to $3 and $9 by registers of the type's width. */
template <class T>
std::string named(std::string text) {
  for (std::size_t at = text.find('$'); at != std::string::npos; at = text.find('$')) {
    text.replace(at, 1, std::string("%") + kFile<T>);
  }
  return text;
}

/** Edge values of all widths, random ones, and each with each as the first two inputs. */
const std::vector<Row>& rows() {
  static const std::vector<Row> kRows = [] {
    std::vector<std::uint64_t> values = {0, 1, 2, 3, 7, 31, 32, 33, 63, 64, 127, 128, 255, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF,
                                         0x100000000, 0x7FFFFFFFFFFFFFFF, 0x8000000000000000, UINT64_MAX, UINT64_MAX - 1, 0xFFFFFFFFFFFF8000};
    std::mt19937_64 random(11);
    for (int i = 0; i < 7; i++) {
      values.push_back(random());
    }
    std::vector<Row> rows;
    for (const std::uint64_t a : values) {
      for (const std::uint64_t b : values) {
        rows.push_back({a, b, random() >> (random() % 64), random() >> (random() % 64)});
      }
    }
    return rows;
  }();
  return kRows;
}

/** Compares a snippet with a function of the four inputs. */
template <class Result>
void expect(const std::string& snippet, const std::function<Result(const Row&)>& wanted, char file = kFile<Result>) {
  const std::vector<std::uint64_t> got = ptx_test::results(snippet, file, rows());
  for (std::size_t i = 0; i < rows().size(); i++) {
    const Row& row = rows()[i];
    const auto result = static_cast<Result>(got[i]);
    if (result != wanted(row)) {
      std::ostringstream text;
      text << snippet << std::hex << " of " << row[0] << ", " << row[1] << ", " << row[2] << ", " << row[3] << " is " << +result << ", not " << +wanted(row);
      check::fail(__FILE__, __LINE__, text.str());
      return;
    }
  }
}

template <class T>
T as(std::uint64_t bits) { return static_cast<T>(bits); }

template <class T>
void arithmetic() {
  const std::string t = type<T>();
  const auto two = [&](const std::string& opcode, const std::function<T(T, T)>& f) {
    expect<T>(named<T>(opcode + "." + t + " $9, $0, $1;"), [&](const Row& row) { return f(as<T>(row[0]), as<T>(row[1])); });
  };
  two("add", [](T a, T b) { return static_cast<T>(Wide{a} + b); });
  two("sub", [](T a, T b) { return static_cast<T>(Wide{a} - b); });
  two("mul.lo", [](T a, T b) { return static_cast<T>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b)); });
  two("mul.hi", [](T a, T b) {
    __extension__ using Unsigned = unsigned __int128;
    return static_cast<T>(std::is_signed_v<T> ? static_cast<Unsigned>(Wide{a} * b >> (8 * sizeof(T))) : static_cast<Unsigned>(a) * b >> (8 * sizeof(T)));
  });
  two("min", [](T a, T b) { return std::min(a, b); });
  two("max", [](T a, T b) { return std::max(a, b); });
  two("div", [](T a, T b) { return b == 0 ? static_cast<T>(-1) : static_cast<T>(Wide{a} / b); });
  two("rem", [](T a, T b) { return b == 0 ? a : static_cast<T>(Wide{a} % b); });
  const auto three = [&](const std::string& opcode, const std::function<T(T, T, T)>& f) {
    expect<T>(named<T>(opcode + "." + t + " $9, $0, $1, $2;"), [&](const Row& row) { return f(as<T>(row[0]), as<T>(row[1]), as<T>(row[2])); });
  };
  three("mad.lo", [](T a, T b, T c) { return static_cast<T>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b) + static_cast<std::uint64_t>(c)); });
  three("sad", [](T a, T b, T c) { return static_cast<T>(Wide{c} + (a < b ? Wide{b} - a : Wide{a} - b)); });
  if constexpr (sizeof(T) < 8) {
    three("mad.hi", [](T a, T b, T c) { return static_cast<T>((Wide{a} * b >> (8 * sizeof(T))) + c); });
    using W = std::conditional_t<sizeof(T) == 2, std::conditional_t<std::is_signed_v<T>, std::int32_t, std::uint32_t>, std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>>;
    const std::string d = std::string("%") + kFile<W>;
    expect<W>("mul.wide." + t + " " + d + "9, " + named<T>("$0, $1;"), [](const Row& row) { return static_cast<W>(Wide{as<T>(row[0])} * as<T>(row[1])); });
    expect<W>("mad.wide." + t + " " + d + "9, " + named<T>("$0, $1, ") + d + "2;",
              [](const Row& row) { return static_cast<W>(Wide{as<T>(row[0])} * as<T>(row[1]) + as<W>(row[2])); });
  }
  if constexpr (std::is_signed_v<T>) {
    expect<T>(named<T>("neg." + t + " $9, $0;"), [](const Row& row) { return static_cast<T>(-Wide{as<T>(row[0])}); });
    expect<T>(named<T>("abs." + t + " $9, $0;"), [](const Row& row) { const Wide a = as<T>(row[0]); return static_cast<T>(a < 0 ? -a : a); });
  }
  // Shifts: amounts beyond the width shift everything out.
  expect<T>(named<T>("shr." + t + " $9, $0, ") + "%r1;", [](const Row& row) {
    const auto by = std::min<std::uint32_t>(as<std::uint32_t>(row[1]), 100);
    return static_cast<T>(Wide{as<T>(row[0])} >> by);
  });
  // Comparisons.
  const std::pair<const char*, std::function<bool(T, T)>> comparisons[] = {
      {"eq", [](T a, T b) { return a == b; }}, {"ne", [](T a, T b) { return a != b; }}, {"lt", [](T a, T b) { return a < b; }},
      {"le", [](T a, T b) { return a <= b; }}, {"gt", [](T a, T b) { return a > b; }},  {"ge", [](T a, T b) { return a >= b; }}};
  for (const auto& [name, holds] : comparisons) {
    const auto& f = holds;
    expect<std::uint64_t>(std::string("setp.") + name + "." + t + " %p9, " + named<T>("$0, $1;"),
                          [&f](const Row& row) { return f(as<T>(row[0]), as<T>(row[1])) ? 1U : 0U; }, 'p');
    if constexpr (sizeof(T) >= 4) {
      expect<std::uint32_t>(std::string("set.") + name + ".u32." + t + " %r9, " + named<T>("$0, $1;"),
                            [&f](const Row& row) { return f(as<T>(row[0]), as<T>(row[1])) ? 0xFFFFFFFF : 0U; });
    }
  }
}

template <class T>
void logic() {
  const std::string t = bits<T>();
  expect<T>(named<T>("and." + t + " $9, $0, $1;"), [](const Row& row) { return as<T>(row[0] & row[1]); });
  expect<T>(named<T>("or." + t + " $9, $0, $1;"), [](const Row& row) { return as<T>(row[0] | row[1]); });
  expect<T>(named<T>("xor." + t + " $9, $0, $1;"), [](const Row& row) { return as<T>(row[0] ^ row[1]); });
  expect<T>(named<T>("not." + t + " $9, $0;"), [](const Row& row) { return as<T>(~row[0]); });
  expect<T>(named<T>("cnot." + t + " $9, $0;"), [](const Row& row) { return as<T>(as<T>(row[0]) == 0 ? 1 : 0); });
  expect<T>(named<T>("mov." + t + " $9, $0;"), [](const Row& row) { return as<T>(row[0]); });
  expect<T>(named<T>("shl." + t + " $9, $0, ") + "%r1;", [](const Row& row) {
    return as<std::uint32_t>(row[1]) >= 8 * sizeof(T) ? T{0} : as<T>(row[0] << as<std::uint32_t>(row[1]));
  });
  expect<T>("setp.lt.u32 %p1, %r2, %r3;\n" + named<T>("selp." + t + " $9, $0, $1, %p1;"),
            [](const Row& row) { return as<T>(as<std::uint32_t>(row[2]) < as<std::uint32_t>(row[3]) ? row[0] : row[1]); });
  expect<std::uint64_t>("setp.eq." + t + " %p9, " + named<T>("$0, $1;"), [](const Row& row) { return as<T>(row[0]) == as<T>(row[1]) ? 1U : 0U; }, 'p');
}

template <class T>
T fieldOf(T a, unsigned position, unsigned length) {  // bit by bit
  const int top = static_cast<int>(std::min<unsigned>(position + length, 8 * sizeof(T))) - 1;
  std::uint64_t result = 0;
  for (unsigned i = 0; i < 8 * sizeof(T); i++) {
    bool bit = false;
    if (i < length) {
      bit = position + i < 8 * sizeof(T) && (static_cast<std::uint64_t>(a) >> (position + i) & 1) != 0;
    }
    const bool beyond = i >= length || position + i >= 8 * sizeof(T);
    if (std::is_signed_v<T> && beyond && length > 0) {
      bit = (static_cast<std::uint64_t>(a) >> top & 1) != 0;
    }
    result |= static_cast<std::uint64_t>(bit) << i;
  }
  return static_cast<T>(result);
}

template <class T>
void fields() {
  expect<T>("and.b32 %r1, %r1, 255; and.b32 %r2, %r2, 127;\n" + named<T>("bfe." + type<T>() + " $9, $0, ") + "%r1, %r2;",
            [](const Row& row) { return fieldOf<T>(as<T>(row[0]), static_cast<unsigned>(row[1] & 255), static_cast<unsigned>(row[2] & 127)); });
  const auto highest = [](const Row& row) {
    T a = as<T>(row[0]);
    a = a < 0 ? static_cast<T>(~a) : a;
    std::uint32_t position = 0xFFFFFFFF;
    for (unsigned i = 0; i < 8 * sizeof(T); i++) {
      position = (static_cast<std::uint64_t>(a) >> i & 1) != 0 ? i : position;
    }
    return position;
  };
  expect<std::uint32_t>("bfind." + type<T>() + " %r9, " + named<T>("$0;"), highest);
  expect<std::uint32_t>("bfind.shiftamt." + type<T>() + " %r9, " + named<T>("$0;"), [&](const Row& row) {
    return highest(row) == 0xFFFFFFFF ? 0xFFFFFFFF : static_cast<std::uint32_t>(8 * sizeof(T) - 1 - highest(row));
  });
}

template <class T>
void counts() {
  const std::string t = bits<T>();
  expect<std::uint32_t>("popc." + t + " %r9, " + named<T>("$0;"), [](const Row& row) {
    std::uint32_t count = 0;
    for (unsigned i = 0; i < 8 * sizeof(T); i++) {
      count += static_cast<std::uint32_t>(row[0] >> i & 1);
    }
    return count;
  });
  expect<std::uint32_t>("clz." + t + " %r9, " + named<T>("$0;"), [](const Row& row) {
    std::uint32_t count = 0;
    for (int i = 8 * static_cast<int>(sizeof(T)) - 1; i >= 0 && (row[0] >> i & 1) == 0; i--) {
      count++;
    }
    return count;
  });
  expect<T>("brev." + t + named<T>(" $9, $0;"), [](const Row& row) {
    T result = 0;
    for (unsigned i = 0; i < 8 * sizeof(T); i++) {
      result |= static_cast<T>((row[0] >> i & 1) << (8 * sizeof(T) - 1 - i));
    }
    return result;
  });
  expect<T>("and.b32 %r2, %r2, 127; and.b32 %r3, %r3, 127;\n" + named<T>("bfi." + t + " $9, $0, $1, ") + "%r2, %r3;", [](const Row& row) {
    T result = as<T>(row[1]);
    const unsigned position = row[2] & 127;
    for (unsigned i = 0; i < (row[3] & 127) && position + i < 8 * sizeof(T); i++) {
      const T one = static_cast<T>(T{1} << (position + i));
      result = i < 64 && (as<T>(row[0]) >> i & 1) != 0 ? result | one : result & static_cast<T>(~one);
    }
    return result;
  });
}

}  // namespace

TEST(arithmeticOfEveryType) {
  arithmetic<std::uint16_t>();
  arithmetic<std::int16_t>();
  arithmetic<std::uint32_t>();
  arithmetic<std::int32_t>();
  arithmetic<std::uint64_t>();
  arithmetic<std::int64_t>();
}

TEST(logicOfEveryWidth) {
  logic<std::uint16_t>();
  logic<std::uint32_t>();
  logic<std::uint64_t>();
}

TEST(bitFields) {
  fields<std::uint32_t>();
  fields<std::int32_t>();
  fields<std::uint64_t>();
  fields<std::int64_t>();
  counts<std::uint32_t>();
  counts<std::uint64_t>();
}

TEST(saturatingSums) {
  const auto clamp = [](Wide value) { return static_cast<std::int32_t>(std::clamp<Wide>(value, INT32_MIN, INT32_MAX)); };
  expect<std::int32_t>("add.sat.s32 %r9, %r0, %r1;", [&](const Row& row) { return clamp(Wide{as<std::int32_t>(row[0])} + as<std::int32_t>(row[1])); });
  expect<std::int32_t>("sub.sat.s32 %r9, %r0, %r1;", [&](const Row& row) { return clamp(Wide{as<std::int32_t>(row[0])} - as<std::int32_t>(row[1])); });
}

TEST(carriesMake128Bits) {
  __extension__ using Unsigned = unsigned __int128;
  const auto pair = [](const Row& row, int i) { return static_cast<Unsigned>(row[static_cast<std::size_t>(i) + 1]) << 64 | row[static_cast<std::size_t>(i)]; };
  // (d1:d0) op (d3:d2), the upper half and the carry out of it.
  expect<std::uint64_t>("add.cc.u64 %d9, %d0, %d2; addc.u64 %d9, %d1, %d3;", [&](const Row& row) { return static_cast<std::uint64_t>((pair(row, 0) + pair(row, 2)) >> 64); });
  expect<std::uint64_t>("add.cc.u64 %d9, %d0, %d2; addc.cc.u64 %d9, %d1, %d3; addc.u64 %d9, 0, 0;", [&](const Row& row) { return pair(row, 0) + pair(row, 2) < pair(row, 0) ? 1U : 0U; });
  expect<std::uint64_t>("sub.cc.u64 %d9, %d0, %d2; subc.u64 %d9, %d1, %d3;", [&](const Row& row) { return static_cast<std::uint64_t>((pair(row, 0) - pair(row, 2)) >> 64); });
  expect<std::uint64_t>("sub.cc.u64 %d9, %d0, %d2; subc.cc.u64 %d9, %d1, %d3; subc.u64 %d9, 0, 0;", [&](const Row& row) { return pair(row, 0) < pair(row, 2) ? UINT64_MAX : 0U; });
  expect<std::uint32_t>("add.cc.u32 %r9, %r0, %r1; addc.u32 %r9, %r2, %r3;", [](const Row& row) {
    return static_cast<std::uint32_t>(row[2] + row[3] + (((row[0] & 0xFFFFFFFF) + (row[1] & 0xFFFFFFFF)) >> 32));
  });
  // 64 x 32 + 64 bits with mad.lo.cc and madc.hi, as libdevice does it.
  const auto product = [](const Row& row) { return static_cast<Unsigned>(as<std::uint32_t>(row[0])) * as<std::uint32_t>(row[1]) + row[2]; };
  expect<std::uint64_t>("cvt.u32.u64 %r2, %d2; shr.u64 %d5, %d2, 32; cvt.u32.u64 %r3, %d5; mad.lo.cc.u32 %r5, %r0, %r1, %r2; madc.hi.u32 %r6, %r0, %r1, %r3; mov.b64 %d9, {%r5, %r6};",
                        [&](const Row& row) { return static_cast<std::uint64_t>(product(row)); });
  expect<std::uint32_t>("cvt.u32.u64 %r2, %d2; shr.u64 %d5, %d2, 32; cvt.u32.u64 %r3, %d5; mad.lo.cc.u32 %r5, %r0, %r1, %r2; madc.hi.cc.u32 %r6, %r0, %r1, %r3; addc.u32 %r9, 0, 0;",
                        [&](const Row& row) { return static_cast<std::uint32_t>(product(row) >> 64); });
  expect<std::uint64_t>("mad.lo.cc.u64 %d5, %d0, %d1, %d2; madc.hi.u64 %d9, %d0, %d1, 0;",
                        [&](const Row& row) { return static_cast<std::uint64_t>((static_cast<Unsigned>(row[0]) * row[1] + row[2]) >> 64); });
  expect<std::uint32_t>("mad.lo.cc.u32 %r5, %r0, %r1, %r2; madc.lo.cc.u32 %r9, %r0, %r1, %r3;", [](const Row& row) {
    const std::uint32_t low = as<std::uint32_t>(row[0]) * as<std::uint32_t>(row[1]);
    return static_cast<std::uint32_t>(low + as<std::uint32_t>(row[3]) + ((std::uint64_t{low} + as<std::uint32_t>(row[2])) >> 32));
  });
}

TEST(bytesAndFunnels) {
  expect<std::uint32_t>("prmt.b32 %r9, %r0, %r1, %r2;", [](const Row& row) {
    const std::uint64_t pair = row[1] << 32 | (row[0] & 0xFFFFFFFF);
    std::uint32_t result = 0;
    for (unsigned i = 0; i < 4; i++) {
      const auto choice = static_cast<unsigned>(row[2] >> (4 * i) & 15);
      const auto byte = static_cast<std::int8_t>(pair >> (8 * (choice & 7)));
      result |= std::uint32_t{static_cast<std::uint8_t>(choice >= 8 ? byte >> 7 : byte)} << (8 * i);
    }
    return result;
  });
  // Modes, PTX ISA table of prmt: the bytes d3 d2 d1 d0 for the selector 0, 1, 2, 3.
  const std::pair<const char*, std::array<std::uint32_t, 4>> modes[] = {
      {"f4e", {0x3210, 0x4321, 0x5432, 0x6543}}, {"b4e", {0x5670, 0x6701, 0x7012, 0x0123}}, {"rc8", {0x0000, 0x1111, 0x2222, 0x3333}},
      {"ecl", {0x3210, 0x3211, 0x3222, 0x3333}}, {"ecr", {0x0000, 0x1110, 0x2210, 0x3210}}, {"rc16", {0x1010, 0x3232, 0x1010, 0x3232}}};
  for (const auto& [mode, selectors] : modes) {
    const auto& table = selectors;
    expect<std::uint32_t>(std::string("prmt.b32.") + mode + " %r9, %r0, %r1, %r2;", [&table](const Row& row) {
      const std::uint64_t pair = row[1] << 32 | (row[0] & 0xFFFFFFFF);
      std::uint32_t result = 0;
      for (unsigned i = 0; i < 4; i++) {
        result |= static_cast<std::uint32_t>(pair >> (8 * (table[row[2] & 3] >> (4 * i) & 15)) & 255) << (8 * i);
      }
      return result;
    });
  }
  const auto pair = [](const Row& row) { return row[1] << 32 | (row[0] & 0xFFFFFFFF); };
  expect<std::uint32_t>("shf.l.wrap.b32 %r9, %r0, %r1, %r2;", [&](const Row& row) { return static_cast<std::uint32_t>(pair(row) << (row[2] & 31) >> 32); });
  expect<std::uint32_t>("shf.r.wrap.b32 %r9, %r0, %r1, %r2;", [&](const Row& row) { return static_cast<std::uint32_t>(pair(row) >> (row[2] & 31)); });
  expect<std::uint32_t>("shf.l.clamp.b32 %r9, %r0, %r1, %r2;", [&](const Row& row) { return static_cast<std::uint32_t>(pair(row) << std::min<std::uint64_t>(row[2] & 0xFFFFFFFF, 32) >> 32); });
  expect<std::uint32_t>("shf.r.clamp.b32 %r9, %r0, %r1, %r2;", [&](const Row& row) { return static_cast<std::uint32_t>(pair(row) >> std::min<std::uint64_t>(row[2] & 0xFFFFFFFF, 32)); });
  expect<std::uint32_t>("lop3.b32 %r9, %r0, %r1, %r2, 0x96;", [](const Row& row) { return as<std::uint32_t>(row[0] ^ row[1] ^ row[2]); });
  expect<std::uint32_t>("lop3.b32 %r9, %r0, %r1, %r2, 0xCA;", [](const Row& row) { return as<std::uint32_t>((row[0] & row[1]) | (~row[0] & row[2])); });
  expect<std::int32_t>("mul24.lo.s32 %r9, %r0, %r1;", [](const Row& row) {
    const auto low = [](std::uint64_t x) { return Wide{static_cast<std::int32_t>(static_cast<std::uint32_t>(x << 8)) >> 8}; };
    return static_cast<std::int32_t>(low(row[0]) * low(row[1]));
  });
  expect<std::uint32_t>("mul24.hi.u32 %r9, %r0, %r1;", [](const Row& row) { return static_cast<std::uint32_t>((row[0] & 0xFFFFFF) * (row[1] & 0xFFFFFF) >> 16); });
  expect<std::int32_t>("dp4a.s32.u32 %r9, %r0, %r1, %r2;", [](const Row& row) {
    Wide sum = as<std::int32_t>(row[2]);
    for (int i = 0; i < 32; i += 8) {
      sum += Wide{static_cast<std::int8_t>(row[0] >> i)} * static_cast<std::uint8_t>(row[1] >> i);
    }
    return static_cast<std::int32_t>(sum);
  });
  expect<std::uint32_t>("slct.u32.s32 %r9, %r0, %r1, %r2;", [](const Row& row) { return as<std::uint32_t>(as<std::int32_t>(row[2]) >= 0 ? row[0] : row[1]); });
}

TEST(combinedPredicates) {
  const auto less = [](const Row& row) { return as<std::uint32_t>(row[0]) < as<std::uint32_t>(row[1]); };
  const auto other = [](const Row& row) { return as<std::uint32_t>(row[2]) < as<std::uint32_t>(row[3]); };
  const std::string first = "setp.lo.u32 %p1, %r2, %r3;\n";
  using Result = std::uint64_t;
  expect<Result>(first + "setp.lt.and.u32 %p9, %r0, %r1, %p1;", [&](const Row& row) { return less(row) && other(row) ? 1U : 0U; }, 'p');
  expect<Result>(first + "setp.lt.or.u32 %p9, %r0, %r1, !%p1;", [&](const Row& row) { return less(row) || !other(row) ? 1U : 0U; }, 'p');
  expect<Result>(first + "setp.lt.xor.u32 %p9, %r0, %r1, %p1;", [&](const Row& row) { return less(row) != other(row) ? 1U : 0U; }, 'p');
  expect<Result>(first + "setp.lt.and.u32 %p2|%p9, %r0, %r1, %p1;", [&](const Row& row) { return !less(row) && other(row) ? 1U : 0U; }, 'p');
  expect<Result>(first + "setp.hs.u32 %p2, %r0, %r1; and.pred %p9, %p1, %p2;", [&](const Row& row) { return !less(row) && other(row) ? 1U : 0U; }, 'p');
  expect<Result>(first + "setp.ls.u32 %p2, %r1, %r0; or.pred %p9, %p1, %p2;", [&](const Row& row) { return !less(row) || other(row) ? 1U : 0U; }, 'p');
  expect<Result>(first + "setp.hi.u32 %p2, %r1, %r0; xor.pred %p9, %p1, %p2;", [&](const Row& row) { return less(row) != other(row) ? 1U : 0U; }, 'p');
  expect<Result>(first + "not.pred %p9, %p1;", [&](const Row& row) { return other(row) ? 0U : 1U; }, 'p');
  expect<Result>(first + "mov.pred %p9, %p1;", [&](const Row& row) { return other(row) ? 1U : 0U; }, 'p');
  expect<Result>(first + "mov.pred %p9, 0; @%p1 mov.pred %p9, 1;", [&](const Row& row) { return other(row) ? 1U : 0U; }, 'p');
  expect<std::uint32_t>(first + "mov.u32 %r9, %r0; @!%p1 add.u32 %r9, %r9, 1;", [&](const Row& row) { return as<std::uint32_t>(row[0] + (other(row) ? 0 : 1)); });
}

TEST(packedMoves) {
  expect<std::uint64_t>("mov.b64 {%r5, %r6}, %d0; mov.b64 %d9, {%r6, %r5};", [](const Row& row) { return row[0] << 32 | row[0] >> 32; });
  expect<std::uint32_t>("mov.b32 {%h5, %h6}, %r0; mov.b32 %r9, {%h6, %h5};", [](const Row& row) { return as<std::uint32_t>(row[0] << 16 | (row[0] >> 16 & 0xFFFF)); });
  expect<std::uint64_t>("mov.b64 {%h5, %h6, _, %h8}, %d0; mov.b64 %d9, {%h8, %h6, %h5, %h5};",
                        [](const Row& row) { return row[0] >> 48 | (row[0] & 0xFFFF0000) | (row[0] & 0xFFFF) << 32 | row[0] << 48; });
}

int main(int count, char** arguments) { return check::main(count, arguments); }
