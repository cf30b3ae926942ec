// Whole kernels for ptx_kernel_test. kernels.ptx is what NVRTC 12.9 makes of this file for compute_75; nvcc -ptx makes the like.

#define POINTWISE(name, T, f)                                                      \
  extern "C" __global__ void name(const T* __restrict__ x, T* __restrict__ y, int n) { \
    int i = blockIdx.x * blockDim.x + threadIdx.x;                                 \
    if (i < n) y[i] = f(x[i]);                                                     \
  }
#define POINTWISE2(name, T, f)                                                                                \
  extern "C" __global__ void name(const T* __restrict__ x, const T* __restrict__ z, T* __restrict__ y, int n) { \
    int i = blockIdx.x * blockDim.x + threadIdx.x;                                                            \
    if (i < n) y[i] = f(x[i], z[i]);                                                                          \
  }
#define BOTH(name) POINTWISE(name##Float, float, name##f) POINTWISE(name##Double, double, name)
BOTH(exp)
BOTH(log)
BOTH(tanh)
BOTH(erf)
BOTH(lgamma)
BOTH(sin)
POINTWISE2(powFloat, float, powf)
POINTWISE2(powDouble, double, pow)

extern "C" __global__ void softmax(const float* x, float* y, int n) {
  __shared__ float s[32];
  const float* row = x + (long long)blockIdx.x * n;
  float m = -3.4e38f;
  for (int i = threadIdx.x; i < n; i += blockDim.x) m = fmaxf(m, row[i]);
  for (int o = 16; o; o >>= 1) m = fmaxf(m, __shfl_xor_sync(~0u, m, o));
  if (threadIdx.x % 32 == 0) s[threadIdx.x / 32] = m;
  __syncthreads();
  for (int i = 0; i < blockDim.x / 32; i++) m = fmaxf(m, s[i]);
  __syncthreads();
  float t = 0;
  for (int i = threadIdx.x; i < n; i += blockDim.x) t += expf(row[i] - m);
  for (int o = 16; o; o >>= 1) t += __shfl_xor_sync(~0u, t, o);
  if (threadIdx.x % 32 == 0) s[threadIdx.x / 32] = t;
  __syncthreads();
  t = 0;
  for (int i = 0; i < blockDim.x / 32; i++) t += s[i];
  for (int i = threadIdx.x; i < n; i += blockDim.x) y[(long long)blockIdx.x * n + i] = expf(row[i] - m) / t;
}

extern "C" __global__ void transpose(const float* x, float* y, int w, int h) {
  __shared__ float t[32][33];
  int i = blockIdx.x * 32 + threadIdx.x, j = blockIdx.y * 32 + threadIdx.y;
  for (int k = 0; k < 32; k += 8)
    if (i < w && j + k < h) t[threadIdx.y + k][threadIdx.x] = x[(j + k) * w + i];
#ifndef NO_BARRIER
  __syncthreads();
#endif
  i = blockIdx.y * 32 + threadIdx.x;
  j = blockIdx.x * 32 + threadIdx.y;
  for (int k = 0; k < 32; k += 8)
    if (i < h && j + k < w) y[(j + k) * h + i] = t[threadIdx.x][threadIdx.y + k];
}

extern "C" __global__ void sum(const double* x, double* y, int n) {
  extern __shared__ double part[];
  double total = 0;
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) total += x[i];
  part[threadIdx.x] = total;
  __syncthreads();
  for (int d = blockDim.x / 2; d > 0; d /= 2) {
    if (threadIdx.x < d) part[threadIdx.x] += part[threadIdx.x + d];
    __syncthreads();
  }
  if (threadIdx.x == 0) y[blockIdx.x] = part[0];
}

extern "C" __global__ void histogram(const int* x, unsigned* counts, int n) {
  __shared__ unsigned s[256];
  for (int i = threadIdx.x; i < 256; i += blockDim.x) s[i] = 0;
  __syncthreads();
  for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) atomicAdd(&s[x[i] & 255], 1u);
  __syncthreads();
  for (int i = threadIdx.x; i < 256; i += blockDim.x) atomicAdd(&counts[i], s[i]);
}

struct Strides {
  long long size[4], stride[4];
  int rank;
};

extern "C" __global__ void gather(const float* x, float* y, Strides s, long long n) {
  long long i = blockIdx.x * (long long)blockDim.x + threadIdx.x;
  if (i >= n) return;
  long long from = 0, rest = i;
  for (int d = s.rank - 1; d >= 0; d--) {
    from += rest % s.size[d] * s.stride[d];
    rest /= s.size[d];
  }
  y[i] = x[from];
}

extern "C" __global__ void philox(uint4* y, unsigned k0, unsigned k1, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  unsigned c0 = i, c1 = 0, c2 = 0, c3 = 0;
  for (int r = 0; r < 10; r++) {
    unsigned h0 = __umulhi(0xD2511F53u, c0), l0 = 0xD2511F53u * c0, h1 = __umulhi(0xCD9E8D57u, c2), l1 = 0xCD9E8D57u * c2;
    c0 = h1 ^ c1 ^ k0;
    c1 = l1;
    c2 = h0 ^ c3 ^ k1;
    c3 = l0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  y[i] = make_uint4(c0, c1, c2, c3);
}

// Threads that leave a loop at different times, and a choice among many.
extern "C" __global__ void diverge(const int* x, int* y, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= n) return;
  int steps = 0;
  for (int v = x[i]; v > 1; steps++) v = v % 2 == 0 ? v / 2 : 3 * v + 1;
  switch (steps % 7) {
    case 0: steps += x[i]; break;
    case 1: steps *= 3; break;
    case 2: steps ^= 0x55; break;
    case 3: steps -= 9; break;
    case 4: steps = steps * steps; break;
    case 5: steps <<= 3; break;
  }
  y[i] = steps;
}
