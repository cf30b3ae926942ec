package org.cotangent.lower;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.cotangent.primitive.Contract;
import org.cotangent.spi.Layout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GemmPlanTest {
  private static GemmPlan plan(String a, String b, String out, Layout x, Layout y) {
    return GemmPlan.of(new Contract(a, b, out), x, y);
  }

  @Test
  void aMatrixProductIsOnePlainGemm() {
    GemmPlan p = plan("mk", "kn", "mn", Layout.dense(2, 3), Layout.dense(3, 5));
    assertThat(new int[] {p.batch(), p.m(), p.n(), p.k()}).containsExactly(1, 2, 5, 3);
    assertThat(p.inPlace()).isTrue();
    assertThat(p.left().trans()).isFalse();
  }

  @Test
  void aTransposedOperandIsReadInPlace() {
    GemmPlan p = plan("mk", "kn", "mn", Layout.dense(2, 3), Layout.dense(5, 3).permute(1, 0));
    assertThat(p.inPlace()).isTrue();
    assertThat(p.right().trans()).isTrue();
    assertThat(p.right().ld()).isEqualTo(3);
  }

  @Test
  void leadingAxesOfTheLeftAloneMergeIntoRows() {
    GemmPlan p = plan("Kbo", "io", "Kbi", Layout.dense(7, 4, 5), Layout.dense(3, 5));
    assertThat(new int[] {p.batch(), p.m(), p.n(), p.k()}).containsExactly(1, 28, 3, 5);
    assertThat(p.inPlace()).isTrue();
  }

  @Test
  void theWeightsCotangentForKRowsIsOneStridedBatchedGemmWithTheInputShared() {
    GemmPlan p = plan("bi", "Kbo", "Kio", Layout.dense(4, 3), Layout.dense(7, 4, 5));
    assertThat(new int[] {p.batch(), p.m(), p.n(), p.k()}).containsExactly(7, 3, 5, 4);
    assertThat(p.inPlace()).isTrue();
    assertThat(p.left().batchStride()).as("shared").isZero();
    assertThat(p.right().batchStride()).isEqualTo(20);
  }

  @Test
  void aResultWithColumnsFirstSwapsTheOperands() {
    GemmPlan p = plan("mk", "kn", "nm", Layout.dense(2, 3), Layout.dense(3, 5));
    assertThat(p.swapped()).isTrue();
    assertThat(p.outPerm()).containsExactly(0, 1);
    assertThat(p.inPlace()).isTrue();
  }

  @Test
  void aBroadcastOperandIsCopied() {
    GemmPlan p = plan("mk", "kn", "mn", Layout.dense(1).broadcast(new int[] {2, 3}, new int[0]), Layout.dense(3, 5));
    assertThat(p.left().copy()).isPresent();
    assertThat(p.right().copy()).isEmpty();
  }

  /** Runs plans on paper: reads what the matrices address and compares with the sum over letters. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void randomContractionsAgreeWithTheSumOverLetters(long seed) {
    for (int i = 0; i < 200; i++) {
      RandomContraction.of(new Random(seed * 1000 + i)).check();
    }
  }
}
