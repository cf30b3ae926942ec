#pragma once

#include <memory>
#include <vector>

#include "ptx/warp.hpp"

namespace emulator {

/** Runs the blocks of a launch one after the other, and in each block the warps in turn, from barrier to barrier. */
class Scheduler {
 public:
  explicit Scheduler(LaunchState& launch);

  void run();

 private:
  /** Registers and local memory of a warp; reused as soon as the warp is done. */
  struct File {
    std::vector<Program::Line> registers;
    std::vector<Lanes> predicates;
    std::vector<std::byte> local;
    std::vector<std::uint8_t> localWritten;
  };

  void runBlock(std::uint64_t index);
  void startBlock(std::uint64_t index);
  void start(Warp& warp);
  void specials(Warp& warp, bool isNew);
  void finish(Warp& warp);
  void releaseBarrier();
  void order(std::vector<std::size_t>& list);

  // One warp (warp_loop.cpp).
  void runWarp(Warp& warp);
  void branch(Warp& warp, const Op& op, Lanes taken);
  void branchTable(Warp& warp, const Op& op);
  void reconverge(Warp& warp);
  bool converge(Warp& warp, const Op& op, Lanes lanes);
  bool arrive(Warp& warp, const Op& op, Lanes lanes);
  void park(Warp& warp);
  void leave(Warp& warp, Lanes lanes);

  [[noreturn]] void report(const Warp& warp, int code, int lane, const std::string& text) const;

  LaunchState& launch_;
  BlockState block_;
  std::vector<Warp> warps_;
  std::vector<std::unique_ptr<File>> free_;
  std::vector<std::unique_ptr<File>> held_;  // by warp
};

}  // namespace emulator
