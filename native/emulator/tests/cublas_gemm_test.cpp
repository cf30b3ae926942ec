// Products against a naive sum in float64, over shapes, transpositions, strides and types; and what is refused.
#include "api.hpp"

#include <cmath>
#include <random>

#include "cublas/product.hpp"

extern "C" {
cublasStatus_t cublasCreate_v2(cublasHandle_t*);
cublasStatus_t cublasDestroy_v2(cublasHandle_t);
cublasStatus_t cublasSetStream_v2(cublasHandle_t, CUstream);
cublasStatus_t cublasSetPointerMode_v2(cublasHandle_t, int);
cublasStatus_t cublasSetMathMode(cublasHandle_t, int);
cublasStatus_t cublasSgemm_v2(cublasHandle_t, int, int, int, int, int, const float*, const float*, int, const float*,
                              int, const float*, float*, int);
cublasStatus_t cublasDgemm_v2(cublasHandle_t, int, int, int, int, int, const double*, const double*, int,
                              const double*, int, const double*, double*, int);
cublasStatus_t cublasSgemmBatched(cublasHandle_t, int, int, int, int, int, const float*, const float* const[], int,
                                  const float* const[], int, const float*, float* const[], int, int);
cublasStatus_t cublasGemmStridedBatchedEx(cublasHandle_t, int, int, int, int, int, const void*, const void*, int, int,
                                          long long, const void*, int, int, long long, const void*, void*, int, int,
                                          long long, int, int, int);
cublasStatus_t cublasStrsm_v2();
}

using namespace api;

namespace {

std::mt19937 randomBits(7);

double number() {
  return std::uniform_real_distribution<double>(-1, 1)(randomBits);
}

// A host array of a type, as bytes.
struct Array {
  int type;
  std::vector<std::byte> bytes;

