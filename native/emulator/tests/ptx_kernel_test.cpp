// Whole kernels as NVRTC compiles them (kernels/kernels.ptx), against the host.

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <functional>
#include <numeric>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "check.hpp"
#include "ptx/launch.hpp"

using emulator::Extent;
using emulator::Memory;
using emulator::Module;
using emulator::Options;

namespace {

const std::string& text() {
  static const std::string kText = [] {
    std::ifstream file(EMULATOR_TESTS "/kernels/kernels.ptx");
    std::ostringstream all;
    all << file.rdbuf();
    return all.str();
  }();
  return kText;
}

/** A device with the kernels loaded; arguments are packed as the driver packs them. */
struct Device {
  Memory memory{std::size_t{1} << 30};
  Module module;

  explicit Device(const std::string& ptx = text()) : module(ptx, memory) {}

  template <class T>
  std::uint64_t put(const std::vector<T>& values) {
    const std::uint64_t address = memory.allocate(values.size() * sizeof(T));
    memory.copyIn(address, values.data(), values.size() * sizeof(T), "put");
    return address;
  }

  template <class T>
  std::vector<T> get(std::uint64_t address, std::size_t count) {
    std::vector<T> values(count);
    memory.copyOut(values.data(), address, count * sizeof(T), "get");
    return values;
  }

  template <class... A>
  void launch(const std::string& name, Extent grid, Extent block, std::size_t shared, const Options& options, const A&... arguments) {
    const emulator::Kernel* kernel = module.kernel(name);
    if (kernel == nullptr) {
      throw std::runtime_error("no kernel " + name);
    }
    std::vector<std::byte> bytes(kernel->parameterBytes);
    std::size_t i = 0;
    const auto pack = [&](const void* from, std::size_t size) {
      if (i >= kernel->parameters.size() || kernel->parameters[i].bytes != size) {
        throw std::runtime_error("a wrong argument for " + name);
      }
      std::memcpy(bytes.data() + kernel->parameters[i++].offset, from, size);
    };
    (pack(&arguments, sizeof(arguments)), ...);
    emulator::run(module, *kernel, grid, block, shared, bytes.data(), memory, options);
  }
};

std::vector<double> uniform(std::size_t n, double low, double high) {
  std::mt19937_64 random(17);
  std::vector<double> values(n);
  for (double& value : values) {
    value = low + (high - low) * static_cast<double>(random() >> 11) * 0x1p-53;
  }
  return values;
}

constexpr int kCount = 20000;

template <class T>
double ulp(double right) {
  return std::ldexp(1, std::max(std::ilogb(right), std::numeric_limits<T>::min_exponent - 1) - (std::numeric_limits<T>::digits - 1));
}

/** The greatest error of a function in units in the last place, over an interval. */
template <class T>
double worst(const std::string& kernel, double low, double high, const std::function<long double(long double)>& exact) {
  Device device;
  const std::vector<double> drawn = uniform(kCount, low, high);
  const std::vector<T> x(drawn.begin(), drawn.end());
  const std::uint64_t in = device.put(x);
  const std::uint64_t out = device.memory.allocate(kCount * sizeof(T));
  device.launch(kernel, {(kCount + 127) / 128, 1, 1}, {128, 1, 1}, 0, {}, in, out, kCount);
  const std::vector<T> y = device.get<T>(out, kCount);
  double most = 0;
  for (std::size_t i = 0; i < x.size(); i++) {
    const long double right = exact(x[i]);
    most = std::max(most, static_cast<double>(std::fabs(y[i] - right)) / ulp<T>(static_cast<double>(right)));
  }
  return most;
}

}  // namespace

// Limits: CUDA C++ Programming Guide 12.9, section 16.1 (maximum ulp error, where the reference is correctly rounded), plus half a unit.
TEST(mathematicalFunctions) {
  const auto check = [](const std::string& name, double low, double high, long double (*f)(long double), double floatUlp, double doubleUlp) {
    const double single = worst<float>(name + "Float", low, high, f);
    const double wide = worst<double>(name + "Double", low, high, f);
    if (!(single <= floatUlp + 0.5 && wide <= doubleUlp + 0.5)) {
      check::fail(__FILE__, __LINE__, name + " is off by " + std::to_string(single) + " and " + std::to_string(wide) + " ulp");
    }
  };
  check("exp", -80, 80, std::exp, 1, 1);
  check("log", 0.001, 1000, std::log, 1, 1);
  check("log", 0.9, 1.1, std::log, 1, 1);
  check("tanh", -6, 6, std::tanh, 2, 1);
  check("tanh", -0.1, 0.1, std::tanh, 2, 1);
  check("erf", -4, 4, std::erf, 2, 2);
  check("lgamma", 0.1, 0.9, std::lgamma, 6, 4);
  check("lgamma", 2.5, 100, std::lgamma, 6, 4);
  check("sin", -10, 10, std::sin, 2, 2);
  check("sin", 1e5, 1e9, std::sin, 2, 2);  // the slow reduction: local memory, calls, carries
}

