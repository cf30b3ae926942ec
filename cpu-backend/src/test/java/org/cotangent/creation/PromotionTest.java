package org.cotangent.creation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.CotangentException;
import org.cotangent.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Result types for every pair of types, with and without axes, against PyTorch's, which promotion.txt lists. */
@ExtendWith(LeakCheck.class)
class PromotionTest {
  private static Tensor ones(String dtype, String rank) {
    return Tensor.full(rank.equals("0") ? Shape.SCALAR : Shape.of(2), 1, Written.dtype(dtype), Device.CPU);
  }

  private static Tensor pair(String op, Tensor a, Tensor b) {
    return switch (op) {
      case "add" -> a.add(b);
      case "mul" -> a.mul(b);
      case "div" -> a.div(b);
      case "eq" -> a.eq(b);
      case "maximum" -> a.maximum(b);
      case "pow" -> a.pow(b);
      case "remainder" -> a.remainder(b);
      case "atan2" -> a.atan2(b);
      case "where" -> Tensor.where(Tensor.scalar(true), a, b);
      default -> throw new AssertionError(op);
    };
  }

  private static Tensor number(String op, Tensor a, String kind) {
    boolean whole = kind.equals("long");
    return switch (op) {
      case "add" -> whole ? a.add(2) : a.add(2.5);
      case "sub" -> whole ? a.sub(2) : a.sub(2.5);
      case "mul" -> whole ? a.mul(2) : a.mul(2.5);
      case "div" -> whole ? a.div(2) : a.div(2.5);
      case "pow" -> whole ? a.pow(2) : a.pow(2.5);
      case "eq" -> whole ? a.eq(2) : a.eq(2.5);
      case "remainder" -> whole ? a.remainder(2) : a.remainder(2.5);
      default -> throw new AssertionError(op);
    };
  }

  /** Where PyTorch has no kernel for bool, or promotes nothing, this engine may give a result of its own. */
  @Test
  void everyPairHasTheTypeThatPyTorchGivesIt() {
    var wrong = new ArrayList<String>();
    for (String[] row : Written.table(PromotionTest.class, "promotion.txt")) {
      String got;
      try {
        boolean scalar = row[3].equals("long") || row[3].equals("double");
        Tensor a = ones(row[1], row[2]);
        got = (scalar ? number(row[0], a, row[3]) : pair(row[0], a, ones(row[3], row[4]))).dtype().toString();
      } catch (CotangentException e) {
        got = "error";
      }
      if (!got.equals(row[5]) && !row[5].equals("error")) {
        wrong.add(String.join(" ", row) + ", here " + got);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void aNumberNeverWidensATypeWithinItsCategory() {
    assertThat(Tensor.of(1f).mul(2.0).dtype()).isEqualTo(DType.FLOAT32);
    assertThat(Tensor.of(1).mul(2L).dtype()).isEqualTo(DType.INT32);
    assertThat(Tensor.of(2).mul(2.5).dtype()).isEqualTo(DType.FLOAT32);
    assertThat(Tensor.of(2).mul(2.5).item()).isEqualTo(5);
    assertThat(Tensor.of(true).add(1).dtype()).isEqualTo(DType.INT64);
  }

  @Test
  void anIntegerBeyondDoublePrecisionStaysExact() {
    long big = (1L << 53) + 1;
    assertThat(Tensor.of(1L).add(big).itemLong()).isEqualTo(big + 1);
    assertThat(Tensor.of(big).add(1).itemLong()).isEqualTo(big + 1);
    assertThat(Tensor.scalar(big).itemLong()).isEqualTo(big);
    assertThat(Tensor.of(big, 0L).sum().itemLong()).isEqualTo(big);
    assertThat(Tensor.of(Long.MAX_VALUE).add(1).itemLong()).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void arithmeticOnConstantsWrapsAsArithmeticOnElements() {
    assertThat(Tensor.scalar(123_456_789).mul(Tensor.scalar(987_654_321)).itemLong()).isEqualTo(123_456_789 * 987_654_321);
    assertThat(Tensor.of(123_456_789).mul(Tensor.of(987_654_321)).itemLong()).isEqualTo(123_456_789 * 987_654_321);
    Tensor ones = Tensor.full(Shape.of(2), 1, DType.INT64, Device.CPU);
    assertThat(ones.add(ones).toLongArray()).containsExactly(2, 2);
    assertThat(Tensor.zerosLike(Tensor.of(5L)).eq(ones).toLongArray()).containsExactly(0, 0);
    assertThat(Tensor.scalar(0.1f).add(Tensor.scalar(0.2f)).item()).isEqualTo(0.1f + 0.2f);
  }

  @Test
  void powersOfIntegersAreIntegers() {
    assertThat(Tensor.of(2, -3, 0).pow(3L).toLongArray()).containsExactly(8, -27, 0);
    assertThat(Tensor.of(3L, 7L).pow(Tensor.of(39L, 2L)).toLongArray()).containsExactly(4052555153018976267L, 49);
    assertThat(Tensor.of(2, 3).pow(0L).toLongArray()).containsExactly(1, 1);
    assertThat(Tensor.of(2, 3).pow(0.5).dtype()).isEqualTo(DType.FLOAT32);
    assertThat(Tensor.scalar(3).pow(Tensor.scalar(4)).itemLong()).isEqualTo(81);
  }
}
