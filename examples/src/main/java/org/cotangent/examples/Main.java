package org.cotangent.examples;

import java.io.UncheckedIOException;
import org.cotangent.errors.CotangentException;
import org.cotangent.examples.laws.LawsCommand;
import org.cotangent.examples.quickstart.MalformedDataException;
import org.cotangent.examples.conformance.Conformance;
import org.cotangent.examples.quickstart.Quickstart;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code cotangent} command. */
@Command(
    name = "cotangent",
    description = "Tensors and automatic differentiation on the JVM.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {Quickstart.class, Conformance.class, Info.class, CheckMath.class, LawsCommand.class, HelpCommand.class})
public final class Main implements Runnable {

  @Spec
  private CommandSpec spec;

  private Main() {
  }

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true).setExecutionExceptionHandler(Main::refused);
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
