// Arguments, handles, contexts, memory, faults: what every call refuses and what stays right afterwards.
#include "api.hpp"

#include <thread>

using namespace api;

TEST(nothingWorksBeforeInitialisation) {
  emulatorReset();
  int count = 0;
  CHECK_EQ(cuDeviceGetCount(&count), CUDA_ERROR_NOT_INITIALIZED);
  CHECK_EQ(cuInit(1), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(cuInit(0), CUDA_SUCCESS);
  CHECK_EQ(cuDeviceGetCount(&count), CUDA_SUCCESS);
  CHECK_EQ(count, 1);
  cuCtxSetCurrent(nullptr);
  CUdeviceptr x = 0;
  CHECK_EQ(cuMemAlloc_v2(&x, 4), CUDA_ERROR_INVALID_CONTEXT);
}

TEST(noDevices) {
  emulatorReset();
  configure("devices", "0");
  CHECK_EQ(cuInit(0), CUDA_ERROR_NO_DEVICE);
  configure("devices", "1");
}

TEST(devicesAnswerForTheirCapability) {
  const struct {
    const char* cc;
    int major, minor, optin, threads;
  } rows[] = {{"7.5", 7, 5, 65536, 1024},   {"8.0", 8, 0, 166912, 2048},  {"8.9", 8, 9, 101376, 1536},
              {"9.0", 9, 0, 232448, 2048}, {"10.0", 10, 0, 232448, 2048}, {"12.0", 12, 0, 101376, 1536}};
  for (const auto& row : rows) {
    fresh();
    emulatorReset();
    configure("cc", row.cc);
    cuInit(0);
    int value = 0;
    CHECK_EQ(cuDeviceGetAttribute(&value, 75, 0), CUDA_SUCCESS);
    CHECK_EQ(value, row.major);
    cuDeviceGetAttribute(&value, 76, 0);
    CHECK_EQ(value, row.minor);
    cuDeviceGetAttribute(&value, 97, 0);
    CHECK_EQ(value, row.optin);
    cuDeviceGetAttribute(&value, 39, 0);
    CHECK_EQ(value, row.threads);
    CHECK_EQ(cuDeviceGetAttribute(&value, 75, 1), CUDA_ERROR_INVALID_DEVICE);
    CHECK_EQ(cuDeviceGetAttribute(&value, -1, 0), CUDA_ERROR_INVALID_VALUE);
  }
}

TEST(statusNames) {
  const char* name = nullptr;
  CHECK_EQ(cuGetErrorName(CUDA_ERROR_ILLEGAL_ADDRESS, &name), CUDA_SUCCESS);
  CHECK_EQ(std::string(name), "CUDA_ERROR_ILLEGAL_ADDRESS");
  CHECK_EQ(cuGetErrorName(static_cast<CUresult>(12345), &name), CUDA_ERROR_INVALID_VALUE);
  CHECK(name == nullptr);
}

TEST(exportTablesAreRefused) {
  const void* table = &table;
  const CUuuid id{};
  CHECK_EQ(cuGetExportTable(&table, &id), CUDA_ERROR_NOT_FOUND);
  CHECK(table == nullptr);
}

TEST(contextsAreCurrentToAThread) {
  const CUcontext primary = fresh();
  CUcontext own = nullptr;
  CHECK_EQ(cuCtxCreate_v2(&own, 0, 0), CUDA_SUCCESS);
  CUcontext now = nullptr;
  cuCtxGetCurrent(&now);
  CHECK_EQ(now, own);
  std::thread([&] {
    CUcontext there = own;
    CHECK_EQ(cuCtxGetCurrent(&there), CUDA_SUCCESS);
    CHECK(there == nullptr);
    CUdeviceptr x = 0;
    CHECK_EQ(cuMemAlloc_v2(&x, 4), CUDA_ERROR_INVALID_CONTEXT);
    CHECK_EQ(cuCtxSetCurrent(primary), CUDA_SUCCESS);
    CHECK_EQ(cuMemAlloc_v2(&x, 4), CUDA_SUCCESS);
    CHECK_EQ(cuMemFree_v2(x), CUDA_SUCCESS);
  }).join();
  CHECK_EQ(cuCtxPopCurrent_v2(&now), CUDA_SUCCESS);
  CHECK_EQ(now, own);
  cuCtxGetCurrent(&now);
  CHECK_EQ(now, primary);
  CHECK_EQ(cuCtxDestroy_v2(own), CUDA_SUCCESS);
  CHECK_EQ(cuCtxDestroy_v2(own), CUDA_ERROR_INVALID_CONTEXT);
  CHECK_EQ(cuCtxSetCurrent(own), CUDA_ERROR_INVALID_CONTEXT);
  CHECK_EQ(cuCtxDestroy_v2(primary), CUDA_ERROR_INVALID_CONTEXT);
}

TEST(primaryContextsAreCounted) {
  fresh();
  CUcontext again = nullptr;
  CHECK_EQ(cuDevicePrimaryCtxRetain(&again, 0), CUDA_SUCCESS);
  CHECK_EQ(cuDevicePrimaryCtxRelease_v2(0), CUDA_SUCCESS);
  allocate(4);
  CHECK_EQ(cuDevicePrimaryCtxRelease_v2(0), CUDA_SUCCESS);
  CHECK_EQ(cuDevicePrimaryCtxRelease_v2(0), CUDA_ERROR_INVALID_CONTEXT);
  CUdeviceptr x = 0;
  CHECK_EQ(cuMemAlloc_v2(&x, 4), CUDA_ERROR_CONTEXT_IS_DESTROYED);
  CHECK_EQ(text(emulatorLive), "");
}

TEST(handlesBelongToTheirContext) {
  fresh();
  const CUstream s = stream();
  const CUevent e = event();
  CUcontext other = nullptr;
  cuCtxCreate_v2(&other, 0, 0);
  CHECK_EQ(cuStreamSynchronize(s), CUDA_ERROR_INVALID_HANDLE);
  CHECK(contains(lastError(), "another context"));
  CHECK_EQ(cuEventRecord(e, nullptr), CUDA_ERROR_INVALID_HANDLE);
  cuCtxDestroy_v2(other);
  CHECK_EQ(cuEventDestroy_v2(e), CUDA_SUCCESS);
  CHECK_EQ(cuEventDestroy_v2(e), CUDA_ERROR_INVALID_HANDLE);
  CHECK_EQ(cuStreamDestroy_v2(reinterpret_cast<CUstream>(0x1234)), CUDA_ERROR_INVALID_HANDLE);
  CHECK(contains(lastError(), "never given out"));
}

TEST(memoryRunsOutAtTheConfiguredSize) {
  fresh();
  std::size_t free = 0;
  std::size_t total = 0;
  cuMemGetInfo_v2(&free, &total);
  CHECK_EQ(total, std::size_t{64} << 20);
  const CUdeviceptr half = allocate(32 << 20);
  CUdeviceptr more = 0;
  CHECK_EQ(cuMemAlloc_v2(&more, 33 << 20), CUDA_ERROR_OUT_OF_MEMORY);
  CHECK_EQ(cuMemAlloc_v2(&more, 0), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(cuMemFree_v2(half), CUDA_SUCCESS);
  CHECK_EQ(cuMemAlloc_v2(&more, 33 << 20), CUDA_SUCCESS);
  cuMemGetInfo_v2(&free, &total);
  CHECK_EQ(free, std::size_t{31} << 20);
}

TEST(addressesAreNeverUsedTwice) {
  fresh();
  const CUdeviceptr before = allocate(64);
  fresh();
  CHECK_EQ(cuMemFree_v2(before), CUDA_ERROR_INVALID_VALUE);
  CHECK(allocate(64) > before);
}

TEST(devicesDoNotShareAddresses) {
  emulatorReset();
  configure("devices", "2");
  cuInit(0);
  CUcontext first = nullptr;
  CUcontext second = nullptr;
  CHECK_EQ(cuDevicePrimaryCtxRetain(&first, 0), CUDA_SUCCESS);
  CHECK_EQ(cuDevicePrimaryCtxRetain(&second, 1), CUDA_SUCCESS);
  cuCtxSetCurrent(first);
  const CUdeviceptr x = upload<int>({1});
  cuCtxSetCurrent(second);
  const CUdeviceptr y = upload<int>({2});
  int host = 0;
  CHECK_EQ(cuMemcpyDtoH_v2(&host, x, 4), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(download<int>(y, 1)[0], 2);
  CHECK_EQ(cuMemFree_v2(x), CUDA_SUCCESS);  // an address says whose it is
  configure("devices", "1");
}

TEST(threadsHaveStreamsOfTheirOwn) {
  const CUcontext context = fresh();
  const auto perThread = reinterpret_cast<CUstream>(2);
  const CUdeviceptr x = upload<int>({1});
  int* y = pinnedInt(0);
  configure("lazy", "on");
  std::thread([&] {
    cuCtxSetCurrent(context);
    CHECK_EQ(cuMemsetD32Async(x, 2, 1, perThread), CUDA_SUCCESS);
  }).join();
  CHECK_EQ(cuMemcpyDtoHAsync_v2(y, x, 4, perThread), CUDA_SUCCESS);
  CHECK_EQ(cuStreamSynchronize(perThread), CUDA_SUCCESS);
  CHECK_EQ(*y, 1);  // not ordered with the other thread's
  CHECK_EQ(download<int>(x, 1)[0], 2);  // the legacy stream is
}

TEST(threadsMayCallAtOnce) {
  const CUcontext context = fresh();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      cuCtxSetCurrent(context);
      const CUstream s = stream();
      for (unsigned i = 0; i < 50; ++i) {
        const CUdeviceptr x = allocate(4);
        const unsigned value = 1000u * static_cast<unsigned>(t) + i;
        unsigned got = 0;
        CHECK_EQ(cuMemsetD32Async(x, value, 1, s), CUDA_SUCCESS);
        CHECK_EQ(cuMemcpyDtoHAsync_v2(&got, x, 4, s), CUDA_SUCCESS);
        CHECK_EQ(got, value);
        CHECK_EQ(cuMemFree_v2(x), CUDA_SUCCESS);
      }
    });
  }
  for (std::thread& t : threads) t.join();
}