  Array(int t, std::size_t count) : type(t), bytes(count * blas::bytesOf(t)) {}
  double at(std::int64_t i) const { return blas::load(bytes.data(), type, i); }
  void set(std::int64_t i, double value) { blas::store(bytes.data(), type, i, value); }
};

Array randomArray(int type, std::size_t count) {
  Array a(type, count);
  for (std::size_t i = 0; i < count; ++i) a.set(static_cast<std::int64_t>(i), number());
  return a;
}

template <class T>
T* pointer(CUdeviceptr address) {
  return reinterpret_cast<T*>(address);
}

struct Handle {
  cublasHandle_t handle = nullptr;
  Handle() { CHECK_EQ(cublasCreate_v2(&handle), CUBLAS_STATUS_SUCCESS); }
  ~Handle() { cublasDestroy_v2(handle); }
};

struct Problem {
  int opA, opB, m, n, k, batch;
  int padA, padB, padC;
  double alpha, beta;
  int type, typeC, compute;
  double tolerance;
};

// Runs one product and compares every element, also those between the columns of C, which must stay.
void compare(const Problem& p) {
  fresh();
  const Handle h;
  const int rowsA = p.opA == OP_N ? p.m : p.k;
  const int rowsB = p.opB == OP_N ? p.k : p.n;
  const int columnsA = p.opA == OP_N ? p.k : p.m;
  const int columnsB = p.opB == OP_N ? p.n : p.k;
  const int lda = std::max(1, rowsA + p.padA);
  const int ldb = std::max(1, rowsB + p.padB);
  const int ldc = p.m + p.padC;
  const std::int64_t strideA = p.padA == 1 ? 0 : std::int64_t{lda} * columnsA;  // shared by the batch
  const std::int64_t strideB = std::int64_t{ldb} * columnsB;
  const std::int64_t strideC = std::int64_t{ldc} * p.n;
  const Array a = randomArray(p.type, static_cast<std::size_t>(std::int64_t{lda} * columnsA * p.batch) + 1);  // never empty
  const Array b = randomArray(p.type, static_cast<std::size_t>(strideB * p.batch) + 1);
  Array c = randomArray(p.typeC, static_cast<std::size_t>(strideC * p.batch));
  const CUdeviceptr da = upload(a.bytes);
  const CUdeviceptr db = upload(b.bytes);
  const CUdeviceptr dc = upload(c.bytes);
  const float alpha = static_cast<float>(p.alpha);
  const float beta = static_cast<float>(p.beta);
  const bool twice = p.typeC == R_64F;
  const void* scale = twice ? static_cast<const void*>(&p.alpha) : &alpha;
  const void* keep = twice ? static_cast<const void*>(&p.beta) : &beta;
  CHECK_EQ(cublasGemmStridedBatchedEx(h.handle, p.opA, p.opB, p.m, p.n, p.k, scale, pointer<void>(da), p.type, lda,
                                      strideA, pointer<void>(db), p.type, ldb, strideB, keep, pointer<void>(dc),
                                      p.typeC, ldc, strideC, p.batch, p.compute, -1),
           CUBLAS_STATUS_SUCCESS);
  Array got(p.typeC, c.bytes.size() / blas::bytesOf(p.typeC));
  CHECK_EQ(cuMemcpyDtoH_v2(got.bytes.data(), dc, got.bytes.size()), CUDA_SUCCESS);
  double worst = 0;
  for (int q = 0; q < p.batch; ++q) {
    for (int j = 0; j < p.n; ++j) {
      for (int i = 0; i < ldc; ++i) {
        double wanted = c.at(q * strideC + i + std::int64_t{j} * ldc);
        if (i < p.m) {
          double sum = 0;
          for (int l = 0; l < p.k; ++l) {
            const double x = a.at(q * strideA + (p.opA == OP_N ? i + std::int64_t{l} * lda : l + std::int64_t{i} * lda));
            const double y = b.at(q * strideB + (p.opB == OP_N ? l + std::int64_t{j} * ldb : j + std::int64_t{l} * ldb));
            sum += x * y;
          }
          wanted = p.alpha * sum + p.beta * wanted;
        }
        const double error = std::fabs(got.at(q * strideC + i + std::int64_t{j} * ldc) - wanted);
        worst = std::max(worst, i < p.m ? error : error * 1e30);
      }
    }
  }
  if (worst > p.tolerance) {
    check::fail(__FILE__, __LINE__,
                "m n k " + std::to_string(p.m) + " " + std::to_string(p.n) + " " + std::to_string(p.k) + " ops " +
                    std::to_string(p.opA) + std::to_string(p.opB) + " type " + std::to_string(p.type) + ": error " +
                    std::to_string(worst));
  }
  CHECK_EQ(text(emulatorReports), "");
}

// A product of ones in [2, 2] with all that can be wrong about it.
struct Call {
  int opA = OP_N, opB = OP_N, m = 2, n = 2, k = 2, lda = 2, ldb = 2, ldc = 2, compute = COMPUTE_32F, algorithm = -1;
  int typeA = R_32F, typeB = R_32F, typeC = R_32F, batch = 1;
  const float one = 1;
  const float* alpha = &one;
  const float* beta = &one;
  CUdeviceptr a, b, c;
  Call() : a(upload<float>({1, 1, 1, 1})), b(upload<float>({1, 1, 1, 1})), c(upload<float>({1, 1, 1, 1})) {}
  cublasStatus_t run(cublasHandle_t h) const {
    return cublasGemmStridedBatchedEx(h, opA, opB, m, n, k, alpha, pointer<void>(a), typeA, lda, 4, pointer<void>(b),
                                      typeB, ldb, 4, beta, pointer<void>(c), typeC, ldc, 4, batch, compute, algorithm);
  }
};

}  // namespace

TEST(everyTranspositionAndShape) {
  const int sizes[][3] = {{1, 1, 1}, {2, 3, 4}, {16, 4, 8}, {17, 5, 9}, {33, 31, 40}, {1, 7, 5}, {7, 1, 5}, {5, 7, 1}, {3, 2, 0}};
  for (const auto& s : sizes) {
    for (int op = 0; op < 4; ++op) {
      compare({op & 1, op >> 1, s[0], s[1], s[2], 1, 0, 0, 0, 1, 0, R_32F, R_32F, COMPUTE_32F, 1e-5});
      compare({op & 1, op >> 1, s[0], s[1], s[2], 3, 1, 2, 3, 0.5, -2, R_32F, R_32F, COMPUTE_32F, 1e-5});
      compare({op & 1, op >> 1, s[0], s[1], s[2], 2, 2, 1, 0, -1, 1, R_64F, R_64F, COMPUTE_64F, 1e-13});
    }
  }
}

