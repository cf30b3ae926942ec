package org.cotangent.testkit;

import static org.cotangent.testkit.OpRow.of;
import static org.cotangent.testkit.OpRow.row;

import java.util.List;
import org.cotangent.Tensor;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;

/** Rows of the products. */
final class ProductRows {
  private ProductRows() {}

  private static OpRow matmul(String name, int[] a, int... b) {
    return row(name, x -> x[0].matmul(x[1]), a, b);
  }

  private static Tensor ones(int... shape) {
    return Tensor.ones(shape);
  }

  static List<OpRow> rows() {
    return List.of(
        matmul("matmul", of(2, 3), of(3, 4)).empty(of(0, 3), of(3, 4))
            .refuses("[2, 3] x [4, 5]", ShapeException.class, "inner dimensions differ: [2, 3] x [4, 5]",
                () -> ones(2, 3).matmul(ones(4, 5)))
            .refuses("a scalar", ShapeException.class, "mul for scalars", () -> ones(2, 3).matmul(Tensor.scalar(1f)))
            .refuses("other types", DTypeException.class, "types differ", () -> ones(2, 3).matmul(Tensor.of(1.0, 2, 3))),
        matmul("matmul inner 0", of(2, 3), of(3, 4)).empty(of(2, 0), of(0, 4)),
        matmul("matmul vectors", of(3), of(3)), matmul("matmul matrix vector", of(2, 3), of(3)),
        matmul("matmul vector matrix", of(3), of(3, 2)),
        matmul("matmul batch matrix", of(2, 4, 3), of(3, 5)), matmul("matmul matrix batch", of(4, 3), of(2, 3, 5)),
        matmul("matmul batches", of(2, 4, 3), of(2, 3, 5)), matmul("matmul broadcast batches", of(2, 1, 4, 3), of(5, 3, 2)),
        matmul("matmul batch vector", of(2, 4, 3), of(3)),
        row("mm", x -> x[0].mm(x[1]), of(2, 3), of(3, 4))
            .refuses("a vector", ShapeException.class, "two matrices", () -> ones(2, 3).mm(ones(3))),
        row("mv", x -> x[0].mv(x[1]), of(2, 3), of(3))
            .refuses("a matrix", ShapeException.class, "matrix and a vector", () -> ones(2, 3).mv(ones(3, 1))),
        row("bmm", x -> x[0].bmm(x[1]), of(2, 3, 4), of(2, 4, 2))
            .refuses("other batches", ShapeException.class, "equal size", () -> ones(2, 3, 4).bmm(ones(3, 4, 2))),
        row("dot", x -> x[0].dot(x[1]), of(4), of(4))
            .refuses("other lengths", ShapeException.class, "lengths differ", () -> ones(3).dot(ones(4))),
        row("outer", x -> x[0].outer(x[1]), of(3), of(4))
            .refuses("a matrix", ShapeException.class, "two vectors", () -> ones(3).outer(ones(3, 1))));
  }
}
