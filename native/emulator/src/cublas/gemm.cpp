#include "cublas/gemm.hpp"

#include <algorithm>
#include <vector>

#include "driver/record.hpp"
#include "driver/state.hpp"

namespace blas {
namespace {

void positive(std::int64_t value, const char* what) {
  require(value >= 0, CUBLAS_STATUS_INVALID_VALUE, std::string(what) + " is " + std::to_string(value));
}

void checkLd(const char* what, std::int64_t ld, std::int64_t rows) {
  require(ld >= std::max<std::int64_t>(1, rows), CUBLAS_STATUS_INVALID_VALUE,
          std::string(what) + " is " + std::to_string(ld) + ", less than " + std::to_string(rows) + " rows");
}

void checkOp(const char* what, int op) {
  require(op == OP_N || op == OP_T || op == OP_C, CUBLAS_STATUS_INVALID_VALUE,
          std::string(what) + " is " + std::to_string(op) + ", which is no operation");
}

// A stored matrix [rows, columns] with its bounds, alignment and initialisation checked.
View view(emulator::Memory& memory, const Operand& o, std::uint64_t address, std::int64_t rows, std::int64_t columns,
          bool read, const std::string& what) {
  const std::size_t size = bytesOf(o.type);
  View v;
  v.type = o.type;
  v.ld = o.ld;
  v.transposed = o.op != OP_N;
  if (rows == 0 || columns == 0) return v;
  const std::size_t bytes = size * static_cast<std::size_t>((columns - 1) * o.ld + rows);
  v.data = memory.host(address, bytes, what, size);
  if (read) {
    const bool whole = o.ld == rows;
    for (std::int64_t j = 0; j < (whole ? 1 : columns); ++j) {
      memory.requireWritten(address + size * static_cast<std::size_t>(j * o.ld),
                            whole ? bytes : size * static_cast<std::size_t>(rows), what);
    }
  }
  return v;
}

void markWritten(emulator::Memory& memory, const Operand& c, std::uint64_t address, const Shape& s) {
  const std::size_t size = bytesOf(c.type);
  for (std::int64_t j = 0; j < s.n; ++j) {
    memory.markWritten(address + size * static_cast<std::size_t>(j * c.ld), size * static_cast<std::size_t>(s.m));
  }
}

std::uint64_t addressAt(emulator::Memory& memory, const Gemm& g, const Operand& o, std::int64_t i, const char* what) {
  if (!g.arrays) {
    return o.address + static_cast<std::uint64_t>(i * o.stride * static_cast<std::int64_t>(bytesOf(o.type)));
  }
  std::uint64_t address = 0;
  memory.copyOut(&address, o.address + 8 * static_cast<std::uint64_t>(i), sizeof address, what);
  return address;
}

// Matrices of a batch that share elements of C would be written in no defined order.
void refuseOverlap(const Gemm& g, const std::vector<std::uint64_t>& results) {
  const Shape& s = g.shape;
  const std::size_t size = bytesOf(g.c.type);
  const std::size_t extent = size * static_cast<std::size_t>((s.n - 1) * g.c.ld + s.m);
  std::vector<std::uint64_t> sorted = results;
  std::sort(sorted.begin(), sorted.end());
  bool apart = true;
  for (std::size_t i = 1; i < sorted.size(); ++i) apart = apart && sorted[i] - sorted[i - 1] >= extent;
  if (apart) return;
  std::vector<std::uint64_t> columns;  // every column of every result, [address, address + m elements)
  for (const std::uint64_t first : sorted) {
    for (std::int64_t j = 0; j < s.n; ++j) columns.push_back(first + size * static_cast<std::uint64_t>(j * g.c.ld));
  }
  std::sort(columns.begin(), columns.end());
  for (std::size_t i = 1; i < columns.size(); ++i) {
    if (columns[i] - columns[i - 1] < size * static_cast<std::uint64_t>(s.m)) {
      throw emulator::Fault(emulator::kLaunchFailed, std::string(g.name) + ": race: matrices of the batch share elements of C");
    }
  }
}

// What float32 inputs are rounded to; "full" for none.
const char* nameOf(Rounding rounding) {
  switch (rounding) {
    case Rounding::Tf32: return "tf32";
    case Rounding::Float16: return "f16";
    case Rounding::BFloat16: return "bf16";
    case Rounding::None: break;
  }
  return "full";
}

std::string describe(const Gemm& g) {
  return "m=" + std::to_string(g.shape.m) + " n=" + std::to_string(g.shape.n) + " k=" + std::to_string(g.shape.k) +
         " batch=" + std::to_string(g.batch) + " opA=" + std::to_string(g.a.op) + " opB=" + std::to_string(g.b.op) +
         " a=" + nameOfType(g.a.type) + " b=" + nameOfType(g.b.type) + " c=" + nameOfType(g.c.type) +
         " math=" + nameOf(g.rounding) + " strideA=" + std::to_string(g.a.stride) + " strideB=" + std::to_string(g.b.stride) +
         " strideC=" + std::to_string(g.c.stride);
}

void execute(emulator::Memory& memory, const Gemm& g, double alpha, double beta) {
  const Shape& s = g.shape;
  const std::string name = g.name;
  const bool reads = alpha != 0 && s.k > 0;
  std::vector<std::uint64_t> results;
  for (std::int64_t i = 0; i < g.batch; ++i) results.push_back(addressAt(memory, g, g.c, i, "array of C"));
  refuseOverlap(g, results);
  for (std::int64_t i = 0; i < g.batch; ++i) {
    const bool ta = g.a.op != OP_N;
    const bool tb = g.b.op != OP_N;
    View a;
    View b;
    const std::uint64_t c = results[static_cast<std::size_t>(i)];
    if (reads) {
      const std::uint64_t fromA = addressAt(memory, g, g.a, i, "array of A");
      const std::uint64_t fromB = addressAt(memory, g, g.b, i, "array of B");
      if (c == fromA || c == fromB) {
        throw emulator::Fault(emulator::kLaunchFailed, name + ": race: C starts where an input starts");
      }
      a = view(memory, g.a, fromA, ta ? s.k : s.m, ta ? s.m : s.k, true, name + " A");
      b = view(memory, g.b, fromB, tb ? s.n : s.k, tb ? s.k : s.n, true, name + " B");
    }
    const View to = view(memory, g.c, c, s.m, s.n, beta != 0, name + " C");
    multiply(s, reads ? alpha : 0, a, b, beta, to, g.rounding);
    markWritten(memory, g.c, c, s);
  }
  const auto count = static_cast<std::uint64_t>(g.batch);
  const auto m = static_cast<std::uint64_t>(s.m);
  const auto n = static_cast<std::uint64_t>(s.n);
  const auto k = static_cast<std::uint64_t>(s.k);
  const std::uint64_t copiesA = g.a.stride == 0 && !g.arrays ? 1 : count;
  const std::uint64_t copiesB = g.b.stride == 0 && !g.arrays ? 1 : count;
  const std::uint64_t bytes = copiesA * m * k * bytesOf(g.a.type) + copiesB * k * n * bytesOf(g.b.type) +
                              count * m * n * bytesOf(g.c.type) * (beta != 0 ? 2 : 1);
  const std::uint64_t flops = 2 * count * m * n * k;
  driver::record().done("gemm", name, bytes, flops,
                        describe(g) + " bytes=" + std::to_string(bytes) + " flops=" + std::to_string(flops));
}

}  // namespace

Rounding roundingOf(const Handle& handle) {
  switch (handle.mathMode & ~MATH_NO_REDUCED_REDUCTION) {
    case MATH_TF32_TENSOR_OP: return Rounding::Tf32;
    case MATH_TENSOR_OP: return Rounding::Float16;
    default: return Rounding::None;
  }
}

void checkTypes(const Handle& handle, Gemm& call, int compute, int algorithm) {
  require((algorithm >= -1 && algorithm <= 23) || (algorithm >= 99 && algorithm <= 115), CUBLAS_STATUS_INVALID_VALUE,
          "no algorithm " + std::to_string(algorithm));
  const int ab = call.a.type;
  const int c = call.c.type;
  const std::string types = std::string(nameOfType(ab)) + " x " + nameOfType(call.b.type) + " -> " + nameOfType(c) +
                            " with compute type " + std::to_string(compute);
  require(ab == call.b.type, CUBLAS_STATUS_NOT_SUPPORTED, types);
  const bool single = ab == R_32F && c == R_32F;
  const bool narrow = (ab == R_16F || ab == R_16BF) && (c == ab || c == R_32F);
  switch (compute) {
    case COMPUTE_32F:
    case COMPUTE_32F_PEDANTIC:
      require(single || narrow, CUBLAS_STATUS_NOT_SUPPORTED, types);
      if (single && compute == COMPUTE_32F) call.rounding = roundingOf(handle);
      break;
    case COMPUTE_32F_FAST_TF32:
    case COMPUTE_32F_FAST_16F:
    case COMPUTE_32F_FAST_16BF:
      require(single, CUBLAS_STATUS_NOT_SUPPORTED, types);
      call.rounding = compute == COMPUTE_32F_FAST_TF32   ? Rounding::Tf32
                      : compute == COMPUTE_32F_FAST_16F ? Rounding::Float16
                                                        : Rounding::BFloat16;
      break;
    case COMPUTE_64F:
    case COMPUTE_64F_PEDANTIC: require(ab == R_64F && c == R_64F, CUBLAS_STATUS_NOT_SUPPORTED, types); break;
    case COMPUTE_16F:
    case COMPUTE_16F_PEDANTIC:
    case COMPUTE_32I:
    case COMPUTE_32I_PEDANTIC: throw Refused(CUBLAS_STATUS_NOT_SUPPORTED, "not emulated: " + types);
    default: throw Refused(CUBLAS_STATUS_INVALID_VALUE, "no compute type " + std::to_string(compute));
  }
  const bool ampere = driver::config().major >= 8;
  require(ampere || ab != R_16BF, CUBLAS_STATUS_NOT_SUPPORTED, "bf16 needs compute capability 8.0");
  // Earlier devices multiply float32 as it is.
  if (!ampere && (call.rounding == Rounding::Tf32 || call.rounding == Rounding::BFloat16)) call.rounding = Rounding::None;
}

void gemm(Handle& handle, Gemm call, const void* alpha, const void* beta) {
  const Shape& s = call.shape;
  checkOp("transa", call.a.op);
  checkOp("transb", call.b.op);
  positive(s.m, "m");
  positive(s.n, "n");
  positive(s.k, "k");
  positive(call.batch, "batchCount");
  checkLd("lda", call.a.ld, call.a.op == OP_N ? s.m : s.k);
  checkLd("ldb", call.b.ld, call.b.op == OP_N ? s.k : s.n);
  checkLd("ldc", call.c.ld, s.m);
  const bool twice = call.c.type == R_64F;
  const Scalar scale(handle, alpha, twice, "alpha");
  const Scalar keep(handle, beta, twice, "beta");
  if (s.m == 0 || s.n == 0 || call.batch == 0) return;
  submit(handle, call.name, [call, scale, keep](emulator::Memory& memory) {
    execute(memory, call, scale.value(memory), keep.value(memory));
  });
}

}  // namespace blas
