package org.cotangent.cpu.vector;

import static org.cotangent.cpu.vector.FloatCoefficients.*;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.HashMap;
import java.util.Map;

/** Writes {@link FloatExp#exp} and {@link FloatExp#sigmoid} into a generated loop, with the same bits. */
final class ExpWriter {
  private static final int SIGN = 0x80000000;
  private static final int ONE_BITS = 0x3f800000;

  private static final ClassDesc VECTOR = ClassDesc.of("jdk.incubator.vector.Vector");
  private static final ClassDesc FLOATS = ClassDesc.of("jdk.incubator.vector.FloatVector");
  private static final ClassDesc INTS = ClassDesc.of("jdk.incubator.vector.IntVector");
  private static final ClassDesc MASK = ClassDesc.of("jdk.incubator.vector.VectorMask");
  private static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector.VectorSpecies");
  private static final ClassDesc OPERATORS = ClassDesc.of("jdk.incubator.vector.VectorOperators");
  private static final ClassDesc BINARY_OPERATOR = ClassDesc.of("jdk.incubator.vector.VectorOperators$Binary");
  private static final ClassDesc COMPARISON = ClassDesc.of("jdk.incubator.vector.VectorOperators$Comparison");

  private static final MethodTypeDesc BROADCAST = MethodTypeDesc.of(FLOATS, SPECIES, ConstantDescs.CD_float);
  private static final MethodTypeDesc BINARY = MethodTypeDesc.of(FLOATS, VECTOR);
  private static final MethodTypeDesc FMA = MethodTypeDesc.of(FLOATS, VECTOR, VECTOR);
  private static final MethodTypeDesc INT_BINARY = MethodTypeDesc.of(INTS, VECTOR);
  private static final MethodTypeDesc INT_ADD = MethodTypeDesc.of(INTS, ConstantDescs.CD_int);
  private static final MethodTypeDesc SHIFT = MethodTypeDesc.of(INTS, BINARY_OPERATOR, ConstantDescs.CD_int);
  private static final MethodTypeDesc COMPARE = MethodTypeDesc.of(MASK, COMPARISON, VECTOR);
  private static final MethodTypeDesc BLEND = MethodTypeDesc.of(FLOATS, VECTOR, MASK);

  private final CodeBuilder code;
  /** Slots of vectors of one number. */
  private final Map<Float, Integer> constants = new HashMap<>();
  private final int v;
  private final int z;
  private final int k;
  private final int r;
  private final int h;
  private final int p;
  /** For the sigmoid: its argument, the exponential of minus its absolute value, and one more than that. */
  private final int x;
  private final int t;
  private final int u;

  ExpWriter(CodeBuilder code) {
    this.code = code;
    v = code.allocateLocal(TypeKind.REFERENCE);
    z = code.allocateLocal(TypeKind.REFERENCE);
    k = code.allocateLocal(TypeKind.REFERENCE);
    r = code.allocateLocal(TypeKind.REFERENCE);
    h = code.allocateLocal(TypeKind.REFERENCE);
    p = code.allocateLocal(TypeKind.REFERENCE);
    x = code.allocateLocal(TypeKind.REFERENCE);
    t = code.allocateLocal(TypeKind.REFERENCE);
    u = code.allocateLocal(TypeKind.REFERENCE);
  }

  /** Writes what comes before the loop. */
  void constants() {
    for (float c : new float[] {
      ROUNDER, LOG2_E, 0.5f, 1, -LN2_0, -LN2_1, EXP_0, EXP_1, EXP_2, EXP_3, EXP_4, PLAIN_EXP, 89, -104, Float.POSITIVE_INFINITY, 0
    }) {
      int slot = code.allocateLocal(TypeKind.REFERENCE);
      code.getstatic(FLOATS, "SPECIES_PREFERRED", SPECIES).loadConstant(c).invokestatic(FLOATS, "broadcast", BROADCAST).astore(slot);
      constants.put(c, slot);
    }
  }

