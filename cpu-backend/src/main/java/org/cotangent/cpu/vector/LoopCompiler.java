package org.cotangent.cpu.vector;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import jdk.incubator.vector.FloatVector;
import org.cotangent.cpu.vector.LoopBody.Kind;
import org.cotangent.cpu.vector.LoopBody.Operation;

/**
 * Turns loop bodies into static methods: one loop by vectors, then one by elements for what is left. Everything is written into the one method,
 * since a call that the compiler does not inline boxes every vector.
 *
 * <p>The arguments are, for each step that is read from or stored in its block, the array and where the block begins in it; then the numbers of the
 * row, room for {@code totals} and {@code rest}, and the number of elements.
 *
 * <p>A fold is left unfinished: totals[j l] becomes fold j of the first m elements, a multiple of four vectors of l lanes, as {@link LineFolds} has it,
 * or for a sum the lanes from there on that are still to be added, in halves. The elements after those are put into rest[4 j l] and the following.
 */
final class LoopCompiler {
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

  /** Bytes of bytecode above which the compiler leaves a method one of its own: several loops in one method are beyond what it keeps in registers. */
  private static final int LONG = 325;

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

  private final int totals;
  private final int rest;
  private final int n;

  private LoopCompiler(LoopBody body, CodeBuilder code) {
    this.body = body;
    this.code = code;
    int slot = 0;
    for (int step : blocks(body)) {
      arrays.put(step, slot++);
      offsets.put(step, slot++);
    }
    for (int step : body.numbers()) {
      floats.put(step, slot++);
    }
    totals = slot++;
    rest = slot++;
    n = slot;
    whole = code.allocateLocal(TypeKind.INT);
    i = code.allocateLocal(TypeKind.INT);
    folds = body.folds().stream().map(f -> new FoldWriter(code, f.kind())).toList();
    kept = code.allocateLocal(TypeKind.REFERENCE);
    exp = body.operations().stream().anyMatch(o -> o.kind().exponential()) ? Optional.of(new ExpWriter(code)) : Optional.empty();
  }

  /** The steps whose blocks a loop reads or stores, in the order of the arguments. */
  static List<Integer> blocks(LoopBody body) {
    var all = new LinkedHashSet<>(body.blocks());
    all.addAll(body.stores());
    return List.copyOf(all);
  }

  /** The type of the method of a loop. */
  static MethodTypeDesc type(LoopBody body) {
    var types = new ArrayList<ClassDesc>();
    for (int _ : blocks(body)) {
      types.add(ARRAY);
      types.add(ConstantDescs.CD_int);
    }
    for (int _ : body.numbers()) {
      types.add(ConstantDescs.CD_float);
    }
    types.addAll(List.of(ARRAY, ARRAY, ConstantDescs.CD_int));
    return MethodTypeDesc.of(ConstantDescs.CD_void, types);
  }

  /** Writes the method of a loop. */
  static void write(LoopBody body, CodeBuilder code) {
    new LoopCompiler(body, code).write();
  }

  private void write() {
    for (int k = 0; k < LONG; k++) {
      code.nop();
    }
    before();
    code.loadConstant(0).istore(i);
    repeat(whole, LANES, this::vectorStep);
    repeat(n, 1, this::elementStep);
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
    code.iload(n).iload(n).loadConstant(body.folds().isEmpty() ? LANES : 4 * LANES).irem().isub().istore(whole);
    body.numbers().forEach(this::spread);
    exp.ifPresent(ExpWriter::constants);
    body.constants().forEach((step, value) -> {
      code.loadConstant(value).fstore(slot(floats, step, TypeKind.FLOAT));
      spread(step);
    });
    folds.forEach(FoldWriter::before);
  }

  /** A vector of the number of a step. */
  private void spread(int step) {
    species();
    code.fload(floats.get(step)).invokestatic(FLOATS, "broadcast", BROADCAST).astore(slot(vectors, step, TypeKind.REFERENCE));
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
    } else if (kind == Kind.SIGMOID) {
      exp.orElseThrow().sigmoid();
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
      code.aload(rest).iload(i).iload(whole).isub().loadConstant(4 * j * LANES).iadd();
      code.fload(floats.get(body.folds().get(j).a())).fastore();
    }
  }

  private void scalarChoice(Operation o) {
    choice(code, o, step -> code.fload(floats.get(step)));
  }

  /**
   * Writes a choice between numbers that {@code load} puts on the stack. The comparisons of bytecode give -1 or 1 for NaN, as the instruction says.
   */
  static void choice(CodeBuilder code, Operation o, IntConsumer load) {
    Label other = code.newLabel();
    Label end = code.newLabel();
    load.accept(o.c());
    load.accept(o.d());
    code.fcmpl();
    switch (o.kind()) {
      case CHOICE_GT -> code.ifle(other);
      case CHOICE_GE -> code.iflt(other);
      case CHOICE_EQ -> code.ifne(other);
      default -> code.ifeq(other);
    }
    load.accept(o.a());
    code.goto_(end).labelBinding(other);
    load.accept(o.b());
    code.labelBinding(end);
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
      case EXP, SIGMOID, LOG, RSQRT -> code.invokestatic(LANE, kind.name().toLowerCase(java.util.Locale.ROOT), FLOAT_UNARY);
      case RELU -> scalarRelu(code);
      case SQRT -> code.f2d().invokestatic(MATH, "sqrt", DOUBLE_UNARY).d2f();
      default -> throw new IllegalStateException("generated loop: " + kind);
    }
  }

  private void after() {
    for (int j = 0; j < folds.size(); j++) {
      folds.get(j).after(totals, j * LANES);
    }
  }
}
