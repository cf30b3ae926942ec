package org.cotangent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.GradientException;
import org.cotangent.errors.ShapeException;
import org.cotangent.errors.TransformException;
import org.cotangent.primitive.Custom;
import org.cotangent.primitive.Saved;
import org.cotangent.primitive.Value;
import org.cotangent.transform.Batch;
import org.cotangent.transform.Gate;
import org.cotangent.transform.Node;
import org.cotangent.transform.OpName;
import org.cotangent.transform.Reverse;
import org.cotangent.transform.Transforms;
import org.cotangent.transform.Wrapped;

/**
 * A function with derivatives of one's own. {@link #forward} runs without recording, on plain numbers, so it may read them; the other
 * rules are ordinary tensor code and are differentiable themselves. A tensor with gradients, or one that {@code vmap} maps, must be
 * an argument: one that forward only captures is refused, since its derivative would be lost.
 *
 * <pre>{@code
 * Tensor z = new CustomFunction("softclip") {
 *   protected Tensor forward(Context c, Tensor x) { c.save(x); return x.clamp(-1, 1); }
 *   protected Tensor vjp(Context c, Tensor ct) { return ct.mul(c.saved(0).abs().le(1)); }
 * }.apply(x);
 * }</pre>
 *
 * <p>Functions of several tensors override the methods that take arrays. Without {@link #jvp} forward mode transposes the pullback;
 * without {@link #batch} {@code vmap} runs the examples one by one, and says so once for each class.
 */
public abstract class CustomFunction {
  private static final System.Logger LOG = System.getLogger("org.cotangent");

  /** Whether a class was warned about. */
  private static final ClassValue<AtomicBoolean> WARNED = new ClassValue<>() {
    @Override
    protected AtomicBoolean computeValue(Class<?> c) {
      return new AtomicBoolean();
    }
  };

  private final String name;

  /** With a name for messages and prints. */
  protected CustomFunction(String name) {
    this.name = name;
  }

  /** What forward leaves for the other rules. */
  public static final class Context {
    private final List<Tensor> kept = new ArrayList<>();
    private List<Tensor> restored = List.of();

    private Context() {}

    /** Keeps inputs, outputs or intermediate results for {@link #saved}, in order. */
    public void save(Tensor... tensors) {
      kept.addAll(List.of(tensors));
    }

    /**
     * The saved tensor number {@code i}.
     *
     * @throws ArgumentException if forward saved fewer
     */
    public Tensor saved(int i) {
      if (i < 0 || i >= restored.size()) {
        throw new ArgumentException("saved: forward saved " + restored.size() + " tensors; there is no number " + i);
      }
      return restored.get(i);
    }
  }

  /** The result for one tensor. */
  protected Tensor forward(Context c, Tensor x) {
    throw new ArgumentException(name + ": override forward(Context, Tensor) or forward(Context, Tensor[])");
  }

  /** The results for several tensors. */
  protected Tensor[] forward(Context c, Tensor[] xs) {
    if (xs.length != 1) {
      throw new ArgumentException(name + ": takes one tensor, not " + xs.length + "; override forward(Context, Tensor[]) for more");
    }
    return new Tensor[] {forward(c, xs[0])};
  }

  /** The cotangent of the input, of its shape. */
  protected Tensor vjp(Context c, Tensor ct) {
    throw new GradientException(name + ": has no vjp; override vjp(Context, Tensor) or vjp(Context, Tensor[])");
  }

  /** The cotangents of the inputs, one for each; those of integer inputs are not looked at. */
  protected Tensor[] vjp(Context c, Tensor[] cts) {
    return new Tensor[] {vjp(c, cts[0])};
  }

  /** Whether {@link #jvp} is written; if not, forward mode transposes {@link #vjp}. */
  protected boolean hasJvp() {
    return false;
  }

  /** The tangents of the outputs from those of the inputs (zeros where there is none). */
  protected Tensor[] jvp(Context c, Tensor[] tangents) {
    throw new GradientException(name + ": hasJvp() is true but jvp(Context, Tensor[]) is not written");
  }

  /** Whether {@link #batch} is written; if not, vmap runs the examples one by one. */
  protected boolean hasBatch() {
    return false;
  }

