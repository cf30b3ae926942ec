// Every symbol that the JCuda natives import is exported, cuBLAS's with the version they were linked with.
#include <dlfcn.h>

#include <set>

#include "api.hpp"

namespace {

const char* const driverSymbols[] = {
#define SYMBOL(name) #name,
#include "cuda-symbols.inc"
};
const char* const cublasSymbols[] = {
#include "cublas-symbols.inc"
#undef SYMBOL
};

void* open(const char* name) {
  void* library = dlopen(name, RTLD_NOW | RTLD_NOLOAD);
  CHECK(library != nullptr);
  return library;
}

}  // namespace

TEST(driverSymbolsAreThere) {
  void* library = open("libcuda.so.1");
  CHECK_EQ(std::size(driverSymbols), std::size_t{312});
  for (const char* name : driverSymbols) {
    if (dlsym(library, name) == nullptr) check::fail(__FILE__, __LINE__, std::string("missing: ") + name);
  }
}

TEST(cublasSymbolsAreThereWithTheirVersion) {
  void* library = open("libcublas.so.12");
  CHECK_EQ(std::size(cublasSymbols), std::size_t{494});
  for (const char* name : cublasSymbols) {
    if (dlvsym(library, name, "libcublas.so.12") == nullptr) check::fail(__FILE__, __LINE__, std::string("missing: ") + name);
  }
}

TEST(whatIsNotEmulatedSaysSo) {
  api::fresh();
  const auto stub = reinterpret_cast<int (*)()>(dlsym(open("libcuda.so.1"), "cuTexObjectCreate"));
  CHECK_EQ(stub(), static_cast<int>(CUDA_ERROR_NOT_SUPPORTED));
  CHECK(api::contains(api::lastError(), "cuTexObjectCreate"));
  const auto other = reinterpret_cast<int (*)()>(dlsym(open("libcublas.so.12"), "cublasZtrsm_v2"));
  CHECK_EQ(other(), static_cast<int>(CUBLAS_STATUS_NOT_SUPPORTED));
  CHECK(api::contains(api::lastError(), "cublasZtrsm_v2"));
}

extern "C" cublasStatus_t cublasCreate_v2(cublasHandle_t*);

int main(int count, char** arguments) {
  cublasHandle_t handle = nullptr;
  cublasCreate_v2(&handle);  // so that the library is linked
  return check::main(count, arguments);
}
