package org.cotangent.ops;

import java.util.stream.IntStream;
import org.cotangent.Primitives;
import org.cotangent.Shape;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.ShapeException;

/** Systems of linear equations in their forms. */
final class Systems {
  private Systems() {}

  /** With A X = B, or X A = B unless {@code left}; a singular matrix is refused if {@code checked}. */
  static Linalg.Checked solve(String op, Tensor a, Tensor b, boolean left, boolean checked) {
    Linalg.square(op, a);
    boolean vectors = b.rank() == 1 || b.rank() == a.rank() - 1 && b.shape().equals(a.shape().range(0, a.rank() - 1));
    if (vectors && !left) {
      throw new ArgumentException(op + ": vectors are columns; pass a matrix for X A = B: " + b.shape());
    }
    Tensor sides = vectors ? b.unsqueeze(-1) : b;
    Linalg.matrix(op, sides);
    Tensor right = left ? sides : Linalg.mT(sides);
    if (a.size(-1) != right.size(-2)) {
      throw new ShapeException(op + ": incompatible shapes of A and B: " + a.shape() + " and " + b.shape());
    }
    Tensor[] x = Linalg.broadcast(op, left ? a : Linalg.mT(a), right);
    Linalg.Checked y = checked ? new Linalg.Checked(Primitives.solve(x[0], x[1]), Tensor.zeros(0)) : unchecked(x[0], x[1]);
    Tensor z = left ? y.result() : Linalg.mT(y.result());
    return new Linalg.Checked(vectors ? z.squeeze(-1) : z, y.info());
  }

  private static Linalg.Checked unchecked(Tensor a, Tensor b) {
    Tensor[] f = Primitives.lu(a.detach(), false);
    return new Linalg.Checked(Primitives.luSolve(a, f[0], f[1], b, false), LuForms.info(f[0]));
  }

  static Linalg.LeastSquares lstsq(Tensor a, Tensor b, double rcond) {
    boolean vectors = a.rank() - 1 == b.rank() && b.shape().equals(a.shape().range(0, a.rank() - 1));
    Tensor sides = vectors ? b.unsqueeze(-1) : b;
    Linalg.matrix("lstsq", sides);
    if (a.size(-2) != sides.size(-2)) {
      throw new ShapeException("lstsq: A and B must have the same number of rows: " + a.shape() + " and " + b.shape());
    }
    Tensor[] x = Linalg.broadcast("lstsq", a, sides);
    RankOptions options = RankOptions.DEFAULT.rtol(rcond);
    Tensor solution = Linalg.pinv(a, options).matmul(sides);
    Tensor s = Primitives.svd(a.detach(), false)[1];
    Tensor rank = s.gt(options.tolerance(s, a.shape()).unsqueeze(-1)).sum(-1);
    Tensor rest = x[0].detach().matmul(solution.detach()).sub(x[1].detach()).square().sum(-2);
    return new Linalg.LeastSquares(vectors ? solution.squeeze(-1) : solution, vectors ? rest.squeeze(-1) : rest, rank, s);
  }

  static Tensor tensorinv(Tensor a, int ind) {
    if (ind <= 0 || ind > a.rank()) {
      throw new ArgumentException("tensorinv: expected a strictly positive number of axes of rows, at most " + a.rank() + ": " + ind);
    }
    Shape rows = a.shape().range(0, ind);
    Shape columns = a.shape().range(ind, a.rank());
    if (rows.size() != columns.size()) {
      throw new ShapeException("tensorinv: the first " + ind + " axes and the others must have as many elements: " + a.shape());
    }
    int n = Math.toIntExact(rows.size());
    Tensor inverse = Linalg.inv(a.reshape(n, n));
    return inverse.reshape(IntStream.concat(IntStream.of(columns.dims()), IntStream.of(rows.dims())).toArray());
  }

  static Tensor tensorsolve(Tensor a, Tensor b, int... axes) {
    int[] end = IntStream.range(a.rank() - axes.length, a.rank()).toArray();
    Tensor moved = axes.length == 0 ? a : a.movedim(axes, end);
    int n = Math.toIntExact(b.size());
    if (b.rank() > moved.rank() || moved.size() != (long) n * n) {
      throw new ShapeException("tensorsolve: A must have the square of B's number of elements: " + a.shape() + " and " + b.shape());
    }
    Tensor x = Linalg.solve(moved.reshape(n, n), b.reshape(n));
    return x.reshape(moved.shape().range(b.rank(), moved.rank()).dims());
  }
}
