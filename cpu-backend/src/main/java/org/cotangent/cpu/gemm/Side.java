package org.cotangent.cpu.gemm;

/** Where the elements of a batch of matrices lie in an array: the storage of one side of a product, its extents checked. */
record Side(boolean transposed, int offset, int leading, long stride) {

  /** The storage of {@code batch} matrices [rows, cols], or of their transposes, in an array of {@code length} elements. */
  static Side of(String name, boolean transposed, int rows, int cols, int batch, int length, long offset, int leading, long stride) {
    int height = transposed ? cols : rows;
    int width = transposed ? rows : cols;
    if (height == 0 || width == 0 || batch == 0) return new Side(transposed, 0, Math.max(1, width), 0);
    if (height > 1 && leading < width) {
      throw new IllegalArgumentException("gemm: leading dimension of " + name + " is below its row length: " + leading + " < " + width);
    }
    if (offset < 0 || stride < 0) {
      throw new IllegalArgumentException("gemm: negative offset or stride of " + name + ": " + offset + ", " + stride);
    }
    if (batch > 1 && stride > length) throw tooShort(name, length, "stride " + stride);
    long end = offset + (batch - 1) * stride + (height - 1L) * leading + width;
    if (offset > length || end > length) throw tooShort(name, length, "needs " + end);
    return new Side(transposed, (int) offset, Math.max(leading, width), stride);
  }

  private static IllegalArgumentException tooShort(String name, int length, String need) {
    return new IllegalArgumentException("gemm: " + name + " is too short: " + need + ", has " + length);
  }

  /** The index of element [row, col] of product {@code item}; within the array, so an int is enough. */
  int at(int item, int row, int col) {
    int down = transposed ? col : row;
    int along = transposed ? row : col;
    return (int) (offset + item * stride + (long) down * leading + along);
  }
}
