package org.cotangent.io;

import java.util.Optional;
import java.util.Set;
import org.cotangent.DType;

/**
 * The element types of the safetensors format that can be read, in the order in which the reference implementation sorts tensors:
 * later ones lie first in a file. F16 and BF16 are widened to float32 and never written.
 */
enum StoredType {
  BOOL(DType.BOOL, 1),
  U8(DType.UINT8, 1),
  I8(DType.INT8, 1),
  I16(DType.INT16, 2),
  F16(DType.FLOAT32, 2),
  BF16(DType.FLOAT32, 2),
  I32(DType.INT32, 4),
  F32(DType.FLOAT32, 4),
  F64(DType.FLOAT64, 8),
  I64(DType.INT64, 8);

  /** Types of the format that no {@link DType} holds. */
  private static final Set<String> FOREIGN =
      Set.of("U16", "U32", "U64", "C64", "F4", "F6_E2M3", "F6_E3M2", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ");

  private final DType dtype;
  private final int bytes;

  StoredType(DType dtype, int bytes) {
    this.dtype = dtype;
    this.bytes = bytes;
  }

  /** The type in memory. */
  DType dtype() {
    return dtype;
  }

  /** Bytes an element takes in the file. */
  int bytes() {
    return bytes;
  }

  /** Whether an element in the file is narrower than in memory. */
  boolean widened() {
    return bytes < dtype.bytes();
  }

  /** The type that {@code dtype} is written as. */
  static StoredType of(DType dtype) {
    return switch (dtype) {
      case BOOL -> BOOL;
      case UINT8 -> U8;
      case INT8 -> I8;
      case INT16 -> I16;
      case INT32 -> I32;
      case INT64 -> I64;
      case FLOAT32 -> F32;
      case FLOAT64 -> F64;
    };
  }

  /** The type of this name, or empty. */
  static Optional<StoredType> named(String name) {
    for (StoredType t : values()) {
      if (t.name().equals(name)) {
        return Optional.of(t);
      }
    }
    return Optional.empty();
  }

  /** Whether the format knows the name, though no dtype here holds such numbers. */
  static boolean foreign(String name) {
    return FOREIGN.contains(name);
  }
}
