// f32, f64 and half arithmetic and conversions against 113-bit floating point (sums to odd), rounded once by this file's own
// rounding.

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <random>

#include "check.hpp"
#include "ptx.hpp"
#include "ptx/numbers.hpp"

using ptx_test::bits;
using ptx_test::real32;
using ptx_test::real64;
using ptx_test::Row;

namespace {

__extension__ using Quad = __float128;  // at least 2 * 53 + 2 bits: quotients and roots rounded to it and then to double are right

enum Mode { kRn, kRz, kRm, kRp };
constexpr const char* kModes[] = {"rn", "rz", "rm", "rp"};

template <class T>
T canonical(T value) {
  return std::isnan(value) ? std::bit_cast<T>(static_cast<std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>(sizeof(T) == 4 ? 0x7FFFFFFF : 0x7FF8000000000000)) : value;
}

/** a + b, with the last bit set if it is inexact: a second rounding to far fewer bits is then as if from the exact sum. */
Quad plus(Quad a, Quad b) {
  const Quad total = a + b;
  const Quad part = total - a;
  const Quad error = (a - (total - part)) + (b - part);
  __extension__ using Raw = unsigned __int128;
  Raw raw = std::bit_cast<Raw>(total);
  if (error != error || error == 0 || (raw & 1) != 0) {
    return total;
  }
  raw += (error > 0) == (total > 0) ? 1 : -1;
  return std::bit_cast<Quad>(raw);
}

/** The neighbour of the nearest number that the mode asks for. */
template <class T>
T rounded(Quad exact, Mode mode) {
  const T nearest = static_cast<T>(exact);
  constexpr T kInfinity = std::numeric_limits<T>::infinity();
  if (exact != exact || mode == kRn || static_cast<Quad>(nearest) == exact) {
    return nearest;
  }
  const Quad wide = nearest;
  const bool down = mode == kRm || (mode == kRz && exact > 0);
  if (down && wide > exact) {
    return std::nextafter(nearest, -kInfinity);
  }
  return !down && wide < exact ? std::nextafter(nearest, kInfinity) : nearest;
}

template <class T>
T flush(T value) {
  return std::fabs(value) < std::numeric_limits<T>::min() ? std::copysign(T{0}, value) : value;
}

template <class T>
std::vector<T> edges() {
  using L = std::numeric_limits<T>;
  std::vector<T> values = {0, 1, 2, 3, T(0.5), T(1) / 3, T(1.5), L::min(), L::min() / 2, L::min() * T(1.5), L::denorm_min(), L::denorm_min() * 5, L::max(), L::max() / 2,
                           L::infinity(), L::quiet_NaN(), 1 + L::epsilon(), 1 - L::epsilon() / 2, T(16777217), T(0.1), T(1e-20), T(1e20)};
  const std::size_t count = values.size();
  for (std::size_t i = 0; i < count; i++) {
    values.push_back(-values[i]);
  }
  return values;
}

/** Edges with edges, and random ones of near and of far magnitudes. */
template <class T>
const std::vector<Row>& rows() {
  static const std::vector<Row> kRows = [] {
    std::mt19937_64 random(5);
    const auto any = [&random]() -> T {
      if constexpr (sizeof(T) == 4) {
        return std::bit_cast<float>(static_cast<std::uint32_t>(random()));
      } else {
        return std::bit_cast<double>(random());
      }
    };
    const auto near = [&random] { return static_cast<T>(static_cast<double>(static_cast<std::int64_t>(random())) * 0x1p-62); };
    std::vector<Row> rows;
    const std::vector<T> values = edges<T>();
    for (const T a : values) {
      for (const T b : values) {
        rows.push_back({bits(a), bits(b), bits(values[random() % values.size()]), random()});
      }
    }
    for (int i = 0; i < 2000; i++) {
      rows.push_back({bits(near()), bits(near()), bits(near()), random()});
      rows.push_back({bits(any()), bits(any()), bits(any()), random()});
    }
    return rows;
  }();
  return kRows;
}

template <class T>
T value(std::uint64_t raw) {
  if constexpr (sizeof(T) == 4) {
    return real32(raw);
  } else {
    return real64(raw);
  }
}

/** f32 results must agree in every bit; f64 ones too, but for the payload of a NaN. */
template <class T>
void expect(const std::string& snippet, const std::function<T(T, T, T)>& wanted) {
  const std::vector<std::uint64_t> got = ptx_test::results(snippet, sizeof(T) == 4 ? 'r' : 'd', rows<T>());
  for (std::size_t i = 0; i < got.size(); i++) {
    const Row& row = rows<T>()[i];
    const T result = sizeof(T) == 8 ? canonical(value<T>(got[i])) : value<T>(got[i]);
    const T right = canonical(wanted(value<T>(row[0]), value<T>(row[1]), value<T>(row[2])));
    if (bits(result) != bits(right)) {
      std::ostringstream text;
      text << std::hexfloat << snippet << " of " << value<T>(row[0]) << ", " << value<T>(row[1]) << ", " << value<T>(row[2]) << " is " << result << ", not " << right;
      check::fail(__FILE__, __LINE__, text.str());
      return;
    }
  }
}

template <class T> std::string type() { return sizeof(T) == 4 ? "f32" : "f64"; }

template <class T>
std::string named(std::string text) {
  for (std::size_t at = text.find('$'); at != std::string::npos; at = text.find('$')) {
    text.replace(at, 1, sizeof(T) == 4 ? "%r" : "%d");
  }
  return text;
}

/** The sign of an exact zero sum is + unless rounding down, or both are -0 (IEEE 754, 6.3). */
template <class T>
T sum(Quad a, Quad b, Mode mode) {
  const Quad exact = plus(a, b);
  if (exact == 0 && a == -b && a != 0) {
    return mode == kRm ? T{-0.0} : T{0};
  }
  if (exact == 0) {
    const bool negative = std::signbit(static_cast<double>(a)) && std::signbit(static_cast<double>(b));
    const bool mixed = std::signbit(static_cast<double>(a)) != std::signbit(static_cast<double>(b));
    return negative || (mixed && mode == kRm) ? T{-0.0} : T{0};
  }
  return rounded<T>(exact, mode);
}

template <class T>
Quad root(T a) {  // one Newton step from 64 bits
  if (!(a > 0) || std::isinf(a)) {
    return std::sqrt(a);
  }
  const Quad start = std::sqrt(static_cast<long double>(a));
  return (start + static_cast<Quad>(a) / start) / 2;
}

template <class T>
T fused(T a, T b, T c, Mode mode) {
  return sum<T>(static_cast<Quad>(a) * static_cast<Quad>(b), c, mode);  // the product of two 53-bit numbers is exact
}

template <class T>
void roundedArithmetic() {
  for (const Mode mode : {kRn, kRz, kRm, kRp}) {
    const std::string m = std::string(".") + kModes[mode] + ".";
    const std::string t = type<T>();
    expect<T>(named<T>("add" + m + t + " $9, $0, $1;"), [=](T a, T b, T) { return sum<T>(a, b, mode); });
    expect<T>(named<T>("sub" + m + t + " $9, $0, $1;"), [=](T a, T b, T) { return sum<T>(a, -b, mode); });
    expect<T>(named<T>("mul" + m + t + " $9, $0, $1;"), [=](T a, T b, T) { return rounded<T>(static_cast<Quad>(a) * static_cast<Quad>(b), mode); });
    expect<T>(named<T>("div" + m + t + " $9, $0, $1;"), [=](T a, T b, T) { return rounded<T>(static_cast<Quad>(a) / static_cast<Quad>(b), mode); });
    expect<T>(named<T>("rcp" + m + t + " $9, $0;"), [=](T a, T, T) { return rounded<T>(1 / static_cast<Quad>(a), mode); });
    expect<T>(named<T>("sqrt" + m + t + " $9, $0;"), [=](T a, T, T) { return a == 0 ? a : rounded<T>(root(a), mode); });
    expect<T>(named<T>("fma" + m + t + " $9, $0, $1, $2;"), [=](T a, T b, T c) { return fused<T>(a, b, c, mode); });
    expect<T>(named<T>("mad" + m + t + " $9, $0, $1, $2;"), [=](T a, T b, T c) { return fused<T>(a, b, c, mode); });
  }
}

template <class T>
void others() {
  const std::string t = type<T>();
  expect<T>(named<T>("add." + t + " $9, $0, $1;"), [](T a, T b, T) { return a + b; });
  expect<T>(named<T>("sub." + t + " $9, $0, $1;"), [](T a, T b, T) { return a - b; });
  expect<T>(named<T>("mul." + t + " $9, $0, $1;"), [](T a, T b, T) { return a * b; });
  expect<T>(named<T>("mov." + t + " $9, $0; add." + t + " $9, $9, $9;"), [](T a, T, T) { return a + a; });
  expect<T>(named<T>("abs." + t + " $8, $0; mul." + t + " $9, $8, 0d3FF0000000000000;"), [](T a, T, T) { return std::fabs(a); });
  expect<T>(named<T>("neg." + t + " $8, $0; mul." + t + " $9, $8, 0f3F800000;"), [](T a, T, T) { return -a; });
  expect<T>(named<T>("copysign." + t + " $8, $0, $1; mul." + t + " $9, $8, 1.0;"), [](T a, T b, T) { return std::copysign(b, a); });
  const auto extreme = [](bool max) {
    return [max](T a, T b, T) {
      if (std::isnan(a) || std::isnan(b)) {
        return std::isnan(a) ? b : a;
      }
      if (a == b) {
        return std::signbit(a) == max ? b : a;
      }
      return (a > b) == max ? a : b;
    };
  };
  expect<T>(named<T>("min." + t + " $9, $0, $1;"), extreme(false));
  expect<T>(named<T>("max." + t + " $9, $0, $1;"), extreme(true));
  if (sizeof(T) == 4) {
    expect<T>(named<T>("max.NaN." + t + " $9, $0, $1;"), [=](T a, T b, T c) { return std::isnan(a) || std::isnan(b) ? T(NAN) : extreme(true)(a, b, c); });
    expect<T>(named<T>("min.NaN." + t + " $9, $0, $1;"), [=](T a, T b, T c) { return std::isnan(a) || std::isnan(b) ? T(NAN) : extreme(false)(a, b, c); });
  }
  const std::pair<const char*, std::function<bool(T, T)>> comparisons[] = {
      {"eq", [](T a, T b) { return a == b; }}, {"ne", [](T a, T b) { return a != b && a == a && b == b; }}, {"lt", [](T a, T b) { return a < b; }}, {"le", [](T a, T b) { return a <= b; }},
      {"gt", [](T a, T b) { return a > b; }}, {"ge", [](T a, T b) { return a >= b; }}, {"num", [](T a, T b) { return a == a && b == b; }}};
  const std::pair<const char*, const char*> unordered[] = {{"eq", "equ"}, {"ne", "neu"}, {"lt", "ltu"}, {"le", "leu"}, {"gt", "gtu"}, {"ge", "geu"}, {"num", "nan"}};
  for (std::size_t i = 0; i < 7; i++) {
    const auto& f = comparisons[i].second;
    const std::string after = ";\n" + named<T>("selp." + t + " $9, 1.0, 0.0, %p9;");
    expect<T>(std::string("setp.") + comparisons[i].first + "." + t + " %p9, " + named<T>("$0, $1") + after, [&](T a, T b, T) { return f(a, b) ? T{1} : T{0}; });
    const bool isNan = i == 6;
    expect<T>(std::string("setp.") + unordered[i].second + "." + t + " %p9, " + named<T>("$0, $1") + after,
              [&, isNan](T a, T b, T) { return isNan ? (f(a, b) ? T{0} : T{1}) : (a != a || b != b || f(a, b) ? T{1} : T{0}); });
  }
  const std::pair<const char*, std::function<bool(T)>> properties[] = {
      {"finite", [](T a) { return std::isfinite(a); }}, {"infinite", [](T a) { return std::isinf(a); }}, {"number", [](T a) { return !std::isnan(a); }},
      {"notanumber", [](T a) { return std::isnan(a); }}, {"subnormal", [](T a) { return a != 0 && std::fabs(a) < std::numeric_limits<T>::min(); }},
      {"normal", [](T a) { return std::isnormal(a) || a == 0; }}};
  for (const auto& [name, holds] : properties) {
    const auto& f = holds;
    expect<T>(std::string("testp.") + name + "." + t + " %p9, " + named<T>("$0;\nselp." + t + " $9, 1.0, 0.0, %p9;"), [&](T a, T, T) { return f(a) ? T{1} : T{0}; });
  }
}

}  // namespace

