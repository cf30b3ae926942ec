package org.cotangent;

/**
 * Element type of a tensor.
 *
 * <p>Promotion follows PyTorch: the higher category wins (bool, integer, floating), within a category the wider type, and uint8
 * with int8 gives int16.
 */
public enum DType {
  /** True or false, one byte. */
  BOOL(0, 1),
  /** Unsigned 8-bit integer. */
  UINT8(1, 1),
  /** Signed 8-bit integer. */
  INT8(1, 1),
  /** Signed 16-bit integer. */
  INT16(1, 2),
  /** Signed 32-bit integer. */
  INT32(1, 4),
  /** Signed 64-bit integer. */
  INT64(1, 8),
  /** IEEE 754 single precision, the default. */
  FLOAT32(2, 4),
  /** IEEE 754 double precision. */
  FLOAT64(2, 8);

  private final int category;
  private final int bytes;

  DType(int category, int bytes) {
    this.category = category;
    this.bytes = bytes;
  }

  /** Whether values of this type can carry gradients. */
  public boolean floating() {
    return category == 2;
  }

  /** Whether this is an integer type; false for bool. */
  public boolean integer() {
    return category == 1;
  }

  /** 0 for bool, 1 for integers, 2 for floating types. */
  public int category() {
    return category;
  }

  /** Bytes an element. */
  public int bytes() {
    return bytes;
  }

  /** The type that holds results of {@code a} combined with {@code b}. */
  public static DType promote(DType a, DType b) {
    if (a == b) {
      return a;
    }
    if (a.category != b.category) {
      return a.category > b.category ? a : b;
    }
    if ((a == UINT8 && b == INT8) || (a == INT8 && b == UINT8)) {
      return INT16;
    }
    return a.compareTo(b) > 0 ? a : b;
  }

  /** This type if floating, else float32: what true division and transcendental functions compute in. */
  public DType orFloat() {
    return floating() ? this : FLOAT32;
  }

  /** {@code value} rounded and wrapped as storing it in this type does: to single precision, to the integer's width, or to 0 and 1. */
  public double round(double value) {
    return switch (this) {
      case FLOAT64 -> value;
      case FLOAT32 -> (float) value;
      default -> wrap((long) value);
    };
  }

  /** {@code value} wrapped to this integer type's width; 0 or 1 for bool. */
  public long wrap(long value) {
    return switch (this) {
      case BOOL -> value != 0 ? 1 : 0;
      case UINT8 -> value & 0xff;
      case INT8 -> (byte) value;
      case INT16 -> (short) value;
      case INT32 -> (int) value;
      default -> value;
    };
  }

  /** The name in messages and prints: "float32". */
  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
