package org.cotangent.cpu.vector;

import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.classfile.ClassFile.ACC_PUBLIC;
import static java.lang.classfile.ClassFile.ACC_STATIC;

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
import java.util.Set;
import java.util.TreeSet;
import jdk.incubator.vector.FloatVector;
import org.cotangent.cpu.vector.LoopBody.Kind;
import org.cotangent.cpu.vector.LoopBody.Operation;

/**
 * Turns loops over a row, and what is computed once a row, into a class that walks rows. The loops are static methods, the numbers of a row straight
 * code between the calls, in local variables.
 *
 * <p>Little lies between two loops for more than its own time: while one waits for memory, the processor goes ahead into the next as far as it has
 * room for instructions and for what is still to be written. With a call and some stores to memory for each loop and each few numbers, rows from
 * beyond the caches took more than twice as long.
 */
public final class RowCompiler {
  private static final int LANES = FloatVector.SPECIES_PREFERRED.length();

  private static final ClassDesc FLOATS = ConstantDescs.CD_float.arrayType();
  private static final ClassDesc LONGS = ConstantDescs.CD_long.arrayType();
  private static final ClassDesc INTS = ConstantDescs.CD_int.arrayType();
  private static final ClassDesc LOOP = ClassDesc.of("org.cotangent.cpu.vector.RowLoop");
  private static final ClassDesc SELF = ClassDesc.of("org.cotangent.cpu.vector.GeneratedRows");
  private static final ClassDesc FOLDS = ClassDesc.of("org.cotangent.cpu.vector.LineFolds");
  private static final ClassDesc FEW = ClassDesc.of("org.cotangent.cpu.vector.Few");
  private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");

  private static final MethodTypeDesc RUN = MethodTypeDesc.of(
      ConstantDescs.CD_void, FLOATS.arrayType(), LONGS.arrayType(), INTS, INTS, FLOATS, FLOATS, ConstantDescs.CD_int, ConstantDescs.CD_int);
  private static final MethodTypeDesc HALVES = MethodTypeDesc.of(ConstantDescs.CD_float, FLOATS, ConstantDescs.CD_int);
  private static final MethodTypeDesc FOLD = MethodTypeDesc.of(ConstantDescs.CD_float, FLOATS, ConstantDescs.CD_int, ConstantDescs.CD_int);
  private static final MethodTypeDesc BINARY = MethodTypeDesc.of(ConstantDescs.CD_float, ConstantDescs.CD_float, ConstantDescs.CD_float);

  /** Slots of the arguments of {@link RowLoop#run}. */
  private static final int F = 1;
  private static final int L = 2;
  private static final int AT = 3;
  private static final int DOWN = 4;
  private static final int TOTALS = 5;
  private static final int REST = 6;
  private static final int N = 7;
  private static final int ROWS = 8;

  /** A loop, if there is one, and the numbers of the row that are computed after it, in an order in which operands precede their users. */
  public record Part(Optional<LoopBody> loop, List<Operation> numbers) {}

  private final List<Part> parts;
  private final Map<Integer, Float> constants;
  private final Set<Integer> kept;
  private final CodeBuilder code;
  /** By step: the slots of its array and of where its row begins there. */
  private final Map<Integer, Integer> arrays = new HashMap<>();
  private final Map<Integer, Integer> offsets = new HashMap<>();
  /** By step: the slot of its number. */
  private final Map<Integer, Integer> numbers = new HashMap<>();

  private RowCompiler(List<Part> parts, Map<Integer, Float> constants, Set<Integer> kept, CodeBuilder code) {
    this.parts = parts;
    this.constants = constants;
    this.kept = kept;
    this.code = code;
  }

  /** The code of these parts; the numbers of the row that are {@code kept} are stored in their blocks. */
  public static RowLoop compile(List<Part> parts, Map<Integer, Float> constants, Set<Integer> kept) {
    byte[] bytes = ClassFile.of().build(SELF, c -> {
      c.withFlags(ACC_FINAL).withInterfaceSymbols(LOOP);
      c.withMethodBody(ConstantDescs.INIT_NAME, ConstantDescs.MTD_void, 0,
          m -> m.aload(0).invokespecial(ConstantDescs.CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void).return_());
      c.withMethodBody("run", RUN, ACC_PUBLIC, m -> new RowCompiler(parts, constants, kept, m).write());
      for (int p = 0; p < parts.size(); p++) {
        String name = "loop" + p;
        parts.get(p).loop().ifPresent(b -> c.withMethodBody(name, LoopCompiler.type(b), ACC_STATIC, m -> LoopCompiler.write(b, m)));
      }
    });
    try {
      return (RowLoop) MethodHandles.lookup().defineHiddenClass(bytes, true).lookupClass().getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("generated loops: " + parts, e);
    }
  }