TEST(badFrees) {
  fresh();
  const CUdeviceptr x = allocate(1024);
  CHECK_EQ(cuMemFree_v2(x + 4), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(cuMemFree_v2(x), CUDA_SUCCESS);
  CHECK_EQ(cuMemFree_v2(x), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(cuMemFree_v2(0), CUDA_SUCCESS);
  int local = 0;
  CHECK_EQ(cuMemFree_v2(reinterpret_cast<CUdeviceptr>(&local)), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(cuMemFreeHost(&local), CUDA_ERROR_INVALID_VALUE);
  int* pinned = pinnedInt(1);
  CHECK_EQ(cuMemFreeHost(pinned), CUDA_SUCCESS);
  CHECK_EQ(cuMemFreeHost(pinned), CUDA_ERROR_INVALID_VALUE);
}

TEST(copiesAreBounded) {
  fresh();
  const CUdeviceptr x = upload<int>({1, 2, 3});
  int host[4] = {};
  CHECK_EQ(cuMemcpyDtoH_v2(host, x, 16), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(cuMemcpyHtoD_v2(x + 8, host, 8), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(cuMemcpyHtoD_v2(reinterpret_cast<CUdeviceptr>(host), host, 4), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(cuMemcpyDtoH_v2(reinterpret_cast<void*>(x), x, 4), CUDA_ERROR_INVALID_VALUE);
  CHECK(contains(lastError(), "device address"));
  CHECK_EQ(cuMemcpyHtoD_v2(x, nullptr, 4), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(cuMemsetD32_v2(x + 2, 0, 1), CUDA_ERROR_INVALID_VALUE);  // not aligned
  CHECK_EQ(cuMemsetD32_v2(x, 0, 4), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(cuMemcpyHtoD_v2(x, host, 0), CUDA_SUCCESS);
  CHECK_EQ(download<int>(x, 3)[2], 3);
}

TEST(uninitialisedMemoryIsReported) {
  fresh();
  const CUdeviceptr x = allocate(8);
  const CUdeviceptr y = allocate(8);
  CHECK_EQ(cuMemsetD32_v2(x, 1, 1), CUDA_SUCCESS);
  CHECK_EQ(cuMemcpyDtoD_v2(y, x, 8), CUDA_SUCCESS);  // copies what is unwritten as such
  CHECK_EQ(download<int>(y, 1)[0], 1);
  int host[2] = {};
  CHECK(cuMemcpyDtoH_v2(host, y, 8) != CUDA_SUCCESS);
  CHECK(text(emulatorReports) != "");
}

TEST(pointerAttributes) {
  fresh();
  const CUdeviceptr x = allocate(64);
  unsigned type = 0;
  CHECK_EQ(cuPointerGetAttribute(&type, 2, x + 5), CUDA_SUCCESS);
  CHECK_EQ(type, 2u);
  CUdeviceptr start = 0;
  cuPointerGetAttribute(&start, 11, x + 5);
  CHECK_EQ(start, x);
  int* pinned = pinnedInt(0);
  CHECK_EQ(cuPointerGetAttribute(&type, 2, reinterpret_cast<CUdeviceptr>(pinned)), CUDA_SUCCESS);
  CHECK_EQ(type, 1u);
  int local = 0;
  CHECK_EQ(cuPointerGetAttribute(&type, 2, reinterpret_cast<CUdeviceptr>(&local)), CUDA_ERROR_INVALID_VALUE);
}

TEST(injectedFaultsPass) {
  fresh();
  configure("fault", "alloc:2|copy:1|memset:1|stream:1");
  const CUdeviceptr x = allocate(4);
  CUdeviceptr y = 0;
  CHECK_EQ(cuMemAlloc_v2(&y, 4), CUDA_ERROR_OUT_OF_MEMORY);
  CHECK_EQ(cuMemAlloc_v2(&y, 4), CUDA_SUCCESS);
  const int one = 1;
  CHECK_EQ(cuMemcpyHtoD_v2(x, &one, 4), CUDA_ERROR_UNKNOWN);
  CHECK_EQ(cuMemcpyHtoD_v2(x, &one, 4), CUDA_SUCCESS);
  CHECK_EQ(cuMemsetD32_v2(y, 1, 1), CUDA_ERROR_UNKNOWN);
  CHECK_EQ(cuMemsetD32_v2(y, 1, 1), CUDA_SUCCESS);
  CUstream s = nullptr;
  CHECK_EQ(cuStreamCreate(&s, 0), CUDA_ERROR_OUT_OF_MEMORY);
  CHECK_EQ(cuStreamCreate(&s, 0), CUDA_SUCCESS);
  CHECK_EQ(download<int>(x, 1)[0], 1);
}

TEST(injectedFaultsLast) {
  fresh();
  configure("fault", "alloc:2+");
  allocate(4);
  CUdeviceptr y = 0;
  for (int i = 0; i < 3; ++i) CHECK_EQ(cuMemAlloc_v2(&y, 4), CUDA_ERROR_OUT_OF_MEMORY);
  CHECK(contains(text(emulatorCounts), "alloc 4"));
}

TEST(injectedStickyFaultsShowAtTheNextWait) {
  fresh();
  const CUdeviceptr x = upload<int>({1});
  configure("fault", "memset:1:sticky");
  CHECK_EQ(cuMemsetD32_v2(x, 1, 1), CUDA_SUCCESS);
  CHECK_EQ(cuCtxSynchronize(), CUDA_ERROR_LAUNCH_FAILED);
  CHECK_EQ(cuCtxSynchronize(), CUDA_ERROR_LAUNCH_FAILED);
  CUdeviceptr y = 0;
  CHECK_EQ(cuMemAlloc_v2(&y, 4), CUDA_ERROR_LAUNCH_FAILED);
  // Only a new context helps.
  CHECK_EQ(cuDevicePrimaryCtxReset_v2(0), CUDA_SUCCESS);
  CUcontext context = nullptr;
  CHECK_EQ(cuDevicePrimaryCtxRetain(&context, 0), CUDA_SUCCESS);
  CHECK_EQ(cuCtxSetCurrent(context), CUDA_SUCCESS);
  CHECK_EQ(cuMemAlloc_v2(&y, 4), CUDA_SUCCESS);
}

TEST(anyCallCanFail) {
  fresh();
  configure("fault", "any:3");
  allocate(4);
  const CUdeviceptr x = allocate(4);
  CHECK_EQ(cuMemsetD32_v2(x, 1, 1), CUDA_ERROR_UNKNOWN);
  CHECK_EQ(cuMemsetD32_v2(x, 1, 1), CUDA_SUCCESS);
}

TEST(settingsAreChecked) {
  CHECK(emulatorConfigure("colour", "red") != 0);
  CHECK(contains(lastError(), "memory"));
  CHECK(emulatorConfigure("memory", "lots") != 0);
  CHECK(emulatorConfigure("cc", "9") != 0);
  CHECK(emulatorConfigure("fault", "alloc") != 0);
  CHECK(emulatorConfigure("fault", "tea:1") != 0);
  CHECK(emulatorConfigure("fault", "alloc:1:often") != 0);
}

TEST(whatRanIsRecorded) {
  fresh();
  emulatorClear();
  configure("record", "on");
  const CUdeviceptr x = upload<int>({1, 2});
  CHECK_EQ(cuMemsetD8_v2(x, 0, 8), CUDA_SUCCESS);
  download<int>(x, 2);
  CHECK_EQ(text(emulatorRecord), "alloc device bytes=8\ncopy HtoD bytes=8\nmemset D8 bytes=8\ncopy DtoH bytes=8\n");
  CHECK(contains(text(emulatorTotals), "copy HtoD count=1 bytes=8"));
}

int main(int count, char** arguments) {
  return check::main(count, arguments);
}