TEST(floatsAreRoundedOnce) { roundedArithmetic<float>(); }
TEST(doublesAreRoundedOnce) { roundedArithmetic<double>(); }
TEST(otherFloats) { others<float>(); }
TEST(otherDoubles) { others<double>(); }

TEST(flushing) {
  const auto f = [](float x) { return flush(x); };
  expect<float>("add.ftz.f32 %r9, %r0, %r1;", [=](float a, float b, float) { return f(f(a) + f(b)); });
  expect<float>("sub.ftz.f32 %r9, %r0, %r1;", [=](float a, float b, float) { return f(f(a) - f(b)); });
  expect<float>("mul.rn.ftz.f32 %r9, %r0, %r1;", [=](float a, float b, float) { return f(f(a) * f(b)); });
  expect<float>("mul.rz.ftz.f32 %r9, %r0, %r1;", [=](float a, float b, float) { return f(rounded<float>(static_cast<Quad>(f(a)) * static_cast<Quad>(f(b)), kRz)); });
  expect<float>("fma.rn.ftz.f32 %r9, %r0, %r1, %r2;", [=](float a, float b, float c) { return f(std::fma(f(a), f(b), f(c))); });
  expect<float>("div.rn.ftz.f32 %r9, %r0, %r1;", [=](float a, float b, float) { return f(f(a) / f(b)); });
  expect<float>("sqrt.rn.ftz.f32 %r9, %r0;", [=](float a, float, float) { return f(std::sqrt(f(a))); });
  expect<float>("rcp.rn.ftz.f32 %r9, %r0;", [=](float a, float, float) { return f(1 / f(a)); });
  expect<float>("abs.ftz.f32 %r8, %r0; mul.f32 %r9, %r8, 1.0;", [=](float a, float, float) { return std::fabs(f(a)); });
  expect<float>("neg.ftz.f32 %r8, %r0; mul.f32 %r9, %r8, 1.0;", [=](float a, float, float) { return -f(a); });
  expect<float>("setp.gt.ftz.f32 %p9, %r0, %r1; selp.f32 %r9, 1.0, 0.0, %p9;", [=](float a, float b, float) { return f(a) > f(b) ? 1.0F : 0.0F; });
}

