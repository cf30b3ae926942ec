package org.cotangent.cuda.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cotangent.DType;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program;
import org.cotangent.expr.Program.Step;

/**
 * A program as a device function, {@code program(x0, x1, .., c2, .., y0, ..)}: inputs, constants and outputs by reference, then the
 * fault record where integers are divided. Constants are arguments, so that programs that differ in numbers alone are one kernel.
 *
 * @param text the function, with the headers that it needs
 * @param program what it computes
 * @param constants the steps that are constants, in the order of the parameters
 * @param faults whether it may find a divisor 0
 * @param heavy whether a function occurs whose code is long
 */
record Body(String text, Program program, List<Integer> constants, boolean faults, boolean heavy) {
  static Body of(Program p) {
    var steps = p.steps();
    boolean[] used = used(p);
    var constants = IntStream.range(0, steps.size()).filter(i -> used[i] && steps.get(i).fn() == Fn.CONST).boxed().toList();
    boolean faults = false;
    boolean heavy = false;
    var lines = new ArrayList<String>();
    for (int i = 0; i < steps.size(); i++) {
      Step s = steps.get(i);
      if (used[i]) {
        faults |= divides(s);
        heavy |= heavy(s.fn());
        lines.add(line(p, i));
      }
    }
    for (int j = 0; j < p.outputs().length; j++) {
      lines.add("  y" + j + " = v" + p.outputs()[j] + ";\n");
    }
    String text = headers(p) + "\n__device__ __forceinline__ void program("
        + String.join(", ", parameters(p, constants, faults)) + ") {\n" + String.join("", lines) + "}\n";
    return new Body(text, p, constants, faults, heavy);
  }

  /** What the functions of a program are defined in. */
  static String headers(Program p) {
    boolean gamma = p.steps().stream().anyMatch(s -> s.fn() == Fn.DIGAMMA || s.fn() == Fn.POLYGAMMA || s.fn() == Fn.ZETA);
    return "#include \"blocks.cuh\"\n" + (gamma ? "#include \"gamma.cuh\"\n" : "");
  }

  /** The definition of the value of a step, which is named v and its number. */
  static String line(Program p, int i) {
    Step s = p.steps().get(i);
    return "  const " + Types.value(s.type()) + " v" + i + " = " + value(p, s, i) + ";\n";
  }

  private static List<String> parameters(Program p, List<Integer> constants, boolean faults) {
    var all = new ArrayList<String>();
    for (int k = 0; k < p.args().size(); k++) {
      all.add("const " + Types.value(p.args().get(k)) + " x" + k);
    }
    for (int c : constants) {
      all.add("const " + Types.value(p.steps().get(c).type()) + " c" + c);
    }
    for (int j = 0; j < p.types().size(); j++) {
      all.add(Types.value(p.types().get(j)) + "& y" + j);
    }
    if (faults) {
      all.add("Fault* fault");
      all.add("int op");
    }
    return all;
  }

  /** The constants as parameters of a kernel: {@code float c3, }. */
  String constantParameters() {
    return constantParameters(program, constants);
  }

  /** The same for constants of any program. */
  static String constantParameters(Program program, List<Integer> constants) {
    return constants.stream().map(c -> Types.value(program.steps().get(c).type()) + " c" + c + ", ").collect(Collectors.joining());
  }

  /** The call of the function. */
  String call(List<String> inputs, List<String> outputs) {
    var all = new ArrayList<>(inputs);
    constants.forEach(c -> all.add("c" + c));
    all.addAll(outputs);
    if (faults) {
      all.add("fault");
      all.add("op");
    }
    return "program(" + String.join(", ", all) + ");";
  }

  /** Appends the constants as arguments of a launch. */
  static void constantArguments(Program p, List<Integer> constants, List<Object> to) {
    for (int c : constants) {
      double v = p.steps().get(c).value();
      to.add(switch (p.steps().get(c).type()) {
        case BOOL, INT8, UINT8 -> new byte[] {(byte) v};
        case INT16 -> java.nio.ByteBuffer.allocate(2).order(java.nio.ByteOrder.nativeOrder()).putShort((short) v).array();
        case INT32 -> (Object) (int) v;
        case INT64 -> (Object) (long) v;
        case FLOAT64 -> (Object) v;
        default -> (Object) (float) v;
      });
    }
  }

  /** By step: whether an output needs it as a value of its own. */
  private static boolean[] used(Program p) {
    boolean[] used = new boolean[p.steps().size()];
    for (int o : p.outputs()) {
      used[o] = true;
    }
    for (int i = used.length - 1; i >= 0; i--) {
      if (used[i]) {
        operands(p, i).forEach(x -> used[x] = true);
      }
    }
    return used;
  }

  /** The steps that a step reads. */
  static List<Integer> operands(Program p, int i) {
    Step s = p.steps().get(i);
    return Stream.of(s.a(), squares(p, s) ? -1 : s.b(), s.c()).filter(x -> x >= 0).toList();
  }

  /** Whether the step is a second power, which is a product. */
  private static boolean squares(Program p, Step s) {
    return s.fn() == Fn.POW && p.steps().get(s.b()).fn() == Fn.CONST && p.steps().get(s.b()).value() == 2 && s.type() != DType.BOOL;
  }

  /** The name of the first integer division, for the message about a divisor 0. */
  static String division(Program p) {
    return p.steps().stream().filter(Body::divides).findFirst().orElseThrow().fn().name().toLowerCase(Locale.ROOT);
  }

  static boolean divides(Step s) {
    return !s.type().floating() && (s.fn() == Fn.DIV || s.fn() == Fn.FMOD || s.fn() == Fn.REMAINDER);
  }

  private static boolean heavy(Fn fn) {
    return switch (fn) {
      case POW, FMOD, REMAINDER, TAN, SIN, COS, LGAMMA, DIGAMMA, POLYGAMMA, ERFINV, XLOGY, XLOG1PY, GCD, I0E, I1E, ERFCX, NDTRI, ZETA -> true;
      default -> false;
    };
  }

  private static String value(Program p, Step s, int i) {
    return switch (s.fn()) {
      case ARG -> "x" + s.index();
      case CONST -> "c" + i;
      case CAST -> cast(s);
      case POW -> squares(p, s) ? "fnMul(v" + s.a() + ", v" + s.a() + ")" : call(s);
      default -> call(s);
    };
  }

  /** A half type is met as a float that was rounded to it. */
  private static String cast(Step s) {
    String x = "v" + s.a();
    return switch (s.type()) {
      case FLOAT16 -> "roundHalf(" + x + ")";
      case BFLOAT16 -> "roundBrain(" + x + ")";
      default -> s.from().half() ? x : "cast<" + Types.value(s.type()) + ">(" + x + ")";
    };
  }

  private static String call(Step s) {
    String name = s.fn().name();
    StringBuilder b = new StringBuilder("fn").append(name.charAt(0)).append(name.substring(1).toLowerCase(Locale.ROOT)).append("(v").append(s.a());
    for (int x : new int[] {s.b(), s.c()}) {
      if (x >= 0) {
        b.append(", v").append(x);
      }
    }
    return b.append(divides(s) ? ", fault, op)" : ")").toString();
  }
}
