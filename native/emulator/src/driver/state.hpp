// Everything the driver knows: devices, contexts and what lives in them.
#pragma once

#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "device/memory.hpp"
#include "driver/config.hpp"
#include "driver/cuda.hpp"
#include "driver/failure.hpp"
#include "driver/handles.hpp"
#include "driver/schedule.hpp"
#include "ptx/launch.hpp"
#include "ptx/module.hpp"

namespace driver {

struct Context;
struct Capture;

/** A device of the emulator. Its memory outlives every module. */
struct Device {
  int ordinal = 0;
  Limits limits;
  std::unique_ptr<emulator::Memory> memory;
  std::shared_ptr<Context> primary;  // null unless retained
  int retained = 0;
  unsigned primaryFlags = 0;
};

/** What a queued operation does, so that a graph can repeat it: it must not hold what dies before the graph. */
struct Task {
  std::string what;
  std::function<void()> run;
};

/** A stream. Work in it runs in order. */
struct Stream {
  Context* context = nullptr;
  CUstream handle = nullptr;
  unsigned flags = 0;
  int priority = 0;
  bool legacy = false;
  OpRef last;
  std::shared_ptr<Capture> capture;   // null unless the stream captures
  std::vector<std::size_t> tail;      // nodes of the capture that the next one follows
  bool blocking() const { return !legacy && (flags & STREAM_NON_BLOCKING) == 0; }
};

/** One recording of an event. */
struct Mark {
  OpRef op;
  bool done = false;
  std::chrono::steady_clock::time_point when;
};

struct Event {
  Context* context = nullptr;
  unsigned flags = 0;
  std::shared_ptr<Mark> mark;             // null until recorded
  std::shared_ptr<Capture> capture;       // set when last recorded in a capture
  std::vector<std::size_t> captured;      // the nodes that it stands for
};

struct Module {
  Context* context = nullptr;
  std::unique_ptr<emulator::Module> code;
  int ptxVersion = 0;  // 10 * major + minor
  int target = 0;      // 90 for sm_90
  std::map<std::string, CUfunction> functions;
};

struct Function {
  std::shared_ptr<Module> module;
  const emulator::Kernel* kernel = nullptr;
  int dynamicShared = 0;  // the most a launch may ask for; opted in by cuFuncSetAttribute
};

/** Operations and what each follows; in an order in which they may run. */
struct Graph {
  struct Node {
    Task task;
    std::vector<std::size_t> after;
  };
  Context* context = nullptr;
  std::vector<Node> nodes;
  OpRef last;  // of an executable graph: the end of its last launch, which the next one follows
};

/** An ongoing stream capture. */
struct Capture {
  std::shared_ptr<Graph> graph;
  Stream* origin = nullptr;
  int mode = CAPTURE_MODE_GLOBAL;
  std::thread::id thread;
  bool invalid = false;
  std::set<Stream*> members;
};

/** Page-locked host memory. */
struct Pinned {
  std::size_t bytes = 0;
  unsigned flags = 0;
  bool registered = false;  // the program's own memory, pinned by cuMemHostRegister
  Context* context = nullptr;
};

struct Context {
  CUcontext handle = nullptr;
  std::shared_ptr<Device> device;
  unsigned flags = 0;
  bool primary = false;
  bool destroyed = false;
  CUresult sticky = CUDA_SUCCESS;  // once a kernel failed, every later call answers this
  std::string stickyWhy;
  std::shared_ptr<Stream> legacy;
  std::map<std::thread::id, std::shared_ptr<Stream>> perThread;
  std::set<std::uint64_t> blocks;  // device memory that the program allocated here

  emulator::Memory& memory() const { return *device->memory; }
};

/** The driver of this process. Every entry point holds its lock. */
class EMULATOR_EXPORT State {
 public:
  State();

  std::recursive_mutex lock;
  bool initialised = false;
  std::vector<std::shared_ptr<Device>> devices;
  Handles<Context, CUcontext> contexts{"context"};
  Handles<Module, CUmodule> modules{"module"};
  Handles<Function, CUfunction> functions{"function"};
  Handles<Stream, CUstream> streams{"stream"};
  Handles<Event, CUevent> events{"event"};
  Handles<Graph, CUgraph> graphs{"graph"};
  Handles<Graph, CUgraphExec> executables{"executable graph"};
  std::map<std::uintptr_t, Pinned> pinned;  // by first host address
  std::set<std::shared_ptr<Capture>> captures;
  Schedule schedule;
  std::string lastError;

  void start();
  Device& device(CUdevice ordinal);

  std::shared_ptr<Context> create(const std::shared_ptr<Device>& device, unsigned flags, bool primary);
  void destroy(const std::shared_ptr<Context>& context);

  /** The stream of a handle, in the current context; 0, 1 and 2 are the legacy and the per-thread stream. */
  std::shared_ptr<Stream> stream(Context& context, CUstream handle);

  /** Every live stream of the context, the legacy and per-thread ones too. */
  std::vector<Stream*> streamsOf(const Context& context);

  /** The pinned block that holds all of the range, or null. */
  const Pinned* pinnedAt(const void* address, std::size_t bytes) const;

  /** Forgets everything: contexts, memory, pinned blocks, captures. The settings stay. */
  void reset();

 private:
  void onFault(Op& op, std::exception_ptr error);

  std::map<int, std::uint64_t> bases_;  // by device: addresses of before a reset are never given out again
};

EMULATOR_EXPORT State& state();

/** The contexts that this thread pushed; the last one is current. */
EMULATOR_EXPORT std::vector<std::shared_ptr<Context>>& currentStack();

// Work in streams: work.cpp.

/** Queues the task in the stream, or adds it to the graph that the stream captures. */
EMULATOR_EXPORT void submit(Stream& stream, Task task);

/** Queues a copy of the graph's nodes behind the stream's work. */
void submitGraph(Stream& stream, Graph& graph);

/** Waits for all work of the stream; refused while it captures. */
EMULATOR_EXPORT void finish(Stream& stream);

/** Refuses what must not happen while a capture is under way that this thread's calls could disturb. */
void refuseInCapture(const char* what);

/** How strictly this thread is kept from disturbing captures: one of the capture modes. */
int& captureModeOfThread();

/** Marks the capture as failed; its streams answer so until it ends. */
void invalidate(Capture& capture);

/** Counts an operation of the kind; a configured fault that is not sticky is thrown, of a sticky one the task fails. */
EMULATOR_EXPORT void injectFault(const char* kind, CUresult status, Task& task);
EMULATOR_EXPORT void injectFault(const char* kind, CUresult status);

}  // namespace driver
