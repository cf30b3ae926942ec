// Settings in the environment, the log, and the leak report at exit: the program starts itself anew for each.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "api.hpp"

using namespace api;

namespace {

std::string self;

// The exit status of this program as a child that runs the named part.
int child(const std::string& part, const std::string& environment) {
  const int status = std::system((environment + " '" + self + "' --child " + part).c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string contents(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

int leak() {
  cuInit(0);
  CUcontext context = nullptr;
  cuDevicePrimaryCtxRetain(&context, 0);
  cuCtxSetCurrent(context);
  CUdeviceptr x = 0;
  return cuMemAlloc_v2(&x, 100);
}

int memory() {
  std::size_t bytes = 0;
  cuInit(0);
  cuDeviceTotalMem_v2(&bytes, 0);
  int major = 0;
  cuDeviceGetAttribute(&major, 75, 0);
  return bytes == std::size_t{3} << 20 && major == 7 ? 0 : 1;
}

}  // namespace

TEST(settingsComeFromTheEnvironment) {
  CHECK_EQ(child("memory", "COTANGENT_EMULATOR_MEMORY=3M COTANGENT_EMULATOR_CC=7.5"), 0);
}

TEST(badSettingsRefuseEveryCall) {
  CHECK_EQ(child("leak", "COTANGENT_EMULATOR_MEMORY=plenty"), static_cast<int>(CUDA_ERROR_UNKNOWN) & 0xFF);
}

TEST(leaksAreReportedAtExit) {
  const std::string file = self + ".stderr";
  CHECK_EQ(child("leak", "COTANGENT_EMULATOR_LEAKS=fail 2>'" + file + "'"), 86);
  CHECK(contains(contents(file), "100 bytes"));
  CHECK_EQ(child("leak", "COTANGENT_EMULATOR_LEAKS=report 2>'" + file + "'"), 0);
  CHECK(contains(contents(file), "100 bytes"));
  CHECK_EQ(child("leak", "2>'" + file + "'"), 0);
  CHECK_EQ(contents(file), "");
  unlink(file.c_str());
}

TEST(theLogSaysWhatWasCalledAndWhy) {
  const std::string file = self + ".log";
  CHECK_EQ(child("leak", "COTANGENT_EMULATOR_FAULT=alloc:1 COTANGENT_EMULATOR_LOG='" + file + "'"), 2);
  CHECK(contains(contents(file), "cuDevicePrimaryCtxRetain\n"));
  CHECK(contains(contents(file), "cuMemAlloc -> CUDA_ERROR_OUT_OF_MEMORY: injected fault: alloc"));
  unlink(file.c_str());
}

int main(int count, char** arguments) {
  self = arguments[0];
  if (count > 2 && std::string(arguments[1]) == "--child") return std::string(arguments[2]) == "leak" ? leak() : memory();
  return check::main(count, arguments);
}