TEST(saturation) {
  const auto clamp = [](float x) { return x > 0 ? std::min(x, 1.0F) : 0.0F; };
  expect<float>("add.sat.f32 %r9, %r0, %r1;", [=](float a, float b, float) { return clamp(a + b); });
  expect<float>("mul.rn.sat.f32 %r9, %r0, %r1;", [=](float a, float b, float) { return clamp(a * b); });
  expect<float>("fma.rn.sat.f32 %r9, %r0, %r1, %r2;", [=](float a, float b, float c) { return clamp(std::fma(a, b, c)); });
  expect<float>("cvt.sat.f32.f32 %r9, %r0;", [=](float a, float, float) { return clamp(a); });
}

namespace {

template <class T>
double integral(T x, Mode mode) {
  const double a = x;
  return mode == kRn ? std::nearbyint(a) : mode == kRz ? std::trunc(a) : mode == kRm ? std::floor(a) : std::ceil(a);
}
constexpr const char* kIntegral[] = {"rni", "rzi", "rmi", "rpi"};

template <class S, class D>
void toIntegers(const char* name, char file) {
  using L = std::numeric_limits<D>;
  const std::string from = type<S>();
  for (const Mode mode : {kRn, kRz, kRm, kRp}) {
    const std::string snippet = std::string("cvt.") + kIntegral[mode] + "." + name + "." + from + " %" + file + "9, " + (sizeof(S) == 4 ? "%r0;" : "%d0;");
    const std::vector<std::uint64_t> got = ptx_test::results(snippet, file, rows<S>());
    for (std::size_t i = 0; i < got.size(); i++) {
      const S a = value<S>(rows<S>()[i][0]);
      const double whole = integral(a, mode);
      D wanted = 0;
      if (std::isnan(a)) {
        wanted = sizeof(S) == 8 || sizeof(D) == 8 ? static_cast<D>(std::uint64_t{1} << (8 * sizeof(D) - 1)) : D{0};
      } else if (whole >= static_cast<double>(L::max())) {
        wanted = static_cast<Quad>(whole) >= static_cast<Quad>(L::max()) ? L::max() : static_cast<D>(whole);
      } else {
        wanted = whole <= static_cast<double>(L::min()) ? L::min() : static_cast<D>(whole);
      }
      if (static_cast<D>(got[i]) != wanted) {
        std::ostringstream text;
        text << snippet << " of " << a << " is " << +static_cast<D>(got[i]) << ", not " << +wanted;
        check::fail(__FILE__, __LINE__, text.str());
        return;
      }
    }
  }
}

template <class S, class T>
void fromIntegers(const char* name, const char* source) {
  for (const Mode mode : {kRn, kRz, kRm, kRp}) {
    const std::string snippet = std::string("cvt.") + kModes[mode] + "." + type<T>() + "." + name + (sizeof(T) == 4 ? " %r9, " : " %d9, ") + source + ";";
    const std::vector<std::uint64_t> got = ptx_test::results(snippet, sizeof(T) == 4 ? 'r' : 'd', rows<double>());
    for (std::size_t i = 0; i < got.size(); i++) {
      const auto a = static_cast<S>(rows<double>()[i][0]);
      CHECK_EQ(got[i], bits(rounded<T>(static_cast<Quad>(a), mode)));
    }
  }
}

}  // namespace

