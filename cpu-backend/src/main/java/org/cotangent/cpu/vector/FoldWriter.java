package org.cotangent.cpu.vector;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import org.cotangent.cpu.vector.LoopBody.Kind;

/**
 * Writes the fold of whole vectors into a generated loop, with the bits of {@link LineFolds}: a sum has four accumulators that take turns, an extreme
 * those three of integers.
 */
final class FoldWriter {
  private static final ClassDesc VECTOR = ClassDesc.of("jdk.incubator.vector.Vector");
  private static final ClassDesc FLOATS = ClassDesc.of("jdk.incubator.vector.FloatVector");
  private static final ClassDesc INTS = ClassDesc.of("jdk.incubator.vector.IntVector");
  private static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector.VectorSpecies");
  private static final ClassDesc OPERATORS = ClassDesc.of("jdk.incubator.vector.VectorOperators");
  private static final ClassDesc ASSOCIATIVE = ClassDesc.of("jdk.incubator.vector.VectorOperators$Associative");
  private static final ClassDesc BINARY_OPERATOR = ClassDesc.of("jdk.incubator.vector.VectorOperators$Binary");
  private static final ClassDesc FOLDS = ClassDesc.of("org.cotangent.cpu.vector.LineFolds");

  private static final MethodTypeDesc BROADCAST = MethodTypeDesc.of(FLOATS, SPECIES, ConstantDescs.CD_float);
  private static final MethodTypeDesc INT_BROADCAST = MethodTypeDesc.of(INTS, SPECIES, ConstantDescs.CD_int);
  private static final MethodTypeDesc BINARY = MethodTypeDesc.of(FLOATS, VECTOR);
  private static final MethodTypeDesc INT_BINARY = MethodTypeDesc.of(INTS, VECTOR);

  private final CodeBuilder code;
  private final Kind kind;
  private final int[] slots;
  /** The bits of the vector that an extreme takes in. */
  private final int bits;

  FoldWriter(CodeBuilder code, Kind kind) {
    this.code = code;
    this.kind = kind;
    slots = new int[kind == Kind.ADD ? 4 : 3];
    for (int k = 0; k < slots.length; k++) {
      slots[k] = code.allocateLocal(TypeKind.REFERENCE);
    }
    bits = kind == Kind.ADD ? -1 : code.allocateLocal(TypeKind.REFERENCE);
  }

  /** Writes what comes before the loop. */
  void before() {
    for (int slot : slots) {
      if (kind == Kind.ADD) {
        code.getstatic(FLOATS, "SPECIES_PREFERRED", SPECIES).loadConstant(0f).invokestatic(FLOATS, "broadcast", BROADCAST).astore(slot);
      } else {
        float identity = kind == Kind.MAX ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY;
        code.getstatic(INTS, "SPECIES_PREFERRED", SPECIES).loadConstant(Float.floatToRawIntBits(identity));
        code.invokestatic(INTS, "broadcast", INT_BROADCAST).astore(slot);
      }
    }
  }

  /** Writes that the vector in a slot is taken in. */
  void step(int vector) {
    if (kind == Kind.ADD) {
      code.aload(slots[0]).aload(vector).invokevirtual(FLOATS, "add", BINARY);
      code.aload(slots[1]).astore(slots[0]).aload(slots[2]).astore(slots[1]).aload(slots[3]).astore(slots[2]).astore(slots[3]);
      return;
    }
    code.aload(vector).invokevirtual(FLOATS, "reinterpretAsInts", MethodTypeDesc.of(INTS)).astore(bits);
    code.aload(slots[0]).aload(bits).invokevirtual(INTS, "max", INT_BINARY).astore(slots[0]);
    code.aload(slots[1]).aload(bits).invokevirtual(INTS, "min", INT_BINARY).astore(slots[1]);
    code.aload(slots[2]).getstatic(OPERATORS, "UMAX", ASSOCIATIVE).aload(bits);
    code.invokevirtual(INTS, "lanewise", MethodTypeDesc.of(INTS, BINARY_OPERATOR, VECTOR)).astore(slots[2]);
  }

  /** Writes what comes after the loop: the lanes of a sum, or an extreme, are put into an array from {@code at} on. */
  void after(int array, int at) {
    if (kind == Kind.ADD) {
      code.aload(slots[0]).aload(slots[2]).invokevirtual(FLOATS, "add", BINARY);
      code.aload(slots[1]).aload(slots[3]).invokevirtual(FLOATS, "add", BINARY);
      code.invokevirtual(FLOATS, "add", BINARY).aload(array).loadConstant(at);
      code.invokevirtual(FLOATS, "intoArray", MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_float.arrayType(), ConstantDescs.CD_int));
      return;
    }
    code.aload(array).loadConstant(at);
    for (int slot : slots) {
      code.aload(slot);
    }
    code.invokestatic(FOLDS, kind == Kind.MAX ? "max" : "min", MethodTypeDesc.of(ConstantDescs.CD_float, INTS, INTS, INTS)).fastore();
  }
}
