package org.cotangent.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cotangent.DType;
import org.cotangent.cpu.math.MathProvider;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program;
import org.cotangent.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Generated loops compute the same bits as the stages of a program, for random programs. */
@EnabledIf("vectorsArePresent")
class GeneratedTest {
  private static final int ARGS = 3;
  private static final float[] ODD = {0f, -0f, 1, -1, Float.NaN, Float.POSITIVE_INFINITY};
  /** The last of the functions of one operand. */
  private static final int ROW_FUNCTIONS = 3;
  private static final List<Fn> UNARY = List.of(Fn.NEG, Fn.ABS, Fn.SQRT, Fn.EXP, Fn.SIGMOID, Fn.TANH, Fn.RELU, Fn.ROW_SUM, Fn.ROW_MAX, Fn.ROW_MIN);
  private static final List<Fn> BINARY = List.of(Fn.ADD, Fn.SUB, Fn.MUL, Fn.DIV, Fn.MAX, Fn.MIN);

  private static final List<Fn> COMPARISONS = List.of(Fn.GT, Fn.GE, Fn.EQ, Fn.NE);

  static boolean vectorsArePresent() {
    return MathProvider.vectorModulePresent();
  }

  @Test
  void theSameBitsAsStages() {
    long seed = Seeds.of("GeneratedTest");
    SplittableRandom random = new SplittableRandom(seed);
    int generated = 0;
    int together = 0;
    for (int k = 0; k < 300; k++) {
      boolean rows = k % 2 == 0;
      Program program = program(random, rows);
      Recipe recipe = rows ? Recipe.of(program, random.nextInt(1 << ARGS), random.nextInt(2)) : Recipe.of(program);
      Generated loops = new Generated(program.steps(), recipe);
      if (!loops.worthwhile()) {
        continue;
      }
      generated++;
      Plan plan = loops.generate();
      int n = random.nextInt(rows ? 256 : 1, 1200);
      float[][] in = data(random, n);
      assertThat(run(recipe, plan, in, n)).as("seed %d, program %d of %d elements: %s", seed, k, n, program).isEqualTo(run(recipe, recipe.plan, in, n));
      if (plan.rows().isPresent()) {
        together++;
        assertThat(together(recipe, plan, in, n / 3)).as("seed %d, program %d, three rows of %d elements: %s", seed, k, n / 3, program)
            .isEqualTo(apart(recipe, in, n / 3));
      }
    }
    assertThat(generated).isGreaterThan(200);
    assertThat(together).isGreaterThan(30);
  }

  /** A random program, which folds {@code rows} or does not. */
  private static Program program(SplittableRandom random, boolean rows) {
    var parts = new ArrayList<Expr>();
    for (int i = 0; i < ARGS; i++) {
      parts.add(Expr.arg(i));
    }
    parts.add(Expr.constant(0.5));
    int size = random.nextInt(4, 20);
    for (int i = 0; i < size; i++) {
      Expr a = parts.get(random.nextInt(parts.size()));
      Expr b = parts.get(random.nextInt(parts.size()));
      Fn one = UNARY.get(random.nextInt(UNARY.size() - (rows ? 0 : ROW_FUNCTIONS)));
      Fn two = BINARY.get(random.nextInt(BINARY.size()));
      if (random.nextInt(5) == 0) {
        Expr by = Expr.call(COMPARISONS.get(random.nextInt(COMPARISONS.size())), a, b);
        parts.add(Expr.call(Fn.WHERE, by, parts.get(random.nextInt(parts.size())), parts.get(random.nextInt(parts.size()))));
        continue;
      }
      parts.add(random.nextInt(3) == 0 && !(one.row() && a.fn() == Fn.CONST) ? Expr.call(one, a) : Expr.call(two, a, b));
    }
    Expr all = parts.get(ARGS + 1);
    for (Expr e : parts.subList(ARGS + 2, parts.size())) {
      all = Expr.call(Fn.MAX, all, e);
    }
    return Program.of(List.of(rows ? Expr.call(Fn.ROW_SUM, all) : all, parts.getLast()), List.of(DType.FLOAT32, DType.FLOAT32, DType.FLOAT32));
  }

  private static float[][] data(SplittableRandom random, int n) {
    float[][] in = new float[ARGS][n];
    for (float[] x : in) {
      for (int i = 0; i < n; i++) {
        x[i] = random.nextInt(8) == 0 ? ODD[random.nextInt(ODD.length)] : (float) random.nextDouble(-2, 2);
      }
    }
    return in;
  }

  /** The outputs for three rows by one call; of an input that is one number a row, the first three are read. */
  private static int[][] together(Recipe recipe, Plan plan, float[][] in, int n) {
    Frame frame = frame(recipe, plan, in, 3 * n);
    frame.row = n;
    Arrays.fill(frame.down, 0);
    for (int step : recipe.loads) {
      frame.down[step] = recipe.once[step] ? 1 : n;
    }
    for (int step : recipe.outputs) {
      frame.down[step] = recipe.once[step] ? 1 : n;
    }
    plan.rows().orElseThrow().run(frame, n, 3);
    return bits(recipe, frame, 3 * n, 3);
  }

  /** The same by three calls of the stages. */
  private static int[][] apart(Recipe recipe, float[][] in, int n) {
    int[][] all = new int[recipe.outputs.length][0];
    for (int r = 0; r < 3; r++) {
      float[][] row = new float[ARGS][];
      for (int i = 0; i < recipe.loads.length; i++) {
        int k = recipe.inputs[i];
        row[k] = recipe.once[recipe.loads[i]] ? Arrays.copyOfRange(in[k], r, r + 1) : Arrays.copyOfRange(in[k], r * n, (r + 1) * n);
      }
      int[][] bits = run(recipe, recipe.plan, row, n);
      for (int j = 0; j < all.length; j++) {
        all[j] = IntStream.concat(IntStream.of(all[j]), IntStream.of(bits[j])).toArray();
      }
    }
    return all;
  }

  /** The outputs for one row, bit by bit; NaN has one form. */
  private static int[][] run(Recipe recipe, Plan plan, float[][] in, int n) {
    Frame frame = frame(recipe, plan, in, n);
    frame.row = n;
    for (Stage s : plan.stages()) {
      s.run(frame, n);
    }
    return bits(recipe, frame, n, 1);
  }

  /** The frame with blocks of n elements, which reads the inputs from their beginnings. */
  private static Frame frame(Recipe recipe, Plan plan, float[][] in, int n) {
    Frame frame = Frame.current(recipe.steps);
    for (int i : plan.computed()) {
      frame.scratch(recipe.kinds[i], i, plan.registers()[i], n);
    }
    for (int i = 0; i < recipe.constants.length; i++) {
      int step = recipe.constants[i];
      frame.scratch(recipe.kinds[step], step, plan.registers()[step], n);
      frame.fill(recipe.kinds[step], step, recipe.values[i], n);
    }
    for (int i = 0; i < recipe.loads.length; i++) {
      frame.alias(Block.F, recipe.loads[i], in[recipe.inputs[i]]);
      frame.at[recipe.loads[i]] = 0;
    }
    return frame;
  }

  private static int[][] bits(Recipe recipe, Frame frame, int n, int rows) {
    int[][] bits = new int[recipe.outputs.length][];
    for (int j = 0; j < bits.length; j++) {
      int step = recipe.outputs[j];
      bits[j] = IntStream.range(0, recipe.once[step] ? rows : n).map(i -> Float.floatToIntBits(frame.f[step][frame.at[step] + i])).toArray();
    }
    return bits;
  }
}