TEST(realsToIntegers) {
  toIntegers<float, std::int8_t>("s8", 'r');
  toIntegers<float, std::uint8_t>("u8", 'r');
  toIntegers<float, std::int16_t>("s16", 'h');
  toIntegers<float, std::uint16_t>("u16", 'h');
  toIntegers<float, std::int32_t>("s32", 'r');
  toIntegers<float, std::uint32_t>("u32", 'r');
  toIntegers<float, std::int64_t>("s64", 'd');
  toIntegers<float, std::uint64_t>("u64", 'd');
  toIntegers<double, std::int32_t>("s32", 'r');
  toIntegers<double, std::uint32_t>("u32", 'r');
  toIntegers<double, std::int64_t>("s64", 'd');
  toIntegers<double, std::uint64_t>("u64", 'd');
}

TEST(integersToReals) {
  fromIntegers<std::int8_t, float>("s8", "%r0");
  fromIntegers<std::uint8_t, float>("u8", "%h0");
  fromIntegers<std::int16_t, float>("s16", "%h0");
  fromIntegers<std::uint16_t, float>("u16", "%h0");
  fromIntegers<std::int32_t, float>("s32", "%r0");
  fromIntegers<std::uint32_t, float>("u32", "%r0");
  fromIntegers<std::int64_t, float>("s64", "%d0");
  fromIntegers<std::uint64_t, float>("u64", "%d0");
  fromIntegers<std::int32_t, double>("s32", "%r0");
  fromIntegers<std::uint32_t, double>("u32", "%r0");
  fromIntegers<std::int64_t, double>("s64", "%d0");
  fromIntegers<std::uint64_t, double>("u64", "%d0");
}

