package org.cotangent.fusion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cotangent.Autograd;
import org.cotangent.Tensor;
import org.junit.jupiter.api.Test;

/** How pending kernels were put together is kept, and found again only for the same kernels. */
class JoinedKernelsTest {
  /**
   * The gradient of h is p + q, where p has two leaves and q three, since a kernel gives it and another gradient: in either order the
   * sum is of two products over five leaves.
   */
  @Test
  void kernelsThatReadTheirLeavesInAnotherDivisionAreOthers() {
    Tensor h = Tensor.of(2.0, 3.0).requiresGrad_();
    Tensor other = Tensor.of(5.0, 7.0).requiresGrad_();
    Tensor constant = Tensor.of(11.0, 13.0);
    Tensor a = Tensor.of(17.0, 19.0);
    Tensor b = Tensor.of(23.0, 29.0);
    double[] want = {17 * 11 + 23 * 5, 19 * 13 + 29 * 7};
    for (int round = 0; round < 2; round++) {
      Tensor first = h.mul(constant);
      Tensor second = h.mul(other);
      assertThat(Autograd.grad(List.of(first, second), List.of(h, other), List.of(a, b)).get(0).toDoubleArray()).isEqualTo(want);
      second = h.mul(other);
      first = h.mul(constant);
      assertThat(Autograd.grad(List.of(first, second), List.of(h, other), List.of(a, b)).get(0).toDoubleArray()).isEqualTo(want);
    }
  }
}