  private void write() {
    bind();
    int r = code.allocateLocal(TypeKind.INT);
    Label head = code.newLabel();
    Label out = code.newLabel();
    code.iconst_0().istore(r).labelBinding(head).iload(r).iload(ROWS).if_icmpge(out);
    for (int p = 0; p < parts.size(); p++) {
      int index = p;
      parts.get(p).loop().ifPresent(b -> loop(index, b));
      parts.get(p).numbers().forEach(this::number);
    }
    offsets.forEach((step, slot) -> code.iload(slot).aload(DOWN).loadConstant(step).iaload().iadd().istore(slot));
    code.iinc(r, 1).goto_(head).labelBinding(out).return_();
  }

  /** Finds the arrays that are read or written, and where the first row begins in them. */
  private void bind() {
    var floats = new TreeSet<>(kept);
    var longs = new TreeSet<Integer>();
    var made = new TreeSet<Integer>();
    for (Part part : parts) {
      part.loop().ifPresent(b -> {
        floats.addAll(LoopCompiler.blocks(b));
        b.numbers().stream().filter(x -> !made.contains(x)).forEach(floats::add);
        b.folds().forEach(f -> made.add(f.z()));
      });
      for (Operation o : part.numbers()) {
        for (int x : new int[] {o.a(), o.b(), o.c(), o.d()}) {
          if (x >= 0 && !made.contains(x) && !constants.containsKey(x)) {
            (o.kind() == Kind.FROM_LONG ? longs : floats).add(x);
          }
        }
        made.add(o.z());
      }
    }
    floats.removeIf(x -> !kept.contains(x) && made.contains(x) && !stored(x));
    floats.forEach(step -> bind(step, F));
    longs.forEach(step -> bind(step, L));
  }

  private boolean stored(int step) {
    return parts.stream().anyMatch(p -> p.loop().isPresent() && LoopCompiler.blocks(p.loop().get()).contains(step));
  }

  private void bind(int step, int of) {
    int array = code.allocateLocal(TypeKind.REFERENCE);
    int offset = code.allocateLocal(TypeKind.INT);
    code.aload(of).loadConstant(step).aaload().astore(array).aload(AT).loadConstant(step).iaload().istore(offset);
    arrays.put(step, array);
    offsets.put(step, offset);
  }

  private CodeBuilder place(int step) {
    return code.aload(arrays.get(step)).iload(offsets.get(step));
  }

  private void loop(int p, LoopBody body) {
    LoopCompiler.blocks(body).forEach(this::place);
    body.numbers().forEach(this::load);
    code.aload(TOTALS).aload(REST).iload(N).invokestatic(SELF, "loop" + p, LoopCompiler.type(body));
    for (int j = 0; j < body.folds().size(); j++) {
      finish(body.folds().get(j), j);
    }
  }

  /** Takes the elements that a loop left into a fold, and a sum's lanes together. */
  private void finish(LoopBody.Fold f, int j) {
    boolean sum = f.kind() == Kind.ADD;
    code.aload(TOTALS).loadConstant(j * LANES);
    if (sum) {
      code.invokestatic(FOLDS, "halves", HALVES);
    } else {
      code.faload();
    }
    String name = sum ? "sum" : f.kind() == Kind.MAX ? "max" : "min";
    code.aload(REST).loadConstant(4 * j * LANES).iload(N).loadConstant(4 * LANES).irem().invokestatic(FEW, name, FOLD);
    if (sum) {
      code.fadd();
    } else {
      code.invokestatic(MATH, name, BINARY);
    }
    define(f.z());
  }

  private void number(Operation o) {
    if (o.kind().choice()) {
      LoopCompiler.choice(code, o, this::load);
    } else if (o.kind() == Kind.FROM_LONG) {
      place(o.a()).laload().l2f();
    } else {
      load(o.a());
      if (o.kind().binary()) load(o.b());
      LoopCompiler.scalar(code, o.kind());
    }
    define(o.z());
  }

  /** Makes the number on the stack that of a step. */
  private void define(int step) {
    int slot = numbers.computeIfAbsent(step, s -> code.allocateLocal(TypeKind.FLOAT));
    code.fstore(slot);
    if (kept.contains(step)) {
      place(step).fload(slot).fastore();
    }
  }

  private void load(int step) {
    if (constants.containsKey(step)) {
      code.loadConstant(constants.get(step));
    } else if (numbers.containsKey(step)) {
      code.fload(numbers.get(step));
    } else {
      place(step).faload();
    }
  }
}