  /**
   * The results for n examples: axis 0 of the inputs marked in {@code mapped}, of every result and of every saved tensor that is not an
   * input counts them. It saves what {@link #forward} saves, in the same order.
   */
  protected Tensor[] batch(Context c, int n, Tensor[] xs, boolean[] mapped) {
    throw new GradientException(name + ": hasBatch() is true but batch(Context, int, Tensor[], boolean[]) is not written");
  }

  /** The function of one tensor with one result. */
  public final Tensor apply(Tensor x) {
    return apply(new Tensor[] {x})[0];
  }

  /** The function. */
  public final Tensor[] apply(Tensor... xs) {
    if (xs.length == 0) {
      throw new ArgumentException(name + ": needs at least one tensor");
    }
    var rules = new Application(Eager.values(xs));
    return Eager.tensors(Arrays.copyOf(rules.run(), rules.results));
  }

  /** Refuses nulls among what a rule gave. */
  private Tensor[] present(String rule, Tensor[] ts) {
    if (ts == null) {
      throw new GradientException(name + ": " + rule + " gave null");
    }
    for (int i = 0; i < ts.length; i++) {
      if (ts[i] == null) {
        String remedy = rule.equals("vjp") || rule.equals("jvp") ? "; give zeros where there is no slope" : "";
        throw new GradientException(name + ": " + rule + " gave null for number " + i + remedy);
      }
    }
    return ts;
  }

  private void warn() {
    if (!WARNED.get(getClass()).getAndSet(true)) {
      LOG.log(System.Logger.Level.WARNING, "{0}: no batching rule, so vmap runs its examples one by one; override batch", name);
    }
  }

  /** One application: results first, then intermediate results that were saved, as outputs nobody sees. */
  private final class Application implements Custom.Rules {
    private final Value[] arguments;
    private int results;
    private int outputs;
    /** For each saved tensor its place: inputs first, then outputs. */
    private int[] places = {};

    Application(Value... arguments) {
      this.arguments = arguments;
    }

    Value[] run() {
      return Gate.apply(OpName.of(name, name), new Custom(this), arguments);
    }

    @Override
    public Value[] forward(Value[] in) {
      Context c = new Context();
      Tensor[] xs = Eager.tensors(in);
      long begun = Node.serial();
      return collected(c, xs, present("forward", Gate.observing(v -> captured(v, begun), () -> CustomFunction.this.forward(c, xs))));
    }

    private void captured(Value v, long begun) {
      if (v instanceof Wrapped w && w.born() < begun && Arrays.stream(arguments).noneMatch(a -> a == v)) {
        String what = w.by() == Reverse.TAPE ? "requires grad and" : "belongs to a running " + w.by().title() + " and";
        throw new TransformException(name + ": forward reads a tensor that " + what
            + " is not an argument, so its derivative would be lost; pass it to apply, or detach() it before");
      }
    }

    /** The results, then what was saved besides inputs and results; notes the place of each saved tensor. */
    private Value[] collected(Context c, Tensor[] xs, Tensor[] ys) {
      List<Tensor> outs = new ArrayList<>(List.of(ys));
      results = ys.length;
      places = new int[c.kept.size()];
      for (int k = 0; k < places.length; k++) {
        Tensor t = c.kept.get(k);
        int at = Arrays.asList(xs).indexOf(t);
        if (at < 0) {
          at = outs.indexOf(t);
          if (at < 0) {
            outs.add(t);
            at = outs.size() - 1;
          }
          at += xs.length;
        }
        places[k] = at;
      }
      outputs = outs.size();
      return Eager.values(outs.toArray(Tensor[]::new));
    }

    @Override
    public int outputs() {
      return outputs;
    }

    private Context context(Value[] in, Value[] out) {
      Context c = new Context();
      c.restored = Arrays.stream(places).mapToObj(p -> new Tensor(p < in.length ? in[p] : out[p - in.length])).toList();
      return c;
    }

    @Override
    public Value[] vjp(Saved s, Value[] ct) {
      Tensor[] g = present("vjp", CustomFunction.this.vjp(context(s.ins(), s.outs()), Eager.tensors(Arrays.copyOf(ct, results))));
      if (g.length != s.inSpec().length) {
        throw new GradientException(name + ": vjp gave " + g.length + " cotangents for " + s.inSpec().length + " inputs");
      }
      return cast(g, s.inSpec());
    }

