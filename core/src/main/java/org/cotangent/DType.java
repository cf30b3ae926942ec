package org.cotangent;

/**
 * Element type of a tensor.
 *
 * <p>Promotion follows PyTorch: the higher category wins (bool, integer, floating), within a category the wider type; uint8 with
 * int8 gives int16, and float16 with bfloat16 gives float32.
 *
 * <p>float16 and bfloat16 are types of storage: every operation computes in float32 and rounds its result once, to the nearest
 * number and to even in a tie. What is float64 or an integer becomes float32 on its way to them, as in PyTorch.
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
  /** IEEE 754 half precision: 11 significant bits, numbers up to 65504. */
  FLOAT16(2, 2),
  /** The upper half of a float32: 8 significant bits, the range of float32. */
  BFLOAT16(2, 2),
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
    if (a.half() && b.half()) {
      return FLOAT32;
    }
    return a.compareTo(b) > 0 ? a : b;
  }

  /** This type if floating, else float32: what true division and transcendental functions compute in. */
  public DType orFloat() {
    return floating() ? this : FLOAT32;
  }

  /** Whether this is float16 or bfloat16: stored in 16 bits, computed in float32. */
  public boolean half() {
    return this == FLOAT16 || this == BFLOAT16;
  }

  /** The type that operations on this one compute in: float32 for float16 and bfloat16, else this. */
  public DType computed() {
    return half() ? FLOAT32 : this;
  }

  /**
   * The distance from 1 to the next larger number of a floating type; rounding errs by at most half of it, relatively.
   *
   * @throws IllegalStateException for other types
   */
  public double epsilon() {
    return switch (this) {
      case FLOAT16 -> 0x1p-10;
      case BFLOAT16 -> 0x1p-7;
      case FLOAT32 -> 0x1p-23;
      case FLOAT64 -> 0x1p-52;
      default -> throw new IllegalStateException("epsilon: " + this + " is not a floating type");
    };
  }

  /** The number that 16 bits of a {@link #half} type stand for. */
  public float widen(short bits) {
    return this == BFLOAT16 ? Float.intBitsToFloat(bits << 16) : Float.float16ToFloat(bits);
  }

  /**
   * The 16 bits of {@code value} rounded to a {@link #half} type: to the nearest number, in a tie to the one whose last bit is 0; what
   * is half a step or more beyond the largest number becomes infinite.
   */
  public short narrow(float value) {
    return this == BFLOAT16 ? upperHalf(value) : Float.floatToFloat16(value);
  }

  private static short upperHalf(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (value != value) {
      return (short) (bits >>> 16 | 0x40); // quiet, so that a NaN whose upper bits are 0 stays one
    }
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }

  /**
   * {@code value} rounded and wrapped as storing it in this type does: to single precision, from there to half, to the integer's
   * width, or to 0 and 1.
   */
  public double round(double value) {
    return switch (this) {
      case FLOAT64 -> value;
      case FLOAT32 -> (float) value;
      case FLOAT16, BFLOAT16 -> widen(narrow((float) value));
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
