package org.cotangent.cpu.kernel;

import org.cotangent.DType;

/** The Java arrays that elements are kept in. */
enum Kind {
  BYTE(1),
  SHORT(2),
  INT(4),
  LONG(8),
  FLOAT(4),
  DOUBLE(8);

  static final int COUNT = 6;

  private final int bytes;

  Kind(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes an element. */
  int bytes() {
    return bytes;
  }

  /** The array kind of a type. */
  static Kind of(DType type) {
    return switch (type) {
      case BOOL, UINT8, INT8 -> BYTE;
      case INT16, FLOAT16, BFLOAT16 -> SHORT;
      case INT32 -> INT;
      case INT64 -> LONG;
      case FLOAT32 -> FLOAT;
      case FLOAT64 -> DOUBLE;
    };
  }

  /** A new array of zeros. */
  Object array(int length) {
    return switch (this) {
      case BYTE -> new byte[length];
      case SHORT -> new short[length];
      case INT -> new int[length];
      case LONG -> new long[length];
      case FLOAT -> new float[length];
      case DOUBLE -> new double[length];
    };
  }

  /** The length of {@code array}, or -1 if it is not an array of this kind. */
  int length(Object array) {
    return switch (this) {
      case BYTE -> array instanceof byte[] a ? a.length : -1;
      case SHORT -> array instanceof short[] a ? a.length : -1;
      case INT -> array instanceof int[] a ? a.length : -1;
      case LONG -> array instanceof long[] a ? a.length : -1;
      case FLOAT -> array instanceof float[] a ? a.length : -1;
      case DOUBLE -> array instanceof double[] a ? a.length : -1;
    };
  }
}
