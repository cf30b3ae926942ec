package org.cotangent.cpu.vector;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cotangent.cpu.vector.LoopBody.Operation;

/** Turns operations on the numbers of a row into a class of straight code: each by a call of its own takes longer than the operation. */
public final class NumberCompiler {
  private static final int F = 1;
  private static final int AT = 2;

  private final CodeBuilder code;
  private final Map<Integer, Float> constants;
  /** By step: the slot that its number is in. */
  private final Map<Integer, Integer> slots = new HashMap<>();

  private NumberCompiler(CodeBuilder code, Map<Integer, Float> constants) {
    this.code = code;
    this.constants = constants;
  }

  /** The operations, in an order in which operands precede their users; each result is stored in its block. */
  public static RowLoop compile(List<Operation> operations, Map<Integer, Float> constants) {
    return LoopCompiler.define(code -> new NumberCompiler(code, constants).write(operations), "numbers " + operations);
  }

  private void write(List<Operation> operations) {
    for (Operation o : operations) {
      load(o.a());
      if (o.kind().binary()) load(o.b());
      LoopCompiler.scalar(code, o.kind());
      int slot = code.allocateLocal(TypeKind.FLOAT);
      code.fstore(slot);
      slots.put(o.z(), slot);
      place(o.z());
      code.fload(slot).fastore();
    }
    code.return_();
  }

  private void load(int step) {
    if (constants.containsKey(step)) {
      code.loadConstant(constants.get(step));
    } else if (slots.containsKey(step)) {
      code.fload(slots.get(step));
    } else {
      place(step);
      code.faload();
    }
  }

  /** The array of a step and the position of its number. */
  private void place(int step) {
    code.aload(F).loadConstant(step).aaload().aload(AT).loadConstant(step).iaload();
  }
}
