// Work is deferred, runs at synchronisation points only, and in any order that the dependencies allow.
#include "api.hpp"

#include <set>

using namespace api;

namespace {

constexpr int kUnset = -1;

// Whether a copy into pinned memory has run.
bool arrived(const int* pinned) {
  return *pinned != kUnset;
}

}  // namespace

TEST(nothingRunsBeforeAWait) {
  fresh();
  const CUdeviceptr x = upload<int>({7});
  int* y = pinnedInt(kUnset);
  const CUstream s = stream();
  CHECK_EQ(cuMemcpyDtoHAsync_v2(y, x, sizeof(int), s), CUDA_SUCCESS);
  CHECK(!arrived(y));
  CHECK_EQ(cuStreamSynchronize(s), CUDA_SUCCESS);
  CHECK_EQ(*y, 7);
}

TEST(pinnedSourcesAreReadWhenTheCopyRuns) {
  fresh();
  const CUdeviceptr x = upload<int>({0});
  int* source = pinnedInt(1);
  const CUstream s = stream();
  CHECK_EQ(cuMemcpyHtoDAsync_v2(x, source, sizeof(int), s), CUDA_SUCCESS);
  *source = 2;  // too early: a program must wait first
  CHECK_EQ(cuStreamSynchronize(s), CUDA_SUCCESS);
  CHECK_EQ(download<int>(x, 1)[0], 2);
}

TEST(pageableSourcesAreReadInTheCall) {
  fresh();
  const CUdeviceptr x = upload<int>({0});
  int source = 1;
  const CUstream s = stream();
  CHECK_EQ(cuMemcpyHtoDAsync_v2(x, &source, sizeof(int), s), CUDA_SUCCESS);
  source = 2;
  CHECK_EQ(cuStreamSynchronize(s), CUDA_SUCCESS);
  CHECK_EQ(download<int>(x, 1)[0], 1);
}

TEST(registeredMemoryIsPinned) {
  fresh();
  const CUdeviceptr x = upload<int>({0});
  int source = 1;
  const CUstream s = stream();
  CHECK_EQ(cuMemHostRegister_v2(&source, sizeof source, 0), CUDA_SUCCESS);
  CHECK_EQ(cuMemHostRegister_v2(&source, sizeof source, 0), CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED);
  CHECK_EQ(cuMemcpyHtoDAsync_v2(x, &source, sizeof(int), s), CUDA_SUCCESS);
  source = 2;
  CHECK_EQ(cuMemHostUnregister(&source), CUDA_SUCCESS);
  CHECK_EQ(cuMemHostUnregister(&source), CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED);
  CHECK_EQ(download<int>(x, 1)[0], 2);
}

TEST(copiesToPageableMemoryWait) {
  fresh();
  const CUdeviceptr x = upload<int>({7});
  const CUstream s = stream();
  int y = kUnset;
  CHECK_EQ(cuMemsetD32Async(x, 8, 1, s), CUDA_SUCCESS);
  CHECK_EQ(cuMemcpyDtoHAsync_v2(&y, x, sizeof(int), s), CUDA_SUCCESS);
  CHECK_EQ(y, 8);
}

TEST(synchronousCopiesDoNotWaitForNonBlockingStreams) {
  fresh();
  configure("lazy", "on");
  const CUdeviceptr x = upload<int>({1});
  const CUstream s = stream(STREAM_NON_BLOCKING);
  CHECK_EQ(cuMemsetD32Async(x, 2, 1, s), CUDA_SUCCESS);
  CHECK_EQ(download<int>(x, 1)[0], 1);
  CHECK_EQ(cuStreamSynchronize(s), CUDA_SUCCESS);
  CHECK_EQ(download<int>(x, 1)[0], 2);
}

TEST(theLegacyStreamWaitsForBlockingStreams) {
  fresh();
  configure("lazy", "on");
  const CUdeviceptr x = upload<int>({1});
  const CUstream s = stream(STREAM_DEFAULT);
  CHECK_EQ(cuMemsetD32Async(x, 2, 1, s), CUDA_SUCCESS);
  CHECK_EQ(download<int>(x, 1)[0], 2);
  // And the other way round.
  CHECK_EQ(cuMemsetD32Async(x, 3, 1, nullptr), CUDA_SUCCESS);
  int* y = pinnedInt(kUnset);
  CHECK_EQ(cuMemcpyDtoHAsync_v2(y, x, sizeof(int), s), CUDA_SUCCESS);
  CHECK_EQ(cuStreamSynchronize(s), CUDA_SUCCESS);
  CHECK_EQ(*y, 3);
}

