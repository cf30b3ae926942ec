package org.cotangent.benchmarks.compare;

/** What is measured, in words that every engine can take: sizes and the kind of work. */
public sealed interface Task {
  /** One pointwise function of n elements: add, exp, tanh, sigmoid, gelu (of the error function). */
  record Pointwise(String fn, int n) implements Task {}

  /** sigmoid(tanh(x) * y + x) * y - x, six operations; with the gradient by x of its sum. */
  record Chain(int n, boolean backward) implements Task {}

  /** A function of rows, forward and backward: softmax, layer norm with scale and shift, or cross entropy. */
  record Rows(String fn, int rows, int cols) implements Task {}

  /** sum, mean or max of a [rows, cols] matrix over axis 0, 1, or all (-1). */
  record Reduction(String fn, int axis, int rows, int cols) implements Task {}

  /** [n, n] by [n, n]. */
  record Gemm(int n) implements Task {}

  /** {@code batch} products of [m, k] by [k, n]. */
  record BatchedGemm(int batch, int m, int k, int n) implements Task {}

  /** Forward, backward and Adam step of a ReLU network with cross entropy. */
  record AdamStep(int batch, int... widths) implements Task {}

  /** Forward, backward and Adam step of two 3x3 convolutions with ReLU and 2x2 max pools, and a linear layer; images [32, 1, 28, 28]. */
  record Cnn() implements Task {}

  /** Forward and backward of a pre-norm transformer block with four heads. */
  record Transformer(int batch, int tokens, int width) implements Task {}

  /** Jacobian by the input of a tanh network 64-256-256-64 for each of the samples; the peer by a loop, or the same products by hand. */
  record InputJacobian(int samples, boolean byHand) implements Task {}

  /** Jacobian by all weights of a tanh network 784-256-10, batch 1. */
  record WeightJacobian(boolean byHand) implements Task {}

  /** Hessian of a tanh network 30-25-9-1 with 1,019 parameters, of the mean square of 32 outputs. */
  record Hessian() implements Task {}

  /** One Hessian-vector product of the same. */
  record Hvp() implements Task {}

  /** Gradient for each of 256 samples by all weights of a tanh network with cross entropy; the peer by a loop. */
  record PerSample(int... widths) implements Task {}

  /** One step of Burgers' equation with a tanh network 2-20x8-1: residual at the points, its mean square, gradient by the weights. */
  record Pinn(int points) implements Task {}

  /** x + y of eight elements, with a graph if {@code grad}. */
  record Small(boolean grad) implements Task {}

  /** One step of AdamW on the quickstart's network, 64-128-10 with gelu, cross entropy of 32 digits. */
  record QuickstartStep() implements Task {}

  /** Number of elements read and written at least, times four; 0 where bandwidth is not the limit. */
  default double bytes() {
    return switch (this) {
      case Pointwise p -> 4.0 * p.n() * (p.fn().equals("add") ? 3 : 2);
      case Chain c -> 4.0 * c.n() * (c.backward() ? 4 : 3);
      case Reduction r -> 4.0 * r.rows() * r.cols();
      case WeightJacobian _ -> 4.0 * 10 * (784 * 256 + 256 + 256 * 10 + 10);
      case PerSample p -> 4.0 * 256 * parameters(p.widths());
      case Rows r -> 4.0 * r.rows() * r.cols() * (r.fn().equals("cross entropy") ? 3 : 5);
      default -> 0;
    };
  }

  /** Floating-point operations of the products; 0 where they are not the limit. */
  default double flops() {
    return switch (this) {
      case Gemm g -> 2.0 * g.n() * g.n() * g.n();
      case BatchedGemm b -> 2.0 * b.batch() * b.m() * b.k() * b.n();
      case AdamStep a -> {
        double f = 0;
        for (int i = 0; i + 1 < a.widths().length; i++) {
          f += (i == 0 ? 4.0 : 6.0) * a.batch() * a.widths()[i] * a.widths()[i + 1];
        }
        yield f;
      }
      case Cnn _ -> 32 * (2.0 * 2 * 26 * 26 * 16 * 9 + 3.0 * 2 * 11 * 11 * 32 * 16 * 9 + 3.0 * 2 * 800 * 10);
      case Transformer t -> 3.0 * 2 * t.batch() * t.tokens() * t.width() * (12.0 * t.width() + 2.0 * t.tokens());
      case InputJacobian j -> 2.0 * j.samples() * (64 * 256 * 2 + 256 * 256) + 2.0 * j.samples() * 64 * (64 * 256 + 256 * 256 + 256 * 64);
      default -> 0;
    };
  }

  /** Whether the memory that this takes is of interest. */
  default boolean trainingOrJacobian() {
    return switch (this) {
      case AdamStep _, Cnn _, Transformer _, InputJacobian _, WeightJacobian _, Hessian _, Hvp _, PerSample _, Pinn _ -> true;
      default -> false;
    };
  }

  private static double parameters(int[] widths) {
    double n = 0;
    for (int i = 0; i + 1 < widths.length; i++) {
      n += (widths[i] + 1.0) * widths[i + 1];
    }
    return n;
  }
}
