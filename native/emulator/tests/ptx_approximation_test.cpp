// The .approx instructions: within their documented errors without and with perturbation, and moved by it.

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <random>

#include "check.hpp"
#include "ptx.hpp"

using ptx_test::bits;
using ptx_test::real32;
using ptx_test::real64;
using ptx_test::Row;

namespace {

std::vector<Row> between(double low, double high) {
  std::mt19937_64 random(2);
  std::vector<Row> rows;
  for (int i = 0; i < 3000; i++) {
    const auto draw = [&] { return bits(static_cast<float>(low + (high - low) * static_cast<double>(random() >> 11) * 0x1p-53)); };
    rows.push_back({draw(), draw(), 0, 0});
  }
  return rows;
}

/** Checks |got - exact| <= bound(exact), with half a unit for the last rounding, and that perturbing moves most results. */
void expect(const std::string& instruction, const std::vector<Row>& rows, const std::function<double(double, double)>& exact,
            const std::function<double(double)>& bound) {
  std::size_t moved = 0;
  const std::vector<std::uint64_t> plain = ptx_test::results(instruction, 'r', rows);
  emulator::Options options;
  options.perturb = true;
  const std::vector<std::uint64_t> perturbed = ptx_test::results(instruction, 'r', rows, options);
  double widest = 0;
  for (std::size_t i = 0; i < rows.size(); i++) {
    const double right = exact(real32(rows[i][0]), real32(rows[i][1]));
    const double half = std::ldexp(0.5, std::max(std::ilogb(right), -126) - 23);
    CHECK(std::fabs(real32(plain[i]) - right) <= half * 1.001);
    const double error = std::fabs(real32(perturbed[i]) - right);
    CHECK(error <= bound(right) + half * 1.001);
    widest = std::max(widest, error / (bound(right) + half));
    moved += plain[i] != perturbed[i] ? 1 : 0;
  }
  CHECK(moved > rows.size() / 10);
  CHECK(widest > 0.7);  // the whole of the documented error is used
  CHECK(ptx_test::results(instruction, 'r', rows, options) == perturbed);  // by the seed
  options.seed = 99;
  CHECK(ptx_test::results(instruction, 'r', rows, options) != perturbed);
}

double ulps(double count, double value) { return std::ldexp(count, std::max(std::ilogb(value), -126) - 23); }

}  // namespace

TEST(errorsAsDocumented) {
  const auto one = [](double (*f)(double)) { return [f](double a, double) { return f(a); }; };
  expect("rcp.approx.f32 %r9, %r0;", between(0.001, 100), [](double a, double) { return 1 / a; }, [](double y) { return ulps(1, y); });
  expect("rcp.approx.ftz.f32 %r9, %r0;", between(-100, -0.1), [](double a, double) { return 1 / a; }, [](double y) { return ulps(1, y); });
  expect("div.approx.f32 %r9, %r0, %r1;", between(0.1, 100), [](double a, double b) { return a / b; }, [](double y) { return ulps(2, y); });
  expect("div.full.f32 %r9, %r0, %r1;", between(0.1, 100), [](double a, double b) { return a / b; }, [](double y) { return ulps(2, y); });
  expect("sqrt.approx.f32 %r9, %r0;", between(0, 100), one(std::sqrt), [](double y) { return y * 0x1p-23; });
  expect("rsqrt.approx.f32 %r9, %r0;", between(0.01, 100), [](double a, double) { return 1 / std::sqrt(a); }, [](double y) { return y * std::pow(2, -22.9); });
  expect("ex2.approx.f32 %r9, %r0;", between(-20, 20), one(std::exp2), [](double y) { return ulps(2, y); });
  expect("ex2.approx.ftz.f32 %r9, %r0;", between(-20, 20), one(std::exp2), [](double y) { return ulps(2, y); });
  expect("lg2.approx.f32 %r9, %r0;", between(3, 100), one(std::log2), [](double y) { return std::fabs(y) * 0x1p-22; });
  expect("lg2.approx.f32 %r9, %r0;", between(0.6, 1.9), one(std::log2), [](double) { return 0x1p-22; });
  expect("sin.approx.f32 %r9, %r0;", between(-6, 6), one(std::sin), [](double) { return std::pow(2, -20.5); });
  expect("cos.approx.ftz.f32 %r9, %r0;", between(-6, 6), one(std::cos), [](double) { return std::pow(2, -20.5); });
  expect("tanh.approx.f32 %r9, %r0;", between(-3, 3), one(std::tanh), [](double y) { return std::fabs(y) * 0x1p-11; });
}

