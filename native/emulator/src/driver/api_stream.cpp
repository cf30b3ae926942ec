// Streams and events.
#include "driver/call.hpp"

using namespace driver;

namespace {

constexpr int kGreatestPriority = -5;

CUstream create(Context& context, unsigned flags, int priority) {
  require(flags <= STREAM_NON_BLOCKING, CUDA_ERROR_INVALID_VALUE, "unknown flags " + std::to_string(flags));
  injectFault("stream", CUDA_ERROR_OUT_OF_MEMORY);
  const auto stream = std::make_shared<Stream>();
  stream->context = &context;
  stream->flags = flags;
  stream->priority = std::min(0, std::max(kGreatestPriority, priority));
  stream->handle = state().streams.add(stream);
  return stream->handle;
}

std::shared_ptr<Event> eventAt(CUevent handle) {
  return state().events.at(handle);
}

void recordEvent(Context& context, CUevent handle, CUstream streamHandle) {
  const auto event = eventAt(handle);
  const auto stream = state().stream(context, streamHandle);
  require(event->context == &context, CUDA_ERROR_INVALID_HANDLE, "event and stream belong to different contexts");
  injectFault("event", CUDA_ERROR_UNKNOWN);
  if (stream->capture) {
    require(!stream->capture->invalid, CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, "the capture was invalidated");
    event->capture = stream->capture;
    event->captured = stream->tail;
    return;
  }
  const auto mark = std::make_shared<Mark>();
  submit(*stream, {"event", [mark] {
                     mark->when = std::chrono::steady_clock::now();
                     mark->done = true;
                   }});
  mark->op = stream->last;
  event->mark = mark;
  event->capture = nullptr;
}

// A wait for an event of a capture makes the stream a part of that capture.
void waitCaptured(Stream& stream, const Event& event) {
  Capture& ongoing = *event.capture;
  require(state().captures.contains(event.capture), CUDA_ERROR_INVALID_VALUE, "the event's capture has ended");
  require(!ongoing.invalid, CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, "the capture was invalidated");
  if (stream.legacy) {
    invalidate(ongoing);
    throw Failure(CUDA_ERROR_STREAM_CAPTURE_IMPLICIT, "the legacy stream waits for a captured event");
  }
  if (stream.capture && stream.capture != event.capture) {
    invalidate(ongoing);
    invalidate(*stream.capture);
    throw Failure(CUDA_ERROR_STREAM_CAPTURE_MERGE, "the stream captures for another graph");
  }
  if (!stream.capture) {
    stream.capture = event.capture;
    stream.tail.clear();
    ongoing.members.insert(&stream);
  }
  for (const std::size_t node : event.captured) {
    if (std::find(stream.tail.begin(), stream.tail.end(), node) == stream.tail.end()) stream.tail.push_back(node);
  }
}

void wait(Context& context, CUstream streamHandle, CUevent handle) {
  const auto event = eventAt(handle);
  const auto stream = state().stream(context, streamHandle);
  injectFault("event", CUDA_ERROR_UNKNOWN);
  if (event->capture) {
    waitCaptured(*stream, *event);
    return;
  }
  if (stream->capture) {
    invalidate(*stream->capture);
    throw Failure(CUDA_ERROR_STREAM_CAPTURE_ISOLATION, "a capturing stream waits for an event outside the capture");
  }
  if (!event->mark || event->mark->op->done) return;
  // Later work of the stream follows both.
  stream->last = state().schedule.add(&context, "wait for event", nullptr, {stream->last, event->mark->op});
}

void refuseCaptured(const Event& event) {
  require(!event.capture, CUDA_ERROR_CAPTURED_EVENT, "the event was last recorded in a capture");
}

}  // namespace

