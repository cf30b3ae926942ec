// Vector operations, products of a matrix with a vector, and sums of two matrices; float32 and float64.
#include <algorithm>
#include <cmath>
#include <type_traits>

#include "cublas/vectors.hpp"
#include "driver/state.hpp"
#include "driver/record.hpp"

using namespace blas;

namespace {

template <class T>
constexpr int typeOf = std::is_same_v<T, double> ? R_64F : R_32F;

std::uint64_t address(const void* pointer) {
  return reinterpret_cast<std::uint64_t>(pointer);
}

void recorded(const char* name, std::int64_t count) {
  driver::record().done("blas", name, 0, static_cast<std::uint64_t>(count), "n=" + std::to_string(count));
}

void checkStride(const char* what, int stride) {
  require(stride != 0, CUBLAS_STATUS_INVALID_VALUE, std::string(what) + " is 0");
}

/** Runs a sum over i < n that ends in one number for the host, or for the device in device pointer mode. */
template <class T>
void reduce(Handle& handle, const char* name, int n, T* result, std::function<double(emulator::Memory&)> sum) {
  require(result != nullptr, CUBLAS_STATUS_INVALID_VALUE, "the result pointer is null");
  const bool onDevice = handle.pointerMode == POINTER_MODE_DEVICE;
  const std::uint64_t to = address(result);
  const bool isDevice = handle.context.lock()->memory().find(to, sizeof(T)) != nullptr;
  require(isDevice == onDevice, CUBLAS_STATUS_INVALID_VALUE, "the result is on the other side than the pointer mode says");
  submit(handle, name, [=](emulator::Memory& memory) {
    const double value = n <= 0 ? 0 : sum(memory);
    if (onDevice) Vector(memory, to, typeOf<T>, 1, 1, name).set(0, value);
    else *result = static_cast<T>(value);
    recorded(name, n);
  });
  if (!onDevice) finish(handle);
}

template <class T>
cublasStatus_t axpy(const char* name, cublasHandle_t handle, int n, const T* alpha, const T* x, int incx, T* y,
                    int incy) {
  return withHandle(name, handle, [&](Handle& h) {
    const Scalar scale(h, alpha, sizeof(T) == 8, "alpha");
    if (n <= 0) return;
    checkStride("incy", incy);
    submit(h, name, [=](emulator::Memory& memory) {
      const T a = static_cast<T>(scale.value(memory));
      const Vector from(memory, address(x), typeOf<T>, n, incx, std::string(name) + " x");
      Vector to(memory, address(y), typeOf<T>, n, incy, std::string(name) + " y");
      for (int i = 0; i < n; ++i) {
        to.set(i, static_cast<double>(std::fma(a, static_cast<T>(from.get(i)), static_cast<T>(to.get(i)))));
      }
      recorded(name, n);
    });
  });
}

template <class T>
cublasStatus_t scal(const char* name, cublasHandle_t handle, int n, const T* alpha, T* x, int incx) {
  return withHandle(name, handle, [&](Handle& h) {
    const Scalar scale(h, alpha, sizeof(T) == 8, "alpha");
    if (n <= 0 || incx <= 0) return;
    submit(h, name, [=](emulator::Memory& memory) {
      const T a = static_cast<T>(scale.value(memory));
      Vector to(memory, address(x), typeOf<T>, n, incx, std::string(name) + " x");
      for (int i = 0; i < n; ++i) to.set(i, static_cast<double>(a * static_cast<T>(to.get(i))));
      recorded(name, n);
    });
  });
}

template <class T>
cublasStatus_t copy(const char* name, cublasHandle_t handle, int n, const T* x, int incx, T* y, int incy) {
  return withHandle(name, handle, [&](Handle& h) {
    if (n <= 0) return;
    checkStride("incy", incy);
    submit(h, name, [=](emulator::Memory& memory) {
      const Vector from(memory, address(x), typeOf<T>, n, incx, std::string(name) + " x");
      Vector to(memory, address(y), typeOf<T>, n, incy, std::string(name) + " y");
      for (int i = 0; i < n; ++i) to.set(i, from.get(i));
      recorded(name, n);
    });
  });
}

template <class T>
cublasStatus_t dot(const char* name, cublasHandle_t handle, int n, const T* x, int incx, const T* y, int incy,
                   T* result) {
  return withHandle(name, handle, [&](Handle& h) {
    reduce<T>(h, name, n, result, [=](emulator::Memory& memory) {
      const Vector a(memory, address(x), typeOf<T>, n, incx, std::string(name) + " x");
      const Vector b(memory, address(y), typeOf<T>, n, incy, std::string(name) + " y");
      T sum = 0;
      for (int i = 0; i < n; ++i) sum = std::fma(static_cast<T>(a.get(i)), static_cast<T>(b.get(i)), sum);
      return static_cast<double>(sum);
    });
  });
}

// The 2-norm in float64, whose range holds every square of a float32; float64 is scaled by the largest element.
template <class T>
cublasStatus_t nrm2(const char* name, cublasHandle_t handle, int n, const T* x, int incx, T* result) {
  return withHandle(name, handle, [&](Handle& h) {
    reduce<T>(h, name, incx <= 0 ? 0 : n, result, [=](emulator::Memory& memory) {
      const Vector a(memory, address(x), typeOf<T>, n, incx, std::string(name) + " x");
      double largest = 0;
      for (int i = 0; i < n; ++i) largest = std::max(largest, std::fabs(a.get(i)));
      if (largest == 0 || std::isinf(largest)) return largest;
      double sum = 0;
      for (int i = 0; i < n; ++i) sum += (a.get(i) / largest) * (a.get(i) / largest);
      return largest * std::sqrt(sum);
    });
  });
}

template <class T>
cublasStatus_t asum(const char* name, cublasHandle_t handle, int n, const T* x, int incx, T* result) {
  return withHandle(name, handle, [&](Handle& h) {
    reduce<T>(h, name, incx <= 0 ? 0 : n, result, [=](emulator::Memory& memory) {
      const Vector a(memory, address(x), typeOf<T>, n, incx, std::string(name) + " x");
      T sum = 0;
      for (int i = 0; i < n; ++i) sum += static_cast<T>(std::fabs(a.get(i)));
      return static_cast<double>(sum);
    });
  });
}

void checkMatrix(int rows, int columns, int ld) {
  require(rows >= 0 && columns >= 0, CUBLAS_STATUS_INVALID_VALUE, "a size is negative");
  require(ld >= std::max(1, rows), CUBLAS_STATUS_INVALID_VALUE, "a leading dimension is less than the rows");
}

void checkOp(int op) {
  require(op >= OP_N && op <= OP_C, CUBLAS_STATUS_INVALID_VALUE, "no operation " + std::to_string(op));
}

template <class T>
cublasStatus_t gemv(const char* name, cublasHandle_t handle, int op, int m, int n, const T* alpha, const T* a, int lda,
                    const T* x, int incx, const T* beta, T* y, int incy) {
  return withHandle(name, handle, [&](Handle& h) {
    checkOp(op);
    checkMatrix(m, n, lda);
    checkStride("incx", incx);
    checkStride("incy", incy);
    const Scalar scale(h, alpha, sizeof(T) == 8, "alpha");
    const Scalar keep(h, beta, sizeof(T) == 8, "beta");
    if (m == 0 || n == 0) return;
    submit(h, name, [=](emulator::Memory& memory) {
      const T by = static_cast<T>(scale.value(memory));
      const T kept = static_cast<T>(keep.value(memory));
      const int rows = op == OP_N ? m : n;
      const int columns = op == OP_N ? n : m;
      const Vector from(memory, address(x), typeOf<T>, columns, incx, std::string(name) + " x");
      Vector to(memory, address(y), typeOf<T>, rows, incy, std::string(name) + " y");
      const Vector matrix(memory, address(a), typeOf<T>, 1, 1, std::string(name) + " A");
      for (int i = 0; i < rows; ++i) {
        T sum = 0;
        for (int j = 0; j < columns && by != 0; ++j) {
          const std::int64_t at = op == OP_N ? i + std::int64_t{lda} * j : j + std::int64_t{lda} * i;
          sum = std::fma(static_cast<T>(matrix.get(at)), static_cast<T>(from.get(j)), sum);
        }
        T value = by * sum;
        if (kept != 0) value = std::fma(kept, static_cast<T>(to.get(i)), value);
        to.set(i, static_cast<double>(value));
      }
      recorded(name, std::int64_t{m} * n);
    });
  });
}

// C = alpha op(A) + beta op(B); an operand whose factor is 0 is not read.
template <class T>
cublasStatus_t geam(const char* name, cublasHandle_t handle, int opA, int opB, int m, int n, const T* alpha, const T* a,
                    int lda, const T* beta, const T* b, int ldb, T* c, int ldc) {
  return withHandle(name, handle, [&](Handle& h) {
    checkOp(opA);
    checkOp(opB);
    checkMatrix(opA == OP_N ? m : n, opA == OP_N ? n : m, lda);
    checkMatrix(opB == OP_N ? m : n, opB == OP_N ? n : m, ldb);
    checkMatrix(m, n, ldc);
    // In place is defined for an operand that is not transposed and has C's leading dimension.
    require(c != a || (opA == OP_N && lda == ldc), CUBLAS_STATUS_INVALID_VALUE, "C is A, and A is transposed");
    require(c != b || (opB == OP_N && ldb == ldc), CUBLAS_STATUS_INVALID_VALUE, "C is B, and B is transposed");
    const Scalar scaleA(h, alpha, sizeof(T) == 8, "alpha");
    const Scalar scaleB(h, beta, sizeof(T) == 8, "beta");
    if (m == 0 || n == 0) return;
    submit(h, name, [=](emulator::Memory& memory) {
      const T byA = static_cast<T>(scaleA.value(memory));
      const T byB = static_cast<T>(scaleB.value(memory));
      const Vector left(memory, address(a), typeOf<T>, 1, 1, std::string(name) + " A");
      const Vector right(memory, address(b), typeOf<T>, 1, 1, std::string(name) + " B");
      Vector to(memory, address(c), typeOf<T>, 1, 1, std::string(name) + " C");
      for (int j = 0; j < n; ++j) {
        for (int i = 0; i < m; ++i) {
          const auto at = [&](int op, int ld) { return op == OP_N ? i + std::int64_t{ld} * j : j + std::int64_t{ld} * i; };
          T value = 0;
          if (byA != 0) value = byA * static_cast<T>(left.get(at(opA, lda)));
          if (byB != 0) value = std::fma(byB, static_cast<T>(right.get(at(opB, ldb))), value);
          to.set(i + std::int64_t{ldc} * j, static_cast<double>(value));
        }
      }
      recorded(name, std::int64_t{m} * n);
    });
  });
}

}  // namespace

