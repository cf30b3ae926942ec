// Copies matrices whose columns lie side by side in x and whose rows do in y, tile by tile through shared memory, so that both
// sides are read and written by neighbouring threads.
//
// ELEMENT: unsigned integers of the size of the elements; RANK: of the batch.
#include "numbers.cuh"

using T = ELEMENT;
constexpr int R = RANK;

#define SIDE 32
#define DEPTH 8

extern "C" __global__ void __launch_bounds__(SIDE * DEPTH, 1) transpose(Position matrices, int rows, int columns, Sizes<R> sizes,
    const T* __restrict__ x, Steps<R> sx, int xColumn, T* __restrict__ y, Steps<R> sy, int yRow) {
  __shared__ T tile[SIDE][SIDE + 1];
  int across = threadIdx.x % SIDE, down = threadIdx.x / SIDE;
  int wide = (columns + SIDE - 1) / SIDE, high = (rows + SIDE - 1) / SIDE;
  Position tiles = matrices * (Position)wide * (Position)high;
  for (Position t = blockIdx.x; t < tiles; t += gridDim.x) {
    Position m = t / ((Position)wide * high);
    int rest = (int)(t - m * wide * high), row = rest / wide * SIDE, column = rest % wide * SIDE;
    const T* from = x + place(m, sizes, sx);
    T* to = y + place(m, sizes, sy);
    __syncthreads();
#pragma unroll
    for (int k = 0; k < SIDE; k += DEPTH) {
      int c = column + down + k, r = row + across;
      if (c < columns && r < rows) tile[down + k][across] = from[r + c * xColumn];
    }
    __syncthreads();
#pragma unroll
    for (int k = 0; k < SIDE; k += DEPTH) {
      int r = row + down + k, c = column + across;
      if (r < rows && c < columns) to[r * yRow + c] = tile[across][down + k];
    }
  }
}
