package org.cotangent.creation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.cotangent.DType;
import org.cotangent.Tensor;
import org.cotangent.errors.CotangentException;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reductions, scans, sorting, joining against the numbers that PyTorch gives, which reference.txt lists. */
@ExtendWith(LeakCheck.class)
class ReferenceTest {
  private static final Map<String, ArrayList<String[]>> CASES = new TreeMap<>();

  static {
    for (String[] row : Written.table(ReferenceTest.class, "reference.txt")) {
      CASES.computeIfAbsent(row[0], k -> new ArrayList<>()).add(row);
    }
  }

  static Stream<String> operations() {
    return CASES.keySet().stream();
  }

  private static Tensor run(String op, String[] arg, Tensor... x) {
    int[] list = Written.ints(op.equals("where") || op.startsWith("arg") || arg[0].isEmpty() ? "" : arg[0]);
    boolean flag = arg.length > 1 && arg[1].equals("1");
    return switch (op) {
      case "sum" -> flag ? x[0].sum(list, true) : x[0].sum(list);
      case "mean" -> flag ? x[0].mean(list, true) : x[0].mean(list);
      case "amax" -> x[0].amax(list, flag);
      case "amin" -> x[0].amin(list, flag);
      case "var" -> x[0].var(list, Integer.parseInt(arg[2]), flag);
      case "std" -> x[0].std(list, Integer.parseInt(arg[2]), flag);
      case "logSumExp" -> x[0].logSumExp(list, flag);
      case "norm" -> x[0].norm(Double.parseDouble(arg[2].replace("inf", "Infinity")), list, flag);
      case "prod" -> x[0].prod();
      case "all" -> x[0].all();
      case "any" -> x[0].any();
      case "argmax" -> x[0].argmax();
      case "cumsum" -> x[0].cumsum(list[0]);
      case "cumprod" -> x[0].cumprod(list[0]);
      case "sort.values" -> x[0].sort(list[0], flag).values();
      case "sort.indices" -> x[0].sort(list[0], flag).indices();
      case "flip" -> x[0].flip(list[0]);
      case "softmax" -> x[0].softmax(list[0]);
      case "logSoftmax" -> x[0].logSoftmax(list[0]);
      case "cat" -> Tensor.cat(list[0], x);
      case "stack" -> Tensor.stack(list[0], x);
      case "where" -> Tensor.where(x[0], x[1], x[2]);
      default -> throw new AssertionError(op);
    };
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("operations")
  void resultsAreThoseOfPyTorch(String op) {
    var wrong = new ArrayList<String>();
    for (String[] row : CASES.get(op)) {
      Tensor[] x = Stream.of(row[2].split(" \\| ")).map(Written::tensor).toArray(Tensor[]::new);
      try {
        Tensor y = run(op, row[1].split(";", -1), x);
        Written.matches(y, row[3], y.dtype() == DType.FLOAT32 ? 2e-6 : 1e-12);
      } catch (CotangentException | AssertionError e) {
        wrong.add(String.join(" ", row) + "\n   " + e);
      }
    }
    assertThat(wrong.stream().limit(5)).as("%d of %d cases are wrong", wrong.size(), CASES.get(op).size()).isEmpty();
  }
}
