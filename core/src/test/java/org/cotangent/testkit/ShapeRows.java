package org.cotangent.testkit;

import static org.cotangent.testkit.OpRow.many;
import static org.cotangent.testkit.OpRow.of;
import static org.cotangent.testkit.OpRow.row;

import java.util.List;
import java.util.function.UnaryOperator;
import org.cotangent.Index;
import org.cotangent.Primitives;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.IndexException;
import org.cotangent.errors.ShapeException;
import org.cotangent.testkit.OpRow.Part;

/** Rows of views, of movement and of indexing. */
final class ShapeRows {
  private static final int[] CUBE = {2, 3, 4};

  private ShapeRows() {}

  private static OpRow move(String name, UnaryOperator<Tensor> f) {
    return row(name, x -> f.apply(x[0]), CUBE);
  }

  private static Tensor matrix() {
    return Tensor.ones(2, 3);
  }

  /** Positions on the device of {@code x}. */
  private static Tensor at(Tensor x, long... i) {
    return Tensor.of(i).to(x.device());
  }

  static List<OpRow> rows() {
    var r = new java.util.ArrayList<OpRow>(views());
    r.addAll(more());
    r.addAll(indexing());
    return r;
  }

  private static List<OpRow> views() {
    return List.of(
        move("reshape", x -> x.reshape(4, -1)).empty(of(0, 4))
            .refuses("[2, 3] as [4]", ShapeException.class, "does not fit [4]", () -> matrix().reshape(4)),
        move("view", x -> x.view(6, 4)), move("flatten", x -> x.flatten()).scalars().empty(of(0, 4)),
        move("flatten of axes", x -> x.flatten(1, 2)),
        move("permute", x -> x.permute(2, 0, 1)).empty(of(0, 3, 4))
            .refuses("an axis twice", ShapeException.class, "each axis", () -> matrix().permute(0, 0)),
        move("transpose", x -> x.transpose(0, -1)), row("t", x -> x[0].t(), of(2, 3)).empty(of(0, 3))
            .refuses("three axes", ShapeException.class, "at most two", () -> Tensor.ones(1, 2, 3).t()),
        move("movedim", x -> x.movedim(0, 2)), move("movedim forward", x -> x.movedim(-1, 0)),
        row("expand", x -> x[0].expand(5, 2, 3, 4), of(3, 1))
            .refuses("[2, 3] to [3, 3]", ShapeException.class, "does not expand", () -> matrix().expand(3, 3)),
        row("expandAs", x -> x[0].expandAs(x[1]), of(3, 1), of(2, 3, 4)),
        row("squeeze", x -> x[0].squeeze(), of(2, 1, 3, 1)), row("squeeze axis", x -> x[0].squeeze(1), of(2, 1, 3, 1)),
        move("unsqueeze", x -> x.unsqueeze(1)).refuses("axis 4 of two", ShapeException.class, "4", () -> matrix().unsqueeze(4)),
        move("select", x -> x.select(1, -1)).refuses("index 3 of 3", IndexException.class, "out of range", () -> matrix().select(1, 3)),
        move("narrow", x -> x.narrow(1, 1, 2)).empty(of(0, 3))
            .refuses("past the end", ShapeException.class, "do not fit", () -> matrix().narrow(1, 2, 2)),
        move("slice", x -> x.slice(2, 1, 4, 2))
            .refuses("step 0", ArgumentException.class, "not positive", () -> matrix().slice(1, 0, 3, 0)),
        move("flip", x -> x.flip(0, 2)).empty(of(0, 3, 4)), row("diagonal", x -> x[0].diagonal(), of(3, 4)),
        move("diagonal of axes", x -> x.diagonal(1, 1, 2)), move("diagonal below", x -> x.diagonal(-1, 2, 0)),
        move("unfold", x -> x.unfold(2, 2, 1))
            .refuses("windows too large", ShapeException.class, "do not fit", () -> matrix().unfold(1, 4, 1)));
  }