// Rounding of the inputs is exact in the oracle, which reads them back; what is left is the rounding of the result.
TEST(narrowTypes) {
  compare({OP_N, OP_T, 9, 8, 20, 2, 0, 1, 2, 1, 0, R_16F, R_32F, COMPUTE_32F, 1e-5});
  compare({OP_N, OP_N, 9, 8, 20, 2, 0, 1, 2, 1, 1, R_16F, R_16F, COMPUTE_32F, 0x1p-8});
  compare({OP_T, OP_N, 9, 8, 20, 2, 0, 1, 2, 1, 1, R_16BF, R_16BF, COMPUTE_32F, 0x1p-5});
  compare({OP_T, OP_T, 9, 8, 20, 1, 0, 0, 0, 1, 0, R_16BF, R_32F, COMPUTE_32F, 1e-5});
}

TEST(halfConversions) {
  for (int bits = 0; bits < 0x10000; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    const float value = blas::halfToFloat(half);
    if (std::isnan(value)) continue;
    CHECK_EQ(blas::floatToHalf(value), half);
    if (std::isinf(value)) continue;
    // Halfway to the next value rounds to the even one.
    const float next = blas::halfToFloat(static_cast<std::uint16_t>(half + 1));
    if (std::isnan(next)) continue;
    const float middle = std::isinf(next) ? std::copysign(65520.0f, value) : value + (next - value) / 2;
    CHECK_EQ(blas::floatToHalf(middle), static_cast<std::uint16_t>(half + (half & 1)));
  }
  CHECK_EQ(blas::floatToBfloat(1.00390625f), 0x3F80);  // halfway, to even
  CHECK_EQ(blas::floatToBfloat(1.01171875f), 0x3F82);
  CHECK(std::isnan(blas::bfloatToFloat(blas::floatToBfloat(NAN))));
}

TEST(tensorFloatsAreUsedOnlyWhenAllowed) {
  fresh();
  const Handle h;
  const float fine = 1 + 0x1p-12f;
  const CUdeviceptr a = upload<float>({fine});
  const CUdeviceptr b = upload<float>({1});
  const CUdeviceptr c = upload<float>({0});
  const float one = 1;
  const float zero = 0;
  const auto product = [&] {
    CHECK_EQ(cublasSgemm_v2(h.handle, 0, 0, 1, 1, 1, &one, pointer<float>(a), 1, pointer<float>(b), 1, &zero,
                            pointer<float>(c), 1),
             CUBLAS_STATUS_SUCCESS);
    return download<float>(c, 1)[0];
  };
  CHECK_EQ(product(), fine);
  CHECK_EQ(cublasSetMathMode(h.handle, MATH_TF32_TENSOR_OP), CUBLAS_STATUS_SUCCESS);
  emulatorClear();
  configure("record", "on");
  CHECK_EQ(product(), 1.0f);
  CHECK(contains(text(emulatorRecord), "math=tf32"));
  CHECK_EQ(cublasSetMathMode(h.handle, MATH_PEDANTIC), CUBLAS_STATUS_SUCCESS);
  CHECK_EQ(product(), fine);
  CHECK_EQ(cublasSetMathMode(h.handle, 9), CUBLAS_STATUS_INVALID_VALUE);
}

