package org.cotangent.examples.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cotangent.Autograd;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Gradients;
import org.cotangent.Jacobians;
import org.cotangent.Tensor;
import org.cotangent.errors.CotangentException;

/**
 * Replays one record and compares every part that it has.
 *
 * <p>Where PyTorch's formula does not lead to an input, the record holds null, and at other places zeros for the same fact; so null,
 * no gradient and a gradient of zeros are equal. A call that the types of this API do not admit counts as refused.
 */
final class Replay {
  private static final double CLOSE = 1e-9;
  private static final double NEAR = 1e-7;
  private static final double SINGLE = 1e-5;

  /** One difference: the part of the record, and what was expected and found. */
  record Difference(String part, String what) {}

  /** Which of 0.0 and -0.0 is the larger, these functions leave open. */
  private static final Set<String> UNSIGNED = Set.of("max", "min", "maximum", "minimum", "fmax", "fmin", "clamp", "clamp_min", "clamp_max");

  private final Case record;
  private final Apis apis;
  private final Api api;
  private final Device device;
  private final List<Difference> found = new ArrayList<>();
  /** Of results, and of derivatives, on whose way PyTorch rounds to the types of the inputs too. */
  private final double values;
  private final double tolerance;

  private Replay(Case record, Apis apis, Api api, Device device) {
    this.apis = apis;
    this.record = record;
    this.api = api;
    this.device = device;
    boolean single = record.datas("outputs").stream().anyMatch(d -> d.dtype() == DType.FLOAT32);
    double own = single ? SINGLE : record.tier().equals("linalg") ? NEAR : CLOSE;
    this.values = Math.max(own, epsilon(record.datas("outputs")));
    this.tolerance = Math.max(Math.max(values, epsilon(record.datas("tensors"))), narrow(record) ? SINGLE : 0);
  }

  /** Whether a derivative leads to a float32 input, whose cotangent and tangent are rounded to that type. */
  private static boolean narrow(Case record) {
    List<Data> tensors = record.datas("tensors");
    return Arrays.stream(record.inputs()).anyMatch(i -> tensors.get(i).dtype() == DType.FLOAT32);
  }

  /** The largest epsilon of the half types among these, which stands for two roundings; 0 if there is none. */
  private static double epsilon(List<Data> tensors) {
    return tensors.stream().map(Data::dtype).filter(DType::half).mapToDouble(DType::epsilon).max().orElse(0);
  }

  /**
   * What is wrong; empty if the record passes.
   *
   * @throws UnsupportedException if the call has no counterpart
   */
  static List<Difference> run(Case record, Apis apis, Device device) {
    Api api = apis.find(record.api()).orElseThrow(() -> new UnsupportedException("no " + record.api()));
    Replay r = new Replay(record, apis, api, device);
    if (record.kind().equals("error")) {
      r.error();
    } else {
      r.part("outputs", r::reverse);
      r.part("jvp", r::forward);
      r.part("jacobian", r::jacobian);
      r.part("second", r::second);
    }
    return r.found;
  }

  private void error() {
    try {
      record.call(apis, api, record.tensors(device), device);
      found.add(new Difference("raises", "expected an error (" + record.object("error").get("message") + "), got none"));
    } catch (CotangentException | MismatchException e) {
      // as it should be
    } catch (UnsupportedException e) {
      throw e;
    } catch (RuntimeException e) {
      found.add(new Difference("raises", "not an error of the engine: " + e));
    }
  }

  private void part(String name, Runnable body) {
    try {
      body.run();
    } catch (UnsupportedException e) {
      throw e;
    } catch (MismatchException e) {
      throw new UnsupportedException(e.getMessage());
    } catch (RuntimeException e) {
      found.add(new Difference(name, "threw " + e));
    }
  }

  private void compare(String part, Data want, Optional<Tensor> got, double within, Check.Scale scale) {
    if (want == null || got.isEmpty()) {
      boolean zero = want == null ? got.isEmpty() || zeros(Data.of(got.get())) : zeros(want);
      if (!zero) {
        String what = want == null ? "expected none, got " + brief(Data.of(got.get())) : "expected " + brief(want) + ", got none";
        found.add(new Difference(part, what));
      }
      return;
    }
    String d = Check.difference(want, Data.of(got.get()), within, scale);
    if (!d.isEmpty()) {
      found.add(new Difference(part, d));
    }
  }

  private static boolean zeros(Data d) {
    return Arrays.stream(d.values()).allMatch(v -> v == 0);
  }

  private static String brief(Data d) {
    String text = Arrays.toString(Arrays.copyOf(d.values(), Math.min(4, d.values().length)));
    return d.dtype() + " " + d.shape() + " " + text;
  }

  // ---- values and vector-Jacobian products, on the tape

