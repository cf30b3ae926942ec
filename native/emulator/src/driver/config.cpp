#include "driver/config.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <functional>
#include <sstream>

#include "driver/failure.hpp"

namespace driver {
namespace {

[[noreturn]] void bad(const std::string& name, const std::string& value, const char* wanted) {
  throw Failure(CUDA_ERROR_INVALID_VALUE, "configure: " + name + " is " + wanted + ": \"" + value + "\"");
}

std::uint64_t number(const std::string& name, const std::string& value, std::uint64_t least, std::uint64_t most) {
  std::uint64_t n = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), n);
  if (error != std::errc() || end != value.data() + value.size() || n < least || n > most) {
    bad(name, value, "a whole number in its range");
  }
  return n;
}

// "512M", "2G", "65536".
std::uint64_t bytes(const std::string& name, const std::string& value) {
  if (value.empty()) bad(name, value, "a number of bytes, or one with K, M or G");
  int shift = 0;
  switch (value.back()) {
    case 'K': shift = 10; break;
    case 'M': shift = 20; break;
    case 'G': shift = 30; break;
    default: break;
  }
  const std::string digits = shift == 0 ? value : value.substr(0, value.size() - 1);
  return number(name, digits, 1, (std::uint64_t{1} << 46) >> shift) << shift;
}

bool flag(const std::string& name, const std::string& value) {
  if (value == "1" || value == "on") return true;
  if (value == "0" || value == "off" || value.empty()) return false;
  bad(name, value, "on or off");
}

// "9.0" as (9, 0).
std::pair<int, int> dotted(const std::string& name, const std::string& value) {
  const auto dot = value.find('.');
  if (dot == std::string::npos) bad(name, value, "two numbers with a dot, such as 9.0");
  return {static_cast<int>(number(name, value.substr(0, dot), 0, 99)),
          static_cast<int>(number(name, value.substr(dot + 1), 0, 9))};
}

std::string oneOf(const std::string& name, const std::string& value, std::initializer_list<const char*> allowed) {
  if (std::none_of(allowed.begin(), allowed.end(), [&](const char* a) { return value == a; })) {
    bad(name, value, "not one of its values");
  }
  return value;
}

using Setter = std::function<void(Config&, const std::string& name, const std::string& value)>;

const std::map<std::string, Setter>& setters() {
  static const std::map<std::string, Setter> table = {
      {"memory", [](Config& c, auto& n, auto& v) { c.memory = bytes(n, v); }},
      {"cc",
       [](Config& c, auto& n, auto& v) {
         const auto [major, minor] = dotted(n, v);
         if (major < 5 || major > 12) bad(n, v, "between 5.0 and 12.9");
         c.major = major;
         c.minor = minor;
       }},
      {"devices", [](Config& c, auto& n, auto& v) { c.devices = static_cast<int>(number(n, v, 0, 16)); }},
      {"multiprocessors",
       [](Config& c, auto& n, auto& v) { c.multiprocessors = static_cast<int>(number(n, v, 1, 1024)); }},
      {"driver",
       [](Config& c, auto& n, auto& v) {
         const auto [major, minor] = dotted(n, v);
         c.driverVersion = 1000 * major + 10 * minor;
       }},
      {"ptx",
       [](Config& c, auto& n, auto& v) {
         const auto [major, minor] = dotted(n, v);
         c.ptxVersion = 10 * major + minor;
       }},
      {"seed", [](Config& c, auto& n, auto& v) { c.seed = number(n, v, 0, ~std::uint64_t{0}); }},
      {"perturb", [](Config& c, auto& n, auto& v) { c.perturb = flag(n, v); }},
      {"races", [](Config& c, auto& n, auto& v) { c.races = flag(n, v); }},
      {"lazy", [](Config& c, auto& n, auto& v) { c.lazy = flag(n, v); }},
      {"limit", [](Config& c, auto& n, auto& v) { c.limit = number(n, v, 1, ~std::uint64_t{0}); }},
      {"queue",
       [](Config& c, auto& n, auto& v) { c.queue = static_cast<std::size_t>(number(n, v, 1, 1u << 30)); }},
      {"record", [](Config& c, auto& n, auto& v) { c.record = flag(n, v); }},
      {"leaks", [](Config& c, auto& n, auto& v) { c.leaks = oneOf(n, v, {"", "report", "fail"}); }},
      {"log", [](Config& c, auto&, auto& v) { c.log = v; }},
      {"fault",
       [](Config& c, auto&, auto& v) {
         faults().set(v);
         c.fault = v;
       }},
  };
  return table;
}

