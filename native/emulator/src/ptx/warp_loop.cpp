// The instruction loop of a warp. Lanes that branch apart form groups; the group that is furthest behind runs first and takes the
// others up where it meets them. A group that needs lanes of another one (shfl.sync, bar.sync) waits for them.

#include <algorithm>

#include "ptx/scheduler.hpp"

namespace emulator {
namespace {

constexpr std::uint64_t kTurn = 1'000'000;  // instructions after which the other warps of the block get their turn

std::string lanesText(Lanes lanes) {
  std::string text;
  eachLane(lanes, [&](int i) { text += (text.empty() ? "" : ",") + std::to_string(i); });
  return text;
}

/** Where the current group has to look up: the first instruction of another group that it may run into. */
std::int32_t meetingPoint(const Warp& warp) {
  std::int32_t first = INT32_MAX;
  for (const Warp::Group& group : warp.others) {
    if (!group.waiting || group.pc >= warp.pc) {
      first = std::min(first, group.pc);
    }
  }
  return first;
}

}  // namespace

void Scheduler::runWarp(Warp& warp) {
  const Op* ops = launch_.program->ops.data();
  std::uint64_t& total = launch_.statistics.threadInstructions;
  const std::uint64_t end = warp.issued + kTurn;
  try {
    while (warp.state == Warp::State::kReady) {
      if (warp.pc >= warp.meet) {
        reconverge(warp);
      }
      const Op& op = ops[warp.pc];
      Lanes lanes = warp.active;
      if (op.guard >= 0) {
        lanes &= op.guardNegated ? ~warp.predicates[op.guard] : warp.predicates[op.guard];
      }
      warp.issued++;
      total += static_cast<unsigned>(std::popcount(lanes));
      switch (op.kind) {
        case Op::Kind::kCompute:
          if (lanes != 0) {
            op.run(warp, op, lanes);
          }
          warp.pc++;
          break;
        case Op::Kind::kBranch:
          branch(warp, op, lanes);
          if (total > launch_.options.limit) {
            throw LaneFault{kLaunchTimeout, std::countr_zero(warp.active),
                            "no end after " + std::to_string(total) + " thread instructions"};
          }
          if (warp.issued > end) {
            return;
          }
          break;
        case Op::Kind::kConverge:
          if (lanes == 0) {
            warp.pc++;
          } else if (converge(warp, op, lanes)) {
            op.run(warp, op, lanes);
            warp.sync++;
            warp.pc++;
          }
          break;
        case Op::Kind::kTable: branchTable(warp, op); break;
        case Op::Kind::kExit: leave(warp, lanes); break;
        case Op::Kind::kBarrier:
          if (arrive(warp, op, lanes)) {
            warp.state = Warp::State::kAtBarrier;
          }
          break;
      }
    }
  } catch (const LaneFault& fault) {
    report(warp, fault.code, fault.lane, fault.text);
  }
}

void Scheduler::branch(Warp& warp, const Op& op, Lanes taken) {
  const Lanes rest = warp.active & ~taken;
  if (taken == 0) {
    warp.pc++;
  } else if (rest == 0) {
    warp.pc = op.target;
  } else {
    warp.others.push_back({op.target, taken, false});
    warp.active = rest;
    warp.pc++;
  }
  if (!warp.others.empty()) {
    reconverge(warp);
  }
}

void Scheduler::branchTable(Warp& warp, const Op& op) {
  const std::uint32_t* index = warp.in<std::uint32_t>(op.a);
  const Lanes lanes = warp.active;
  warp.active = 0;
  eachLane(lanes, [&](int i) {
    if (index[i] >= static_cast<std::uint64_t>(op.imm)) {
      throw LaneFault{kLaunchFailed, i, "brx.idx beyond its table: " + std::to_string(index[i])};
    }
    warp.others.push_back({launch_.program->targets[static_cast<std::size_t>(op.target) + index[i]], 1U << i, false});
  });
  reconverge(warp);
}

/** Makes the group that is furthest behind the current one, together with all that stand at the same instruction. */
void Scheduler::reconverge(Warp& warp) {
  if (warp.active != 0) {
    warp.others.push_back({warp.pc, warp.active, false});
  }
  std::int32_t first = INT32_MAX;
  for (const Warp::Group& group : warp.others) {
    if (!group.waiting) {
      first = std::min(first, group.pc);
    }
  }
  warp.active = 0;
  warp.pc = first;
  std::erase_if(warp.others, [&](const Warp::Group& group) {
    warp.active |= group.pc == first ? group.lanes : 0;
    return group.pc == first;
  });
  warp.meet = meetingPoint(warp);
}

/** The current group waits; another one runs. If there is none, nobody will ever come. */
void Scheduler::park(Warp& warp) {
  warp.others.push_back({warp.pc, warp.active, true});
  if (std::all_of(warp.others.begin(), warp.others.end(), [](const Warp::Group& group) { return group.waiting; })) {
    const Warp::Group* other = nullptr;
    for (const Warp::Group& group : warp.others) {
      other = group.pc != warp.pc ? &group : other;
    }
    std::string text = "divergence: lanes " + lanesText(warp.active) + " wait here";
    if (other != nullptr) {
      const auto at = static_cast<std::size_t>(other->pc);
      text += " while lanes " + lanesText(other->lanes) + " wait at PTX line " + std::to_string(launch_.program->ops[at].line) +
              " (" + launch_.program->texts[at] + ")";
    }
    throw LaneFault{kLaunchFailed, std::countr_zero(warp.active), text};
  }
  warp.active = 0;
  reconverge(warp);
}

/** True once all lanes of the member mask are here. */
bool Scheduler::converge(Warp& warp, const Op& op, Lanes lanes) {
  const Lanes* members = warp.in<Lanes>(op.e);
  Lanes needed = 0;
  eachLane(lanes, [&](int i) {
    needed |= members[i];
    if ((members[i] >> i & 1) == 0) {
      throw LaneFault{kLaunchFailed, i, "divergence: the lane is not in its own member mask"};
    }
  });
  const Lanes missing = needed & ~lanes;
  if (missing == 0) {
    return true;
  }
  if (const Lanes gone = missing & ~warp.alive; gone != 0) {
    throw LaneFault{kLaunchFailed, std::countr_zero(lanes), "divergence: the member mask names lanes that have exited: " + lanesText(gone)};
  }
  if (const Lanes off = missing & warp.active; off != 0) {
    throw LaneFault{kLaunchFailed, std::countr_zero(lanes), "divergence: the member mask names lanes whose guard is false: " + lanesText(off)};
  }
  park(warp);
  return false;
}

/** True once all threads of the warp are at the barrier. */
bool Scheduler::arrive(Warp& warp, const Op& op, Lanes lanes) {
  const int lane = std::countr_zero(warp.active);
  if (const Lanes gone = warp.all & ~warp.alive; gone != 0) {
    throw LaneFault{kLaunchFailed, lane, "divergence: barrier after lanes have exited: " + lanesText(gone)};
  }
  if (lanes != warp.active) {
    throw LaneFault{kLaunchFailed, lane, "divergence: barrier with a guard that is false for lanes " + lanesText(warp.active & ~lanes)};
  }
  if (lanes != warp.all) {
    park(warp);
    return false;
  }
  if (op.flags == 1 && warp.in<std::uint32_t>(op.b)[lane] != block_.threads) {
    throw LaneFault{kLaunchFailed, lane, "a barrier of some of the block's threads is not known"};
  }
  warp.barrier = warp.in<std::uint32_t>(op.a)[lane];
  if (op.run != nullptr) {
    const Lanes holds = op.negated ? ~warp.predicates[op.p] : warp.predicates[op.p];
    block_.arrived += static_cast<unsigned>(std::popcount(holds & lanes));
  }
  return true;
}

void Scheduler::leave(Warp& warp, Lanes lanes) {
  warp.alive &= ~lanes;
  warp.active &= ~lanes;
  if (warp.active != 0) {
    warp.pc++;
    return;
  }
  if (warp.others.empty()) {
    warp.state = Warp::State::kDone;
    return;
  }
  const auto waits = std::find_if(warp.others.begin(), warp.others.end(), [](const Warp::Group& group) { return group.waiting; });
  if (std::all_of(warp.others.begin(), warp.others.end(), [](const Warp::Group& group) { return group.waiting; })) {
    warp.pc = waits->pc;
    throw LaneFault{kLaunchFailed, std::countr_zero(waits->lanes),
                    "divergence: lanes " + lanesText(waits->lanes) + " wait here for lanes that have exited"};
  }
  reconverge(warp);
}

}  // namespace emulator
