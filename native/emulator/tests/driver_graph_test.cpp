// Stream capture, graphs, and what a capture refuses.
#include "api.hpp"

#include <thread>

extern "C" {
cublasStatus_t cublasCreate_v2(cublasHandle_t*);
cublasStatus_t cublasDestroy_v2(cublasHandle_t);
cublasStatus_t cublasSetStream_v2(cublasHandle_t, CUstream);
cublasStatus_t cublasSgemm_v2(cublasHandle_t, int, int, int, int, int, const float*, const float*, int, const float*,
                              int, const float*, float*, int);
}

using namespace api;

namespace {

CUgraphExec instantiate(CUstream s) {
  CUgraph graph = nullptr;
  CHECK_EQ(cuStreamEndCapture(s, &graph), CUDA_SUCCESS);
  CUgraphExec executable = nullptr;
  CHECK_EQ(cuGraphInstantiateWithFlags(&executable, graph, 0), CUDA_SUCCESS);
  CHECK_EQ(cuGraphDestroy(graph), CUDA_SUCCESS);
  return executable;
}

void begin(CUstream s, int mode = CAPTURE_MODE_GLOBAL) {
  CHECK_EQ(cuStreamBeginCapture_v2(s, mode), CUDA_SUCCESS);
}

// A capture in a fresh driver that the call breaks with the status.
template <class Call>
void breaks(CUresult status, Call call) {
  fresh();
  const CUstream s = stream();
  begin(s);
  CHECK_EQ(call(s), status);
  int capturing = 0;
  CHECK_EQ(cuStreamIsCapturing(s, &capturing), CUDA_SUCCESS);
  CHECK_EQ(capturing, CAPTURE_STATUS_INVALIDATED);
  CUgraph graph = nullptr;
  CHECK_EQ(cuStreamEndCapture(s, &graph), CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
  CHECK(graph == nullptr);
  CHECK_EQ(cuStreamSynchronize(s), CUDA_SUCCESS);  // and the stream works again
}

}  // namespace

TEST(capturedWorkRunsAtEachLaunchOnly) {
  fresh();
  const CUdeviceptr x = upload<int>({1});
  int* source = pinnedInt(10);
  int* to = pinnedInt(0);
  const CUstream s = stream();
  begin(s);
  CHECK_EQ(cuMemcpyHtoDAsync_v2(x, source, 4, s), CUDA_SUCCESS);
  CHECK_EQ(cuMemcpyDtoHAsync_v2(to, x, 4, s), CUDA_SUCCESS);
  CHECK_EQ(cuMemsetD32Async(x, 7, 1, s), CUDA_SUCCESS);
  const CUgraphExec g = instantiate(s);
  CHECK_EQ(download<int>(x, 1)[0], 1);
  for (int i = 10; i < 13; ++i) {
    *source = i;
    CHECK_EQ(cuGraphLaunch(g, s), CUDA_SUCCESS);
    CHECK(*to != i);
    CHECK_EQ(cuStreamSynchronize(s), CUDA_SUCCESS);
    CHECK_EQ(*to, i);
    CHECK_EQ(download<int>(x, 1)[0], 7);
  }
  CHECK_EQ(cuGraphExecDestroy(g), CUDA_SUCCESS);
  CHECK_EQ(cuGraphLaunch(g, s), CUDA_ERROR_INVALID_HANDLE);
}

TEST(launchesOfAGraphAreOrderedInTheStream) {
  fresh();
  const CUdeviceptr x = upload<int>({1});
  int* to = pinnedInt(0);
  const CUstream s = stream();
  begin(s);
  CHECK_EQ(cuMemsetD32Async(x, 7, 1, s), CUDA_SUCCESS);
  const CUgraphExec g = instantiate(s);
  CHECK_EQ(cuMemsetD32Async(x, 5, 1, s), CUDA_SUCCESS);
  CHECK_EQ(cuGraphLaunch(g, s), CUDA_SUCCESS);
  CHECK_EQ(cuMemcpyDtoHAsync_v2(to, x, 4, s), CUDA_SUCCESS);
  CHECK_EQ(cuMemsetD32Async(x, 6, 1, s), CUDA_SUCCESS);
  CHECK_EQ(cuStreamSynchronize(s), CUDA_SUCCESS);
  CHECK_EQ(*to, 7);
  CHECK_EQ(download<int>(x, 1)[0], 6);
}

TEST(productsAreCaptured) {
  fresh();
  emulatorClear();
  const CUdeviceptr a = upload<float>({2});
  const CUdeviceptr c = upload<float>({1});
  cublasHandle_t h = nullptr;
  CHECK_EQ(cublasCreate_v2(&h), CUBLAS_STATUS_SUCCESS);
  const CUstream s = stream();
  CHECK_EQ(cublasSetStream_v2(h, s), CUBLAS_STATUS_SUCCESS);
  begin(s);
  {
    const float one = 1;  // host scalars are read in the call
    CHECK_EQ(cublasSgemm_v2(h, 0, 0, 1, 1, 1, &one, reinterpret_cast<float*>(a), 1, reinterpret_cast<float*>(a), 1,
                            &one, reinterpret_cast<float*>(c), 1),
             CUBLAS_STATUS_SUCCESS);
  }
  const CUgraphExec g = instantiate(s);
  for (int i = 0; i < 3; ++i) CHECK_EQ(cuGraphLaunch(g, s), CUDA_SUCCESS);
  CHECK_EQ(cuStreamSynchronize(s), CUDA_SUCCESS);
  CHECK_EQ(download<float>(c, 1)[0], 13.0f);
  CHECK(contains(text(emulatorTotals), "gemm cublasSgemm count=3"));
  CHECK(contains(text(emulatorTotals), "graph launch count=3"));
  cublasDestroy_v2(h);
}

TEST(otherStreamsJoinByEvents) {
  for (int seed = 1; seed <= 20; ++seed) {
    fresh();
    configure("seed", std::to_string(seed).c_str());
    const CUdeviceptr x = upload<int>({1});
    int* to = pinnedInt(0);
    const CUstream s = stream();
    const CUstream t = stream();
    const CUevent fork = event();
    const CUevent join = event();
    begin(s);
    CHECK_EQ(cuMemsetD32Async(x, 7, 1, s), CUDA_SUCCESS);
    CHECK_EQ(cuEventRecord(fork, s), CUDA_SUCCESS);
    CHECK_EQ(cuStreamWaitEvent(t, fork, 0), CUDA_SUCCESS);
    CHECK_EQ(cuMemcpyDtoHAsync_v2(to, x, 4, t), CUDA_SUCCESS);
    CHECK_EQ(cuEventRecord(join, t), CUDA_SUCCESS);
    CHECK_EQ(cuStreamWaitEvent(s, join, 0), CUDA_SUCCESS);
    CHECK_EQ(cuMemsetD32Async(x, 8, 1, s), CUDA_SUCCESS);
    int capturing = 0;
    cuStreamIsCapturing(t, &capturing);
    CHECK_EQ(capturing, CAPTURE_STATUS_ACTIVE);
    const CUgraphExec g = instantiate(s);
    cuStreamIsCapturing(t, &capturing);
    CHECK_EQ(capturing, CAPTURE_STATUS_NONE);
    CHECK_EQ(cuGraphLaunch(g, s), CUDA_SUCCESS);
    CHECK_EQ(cuStreamSynchronize(s), CUDA_SUCCESS);
    CHECK_EQ(*to, 7);
    CHECK_EQ(download<int>(x, 1)[0], 8);
  }
}

TEST(workThatIsNotJoined) {
  fresh();
  const CUdeviceptr x = upload<int>({1});
  const CUstream s = stream();
  const CUstream t = stream();
  const CUevent fork = event();
  begin(s);
  CHECK_EQ(cuEventRecord(fork, s), CUDA_SUCCESS);
  CHECK_EQ(cuStreamWaitEvent(t, fork, 0), CUDA_SUCCESS);
  CHECK_EQ(cuMemsetD32Async(x, 7, 1, t), CUDA_SUCCESS);
  CUgraph graph = nullptr;
  CHECK_EQ(cuStreamEndCapture(t, &graph), CUDA_ERROR_STREAM_CAPTURE_UNMATCHED);
  fresh();
  const CUdeviceptr y = upload<int>({1});
  const CUstream u = stream();
  const CUstream v = stream();
  const CUevent e = event();
  begin(u);
  CHECK_EQ(cuEventRecord(e, u), CUDA_SUCCESS);
  CHECK_EQ(cuStreamWaitEvent(v, e, 0), CUDA_SUCCESS);
  CHECK_EQ(cuMemsetD32Async(y, 7, 1, v), CUDA_SUCCESS);
  CHECK_EQ(cuStreamEndCapture(u, &graph), CUDA_ERROR_STREAM_CAPTURE_UNJOINED);
}

TEST(whatBreaksACapture) {
  static int host = 0;
  breaks(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, [](CUstream s) { return cuStreamSynchronize(s); });
  breaks(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, [](CUstream s) { return cuStreamQuery(s); });
  breaks(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, [](CUstream) { return cuCtxSynchronize(); });
  breaks(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, [](CUstream) {
    CUdeviceptr x = 0;
    return cuMemAlloc_v2(&x, 4);
  });
  breaks(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, [](CUstream) { return cuMemcpyHtoD_v2(1, &host, 4); });
  breaks(CUDA_ERROR_STREAM_CAPTURE_ISOLATION, [](CUstream s) {
    const CUevent e = event();
    CHECK_EQ(cuEventRecord(e, stream()), CUDA_SUCCESS);
    return cuStreamWaitEvent(s, e, 0);
  });
}

TEST(theLegacyStreamMustNotWaitForACapture) {
  fresh();
  const CUdeviceptr x = upload<int>({1});
  const CUstream blocking = stream(STREAM_DEFAULT);
  begin(blocking, CAPTURE_MODE_RELAXED);
  CHECK_EQ(cuMemsetD32Async(x, 1, 1, nullptr), CUDA_ERROR_STREAM_CAPTURE_IMPLICIT);
  CUgraph graph = nullptr;
  CHECK_EQ(cuStreamEndCapture(blocking, &graph), CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
  CHECK_EQ(cuStreamBeginCapture_v2(nullptr, 0), CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
}

TEST(pageableCopiesAreNotCaptured) {
  fresh();
  const CUdeviceptr x = upload<int>({1});
  const CUstream s = stream();
  begin(s);
  const int host = 3;
  CHECK_EQ(cuMemcpyHtoDAsync_v2(x, &host, 4, s), CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
}

TEST(relaxedCapturesAllowAllocation) {
  fresh();
  const CUstream s = stream();
  begin(s, CAPTURE_MODE_RELAXED);
  allocate(4);
  CHECK_EQ(cuStreamBeginCapture_v2(s, 0), CUDA_ERROR_ILLEGAL_STATE);
  instantiate(s);
  CUgraph graph = nullptr;
  CHECK_EQ(cuStreamEndCapture(s, &graph), CUDA_ERROR_ILLEGAL_STATE);
}

TEST(threadsCanRelaxThemselves) {
  fresh();
  const CUstream s = stream();
  begin(s);
  int mode = CAPTURE_MODE_RELAXED;
  CHECK_EQ(cuThreadExchangeStreamCaptureMode(&mode), CUDA_SUCCESS);
  CHECK_EQ(mode, CAPTURE_MODE_GLOBAL);
  allocate(4);
  CHECK_EQ(cuThreadExchangeStreamCaptureMode(&mode), CUDA_SUCCESS);
  CHECK_EQ(mode, CAPTURE_MODE_RELAXED);
  instantiate(s);
  mode = 3;
  CHECK_EQ(cuThreadExchangeStreamCaptureMode(&mode), CUDA_ERROR_INVALID_VALUE);
}

TEST(threadLocalCapturesBindTheirThreadOnly) {
  const CUcontext context = fresh();
  const CUstream s = stream();
  begin(s, CAPTURE_MODE_THREAD_LOCAL);
  std::thread([&] {
    cuCtxSetCurrent(context);
    allocate(4);
  }).join();
  CUdeviceptr x = 0;
  CHECK_EQ(cuMemAlloc_v2(&x, 4), CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
}

// Two launches of one executable never overlap, whatever their streams.
TEST(launchesOfOneExecutableAreOrdered) {
  for (int seed = 1; seed <= 20; ++seed) {
    fresh();
    configure("seed", std::to_string(seed).c_str());
    const CUdeviceptr x = upload<int>({0});
    const CUdeviceptr y = upload<int>({0});
    int* one = pinnedInt(1);
    const CUstream s = stream();
    const CUstream t = stream();
    begin(s);
    CHECK_EQ(cuMemcpyHtoDAsync_v2(x, one, 4, s), CUDA_SUCCESS);
    CHECK_EQ(cuMemcpyDtoDAsync_v2(y, x, 4, s), CUDA_SUCCESS);
    CHECK_EQ(cuMemsetD32Async(x, 0, 1, s), CUDA_SUCCESS);
    const CUgraphExec g = instantiate(s);
    CHECK_EQ(cuGraphLaunch(g, s), CUDA_SUCCESS);
    CHECK_EQ(cuGraphLaunch(g, t), CUDA_SUCCESS);
    CHECK_EQ(cuStreamSynchronize(t), CUDA_SUCCESS);
    CHECK_EQ(emulatorQueued() > 0, false);
    CHECK_EQ(download<int>(y, 1)[0], 1);
  }
}

TEST(capturedEventsCannotBeAsked) {
  fresh();
  const CUstream s = stream();
  const CUevent e = event();
  begin(s);
  CHECK_EQ(cuEventRecord(e, s), CUDA_SUCCESS);
  CHECK_EQ(cuEventQuery(e), CUDA_ERROR_CAPTURED_EVENT);
  CHECK_EQ(cuEventSynchronize(e), CUDA_ERROR_CAPTURED_EVENT);
}

TEST(capturesEndInTheirThread) {
  const CUcontext context = fresh();
  const CUstream s = stream();
  begin(s);
  std::thread([&] {
    cuCtxSetCurrent(context);
    CUgraph graph = nullptr;
    CHECK_EQ(cuStreamEndCapture(s, &graph), CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD);
  }).join();
  instantiate(s);
}

int main(int count, char** arguments) {
  return check::main(count, arguments);
}