TEST(badArguments) {
  fresh();
  const Handle h;
  CHECK_EQ(Call().run(h.handle), CUBLAS_STATUS_SUCCESS);
  CHECK_EQ(Call().run(nullptr), CUBLAS_STATUS_NOT_INITIALIZED);
  const auto refused = [&](auto change, cublasStatus_t status) {
    Call call;
    change(call);
    emulatorClear();
    CHECK_EQ(call.run(h.handle), status);
    CHECK_EQ(cuCtxSynchronize(), CUDA_SUCCESS);
    CHECK(!contains(text(emulatorTotals), "gemm"));
  };
  refused([](Call& c) { c.opA = 7; }, CUBLAS_STATUS_INVALID_VALUE);
  refused([](Call& c) { c.opB = -1; }, CUBLAS_STATUS_INVALID_VALUE);
  refused([](Call& c) { c.m = -1; }, CUBLAS_STATUS_INVALID_VALUE);
  refused([](Call& c) { c.n = -1; }, CUBLAS_STATUS_INVALID_VALUE);
  refused([](Call& c) { c.k = -1; }, CUBLAS_STATUS_INVALID_VALUE);
  refused([](Call& c) { c.batch = -1; }, CUBLAS_STATUS_INVALID_VALUE);
  refused([](Call& c) { c.lda = 1; }, CUBLAS_STATUS_INVALID_VALUE);
  refused([](Call& c) { c.ldb = 1; }, CUBLAS_STATUS_INVALID_VALUE);
  refused([](Call& c) { c.ldc = 1; }, CUBLAS_STATUS_INVALID_VALUE);
  refused([](Call& c) { c.opA = OP_T, c.k = 3, c.lda = 2; }, CUBLAS_STATUS_INVALID_VALUE);
  refused([](Call& c) { c.opB = OP_T, c.n = 3, c.ldb = 2; }, CUBLAS_STATUS_INVALID_VALUE);
  refused([](Call& c) { c.alpha = nullptr; }, CUBLAS_STATUS_INVALID_VALUE);
  refused([](Call& c) { c.beta = nullptr; }, CUBLAS_STATUS_INVALID_VALUE);
  refused([](Call& c) { c.alpha = pointer<float>(c.a); }, CUBLAS_STATUS_INVALID_VALUE);  // a device pointer in host mode
  refused([](Call& c) { c.compute = 7; }, CUBLAS_STATUS_INVALID_VALUE);
  refused([](Call& c) { c.algorithm = 50; }, CUBLAS_STATUS_INVALID_VALUE);
  refused([](Call& c) { c.compute = COMPUTE_64F; }, CUBLAS_STATUS_NOT_SUPPORTED);
  refused([](Call& c) { c.typeB = R_16F; }, CUBLAS_STATUS_NOT_SUPPORTED);
  refused([](Call& c) { c.typeC = R_16F; }, CUBLAS_STATUS_NOT_SUPPORTED);
  refused([](Call& c) { c.typeA = c.typeB = R_64F; }, CUBLAS_STATUS_NOT_SUPPORTED);
  refused([](Call& c) { c.m = 0; }, CUBLAS_STATUS_SUCCESS);
  CHECK_EQ(cublasStrsm_v2(), CUBLAS_STATUS_NOT_SUPPORTED);
}

// Bounds, initialisation and aliasing show when the work runs, and are sticky.
TEST(faultsWhileRunning) {
  const auto fails = [](auto change, CUresult status, const char* part) {
    fresh();
    emulatorClear();
    const Handle h;
    Call call;
    change(call);
    CHECK_EQ(call.run(h.handle), CUBLAS_STATUS_SUCCESS);
    CHECK_EQ(cuCtxSynchronize(), status);
    CHECK(contains(text(emulatorReports), part));
    CHECK_EQ(call.run(h.handle), CUBLAS_STATUS_EXECUTION_FAILED);
  };
  fails([](Call& c) { c.k = 3, c.ldb = 3; }, CUDA_ERROR_ILLEGAL_ADDRESS, "A");
  fails([](Call& c) { c.c += 4; }, CUDA_ERROR_ILLEGAL_ADDRESS, "C");
  fails([](Call& c) { c.b = reinterpret_cast<CUdeviceptr>(&c); }, CUDA_ERROR_ILLEGAL_ADDRESS, "B");
  fails([](Call& c) { c.a = allocate(16); }, CUDA_ERROR_LAUNCH_FAILED, "A");
  fails([](Call& c) { c.c = allocate(16); }, CUDA_ERROR_LAUNCH_FAILED, "C");  // beta is 1
  fails([](Call& c) { c.c = c.a; }, CUDA_ERROR_LAUNCH_FAILED, "race");
  fails([](Call& c) { c.c += 2; }, CUDA_ERROR_MISALIGNED_ADDRESS, "C");
}

TEST(batchesMustNotShareResults) {
  fresh();
  const Handle h;
  const CUdeviceptr a = upload<float>(std::vector<float>(8, 1));
  const CUdeviceptr c = allocate(8 * sizeof(float));
  const float one = 1;
  const float zero = 0;
  const auto run = [&](int ldc, long long stride) {
    return cublasGemmStridedBatchedEx(h.handle, 0, 0, 2, 2, 2, &one, pointer<void>(a), R_32F, 2, 4, pointer<void>(a),
                                      R_32F, 2, 4, &zero, pointer<void>(c), R_32F, ldc, stride, 2, COMPUTE_32F, -1);
  };
  CHECK_EQ(run(4, 2), CUBLAS_STATUS_SUCCESS);  // interleaved rows
  CHECK_EQ(cuCtxSynchronize(), CUDA_SUCCESS);
  CHECK_EQ(download<float>(c, 8)[7], 2.0f);
  CHECK_EQ(run(2, 0), CUBLAS_STATUS_SUCCESS);
  CHECK_EQ(cuCtxSynchronize(), CUDA_ERROR_LAUNCH_FAILED);
}

