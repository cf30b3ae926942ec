// The frame of every entry point: lock, preconditions, and exceptions turned into a status.
#pragma once

#include <functional>

#include "driver/state.hpp"

namespace driver {

/** What an entry point needs before it may run. */
enum class Needs { Nothing, Start, Context };

EMULATOR_EXPORT CUresult guarded(const char* name, Needs needs, const std::function<void(Context*)>& body);

/** An entry point that works without cuInit. */
template <class Body>
CUresult anytime(const char* name, Body body) {
  return guarded(name, Needs::Nothing, [&](Context*) { body(); });
}

/** An entry point that needs cuInit, but no context. */
template <class Body>
CUresult initialised(const char* name, Body body) {
  return guarded(name, Needs::Start, [&](Context*) { body(); });
}

/** An entry point that needs a live current context without a sticky error. */
template <class Body>
CUresult inContext(const char* name, Body body) {
  return guarded(name, Needs::Context, [&](Context* context) { body(*context); });
}

/** The answer of a symbol that exists only so that the natives find it. */
EMULATOR_EXPORT int notEmulated(const char* name);

}  // namespace driver
