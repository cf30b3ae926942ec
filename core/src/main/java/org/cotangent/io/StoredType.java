package org.cotangent.io;

import java.util.Optional;
import java.util.Set;
import org.cotangent.DType;

/**
 * The element types of the safetensors format that can be read, in the order in which the reference implementation sorts tensors:
 * later ones lie first in a file.
 */
enum StoredType {
  BOOL(DType.BOOL),
  U8(DType.UINT8),
  I8(DType.INT8),
  I16(DType.INT16),
  F16(DType.FLOAT16),
  BF16(DType.BFLOAT16),
  I32(DType.INT32),
  F32(DType.FLOAT32),
  F64(DType.FLOAT64),
  I64(DType.INT64);

  /** Types of the format that no {@link DType} holds. */
  private static final Set<String> FOREIGN =
      Set.of("U16", "U32", "U64", "C64", "F4", "F6_E2M3", "F6_E3M2", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ");

  private final DType dtype;

  StoredType(DType dtype) {
    this.dtype = dtype;
  }

  /** The type in memory. */
  DType dtype() {
    return dtype;
  }

  /** Bytes an element takes, in the file as in memory. */
  int bytes() {
    return dtype.bytes();
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
      case FLOAT16 -> F16;
      case BFLOAT16 -> BF16;
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
