// The settings of the emulator: from the environment when the library is first used, then by emulatorConfigure().
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "driver/cuda.hpp"

namespace driver {

struct Config {
  // Read when the devices are made: at first use and by emulatorReset().
  std::uint64_t memory = std::uint64_t{4} << 30;  // bytes per device
  int major = 9;                                  // compute capability
  int minor = 0;
  int devices = 1;
  int multiprocessors = 16;

  // Read at every use.
  int driverVersion = 12090;    // 1000 * major + 10 * minor
  int ptxVersion = 88;          // the newest PTX that modules may be, 10 * major + minor
  std::uint64_t seed = 1;       // of stream, block and warp order
  bool perturb = false;         // .approx results off by up to their documented error
  bool races = true;            // shadow memory for races
  bool lazy = false;            // only what a wait needs runs, never more
  std::uint64_t limit = 200'000'000'000;  // thread instructions of a launch, beyond which it counts as endless
  std::size_t queue = 4096;     // queued operations at most; beyond it the oldest run
  bool record = false;          // one line per operation is kept
  std::string leaks;            // "", "report" or "fail", at exit
  std::string log;              // "", "stderr" or a path
  std::string fault;            // what is injected, see Faults
};

EMULATOR_EXPORT Config& config();

// Sets one of the names of native/emulator/README.md; throws Failure for another name or a bad value.
void configure(const std::string& name, const std::string& value);

// Shared memory and threads as compute capabilities define them (CUDA C programming guide, technical specifications).
struct Limits {
  int threadsPerBlock = 1024;
  int threadsPerMultiprocessor;
  int blocksPerMultiprocessor;
  int sharedPerBlock = 48 << 10;
  int sharedPerBlockOptin;
  int sharedPerMultiprocessor;
  int registersPerBlock = 65536;
  long long gridX = 2147483647;
  int gridYZ = 65535;
  int blockXY = 1024;
  int blockZ = 64;
};

Limits limitsOf(int major, int minor);

// Injected faults, given as "alloc:3|launch:5:sticky|copy:2+|gemm:1": the n-th operation of that kind since the
// setting fails, with "+" every later one too. The kind "any" counts operations of every kind.
class Faults {
 public:
  struct Injected {
    bool sticky;
  };

  static const std::vector<std::string>& kinds();

  void set(const std::string& spec);

  // Counts one operation of the kind, and says whether it is to fail.
  std::optional<Injected> count(const std::string& kind);

  // Operations seen so far, by kind.
  const std::map<std::string, std::uint64_t>& counts() const { return seen_; }

 private:
  struct Rule {
    std::string kind;
    std::uint64_t n;
    bool onwards;
    bool sticky;
  };
  std::vector<Rule> rules_;
  std::map<std::string, std::uint64_t> seen_;
};

Faults& faults();

}  // namespace driver