  private static List<OpRow> more() {
    return List.of(
        many("chunk", x -> x[0].chunk(2, 1), CUBE).refuses("0 parts", ArgumentException.class, "parts", () -> matrix().chunk(0, 0)),
        many("split", x -> x[0].split(2, 1), CUBE), move("repeat", x -> x.repeat(2, 1, 3, 1))
            .refuses("too few numbers", ShapeException.class, "fewer", () -> matrix().repeat(2)),
        row("cat", x -> Tensor.cat(1, x), of(2, 3), of(2, 1), of(2, 2)).empty(of(0, 3), of(0, 1), of(0, 2))
            .refuses("rows of 3 and 4", ShapeException.class, "differ", () -> Tensor.cat(0, matrix(), Tensor.ones(2, 4))),
        row("stack", x -> Tensor.stack(1, x), of(2, 3), of(2, 3))
            .refuses("other shapes", ShapeException.class, "shapes differ", () -> Tensor.stack(matrix(), Tensor.ones(2))),
        row("repeated", x -> Primitives.repeated(x[0], 1, 3), of(2, 4)),
        row("repeated at the end", x -> Primitives.repeated(x[0], -1, 3), of(2, 4)),
        row("window", x -> Primitives.window(x[0], 1, 2, 1, 2), of(2, 5, 2)),
        row("overlapAdd", x -> Primitives.overlapAdd(x[0], 1, 1, 2, 5), of(2, 3, 2)),
        row("pad", x -> Primitives.pad(x[0], 1, 2, 1), CUBE),
        row("contract", x -> Primitives.contract("bik", x[0], "kj", x[1], "jbi"), of(2, 3, 4), of(4, 2)),
        row("contract three times", x -> Primitives.contract("abc", x[0], "cab", x[1], "a"), of(2, 3, 4), of(4, 2, 3)),
        row("single", x -> Primitives.single("single", "Single", x[0], v -> v.sin().add(v.cos()).exp()), of(2, 3)),
        row("pointwise", x -> Primitives.pointwise(
            org.cotangent.expr.Expr.call(org.cotangent.expr.Fn.MUL, org.cotangent.expr.Expr.arg(0), org.cotangent.expr.Expr.arg(1)), x),
                of(2, 3), of(3)));
  }

  private static List<OpRow> indexing() {
    return List.of(
        move("get", x -> x.get(1, 2)).refuses("too many", ShapeException.class, "indices", () -> matrix().get(0, 0, 0)),
        move("get parts", x -> x.get(Index.all(), Index.range(0, 3, 2), Index.newAxis(), Index.at(1))),
        move("get rows", x -> x.get(at(x, 1, 0, 1))), move("get positions", x -> x.get(Index.of(at(x, 0, 1, 1)), Index.of(at(x, 2, 0, 0)))),
        move("get mixed", x -> x.get(Index.ellipsis(), Index.of(at(x, 3, 0, 3)))),
        row("set", x -> {
          Tensor y = x[0].copy();
          y.set(0, x[1]);
          y.set(1, 2, x[1].select(0, 0));
          return y.mul(x[0]);
        }, CUBE, of(3, 4)),
        row("set positions", x -> {
          Tensor y = x[0].mul(2);
          y.set(at(y, 1), x[1]);
          return y.mul(x[0]);
        }, CUBE, of(3, 4)),
        row("indexSelect", x -> x[0].indexSelect(1, x[1]), of(2, 3, 4), of(5)).index(1, 3)
            .refuses("a matrix of positions", ShapeException.class, "vector",
                () -> matrix().indexSelect(0, Tensor.of(new long[] {0, 0}, 1, 2)))
            .refuses("position 3 of 3", IndexException.class, "3", () -> matrix().indexSelect(1, at(matrix(), 3)).toFloatArray()),
        row("gather", x -> x[0].gather(1, x[1]), of(2, 3, 4), of(2, 5, 3)).index(1, 3)
            .refuses("position 3 of 3", IndexException.class, "3",
                () -> matrix().gather(1, Tensor.of(new long[] {3, 0}, 2, 1)).toFloatArray()),
        row("gather rows", x -> x[0].gather(0, x[1]), of(3, 2), of(4, 2)).index(1, 3),
        row("scatterAdd", x -> x[0].scatterAdd(1, x[1], x[2]), of(2, 3), of(2, 4), of(2, 4)).index(1, 3)
            .refuses("other types", DTypeException.class, "types differ",
                () -> matrix().scatterAdd(0, at(matrix(), 0).reshape(1, 1), Tensor.of(1.0).reshape(1, 1))),
        row("scatterAdd to fewer", x -> x[0].scatterAdd(0, x[1], x[2]), of(3, 4), of(2, 3), of(3, 3)).index(1, 3),
        row("maskedSelect", x -> x[0].maskedSelect(at(x[0], 1, 0, 1).ne(0L)), of(2, 3)),
        row("maskedSelect of a mask", x -> x[0].maskedSelect(x[1]), of(2, 3), of(2, 3)).mask(1).without(Part.VMAP),
        row("nonzero", x -> x[0].nonzero(), of(2, 3)).index(0, 2).without(Part.FIRST, Part.VMAP),
        row("oneHot", x -> x[0].oneHot(4), of(2, 3)).index(0, 4).without(Part.FIRST)
            .refuses("floating numbers", ArgumentException.class, "integers", () -> matrix().oneHot(3)));
  }
}