TEST(uploadsFromPageableMemoryMayReachTheDeviceLater) {
  fresh();
  configure("lazy", "on");
  const CUdeviceptr x = upload<int>({1});
  const int two = 2;
  int* y = pinnedInt(kUnset);
  CHECK_EQ(cuMemcpyHtoD_v2(x, &two, sizeof two), CUDA_SUCCESS);
  const CUstream s = stream(STREAM_NON_BLOCKING);
  CHECK_EQ(cuMemcpyDtoHAsync_v2(y, x, sizeof(int), s), CUDA_SUCCESS);
  CHECK_EQ(cuStreamSynchronize(s), CUDA_SUCCESS);
  CHECK_EQ(*y, 1);
}

TEST(eventsOrderStreams) {
  for (int seed = 1; seed <= 40; ++seed) {
    fresh();
    configure("seed", std::to_string(seed).c_str());
    const CUdeviceptr x = upload<int>({1});
    const CUstream s = stream();
    const CUstream t = stream();
    const CUevent e = event();
    CHECK_EQ(cuMemsetD32Async(x, 2, 1, s), CUDA_SUCCESS);
    CHECK_EQ(cuEventRecord(e, s), CUDA_SUCCESS);
    CHECK_EQ(cuStreamWaitEvent(t, e, 0), CUDA_SUCCESS);
    int* y = pinnedInt(kUnset);
    CHECK_EQ(cuMemcpyDtoHAsync_v2(y, x, sizeof(int), t), CUDA_SUCCESS);
    CHECK_EQ(cuStreamSynchronize(t), CUDA_SUCCESS);
    CHECK_EQ(*y, 2);
  }
}

TEST(unorderedStreamsRunInEveryOrder) {
  std::set<int> seen;
  for (int seed = 1; seed <= 40; ++seed) {
    fresh();
    configure("seed", std::to_string(seed).c_str());
    const CUdeviceptr x = upload<int>({1});
    const CUstream s = stream();
    const CUstream t = stream();
    CHECK_EQ(cuMemsetD32Async(x, 2, 1, s), CUDA_SUCCESS);
    int* y = pinnedInt(kUnset);
    CHECK_EQ(cuMemcpyDtoHAsync_v2(y, x, sizeof(int), t), CUDA_SUCCESS);
    CHECK_EQ(cuStreamSynchronize(t), CUDA_SUCCESS);
    seen.insert(*y);
  }
  CHECK_EQ(seen.size(), std::size_t{2});
}

TEST(aWaitRefersToTheLastRecordingBeforeIt) {
  fresh();
  configure("lazy", "on");
  const CUdeviceptr x = upload<int>({1});
  const CUstream s = stream();
  const CUstream t = stream();
  const CUevent e = event();
  CHECK_EQ(cuEventRecord(e, s), CUDA_SUCCESS);
  CHECK_EQ(cuStreamWaitEvent(t, e, 0), CUDA_SUCCESS);
  CHECK_EQ(cuMemsetD32Async(x, 2, 1, s), CUDA_SUCCESS);
  CHECK_EQ(cuEventRecord(e, s), CUDA_SUCCESS);
  int* y = pinnedInt(kUnset);
  CHECK_EQ(cuMemcpyDtoHAsync_v2(y, x, sizeof(int), t), CUDA_SUCCESS);
  CHECK_EQ(cuStreamSynchronize(t), CUDA_SUCCESS);
  CHECK_EQ(*y, 1);
}

TEST(pollingGetsOnInTheEnd) {
  fresh();
  const CUdeviceptr x = upload<int>({1});
  const CUstream s = stream();
  for (int i = 0; i < 5; ++i) CHECK_EQ(cuMemsetD32Async(x, 2, 1, s), CUDA_SUCCESS);
  const CUevent e = event();
  CHECK_EQ(cuEventQuery(e), CUDA_SUCCESS);  // never recorded
  CHECK_EQ(cuEventRecord(e, s), CUDA_SUCCESS);
  int polls = 0;
  while (cuEventQuery(e) == CUDA_ERROR_NOT_READY) ++polls;
  CHECK(polls >= 4);
  CHECK_EQ(cuStreamQuery(s), CUDA_SUCCESS);
}