TEST(specialValues) {
  const float inf = std::numeric_limits<float>::infinity();
  const auto one = [](const std::string& instruction, float a, float b = 0) { return real32(ptx_test::results(instruction, 'r', {{bits(a), bits(b), 0, 0}})[0]); };
  CHECK_EQ(one("ex2.approx.f32 %r9, %r0;", -inf), 0.0F);
  CHECK_EQ(one("ex2.approx.f32 %r9, %r0;", inf), inf);
  CHECK_EQ(one("ex2.approx.f32 %r9, %r0;", -140.0F), 0x1p-140F);
  CHECK_EQ(one("ex2.approx.ftz.f32 %r9, %r0;", -140.0F), 0.0F);
  CHECK_EQ(one("lg2.approx.f32 %r9, %r0;", 0.0F), -inf);
  CHECK_EQ(one("lg2.approx.f32 %r9, %r0;", 0x1p-140F), -140.0F);
  CHECK_EQ(one("lg2.approx.ftz.f32 %r9, %r0;", 0x1p-140F), -inf);
  CHECK(std::isnan(one("lg2.approx.f32 %r9, %r0;", -1.0F)));
  CHECK(std::isnan(one("sin.approx.f32 %r9, %r0;", inf)));
  CHECK_EQ(bits(one("rcp.approx.f32 %r9, %r0;", -0.0F)), bits(-inf));
  CHECK_EQ(one("rsqrt.approx.f32 %r9, %r0;", inf), 0.0F);
  CHECK_EQ(bits(one("sqrt.approx.f32 %r9, %r0;", -1.0F)), 0x7FFFFFFFU);
  // div.approx gives up on divisors beyond 2^126, div.full does not.
  CHECK_EQ(one("div.approx.f32 %r9, %r0, %r1;", 0x1p127F, 0x1.8p126F), 0.0F);
  CHECK(std::isnan(one("div.approx.f32 %r9, %r0, %r1;", inf, 0x1.8p126F)));
  CHECK(one("div.full.f32 %r9, %r0, %r1;", 0x1p127F, 0x1.8p126F) > 1.3F);
}

TEST(coarseDoubles) {
  emulator::Options options;
  options.perturb = true;
  for (const double a : {3.0, 0.7, 1e-200, -5e100}) {
    const Row row = {bits(a), 0, 0, 0};
    for (const emulator::Options& o : {emulator::Options{}, options}) {
      const std::uint64_t reciprocal = ptx_test::results("rcp.approx.ftz.f64 %d9, %d0;", 'd', {row}, o)[0];
      CHECK_EQ(reciprocal & 0xFFFFFFFF, 0U);  // the upper half alone
      CHECK(std::fabs(real64(reciprocal) * a - 1) < 0x1p-18);
      const double root = real64(ptx_test::results("abs.f64 %d0, %d0; rsqrt.approx.ftz.f64 %d9, %d0;", 'd', {row}, o)[0]);
      CHECK(std::fabs(root * root * std::fabs(a) - 1) < 0x1p-17);
      const double fine = real64(ptx_test::results("abs.f64 %d0, %d0; rsqrt.approx.f64 %d9, %d0;", 'd', {row}, o)[0]);
      CHECK(std::fabs(fine * fine * std::fabs(a) - 1) < 0x1p-49);
    }
  }
}

int main(int count, char** arguments) { return check::main(count, arguments); }
