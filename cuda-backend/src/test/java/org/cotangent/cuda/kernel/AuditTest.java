package org.cotangent.cuda.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cotangent.DType;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Compiles without a device. */
class AuditTest {
  static final List<Integer> ARCHITECTURES = Audit.ARCHITECTURES;

  @ParameterizedTest
  @FieldSource("ARCHITECTURES")
  void noKernelSpillsOrUsesLocalMemory(int architecture) {
    for (var source : Audit.templates()) {
      Audit.Need need = Audit.of(source, architecture);
      assertThat(need.good()).as(need.toString()).isTrue();
      assertThat(need.registers()).as(need.toString()).isBetween(1, 255);
    }
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
