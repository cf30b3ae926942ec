#include "cublas/product.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "cublas/cublas.hpp"

namespace blas {
namespace {

template <class T>
T read(const std::byte* data, std::int64_t i) {
  T value;
  std::memcpy(&value, data + static_cast<std::size_t>(i) * sizeof(T), sizeof(T));
  return value;
}

template <class T>
void write(std::byte* data, std::int64_t i, T value) {
  std::memcpy(data + static_cast<std::size_t>(i) * sizeof(T), &value, sizeof(T));
}

float rounded(float value, Rounding rounding) {
  switch (rounding) {
    // Tensor cores read the upper 19 bits.
    case Rounding::Tf32: return std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) & 0xFFFFE000u);
    case Rounding::Float16: return halfToFloat(floatToHalf(value));
    case Rounding::BFloat16: return bfloatToFloat(floatToBfloat(value));
    case Rounding::None: break;
  }
  return value;
}

template <class T>
T element(const View& v, std::int64_t i, Rounding rounding) {
  switch (v.type) {
    case R_32F: return static_cast<T>(rounded(read<float>(v.data, i), rounding));
    case R_64F: return static_cast<T>(read<double>(v.data, i));
    case R_16F: return static_cast<T>(halfToFloat(read<std::uint16_t>(v.data, i)));
    case R_16BF: return static_cast<T>(bfloatToFloat(read<std::uint16_t>(v.data, i)));
    default: throw std::logic_error("product: unknown type");
  }
}

// A tile of the result: its accumulators stay in registers.
template <class T>
struct Tile {
  static constexpr std::int64_t rows = 64 / static_cast<std::int64_t>(sizeof(T));
  static constexpr std::int64_t columns = 4;
};

/**
 * Panels of `width` lines, each [depth, width], padded with zeros: lines are rows of A or columns of B. An element of line l at
 * depth d lies at l * lineStride + d * depthStride.
 */
template <class T>
std::vector<T> pack(const View& v, std::int64_t lines, std::int64_t depth, std::int64_t lineStride,
                    std::int64_t depthStride, std::int64_t width, Rounding rounding) {
  const std::int64_t panels = (lines + width - 1) / width;
  std::vector<T> packed(static_cast<std::size_t>(panels * width * depth));
  for (std::int64_t line = 0; line < lines; ++line) {
    T* to = packed.data() + (line / width) * width * depth + line % width;
    for (std::int64_t d = 0; d < depth; ++d) to[d * width] = element<T>(v, line * lineStride + d * depthStride, rounding);
  }
  return packed;
}

template <class T>
void multiplyTile(std::int64_t depth, const T* __restrict a, const T* __restrict b, T* __restrict out) {
  constexpr std::int64_t rows = Tile<T>::rows;
  constexpr std::int64_t columns = Tile<T>::columns;
  T sums[columns][rows] = {};
  for (std::int64_t d = 0; d < depth; ++d) {
    for (std::int64_t j = 0; j < columns; ++j) {
      for (std::int64_t i = 0; i < rows; ++i) sums[j][i] = std::fma(a[d * rows + i], b[d * columns + j], sums[j][i]);
    }
  }
  std::memcpy(out, sums, sizeof sums);
}

// One row times k times one column, or few: packing would cost more than it saves, and the order of sums is the same.
template <class T>
void storeElement(const View& c, std::int64_t at, T sum, T alpha, T beta) {
  T value = alpha * sum;
  if (beta != 0) value = std::fma(beta, element<T>(c, at, Rounding::None), value);
  store(c.data, c.type, at, static_cast<double>(value));
}

