package org.cotangent.cuda.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program;
import org.cotangent.expr.Program.Step;
import org.cotangent.spi.Operand;

/**
 * A program with its steps and inputs in the order in which its outputs meet them, without those that none needs: programs that differ in
 * order alone become one kernel.
 *
 * @param inputs the numbers, in the program that was given, of this one's inputs
 */
record Canonical(Program program, int[] inputs) {
  static Canonical of(Program p) {
    var walk = new Walk(p);
    int[] outputs = Arrays.stream(p.outputs()).map(walk::step).toArray();
    int[] inputs = walk.inputs.stream().mapToInt(i -> i).toArray();
    return new Canonical(new Program(List.copyOf(walk.steps), outputs, walk.inputs.stream().map(p.args()::get).toList(), p.types()), inputs);
  }

  /** Of the operands of the program that was given, those of this one. */
  Operand[] operands(Operand[] in) {
    return Arrays.stream(inputs).mapToObj(i -> in[i]).toArray(Operand[]::new);
  }

  private static final class Walk {
    private final Program program;
    private final int[] at;
    private final List<Step> steps = new ArrayList<>();
    private final List<Integer> inputs = new ArrayList<>();

    Walk(Program p) {
      program = p;
      at = IntStream.range(0, p.steps().size()).map(_ -> -1).toArray();
    }

    /** The new number of a step, after those that it reads. */
    int step(int i) {
      if (i < 0 || at[i] >= 0) {
        return i < 0 ? i : at[i];
      }
      Step s = program.steps().get(i);
      Step moved = new Step(s.fn(), s.type(), s.from(), step(s.a()), step(s.b()), step(s.c()), s.fn() == Fn.ARG ? input(s.index()) : s.value());
      at[i] = steps.size();
      steps.add(moved);
      return at[i];
    }

    private int input(int i) {
      if (!inputs.contains(i)) {
        inputs.add(i);
      }
      return inputs.indexOf(i);
    }
  }
}
