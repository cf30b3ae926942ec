package org.cotangent.examples.laws;

import static org.cotangent.Autograd.BATCHED;
import static org.cotangent.Autograd.CREATE_GRAPH;
import static org.cotangent.Autograd.MATERIALIZE;
import static org.cotangent.Autograd.in;
import static org.cotangent.Autograd.vmap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.cotangent.Autograd;
import org.cotangent.MemoryScope;
import org.cotangent.Tensor;

/** What holds of the transforms of every function, checked on one random program. */
public final class Laws {
  private static final double TOLERANCE = 1e-8;
  private static final double STEP = 1e-5;
  private static final double NUMERIC = 1e-4;
  private static final int EXAMPLES = 3;

  /** A law that a program breaks. */
  public record Violation(long seed, String law, String detail) {
    /** The seed, the law, what differs, and the program. */
    @Override
    public String toString() {
      return "seed " + seed + ": " + law + ": " + detail + "\n" + new RandomProgram(seed, law.contains("differences")).text();
    }
  }

  private interface Law {
    /** What differs, if something does. */
    Optional<String> check(Laws l);
  }

  private static final Map<String, Law> LAWS = new LinkedHashMap<>();

  static {
    LAWS.put("jacrev = jacfwd", l -> l.same(l.jacobian(), Autograd.jacfwd(l.f).apply(l.x)));
    LAWS.put("chunked = at once", Laws::chunked);
    LAWS.put("batched cotangents of the tape = jacrev", Laws::tapeRows);
    LAWS.put("the pullback is linear", Laws::linear);
    LAWS.put("<ct, J t> = <J' ct, t>", Laws::transposed);
    LAWS.put("linearize = jvp", Laws::linearized);
    LAWS.put("the Hessian is symmetric, in both modes", Laws::hessian);
    LAWS.put("backward through jacrev = grad of jacfwd", Laws::throughJacobian);
    LAWS.put("vmap = loop, nested and in chunks", Laws::mapped);
    LAWS.put("vmap of jacrev and of hessian = loop", Laws::mappedDerivatives);
    LAWS.put("checkpoint changes nothing", Laws::checkpointed);
    LAWS.put("jvp of vjp of jvp = differences", Laws::third);
  }

  private final RandomProgram program;
  private final UnaryOperator<Tensor> f;
  private final UnaryOperator<Tensor> scalar;
  private final Tensor x;
  private final Tensor y;
  private final Random random;

  private Laws(long seed) {
    this.program = new RandomProgram(seed, false);
    this.f = program::apply;
    this.x = program.input();
    this.y = f.apply(x);
    this.random = new Random(seed);
    Tensor c = normal(y);
    this.scalar = v -> f.apply(v).mul(c).sum();
  }

  /** The names of the laws. */
  public static List<String> names() {
    return List.copyOf(LAWS.keySet());
  }

  /** The first law that the program of this seed breaks. */
  public static Optional<Violation> check(long seed) {
    String law = "the program runs";
    try (MemoryScope _ = MemoryScope.open()) {
      var l = new Laws(seed);
      for (String name : names()) {
        law = name;
        Optional<String> wrong = LAWS.get(name).check(l);
        if (wrong.isPresent()) {
          return Optional.of(new Violation(seed, law, wrong.get()));
        }
      }
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(new Violation(seed, law, e.toString()));
    }
  }

  private Tensor normal(Tensor like) {
    return Draw.constant(random, like.shape().dims());
  }

  private Tensor jacobian() {
    return Autograd.jacrev(f).apply(x);
  }

  private Optional<String> same(Tensor got, Tensor want) {
    return near(got, want, TOLERANCE);
  }

