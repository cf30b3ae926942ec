// Checked element access to vectors and matrices in device memory, for the operations where speed does not matter.
#pragma once

#include <cstdint>
#include <string>

#include "cublas/cublas.hpp"
#include "cublas/product.hpp"

namespace blas {

/** Elements at a stride, from the end for a negative one, as BLAS has it. Reads need written memory. */
class Vector {
 public:
  Vector(emulator::Memory& memory, std::uint64_t address, int type, std::int64_t count, std::int64_t stride,
         std::string name)
      : memory_(memory), type_(type), stride_(stride), name_(std::move(name)) {
    const std::int64_t first = stride < 0 && count > 0 ? (1 - count) * stride : 0;
    start_ = address + static_cast<std::uint64_t>(first) * bytesOf(type);
  }

  double get(std::int64_t i) const {
    const std::uint64_t at = place(i);
    const std::byte* data = memory_.host(at, bytesOf(type_), name_, bytesOf(type_));
    memory_.requireWritten(at, bytesOf(type_), name_);
    return load(data, type_, 0);
  }

  void set(std::int64_t i, double value) {
    const std::uint64_t at = place(i);
    store(memory_.host(at, bytesOf(type_), name_, bytesOf(type_)), type_, 0, value);
    memory_.markWritten(at, bytesOf(type_));
  }

 private:
  std::uint64_t place(std::int64_t i) const {
    return start_ + static_cast<std::uint64_t>(i * stride_) * bytesOf(type_);
  }

  emulator::Memory& memory_;
  int type_;
  std::int64_t stride_;
  std::uint64_t start_;
  std::string name_;
};

}  // namespace blas
