// Queued work of all streams as a graph, and its execution in an order that only the dependencies constrain.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace driver {

struct Context;
struct Op;
using OpRef = std::shared_ptr<Op>;

// One queued operation. It is atomic: nothing else runs while it runs.
struct Op : std::enable_shared_from_this<Op> {
  std::string what;
  Context* context = nullptr;
  std::function<void()> run;
  bool done = false;

  std::vector<OpRef> after;  // what must be done before; emptied when this is done
  std::vector<Op*> next;     // who waits for this
  std::size_t blockers = 0;  // unfinished ones among after
  std::uint64_t mark = 0;    // the last wait that needed this
};

class Schedule {
 public:
  using OnFault = std::function<void(Op&, std::exception_ptr)>;

  explicit Schedule(OnFault onFault) : onFault_(std::move(onFault)) {}

  // Queues an operation behind the given ones; nothing runs yet. Null and finished predecessors are ignored.
  OpRef add(Context* context, std::string what, std::function<void()> run, const std::vector<OpRef>& after);

  // Runs until the targets are done. Which other work runs before, in between or not at all depends on the seed.
  void finish(const std::vector<OpRef>& targets);

  // Runs everything of one context.
  void finishAll(const Context* context);

  // Runs one operation that the target needs, so that a program that polls makes progress.
  void step(const OpRef& target);

  // Runs the oldest operations until at most `limit` are queued.
  void shrinkTo(std::size_t limit);

  // Drops the queued work of a context; who waits for it is released.
  void discard(const Context* context);

  // Queued operations, oldest first.
  const std::vector<OpRef>& queued() const { return queued_; }

  void reseed(std::uint64_t seed) { random_.seed(seed); }

 private:
  std::uint64_t markNeeded(const std::vector<OpRef>& targets);
  OpRef choose(std::uint64_t mark, bool others);
  void execute(const OpRef& op);
  void complete(Op& op);
  void sweep();

  OnFault onFault_;
  std::vector<OpRef> queued_;  // in order of arrival; holds finished ones until sweep()
  std::size_t finished_ = 0;   // among queued_
  std::vector<OpRef> ready_;   // no blockers, not done
  std::uint64_t marks_ = 0;
  std::mt19937_64 random_{1};
};

}  // namespace driver