// The float32 and the float64 entry point of an operation: the end of its symbol, parameters, arguments.
#define BOTH(operation, suffix, parameters, arguments)                                        \
  extern "C" EMULATOR_EXPORT cublasStatus_t cublasS##operation##suffix parameters(float) {    \
    return operation<float> arguments("cublasS" #operation);                                  \
  }                                                                                           \
  extern "C" EMULATOR_EXPORT cublasStatus_t cublasD##operation##suffix parameters(double) {   \
    return operation<double> arguments("cublasD" #operation);                                 \
  }

#define AXPY_PARAMETERS(T) (cublasHandle_t h, int n, const T* alpha, const T* x, int incx, T* y, int incy)
#define AXPY_ARGUMENTS(name) (name, h, n, alpha, x, incx, y, incy)
BOTH(axpy, _v2, AXPY_PARAMETERS, AXPY_ARGUMENTS)

#define SCAL_PARAMETERS(T) (cublasHandle_t h, int n, const T* alpha, T* x, int incx)
#define SCAL_ARGUMENTS(name) (name, h, n, alpha, x, incx)
BOTH(scal, _v2, SCAL_PARAMETERS, SCAL_ARGUMENTS)

#define COPY_PARAMETERS(T) (cublasHandle_t h, int n, const T* x, int incx, T* y, int incy)
#define COPY_ARGUMENTS(name) (name, h, n, x, incx, y, incy)
BOTH(copy, _v2, COPY_PARAMETERS, COPY_ARGUMENTS)

