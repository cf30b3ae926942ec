package org.cotangent.cpu.vector;

import java.util.List;
import java.util.Map;

/**
 * What one generated loop computes for each element of a row of float32. Values are known by the number of the step of a program that they are.
 *
 * @param blocks steps that are read from their blocks
 * @param numbers steps that are one number for the row
 * @param constants numbers that are known beforehand
 * @param operations in an order in which operands precede their users
 * @param stores steps whose elements are stored in their blocks
 * @param folds the steps that are folded along the row
 */
public record LoopBody(
    List<Integer> blocks, List<Integer> numbers, Map<Integer, Float> constants, List<Operation> operations, List<Integer> stores, List<Fold> folds) {
  /** What is computed of one, two or four operands, with the same bits as the blocks' loops. */
  public enum Kind {
    ADD,
    SUB,
    MUL,
    DIV,
    MAX,
    MIN,
    NEG,
    ABS,
    SQRT,
    EXP,
    SIGMOID,
    RELU,
    /** Of numbers alone, as the next two. */
    RSQRT,
    LOG,
    /** Of an int64. */
    FROM_LONG,
    CHOICE_GT,
    CHOICE_GE,
    CHOICE_EQ,
    CHOICE_NE;

    /** Whether the operation is one of two operands by how two others compare. */
    public boolean choice() {
      return ordinal() >= CHOICE_GT.ordinal();
    }

    /** Whether an exponential is computed. */
    public boolean exponential() {
      return this == EXP || this == SIGMOID;
    }

    /** Whether there are two operands. */
    public boolean binary() {
      return ordinal() < NEG.ordinal();
    }
  }

  /** Step {@code z} from steps {@code a} and {@code b}; b is -1 where there is none. A choice is a where c compares to d, else b. */
  public record Operation(Kind kind, int a, int b, int c, int d, int z) {}

  /** The sum (ADD), maximum or minimum of step {@code a}, which is step {@code z}. */
  public record Fold(Kind kind, int a, int z) {}
}
