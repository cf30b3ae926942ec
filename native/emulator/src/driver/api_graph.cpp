// Stream capture and graphs.
#include <utility>

#include "driver/call.hpp"

using namespace driver;

namespace {

// Ends the capture in all its streams.
void close(const std::shared_ptr<Capture>& ongoing) {
  for (Stream* member : ongoing->members) {
    member->capture = nullptr;
    member->tail.clear();
  }
  state().captures.erase(ongoing);
}

// Whether every node leads to the origin's last ones.
bool joined(const Capture& ongoing) {
  std::vector<bool> reached(ongoing.graph->nodes.size());
  std::vector<std::size_t> open = ongoing.origin->tail;
  while (!open.empty()) {
    const std::size_t node = open.back();
    open.pop_back();
    if (reached[node]) continue;
    reached[node] = true;
    const auto& after = ongoing.graph->nodes[node].after;
    open.insert(open.end(), after.begin(), after.end());
  }
  for (const bool r : reached) {
    if (!r) return false;
  }
  return true;
}

void checkMode(int mode) {
  require(mode >= CAPTURE_MODE_GLOBAL && mode <= CAPTURE_MODE_RELAXED, CUDA_ERROR_INVALID_VALUE,
          "no capture mode " + std::to_string(mode));
}

}  // namespace

extern "C" {

EMULATOR_EXPORT CUresult cuStreamBeginCapture_v2(CUstream handle, int mode) {
  return inContext("cuStreamBeginCapture", [&](Context& context) {
    checkMode(mode);
    const auto stream = state().stream(context, handle);
    require(!stream->legacy, CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, "the legacy stream cannot capture");
    require(!stream->capture, CUDA_ERROR_ILLEGAL_STATE, "the stream captures already");
    injectFault("graph", CUDA_ERROR_UNKNOWN);
    const auto ongoing = std::make_shared<Capture>();
    ongoing->graph = std::make_shared<Graph>();
    ongoing->graph->context = &context;
    ongoing->origin = stream.get();
    ongoing->mode = mode;
    ongoing->thread = std::this_thread::get_id();
    ongoing->members = {stream.get()};
    stream->capture = ongoing;
    state().captures.insert(ongoing);
  });
}

EMULATOR_EXPORT CUresult cuStreamEndCapture(CUstream handle, CUgraph* out) {
  return inContext("cuStreamEndCapture", [&](Context& context) {
    require(out != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    *out = nullptr;
    const auto stream = state().stream(context, handle);
    const auto ongoing = stream->capture;
    require(ongoing != nullptr, CUDA_ERROR_ILLEGAL_STATE, "the stream does not capture");
    if (ongoing->origin != stream.get()) {
      invalidate(*ongoing);
      throw Failure(CUDA_ERROR_STREAM_CAPTURE_UNMATCHED, "the capture began in another stream");
    }
    if (ongoing->mode != CAPTURE_MODE_RELAXED && ongoing->thread != std::this_thread::get_id()) {
      throw Failure(CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD, "the capture began in another thread");
    }
    const bool complete = joined(*ongoing);
    close(ongoing);
    require(!ongoing->invalid, CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, "the capture was invalidated by an earlier error");
    require(complete, CUDA_ERROR_STREAM_CAPTURE_UNJOINED,
            "work of another stream is not joined: record an event there and wait for it");
    *out = state().graphs.add(ongoing->graph);
  });
}

EMULATOR_EXPORT CUresult cuStreamIsCapturing(CUstream handle, int* out) {
  return inContext("cuStreamIsCapturing", [&](Context& context) {
    require(out != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    const auto stream = state().stream(context, handle);
    *out = !stream->capture            ? CAPTURE_STATUS_NONE
           : stream->capture->invalid ? CAPTURE_STATUS_INVALIDATED
                                      : CAPTURE_STATUS_ACTIVE;
  });
}

EMULATOR_EXPORT CUresult cuThreadExchangeStreamCaptureMode(int* mode) {
  return initialised("cuThreadExchangeStreamCaptureMode", [&] {
    require(mode != nullptr, CUDA_ERROR_INVALID_VALUE, "the mode is null");
    checkMode(*mode);
    std::swap(*mode, captureModeOfThread());
  });
}

EMULATOR_EXPORT CUresult cuGraphGetNodes(CUgraph handle, CUgraphNode* nodes, std::size_t* count) {
  return inContext("cuGraphGetNodes", [&](Context&) {
    require(count != nullptr, CUDA_ERROR_INVALID_VALUE, "the count is null");
    require(nodes == nullptr, CUDA_ERROR_NOT_SUPPORTED, "the emulator counts nodes, but has no handles for them");
    *count = state().graphs.at(handle)->nodes.size();
  });
}

EMULATOR_EXPORT CUresult cuGraphDestroy(CUgraph handle) {
  return inContext("cuGraphDestroy", [&](Context&) { state().graphs.remove(handle); });
}

EMULATOR_EXPORT CUresult cuGraphInstantiateWithFlags(CUgraphExec* out, CUgraph handle, unsigned long long flags) {
  return inContext("cuGraphInstantiateWithFlags", [&](Context&) {
    require(out != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    require(flags == 0, CUDA_ERROR_INVALID_VALUE, "flags are " + std::to_string(flags) + ", not 0");
    injectFault("graph", CUDA_ERROR_OUT_OF_MEMORY);
    // A copy: the graph may be destroyed before its executable, or instantiated again.
    *out = state().executables.add(std::make_shared<Graph>(*state().graphs.at(handle)));
  });
}

EMULATOR_EXPORT CUresult cuGraphUpload(CUgraphExec handle, CUstream stream) {
  return inContext("cuGraphUpload", [&](Context& context) {
    state().executables.at(handle);
    state().stream(context, stream);
  });
}

EMULATOR_EXPORT CUresult cuGraphLaunch(CUgraphExec handle, CUstream streamHandle) {
  return inContext("cuGraphLaunch", [&](Context& context) {
    const auto executable = state().executables.at(handle);
    const auto stream = state().stream(context, streamHandle);
    require(executable->context == &context, CUDA_ERROR_INVALID_HANDLE, "the graph belongs to another context");
    injectFault("graph", CUDA_ERROR_UNKNOWN);
    submitGraph(*stream, *executable);
  });
}

// Launches that are queued hold copies of the nodes.
EMULATOR_EXPORT CUresult cuGraphExecDestroy(CUgraphExec handle) {
  return inContext("cuGraphExecDestroy", [&](Context&) { state().executables.remove(handle); });
}

}  // extern "C"