extern "C" {

EMULATOR_EXPORT CUresult cuStreamCreate(CUstream* out, unsigned flags) {
  return inContext("cuStreamCreate", [&](Context& context) {
    require(out != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    *out = create(context, flags, 0);
  });
}

EMULATOR_EXPORT CUresult cuStreamCreateWithPriority(CUstream* out, unsigned flags, int priority) {
  return inContext("cuStreamCreateWithPriority", [&](Context& context) {
    require(out != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    *out = create(context, flags, priority);
  });
}

// The work that is queued still runs, at a later wait.
EMULATOR_EXPORT CUresult cuStreamDestroy_v2(CUstream handle) {
  return inContext("cuStreamDestroy", [&](Context& context) {
    require(Handles<Stream, CUstream>::number(handle) > 2, CUDA_ERROR_INVALID_HANDLE,
            "the default streams cannot be destroyed");
    const auto stream = state().stream(context, handle);
    if (stream->capture) {
      invalidate(*stream->capture);
      stream->capture->members.erase(stream.get());
      if (stream->capture->origin == stream.get()) state().captures.erase(stream->capture);
    }
    // A blocking stream's work stays ahead of later work in the legacy stream.
    if (stream->blocking() && stream->last && !stream->last->done) {
      context.legacy->last =
          state().schedule.add(&context, "end of stream", nullptr, {context.legacy->last, stream->last});
    }
    state().streams.remove(handle);
  });
}

EMULATOR_EXPORT CUresult cuStreamSynchronize(CUstream handle) {
  return inContext("cuStreamSynchronize", [&](Context& context) {
    const auto stream = state().stream(context, handle);
    injectFault("sync", CUDA_ERROR_UNKNOWN);
    finish(*stream);
  });
}

// Each question lets one operation run, so that a program that polls gets on.
EMULATOR_EXPORT CUresult cuStreamQuery(CUstream handle) {
  return inContext("cuStreamQuery", [&](Context& context) {
    const auto stream = state().stream(context, handle);
    if (stream->capture) {
      invalidate(*stream->capture);
      throw Failure(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, "the stream captures");
    }
    if (!stream->last || stream->last->done) return;
    state().schedule.step(stream->last);
    require(stream->last->done, CUDA_ERROR_NOT_READY, "work is queued");
  });
}

EMULATOR_EXPORT CUresult cuStreamWaitEvent(CUstream stream, CUevent event, unsigned flags) {
  return inContext("cuStreamWaitEvent", [&](Context& context) {
    require(flags == 0, CUDA_ERROR_INVALID_VALUE, "flags are " + std::to_string(flags) + ", not 0");
    wait(context, stream, event);
  });
}

EMULATOR_EXPORT CUresult cuStreamGetPriority(CUstream handle, int* out) {
  return inContext("cuStreamGetPriority", [&](Context& context) {
    require(out != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    *out = state().stream(context, handle)->priority;
  });
}

EMULATOR_EXPORT CUresult cuStreamGetFlags(CUstream handle, unsigned* out) {
  return inContext("cuStreamGetFlags", [&](Context& context) {
    require(out != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    *out = state().stream(context, handle)->flags;
  });
}

EMULATOR_EXPORT CUresult cuStreamGetId(CUstream handle, unsigned long long* out) {
  return inContext("cuStreamGetId", [&](Context& context) {
    require(out != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    state().stream(context, handle);
    *out = Handles<Stream, CUstream>::number(handle);
  });
}

EMULATOR_EXPORT CUresult cuStreamGetCtx(CUstream handle, CUcontext* out) {
  return inContext("cuStreamGetCtx", [&](Context& context) {
    require(out != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    *out = state().stream(context, handle)->context->handle;
  });
}

EMULATOR_EXPORT CUresult cuEventCreate(CUevent* out, unsigned flags) {
  return inContext("cuEventCreate", [&](Context& context) {
    require(out != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    require((flags & ~(EVENT_BLOCKING_SYNC | EVENT_DISABLE_TIMING)) == 0, CUDA_ERROR_INVALID_VALUE,
            "unknown or unsupported flags " + std::to_string(flags));
    injectFault("event", CUDA_ERROR_OUT_OF_MEMORY);
    const auto event = std::make_shared<Event>();
    event->context = &context;
    event->flags = flags;
    *out = state().events.add(event);
  });
}

EMULATOR_EXPORT CUresult cuEventDestroy_v2(CUevent handle) {
  return inContext("cuEventDestroy", [&](Context&) { state().events.remove(handle); });
}

EMULATOR_EXPORT CUresult cuEventRecord(CUevent event, CUstream stream) {
  return inContext("cuEventRecord", [&](Context& context) { recordEvent(context, event, stream); });
}

EMULATOR_EXPORT CUresult cuEventRecordWithFlags(CUevent event, CUstream stream, unsigned flags) {
  return inContext("cuEventRecordWithFlags", [&](Context& context) {
    require(flags == 0, CUDA_ERROR_INVALID_VALUE, "flags are " + std::to_string(flags) + ", not 0");
    recordEvent(context, event, stream);
  });
}

// True for an event that was never recorded, as on a card.
EMULATOR_EXPORT CUresult cuEventQuery(CUevent handle) {
  return inContext("cuEventQuery", [&](Context&) {
    const auto event = eventAt(handle);
    refuseCaptured(*event);
    if (!event->mark) return;
    state().schedule.step(event->mark->op);
    require(event->mark->op->done, CUDA_ERROR_NOT_READY, "work is queued");
  });
}

EMULATOR_EXPORT CUresult cuEventSynchronize(CUevent handle) {
  return inContext("cuEventSynchronize", [&](Context&) {
    const auto event = eventAt(handle);
    refuseCaptured(*event);
    injectFault("sync", CUDA_ERROR_UNKNOWN);
    if (event->mark) state().schedule.finish({event->mark->op});
  });
}

EMULATOR_EXPORT CUresult cuEventElapsedTime(float* milliseconds, CUevent start, CUevent end) {
  return inContext("cuEventElapsedTime", [&](Context&) {
    require(milliseconds != nullptr, CUDA_ERROR_INVALID_VALUE, "the result pointer is null");
    const auto from = eventAt(start);
    const auto to = eventAt(end);
    require(((from->flags | to->flags) & EVENT_DISABLE_TIMING) == 0, CUDA_ERROR_INVALID_HANDLE,
            "an event was created without timing");
    require(from->mark && to->mark, CUDA_ERROR_INVALID_HANDLE, "an event was never recorded");
    require(from->mark->done && to->mark->done, CUDA_ERROR_NOT_READY, "an event is not complete");
    *milliseconds = std::chrono::duration<float, std::milli>(to->mark->when - from->mark->when).count();
  });
}

}  // extern "C"
