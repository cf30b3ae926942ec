package org.cotangent.examples.laws;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.cotangent.Index;
import org.cotangent.Primitives;
import org.cotangent.Tensor;

/** What a random program is made of. Functions are scaled so that values and slopes stay near 1. */
final class Steps {
  /**
   * One kind of step.
   *
   * @param weight how often it is drawn
   * @param kinked whether its derivative is not everywhere the limit of differences
   * @param leastRank axes that its operand must have
   * @param run the step; empty if the shape does not suit it
   */
  record Step(String name, int weight, boolean kinked, int leastRank, BiFunction<Draw, Tensor, Optional<Tensor>> run) {}

  private static final List<Step> ALL = new ArrayList<>();
  private static final int TOTAL;

  static {
    functions();
    combinations();
    products();
    reductions();
    movement();
    indexing();
    writes();
    TOTAL = ALL.stream().mapToInt(Step::weight).sum();
  }

  private Steps() {}

  static Step draw(Random r) {
    int k = r.nextInt(TOTAL);
    for (Step s : ALL) {
      k -= s.weight();
      if (k < 0) {
        return s;
      }
    }
    throw new IllegalStateException("weights do not add up");
  }

  private static void add(String name, int weight, int leastRank, BiFunction<Draw, Tensor, Tensor> f) {
    ALL.add(new Step(name, weight, false, leastRank, (d, x) -> Optional.of(f.apply(d, x))));
  }

  private static void kinked(String name, int leastRank, BiFunction<Draw, Tensor, Tensor> f) {
    ALL.add(new Step(name, 2, true, leastRank, (d, x) -> Optional.of(f.apply(d, x))));
  }

  private static void smooth(String name, UnaryOperator<Tensor> f) {
    add(name, 2, 0, (d, x) -> f.apply(x));
  }

  private static void binary(String name, BinaryOperator<Tensor> f) {
    add(name, 5, 0, (d, x) -> f.apply(x, d.partner(x)));
  }

  private static void functions() {
    smooth("sin", Tensor::sin);
    smooth("cos", Tensor::cos);
    smooth("tanh", Tensor::tanh);
    smooth("sigmoid", Tensor::sigmoid);
    smooth("softplus", Tensor::softplus);
    smooth("exp of a third", x -> x.mul(0.3).exp());
    smooth("expm1 of a third", x -> x.mul(0.3).expm1());
    smooth("log1p of the square", x -> x.square().log1p());
    smooth("sqrt of the square", x -> x.square().add(0.5).sqrt());
    smooth("rsqrt of the square", x -> x.square().add(0.5).rsqrt());
    smooth("atan", Tensor::atan);
    smooth("asinh", Tensor::asinh);
    smooth("gelu", Tensor::gelu);
    smooth("silu", Tensor::silu);
    smooth("erf", Tensor::erf);
    smooth("bell", x -> x.square().add(1).rdiv(1));
    smooth("cube", x -> x.mul(0.5).pow(3));
    smooth("square", x -> x.square().mul(0.5));
    smooth("neg", Tensor::neg);
    smooth("logSigmoid", Tensor::logSigmoid);
    kinked("detached factor", 0, (d, x) -> x.mul(x.detach().sin()));
    kinked("relu", 0, (d, x) -> x.relu());
    kinked("abs", 0, (d, x) -> x.abs());
    kinked("clamp", 0, (d, x) -> x.clamp(-0.5, 0.6));
    kinked("round", 0, (d, x) -> x.add(x.mul(3).round()));
  }

  private static void combinations() {
    binary("add", Tensor::add);
    binary("sub", Tensor::sub);
    binary("mul", Tensor::mul);
    binary("div", (x, y) -> x.div(y.square().add(1)));
    binary("atan2", (x, y) -> x.atan2(y.sin().add(2)));
    binary("pow", (x, y) -> x.square().add(0.5).pow(y.tanh()));
    kinked("maximum", 0, (d, x) -> x.maximum(d.partner(x)));
    kinked("minimum", 0, (d, x) -> x.minimum(d.partner(x)));
    kinked("where", 0, (d, x) -> Tensor.where(x.gt(0), d.partner(x), x.sin()));
    add("where of a constant", 2, 0, (d, x) -> Tensor.where(d.constant(x.shape().dims()).gt(0), d.twin(x), x));
  }

  private static void products() {
    add("matmul", 6, 1, (d, x) -> x.matmul(d.constant(x.size(-1), 1 + d.below(3))));
    add("matmul from the left", 4, 2, (d, x) -> d.constant(1 + d.below(3), x.size(-2)).matmul(x));
    add("matmul with itself", 3, 2, (d, x) -> x.matmul(x.transpose(-1, -2)).mul(0.5));
    add("matmul vector", 2, 1, (d, x) -> x.matmul(d.constant(x.size(-1))));
    add("dot", 2, 1, (d, x) -> x.reshape(-1).dot(d.twin(x).reshape(-1)));
    add("outer", 2, 1, (d, x) -> x.select(0, 0).reshape(-1).outer(d.constant(2)));
    add("contract", 2, 2, (d, x) -> Primitives.contract("ab", x.reshape(x.size(0), -1), "ab", d.constant(x.size(0),
        (int) x.size() / x.size(0)), "a"));
  }

