// The driver API's types and constants, as far as the emulator meets them. The values are the ABI's.
#pragma once

#include <cstddef>
#include <cstdint>

#define EMULATOR_EXPORT __attribute__((visibility("default")))

// A signed 32-bit status, as the ABI passes it.
enum CUresult : int {
#define RESULT(name, value, text) CUDA_##name = value,
#include "driver/results.def"
#undef RESULT
};

using CUdevice = int;
using CUdeviceptr = unsigned long long;
struct CUctx_st;
struct CUmod_st;
struct CUfunc_st;
struct CUstream_st;
struct CUevent_st;
struct CUgraph_st;
struct CUgraphNode_st;
struct CUgraphExec_st;
using CUcontext = CUctx_st*;
using CUmodule = CUmod_st*;
using CUfunction = CUfunc_st*;
using CUstream = CUstream_st*;
using CUevent = CUevent_st*;
using CUgraph = CUgraph_st*;
using CUgraphNode = CUgraphNode_st*;
using CUgraphExec = CUgraphExec_st*;

struct CUuuid {
  unsigned char bytes[16];
};

constexpr unsigned STREAM_DEFAULT = 0;
constexpr unsigned STREAM_NON_BLOCKING = 1;

constexpr unsigned EVENT_BLOCKING_SYNC = 1;
constexpr unsigned EVENT_DISABLE_TIMING = 2;
constexpr unsigned EVENT_INTERPROCESS = 4;

constexpr int CAPTURE_MODE_GLOBAL = 0;
constexpr int CAPTURE_MODE_THREAD_LOCAL = 1;
constexpr int CAPTURE_MODE_RELAXED = 2;

constexpr int CAPTURE_STATUS_NONE = 0;
constexpr int CAPTURE_STATUS_ACTIVE = 1;
constexpr int CAPTURE_STATUS_INVALIDATED = 2;

constexpr int FUNC_MAX_THREADS_PER_BLOCK = 0;
constexpr int FUNC_SHARED_SIZE_BYTES = 1;
constexpr int FUNC_CONST_SIZE_BYTES = 2;
constexpr int FUNC_LOCAL_SIZE_BYTES = 3;
constexpr int FUNC_NUM_REGS = 4;
constexpr int FUNC_PTX_VERSION = 5;
constexpr int FUNC_BINARY_VERSION = 6;
constexpr int FUNC_CACHE_MODE_CA = 7;
constexpr int FUNC_MAX_DYNAMIC_SHARED_SIZE_BYTES = 8;
constexpr int FUNC_PREFERRED_SHARED_MEMORY_CARVEOUT = 9;

constexpr int POINTER_CONTEXT = 1;
constexpr int POINTER_MEMORY_TYPE = 2;
constexpr int POINTER_DEVICE_POINTER = 3;
constexpr int POINTER_HOST_POINTER = 4;
constexpr int POINTER_BUFFER_ID = 7;
constexpr int POINTER_IS_MANAGED = 8;
constexpr int POINTER_DEVICE_ORDINAL = 9;
constexpr int POINTER_RANGE_START_ADDR = 11;
constexpr int POINTER_RANGE_SIZE = 12;
constexpr int POINTER_MAPPED = 13;

constexpr unsigned MEMORYTYPE_HOST = 1;
constexpr unsigned MEMORYTYPE_DEVICE = 2;

constexpr int JIT_INFO_LOG_BUFFER = 3;
constexpr int JIT_INFO_LOG_BUFFER_SIZE = 4;
constexpr int JIT_ERROR_LOG_BUFFER = 5;
constexpr int JIT_ERROR_LOG_BUFFER_SIZE = 6;