template <class T>
void powers(const std::string& kernel, double limit) {
  Device device;
  const std::vector<double> bases = uniform(kCount, 0.01, 30);
  const std::vector<T> x(bases.begin(), bases.end());
  std::vector<T> z(x.size());
  for (std::size_t i = 0; i < z.size(); i++) {
    z[i] = static_cast<T>(static_cast<double>(i % 401) * 0.1 - 20);
  }
  const std::uint64_t out = device.memory.allocate(kCount * sizeof(T));
  device.launch(kernel, {(kCount + 255) / 256, 1, 1}, {256, 1, 1}, 0, {}, device.put(x), device.put(z), out, kCount);
  const std::vector<T> y = device.get<T>(out, kCount);
  double most = 0;
  for (std::size_t i = 0; i < x.size(); i++) {
    const long double right = std::pow(static_cast<long double>(x[i]), static_cast<long double>(z[i]));
    most = std::max(most, static_cast<double>(std::fabs(y[i] - right)) / ulp<T>(static_cast<double>(right)));
  }
  CHECK(most <= limit);
}

TEST(powersOfFloats) { powers<float>("powFloat", 4.5); }
TEST(powersOfDoubles) { powers<double>("powDouble", 2.5); }

TEST(softmaxOfRows) {
  for (const std::uint64_t seed : {0U, 1U, 2U}) {
    for (const int n : {1, 31, 100, 1000}) {
      Device device;
      const std::vector<double> drawn = uniform(static_cast<std::size_t>(5 * n), -8, 8);
      const std::vector<float> x(drawn.begin(), drawn.end());
      const std::uint64_t out = device.memory.allocate(x.size() * 4);
      Options options;
      options.seed = seed;
      options.perturb = seed == 2;
      device.launch("softmax", {5, 1, 1}, {128, 1, 1}, 0, options, device.put(x), out, n);
      const std::vector<float> y = device.get<float>(out, x.size());
      for (std::size_t r = 0; r < 5; r++) {
        const float* row = x.data() + r * static_cast<std::size_t>(n);
        double total = 0;
        for (int i = 0; i < n; i++) {
          total += std::exp(static_cast<double>(row[i]));
        }
        for (int i = 0; i < n; i++) {
          const double right = std::exp(static_cast<double>(row[i])) / total;
          CHECK(std::fabs(y[r * static_cast<std::size_t>(n) + static_cast<std::size_t>(i)] - right) <= 2e-6 * right);
        }
      }
    }
  }
}

TEST(transposeInTiles) {
  for (const std::uint64_t seed : {0U, 1U, 5U}) {
    for (const auto& [w, h] : {std::pair{32, 32}, std::pair{70, 45}, std::pair{1, 100}}) {
      Device device;
      std::vector<float> x(static_cast<std::size_t>(w * h));
      std::iota(x.begin(), x.end(), 0.0F);
      const std::uint64_t out = device.memory.allocate(x.size() * 4);
      Options options;
      options.seed = seed;
      const Extent grid{static_cast<std::uint32_t>(w + 31) / 32, static_cast<std::uint32_t>(h + 31) / 32, 1};
      device.launch("transpose", grid, {32, 8, 1}, 0, options, device.put(x), out, w, h);
      const std::vector<float> y = device.get<float>(out, x.size());
      for (int i = 0; i < w; i++) {
        for (int j = 0; j < h; j++) {
          CHECK_EQ(y[static_cast<std::size_t>(i * h + j)], static_cast<float>(j * w + i));
        }
      }
    }
  }
}

