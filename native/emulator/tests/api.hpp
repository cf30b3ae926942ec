// The driver's and cuBLAS's entry points as a program sees them, and short ways to use them in tests.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "check.hpp"
#include "cublas/cublas.hpp"
#include "driver/cuda.hpp"

extern "C" {
CUresult cuInit(unsigned);
CUresult cuDriverGetVersion(int*);
CUresult cuGetErrorName(CUresult, const char**);
CUresult cuGetErrorString(CUresult, const char**);
CUresult cuDeviceGetCount(int*);
CUresult cuDeviceGet(CUdevice*, int);
CUresult cuDeviceGetName(char*, int, CUdevice);
CUresult cuDeviceGetUuid(CUuuid*, CUdevice);
CUresult cuDeviceTotalMem_v2(std::size_t*, CUdevice);
CUresult cuDeviceGetAttribute(int*, int, CUdevice);
CUresult cuDeviceGetPCIBusId(char*, int, CUdevice);
CUresult cuGetExportTable(const void**, const CUuuid*);
CUresult cuCtxCreate_v2(CUcontext*, unsigned, CUdevice);
CUresult cuCtxDestroy_v2(CUcontext);
CUresult cuCtxSetCurrent(CUcontext);
CUresult cuCtxGetCurrent(CUcontext*);
CUresult cuCtxPushCurrent_v2(CUcontext);
CUresult cuCtxPopCurrent_v2(CUcontext*);
CUresult cuCtxSynchronize();
CUresult cuDevicePrimaryCtxRetain(CUcontext*, CUdevice);
CUresult cuDevicePrimaryCtxRelease_v2(CUdevice);
CUresult cuDevicePrimaryCtxReset_v2(CUdevice);
CUresult cuModuleLoadData(CUmodule*, const void*);
CUresult cuModuleLoadDataEx(CUmodule*, const void*, unsigned, int*, void**);
CUresult cuModuleUnload(CUmodule);
CUresult cuModuleGetFunction(CUfunction*, CUmodule, const char*);
CUresult cuModuleGetGlobal_v2(CUdeviceptr*, std::size_t*, CUmodule, const char*);
CUresult cuFuncGetAttribute(int*, int, CUfunction);
CUresult cuFuncSetAttribute(CUfunction, int, int);
CUresult cuMemGetInfo_v2(std::size_t*, std::size_t*);
CUresult cuMemAlloc_v2(CUdeviceptr*, std::size_t);
CUresult cuMemFree_v2(CUdeviceptr);
CUresult cuMemAllocAsync(CUdeviceptr*, std::size_t, CUstream);
CUresult cuMemFreeAsync(CUdeviceptr, CUstream);
CUresult cuMemAllocHost_v2(void**, std::size_t);
CUresult cuMemFreeHost(void*);
CUresult cuMemHostRegister_v2(void*, std::size_t, unsigned);
CUresult cuMemHostUnregister(void*);
CUresult cuPointerGetAttribute(void*, int, CUdeviceptr);
CUresult cuMemcpyHtoD_v2(CUdeviceptr, const void*, std::size_t);
CUresult cuMemcpyDtoH_v2(void*, CUdeviceptr, std::size_t);
CUresult cuMemcpyDtoD_v2(CUdeviceptr, CUdeviceptr, std::size_t);
CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr, const void*, std::size_t, CUstream);
CUresult cuMemcpyDtoHAsync_v2(void*, CUdeviceptr, std::size_t, CUstream);
CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr, CUdeviceptr, std::size_t, CUstream);
CUresult cuMemsetD8_v2(CUdeviceptr, unsigned char, std::size_t);
CUresult cuMemsetD32_v2(CUdeviceptr, unsigned, std::size_t);
CUresult cuMemsetD8Async(CUdeviceptr, unsigned char, std::size_t, CUstream);
CUresult cuMemsetD32Async(CUdeviceptr, unsigned, std::size_t, CUstream);
CUresult cuStreamCreate(CUstream*, unsigned);
CUresult cuStreamDestroy_v2(CUstream);
CUresult cuStreamSynchronize(CUstream);
CUresult cuStreamQuery(CUstream);
CUresult cuStreamWaitEvent(CUstream, CUevent, unsigned);
CUresult cuStreamBeginCapture_v2(CUstream, int);
CUresult cuStreamEndCapture(CUstream, CUgraph*);
CUresult cuStreamIsCapturing(CUstream, int*);
CUresult cuThreadExchangeStreamCaptureMode(int*);
CUresult cuGraphInstantiateWithFlags(CUgraphExec*, CUgraph, unsigned long long);
CUresult cuGraphLaunch(CUgraphExec, CUstream);
CUresult cuGraphDestroy(CUgraph);
CUresult cuGraphExecDestroy(CUgraphExec);
CUresult cuGraphGetNodes(CUgraph, CUgraphNode*, std::size_t*);
CUresult cuEventCreate(CUevent*, unsigned);
CUresult cuEventDestroy_v2(CUevent);
CUresult cuEventRecord(CUevent, CUstream);
CUresult cuEventQuery(CUevent);
CUresult cuEventSynchronize(CUevent);
CUresult cuEventElapsedTime(float*, CUevent, CUevent);
CUresult cuLaunchKernel(CUfunction, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, CUstream,
                        void**, void**);
CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(int*, CUfunction, int, std::size_t);

int emulatorConfigure(const char*, const char*);
long long emulatorRecord(char*, long long);
long long emulatorTotals(char*, long long);
long long emulatorReports(char*, long long);
long long emulatorLive(char*, long long);
long long emulatorCounts(char*, long long);
long long emulatorQueued();
long long emulatorLastError(char*, long long);
void emulatorClear();
void emulatorReset();
}

namespace api {

/** The text that one of the emulator's functions gives. */
inline std::string text(long long (*give)(char*, long long)) {
  std::vector<char> buffer(static_cast<std::size_t>(give(nullptr, 0)) + 1);
  give(buffer.data(), static_cast<long long>(buffer.size()));
  return buffer.data();
}

inline std::string lastError() {
  return text(emulatorLastError);
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

inline void configure(const char* name, const char* value) {
  if (emulatorConfigure(name, value) != 0) throw std::runtime_error(lastError());
}

/** A fresh driver with the default settings, and the primary context of device 0 current. */
inline CUcontext fresh() {
  emulatorReset();
  configure("memory", "64M");
  configure("cc", "9.0");
  configure("devices", "1");
  configure("ptx", "8.8");
  configure("seed", "1");
  configure("lazy", "off");
  configure("queue", "4096");
  configure("limit", "200000000000");
  configure("record", "off");
  configure("fault", "");
  cuInit(0);
  CUcontext context = nullptr;
  cuDevicePrimaryCtxRetain(&context, 0);
  cuCtxSetCurrent(context);
  return context;
}

inline CUdeviceptr allocate(std::size_t bytes) {
  CUdeviceptr address = 0;
  CHECK_EQ(cuMemAlloc_v2(&address, bytes), CUDA_SUCCESS);
  return address;
}

template <class T>
CUdeviceptr upload(const std::vector<T>& values) {
  const CUdeviceptr address = allocate(values.size() * sizeof(T));
  CHECK_EQ(cuMemcpyHtoD_v2(address, values.data(), values.size() * sizeof(T)), CUDA_SUCCESS);
  CHECK_EQ(cuCtxSynchronize(), CUDA_SUCCESS);
  return address;
}

template <class T>
std::vector<T> download(CUdeviceptr address, std::size_t count) {
  std::vector<T> values(count);
  CHECK_EQ(cuMemcpyDtoH_v2(values.data(), address, count * sizeof(T)), CUDA_SUCCESS);
  return values;
}

/** Page-locked memory of one int. */
inline int* pinnedInt(int value) {
  void* address = nullptr;
  CHECK_EQ(cuMemAllocHost_v2(&address, sizeof(int)), CUDA_SUCCESS);
  *static_cast<int*>(address) = value;
  return static_cast<int*>(address);
}

inline CUstream stream(unsigned flags = STREAM_NON_BLOCKING) {
  CUstream s = nullptr;
  CHECK_EQ(cuStreamCreate(&s, flags), CUDA_SUCCESS);
  return s;
}

inline CUevent event(unsigned flags = EVENT_DISABLE_TIMING) {
  CUevent e = nullptr;
  CHECK_EQ(cuEventCreate(&e, flags), CUDA_SUCCESS);
  return e;
}

}  // namespace api
