package org.cotangent.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.cotangent.cpu.math.UlpCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures the error of the CPU backend's float32 functions. */
@Command(
    name = "check-math",
    description = {
      "Measure the largest error of the CPU's float32 functions, in units in the last place, over all 2^32 arguments.",
      "A function takes one to three minutes on two cores."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class CheckMath implements Callable<Integer> {
  /** What float32 exp, log, tanh, erf, sin and cos promise. */
  private static final double BOUND = 2;

  @Option(names = "--sample", description = "check a million arguments over all exponents instead")
  private boolean sample;

  @Parameters(paramLabel = "FUNCTION", description = "exp, log, tanh, erf, sin, cos by default; 'all' for every one")
  private List<String> functions = new ArrayList<>();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    List<String> names = functions.isEmpty()
        ? List.of("exp", "log", "tanh", "erf", "sin", "cos")
        : functions.equals(List.of("all")) ? List.copyOf(new TreeSet<>(UlpCheck.functions())) : functions;
    for (String name : names) {
      if (!UlpCheck.functions().contains(name)) {
        throw new ParameterException(spec.commandLine(), "no function " + name + "; there are " + new TreeSet<>(UlpCheck.functions()));
      }
    }
    boolean good = true;
    for (String name : names) {
      good &= UlpCheck.run(name, !sample, System.out).ulps() <= BOUND;
    }
    System.out.println(good ? "all within " + BOUND + " ulp" : "some function exceeds " + BOUND + " ulp");
    return good ? 0 : 1;
  }
}