TEST(integersToIntegers) {
  const auto with = [](const std::string& snippet, char file, const std::function<std::uint64_t(std::uint64_t)>& wanted) {
    const std::vector<std::uint64_t> got = ptx_test::results(snippet, file, rows<double>());
    for (std::size_t i = 0; i < got.size(); i++) {
      if (got[i] != wanted(rows<double>()[i][0])) {
        check::fail(__FILE__, __LINE__, snippet);
        return;
      }
    }
  };
  using U = std::uint64_t;
  with("cvt.u32.u64 %r9, %d0;", 'r', [](U a) { return a & 0xFFFFFFFF; });
  with("cvt.s64.s32 %d9, %r0;", 'd', [](U a) { return static_cast<U>(static_cast<std::int64_t>(static_cast<std::int32_t>(a))); });
  with("cvt.u64.u32 %d9, %r0;", 'd', [](U a) { return a & 0xFFFFFFFF; });
  with("cvt.s32.s8 %r9, %r0;", 'r', [](U a) { return static_cast<U>(static_cast<std::uint32_t>(std::int32_t{static_cast<std::int8_t>(a)})); });
  with("cvt.s16.s8 %h9, %h0;", 'h', [](U a) { return static_cast<U>(static_cast<std::uint16_t>(std::int16_t{static_cast<std::int8_t>(a)})); });
  with("cvt.u16.u32 %h9, %r0;", 'h', [](U a) { return a & 0xFFFF; });
  with("cvt.u32.u16 %r9, %h0;", 'r', [](U a) { return a & 0xFFFF; });
  with("cvt.u8.u32 %r9, %r0;", 'r', [](U a) { return a & 0xFF; });
  with("cvt.s8.s32 %r9, %r0;", 'r', [](U a) { return static_cast<U>(static_cast<std::uint32_t>(std::int32_t{static_cast<std::int8_t>(a)})); });
  with("cvt.sat.s8.s64 %r9, %d0;", 'r', [](U a) { return static_cast<U>(static_cast<std::uint32_t>(std::clamp<std::int64_t>(static_cast<std::int64_t>(a), -128, 127))); });
  with("cvt.sat.u8.s32 %r9, %r0;", 'r', [](U a) { return static_cast<U>(std::clamp<std::int32_t>(static_cast<std::int32_t>(a), 0, 255)); });
  with("cvt.sat.u32.s64 %r9, %d0;", 'r', [](U a) { return static_cast<U>(std::clamp<std::int64_t>(static_cast<std::int64_t>(a), 0, UINT32_MAX)); });
  with("cvt.sat.s32.u64 %r9, %d0;", 'r', [](U a) { return std::min<U>(a, INT32_MAX); });
}