    private Value[] cast(Tensor[] g, Spec[] specs) {
      Value[] r = new Value[g.length];
      for (int i = 0; i < r.length; i++) {
        if (specs[i].dtype().floating()) {
          if (!g[i].shape().equals(specs[i].shape())) {
            throw new GradientException(name + ": vjp gave " + g[i].shape() + " for input " + i + " of " + specs[i].shape());
          }
          r[i] = g[i].to(specs[i].dtype()).value();
        }
      }
      return r;
    }

    @Override
    public Value[] jvp(Value[] in, Value[] t, Value[] out) {
      Context c = context(in, out);
      Value[] full = Arrays.copyOf(t, t.length);
      for (int i = 0; i < full.length; i++) {
        full[i] = full[i] == null ? Gate.OPS.zeros(in[i].spec(), in[i]) : full[i];
      }
      Value[] dy = hasJvp() ? pushed(present("jvp", CustomFunction.this.jvp(c, Eager.tensors(full))), out) : transposed(in, out, full);
      return Arrays.copyOf(dy, out.length);
    }

    private Value[] pushed(Tensor[] dy, Value[] out) {
      if (dy.length != results) {
        throw new GradientException(name + ": jvp gave " + dy.length + " tangents for " + results + " outputs");
      }
      for (int j = 0; j < dy.length; j++) {
        if (!dy[j].shape().equals(out[j].shape())) {
          throw new GradientException(name + ": jvp gave " + dy[j].shape() + " for output " + j + " of " + out[j].shape());
        }
        dy[j] = dy[j].to(out[j].dtype());
      }
      return Eager.values(dy);
    }

    /** The pullback is linear in its cotangent; its own pullback is the pushforward. */
    private Value[] transposed(Value[] in, Value[] out, Value[] t) {
      Value[] zeros = new Value[results];
      boolean[] all = new boolean[results];
      for (int j = 0; j < results; j++) {
        zeros[j] = Gate.OPS.zeros(out[j].spec(), out[j]);
        all[j] = true;
      }
      int[] floats = java.util.stream.IntStream.range(0, in.length).filter(i -> in[i].dtype().floating()).toArray();
      Transforms.Pullback p = Transforms.vjp(name, ct -> {
        Tensor[] g = present("vjp", CustomFunction.this.vjp(context(in, out), Eager.tensors(ct)));
        return Arrays.stream(floats).mapToObj(i -> g[i].value()).toArray(Value[]::new);
      }, zeros, all);
      return p.apply(Arrays.stream(floats).mapToObj(i -> t[i]).toArray(Value[]::new));
    }

    @Override
    public Value[] batch(int n, Value[] v, boolean[] mapped) {
      Batch around = Batch.ofRule();
      return around.outside(() -> hasBatch() ? ruled(n, v, mapped) : loop(n, v, mapped, around));
    }

    private Value[] ruled(int n, Value[] v, boolean[] mapped) {
      Context c = new Context();
      Tensor[] xs = Eager.tensors(v);
      Tensor[] ys = present("batch", CustomFunction.this.batch(c, n, xs, mapped));
      for (Tensor y : ys) {
        if (y.rank() == 0 || y.size(0) != n) {
          throw new ShapeException(name + ": batch gave " + y.shape() + " for " + n + " examples; axis 0 must count them");
        }
      }
      return collected(c, xs, ys);
    }

    private Value[] loop(int n, Value[] v, boolean[] mapped, Batch around) {
      warn();
      if (n == 0) {
        throw new ArgumentException(name + ": vmap over no examples needs a batching rule");
      }
      Value[][] rows = new Value[n][];
      List<Generator.State> draws = new ArrayList<>();
      for (int k = 0; k < n; k++) {
        Value[] x = v.clone();
        for (int i = 0; i < x.length; i++) {
          x[i] = mapped[i] ? new Tensor(v[i]).select(0, k).value() : v[i];
        }
        var one = new Application(x);
        rows[k] = k == 0 ? Generator.recording(draws, one::run)
            : around.draws() == Batch.Draws.SAME ? Generator.replaying(draws, one::run) : one.run();
        if (!draws.isEmpty()) {
          around.requireDraws(name);
        }
        results = one.results;
        outputs = one.outputs;
        places = one.places;
      }
      Value[] y = new Value[outputs];
      for (int j = 0; j < y.length; j++) {
        int out = j;
        y[j] = Tensor.stack(Arrays.stream(rows).map(r -> new Tensor(r[out])).toArray(Tensor[]::new)).value();
      }
      return y;
    }
  }
}