  /** Replaces the vector on the stack by its exponential. */
  void vector() {
    code.astore(v);
    fma(v, LOG2_E, ROUNDER).astore(z);
    code.aload(z).aload(slot(ROUNDER)).invokevirtual(FLOATS, "sub", BINARY).astore(k);
    code.aload(k).aload(slot(-LN2_1));
    code.aload(k).aload(slot(-LN2_0)).aload(v).invokevirtual(FLOATS, "fma", FMA);
    code.invokevirtual(FLOATS, "fma", FMA).astore(r);
    code.aload(slot(EXP_4));
    for (float c : new float[] {EXP_3, EXP_2, EXP_1, EXP_0, 1, 1}) {
      code.aload(r).aload(slot(c)).invokevirtual(FLOATS, "fma", FMA);
    }
    code.astore(p);
    Label halves = code.newLabel();
    Label end = code.newLabel();
    code.aload(v).invokevirtual(FLOATS, "abs", MethodTypeDesc.of(FLOATS));
    code.getstatic(OPERATORS, "LE", COMPARISON).aload(slot(PLAIN_EXP)).invokevirtual(FLOATS, "compare", COMPARE);
    code.invokevirtual(MASK, "allTrue", MethodTypeDesc.of(ConstantDescs.CD_boolean)).ifeq(halves);
    bits(p);
    bits(z);
    shift().invokevirtual(INTS, "add", INT_BINARY).invokevirtual(INTS, "reinterpretAsFloats", MethodTypeDesc.of(FLOATS)).goto_(end);
    code.labelBinding(halves);
    inHalves();
    code.labelBinding(end);
  }

  /** Replaces the vector on the stack by its sigmoid. */
  void sigmoid() {
    code.astore(x);
    bits(x);
    code.loadConstant(SIGN).invokevirtual(INTS, "or", INT_ADD).invokevirtual(INTS, "reinterpretAsFloats", MethodTypeDesc.of(FLOATS));
    vector();
    code.astore(t).aload(t).aload(slot(1)).invokevirtual(FLOATS, "add", BINARY).astore(u);
    code.aload(u).aload(slot(1)).invokevirtual(FLOATS, "sub", BINARY).aload(t).invokevirtual(FLOATS, "sub", BINARY);
    code.aload(slot(1)).aload(t);
    code.aload(x).getstatic(OPERATORS, "LT", COMPARISON).aload(slot(0)).invokevirtual(FLOATS, "compare", COMPARE);
    code.invokevirtual(FLOATS, "blend", BLEND).aload(u).invokevirtual(FLOATS, "div", BINARY);
    code.astore(t).aload(t).aload(t).invokevirtual(FLOATS, "fma", FMA);
  }

  /** The power of two in two halves, and what lies beyond the largest and smallest numbers. */
  private void inHalves() {
    fma(k, 0.5f, ROUNDER).invokevirtual(FLOATS, "reinterpretAsInts", MethodTypeDesc.of(INTS)).astore(h);
    code.aload(p).aload(h);
    power().invokevirtual(FLOATS, "mul", BINARY);
    bits(z);
    code.aload(h).invokevirtual(INTS, "sub", INT_BINARY);
    power().invokevirtual(FLOATS, "mul", BINARY);
    blend(Float.POSITIVE_INFINITY, "GT", 89);
    blend(0, "LT", -104);
  }

  private void bits(int vector) {
    code.aload(vector).invokevirtual(FLOATS, "reinterpretAsInts", MethodTypeDesc.of(INTS));
  }

  private int slot(float constant) {
    return constants.get(constant);
  }

  /** x y + c for a vector and two constants. */
  private CodeBuilder fma(int x, float y, float c) {
    return code.aload(x).aload(slot(y)).aload(slot(c)).invokevirtual(FLOATS, "fma", FMA);
  }

  /** The power of two that has the integers on the stack as exponents. */
  private CodeBuilder power() {
    return shift().loadConstant(ONE_BITS).invokevirtual(INTS, "add", INT_ADD)
        .invokevirtual(INTS, "reinterpretAsFloats", MethodTypeDesc.of(FLOATS));
  }

  /** The integers on the stack, moved to where exponents are. */
  private CodeBuilder shift() {
    return code.getstatic(OPERATORS, "LSHL", BINARY_OPERATOR).loadConstant(23).invokevirtual(INTS, "lanewise", SHIFT);
  }

  /** The vector on the stack, with a number where the argument compares with a limit. */
  private void blend(float number, String comparison, float limit) {
    code.aload(slot(number));
    code.aload(v).getstatic(OPERATORS, comparison, COMPARISON).aload(slot(limit)).invokevirtual(FLOATS, "compare", COMPARE);
    code.invokevirtual(FLOATS, "blend", BLEND);
  }
}
