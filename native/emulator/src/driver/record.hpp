// What the device did: one line an operation while recording is on, totals always, and every fault and misuse.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "driver/cuda.hpp"

namespace driver {

class EMULATOR_EXPORT Record {
 public:
  /** Counts an operation that ran: its kind, its name within the kind, the bytes it moved and the arithmetic it did. */
  void done(const std::string& kind, const std::string& name, std::uint64_t bytes, std::uint64_t work,
            const std::string& detail);

  /** Notes a fault or a misuse that a real device might have let pass. */
  void report(const std::string& text);

  /** "kind name key=value ..." in order of execution. */
  const std::vector<std::string>& lines() const { return lines_; }
  const std::vector<std::string>& reports() const { return reports_; }

  /** "kind name count=n bytes=n work=n" by kind and name. */
  std::vector<std::string> totals() const;

  void clear();

 private:
  struct Total {
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
    std::uint64_t work = 0;
  };
  std::vector<std::string> lines_;
  std::vector<std::string> reports_;
  std::map<std::pair<std::string, std::string>, Total> totals_;
};

EMULATOR_EXPORT Record& record();

/** Appends to the log, if there is one. */
EMULATOR_EXPORT void log(const std::string& line);

}  // namespace driver
