package org.cotangent.nn;

import org.cotangent.Tensor;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.CtcLoss;
import org.cotangent.ops.LossReduction;

/**
 * Connectionist temporal classification (Graves et al. 2006); see {@link CtcLoss#ctcLoss}.
 *
 * @param blank the class that stands for nothing
 * @param reduction what becomes of the losses
 * @param zeroInfinity whether infinite losses become 0
 */
public record CTCLoss(int blank, LossReduction reduction, boolean zeroInfinity) {
  /** The mean, with class 0 for nothing. */
  public CTCLoss() {
    this(0, LossReduction.MEAN, false);
  }

  /**
   * The loss of log probabilities [t, n, c] for targets [n, s] with these lengths.
   *
   * @throws ShapeException if the arguments do not fit
   */
  public Tensor apply(Tensor logProbabilities, Tensor targets, int[] steps, int[] lengths) {
    return CtcLoss.ctcLoss(logProbabilities, targets, steps, lengths, blank, reduction, zeroInfinity);
  }
}
