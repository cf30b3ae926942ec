package org.cotangent.examples.laws;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Checks the laws of transforms on random programs. */
@Command(
    name = "laws",
    description = {
      "Check on random programs that jacrev = jacfwd, Hessians are symmetric, vmap is a loop, checkpointing changes nothing, and so on.",
      "A broken law is printed with its seed and its program. A million seeds take some hours."
    },
    mixinStandardHelpOptions = true)
public final class LawsCommand implements Callable<Integer> {
  private static final long REPORT = 10_000;

  @Option(names = "--seeds", paramLabel = "N", defaultValue = "10000", description = "number of programs (${DEFAULT-VALUE})")
  private long seeds;

  @Option(names = "--from", paramLabel = "S", defaultValue = "0", description = "the first seed (${DEFAULT-VALUE})")
  private long from;

  @Spec private CommandSpec spec;

  private final AtomicLong done = new AtomicLong();
  private final AtomicLong broken = new AtomicLong();

  private LawsCommand() {}

  @Override
  public Integer call() {
    if (seeds < 1) {
      throw new ParameterException(spec.commandLine(), "--seeds is " + seeds + "; at least one is needed");
    }
    if (from > Long.MAX_VALUE - seeds) {
      throw new ParameterException(spec.commandLine(), "--from is " + from + "; " + seeds + " seeds from there pass " + Long.MAX_VALUE);
    }
    LongStream.range(from, from + seeds).parallel().forEach(this::check);
    System.out.println(done.get() + " programs, " + Laws.names().size() + " laws each: " + broken.get() + " broken");
    return broken.get() == 0 ? 0 : 1;
  }

  private void check(long seed) {
    Laws.check(seed).ifPresent(v -> {
      broken.incrementAndGet();
      System.out.println(v);
    });
    long n = done.incrementAndGet();
    if (n % REPORT == 0) {
      System.out.println(n + " of " + seeds);
    }
  }
}
