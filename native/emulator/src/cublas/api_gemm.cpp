// The entry points of matrix products.
#include "cublas/gemm.hpp"

using namespace blas;

namespace {

Operand operand(const void* pointer, int type, std::int64_t ld, int op = OP_N, std::int64_t stride = 0) {
  return {reinterpret_cast<std::uint64_t>(pointer), type, ld, stride, op};
}

// float32 or float64 throughout; float32 inputs are rounded as the math mode allows.
cublasStatus_t plain(const char* name, cublasHandle_t handle, Gemm call, const void* alpha, const void* beta) {
  return withHandle(name, handle, [&](Handle& h) {
    call.name = name;
    const int compute = call.c.type == R_64F ? COMPUTE_64F : COMPUTE_32F;
    checkTypes(h, call, compute, -1);
    gemm(h, call, alpha, beta);
  });
}

cublasStatus_t typed(const char* name, cublasHandle_t handle, Gemm call, const void* alpha, const void* beta,
                     int compute, int algorithm) {
  return withHandle(name, handle, [&](Handle& h) {
    call.name = name;
    checkTypes(h, call, compute, algorithm);
    gemm(h, call, alpha, beta);
  });
}

}  // namespace

extern "C" {

EMULATOR_EXPORT cublasStatus_t cublasSgemm_v2(cublasHandle_t handle, int opA, int opB, int m, int n, int k,
                                              const float* alpha, const float* a, int lda, const float* b, int ldb,
                                              const float* beta, float* c, int ldc) {
  return plain("cublasSgemm", handle,
               {.shape = {m, n, k}, .a = operand(a, R_32F, lda, opA), .b = operand(b, R_32F, ldb, opB),
                .c = operand(c, R_32F, ldc)},
               alpha, beta);
}

EMULATOR_EXPORT cublasStatus_t cublasDgemm_v2(cublasHandle_t handle, int opA, int opB, int m, int n, int k,
                                              const double* alpha, const double* a, int lda, const double* b, int ldb,
                                              const double* beta, double* c, int ldc) {
  return plain("cublasDgemm", handle,
               {.shape = {m, n, k}, .a = operand(a, R_64F, lda, opA), .b = operand(b, R_64F, ldb, opB),
                .c = operand(c, R_64F, ldc)},
               alpha, beta);
}

EMULATOR_EXPORT cublasStatus_t cublasSgemmStridedBatched(cublasHandle_t handle, int opA, int opB, int m, int n, int k,
                                                         const float* alpha, const float* a, int lda, long long strideA,
                                                         const float* b, int ldb, long long strideB, const float* beta,
                                                         float* c, int ldc, long long strideC, int batch) {
  return plain("cublasSgemmStridedBatched", handle,
               {.shape = {m, n, k}, .a = operand(a, R_32F, lda, opA, strideA),
                .b = operand(b, R_32F, ldb, opB, strideB), .c = operand(c, R_32F, ldc, OP_N, strideC), .batch = batch},
               alpha, beta);
}

EMULATOR_EXPORT cublasStatus_t cublasDgemmStridedBatched(cublasHandle_t handle, int opA, int opB, int m, int n, int k,
                                                         const double* alpha, const double* a, int lda,
                                                         long long strideA, const double* b, int ldb,
                                                         long long strideB, const double* beta, double* c, int ldc,
                                                         long long strideC, int batch) {
  return plain("cublasDgemmStridedBatched", handle,
               {.shape = {m, n, k}, .a = operand(a, R_64F, lda, opA, strideA),
                .b = operand(b, R_64F, ldb, opB, strideB), .c = operand(c, R_64F, ldc, OP_N, strideC), .batch = batch},
               alpha, beta);
}

EMULATOR_EXPORT cublasStatus_t cublasSgemmBatched(cublasHandle_t handle, int opA, int opB, int m, int n, int k,
                                                  const float* alpha, const float* const a[], int lda,
                                                  const float* const b[], int ldb, const float* beta, float* const c[],
                                                  int ldc, int batch) {
  return plain("cublasSgemmBatched", handle,
               {.shape = {m, n, k}, .a = operand(a, R_32F, lda, opA), .b = operand(b, R_32F, ldb, opB),
                .c = operand(c, R_32F, ldc), .batch = batch, .arrays = true},
               alpha, beta);
}

EMULATOR_EXPORT cublasStatus_t cublasDgemmBatched(cublasHandle_t handle, int opA, int opB, int m, int n, int k,
                                                  const double* alpha, const double* const a[], int lda,
                                                  const double* const b[], int ldb, const double* beta,
                                                  double* const c[], int ldc, int batch) {
  return plain("cublasDgemmBatched", handle,
               {.shape = {m, n, k}, .a = operand(a, R_64F, lda, opA), .b = operand(b, R_64F, ldb, opB),
                .c = operand(c, R_64F, ldc), .batch = batch, .arrays = true},
               alpha, beta);
}

EMULATOR_EXPORT cublasStatus_t cublasGemmEx(cublasHandle_t handle, int opA, int opB, int m, int n, int k,
                                            const void* alpha, const void* a, int typeA, int lda, const void* b,
                                            int typeB, int ldb, const void* beta, void* c, int typeC, int ldc,
                                            int compute, int algorithm) {
  return typed("cublasGemmEx", handle,
               {.shape = {m, n, k}, .a = operand(a, typeA, lda, opA), .b = operand(b, typeB, ldb, opB),
                .c = operand(c, typeC, ldc)},
               alpha, beta, compute, algorithm);
}

EMULATOR_EXPORT cublasStatus_t cublasGemmStridedBatchedEx(cublasHandle_t handle, int opA, int opB, int m, int n, int k,
                                                          const void* alpha, const void* a, int typeA, int lda,
                                                          long long strideA, const void* b, int typeB, int ldb,
                                                          long long strideB, const void* beta, void* c, int typeC,
                                                          int ldc, long long strideC, int batch, int compute,
                                                          int algorithm) {
  return typed("cublasGemmStridedBatchedEx", handle,
               {.shape = {m, n, k}, .a = operand(a, typeA, lda, opA, strideA),
                .b = operand(b, typeB, ldb, opB, strideB), .c = operand(c, typeC, ldc, OP_N, strideC), .batch = batch},
               alpha, beta, compute, algorithm);
}

EMULATOR_EXPORT cublasStatus_t cublasGemmBatchedEx(cublasHandle_t handle, int opA, int opB, int m, int n, int k,
                                                   const void* alpha, const void* const a[], int typeA, int lda,
                                                   const void* const b[], int typeB, int ldb, const void* beta,
                                                   void* const c[], int typeC, int ldc, int batch, int compute,
                                                   int algorithm) {
  return typed("cublasGemmBatchedEx", handle,
               {.shape = {m, n, k}, .a = operand(a, typeA, lda, opA), .b = operand(b, typeB, ldb, opB),
                .c = operand(c, typeC, ldc), .batch = batch, .arrays = true},
               alpha, beta, compute, algorithm);
}

}  // extern "C"
