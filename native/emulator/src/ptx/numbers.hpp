#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace emulator::ptx {

template <class T>
using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

/** The NaN that the cards produce: 0x7fffffff as f32; the default quiet NaN as f64. */
template <class T>
T nan() {
  if constexpr (sizeof(T) == 4) {
    return std::bit_cast<float>(std::uint32_t{0x7FFFFFFF});
  } else {
    return std::bit_cast<double>(std::uint64_t{0x7FF8000000000000});
  }
}

/** f32 results that are NaN are canonical (PTX ISA 9.7.3); f64 keeps a payload of the inputs, which PTX leaves open. */
template <class T>
T canonical(T a) {
  if constexpr (sizeof(T) == 4) {
    return a != a ? nan<T>() : a;
  } else {
    return a;
  }
}

/** .ftz: subnormal numbers are zeros of the same sign. */
template <bool Ftz, class T>
T flushed(T a) {
  if constexpr (Ftz) {
    return std::fabs(a) < std::numeric_limits<T>::min() ? std::copysign(T{0}, a) : a;
  } else {
    return a;
  }
}

/** How the half-width formats are made: bits of the significand (the hidden one counts) and of the exponent. */
struct Format {
  int precision;
  int exponentBits;
};
constexpr Format kHalf{11, 5};       // f16
constexpr Format kBrain{8, 8};       // bf16

enum class Rounding : std::uint8_t { kNearest, kZero, kDown, kUp, kAway };

/** The value of f16 or bf16 bits; exact. */
double widen(std::uint16_t bits, Format format);

/** Rounds a real number once; overflow gives infinity or, towards zero, the greatest number. NaN becomes 0x7fff. */
std::uint16_t narrow(double value, Format format, Rounding rounding);

/** a + b rounded to odd: a second rounding to a much narrower format is then as if from the exact sum (Boldo and Melquiond 2008). */
double addToOdd(double a, double b);

}  // namespace emulator::ptx