TEST(realsToReals) {
  for (const Mode mode : {kRn, kRz, kRm, kRp}) {
    const std::string m = kModes[mode];
    const std::vector<std::uint64_t> got = ptx_test::results("cvt." + m + ".f32.f64 %r9, %d0;", 'r', rows<double>());
    for (std::size_t i = 0; i < got.size(); i++) {
      CHECK_EQ(got[i], bits(canonical(rounded<float>(static_cast<Quad>(value<double>(rows<double>()[i][0])), mode))));
    }
    const std::string whole = kIntegral[mode];
    expect<float>("cvt." + whole + ".f32.f32 %r9, %r0;", [=](float a, float, float) { return static_cast<float>(integral(a, mode)); });
    expect<double>("cvt." + whole + ".f64.f64 %d9, %d0;", [=](double a, double, double) { return integral(a, mode); });
  }
  const std::vector<std::uint64_t> got = ptx_test::results("cvt.f64.f32 %d9, %r0;", 'd', rows<float>());
  for (std::size_t i = 0; i < got.size(); i++) {
    const float a = value<float>(rows<float>()[i][0]);
    CHECK(std::isnan(a) ? std::isnan(real64(got[i])) : real64(got[i]) == a);
  }
  expect<float>("cvt.ftz.f64.f32 %d5, %r0; cvt.rn.f32.f64 %r9, %d5;", [](float a, float, float) { return flush(a); });
}

// ---- halves. The oracle searches the nearest of all 65536 values instead of computing it.

