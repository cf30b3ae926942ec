package org.cotangent.benchmarks.compare;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Starts the processes that measure, and reads what they print. */
final class Launch {
  private final boolean processor;
  private final Path log;

  /**
   * @param processor whether processor time is measured
   * @param log where the processes' error streams go
   */
  Launch(boolean processor, Path log) throws IOException {
    this.processor = processor;
    this.log = log;
    Files.deleteIfExists(log);
  }

  /** Runs a {@link Worker}; each line that it prints goes to {@code lines}. */
  void worker(Optional<Path> peer, Plan plan, Consumer<String> lines) throws IOException, InterruptedException {
    run(Worker.class, peer, plan.side(), plan.threads(), plan.arguments(), lines);
  }

  /** The first result of a fresh process; empty if that side has no such case. */
  Optional<Cold.First> cold(Optional<Path> peer, int threads, String name) throws IOException, InterruptedException {
    Plan.Side side = peer.isPresent() ? Plan.Side.PEER : Plan.Side.OURS;
    var found = new ArrayList<Cold.First>();
    run(Cold.class, peer, side, threads, List.of(side.name(), String.valueOf(threads), name), line -> {
      if (line.startsWith(Worker.MARK)) {
        found.add(Cold.First.of(line.substring(Worker.MARK.length())));
      }
    });
    return found.stream().findFirst();
  }

  private void run(Class<?> main, Optional<Path> peer, Plan.Side side, int threads, List<String> arguments, Consumer<String> lines)
      throws IOException, InterruptedException {
    String ours = System.getProperty("java.class.path");
    String theirs = "";
    if (peer.isPresent()) {
      theirs = peer.get().resolve("target/classes") + File.pathSeparator + Files.readString(peer.get().resolve("target/classpath.txt")).strip();
    }
    var command = new ArrayList<>(List.of(
        ProcessHandle.current().info().command().orElse("java"), "--add-modules", "jdk.incubator.vector",
        "--enable-native-access=ALL-UNNAMED", "-Dai.djl.offline=true",
        "-Dai.djl.pytorch.num_threads=" + threads, "-Dai.djl.pytorch.num_interop_threads=1",
        "-Dcotangent.threads=" + threads, "-D" + Worker.PROCESSOR_TIME + "=" + processor));
    if (side == Plan.Side.BOTH && peer.isPresent()) {
      command.add("-D" + Worker.PEER_PATH + "=" + theirs);
    }
    command.addAll(List.of("-cp", side == Plan.Side.PEER ? theirs + File.pathSeparator + ours : ours, main.getName()));
    command.addAll(arguments);
    ProcessBuilder b = new ProcessBuilder(command).redirectError(Redirect.appendTo(log.toFile()));
    b.environment().put("OMP_WAIT_POLICY", "passive"); // a pool that spins would take the other side's cores
    b.environment().put("OMP_NUM_THREADS", String.valueOf(threads));
    Process p = b.start();
    String last = "";
    try (var in = new BufferedReader(new InputStreamReader(p.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.accept(line);
        last = line.startsWith(Worker.MARK) ? line.replaceAll("\t.*", "") : last;
      }
    }
    if (p.waitFor() != 0) {
      throw new IOException("bench: a process ended with " + p.exitValue() + ": " + peer.map(Path::getFileName).map(Path::toString).orElse("cotangent")
          + ", the last case before it was '" + last + "'; see " + log);
    }
  }
}