Config fromEnvironment() {
  Config c;
  for (const auto& [name, set] : setters()) {
    std::string variable = "COTANGENT_EMULATOR_";
    for (const char letter : name) variable += static_cast<char>(std::toupper(letter));
    if (const char* value = std::getenv(variable.c_str())) set(c, name, value);
  }
  return c;
}

}  // namespace

Config& config() {
  static Config c = fromEnvironment();
  return c;
}

void configure(const std::string& name, const std::string& value) {
  const auto found = setters().find(name);
  if (found == setters().end()) {
    std::string names;
    for (const auto& entry : setters()) names += " " + entry.first;
    throw Failure(CUDA_ERROR_INVALID_VALUE, "configure: no setting \"" + name + "\"; there are" + names);
  }
  Config changed = config();
  found->second(changed, name, value);
  config() = changed;
}

Limits limitsOf(int major, int minor) {
  Limits l{};
  const bool small = (major == 8 && minor != 0) || major == 12;  // consumer parts
  const int optin = major < 8 ? 64 : small ? 99 : major == 8 ? 163 : 227;
  l.sharedPerBlockOptin = optin << 10;
  l.sharedPerMultiprocessor = major < 8 ? 64 << 10 : (optin + 1) << 10;
  l.threadsPerMultiprocessor = major < 8 ? 1024 : small ? 1536 : 2048;
  l.blocksPerMultiprocessor = major < 8 || (major == 8 && minor != 9 && minor != 0) ? 16 : small ? 24 : 32;
  return l;
}

const std::vector<std::string>& Faults::kinds() {
  static const std::vector<std::string> names = {"alloc", "host",  "launch", "copy",   "memset", "gemm",
                                                 "module", "stream", "event", "graph", "sync",  "any"};
  return names;
}

void Faults::set(const std::string& spec) {
  std::vector<Rule> rules;
  std::istringstream all(spec);
  std::string item;
  while (std::getline(all, item, '|')) {
    std::istringstream parts(item);
    Rule rule{};
    std::string count;
    std::string kind;
    std::getline(parts, rule.kind, ':');
    std::getline(parts, count, ':');
    std::getline(parts, kind);
    if (std::find(kinds().begin(), kinds().end(), rule.kind) == kinds().end()) {
      bad("fault", spec, "kind:n, kind:n+ or kind:n:sticky, joined by |");
    }
    rule.onwards = !count.empty() && count.back() == '+';
    if (rule.onwards) count.pop_back();
    rule.n = number("fault", count, 1, ~std::uint64_t{0});
    if (kind != "" && kind != "sticky") bad("fault", spec, "kind:n, kind:n+ or kind:n:sticky, joined by |");
    rule.sticky = kind == "sticky";
    rules.push_back(rule);
  }
  rules_ = rules;
  seen_.clear();
}

std::optional<Faults::Injected> Faults::count(const std::string& kind) {
  const std::uint64_t ofKind = ++seen_[kind];
  const std::uint64_t ofAny = ++seen_["any"];
  for (const Rule& rule : rules_) {
    if (rule.kind != kind && rule.kind != "any") continue;
    const std::uint64_t n = rule.kind == "any" ? ofAny : ofKind;
    if (n == rule.n || (rule.onwards && n > rule.n)) return Injected{rule.sticky};
  }
  return std::nullopt;
}

Faults& faults() {
  static Faults f;
  return f;
}

}  // namespace driver
