package org.cotangent.cuda.kernel;

import org.cotangent.DType;
import org.cotangent.spi.Reduction;

/** Names of element types in CUDA C; numbers.cuh defines them. */
final class Types {
  private Types() {}

  /** The type of elements in memory. */
  static String element(DType t) {
    return switch (t) {
      case BOOL -> "bool";
      case UINT8 -> "uint8";
      case INT8 -> "int8";
      case INT16 -> "int16";
      case INT32 -> "int32";
      case INT64 -> "int64";
      case FLOAT16 -> "half16";
      case BFLOAT16 -> "brain16";
      case FLOAT32 -> "float";
      case FLOAT64 -> "double";
    };
  }

  /** The type of values in registers. */
  static String value(DType t) {
    return element(t.computed());
  }

  /** The unsigned type of elements of this size, for kernels that only move them. */
  static String bits(DType t) {
    return switch (t.bytes()) {
      case 1 -> "uint8";
      case 2 -> "unsigned short";
      case 4 -> "unsigned";
      default -> "unsigned long long";
    };
  }

  /** The type that elements of {@code t} are added up, multiplied or compared in; integers wrap when they are stored. */
  static DType accumulator(Reduction kind, DType t) {
    if (!t.floating()) {
      return DType.INT64;
    }
    return kind.needsElements() ? t.computed() : DType.FLOAT64;
  }

  /** A type of the same size whose pointwise kernels only move bits. */
  static DType mover(DType t) {
    return switch (t.bytes()) {
      case 1 -> DType.UINT8;
      case 2 -> DType.INT16;
      case 4 -> DType.INT32;
      default -> DType.INT64;
    };
  }
}