TEST(transposeWithoutItsBarrier) {
  std::string broken = text();
  const std::size_t kernel = broken.find(".entry transpose");
  const std::size_t barrier = broken.find("bar.sync", kernel);
  CHECK(kernel != std::string::npos && barrier < broken.find(".entry", kernel + 10));
  broken.replace(barrier, broken.find(';', barrier) + 1 - barrier, "");
  for (const std::uint64_t seed : {0U, 1U, 2U, 3U}) {
    Device device(broken);
    const std::uint64_t out = device.memory.allocate(4096);
    Options options;
    options.seed = seed;
    std::string said;
    try {
      device.launch("transpose", {1, 1, 1}, {32, 8, 1}, 0, options, device.put(std::vector<float>(1024)), out, 32, 32);
    } catch (const emulator::Fault& fault) {
      said = fault.what();
    }
    CHECK(said.find("shared race") != std::string::npos || said.find("never written") != std::string::npos);
  }
}

TEST(sumOfABlock) {
  for (const std::uint64_t seed : {0U, 1U, 2U}) {
    Device device;
    const std::vector<double> x = uniform(10000, -1, 1);
    const std::uint64_t out = device.memory.allocate(8 * 7);
    Options options;
    options.seed = seed;
    device.launch("sum", {7, 1, 1}, {256, 1, 1}, 256 * 8, options, device.put(x), out, 10000);
    const std::vector<double> parts = device.get<double>(out, 7);
    CHECK(std::fabs(std::accumulate(parts.begin(), parts.end(), 0.0) - std::accumulate(x.begin(), x.end(), 0.0)) < 1e-10);
  }
}

TEST(histogramByAtomics) {
  Device device;
  std::mt19937 random(4);
  std::vector<int> x(9999);
  std::vector<unsigned> wanted(256);
  for (int& value : x) {
    value = static_cast<int>(random() & 0xFFF);
    wanted[static_cast<std::size_t>(value & 255)]++;
  }
  const std::uint64_t counts = device.put(std::vector<unsigned>(256));
  device.launch("histogram", {4, 1, 1}, {96, 1, 1}, 0, {}, device.put(x), counts, 9999);
  CHECK(device.get<unsigned>(counts, 256) == wanted);
}

TEST(gatherByStrides) {
  struct {
    std::int64_t size[4] = {3, 5, 7, 2}, stride[4] = {1, 3, 30, 15};
    int rank = 4;
    int padding = 0;
  } strides;
  Device device;
  std::vector<float> x(210);
  std::iota(x.begin(), x.end(), 0.0F);
  const std::uint64_t out = device.memory.allocate(840);
  device.launch("gather", {4, 1, 1}, {64, 1, 1}, 0, {}, device.put(x), out, strides, std::int64_t{210});
  const std::vector<float> y = device.get<float>(out, 210);
  std::size_t i = 0;
  for (int a = 0; a < 3; a++) {
    for (int b = 0; b < 5; b++) {
      for (int c = 0; c < 7; c++) {
        for (int d = 0; d < 2; d++) {
          CHECK_EQ(y[i++], static_cast<float>(a + 3 * b + 30 * c + 15 * d));
        }
      }
    }
  }
}

TEST(philoxCounters) {
  Device device;
  const std::uint64_t out = device.memory.allocate(16 * 100);
  device.launch("philox", {2, 1, 1}, {64, 1, 1}, 0, {}, out, 0U, 0U, 100);
  const std::vector<std::uint32_t> y = device.get<std::uint32_t>(out, 400);
  // Known answer for counter and key of zeros (Random123, kat_vectors: philox4x32-10).
  CHECK((std::vector<std::uint32_t>(y.begin(), y.begin() + 4) == std::vector<std::uint32_t>{0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8}));
}

TEST(divergentLoops) {
  Device device;
  std::vector<int> x(1000);
  std::iota(x.begin(), x.end(), 0);
  const std::uint64_t out = device.memory.allocate(4000);
  device.launch("diverge", {4, 1, 1}, {256, 1, 1}, 0, {}, device.put(x), out, 1000);
  const std::vector<int> y = device.get<int>(out, 1000);
  for (int i = 0; i < 1000; i++) {
    int steps = 0;
    for (int v = i; v > 1; steps++) {
      v = v % 2 == 0 ? v / 2 : 3 * v + 1;
    }
    switch (steps % 7) {
      case 0: steps += i; break;
      case 1: steps *= 3; break;
      case 2: steps ^= 0x55; break;
      case 3: steps -= 9; break;
      case 4: steps = steps * steps; break;
      case 5: steps <<= 3; break;
      default: break;
    }
    CHECK_EQ(y[static_cast<std::size_t>(i)], steps);
  }
}

int main(int count, char** arguments) { return check::main(count, arguments); }