TEST(workIsDeferredInTheHandlesStream) {
  fresh();
  emulatorClear();
  configure("record", "on");
  const Handle h;
  const CUstream s = stream();
  CHECK_EQ(cublasSetStream_v2(h.handle, s), CUBLAS_STATUS_SUCCESS);
  const Call call;
  CHECK_EQ(cuCtxSynchronize(), CUDA_SUCCESS);
  CHECK_EQ(call.run(h.handle), CUBLAS_STATUS_SUCCESS);
  CHECK(!contains(text(emulatorRecord), "gemm"));
  CHECK_EQ(cuStreamSynchronize(s), CUDA_SUCCESS);
  CHECK(contains(text(emulatorRecord), "gemm cublasGemmStridedBatchedEx m=2 n=2 k=2 batch=1 opA=0 opB=0 a=f32 b=f32 c=f32 math=full"));
  CHECK(contains(text(emulatorTotals), "gemm cublasGemmStridedBatchedEx count=1 bytes=64 work=16"));
  CHECK_EQ(download<float>(call.c, 1)[0], 3.0f);
}

TEST(scalarsOnTheDevice) {
  fresh();
  const Handle h;
  const Call call;
  const CUdeviceptr two = upload<float>({2});
  CHECK_EQ(cublasSetPointerMode_v2(h.handle, POINTER_MODE_DEVICE), CUBLAS_STATUS_SUCCESS);
  CHECK_EQ(call.run(h.handle), CUBLAS_STATUS_INVALID_VALUE);  // host scalars
  CHECK_EQ(cublasSgemm_v2(h.handle, 0, 0, 2, 2, 2, pointer<float>(two), pointer<float>(call.a), 2,
                          pointer<float>(call.b), 2, pointer<float>(two), pointer<float>(call.c), 2),
           CUBLAS_STATUS_SUCCESS);
  CHECK_EQ(cuMemsetD32_v2(two, 0x40400000, 1), CUDA_SUCCESS);  // 3, behind the product
  CHECK_EQ(download<float>(call.c, 1)[0], 6.0f);
}

TEST(arraysOfMatrices) {
  fresh();
  const Handle h;
  const CUdeviceptr x = upload<float>({1, 2, 3, 4});
  const CUdeviceptr y = upload<float>({1, 0, 0, 1});
  const CUdeviceptr p = allocate(16);
  const CUdeviceptr q = allocate(16);
  const CUdeviceptr a = upload<CUdeviceptr>({x, y});
  const CUdeviceptr c = upload<CUdeviceptr>({p, q});
  const float one = 1;
  const float zero = 0;
  CHECK_EQ(cublasSgemmBatched(h.handle, 0, 0, 2, 2, 2, &one, pointer<const float*>(a), 2, pointer<const float*>(a), 2,
                              &zero, pointer<float*>(c), 2, 2),
           CUBLAS_STATUS_SUCCESS);
  CHECK_EQ(download<float>(p, 4)[1], 10.0f);
  CHECK_EQ(download<float>(q, 4)[3], 1.0f);
}

TEST(handlesOfDestroyedContexts) {
  fresh();
  cublasHandle_t handle = nullptr;
  CHECK_EQ(cublasCreate_v2(&handle), CUBLAS_STATUS_SUCCESS);
  fresh();
  CHECK_EQ(cublasSetMathMode(handle, 0), CUBLAS_STATUS_NOT_INITIALIZED);
  CHECK_EQ(cublasDestroy_v2(handle), CUBLAS_STATUS_SUCCESS);
  CHECK_EQ(cublasDestroy_v2(handle), CUBLAS_STATUS_NOT_INITIALIZED);
  cuCtxSetCurrent(nullptr);
  CHECK_EQ(cublasCreate_v2(&handle), CUBLAS_STATUS_NOT_INITIALIZED);
}

TEST(injectedProductFaults) {
  fresh();
  const Handle h;
  const Call call;
  configure("fault", "gemm:1|gemm:3:sticky");
  CHECK_EQ(call.run(h.handle), CUBLAS_STATUS_EXECUTION_FAILED);
  CHECK_EQ(call.run(h.handle), CUBLAS_STATUS_SUCCESS);
  CHECK_EQ(download<float>(call.c, 1)[0], 3.0f);
  CHECK_EQ(call.run(h.handle), CUBLAS_STATUS_SUCCESS);
  CHECK_EQ(cuCtxSynchronize(), CUDA_ERROR_LAUNCH_FAILED);
}

int main(int count, char** arguments) {
  return check::main(count, arguments);
}