#define DOT_PARAMETERS(T) (cublasHandle_t h, int n, const T* x, int incx, const T* y, int incy, T* result)
#define DOT_ARGUMENTS(name) (name, h, n, x, incx, y, incy, result)
BOTH(dot, _v2, DOT_PARAMETERS, DOT_ARGUMENTS)

#define NORM_PARAMETERS(T) (cublasHandle_t h, int n, const T* x, int incx, T* result)
#define NORM_ARGUMENTS(name) (name, h, n, x, incx, result)
BOTH(nrm2, _v2, NORM_PARAMETERS, NORM_ARGUMENTS)
BOTH(asum, _v2, NORM_PARAMETERS, NORM_ARGUMENTS)

#define GEMV_PARAMETERS(T)                                                                                         \
  (cublasHandle_t h, int op, int m, int n, const T* alpha, const T* a, int lda, const T* x, int incx, const T* beta, \
   T* y, int incy)
#define GEMV_ARGUMENTS(name) (name, h, op, m, n, alpha, a, lda, x, incx, beta, y, incy)
BOTH(gemv, _v2, GEMV_PARAMETERS, GEMV_ARGUMENTS)

#define GEAM_PARAMETERS(T)                                                                                          \
  (cublasHandle_t h, int opA, int opB, int m, int n, const T* alpha, const T* a, int lda, const T* beta, const T* b, \
   int ldb, T* c, int ldc)
#define GEAM_ARGUMENTS(name) (name, h, opA, opB, m, n, alpha, a, lda, beta, b, ldb, c, ldc)
BOTH(geam, , GEAM_PARAMETERS, GEAM_ARGUMENTS)
