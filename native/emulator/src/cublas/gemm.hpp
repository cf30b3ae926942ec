// A matrix product as the entry points describe it.
#pragma once

#include <cstdint>
#include <string>

#include "cublas/cublas.hpp"
#include "cublas/product.hpp"

namespace blas {

/** One of the three matrices of a product. */
struct Operand {
  std::uint64_t address = 0;   // of the first matrix, or of the array of addresses
  int type = R_32F;
  std::int64_t ld = 0;
  std::int64_t stride = 0;     // elements between the matrices of a batch
  int op = OP_N;               // of A and B
};

struct Gemm {
  const char* name = "";
  Shape shape;
  Operand a;
  Operand b;
  Operand c;
  std::int64_t batch = 1;
  bool arrays = false;  // the addresses are arrays of addresses in device memory
  Rounding rounding = Rounding::None;
};

/** Refuses what cuBLAS refuses (cuBLAS documentation, the tables of each function), then queues the product. */
void gemm(Handle& handle, Gemm call, const void* alpha, const void* beta);

/** The rounding of float32 inputs that the math mode allows. */
Rounding roundingOf(const Handle& handle);

/** Refuses types and compute types that do not go together; sets the rounding. */
void checkTypes(const Handle& handle, Gemm& call, int compute, int algorithm);

}  // namespace blas
