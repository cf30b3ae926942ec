package org.cotangent.cpu.vector;

import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_PUBLIC;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import jdk.incubator.vector.FloatVector;
import org.cotangent.cpu.vector.LoopBody.Kind;
import org.cotangent.cpu.vector.LoopBody.Operation;

/**
 * Turns loop bodies into classes: one loop by vectors, then one by elements for what is left. Everything is written into the one method, since
 * a call that the compiler does not inline boxes every vector.
 */
public final class LoopCompiler {
  private static final int LANES = FloatVector.SPECIES_PREFERRED.length();

  private static final ClassDesc VECTOR = ClassDesc.of("jdk.incubator.vector.Vector");
  private static final ClassDesc FLOATS = ClassDesc.of("jdk.incubator.vector.FloatVector");
  private static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector.VectorSpecies");
  private static final ClassDesc MASK = ClassDesc.of("jdk.incubator.vector.VectorMask");
  private static final ClassDesc OPERATORS = ClassDesc.of("jdk.incubator.vector.VectorOperators");
  private static final ClassDesc COMPARISON = ClassDesc.of("jdk.incubator.vector.VectorOperators$Comparison");
  private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
  private static final ClassDesc LANE = ClassDesc.of("org.cotangent.cpu.vector.FloatLane");
  private static final ClassDesc ARRAY = ConstantDescs.CD_float.arrayType();
  private static final ClassDesc LOOP = ClassDesc.of("org.cotangent.cpu.vector.RowLoop");
  private static final ClassDesc SELF = ClassDesc.of("org.cotangent.cpu.vector.GeneratedLoop");

  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(ConstantDescs.CD_void, ARRAY.arrayType(), ConstantDescs.CD_int.arrayType(), ARRAY, ARRAY, ConstantDescs.CD_int);
  private static final MethodTypeDesc LOAD = MethodTypeDesc.of(FLOATS, SPECIES, ARRAY, ConstantDescs.CD_int);
  private static final MethodTypeDesc STORE = MethodTypeDesc.of(ConstantDescs.CD_void, ARRAY, ConstantDescs.CD_int);
  private static final MethodTypeDesc BROADCAST = MethodTypeDesc.of(FLOATS, SPECIES, ConstantDescs.CD_float);
  private static final MethodTypeDesc UNARY = MethodTypeDesc.of(FLOATS);
  private static final MethodTypeDesc BINARY = MethodTypeDesc.of(FLOATS, VECTOR);
  private static final MethodTypeDesc COMPARE = MethodTypeDesc.of(MASK, COMPARISON, VECTOR);
  private static final MethodTypeDesc COMPARE_NUMBER = MethodTypeDesc.of(MASK, COMPARISON, ConstantDescs.CD_float);
  private static final MethodTypeDesc BLEND = MethodTypeDesc.of(FLOATS, VECTOR, MASK);
  private static final MethodTypeDesc BLEND_NUMBER = MethodTypeDesc.of(FLOATS, ConstantDescs.CD_float, MASK);
  private static final MethodTypeDesc FLOAT_UNARY = MethodTypeDesc.of(ConstantDescs.CD_float, ConstantDescs.CD_float);
  private static final MethodTypeDesc FLOAT_BINARY = MethodTypeDesc.of(ConstantDescs.CD_float, ConstantDescs.CD_float, ConstantDescs.CD_float);
  private static final MethodTypeDesc DOUBLE_UNARY = MethodTypeDesc.of(ConstantDescs.CD_double, ConstantDescs.CD_double);

  /** Slots of the arguments of {@link RowLoop#run}. */
  private static final int F = 1;
  private static final int AT = 2;
  private static final int TOTALS = 3;
  private static final int REST = 4;
  private static final int N = 5;

  private final LoopBody body;
  private final CodeBuilder code;
  /** By step: the slots of its array and of where it begins there. */
  private final Map<Integer, Integer> arrays = new HashMap<>();
  private final Map<Integer, Integer> offsets = new HashMap<>();
  /** By step: the slots of its vector and of its number. */
  private final Map<Integer, Integer> vectors = new HashMap<>();
  private final Map<Integer, Integer> floats = new HashMap<>();
  private final List<FoldWriter> folds;
  private final int whole;
  private final int i;
  /** A vector that is needed once more. */
  private final int kept;
  /** Writes exponentials, where there are. */
  private final Optional<ExpWriter> exp;

