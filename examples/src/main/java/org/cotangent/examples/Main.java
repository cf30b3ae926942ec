package org.cotangent.examples;

import java.io.UncheckedIOException;
import org.cotangent.cuda.driver.Emulator;
import org.cotangent.errors.CotangentException;
import org.cotangent.examples.laws.LawsCommand;
import org.cotangent.examples.quickstart.MalformedDataException;
import org.cotangent.examples.conformance.Conformance;
import org.cotangent.examples.quickstart.Quickstart;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code cotangent} command. */
@Command(
    name = "cotangent",
    description = "Tensors and automatic differentiation on the JVM.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {Quickstart.class, Conformance.class, Info.class, CheckMath.class, GpuAudit.class, LawsCommand.class, HelpCommand.class})
public final class Main implements Runnable {

  @Spec
  private CommandSpec spec;

  @Option(names = "--emulated", scope = ScopeType.INHERIT,
      description = "Use the emulated CUDA driver of the tests instead of a device; slow, and no hardware is involved.")
  private boolean emulated;

  private Main() {
  }

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    var main = new Main();
    return new CommandLine(main).setCaseInsensitiveEnumValuesAllowed(true).setExecutionExceptionHandler(Main::refused)
        .setExecutionStrategy(parsed -> {
          if (main.emulated) {
            sayEmulated(parsed.commandSpec().commandLine());
          }
          return new RunLast().execute(parsed);
        });
  }

  private static void sayEmulated(CommandLine command) {
    if (Emulator.here().isEmpty()) {
      throw new ParameterException(command, "--emulated: the emulated CUDA driver is not loaded; start with ./cotangent, or name its folder by"
          + " -Dcotangent.cuda.libraries");
    }
    command.getOut().println("emulated CUDA driver: what follows for cuda devices ran on no hardware");
  }

  /** What a person can act on is one line; anything else is a defect, with its stack trace. */
  private static int refused(Exception e, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
    if (e instanceof CotangentException || e instanceof MalformedDataException || e instanceof UncheckedIOException) {
      command.getErr().println(command.getCommandName() + ": " + e.getMessage());
      return command.getCommandSpec().exitCodeOnExecutionException();
    }
    throw e;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing a subcommand");
  }
}
