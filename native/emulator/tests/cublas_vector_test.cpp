// Vector operations, matrix times vector and sums of matrices against sums written out.
#include "api.hpp"

#include <cmath>

extern "C" {
cublasStatus_t cublasCreate_v2(cublasHandle_t*);
cublasStatus_t cublasDestroy_v2(cublasHandle_t);
cublasStatus_t cublasSetPointerMode_v2(cublasHandle_t, int);
cublasStatus_t cublasSaxpy_v2(cublasHandle_t, int, const float*, const float*, int, float*, int);
cublasStatus_t cublasDscal_v2(cublasHandle_t, int, const double*, double*, int);
cublasStatus_t cublasScopy_v2(cublasHandle_t, int, const float*, int, float*, int);
cublasStatus_t cublasSdot_v2(cublasHandle_t, int, const float*, int, const float*, int, float*);
cublasStatus_t cublasDnrm2_v2(cublasHandle_t, int, const double*, int, double*);
cublasStatus_t cublasSasum_v2(cublasHandle_t, int, const float*, int, float*);
cublasStatus_t cublasSgemv_v2(cublasHandle_t, int, int, int, const float*, const float*, int, const float*, int,
                              const float*, float*, int);
cublasStatus_t cublasDgeam(cublasHandle_t, int, int, int, int, const double*, const double*, int, const double*,
                           const double*, int, double*, int);
}

using namespace api;

namespace {

struct Handle {
  cublasHandle_t handle = nullptr;
  Handle() { CHECK_EQ(cublasCreate_v2(&handle), CUBLAS_STATUS_SUCCESS); }
  ~Handle() { cublasDestroy_v2(handle); }
};

template <class T>
T* at(CUdeviceptr address) {
  return reinterpret_cast<T*>(address);
}

}  // namespace

TEST(axpyWithStrides) {
  fresh();
  const Handle h;
  const CUdeviceptr x = upload<float>({1, 2, 3});
  const CUdeviceptr y = upload<float>({10, 20, 30, 40, 50});
  const float two = 2;
  CHECK_EQ(cublasSaxpy_v2(h.handle, 3, &two, at<float>(x), -1, at<float>(y), 2), CUBLAS_STATUS_SUCCESS);
  const auto got = download<float>(y, 5);
  CHECK_EQ(got[0], 16.0f);
  CHECK_EQ(got[1], 20.0f);
  CHECK_EQ(got[2], 34.0f);
  CHECK_EQ(got[4], 52.0f);
  CHECK_EQ(cublasSaxpy_v2(h.handle, 3, &two, at<float>(x), 1, at<float>(y), 0), CUBLAS_STATUS_INVALID_VALUE);
  CHECK_EQ(cublasSaxpy_v2(h.handle, 3, nullptr, at<float>(x), 1, at<float>(y), 1), CUBLAS_STATUS_INVALID_VALUE);
}

TEST(scaleAndCopy) {
  fresh();
  const Handle h;
  const CUdeviceptr x = upload<double>({1, 2, 3});
  const double half = 0.5;
  CHECK_EQ(cublasDscal_v2(h.handle, 3, &half, at<double>(x), 1), CUBLAS_STATUS_SUCCESS);
  CHECK_EQ(download<double>(x, 3)[2], 1.5);
  const CUdeviceptr a = upload<float>({1, 2, 3});
  const CUdeviceptr b = allocate(12);
  CHECK_EQ(cublasScopy_v2(h.handle, 3, at<float>(a), 1, at<float>(b), -1), CUBLAS_STATUS_SUCCESS);
  CHECK_EQ(download<float>(b, 3)[0], 3.0f);
}

