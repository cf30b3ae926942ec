// The arithmetic of matrix products, on host views of device memory.
#pragma once

#include <cstddef>
#include <cstdint>

namespace blas {

/** What happens to float32 inputs before they are multiplied, when the program allows it. */
enum class Rounding { None, Tf32, Float16, BFloat16 };

std::size_t bytesOf(int type);
const char* nameOfType(int type);

/** Element i of an array of the type. */
double load(const std::byte* data, int type, std::int64_t i);
void store(std::byte* data, int type, std::int64_t i, double value);

/** float32 from IEEE half and back, rounding to nearest even. */
float halfToFloat(std::uint16_t bits);
std::uint16_t floatToHalf(float value);
float bfloatToFloat(std::uint16_t bits);
std::uint16_t floatToBfloat(float value);

/** A column-major matrix, [rows, columns] after the transposition that the call asks for. */
struct View {
  std::byte* data = nullptr;
  int type = 0;
  std::int64_t ld = 0;
  bool transposed = false;
};

struct Shape {
  std::int64_t m = 0;
  std::int64_t n = 0;
  std::int64_t k = 0;
};

/**
 * C = alpha * A B + beta * C, A [m, k], B [k, n]. Accumulates in float32, in float64 for float64 matrices, each product fused
 * into the sum, in the order of k. C is not read if beta is 0; A and B are not read if alpha is 0.
 */
void multiply(const Shape& shape, double alpha, const View& a, const View& b, double beta, const View& c,
              Rounding rounding);

}  // namespace blas
