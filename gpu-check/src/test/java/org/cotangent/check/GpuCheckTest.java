package org.cotangent.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.cotangent.Device;
import org.cotangent.testkit.OpRow;
import org.cotangent.testkit.OpTable;
import org.cotangent.testkit.Skipping;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuCheckTest {
  /** One or a few of each kind: pointwise, products, reductions, scans, sorts, indexing, windows, rows, factorisations. */
  private static final List<String> SOME = List.of("add", "mul", "div", "exp", "gelu", "pow", "where", "matmul", "bmm", "einsum", "sum", "mean", "amax",
      "logsumexp", "cumsum", "cumprod", "sort", "topk", "gather", "scatterAdd", "indexSelect", "cat", "flip", "softmax", "layerNorm", "conv2d",
      "maxPool2d", "cholesky", "solve", "crossEntropy");

  private final StringWriter out = new StringWriter();

  @TempDir private Path folder;

  private int run(String... arguments) {
    return GpuCheck.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out)).execute(arguments);
  }

  private static void needsDevice() {
    Optional<String> skipped = Skipping.without(Device.cuda().unavailable());
    Assumptions.assumeTrue(skipped.isEmpty(), () -> skipped.orElse(""));
  }

  @Test
  void withoutADeviceTheReasonIsPrinted() {
    assertThat(run("--device", "cuda:99")).isEqualTo(GpuCheck.NO_DEVICE);
    assertThat(out.toString()).contains("no device: ").contains("--emulated");
  }

  @Test
  void anUnknownOperationIsAUsageError() {
    assertThat(run("--device", "cpu", "--only", "frobnicate", "--out", folder.toString())).isEqualTo(2);
    assertThat(out.toString()).contains("frobnicate");
  }

  @Test
  void operationsOnTheEmulatedDriverAreThoseOfTheCpu() throws IOException {
    needsDevice();
    List<String> known = OpTable.rows().stream().map(OpRow::op).distinct().toList();
    Stream<String> only = SOME.stream().filter(known::contains).flatMap(n -> Stream.of("--only", n));
    String[] arguments = Stream.concat(Stream.of("--emulated", "--out", folder.toString()), only).toArray(String[]::new);
    assertThat(arguments.length).as("operations that the table has").isGreaterThan(2 * 20 + 3);
    assertThat(run(arguments)).as(out.toString()).isZero();
    assertThat(out.toString()).contains("emulated CUDA driver", "0 differ").doesNotContain("share");
    assertThat(Files.readString(folder.resolve("report.json"))).contains("\"emulated\" : true", "\"differences\" : [ ]", "\"speed\" : [ ]");
    assertThat(Files.readString(folder.resolve("report.txt"))).contains("no hardware");
  }

  /** Rows that are wrong on the device alone, each in another way. */
  @Test
  void whatDiffersIsFound() {
    needsDevice();
    var check = new Operations(Device.cuda());
    OpRow value = OpRow.unary("value", x -> onCpu(x.device()) ? x.exp() : x.exp().mul(1 + 1e-6));
    OpRow derivative = OpRow.unary("derivative", x -> onCpu(x.device()) ? x.sin() : x.sin().detach());
    OpRow refusal = OpRow.unary("refusal", x -> onCpu(x.device()) ? x : x.reshape(7));
    assertThat(parts(check.check(value))).contains("value", "value of a view", "cotangent", "vmap").doesNotContain("value in float32");
    assertThat(parts(check.check(derivative))).contains("tangent", "cotangent").doesNotContain("value");
    assertThat(check.check(refusal)).anyMatch(d -> d.part().equals("value") && d.what().contains("ShapeException"));
    assertThat(check.check(OpRow.unary("right", x -> x.tanh()))).isEmpty();
    assertThat(check.compared()).isGreaterThan(20);
  }

  private static boolean onCpu(Device d) {
    return d.equals(Device.CPU);
  }

  private static List<String> parts(List<Operations.Difference> found) {
    return found.stream().map(Operations.Difference::part).toList();
  }

  @Test
  void noPartOfTheTableIsRefused() {
    var check = new Operations(Device.CPU);
    var wrong = new ArrayList<Operations.Difference>();
    OpTable.rows().stream().filter(r -> SOME.contains(r.op())).forEach(r -> wrong.addAll(check.check(r)));
    assertThat(wrong).isEmpty();
    assertThat(check.refused()).isZero();
  }

  /** On the CPU and small: the numbers mean nothing, but that there are such. */
  @Test
  void speedsAreSharesOfWhatWasMeasured() throws IOException {
    List<Speed.Line> lines = new Speed(Device.CPU, 64, 0).run();
    assertThat(lines).allMatch(l -> l.time().median() > 0 && l.rate() > 0 && l.share() > 0 && Double.isFinite(l.share()));
    assertThat(lines.getFirst().share()).isCloseTo(1, within(0.0));
    assertThat(lines).extracting(Speed.Line::name).anyMatch(n -> n.startsWith("training step")).anyMatch(n -> n.startsWith("batched Jacobian"));
    assertThat(lines).filteredOn(l -> l.name().startsWith("training step")).hasSize(3).allMatch(l -> l.memory() > 0);
    var report = new Report("cpu", "test", false);
    report.speed(lines);
    assertThat(report.text()).contains("GB/s", "GFLOP/s", "%", " MiB\n");
    assertThat(report.json()).contains("\"unit\" : \"GFLOP/s\"", "\"peakBytes\"");
    report.lost("gone");
    assertThat(report.good()).isFalse();
    assertThat(report.text()).contains("ended early: gone");
  }
}
