package org.cotangent.benchmarks.nd4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cotangent.benchmarks.compare.Data;
import org.cotangent.benchmarks.compare.Task;
import org.cotangent.benchmarks.compare.Work;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Gradients in ND4J, by SameDiff graphs that are defined once and run many times. */
final class Nd4jGradients {
  private Nd4jGradients() {}

  /** Gradients of the graph's loss by these variables a run, closed after it and compared one behind the other. */
  private static Work of(SameDiff sd, SDVariable loss, String... by) {
    sd.setLossVariables(loss);
    return new Work() {
      @Override
      public void run() {
        sd.calculateGradients(Map.of(), by).values().forEach(INDArray::close);
      }

      @Override
      public float[] result() {
        Map<String, INDArray> g = sd.calculateGradients(Map.of(), by);
        return Nd4jEngine.numbers(Nd4j.concat(0, List.of(by).stream().map(n -> Nd4j.create(Nd4jEngine.numbers(g.get(n)))).toArray(INDArray[]::new)));
      }
    };
  }

  static Work chain(INDArray a, INDArray b) {
    SameDiff sd = SameDiff.create();
    SDVariable x = sd.var("x", a);
    SDVariable y = sd.constant("y", b);
    SDVariable z = sd.nn.sigmoid(sd.math.tanh(x).mul(y).add(x)).mul(y).sub(x);
    return of(sd, z.sum("loss"), "x");
  }

  static Work rows(Task.Rows r) {
    SameDiff sd = SameDiff.create();
    SDVariable x = sd.var("x", Nd4jEngine.data(Data.normal(1, r.rows() * r.cols()), r.rows(), r.cols()));
    SDVariable ct = sd.constant("ct", Nd4jEngine.data(Data.normal(2, r.rows() * r.cols()), r.rows(), r.cols()));
    return switch (r.fn()) {
      case "softmax" -> of(sd, sd.nn.softmax(x, 1).mul(ct).sum("loss"), "x");
      case "layer norm" -> {
        SDVariable scale = sd.var("scale", Nd4jEngine.data(Data.normal(3, r.cols()), r.cols()));
        SDVariable shift = sd.var("shift", Nd4jEngine.data(Data.normal(4, r.cols()), r.cols()));
        yield of(sd, sd.nn.layerNorm(x, scale, shift, false, 1).mul(ct).sum("loss"), "x", "scale", "shift");
      }
      case "cross entropy" -> {
        SDVariable target = sd.constant("target", Nd4jTraining.oneHot(Data.classes(5, r.rows(), r.cols()), r.cols()));
        yield of(sd, sd.loss.softmaxCrossEntropy("loss", target, x, null), "x");
      }
      default -> throw new IllegalArgumentException(r.fn());
    };
  }

  static Work transformer(Task.Transformer t) {
    int d = t.width();
    int heads = 4;
    SameDiff sd = SameDiff.create();
    SDVariable x = sd.var("x", Nd4jEngine.data(Data.normal(1, t.batch() * t.tokens() * d), t.batch(), t.tokens(), d));
    SDVariable wqkv = sd.var("wqkv", Nd4jJacobians.weight(0, 3 * d, d));
    SDVariable wo = sd.var("wo", Nd4jJacobians.weight(1, d, d));
    SDVariable w1 = sd.var("w1", Nd4jJacobians.weight(2, 4 * d, d));
    SDVariable w2 = sd.var("w2", Nd4jJacobians.weight(3, d, 4 * d));
    SDVariable ct = sd.constant("ct", Nd4jEngine.data(Data.normal(9, t.batch() * t.tokens() * d), t.batch() * t.tokens(), d));
    SDVariable one = sd.constant("one", Nd4j.ones(DataType.FLOAT, d));
    SDVariable rows = x.reshape(t.batch() * t.tokens(), d);
    SDVariable qkv = sd.nn.layerNorm(rows, one, false, 1).mmul(wqkv)
        .reshape(t.batch(), t.tokens(), 3, heads, d / heads).permute(2, 0, 3, 1, 4);
    SDVariable[] part = sd.unstack(qkv, 0, 3);
    SDVariable scores = part[0].mmul(part[1].permute(0, 1, 3, 2)).mul(1 / Math.sqrt(d / heads));
    SDVariable mixed = sd.nn.softmax(scores, 3).mmul(part[2]).permute(0, 2, 1, 3).reshape(t.batch() * t.tokens(), d);
    SDVariable h = rows.add(mixed.mmul(wo));
    SDVariable wide = sd.nn.layerNorm(h, one, false, 1).mmul(w1);
    SDVariable y = h.add(gelu(sd, wide).mmul(w2));
    Work all = of(sd, y.mul(ct).sum("loss"), "x", "wqkv", "wo", "w1", "w2");
    return new Work() {
      @Override
      public void run() {
        all.run();
      }

      @Override
      public float[] result() {
        return java.util.Arrays.copyOf(all.result(), t.batch() * t.tokens() * d);
      }
    };
  }

  /** ND4J's own gelu is an approximation by tanh or by the sigmoid function. */
  private static SDVariable gelu(SameDiff sd, SDVariable x) {
    return sd.math.erf(x.mul(Math.sqrt(0.5))).add(1).mul(x).mul(0.5);
  }

  /** One forward and backward pass for each sample. */
  static Work perSample(int... widths) {
    int n = 256;
    int in = widths[0];
    int out = widths[widths.length - 1];
    SameDiff sd = SameDiff.create();
    SDVariable x = sd.placeHolder("x", DataType.FLOAT, 1, in);
    SDVariable y = sd.placeHolder("y", DataType.INT64, 1);
    SDVariable h = x;
    var names = new ArrayList<String>();
    for (int l = 0; l + 1 < widths.length; l++) {
      SDVariable w = sd.var("w" + l, Nd4jJacobians.weight(l, widths[l + 1], widths[l]));
      SDVariable b = sd.var("b" + l, Nd4jJacobians.bias(l, widths[l + 1]));
      names.addAll(List.of("w" + l, "b" + l));
      h = h.mmul(w).add(b);
      h = l + 2 < widths.length ? sd.math.tanh(h) : h;
    }
    sd.setLossVariables(sd.loss.sparseSoftmaxCrossEntropy(h, y).sum("loss"));
    INDArray xs = Nd4jEngine.data(Data.normal(1, n * in), n, in);
    INDArray ys = Nd4j.createFromArray(Data.classes(2, n, out));
    return new Work() {
      private List<Map<String, INDArray>> each() {
        var all = new ArrayList<Map<String, INDArray>>();
        for (int i = 0; i < n; i++) {
          var at = NDArrayIndex.interval(i, i + 1);
          all.add(sd.calculateGradients(Map.of("x", xs.get(at, NDArrayIndex.all()), "y", ys.get(at)), names));
        }
        return all;
      }

      @Override
      public void run() {
        each().forEach(g -> g.values().forEach(INDArray::close));
      }

      @Override
      public float[] result() {
        return Nd4jEngine.numbers(Nd4j.stack(0, each().stream().map(g -> g.get("w0").transpose()).toArray(INDArray[]::new)));
      }
    };
  }
}
