package org.cotangent.cuda.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cotangent.DType;
import org.cotangent.cuda.driver.KernelSource;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Compiles without a device. */
class AuditTest {
  static final List<Integer> ARCHITECTURES = Audit.ARCHITECTURES;

  @ParameterizedTest
  @FieldSource("ARCHITECTURES")
  void noKernelSpillsOrUsesLocalMemory(int architecture) {
    for (var source : AuditedKernels.templates()) {
      Audit.Need need = Audit.of(source, architecture);
      assertThat(need.good()).as(need.toString()).isTrue();
      assertThat(need.registers()).as(need.toString()).isBetween(1, 255);
    }
  }

  @Test
  void whatDoesNotCompileIsReported() {
    Audit.Need need = Audit.orFailure(Sources.complete("broken", "extern \"C\" __global__ void broken() {\n nothing(); }"), 90);
    assertThat(need.good()).isFalse();
    assertThat(need.reason()).contains("nothing");
    assertThat(Audit.Need.parse(need.line())).isEqualTo(need);
  }

  @Test
  void recordedKernelsAreThoseThatWereMade(@TempDir Path folder) throws IOException {
    String text = "extern \"C\" __global__ void twice(float* x) { x[0] = x[0] + x[0]; }\n";
    Files.writeString(folder.resolve("twice-0123456789abcdef.cu"), text);
    Files.writeString(folder.resolve("new.part"), "half");
    List<KernelSource> all = AuditedKernels.all(List.of(folder, folder));
    assertThat(all).doesNotHaveDuplicates().filteredOn(s -> s.name().equals("twice")).extracting(KernelSource::text).containsExactly(text);
    assertThat(all).hasSize(AuditedKernels.all(List.of()).size() + 1);
    assertThat(Audit.of(all.getLast(), 75).good()).isTrue();
  }

  @Test
  void everyScalarFunctionIsAmongThem() {
    var texts = AuditedKernels.functions().stream().map(KernelSource::text).toList();
    assertThat(texts).anyMatch(t -> t.contains("fnZeta(")).anyMatch(t -> t.contains("fnGcd(")).hasSizeGreaterThan(150);
  }

  @Test
  void localMemoryIsSeenAndAcceptedForAReasonAlone() {
    Program sine = Program.of(List.of(Expr.call(Fn.SIN, Expr.arg(0))), List.of(DType.FLOAT64));
    Audit.Need need = Audit.of(Pointwise.stridedSource(Body.of(sine), 4, 1, false), 80);
    assertThat(need.local()).isPositive();
    assertThat(need.reason()).startsWith("sin: ");
    assertThat(new Audit.Need("k", 80, 32, 0, need.local(), 0, "").good()).isFalse();
    assertThat(new Audit.Need("k", 80, 255, 0, need.local(), 8, need.reason()).good()).isFalse();
  }
}
