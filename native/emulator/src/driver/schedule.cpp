#include "driver/schedule.hpp"

#include <algorithm>

#include "driver/config.hpp"

namespace driver {

OpRef Schedule::add(Context* context, std::string what, std::function<void()> run, const std::vector<OpRef>& after) {
  const auto op = std::make_shared<Op>();
  op->what = std::move(what);
  op->context = context;
  op->run = std::move(run);
  for (const OpRef& before : after) {
    if (!before || before->done) continue;
    if (std::find(op->after.begin(), op->after.end(), before) != op->after.end()) continue;
    op->after.push_back(before);
    before->next.push_back(op.get());
  }
  op->blockers = op->after.size();
  queued_.push_back(op);
  if (op->blockers == 0) ready_.push_back(op);
  return op;
}

std::uint64_t Schedule::markNeeded(const std::vector<OpRef>& targets) {
  const std::uint64_t mark = ++marks_;
  std::vector<Op*> open;
  for (const OpRef& target : targets) {
    if (target && !target->done) open.push_back(target.get());
  }
  while (!open.empty()) {
    Op* op = open.back();
    open.pop_back();
    if (op->done || op->mark == mark) continue;
    op->mark = mark;
    for (const OpRef& before : op->after) open.push_back(before.get());
  }
  return mark;
}

// A random ready operation: one that the wait needs, or with `others` sometimes any.
OpRef Schedule::choose(std::uint64_t mark, bool others) {
  std::vector<OpRef> candidates;
  const bool any = others && (random_() & 1) == 0;
  for (const OpRef& op : ready_) {
    if (any || op->mark == mark) candidates.push_back(op);
  }
  return candidates.empty() ? nullptr : candidates[random_() % candidates.size()];
}

void Schedule::finish(const std::vector<OpRef>& targets) {
  const std::uint64_t mark = markNeeded(targets);
  // Half of the waits run nothing more than they must, half run ahead in other streams.
  const bool others = !config().lazy && (random_() & 1) == 0;
  for (const OpRef& target : targets) {
    while (target && !target->done) execute(choose(mark, others));
  }
  sweep();
}

void Schedule::finishAll(const Context* context) {
  std::vector<OpRef> all;
  for (const OpRef& op : queued_) {
    if (op->context == context) all.push_back(op);
  }
  finish(all);
}

void Schedule::step(const OpRef& target) {
  if (!target || target->done) return;
  const std::uint64_t mark = markNeeded({target});
  execute(choose(mark, false));
  sweep();
}

void Schedule::shrinkTo(std::size_t limit) {
  while (queued_.size() - finished_ > limit) {
    const auto oldest = std::find_if(queued_.begin(), queued_.end(), [](const OpRef& op) { return !op->done; });
    finish({*oldest});
  }
}

void Schedule::execute(const OpRef& op) {
  if (!op) throw std::logic_error("schedule: a wait needs work that is not ready");
  try {
    if (op->run) op->run();
  } catch (...) {
    complete(*op);
    onFault_(*op, std::current_exception());
    return;
  }
  if (!op->done) complete(*op);
}

void Schedule::complete(Op& op) {
  op.done = true;
  op.run = nullptr;
  ++finished_;
  std::erase_if(ready_, [&](const OpRef& r) { return r.get() == &op; });
  for (Op* waiting : op.next) {
    if (--waiting->blockers == 0) ready_.push_back(waiting->shared_from_this());
  }
  // Dropped work may be done before what it waited for.
  for (const OpRef& before : op.after) std::erase(before->next, &op);
  op.next.clear();
  op.after.clear();
}

void Schedule::sweep() {
  if (finished_ == 0) return;
  std::erase_if(queued_, [](const OpRef& op) { return op->done; });
  finished_ = 0;
}

void Schedule::discard(const Context* context) {
  std::vector<OpRef> dropped;
  for (const OpRef& op : queued_) {
    if (op->context == context && !op->done) dropped.push_back(op);
  }
  for (const OpRef& op : dropped) {
    op->run = nullptr;
    complete(*op);
  }
}

}  // namespace driver