  private LoopCompiler(LoopBody body, CodeBuilder code) {
    this.body = body;
    this.code = code;
    whole = code.allocateLocal(TypeKind.INT);
    i = code.allocateLocal(TypeKind.INT);
    folds = body.folds().stream().map(f -> new FoldWriter(code, f.kind())).toList();
    kept = code.allocateLocal(TypeKind.REFERENCE);
    exp = body.operations().stream().anyMatch(o -> o.kind() == Kind.EXP) ? Optional.of(new ExpWriter(code)) : Optional.empty();
  }

  /** The loop with this body. */
  public static RowLoop compile(LoopBody body) {
    return define(code -> new LoopCompiler(body, code).write(), body.toString());
  }

  /** A class whose method has this code; {@code what} it is, for messages. */
  static RowLoop define(Consumer<CodeBuilder> run, String what) {
    byte[] bytes = ClassFile.of().build(SELF, c -> c
        .withFlags(ACC_FINAL)
        .withInterfaceSymbols(LOOP)
        .withMethodBody(ConstantDescs.INIT_NAME, ConstantDescs.MTD_void, 0,
            m -> m.aload(0).invokespecial(ConstantDescs.CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void).return_())
        .withMethodBody("run", RUN, ACC_PUBLIC, run));
    try {
      return (RowLoop) MethodHandles.lookup().defineHiddenClass(bytes, true).lookupClass().getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("generated loop: " + what, e);
    }
  }

  private void write() {
    before();
    code.loadConstant(0).istore(i);
    repeat(whole, LANES, this::vectorStep);
    repeat(N, 1, this::elementStep);
    after();
    code.return_();
  }

  /** {@code step} for i from where it is up to the number in slot {@code end}. */
  private void repeat(int end, int by, Runnable step) {
    Label head = code.newLabel();
    Label out = code.newLabel();
    code.labelBinding(head).iload(i).iload(end).if_icmpge(out);
    step.run();
    code.iinc(i, by).goto_(head).labelBinding(out);
  }

  /** What does not change from element to element. */
  private void before() {
    code.iload(N).iload(N).loadConstant(body.folds().isEmpty() ? LANES : 4 * LANES).irem().isub().istore(whole);
    body.blocks().forEach(this::bind);
    body.stores().forEach(this::bind);
    for (int step : body.numbers()) {
      number(step, () -> code.aload(F).loadConstant(step).aaload().aload(AT).loadConstant(step).iaload().faload());
    }
    exp.ifPresent(ExpWriter::constants);
    body.constants().forEach((step, value) -> number(step, () -> code.loadConstant(value)));
    folds.forEach(FoldWriter::before);
  }

  private void bind(int step) {
    if (arrays.containsKey(step)) return;
    int array = code.allocateLocal(TypeKind.REFERENCE);
    int offset = code.allocateLocal(TypeKind.INT);
    code.aload(F).loadConstant(step).aaload().astore(array).aload(AT).loadConstant(step).iaload().istore(offset);
    arrays.put(step, array);
    offsets.put(step, offset);
  }

  /** A number and a vector of it. */
  private void number(int step, Runnable load) {
    int slot = code.allocateLocal(TypeKind.FLOAT);
    load.run();
    code.fstore(slot);
    floats.put(step, slot);
    species();
    code.fload(slot).invokestatic(FLOATS, "broadcast", BROADCAST).astore(slot(vectors, step, TypeKind.REFERENCE));
  }

  private int slot(Map<Integer, Integer> slots, int step, TypeKind kind) {
    return slots.computeIfAbsent(step, s -> code.allocateLocal(kind));
  }

  private void species() {
    code.getstatic(FLOATS, "SPECIES_PREFERRED", SPECIES);
  }

  /** The array of a step and the position of element i. */
  private void element(int step) {
    code.aload(arrays.get(step)).iload(offsets.get(step)).iload(i).iadd();
  }

  private void vectorStep() {
    for (int step : body.blocks()) {
      species();
      element(step);
      code.invokestatic(FLOATS, "fromArray", LOAD).astore(slot(vectors, step, TypeKind.REFERENCE));
    }
    for (Operation o : body.operations()) {
      if (o.kind().choice()) {
        choice(o);
      } else {
        code.aload(vectors.get(o.a()));
        vector(o.kind(), o.b());
      }
      code.astore(slot(vectors, o.z(), TypeKind.REFERENCE));
    }
    for (int step : body.stores()) {
      code.aload(vectors.get(step));
      element(step);
      code.invokevirtual(FLOATS, "intoArray", STORE);
    }
    for (int j = 0; j < folds.size(); j++) {
      folds.get(j).step(vectors.get(body.folds().get(j).a()));
    }
  }

