package org.cotangent.cpu.kernel;

import java.util.List;
import org.cotangent.DType;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program.Step;

/**
 * Which steps of a program that folds rows are computed once a row: folds, inputs that are one number a row, and what is made of these and
 * constants alone. Their blocks hold one number a row, and full steps take such an operand as a number, which for layer norm saves half of all
 * passes over a row.
 */
final class RowValues {
  private RowValues() {}

  /** By step; {@code given} has a bit for each input that is one number a row, {@code stored} for each output that is stored once a row. */
  static boolean[] of(List<Step> list, int[] outputs, long given, long stored) {
    boolean[] once = new boolean[list.size()];
    boolean[] banned = new boolean[list.size()];
    for (int j = 0; j < outputs.length; j++) {
      banned[outputs[j]] |= !bit(stored, j);
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = 0; i < once.length; i++) {
        once[i] = !banned[i] && once(list, i, given, once);
      }
      for (int i = 0; i < once.length; i++) {
        Step s = list.get(i);
        boolean numbers = once[i] && !s.fn().row() || number(list, s, once) >= 0;
        for (int x : new int[] {s.a(), s.b(), s.c()}) {
          if (x >= 0 && once[x] && !numbers && !spreads(s, x)) {
            banned[x] = true; // some step needs its number for every element
            changed = true;
          }
        }
      }
    }
    return once;
  }

  private static boolean bit(long bits, int i) {
    return i < Long.SIZE && (bits >> i & 1) != 0;
  }

  private static boolean once(List<Step> list, int i, long given, boolean[] once) {
    Step s = list.get(i);
    if (s.fn() == Fn.ARG) {
      return bit(given, s.index());
    }
    if (s.fn().row()) {
      return true;
    }
    boolean any = false;
    for (int x : new int[] {s.a(), s.b(), s.c()}) {
      if (x >= 0 && !once[x] && list.get(x).fn() != Fn.CONST) {
        return false;
      }
      any |= x >= 0 && once[x];
    }
    return any;
  }

  /** Whether a full step takes its operand x as a number: a choice, whose condition is none, and a comparison. Their stages spread it over the row. */
  static boolean spreads(Step s, int x) {
    return s.fn() == Fn.WHERE ? s.type() == DType.FLOAT32 && x != s.a() : s.fn().comparison() && s.from() == DType.FLOAT32;
  }

  /** The operand (0 or 1) of a full step that is one number a row, if its loop can take it as a number; else -1. */
  static int number(List<Step> list, Step s, boolean[] once) {
    if (s.fn().arity() != 2 || !s.type().floating() || s.fn().comparison() || once[s.a()] == once[s.b()]) {
      return -1;
    }
    boolean swapped = once[s.a()];
    if (list.get(swapped ? s.b() : s.a()).fn() == Fn.CONST) {
      return -1; // its block is not filled
    }
    return Functions.floatConstant(s.fn(), swapped) == null ? -1 : swapped ? 0 : 1;
  }
}
