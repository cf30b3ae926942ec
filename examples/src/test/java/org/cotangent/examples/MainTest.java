package org.cotangent.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine command =
      Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

  @Test
  void helpNamesTheSubcommands() {
    assertThat(command.execute("--help")).isZero();
    assertThat(out.toString()).contains("Usage: cotangent", "info");
  }

  @Test
  void everySubcommandHasHelp() {
    for (String name : command.getSubcommands().keySet()) {
      assertThat(command.execute(name, "--help")).as(name).isZero();
      assertThat(out.toString()).contains("cotangent " + name);
    }
  }

  @Test
  void versionIsThatOfTheBuild() {
    assertThat(command.execute("--version")).isZero();
    assertThat(out.toString()).startsWith("cotangent ").doesNotContain("$");
  }

  @Test
  void infoNamesTheJdkAndEachDevice() {
    assertThat(command.execute("info")).isZero();
    assertThat(out.toString().lines().map(line -> line.split(" +")[0].replaceAll(":.*", "")))
        .contains("version", "java", "system", "vector", "cpu", "cuda");
    assertThat(out.toString()).contains(Runtime.version().toString());
  }

  @Test
  void noSubcommandIsAUsageError() {
    assertThat(command.execute()).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("Missing a subcommand", "Usage: cotangent");
  }

  @Test
  void lawsRefusesSeedsThatAreNone() {
    assertThat(command.execute("laws", "--seeds", "0")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("--seeds is 0; at least one is needed");
    assertThat(command.execute("laws", "--from", Long.toString(Long.MAX_VALUE), "--seeds", "10")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("--from is 9223372036854775807; 10 seeds from there pass 9223372036854775807");
    assertThat(command.execute("laws", "--seeds", "many")).isEqualTo(CommandLine.ExitCode.USAGE);
  }
}
