package org.cotangent.ops;

import java.util.Arrays;
import org.cotangent.DType;
import org.cotangent.Primitives;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;
import org.cotangent.ops.GridOptions.Mode;
import org.cotangent.ops.GridOptions.Outside;
import org.cotangent.transform.Gate;
import org.cotangent.transform.OpName;

/** Pictures read at the places of a grid, and grids of affine maps: a spatial transformer (Jaderberg et al. 2015). */
public final class GridSampling {
  private static final double KEYS = -0.75;
  private final Tensor x;
  private final Tensor grid;
  private final GridOptions options;
  private final int n;

  private GridSampling(Tensor x, Tensor grid, GridOptions options) {
    this.x = x;
    this.grid = grid;
    this.options = options;
    this.n = x.rank() - 2;
    String op = "gridSample";
    if (n < 2 || n > 3 || grid.rank() != x.rank()) {
      throw new ShapeException(op + ": expected 4D or 5D input and grid with same number of dimensions, but got " + x.shape() + " and "
          + grid.shape());
    }
    if (grid.size(0) != x.size(0) || grid.size(-1) != n) {
      throw new ShapeException(op + ": grid " + grid.shape() + " does not fit " + x.shape() + "; expected [" + x.size(0) + ", ..., " + n
          + "]");
    }
    if (!x.dtype().floating() || grid.dtype() != x.dtype()) {
      throw new DTypeException(op + ": needs input and grid of one floating type, not " + x.dtype() + " and " + grid.dtype());
    }
    if (options.mode() == Mode.BICUBIC && n != 2) {
      throw new ArgumentException(op + ": bicubic interpolation only supports 4D input, not " + x.shape());
    }
    for (int i = 2; i < x.rank(); i++) {
      if (x.size(i) == 0) {
        throw new ShapeException(op + ": expected input to have non-empty spatial dimensions, but got " + x.shape());
      }
    }
  }

  /**
   * The picture's values at the places of a grid: [n, c, h, w] at [n, oh, ow, 2] → [n, c, oh, ow], or [n, c, d, h, w] at [n, od, oh, ow,
   * 3]. A place is (x, y) or (x, y, z), from -1 to 1 within the picture, x along its last axis.
   *
   * @throws ShapeException if the grid does not fit
   */
  public static Tensor gridSample(Tensor x, Tensor grid, GridOptions options) {
    var run = new GridSampling(x, grid, options);
    return Primitives.single(
        "gridSample", run.n == 2 ? "GridSampler2D" : "GridSampler3D", x, v -> new GridSampling(v, Losses.wide(grid, v), options).all());
  }

  private Tensor all() {
    Tensor[] places = new Tensor[n];
    for (int i = 0; i < n; i++) {
      Tensor p = unnormalized(grid.select(-1, n - 1 - i), x.size(i + 2));
      places[i] = options.mode() == Mode.BICUBIC ? p : bounded(p, x.size(i + 2));
    }
    int taps = options.mode() == Mode.NEAREST ? 1 : options.mode() == Mode.BILINEAR ? 2 : 4;
    Tensor sum = null;
    for (int k = 0; k < Math.powExact(taps, n); k++) {
      Tensor part = tap(places, k, taps);
      sum = sum == null ? part : sum.add(part);
    }
    return sum;
  }

  /** One of the elements around each place, with its weight. */
  private Tensor tap(Tensor[] places, int number, int taps) {
    Tensor weight = null;
    Tensor inside = null;
    Tensor at = null;
    int k = number;
    for (int i = n - 1; i >= 0; i--, k /= taps) {
      int size = x.size(i + 2);
      Tensor corner = taps == 1 ? nearest(places[i]) : places[i].floor().add((double) (k % taps - (taps == 4 ? 1 : 0)));
      Tensor rest = places[i].sub(places[i].floor());
      Tensor w = taps == 4 ? cubic(rest, k % taps) : k % taps == 0 ? rest.rsub(1.0) : rest;
      weight = taps == 1 ? null : weight == null ? w : weight.mul(w);
      Tensor c = (taps == 4 ? bounded(corner, size) : corner).detach();
      Tensor ok = c.ge(0).and(c.le(size - 1));
      inside = inside == null ? ok : inside.and(ok);
      int stride = 1;
      for (int j = i + 1; j < n; j++) {
        stride *= x.size(j + 2);
      }
      Tensor part = Tensor.where(ok, c, Tensor.zerosLike(c)).to(DType.INT64).mul((long) stride);
      at = at == null ? part : at.add(part);
    }
    Tensor v = gathered(at);
    Tensor seen = Tensor.where(inside.unsqueeze(1), v, Tensor.zerosLike(v));
    return weight == null ? seen : seen.mul(weight.unsqueeze(1));
  }

  /** The nearest integers: of halves the even ones in pictures, those away from 0 in volumes, as in PyTorch. */
  private Tensor nearest(Tensor p) {
    if (n == 2) {
      return p.round();
    }
    Tensor whole = p.trunc();
    return Tensor.where(p.sub(whole).abs().ge(0.5), whole.add(p.sign()), whole);
  }