TEST(reductionsToTheHostWait) {
  fresh();
  const Handle h;
  const CUdeviceptr x = upload<float>({1, -2, 3});
  float result = 0;
  CHECK_EQ(cublasSdot_v2(h.handle, 3, at<float>(x), 1, at<float>(x), 1, &result), CUBLAS_STATUS_SUCCESS);
  CHECK_EQ(result, 14.0f);
  CHECK_EQ(cublasSasum_v2(h.handle, 3, at<float>(x), 1, &result), CUBLAS_STATUS_SUCCESS);
  CHECK_EQ(result, 6.0f);
  const CUdeviceptr y = upload<double>({3e200, 4e200});
  double norm = 0;
  CHECK_EQ(cublasDnrm2_v2(h.handle, 2, at<double>(y), 1, &norm), CUBLAS_STATUS_SUCCESS);
  CHECK(std::fabs(norm / 5e200 - 1) < 1e-15);
  CHECK_EQ(cublasSdot_v2(h.handle, 3, at<float>(x), 1, at<float>(x), 1, at<float>(x)), CUBLAS_STATUS_INVALID_VALUE);
}

TEST(reductionsToTheDeviceDoNot) {
  fresh();
  const Handle h;
  const CUdeviceptr x = upload<float>({1, -2, 3});
  const CUdeviceptr to = allocate(4);
  CHECK_EQ(cublasSetPointerMode_v2(h.handle, POINTER_MODE_DEVICE), CUBLAS_STATUS_SUCCESS);
  CHECK_EQ(cublasSdot_v2(h.handle, 3, at<float>(x), 1, at<float>(x), 1, at<float>(to)), CUBLAS_STATUS_SUCCESS);
  CHECK_EQ(emulatorQueued(), 1LL);
  CHECK_EQ(download<float>(to, 1)[0], 14.0f);
}

TEST(matrixTimesVector) {
  fresh();
  const Handle h;
  const CUdeviceptr a = upload<float>({1, 2, 3, 4, 5, 6});  // [2, 3] by columns
  const CUdeviceptr x = upload<float>({1, 10, 100});
  const CUdeviceptr y = upload<float>({1, 1, 1});
  const float one = 1;
  CHECK_EQ(cublasSgemv_v2(h.handle, OP_N, 2, 3, &one, at<float>(a), 2, at<float>(x), 1, &one, at<float>(y), 1),
           CUBLAS_STATUS_SUCCESS);
  CHECK_EQ(download<float>(y, 2)[1], 643.0f);
  CHECK_EQ(cublasSgemv_v2(h.handle, OP_T, 2, 3, &one, at<float>(a), 2, at<float>(x), 1, &one, at<float>(y), 1),
           CUBLAS_STATUS_SUCCESS);
  CHECK_EQ(download<float>(y, 3)[2], 66.0f);
  CHECK_EQ(cublasSgemv_v2(h.handle, OP_N, 2, 3, &one, at<float>(a), 1, at<float>(x), 1, &one, at<float>(y), 1),
           CUBLAS_STATUS_INVALID_VALUE);
  CHECK_EQ(cublasSgemv_v2(h.handle, 5, 2, 3, &one, at<float>(a), 2, at<float>(x), 1, &one, at<float>(y), 1),
           CUBLAS_STATUS_INVALID_VALUE);
}

TEST(sumsOfMatrices) {
  fresh();
  const Handle h;
  const CUdeviceptr a = upload<double>({1, 2, 3, 4, 5, 6});  // [3, 2] by columns
  const CUdeviceptr b = upload<double>({10, 20, 30, 40, 50, 60});
  const CUdeviceptr c = allocate(48);
  const double one = 1;
  const double two = 2;
  CHECK_EQ(cublasDgeam(h.handle, OP_N, OP_T, 3, 2, &one, at<double>(a), 3, &two, at<double>(b), 2, at<double>(c), 3),
           CUBLAS_STATUS_SUCCESS);
  const auto got = download<double>(c, 6);
  CHECK_EQ(got[1], 62.0);  // a[1,0] = 2, b as [2, 3] by columns: b[0,1] = 30
  CHECK_EQ(got[5], 126.0);
  CHECK_EQ(cublasDgeam(h.handle, OP_T, OP_N, 2, 2, &one, at<double>(a), 2, &two, at<double>(b), 2, at<double>(a), 2),
           CUBLAS_STATUS_INVALID_VALUE);
}

int main(int count, char** arguments) {
  return check::main(count, arguments);
}
