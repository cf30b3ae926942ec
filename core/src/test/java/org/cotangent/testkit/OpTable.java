package org.cotangent.testkit;

import java.util.ArrayList;
import java.util.List;

/** Every public operation of {@link org.cotangent.Tensor} and of {@code org.cotangent.ops}: one row or more each. */
public final class OpTable {
  private OpTable() {}

  /** The rows. */
  public static List<OpRow> rows() {
    var r = new ArrayList<OpRow>();
    r.addAll(PointwiseRows.rows());
    r.addAll(ReductionRows.rows());
    r.addAll(ShapeRows.rows());
    r.addAll(ProductRows.rows());
    r.addAll(NumberRows.rows());
    r.addAll(RearrangeRows.rows());
    r.addAll(AlgebraRows.rows());
    r.addAll(FactorRows.rows());
    r.addAll(LibraryRows.rows());
    r.addAll(PictureRows.rows());
    r.addAll(NetworkRows.rows());
    r.addAll(ElementRows.rows());
    r.addAll(SelectionRows.rows());
    r.addAll(RunningRows.rows());
    r.addAll(FurtherRows.rows());
    r.addAll(HostRows.rows());
    r.addAll(MaskedRows.rows());
    return List.copyOf(r);
  }
}
