// Modules and launches: PTX is loaded, refused or run, and faults of kernels are sticky.
#include "api.hpp"

#include <cstring>

using namespace api;

namespace {

// y[i] = 2 x[i] + add for i < n, and a counter that every launch of "count" raises.
const std::string kHeader = ".version 8.0\n.target sm_75\n.address_size 64\n";
const std::string kBody = R"(
.visible .global .align 4 .u32 counter = 5;

.visible .entry twice(.param .u64 x, .param .u64 y, .param .f32 add, .param .u32 n)
{
  .reg .pred %p<2>;
  .reg .b32 %r<6>;
  .reg .f32 %f<5>;
  .reg .b64 %rd<8>;
  ld.param.u64 %rd1, [x];
  ld.param.u64 %rd2, [y];
  ld.param.f32 %f1, [add];
  ld.param.u32 %r1, [n];
  mov.u32 %r2, %ctaid.x;
  mov.u32 %r3, %ntid.x;
  mov.u32 %r4, %tid.x;
  mad.lo.s32 %r5, %r2, %r3, %r4;
  setp.ge.s32 %p1, %r5, %r1;
  @%p1 bra done;
  cvta.to.global.u64 %rd3, %rd1;
  cvta.to.global.u64 %rd4, %rd2;
  mul.wide.s32 %rd5, %r5, 4;
  add.s64 %rd6, %rd3, %rd5;
  add.s64 %rd7, %rd4, %rd5;
  ld.global.f32 %f2, [%rd6];
  add.f32 %f3, %f2, %f2;
  add.f32 %f4, %f3, %f1;
  st.global.f32 [%rd7], %f4;
done:
  ret;
}

.visible .entry count()
.maxntid 64, 1, 1
{
  .reg .b32 %r<2>;
  .reg .b64 %rd<2>;
  mov.u64 %rd1, counter;
  atom.global.add.u32 %r1, [%rd1], 1;
  ret;
}
)";

struct Loaded {
  CUmodule module = nullptr;
  CUfunction twice = nullptr;
  CUfunction count = nullptr;

  Loaded() {
    CHECK_EQ(cuModuleLoadData(&module, (kHeader + kBody).c_str()), CUDA_SUCCESS);
    CHECK_EQ(cuModuleGetFunction(&twice, module, "twice"), CUDA_SUCCESS);
    CHECK_EQ(cuModuleGetFunction(&count, module, "count"), CUDA_SUCCESS);
  }

  CUresult run(CUdeviceptr x, CUdeviceptr y, int n, CUstream s, unsigned blocks = 2, unsigned threads = 32) const {
    float add = 0.5f;
    void* arguments[] = {&x, &y, &add, &n};
    return cuLaunchKernel(twice, blocks, 1, 1, threads, 1, 1, 0, s, arguments, nullptr);
  }
};

CUresult launchCount(const Loaded& l, unsigned grid, unsigned block, unsigned shared = 0, void** arguments = nullptr) {
  return cuLaunchKernel(l.count, grid, 1, 1, block, 1, 1, shared, nullptr, arguments, nullptr);
}

}  // namespace

TEST(aKernelRuns) {
  fresh();
  emulatorClear();
  configure("record", "on");
  const Loaded l;
  std::vector<float> x(40);
  for (int i = 0; i < 40; ++i) x[static_cast<std::size_t>(i)] = static_cast<float>(i);
  const CUdeviceptr dx = upload(x);
  const CUdeviceptr dy = allocate(160);
  const CUstream s = stream();
  CHECK_EQ(l.run(dx, dy, 40, s), CUDA_SUCCESS);
  CHECK(!contains(text(emulatorRecord), "launch"));
  CHECK_EQ(cuStreamSynchronize(s), CUDA_SUCCESS);
  const auto y = download<float>(dy, 40);
  for (int i = 0; i < 40; ++i) CHECK_EQ(y[static_cast<std::size_t>(i)], 2.0f * static_cast<float>(i) + 0.5f);
  CHECK(contains(text(emulatorRecord), "launch twice grid=2,1,1 block=32,1,1 shared=0 instructions="));
  CHECK(contains(text(emulatorRecord), "read=160 written=160"));
}