  /** [n, c, o...] at positions [n, o...]. */
  private Tensor gathered(Tensor at) {
    int[] out = at.shape().dims();
    int count = 1;
    for (int i = 1; i < out.length; i++) {
      count *= out[i];
    }
    Tensor wide = at.reshape(out[0], 1, count).expand(out[0], x.size(1), count);
    int[] d = new int[x.rank()];
    System.arraycopy(out, 1, d, 2, n);
    d[0] = out[0];
    d[1] = x.size(1);
    return x.flatten(2, -1).gather(2, wide).reshape(d);
  }

  private Tensor unnormalized(Tensor g, int size) {
    Tensor from = g.add(1.0);
    return options.alignCorners() ? from.div(2).mul(size - 1.0) : from.mul((double) size).sub(1.0).div(2);
  }

  /** Places brought into the picture; where they are limited the gradient is 0. */
  private Tensor bounded(Tensor p, int size) {
    if (options.outside() == Outside.ZEROS) {
      return p;
    }
    Tensor q = options.outside() == Outside.BORDER ? p : options.alignCorners() ? reflected(p, 0, size - 1) : reflected(p, -0.5, size);
    Tensor zero = Tensor.zerosLike(q);
    Tensor low = Tensor.where(q.gt(0), q, zero);
    return Tensor.where(low.lt(size - 1), low, zero.add(size - 1.0));
  }

  /** A ray between two mirrors: at {@code low} and {@code span} further on. */
  private static Tensor reflected(Tensor p, double low, double span) {
    if (span == 0) {
      return Tensor.zerosLike(p);
    }
    Tensor d = p.sub(low);
    Tensor away = Tensor.where(d.lt(0), d.neg(), d);
    Tensor flips = away.detach().div(span).floor();
    Tensor extra = away.sub(flips.mul(span));
    return Tensor.where(flips.remainder(2.0).eq(0), extra.add(low), extra.rsub(span + low));
  }

  /** The weight of element {@code k} of four, for places {@code t} behind the second (Keys 1981). */
  private static Tensor cubic(Tensor t, int k) {
    double a = KEYS;
    Tensor d = k < 2 ? t.add(1.0 - k) : t.rsub(k - 1.0);
    if (k == 1 || k == 2) {
      return d.mul(a + 2).sub(a + 3).mul(d).mul(d).add(1.0);
    }
    return d.mul(a).sub(5 * a).mul(d).add(8 * a).mul(d).sub(4 * a);
  }

  /**
   * The grid of an affine map for {@link #gridSample}: matrices [n, 2, 3] and size [n, c, h, w] → [n, h, w, 2], matrices [n, 3, 4] and
   * size [n, c, d, h, w] → [n, d, h, w, 3].
   *
   * @throws ShapeException if the matrices do not fit the size
   * @throws ArgumentException if a size is not positive
   */
  public static Tensor affineGrid(Tensor theta, int[] size, boolean alignCorners) {
    int n = size.length - 2;
    if (!theta.dtype().floating()) {
      throw new DTypeException("affineGrid: expected theta to have floating point type, but got " + theta.dtype());
    }
    if (n < 2 || n > 3 || theta.rank() != 3 || theta.size(0) != size[0] || theta.size(1) != n || theta.size(2) != n + 1) {
      throw new ShapeException("affineGrid: theta " + theta.shape() + " does not fit size " + Arrays.toString(size)
          + "; expected [n, 2, 3] with [n, c, h, w] or [n, 3, 4] with [n, c, d, h, w]");
    }
    if (Arrays.stream(size).anyMatch(s -> s < 1)) {
      throw new ArgumentException("affineGrid: expected non-zero, positive output size, got " + Arrays.toString(size));
    }
    int[] spatial = Arrays.copyOfRange(size, 2, size.length);
    return Gate.named(OpName.of("affineGrid", "AffineGridGenerator"), () -> {
      Tensor[] base = new Tensor[n + 1];
      for (int i = 0; i < n; i++) {
        int axis = n - 1 - i;
        int[] own = new int[n];
        Arrays.fill(own, 1);
        own[axis] = spatial[axis];
        base[i] = Tensor.of(places(spatial[axis], alignCorners)).to(theta.dtype()).to(theta.device()).reshape(own).expand(spatial);
      }
      base[n] = Tensor.full(org.cotangent.Shape.of(spatial), 1, theta.dtype(), theta.device());
      Tensor points = Tensor.stack(-1, base).reshape(-1, n + 1);
      int[] out = new int[n + 2];
      System.arraycopy(spatial, 0, out, 1, n);
      out[0] = size[0];
      out[n + 1] = n;
      return points.matmul(theta.transpose(1, 2)).reshape(out);
    });
  }

  /** {@code n} numbers from -1 to 1, or the middles of as many parts of that. */
  private static double[] places(int n, boolean ends) {
    double[] r = new double[n];
    for (int i = 0; i < n; i++) {
      r[i] = n == 1 ? (ends ? -1 : 0) : (2.0 * i / (n - 1) - 1) * (ends ? 1 : (n - 1.0) / n);
    }
    return r;
  }
}