  private void reverse() {
    List<Tensor> on = leaves();
    Tensor[] y = record.call(apis, api, on, device);
    List<Data> want = record.datas("outputs");
    if (y.length != want.size()) {
      found.add(new Difference("outputs", "expected " + want.size() + ", got " + y.length));
      return;
    }
    boolean edge = record.kind().equals("edge");
    for (int i = 0; i < y.length; i++) {
      compare("outputs[" + i + "]", want.get(i), Optional.of(y[i]), values, scale(edge));
      if (!edge && want.get(i).requiresGrad() != y[i].requiresGrad()) {
        String what = "expected " + want.get(i).requiresGrad() + ", got " + y[i].requiresGrad();
        found.add(new Difference("outputs[" + i + "].requires_grad", what));
      }
    }
    if (record.has("vjp")) {
      Gradients g = Autograd.grad(picked(y, record.outputs()), picked(on, record.inputs()), tensors("v"), Autograd.ALLOW_UNUSED);
      List<Data> vjp = record.datas("vjp");
      for (int i = 0; i < vjp.size(); i++) {
        compare("vjp[" + i + "]", vjp.get(i), at(g, i), tolerance, edge ? Check.Scale.ELEMENT : Check.Scale.TENSOR);
      }
    }
  }

  private Check.Scale scale(boolean edge) {
    return !edge ? Check.Scale.TENSOR : UNSIGNED.contains(record.op()) ? Check.Scale.ELEMENT : Check.Scale.SIGNED;
  }

  private List<Tensor> leaves() {
    List<Tensor> on = record.tensors(device);
    for (int i : record.inputs()) {
      on.get(i).requiresGrad_();
    }
    return on;
  }

  private List<Tensor> tensors(String field) {
    return record.datas(field).stream().map(d -> d.tensor(device)).toList();
  }

  private static List<Tensor> picked(Tensor[] all, int[] which) {
    return picked(Arrays.asList(all), which);
  }

  private static List<Tensor> picked(List<Tensor> all, int[] which) {
    return Arrays.stream(which).mapToObj(all::get).toList();
  }

  private static Optional<Tensor> at(Gradients g, int i) {
    return g.has(i) ? Optional.of(g.get(i)) : Optional.empty();
  }

  // ---- transforms

  private Differential differential() {
    List<Tensor> own = record.tensors(device);
    int[] in = record.inputs();
    return new Differential(x -> {
      List<Tensor> on = new ArrayList<>(own);
      for (int i = 0; i < in.length; i++) {
        on.set(in[i], x.get(i));
      }
      return picked(record.call(apis, api, on, device), record.outputs());
    }, picked(own, in));
  }

  private void forward() {
    List<Data> want = record.datas("jvp");
    if (!want.isEmpty()) {
      List<Tensor> got = differential().jvp(tensors("tangents"));
      for (int j = 0; j < want.size(); j++) {
        compare("jvp[" + j + "]", want.get(j), Optional.of(got.get(j)), tolerance, Check.Scale.TENSOR);
      }
    }
  }

  private void jacobian() {
    List<List<Data>> want = record.jacobian();
    if (want.isEmpty()) {
      return;
    }
    Jacobians got = differential().jacobian();
    for (int j = 0; j < want.size(); j++) {
      for (int i = 0; i < want.get(j).size(); i++) {
        Data block = want.get(j).get(i);
        Tensor g = got.get(j, i);
        Tensor matrix = block == null ? g : g.reshape(block.shape().dims());
        compare("jacobian[" + j + "][" + i + "]", block, Optional.of(matrix), tolerance, Check.Scale.TENSOR);
      }
    }
  }

  // ---- second order: s, the sum of the squares of all gradients, differentiated once more

  private void second() {
    Map<String, Object> second = record.object("second");
    if (second.isEmpty() || Boolean.TRUE.equals(second.get("fd_mismatch"))) {
      return;
    }
    double within = Math.max(tolerance, NEAR);
    List<Tensor> on = leaves();
    List<Tensor> v = tensors("v");
    v.forEach(Tensor::requiresGrad_);
    List<Tensor> inputs = picked(on, record.inputs());
    Tensor[] y = record.call(apis, api, on, device);
    Gradients g = Autograd.grad(picked(y, record.outputs()), inputs, v, Autograd.CREATE_GRAPH, Autograd.ALLOW_UNUSED);
    Optional<Tensor> s = Optional.empty();
    for (int i = 0; i < g.size(); i++) {
      if (g.has(i)) {
        Tensor square = g.get(i).mul(g.get(i)).sum();
        s = Optional.of(s.isEmpty() ? square : s.get().add(square));
      }
    }
    if (second.get("s") instanceof Map<?, ?> m) {
      compare("second.s", Data.of(Json.map(m)), s, within, Check.Scale.TENSOR);
    }
    var all = new ArrayList<>(inputs);
    all.addAll(v);
    boolean flat = s.isEmpty() || !s.get().requiresGrad();
    Optional<Gradients> w = flat ? Optional.empty() : Optional.of(Autograd.grad(List.of(s.get()), all, Autograd.ALLOW_UNUSED));
    int n = inputs.size();
    List<Data> inputWant = Case.datas(second, "wrt_inputs");
    List<Data> vWant = Case.datas(second, "wrt_v");
    for (int i = 0; i < inputWant.size(); i++) {
      int k = i;
      compare("second.wrt_inputs[" + i + "]", inputWant.get(i), w.flatMap(x -> at(x, k)), within, Check.Scale.TENSOR);
    }
    for (int i = 0; i < vWant.size(); i++) {
      int k = n + i;
      compare("second.wrt_v[" + i + "]", vWant.get(i), w.flatMap(x -> at(x, k)), within, Check.Scale.TENSOR);
    }
  }
}