  private static void reductions() {
    add("sum", 3, 1, (d, x) -> x.sum(new int[] {d.axis(x)}, d.coin()));
    add("mean", 2, 1, (d, x) -> x.mean(new int[] {d.axis(x)}, d.coin()));
    add("prod", 2, 1, (d, x) -> x.prod(d.axis(x)));
    add("var", 1, 1, (d, x) -> x.var(new int[] {d.axis(x)}, 0, d.coin()));
    add("logSumExp", 2, 1, (d, x) -> x.logSumExp(new int[] {d.axis(x)}, d.coin()));
    add("softmax", 3, 1, (d, x) -> x.softmax(d.axis(x)));
    add("logSoftmax", 2, 1, (d, x) -> x.logSoftmax(d.axis(x)));
    add("cumsum", 3, 1, (d, x) -> x.cumsum(d.axis(x)));
    add("cumprod", 3, 1, (d, x) -> x.cumprod(d.axis(x)));
    kinked("amax", 1, (d, x) -> x.amax(new int[] {d.axis(x)}, d.coin()));
    kinked("max", 1, (d, x) -> x.max(d.axis(x)).values());
    kinked("sort", 1, (d, x) -> x.sort(d.axis(x), d.coin()).values());
  }

  private static void movement() {
    add("flatten", 2, 1, (d, x) -> x.reshape(-1));
    add("reverse axes", 2, 2, (d, x) -> x.permute(IntStream.range(0, x.rank()).map(i -> x.rank() - 1 - i).toArray()));
    add("unsqueeze", 1, 0, (d, x) -> x.unsqueeze(d.below(x.rank() + 1)));
    add("squeeze", 1, 0, (d, x) -> x.squeeze());
    add("select", 1, 1, (d, x) -> x.select(d.axis(x), -1));
    add("narrow", 2, 1, (d, x) -> part(x, d.axis(x)));
    add("slice", 2, 1, (d, x) -> {
      int a = d.axis(x);
      return x.slice(a, d.below(x.size(a)), x.size(a), 2);
    });
    add("flip", 2, 1, (d, x) -> x.flip(d.axis(x)));
    add("expand", 2, 0, (d, x) -> x.unsqueeze(0).expand(x.shape().prepend(2).dims()));
    add("repeat", 1, 1, (d, x) -> x.repeat(IntStream.range(0, x.rank()).map(i -> i == 0 ? 2 : 1).toArray()));
    add("diagonal", 2, 2, (d, x) -> x.diagonal(0, 0, 1));
    add("cat", 3, 1, (d, x) -> Tensor.cat(d.axis(x), x, d.twin(x)));
    add("stack", 3, 0, (d, x) -> Tensor.stack(d.below(x.rank() + 1), x, d.twin(x)));
    ALL.add(new Step("unfold", 2, false, 1, (d, x) -> {
      int a = d.axis(x);
      return x.size(a) < 2 ? Optional.empty() : Optional.of(x.unfold(a, 2, 1));
    }));
    add("pad", 1, 1, (d, x) -> Primitives.pad(x, d.axis(x), 1, d.below(2)));
  }

  private static Tensor part(Tensor x, int a) {
    int n = x.size(a);
    return n < 2 ? x : x.narrow(a, 1, n - 1);
  }

  private static void indexing() {
    add("indexSelect", 3, 1, (d, x) -> {
      int a = d.axis(x);
      return x.indexSelect(a, d.positions(x.size(a), 1 + d.below(3)));
    });
    add("gather", 3, 1, (d, x) -> {
      int a = d.axis(x);
      return x.gather(a, d.positions(x.size(a), x.shape().with(a, 2).dims()));
    });
    add("scatterAdd", 3, 1, (d, x) -> {
      int a = d.axis(x);
      return x.scatterAdd(a, d.positions(x.size(a), x.shape().dims()), d.twin(x));
    });
    add("get rows", 2, 1, (d, x) -> x.get(d.positions(x.size(0), 2)));
    add("get parts", 2, 2, (d, x) -> x.get(Index.of(d.positions(x.size(0), 2)), Index.of(d.positions(x.size(1), 2))));
    add("maskedFill", 2, 0, (d, x) -> x.maskedFill(d.constant(x.shape().dims()).gt(0), 0.3));
  }

  private static void writes() {
    add("mul_", 2, 0, (d, x) -> x.copy().mul_(d.twin(x)));
    add("add_ to a constant", 2, 0, (d, x) -> d.constant(x.shape().dims()).add_(x));
    add("mul_ on a view", 3, 1, (d, x) -> {
      Tensor y = x.mul(2);
      part(y, d.axis(y)).mul_(d.twin(x).sum());
      return y;
    });
    add("copy_ to a view", 3, 1, (d, x) -> {
      Tensor y = d.twin(x).copy();
      y.select(0, 0).copy_(x.select(0, x.size(0) - 1).sin());
      return y.mul(x);
    });
    add("set", 2, 2, (d, x) -> {
      Tensor y = x.copy();
      y.transpose(0, -1).set(0, x.transpose(0, -1).get(-1));
      return y;
    });
    add("a view after a write", 2, 1, (d, x) -> {
      Tensor y = x.copy();
      Tensor view = y.flip(0);
      Tensor part = y.narrow(0, 0, 1);
      y.add_(d.twin(x));
      return view.add(part);
    });
  }
}
