#include "ptx/scheduler.hpp"

#include <algorithm>
#include <numeric>
#include <sstream>

#include "ptx/launch.hpp"

namespace emulator {
namespace {

std::string text(std::uint32_t x, std::uint32_t y, std::uint32_t z) {
  return "(" + std::to_string(x) + "," + std::to_string(y) + "," + std::to_string(z) + ")";
}

/** A permutation of 0 .. count - 1: i * factor + start modulo count. */
struct Permutation {
  std::uint64_t count;
  std::uint64_t factor = 1;
  std::uint64_t start = 0;

  std::uint64_t operator()(std::uint64_t i) const {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>((static_cast<Wide>(i) * factor + start) % count);
  }
};

Permutation shuffled(std::uint64_t count, LaunchState& launch) {
  Permutation permutation{count};
  if (launch.options.seed == 0 || count < 2) {
    return permutation;
  }
  do {
    permutation.factor = 1 + launch.draw() % count;
  } while (std::gcd(permutation.factor, count) != 1);
  permutation.start = launch.draw() % count;
  return permutation;
}

}  // namespace

Scheduler::Scheduler(LaunchState& launch) : launch_(launch) {
  const std::size_t bytes = std::max<std::size_t>(launch.sharedBytes, 1);
  block_.shared.bytes = launch.sharedBytes;
  block_.shared.data.reset(static_cast<std::byte*>(std::malloc(bytes)));
  block_.shared.written.reset(static_cast<std::uint8_t*>(std::malloc(bytes)));
  block_.shared.races = Shadow(bytes);
  block_.threads = launch.block.x * launch.block.y * launch.block.z;
  warps_.resize((block_.threads + kWarp - 1) / kWarp);
  held_.resize(warps_.size());
}

void Scheduler::run() {
  const std::uint64_t blocks = std::uint64_t{launch_.grid.x} * launch_.grid.y * launch_.grid.z;
  launch_.interval = launch_.memory->tick();
  const Permutation permutation = shuffled(blocks, launch_);
  for (std::uint64_t i = 0; i < blocks; i++) {
    runBlock(permutation(i));
  }
}

void Scheduler::order(std::vector<std::size_t>& list) {
  if (launch_.options.seed != 0) {
    for (std::size_t i = list.size(); i > 1; i--) {
      std::swap(list[i - 1], list[launch_.draw() % i]);
    }
  }
}

void Scheduler::runBlock(std::uint64_t index) {
  startBlock(index);
  std::vector<std::size_t> turn(warps_.size());
  std::iota(turn.begin(), turn.end(), std::size_t{0});
  for (std::size_t done = 0; done < warps_.size();) {
    order(turn);
    done = 0;
    bool ready = false;
    for (const std::size_t i : turn) {
      Warp& warp = warps_[i];
      if (warp.state == Warp::State::kReady) {
        if (!held_[i]) {
          start(warp);
        }
        runWarp(warp);
        if (warp.state == Warp::State::kDone) {
          finish(warp);
        }
      }
      ready |= warp.state == Warp::State::kReady;
      done += warp.state == Warp::State::kDone ? 1 : 0;
    }
    if (!ready && done < warps_.size()) {
      releaseBarrier();
    }
  }
}

void Scheduler::startBlock(std::uint64_t index) {
  const Extent& grid = launch_.grid;
  block_.index.x = static_cast<std::uint32_t>(index % grid.x);
  block_.index.y = static_cast<std::uint32_t>(index / grid.x % grid.y);
  block_.index.z = static_cast<std::uint32_t>(index / grid.x / grid.y);
  block_.start = block_.interval = launch_.memory->tick();
  block_.arrived = 0;
  std::memset(block_.shared.data.get(), 0xFF, launch_.sharedBytes);
  std::memset(block_.shared.written.get(), 0, launch_.sharedBytes);
  for (std::size_t i = 0; i < warps_.size(); i++) {
    Warp& warp = warps_[i];
    warp.state = Warp::State::kReady;
    warp.first = static_cast<std::uint32_t>(i * kWarp);
    const std::uint32_t threads = std::min<std::uint32_t>(kWarp, block_.threads - warp.first);
    warp.all = threads == kWarp ? kAllLanes : (1U << threads) - 1;
    warp.alive = warp.active = warp.all;
    warp.pc = 0;
    warp.meet = INT32_MAX;
    warp.sync = 0;
    warp.carry = 0;
    warp.issued = 0;
    warp.others.clear();
  }
}

/** Gives a warp its registers and fills in the special ones. */
void Scheduler::start(Warp& warp) {
  const std::size_t i = warp.first / kWarp;
  const bool isNew = free_.empty();
  if (isNew) {
    auto file = std::make_unique<File>();
    file->registers.resize(launch_.program->rowBytes / sizeof(Program::Line) + 1);
    std::memset(file->registers.data(), 0xFF, file->registers.size() * sizeof(Program::Line));
    file->predicates.resize(launch_.program->predicates + 1);
    file->local.resize(launch_.kernel->localBytes * kWarp);
    file->localWritten.resize(launch_.kernel->localBytes * kWarp);
    free_.push_back(std::move(file));
  }
  held_[i] = std::move(free_.back());
  free_.pop_back();
  File& file = *held_[i];
  std::fill(file.localWritten.begin(), file.localWritten.end(), std::uint8_t{0});
  warp.launch = &launch_;
  warp.block = &block_;
  warp.constants = reinterpret_cast<const std::byte*>(launch_.program->constants.data());
  warp.registers = reinterpret_cast<std::byte*>(file.registers.data());
  warp.predicates = file.predicates.data();
  warp.local = file.local.data();
  warp.localWritten = file.localWritten.data();
  specials(warp, isNew);
}

void Scheduler::finish(Warp& warp) {
  launch_.statistics.warpInstructions += warp.issued;
  free_.push_back(std::move(held_[warp.first / kWarp]));
}

/** Nobody writes special registers, so in a file that another warp has left only those that differ between warps are filled in. */
void Scheduler::specials(Warp& warp, bool isNew) {
  using Kind = Special::Kind;
  const Extent& size = launch_.block;
  for (const Special& special : launch_.program->specials) {
    std::uint32_t* to = warp.out<std::uint32_t>(special.row);
    const auto each = [to](auto value) {
      for (std::uint32_t i = 0; i < kWarp; i++) {
        to[i] = static_cast<std::uint32_t>(value(i));
      }
    };
    const auto all = [to](std::size_t value) { std::fill(to, to + kWarp, static_cast<std::uint32_t>(value)); };
    switch (special.kind) {
      case Kind::kTidX: each([&](std::uint32_t i) { return (warp.first + i) % size.x; }); continue;
      case Kind::kTidY: each([&](std::uint32_t i) { return (warp.first + i) / size.x % size.y; }); continue;
      case Kind::kTidZ: each([&](std::uint32_t i) { return (warp.first + i) / size.x / size.y; }); continue;
      case Kind::kCtaidX: all(block_.index.x); continue;
      case Kind::kCtaidY: all(block_.index.y); continue;
      case Kind::kCtaidZ: all(block_.index.z); continue;
      case Kind::kWarpid: all(warp.first / kWarp); continue;
      default: break;
    }
    if (!isNew) {
      continue;
    }
    switch (special.kind) {
      case Kind::kNtidX: all(size.x); break;
      case Kind::kNtidY: all(size.y); break;
      case Kind::kNtidZ: all(size.z); break;
      case Kind::kNctaidX: all(launch_.grid.x); break;
      case Kind::kNctaidY: all(launch_.grid.y); break;
      case Kind::kNctaidZ: all(launch_.grid.z); break;
      case Kind::kLaneid: each([](std::uint32_t i) { return i; }); break;
      case Kind::kNwarpid: all(warps_.size()); break;
      case Kind::kLaneEq: each([](std::uint32_t i) { return 1U << i; }); break;
      case Kind::kLaneLe: each([](std::uint32_t i) { return (2U << i) - 1; }); break;
      case Kind::kLaneLt: each([](std::uint32_t i) { return (1U << i) - 1; }); break;
      case Kind::kLaneGe: each([](std::uint32_t i) { return ~((1U << i) - 1); }); break;
      case Kind::kLaneGt: each([](std::uint32_t i) { return ~((2U << i) - 1); }); break;
      case Kind::kSmid: all(0); break;
      case Kind::kNsmid: all(1); break;
      case Kind::kDynamicShared: all(launch_.dynamicShared); break;
      case Kind::kTotalShared: all(launch_.sharedBytes); break;
      default: break;
    }
  }
}

/** All warps that are not done stand at a barrier. */
void Scheduler::releaseBarrier() {
  const Warp* first = nullptr;
  for (const Warp& warp : warps_) {
    if (warp.state == Warp::State::kAtBarrier) {
      first = first == nullptr ? &warp : first;
      if (warp.barrier != first->barrier) {
        report(warp, kLaunchFailed, 0, "divergence: this warp waits at barrier " + std::to_string(warp.barrier) + ", another one at barrier " + std::to_string(first->barrier));
      }
    }
  }
  for (const Warp& warp : warps_) {
    if (warp.state == Warp::State::kDone) {
      report(*first, kLaunchFailed, 0, "divergence: barrier after threads " + std::to_string(warp.first) + " to " + std::to_string(warp.first + kWarp - 1) + " have exited");
    }
  }
  for (Warp& warp : warps_) {
    const Op& op = launch_.program->ops[static_cast<std::size_t>(warp.pc)];
    if (op.run != nullptr) {
      op.run(warp, op, warp.active);
    }
    warp.pc++;
    warp.state = Warp::State::kReady;
  }
  block_.arrived = 0;
  block_.interval = launch_.memory->tick();
  launch_.statistics.barriers++;
}

void Scheduler::report(const Warp& warp, int code, int lane, const std::string& what) const {
  const auto at = static_cast<std::size_t>(warp.pc);
  const std::uint32_t thread = warp.first + static_cast<std::uint32_t>(lane);
  const Extent& size = launch_.block;
  const Op& op = launch_.program->ops[at];
  throw Fault(code, "kernel " + launch_.kernel->name + ": PTX line " + std::to_string(op.line) + " (" + launch_.program->texts[at] +
                        "), block " + text(block_.index.x, block_.index.y, block_.index.z) + ", thread " +
                        text(thread % size.x, thread / size.x % size.y, thread / size.x / size.y) + ": " + what);
}

Statistics run(const Module&, const Kernel& kernel, Extent grid, Extent block, std::size_t dynamicSharedBytes, const void* parameters,
               Memory& memory, const Options& options) {
  const std::uint64_t threads = std::uint64_t{block.x} * block.y * block.z;
  const std::string shape = "kernel " + kernel.name + ": grid " + text(grid.x, grid.y, grid.z) + ", block " + text(block.x, block.y, block.z);
  if (grid.x == 0 || grid.y == 0 || grid.z == 0 || threads == 0) {
    throw Fault(kInvalidValue, shape + ": a launch of nothing");
  }
  if (grid.x > INT32_MAX || grid.y > 65535 || grid.z > 65535 || block.x > 1024 || block.y > 1024 || block.z > 64 || threads > 1024) {
    throw Fault(kInvalidValue, shape + ": beyond what a device runs (grid 2147483647, 65535, 65535; block 1024, 1024, 64, in all 1024)");
  }
  if (threads > kernel.maxThreads) {
    throw Fault(kLaunchOutOfResources, shape + ": the kernel allows " + std::to_string(kernel.maxThreads) + " threads");
  }
  constexpr std::size_t kMostShared = 227 * 1024;
  LaunchState launch;
  launch.kernel = &kernel;
  launch.program = kernel.program.get();
  launch.memory = &memory;
  launch.parameters = static_cast<const std::byte*>(parameters);
  launch.options = options;
  launch.grid = grid;
  launch.block = block;
  launch.dynamicShared = dynamicSharedBytes;
  launch.sharedBytes = dynamicSharedBytes == 0 ? kernel.staticSharedBytes : launch.program->dynamicStart + dynamicSharedBytes;
  if (launch.sharedBytes > kMostShared) {
    throw Fault(kInvalidValue, shape + ": " + std::to_string(launch.sharedBytes) + " bytes of shared memory; a device has " + std::to_string(kMostShared));
  }
  launch.random = options.seed;
  launch.caches.resize(launch.program->caches);
  Scheduler(launch).run();
  return launch.statistics;
}

}  // namespace emulator