template <class T>
void multiplyAs(const Shape& s, T alpha, const View& a, const View& b, T beta, const View& c, Rounding rounding) {
  constexpr std::int64_t rows = Tile<T>::rows;
  constexpr std::int64_t columns = Tile<T>::columns;
  const std::int64_t depth = alpha == 0 ? 0 : s.k;
  const auto packedA =
      pack<T>(a, s.m, depth, a.transposed ? a.ld : 1, a.transposed ? 1 : a.ld, rows, rounding);
  const auto packedB =
      pack<T>(b, s.n, depth, b.transposed ? 1 : b.ld, b.transposed ? b.ld : 1, columns, rounding);
  T sums[columns * rows];
  for (std::int64_t j = 0; j < s.n; j += columns) {
    for (std::int64_t i = 0; i < s.m; i += rows) {
      multiplyTile(depth, packedA.data() + i * depth, packedB.data() + j * depth, sums);
      for (std::int64_t jj = 0; jj < std::min(columns, s.n - j); ++jj) {
        for (std::int64_t ii = 0; ii < std::min(rows, s.m - i); ++ii) {
          storeElement<T>(c, i + ii + (j + jj) * c.ld, sums[jj * rows + ii], alpha, beta);
        }
      }
    }
  }
}

}  // namespace

std::size_t bytesOf(int type) {
  switch (type) {
    case R_64F: return 8;
    case R_32F: return 4;
    default: return 2;
  }
}

const char* nameOfType(int type) {
  switch (type) {
    case R_64F: return "f64";
    case R_32F: return "f32";
    case R_16F: return "f16";
    case R_16BF: return "bf16";
    default: return "unknown";
  }
}

double load(const std::byte* data, int type, std::int64_t i) {
  View v;
  v.data = const_cast<std::byte*>(data);
  v.type = type;
  return element<double>(v, i, Rounding::None);
}

void store(std::byte* data, int type, std::int64_t i, double value) {
  switch (type) {
    case R_64F: write(data, i, value); return;
    case R_32F: write(data, i, static_cast<float>(value)); return;
    case R_16F: write(data, i, floatToHalf(static_cast<float>(value))); return;
    case R_16BF: write(data, i, floatToBfloat(static_cast<float>(value))); return;
    default: throw std::logic_error("product: unknown type");
  }
}

float halfToFloat(std::uint16_t bits) {
  const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000u) << 16;
  const std::uint32_t exponent = (bits >> 10) & 0x1Fu;
  const std::uint32_t fraction = bits & 0x3FFu;
  if (exponent == 31) return std::bit_cast<float>(sign | 0x7F800000u | (fraction << 13));
  if (exponent != 0) return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (fraction << 13));
  const float magnitude = std::ldexp(static_cast<float>(fraction), -24);
  return sign != 0 ? -magnitude : magnitude;
}

std::uint16_t floatToHalf(float value) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000u);
  const float magnitude = std::fabs(value);
  if (std::isnan(value)) return static_cast<std::uint16_t>(sign | 0x7E00u);
  if (magnitude >= 65520.0f) return static_cast<std::uint16_t>(sign | 0x7C00u);  // rounds to infinity
  // Below 2^-14 the step is 2^-24; above, 2^-10 of the leading bit. nearbyint rounds to nearest even.
  const int exponent = magnitude < 0x1p-14f ? -14 : std::ilogb(magnitude);
  const auto steps = static_cast<std::uint32_t>(std::nearbyint(std::ldexp(magnitude, 10 - exponent)));
  // A carry out of the fraction moves on to the exponent by itself.
  const std::uint32_t base = static_cast<std::uint32_t>(exponent + 14) << 10;
  return static_cast<std::uint16_t>(sign | (base + steps));
}

float bfloatToFloat(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

std::uint16_t floatToBfloat(float value) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  if (std::isnan(value)) return static_cast<std::uint16_t>((bits >> 16) | 0x40u);
  return static_cast<std::uint16_t>((bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16);
}

void multiply(const Shape& shape, double alpha, const View& a, const View& b, double beta, const View& c,
              Rounding rounding) {
  if (c.type == R_64F) {
    multiplyAs<double>(shape, alpha, a, b, beta, c, rounding);
  } else {
    multiplyAs<float>(shape, static_cast<float>(alpha), a, b, static_cast<float>(beta), c, rounding);
  }
}

}  // namespace blas