  private void choice(Operation o) {
    code.aload(vectors.get(o.b())).aload(vectors.get(o.a())).aload(vectors.get(o.c()));
    code.getstatic(OPERATORS, o.kind().name().substring("CHOICE_".length()), COMPARISON).aload(vectors.get(o.d()));
    code.invokevirtual(FLOATS, "compare", COMPARE).invokevirtual(FLOATS, "blend", BLEND);
  }

  /** The operation on the vector that is on the stack and that of step b. */
  private void vector(Kind kind, int b) {
    String name = kind.name().toLowerCase(java.util.Locale.ROOT);
    if (kind == Kind.EXP) {
      exp.orElseThrow().vector();
    } else if (kind == Kind.RELU) {
      code.dup().astore(kept).fconst_0().aload(kept).getstatic(OPERATORS, "LT", COMPARISON).fconst_0();
      code.invokevirtual(FLOATS, "compare", COMPARE_NUMBER).invokevirtual(FLOATS, "blend", BLEND_NUMBER);
    } else if (kind.binary()) {
      code.aload(vectors.get(b)).invokevirtual(FLOATS, name, BINARY);
    } else {
      code.invokevirtual(FLOATS, name, UNARY);
    }
  }

  private void elementStep() {
    for (int step : body.blocks()) {
      element(step);
      code.faload().fstore(slot(floats, step, TypeKind.FLOAT));
    }
    for (Operation o : body.operations()) {
      if (o.kind().choice()) {
        scalarChoice(o);
      } else {
        code.fload(floats.get(o.a()));
        if (o.kind().binary()) code.fload(floats.get(o.b()));
        scalar(code, o.kind());
      }
      code.fstore(slot(floats, o.z(), TypeKind.FLOAT));
    }
    for (int step : body.stores()) {
      element(step);
      code.fload(floats.get(step)).fastore();
    }
    for (int j = 0; j < folds.size(); j++) {
      code.aload(REST).iload(i).iload(whole).isub().loadConstant(4 * j * LANES).iadd();
      code.fload(floats.get(body.folds().get(j).a())).fastore();
    }
  }

  /** The comparisons of bytecode give -1 or 1 for NaN, as the instruction says. */
  private void scalarChoice(Operation o) {
    Label other = code.newLabel();
    Label end = code.newLabel();
    code.fload(floats.get(o.c())).fload(floats.get(o.d())).fcmpl();
    switch (o.kind()) {
      case CHOICE_GT -> code.ifle(other);
      case CHOICE_GE -> code.iflt(other);
      case CHOICE_EQ -> code.ifne(other);
      default -> code.ifeq(other);
    }
    code.fload(floats.get(o.a())).goto_(end).labelBinding(other).fload(floats.get(o.b())).labelBinding(end);
  }

  private static void scalarRelu(CodeBuilder code) {
    Label end = code.newLabel();
    code.dup().fconst_0().fcmpg().ifge(end).pop().fconst_0().labelBinding(end);
  }

  /** The operation on the numbers that are on the stack. */
  static void scalar(CodeBuilder code, Kind kind) {
    switch (kind) {
      case ADD -> code.fadd();
      case SUB -> code.fsub();
      case MUL -> code.fmul();
      case DIV -> code.fdiv();
      case MAX -> code.invokestatic(MATH, "max", FLOAT_BINARY);
      case MIN -> code.invokestatic(MATH, "min", FLOAT_BINARY);
      case NEG -> code.fneg();
      case ABS -> code.invokestatic(MATH, "abs", FLOAT_UNARY);
      case EXP, LOG, RSQRT -> code.invokestatic(LANE, kind.name().toLowerCase(java.util.Locale.ROOT), FLOAT_UNARY);
      case RELU -> scalarRelu(code);
      case SQRT -> code.f2d().invokestatic(MATH, "sqrt", DOUBLE_UNARY).d2f();
      default -> throw new IllegalStateException("generated loop: " + kind);
    }
  }

  private void after() {
    for (int j = 0; j < folds.size(); j++) {
      folds.get(j).after(TOTALS, j * LANES);
    }
  }
}
