// Handles of the driver: numbers that are never used twice, so that a destroyed one is known as such.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "driver/failure.hpp"

namespace driver {

/** The next handle of any kind; none of them is an address of the host or of a device. */
EMULATOR_EXPORT std::uint64_t nextHandle();

/** Whether the number was ever given out. */
bool everHandle(std::uint64_t number);

/** The live objects of one kind. H is the pointer type by which programs name them. */
template <class T, class H>
class Handles {
 public:
  explicit Handles(const char* kind) : kind_(kind) {}

  H add(const std::shared_ptr<T>& object) {
    const std::uint64_t number = nextHandle();
    live_[number] = object;
    return handle(number);
  }

  /** Throws INVALID_HANDLE for what is not live. */
  std::shared_ptr<T> at(H h) const {
    const auto found = live_.find(number(h));
    if (found == live_.end()) throw Failure(CUDA_ERROR_INVALID_HANDLE, describe(h));
    return found->second;
  }

  std::shared_ptr<T> find(H h) const {
    const auto found = live_.find(number(h));
    return found == live_.end() ? nullptr : found->second;
  }

  void remove(H h) {
    at(h);
    live_.erase(number(h));
  }

  /** Removes every object for which the test holds. */
  template <class Test>
  void removeIf(Test test) {
    std::erase_if(live_, [&](const auto& entry) { return test(*entry.second); });
  }

  std::string describe(H h) const {
    char text[32];
    std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(number(h)));
    if (h == nullptr) return std::string(kind_) + ": the handle is null";
    return std::string(kind_) + ": the handle " + text + (everHandle(number(h)) ? " was destroyed, or is of another kind" : " was never given out");
  }

  const std::map<std::uint64_t, std::shared_ptr<T>>& live() const { return live_; }

  static std::uint64_t number(H h) { return reinterpret_cast<std::uint64_t>(h); }
  static H handle(std::uint64_t number) { return reinterpret_cast<H>(number); }

 private:
  const char* kind_;
  std::map<std::uint64_t, std::shared_ptr<T>> live_;
};

}  // namespace driver
