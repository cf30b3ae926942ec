// Work in streams: queued, captured or waited for.
#include <algorithm>

#include "driver/record.hpp"
#include "driver/state.hpp"

namespace driver {
namespace {

// What a new operation of the stream follows: its own work, and by the legacy stream's rule that of other streams.
std::vector<OpRef> predecessors(const Stream& stream) {
  std::vector<OpRef> after{stream.last};
  if (stream.legacy) {
    for (const Stream* other : state().streamsOf(*stream.context)) {
      if (other->blocking()) after.push_back(other->last);
    }
  } else if (stream.blocking()) {
    after.push_back(stream.context->legacy->last);
  }
  return after;
}

void refuseInvalid(const Capture& ongoing) {
  require(!ongoing.invalid, CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, "the capture was invalidated by an earlier error");
}

void capture(Stream& stream, Task task) {
  Capture& ongoing = *stream.capture;
  refuseInvalid(ongoing);
  auto& nodes = ongoing.graph->nodes;
  nodes.push_back({std::move(task), stream.tail});
  stream.tail = {nodes.size() - 1};
}

// The legacy stream waits for every blocking stream, which must then not be capturing.
void refuseImplicit(const Stream& stream) {
  if (!stream.legacy) return;
  for (const Stream* other : state().streamsOf(*stream.context)) {
    if (other->blocking() && other->capture) {
      invalidate(*other->capture);
      throw Failure(CUDA_ERROR_STREAM_CAPTURE_IMPLICIT, "work in the legacy stream while a blocking stream captures");
    }
  }
}

}  // namespace

void submit(Stream& stream, Task task) {
  if (stream.capture) {
    capture(stream, std::move(task));
    return;
  }
  refuseImplicit(stream);
  Schedule& schedule = state().schedule;
  stream.last = schedule.add(stream.context, std::move(task.what), std::move(task.run), predecessors(stream));
  schedule.shrinkTo(config().queue);
}

void submitGraph(Stream& stream, Graph& graph) {
  if (stream.capture) {
    // A graph launched into a capture becomes part of it.
    refuseInvalid(*stream.capture);
    auto& nodes = stream.capture->graph->nodes;
    const std::size_t first = nodes.size();
    const std::vector<std::size_t> before = stream.tail;
    std::vector<std::size_t> all;
    for (const Graph::Node& node : graph.nodes) {
      Graph::Node copy = node;
      for (std::size_t& index : copy.after) index += first;
      if (copy.after.empty()) copy.after = before;
      all.push_back(nodes.size());
      nodes.push_back(std::move(copy));
    }
    if (!all.empty()) stream.tail = all;
    return;
  }
  refuseImplicit(stream);
  Schedule& schedule = state().schedule;
  std::vector<OpRef> before = predecessors(stream);
  before.push_back(graph.last);
  std::vector<OpRef> ops;
  for (const Graph::Node& node : graph.nodes) {
    std::vector<OpRef> after;
    for (const std::size_t index : node.after) after.push_back(ops[index]);
    if (after.empty()) after = before;
    ops.push_back(schedule.add(stream.context, node.task.what, node.task.run, after));
  }
  if (ops.empty()) ops = before;
  const std::size_t count = graph.nodes.size();
  stream.last = schedule.add(stream.context, "end of graph",
                             [count] { record().done("graph", "launch", 0, count, "nodes=" + std::to_string(count)); }, ops);
  graph.last = stream.last;
  schedule.shrinkTo(config().queue);
}

void finish(Stream& stream) {
  if (stream.capture) {
    invalidate(*stream.capture);
    throw Failure(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, "the stream captures and cannot be waited for");
  }
  refuseImplicit(stream);
  state().schedule.finish(predecessors(stream));
}

void invalidate(Capture& ongoing) {
  ongoing.invalid = true;
}

int& captureModeOfThread() {
  thread_local int mode = CAPTURE_MODE_GLOBAL;
  return mode;
}

// A capture in relaxed mode forbids nothing, one in thread-local mode binds its thread, one in global mode every
// thread; and a thread that is itself relaxed is bound by none, a thread-local one by its own captures only.
void refuseInCapture(const char* what) {
  const int mine = captureModeOfThread();
  for (const auto& ongoing : state().captures) {
    const bool own = ongoing->thread == std::this_thread::get_id();
    const bool everywhere = ongoing->mode == CAPTURE_MODE_GLOBAL && mine == CAPTURE_MODE_GLOBAL;
    if (everywhere || (own && ongoing->mode != CAPTURE_MODE_RELAXED && mine != CAPTURE_MODE_RELAXED)) {
      invalidate(*ongoing);
      throw Failure(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED,
                    std::string(what) + " while a capture is under way; do it before, or capture in relaxed mode");
    }
  }
}

void injectFault(const char* kind, CUresult status, Task& task) {
  const auto injected = faults().count(kind);
  if (!injected) return;
  if (!injected->sticky) throw Failure(status, std::string("injected fault: ") + kind);
  task.run = [kind] { throw emulator::Fault(emulator::kLaunchFailed, std::string("injected sticky fault: ") + kind); };
}

void injectFault(const char* kind, CUresult status) {
  const auto injected = faults().count(kind);
  if (!injected) return;
  const auto& stack = currentStack();
  if (injected->sticky && !stack.empty() && stack.back()) {
    stack.back()->sticky = CUDA_ERROR_LAUNCH_FAILED;
    stack.back()->stickyWhy = std::string("injected sticky fault: ") + kind;
    state().schedule.discard(stack.back().get());
    throw Failure(CUDA_ERROR_LAUNCH_FAILED, stack.back()->stickyWhy);
  }
  throw Failure(status, std::string("injected fault: ") + kind);
}

}  // namespace driver