namespace {

/** Value of the bits of f16 (5 exponent bits) or bf16, written down from the formats' definition. */
double halfValue(unsigned raw, bool brain) {
  const unsigned fraction = brain ? 7 : 10;
  const int bias = brain ? 127 : 15;
  const unsigned exponent = (raw & 0x7FFF) >> fraction;
  const unsigned significand = raw & ((1U << fraction) - 1);
  const double sign = (raw & 0x8000) != 0 ? -1 : 1;
  if (exponent == (brain ? 255U : 31U)) {
    return significand != 0 ? NAN : sign * INFINITY;
  }
  const double scale = std::pow(2.0, static_cast<int>(exponent == 0 ? 1 : exponent) - bias - static_cast<int>(fraction));
  return sign * scale * (exponent == 0 ? significand : significand + (1U << fraction));
}

/** Bits of the half nearest to a magnitude (ties to even) or the next one in the direction of the mode; by bisection. */
unsigned nearestHalf(Quad exact, bool brain, Mode mode) {
  if (exact != exact) {
    return 0x7FFF;
  }
  const bool negative = exact < 0 || (exact == 0 && std::signbit(static_cast<double>(exact)));
  const Quad magnitude = exact < 0 ? -exact : exact;
  const unsigned infinity = brain ? 0x7F80 : 0x7C00;
  if (magnitude > static_cast<Quad>(std::numeric_limits<double>::max())) {
    return infinity | (negative ? 0x8000U : 0);
  }
  unsigned low = 0;  // the greatest half not above
  for (unsigned step = 0x4000; step > 0; step /= 2) {
    if (low + step < infinity && static_cast<Quad>(halfValue(low + step, brain)) <= magnitude) {
      low += step;
    }
  }
  const Quad below = halfValue(low, brain);
  const Quad above = low + 1 == infinity ? static_cast<Quad>(brain ? 0x1p128 : 0x1p16) : static_cast<Quad>(halfValue(low + 1, brain));
  bool up = false;
  if (mode == kRn) {
    up = magnitude - below > above - magnitude || (magnitude - below == above - magnitude && (low & 1) != 0);
  } else {
    up = magnitude > below && ((mode == kRp && !negative) || (mode == kRm && negative));
  }
  return (up ? low + 1 : low) | (negative ? 0x8000U : 0);
}

std::vector<Row> halfRows() {
  std::mt19937_64 random(3);
  std::vector<Row> rows;
  const unsigned edges[] = {0, 1, 2, 0x3FF, 0x400, 0x401, 0x3C00, 0x3C01, 0x7BFF, 0x7C00, 0x7E00, 0x3F80, 0x3F81, 0x7F7F, 0x7F80, 0x7FC0, 0x80, 0x7F};
  for (const unsigned a : edges) {
    for (const unsigned b : edges) {
      rows.push_back({a, b, random() & 0xFFFF, 0});
      rows.push_back({a | 0x8000, b, random() & 0xFFFF, 0});
    }
  }
  for (int i = 0; i < 3000; i++) {
    rows.push_back({random() & 0xFFFF, random() & 0xFFFF, random() & 0xFFFF, 0});
    rows.push_back({0x3C00 ^ (random() & 0x83FF), 0x3C00 ^ (random() & 0x83FF), 0x3C00 ^ (random() & 0x83FF), 0});  // like magnitudes
  }
  return rows;
}

/** Scalar and packed: the pair holds the operands in one order below and in the other above. */
void expectHalf(const std::string& base, bool brain, const std::function<Quad(double, double, double)>& exact, int sources) {
  const std::vector<Row> rows = halfRows();
  const std::string t = brain ? "bf16" : "f16";
  std::string operands = "0";
  for (int i = 1; i < sources; i++) {
    operands += ", $" + std::to_string(i);
  }
  const auto with = [&](const std::string& prefix) {
    std::string text = " $9, $" + operands + ";";
    for (std::size_t at = text.find('$'); at != std::string::npos; at = text.find('$')) {
      text.replace(at, 1, prefix);
    }
    return text;
  };
  const std::vector<std::uint64_t> one = ptx_test::results(base + "." + t + with("%h"), 'h', rows);
  const std::vector<std::uint64_t> two = ptx_test::results(
      "mov.b32 %r0, {%h0, %h1}; mov.b32 %r1, {%h1, %h2}; mov.b32 %r2, {%h2, %h0};\n" + base + "." + t + "x2" + with("%r"), 'r', rows);
  for (std::size_t i = 0; i < rows.size(); i++) {
    const double x[] = {halfValue(static_cast<unsigned>(rows[i][0]), brain), halfValue(static_cast<unsigned>(rows[i][1]), brain), halfValue(static_cast<unsigned>(rows[i][2]), brain)};
    const unsigned low = nearestHalf(exact(x[0], x[1], x[2]), brain, kRn);
    const unsigned high = nearestHalf(exact(x[1], x[2], x[0]), brain, kRn);
    if (one[i] != low || two[i] != (std::uint64_t{high} << 16 | low)) {
      std::ostringstream text;
      text << base << "." << t << std::hex << " of " << rows[i][0] << ", " << rows[i][1] << ", " << rows[i][2] << " is " << one[i] << " and " << two[i] << ", not " << low << " and " << high;
      check::fail(__FILE__, __LINE__, text.str());
      return;
    }
  }
}

}  // namespace

TEST(halfArithmetic) {
  for (const bool brain : {false, true}) {
    const auto q = [](double x) { return static_cast<Quad>(x); };
    expectHalf("add", brain, [=](double a, double b, double) { return plus(q(a), q(b)); }, 2);
    expectHalf("sub", brain, [=](double a, double b, double) { return plus(q(a), -q(b)); }, 2);
    expectHalf("mul", brain, [=](double a, double b, double) { return q(a) * q(b); }, 2);
    expectHalf("fma.rn", brain, [=](double a, double b, double c) { return plus(q(a) * q(b), q(c)); }, 3);
    expectHalf("min", brain, [=](double a, double b, double) { return q(std::isnan(a) ? b : std::isnan(b) ? a : a == b ? (std::signbit(a) ? a : b) : std::min(a, b)); }, 2);
    expectHalf("max", brain, [=](double a, double b, double) { return q(std::isnan(a) ? b : std::isnan(b) ? a : a == b ? (std::signbit(a) ? b : a) : std::max(a, b)); }, 2);
    expectHalf("neg", brain, [=](double a, double, double) { return q(-a); }, 1);
    expectHalf("abs", brain, [=](double a, double, double) { return q(std::fabs(a)); }, 1);
  }
}

