// Test cases that register themselves, and checks that say what was expected and where.
#pragma once

#include <cstdio>
#include <exception>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

namespace check {

struct Case {
  const char* name;
  std::function<void()> body;
};

inline std::vector<Case>& cases() {
  static std::vector<Case> all;
  return all;
}

inline int& failures() {
  static int count = 0;
  return count;
}

struct Registration {
  Registration(const char* name, std::function<void()> body) { cases().push_back({name, std::move(body)}); }
};

inline void fail(const char* file, int line, const std::string& text) {
  ++failures();
  std::fprintf(stderr, "%s:%d: %s\n", file, line, text.c_str());
}

template <class A, class B>
void equal(const A& got, const B& wanted, const char* expression, const char* file, int line) {
  if (got == wanted) return;
  std::ostringstream text;
  text << expression << " is " << got << ", not " << wanted;
  fail(file, line, text.str());
}

/** Runs the cases, or those whose name holds the first argument; the exit status says whether all passed. */
inline int main(int count, char** arguments, const std::function<void()>& before = [] {}) {
  int ran = 0;
  for (const Case& c : cases()) {
    if (count > 1 && std::string(c.name).find(arguments[1]) == std::string::npos) continue;
    const int earlier = failures();
    try {
      before();
      c.body();
    } catch (const std::exception& e) {
      fail(c.name, 0, std::string("threw ") + e.what());
    }
    ++ran;
    if (failures() != earlier) std::fprintf(stderr, "FAILED %s\n", c.name);
  }
  std::printf("%d cases, %d failed checks\n", ran, failures());
  return failures() == 0 && ran > 0 ? 0 : 1;
}

}  // namespace check

#define TEST(name)                                                  \
  static void name();                                               \
  static const check::Registration registered_##name(#name, &name); \
  static void name()

#define CHECK(condition)                                                               \
  do {                                                                                 \
    if (!(condition)) check::fail(__FILE__, __LINE__, "not so: " #condition);          \
  } while (false)

#define CHECK_EQ(got, wanted) check::equal((got), (wanted), #got, __FILE__, __LINE__)
