#include "driver/record.hpp"

#include <cstdio>
#include <memory>

#include "driver/config.hpp"

namespace driver {

void Record::done(const std::string& kind, const std::string& name, std::uint64_t bytes, std::uint64_t work,
                  const std::string& detail) {
  Total& total = totals_[{kind, name}];
  ++total.count;
  total.bytes += bytes;
  total.work += work;
  const bool logged = !config().log.empty();
  if (!config().record && !logged) return;
  const std::string line = kind + " " + name + (detail.empty() ? "" : " " + detail);
  if (config().record) lines_.push_back(line);
  if (logged) log("  ran " + line);
}

void Record::report(const std::string& text) {
  reports_.push_back(text);
  log("  REPORT " + text);
}

std::vector<std::string> Record::totals() const {
  std::vector<std::string> result;
  for (const auto& [key, total] : totals_) {
    result.push_back(key.first + " " + key.second + " count=" + std::to_string(total.count) +
                     " bytes=" + std::to_string(total.bytes) + " work=" + std::to_string(total.work));
  }
  return result;
}

void Record::clear() {
  lines_.clear();
  reports_.clear();
  totals_.clear();
}

Record& record() {
  static Record r;
  return r;
}

void log(const std::string& line) {
  static std::string path;
  static std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(nullptr, &std::fclose);
  const std::string& wanted = config().log;
  if (wanted.empty()) return;
  if (wanted == "stderr") {
    std::fprintf(stderr, "%s\n", line.c_str());
    return;
  }
  if (wanted != path) {
    path = wanted;
    file.reset(std::fopen(path.c_str(), "a"));
  }
  if (file) {
    std::fprintf(file.get(), "%s\n", line.c_str());
    std::fflush(file.get());
  }
}

}  // namespace driver
