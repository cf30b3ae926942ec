package org.cotangent.examples;

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
    subcommands = {Quickstart.class, Info.class, HelpCommand.class})
public final class Main implements Runnable {

  @Spec
  private CommandSpec spec;

  private Main() {
  }

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing a subcommand");
  }
}
