package org.cotangent.cpu.kernel;

import org.cotangent.DType;

/** What the values of a type are computed in: blocks of one of four array types. */
enum Block {
  /** float[] for float32, and for float16 and bfloat16 widened to it. */
  F,
  /** double[] for float64. */
  D,
  /** long[] for integers. */
  L,
  /** byte[] of 0 and 1 for bool. */
  B;

  /** Elements in a block: few enough for half a dozen blocks to stay in the first-level cache, many enough to pay for a dispatch. */
  static final int SIZE = 1024;

  /** The kind of block for a type. */
  static Block of(DType type) {
    return switch (type) {
      case FLOAT32, FLOAT16, BFLOAT16 -> F;
      case FLOAT64 -> D;
      case BOOL -> B;
      default -> L;
    };
  }

  /** Whether elements of the type lie in storage as they do in a block. */
  static boolean stored(DType type) {
    return type.floating() && !type.half() || type == DType.INT64 || type == DType.BOOL;
  }
}
