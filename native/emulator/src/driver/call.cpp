#include "driver/call.hpp"

#include <new>

#include "driver/record.hpp"

namespace driver {

const char* nameOf(CUresult status) {
  switch (static_cast<int>(status)) {
#define RESULT(name, value, text) \
  case value:                     \
    return "CUDA_" #name;
#include "driver/results.def"
#undef RESULT
    default: return nullptr;
  }
}

const char* textOf(CUresult status) {
  switch (static_cast<int>(status)) {
#define RESULT(name, value, text) \
  case value:                     \
    return text;
#include "driver/results.def"
#undef RESULT
    default: return nullptr;
  }
}

namespace {

CUresult refused(const char* name, CUresult status, const std::string& why) {
  if (status != CUDA_ERROR_NOT_READY) state().lastError = std::string(name) + ": " + why;
  const char* text = nameOf(status);
  log(std::string(name) + " -> " + (text == nullptr ? std::to_string(status) : text) + ": " + why);
  return status;
}

Context* current(Needs needs) {
  if (needs == Needs::Nothing) return nullptr;
  require(state().initialised, CUDA_ERROR_NOT_INITIALIZED, "cuInit was not called");
  if (needs == Needs::Start) return nullptr;
  auto& stack = currentStack();
  require(!stack.empty() && stack.back(), CUDA_ERROR_INVALID_CONTEXT, "no context is current in this thread");
  Context& context = *stack.back();
  require(!context.destroyed, CUDA_ERROR_CONTEXT_IS_DESTROYED, "the current context was destroyed");
  require(context.sticky == CUDA_SUCCESS, context.sticky, "an earlier fault: " + context.stickyWhy);
  return &context;
}

}  // namespace

CUresult guarded(const char* name, Needs needs, const std::function<void(Context*)>& body) {
  try {
    const std::lock_guard<std::recursive_mutex> held(state().lock);
    try {
      Context* context = current(needs);
      body(context);
      if (context != nullptr) require(context->sticky == CUDA_SUCCESS, context->sticky, context->stickyWhy);
      if (!config().log.empty()) log(name);
      return CUDA_SUCCESS;
    } catch (const Failure& failure) {
      return refused(name, failure.status, failure.what());
    } catch (const emulator::Fault& fault) {
      return refused(name, static_cast<CUresult>(fault.code()), fault.what());
    } catch (const std::bad_alloc&) {
      return refused(name, CUDA_ERROR_OUT_OF_MEMORY, "the host's memory does not suffice");
    } catch (const std::exception& other) {
      return refused(name, CUDA_ERROR_UNKNOWN, other.what());
    }
  } catch (const std::exception&) {  // a setting in the environment that is wrong, or the lock
    return CUDA_ERROR_UNKNOWN;
  }
}

int notEmulated(const char* name) {
  return anytime(name, [&] { throw Failure(CUDA_ERROR_NOT_SUPPORTED, "the emulator does not have this call"); });
}

}  // namespace driver