TEST(bfloat16FmaDoesNotRoundTwice) {
  // (1 + 2^-4)^2 = 1 + 2^-3 + 2^-8 is a tie of bfloat16; a tiny addend decides it.
  const std::vector<Row> rows = {{0x3F88, 0x3F88, 0x0100, 0}, {0x3F88, 0x3F88, 0x8100, 0}, {0x3F88, 0x3F88, 0, 0}};
  const std::vector<std::uint64_t> got = ptx_test::results("fma.rn.bf16 %h9, %h0, %h1, %h2;", 'h', rows);
  CHECK_EQ(got[0], 0x3F91U);
  CHECK_EQ(got[1], 0x3F90U);
  CHECK_EQ(got[2], 0x3F90U);
}

TEST(halfConversions) {
  std::vector<Row> all;
  for (std::uint64_t i = 0; i < 0x10000; i++) {
    all.push_back({i, 0, 0, 0});
  }
  for (const bool brain : {false, true}) {
    const std::string t = brain ? "bf16" : "f16";
    const std::vector<std::uint64_t> wide = ptx_test::results("cvt.f32." + t + " %r9, %h0;", 'r', all);
    for (std::size_t i = 0; i < all.size(); i++) {
      const double right = halfValue(static_cast<unsigned>(i), brain);
      CHECK(std::isnan(right) ? wide[i] == 0x7FFFFFFF : real32(wide[i]) == right && std::signbit(real32(wide[i])) == std::signbit(right));
    }
    for (const Mode mode : {kRn, kRz, kRm, kRp}) {
      const std::string m = kModes[mode];
      const std::vector<std::uint64_t> narrow = ptx_test::results("cvt." + m + "." + t + ".f32 %h9, %r0;", 'h', rows<float>());
      for (std::size_t i = 0; i < narrow.size(); i++) {
        CHECK_EQ(narrow[i], nearestHalf(static_cast<Quad>(value<float>(rows<float>()[i][0])), brain, mode));
      }
      const std::vector<std::uint64_t> fromDouble = ptx_test::results("cvt." + m + "." + t + ".f64 %h9, %d0;", 'h', rows<double>());
      for (std::size_t i = 0; i < fromDouble.size(); i++) {
        CHECK_EQ(fromDouble[i], nearestHalf(static_cast<Quad>(value<double>(rows<double>()[i][0])), brain, mode));
      }
      const std::vector<std::uint64_t> fromLong = ptx_test::results("cvt." + m + "." + t + ".s64 %h9, %d0;", 'h', rows<double>());
      for (std::size_t i = 0; i < fromLong.size(); i++) {
        CHECK_EQ(fromLong[i], nearestHalf(static_cast<Quad>(static_cast<std::int64_t>(rows<double>()[i][0])), brain, mode));
      }
    }
    const std::vector<std::uint64_t> packed = ptx_test::results("cvt.rn." + t + "x2.f32 %r9, %r0, %r1;", 'r', rows<float>());
    for (std::size_t i = 0; i < packed.size(); i++) {
      const Row& row = rows<float>()[i];
      CHECK_EQ(packed[i], std::uint64_t{nearestHalf(static_cast<Quad>(value<float>(row[0])), brain, kRn)} << 16 | nearestHalf(static_cast<Quad>(value<float>(row[1])), brain, kRn));
    }
    const std::vector<std::uint64_t> whole = ptx_test::results("cvt.rzi.s32." + t + " %r9, %h0;", 'r', all);
    for (std::size_t i = 0; i < all.size(); i++) {
      const double right = halfValue(static_cast<unsigned>(i), brain);
      const double cut = std::isnan(right) ? 0 : std::clamp(std::trunc(right), -2147483648.0, 2147483647.0);
      CHECK_EQ(static_cast<std::int32_t>(whole[i]), static_cast<std::int32_t>(cut));
    }
  }
}

int main(int count, char** arguments) { return check::main(count, arguments); }