TEST(elapsedTimes) {
  fresh();
  const CUevent start = event(0);
  const CUevent end = event(0);
  float ms = -1;
  CHECK_EQ(cuEventElapsedTime(&ms, start, end), CUDA_ERROR_INVALID_HANDLE);  // never recorded
  CHECK_EQ(cuEventRecord(start, nullptr), CUDA_SUCCESS);
  CHECK_EQ(cuEventRecord(end, nullptr), CUDA_SUCCESS);
  CHECK_EQ(cuEventElapsedTime(&ms, start, end), CUDA_ERROR_NOT_READY);
  CHECK_EQ(cuEventSynchronize(end), CUDA_SUCCESS);
  CHECK_EQ(cuEventElapsedTime(&ms, start, end), CUDA_SUCCESS);
  CHECK(ms >= 0);
  const CUevent untimed = event(EVENT_DISABLE_TIMING);
  CHECK_EQ(cuEventElapsedTime(&ms, start, untimed), CUDA_ERROR_INVALID_HANDLE);
}

TEST(destroyedStreamsStillDoTheirWork) {
  fresh();
  const CUdeviceptr x = upload<int>({1});
  const CUstream s = stream();
  CHECK_EQ(cuMemsetD32Async(x, 2, 1, s), CUDA_SUCCESS);
  CHECK_EQ(cuStreamDestroy_v2(s), CUDA_SUCCESS);
  CHECK_EQ(cuStreamSynchronize(s), CUDA_ERROR_INVALID_HANDLE);
  CHECK(contains(lastError(), "destroyed"));
  CHECK_EQ(cuCtxSynchronize(), CUDA_SUCCESS);
  CHECK_EQ(download<int>(x, 1)[0], 2);
}

TEST(theQueueIsBounded) {
  fresh();
  configure("queue", "8");
  const CUdeviceptr x = upload<int>({1});
  const CUstream s = stream();
  for (int i = 0; i < 100; ++i) CHECK_EQ(cuMemsetD32Async(x, 2, 1, s), CUDA_SUCCESS);
  CHECK(emulatorQueued() <= 8);
}

TEST(streamOrderedFreesHappenInOrder) {
  fresh();
  configure("lazy", "on");
  const CUstream s = stream();
  CUdeviceptr x = 0;
  CHECK_EQ(cuMemAllocAsync(&x, 4, s), CUDA_SUCCESS);
  CHECK_EQ(cuMemsetD32Async(x, 5, 1, s), CUDA_SUCCESS);
  int* y = pinnedInt(kUnset);
  CHECK_EQ(cuMemcpyDtoHAsync_v2(y, x, 4, s), CUDA_SUCCESS);
  CHECK_EQ(cuMemFreeAsync(x, s), CUDA_SUCCESS);
  CHECK(contains(text(emulatorLive), "bytes=4"));
  CHECK_EQ(cuStreamSynchronize(s), CUDA_SUCCESS);
  CHECK_EQ(*y, 5);
  CHECK(!contains(text(emulatorLive), "device"));
}

// A copy that runs after the block went is a fault, and no call works from then on.
TEST(useAfterAStreamOrderedFreeIsSticky) {
  fresh();
  configure("lazy", "on");
  const CUdeviceptr x = upload<int>({1});
  const CUstream s = stream();
  const CUstream t = stream();
  CHECK_EQ(cuMemsetD32Async(x, 2, 1, s), CUDA_SUCCESS);
  CHECK_EQ(cuMemFreeAsync(x, t), CUDA_SUCCESS);
  CHECK_EQ(cuStreamSynchronize(t), CUDA_SUCCESS);
  CHECK_EQ(cuStreamSynchronize(s), CUDA_ERROR_ILLEGAL_ADDRESS);
  CUdeviceptr y = 0;
  CHECK_EQ(cuMemAlloc_v2(&y, 4), CUDA_ERROR_ILLEGAL_ADDRESS);
  CHECK(contains(text(emulatorReports), "memset"));
}

int main(int count, char** arguments) {
  return check::main(count, arguments);
}