  private static Optional<String> near(Tensor got, Tensor want, double tolerance) {
    if (!got.shape().equals(want.shape())) {
      return Optional.of(got.shape() + " and " + want.shape());
    }
    double[] a = got.toDoubleArray();
    double[] b = want.toDoubleArray();
    double scale = 1;
    for (double v : b) {
      scale = Math.max(scale, Math.abs(v));
    }
    for (int i = 0; i < a.length; i++) {
      if (!(Math.abs(a[i] - b[i]) <= tolerance * scale) || Double.isInfinite(scale)) {
        return Optional.of("element " + i + " of " + got.shape() + ": " + a[i] + " and " + b[i]);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> first(List<Optional<String>> checks) {
    return checks.stream().flatMap(Optional::stream).findFirst();
  }

  // ---- the laws

  private Optional<String> chunked() {
    Tensor j = jacobian();
    int k = 1 + random.nextInt(3);
    return first(List.of(same(Autograd.jacrev(f, k).apply(x), j), same(Autograd.jacfwd(f, k).apply(x), j)));
  }

  private Optional<String> tapeRows() {
    int n = Math.toIntExact(y.size());
    Tensor leaf = x.detach().requiresGrad_();
    Tensor out = f.apply(leaf);
    Tensor rows = Tensor.eye(n).to(y.dtype()).reshape(y.shape().prepend(n).dims());
    if (!out.requiresGrad()) {
      return same(jacobian(), Tensor.zerosLike(jacobian()));
    }
    Tensor g = Autograd.grad(List.of(out), List.of(leaf), List.of(rows), BATCHED, MATERIALIZE).get(0);
    return same(g.reshape(y.shape().append(x.shape().dims()).dims()), jacobian());
  }

  private Optional<String> linear() {
    var pull = Autograd.vjp(f, x);
    Tensor a = normal(y);
    Tensor b = normal(y);
    return same(pull.apply(a.mul(2).sub(b.mul(3))), pull.apply(a).mul(2).sub(pull.apply(b).mul(3)));
  }

  private Optional<String> transposed() {
    Tensor t = normal(x);
    Tensor ct = normal(y);
    return same(Autograd.jvp(f, x, t).tangent().mul(ct).sum(), Autograd.vjp(f, x).apply(ct).mul(t).sum());
  }

  private Optional<String> linearized() {
    Tensor t = normal(x);
    var push = Autograd.linearize(f, x);
    return first(List.of(same(push.value(), y), same(push.apply(t), Autograd.jvp(f, x, t).tangent()), same(push.apply(t.mul(-2)), push
        .apply(t).mul(-2))));
  }

  private Optional<String> hessian() {
    Tensor h = Autograd.hessian(scalar).apply(x);
    int n = Math.toIntExact(x.size());
    Tensor m = h.reshape(n, n);
    Tensor v = normal(x);
    return first(List.of(
        same(m, m.t()),
        same(Autograd.jacrev(Autograd.grad(scalar)).apply(x), h),
        same(Autograd.jacrev(Autograd.jacfwd(scalar)).apply(x), h),
        same(Autograd.hvp(scalar, x, v).reshape(n), m.matmul(v.reshape(n)))));
  }

  private Optional<String> throughJacobian() {
    Tensor want = Autograd.grad(v -> Autograd.jacfwd(f).apply(v).square().sum()).apply(x);
    Tensor leaf = x.detach().requiresGrad_();
    Tensor s = Autograd.jacrev(f).apply(leaf).square().sum();
    if (!s.requiresGrad()) {
      return same(want, Tensor.zerosLike(x));
    }
    return same(Autograd.grad(List.of(s), List.of(leaf), CREATE_GRAPH, MATERIALIZE).get(0), want);
  }

  private List<Tensor> inputs() {
    return IntStream.range(0, EXAMPLES).mapToObj(program::input).toList();
  }

  private static Tensor stack(List<Tensor> xs) {
    return Tensor.stack(xs.toArray(Tensor[]::new));
  }

  private Optional<String> mapped() {
    Tensor rows = stack(inputs());
    Tensor each = stack(inputs().stream().map(f).toList());
    Tensor last = rows.movedim(0, -1);
    Tensor twice = vmap(vmap(f)).apply(Tensor.stack(rows, rows.neg()));
    Tensor negated = stack(inputs().stream().map(v -> f.apply(v.neg())).toList());
    return first(List.of(
        same(vmap(f).apply(rows), each),
        same(vmap(f, in(0).chunk(2)).apply(rows), each),
        same(vmap(f, in(-1).out(-1)).apply(last), each.movedim(0, -1)),
        same(twice.get(0), each),
        same(twice.get(1), negated)));
  }

  private Optional<String> mappedDerivatives() {
    Tensor rows = stack(inputs());
    var all = new ArrayList<Optional<String>>();
    for (UnaryOperator<Tensor> d : List.of(Autograd.jacrev(f), Autograd.jacfwd(f), Autograd.hessian(scalar))) {
      all.add(same(vmap(d).apply(rows), stack(inputs().stream().map(d).toList())));
    }
    return first(all);
  }

  private Optional<String> checkpointed() {
    UnaryOperator<Tensor> again = v -> Autograd.checkpoint(f, v);
    Tensor leaf = x.detach().requiresGrad_();
    Tensor s = again.apply(leaf).square().sum();
    Tensor want = Autograd.grad(v -> f.apply(v).square().sum()).apply(x);
    Optional<String> tape = s.requiresGrad()
        ? same(Autograd.grad(List.of(s), List.of(leaf), MATERIALIZE).get(0), want)
        : same(want, Tensor.zerosLike(want));
    return first(List.of(same(again.apply(x), y), tape, same(Autograd.jacrev(again).apply(x), jacobian()), same(Autograd.jacfwd(again)
        .apply(x), jacobian()), same(capturing(g -> v -> Autograd.checkpoint(g, v)), capturing(g -> g))));
  }

  /** The gradient of a function that is mapped over what the kept part of it captures. */
  private Tensor capturing(UnaryOperator<UnaryOperator<Tensor>> keep) {
    return Autograd.grad(u -> vmap(v -> keep.apply(t -> f.apply(t).mul(v.sum())).apply(u).sum()).apply(stack(inputs())).square().sum())
        .apply(x);
  }

  private Optional<String> third() {
    UnaryOperator<Tensor> g = new RandomProgram(program.seed(), true)::apply;
    Tensor u = normal(x);
    Tensor v = normal(g.apply(x));
    Tensor s = normal(x);
    UnaryOperator<Tensor> second = p -> Autograd.vjp(q -> Autograd.jvp(g, q, u).tangent(), p).apply(v);
    Tensor got = Autograd.jvp(second, x, s).tangent();
    Tensor numeric = second.apply(x.add(s.mul(STEP))).sub(second.apply(x.sub(s.mul(STEP)))).div(2 * STEP);
    return near(got, numeric, NUMERIC);
  }
}