TEST(argumentsAreReadInTheCall) {
  fresh();
  const Loaded l;
  CUdeviceptr x = upload<float>({1});
  CUdeviceptr y = allocate(4);
  float add = 1;
  int n = 1;
  void* arguments[] = {&x, &y, &add, &n};
  CHECK_EQ(cuLaunchKernel(l.twice, 1, 1, 1, 1, 1, 1, 0, nullptr, arguments, nullptr), CUDA_SUCCESS);
  const CUdeviceptr to = y;
  x = y = 0;
  add = 100;
  CHECK_EQ(download<float>(to, 1)[0], 3.0f);
}

TEST(argumentsInOneBuffer) {
  fresh();
  const Loaded l;
  struct {
    CUdeviceptr x, y;
    float add;
    int n;
  } buffer = {upload<float>({4}), allocate(4), 1, 1};
  std::size_t bytes = sizeof buffer;
  void* extra[] = {reinterpret_cast<void*>(1), &buffer, reinterpret_cast<void*>(2), &bytes, nullptr};
  CHECK_EQ(cuLaunchKernel(l.twice, 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr, extra), CUDA_SUCCESS);
  CHECK_EQ(download<float>(buffer.y, 1)[0], 9.0f);
  bytes = 20;
  CHECK_EQ(cuLaunchKernel(l.twice, 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr, extra), CUDA_ERROR_INVALID_VALUE);
  void* null[] = {&buffer.x, nullptr, &buffer.add, &buffer.n};
  CHECK_EQ(cuLaunchKernel(l.twice, 1, 1, 1, 1, 1, 1, 0, nullptr, null, nullptr), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(cuLaunchKernel(l.twice, 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr, nullptr), CUDA_ERROR_INVALID_VALUE);
}

TEST(shapesThatCannotBe) {
  fresh();
  const Loaded l;
  CHECK_EQ(launchCount(l, 0, 1), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(launchCount(l, 1, 0), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(launchCount(l, 1, 2048), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(launchCount(l, 1, 65), CUDA_ERROR_INVALID_VALUE);  // its launch bound is 64
  CHECK(contains(lastError(), "launch bound"));
  CHECK_EQ(launchCount(l, 1u << 31, 1), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(cuLaunchKernel(l.count, 1, 65536, 1, 1, 1, 1, 0, nullptr, nullptr, nullptr), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(cuLaunchKernel(l.count, 1, 1, 1, 1, 1, 65, 0, nullptr, nullptr, nullptr), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(launchCount(l, 3, 2), CUDA_SUCCESS);
  CHECK_EQ(cuCtxSynchronize(), CUDA_SUCCESS);
}

TEST(dynamicSharedMemoryIsOptedIn) {
  fresh();
  const Loaded l;
  CHECK_EQ(launchCount(l, 1, 1, 48 << 10), CUDA_SUCCESS);
  CHECK_EQ(launchCount(l, 1, 1, (48 << 10) + 4), CUDA_ERROR_INVALID_VALUE);
  CHECK(contains(lastError(), "cuFuncSetAttribute"));
  CHECK_EQ(cuFuncSetAttribute(l.count, FUNC_MAX_DYNAMIC_SHARED_SIZE_BYTES, 228 << 10), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(cuFuncSetAttribute(l.count, FUNC_MAX_DYNAMIC_SHARED_SIZE_BYTES, 227 << 10), CUDA_SUCCESS);
  CHECK_EQ(launchCount(l, 1, 1, 227 << 10), CUDA_SUCCESS);
  int blocks = 0;
  CHECK_EQ(cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, l.count, 64, 100 << 10), CUDA_SUCCESS);
  CHECK_EQ(blocks, 2);
  CHECK_EQ(cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, l.count, 64, 0), CUDA_SUCCESS);
  CHECK_EQ(blocks, 32);
}

TEST(functionsAndVariables) {
  fresh();
  const Loaded l;
  int value = 0;
  CHECK_EQ(cuFuncGetAttribute(&value, FUNC_MAX_THREADS_PER_BLOCK, l.count), CUDA_SUCCESS);
  CHECK_EQ(value, 64);
  CUfunction f = nullptr;
  CHECK_EQ(cuModuleGetFunction(&f, l.module, "thrice"), CUDA_ERROR_NOT_FOUND);
  CHECK_EQ(cuModuleGetFunction(&f, l.module, "count"), CUDA_SUCCESS);
  CHECK_EQ(f, l.count);
  CUdeviceptr counter = 0;
  std::size_t bytes = 0;
  CHECK_EQ(cuModuleGetGlobal_v2(&counter, &bytes, l.module, "nothing"), CUDA_ERROR_NOT_FOUND);
  CHECK_EQ(cuModuleGetGlobal_v2(&counter, &bytes, l.module, "counter"), CUDA_SUCCESS);
  CHECK_EQ(bytes, std::size_t{4});
  CHECK_EQ(launchCount(l, 3, 40), CUDA_SUCCESS);
  CHECK_EQ(download<int>(counter, 1)[0], 125);
  CHECK_EQ(cuMemFree_v2(counter), CUDA_ERROR_INVALID_VALUE);  // the module's
  CHECK_EQ(cuModuleUnload(l.module), CUDA_SUCCESS);
  CHECK_EQ(cuModuleUnload(l.module), CUDA_ERROR_INVALID_HANDLE);
  CHECK_EQ(launchCount(l, 1, 1), CUDA_ERROR_INVALID_HANDLE);
  CHECK_EQ(text(emulatorLive), "");
}

TEST(unloadingWaitsForLaunches) {
  fresh();
  const Loaded l;
  const CUdeviceptr x = upload<float>({1});
  const CUdeviceptr y = allocate(4);
  CHECK_EQ(l.run(x, y, 1, stream()), CUDA_SUCCESS);
  CHECK_EQ(cuModuleUnload(l.module), CUDA_SUCCESS);
  CHECK_EQ(download<float>(y, 1)[0], 2.5f);
}

TEST(imagesThatDoNotLoad) {
  fresh();
  CUmodule m = nullptr;
  const char cubin[] = "\177ELF\2\1\1\101";
  CHECK_EQ(cuModuleLoadData(&m, cubin), CUDA_ERROR_NO_BINARY_FOR_GPU);
  CHECK_EQ(cuModuleLoadData(&m, nullptr), CUDA_ERROR_INVALID_VALUE);
  CHECK_EQ(cuModuleLoadData(&m, ""), CUDA_ERROR_INVALID_IMAGE);
  CHECK_EQ(cuModuleLoadData(&m, "hello"), CUDA_ERROR_INVALID_IMAGE);
  configure("ptx", "7.8");
  CHECK_EQ(cuModuleLoadData(&m, (kHeader + kBody).c_str()), CUDA_ERROR_UNSUPPORTED_PTX_VERSION);
  configure("ptx", "8.0");
  CHECK_EQ(cuModuleLoadData(&m, (kHeader + kBody).c_str()), CUDA_SUCCESS);
  const std::string newer = ".version 8.0\n.target sm_100\n.address_size 64\n" + kBody;
  CHECK_EQ(cuModuleLoadData(&m, newer.c_str()), CUDA_ERROR_INVALID_PTX);
  // The log of the compiler says why.
  char log[200] = "x";
  int options[] = {JIT_ERROR_LOG_BUFFER, JIT_ERROR_LOG_BUFFER_SIZE};
  void* values[] = {log, reinterpret_cast<void*>(sizeof log)};
  const std::string bad = kHeader + ".visible .entry f() { frobnicate.b32 %r1; ret; }";
  CHECK_EQ(cuModuleLoadDataEx(&m, bad.c_str(), 2, options, values), CUDA_ERROR_INVALID_PTX);
  CHECK(contains(log, "frobnicate"));
  CHECK_EQ(reinterpret_cast<std::size_t>(values[1]), std::strlen(log));
}

TEST(kernelFaultsAreSticky) {
  fresh();
  emulatorClear();
  const Loaded l;
  const CUdeviceptr x = upload<float>({1, 2});
  const CUdeviceptr y = allocate(8);
  const CUstream s = stream();
  const CUstream t = stream();
  CHECK_EQ(cuCtxSynchronize(), CUDA_SUCCESS);
  configure("lazy", "on");  // so that the other stream's work is still queued
  CHECK_EQ(l.run(x, y, 3, s), CUDA_SUCCESS);  // one element too many
  CHECK_EQ(cuMemsetD32Async(y, 0, 1, t), CUDA_SUCCESS);
  CHECK_EQ(cuStreamSynchronize(s), CUDA_ERROR_ILLEGAL_ADDRESS);
  CHECK_EQ(emulatorQueued(), 0LL);
  CHECK_EQ(cuStreamSynchronize(t), CUDA_ERROR_ILLEGAL_ADDRESS);
  CHECK_EQ(l.run(x, y, 2, s), CUDA_ERROR_ILLEGAL_ADDRESS);
  CHECK_EQ(cuMemFree_v2(x), CUDA_ERROR_ILLEGAL_ADDRESS);
  CHECK(contains(text(emulatorReports), "twice"));
  CHECK_EQ(cuDevicePrimaryCtxReset_v2(0), CUDA_SUCCESS);
}

TEST(otherContextsSurvive) {
  const CUcontext first = fresh();
  CUcontext second = nullptr;
  CHECK_EQ(cuCtxCreate_v2(&second, 0, 0), CUDA_SUCCESS);
  const Loaded l;
  const CUdeviceptr x = upload<float>({1});
  CHECK_EQ(l.run(x, x + 4, 1, nullptr), CUDA_SUCCESS);
  CHECK_EQ(cuCtxSynchronize(), CUDA_ERROR_ILLEGAL_ADDRESS);
  CHECK_EQ(cuCtxDestroy_v2(second), CUDA_SUCCESS);
  CUcontext now = nullptr;
  cuCtxGetCurrent(&now);
  CHECK_EQ(now, first);
  CHECK_EQ(download<int>(upload<int>({3}), 1)[0], 3);
}

TEST(functionsOfAnotherContext) {
  fresh();
  const Loaded l;
  CUcontext other = nullptr;
  cuCtxCreate_v2(&other, 0, 0);
  CHECK_EQ(launchCount(l, 1, 1), CUDA_ERROR_INVALID_HANDLE);
  cuCtxDestroy_v2(other);
}

TEST(capturedLaunchesKeepTheirArguments) {
  fresh();
  const Loaded l;
  const CUdeviceptr x = upload<float>({1});
  const CUdeviceptr y = allocate(4);
  const CUstream s = stream();
  CHECK_EQ(cuStreamBeginCapture_v2(s, CAPTURE_MODE_GLOBAL), CUDA_SUCCESS);
  CHECK_EQ(l.run(x, y, 1, s), CUDA_SUCCESS);
  CHECK_EQ(l.run(y, x, 1, s), CUDA_SUCCESS);
  CUgraph graph = nullptr;
  CHECK_EQ(cuStreamEndCapture(s, &graph), CUDA_SUCCESS);
  std::size_t nodes = 0;
  CHECK_EQ(cuGraphGetNodes(graph, nullptr, &nodes), CUDA_SUCCESS);
  CHECK_EQ(nodes, std::size_t{2});
  CUgraphExec g = nullptr;
  CHECK_EQ(cuGraphInstantiateWithFlags(&g, graph, 0), CUDA_SUCCESS);
  for (int i = 0; i < 2; ++i) CHECK_EQ(cuGraphLaunch(g, s), CUDA_SUCCESS);
  CHECK_EQ(cuStreamSynchronize(s), CUDA_SUCCESS);
  CHECK_EQ(download<float>(x, 1)[0], 23.5f);  // 1, 2.5, 5.5, 11.5, 23.5
}

TEST(injectedLaunchFaults) {
  fresh();
  const Loaded l;
  configure("fault", "launch:2|launch:4:sticky");
  CHECK_EQ(launchCount(l, 1, 1), CUDA_SUCCESS);
  CHECK_EQ(launchCount(l, 1, 1), CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES);
  CHECK_EQ(launchCount(l, 1, 1), CUDA_SUCCESS);
  CHECK_EQ(cuCtxSynchronize(), CUDA_SUCCESS);
  CHECK_EQ(launchCount(l, 1, 1), CUDA_SUCCESS);
  CHECK_EQ(cuCtxSynchronize(), CUDA_ERROR_LAUNCH_FAILED);
  fresh();
  configure("fault", "module:1");
  CUmodule m = nullptr;
  CHECK_EQ(cuModuleLoadData(&m, (kHeader + kBody).c_str()), CUDA_ERROR_NO_BINARY_FOR_GPU);
  CHECK_EQ(cuModuleLoadData(&m, (kHeader + kBody).c_str()), CUDA_SUCCESS);
}

int main(int count, char** arguments) {
  return check::main(count, arguments);
}
