package org.cotangent;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.GradCheckException;

/**
 * Compares derivatives with central differences, (f(x + eps e) - f(x - eps e)) / (2 eps), in float64.
 *
 * <pre>{@code
 * gradcheck(Tensor::exp, x);                                              // one tensor
 * gradcheck((Tensor[] v) -> v[0].matmul(v[1]), new Tensor[] {x, w});      // several; lists, maps and TensorTree likewise
 * gradcheck(f, x, GradCheck.Options.DEFAULT.eps(1e-5).batched(false));
 * }</pre>
 *
 * <p>The function must be smooth within eps of the inputs and give the same values on every run. Integer inputs are constants. The
 * reverse-mode Jacobian is held as numbers on the host; on the device there is one row or column at a time, of batched rows sixteen.
 */
public final class GradCheck {
  private static final int SEED = 1;

  private GradCheck() {}

  /**
   * What is checked, and how closely: derivatives a and estimates n agree if |a - n| ≤ atol + rtol |n|.
   *
   * @param eps the step of the differences
   * @param atol absolute tolerance
   * @param rtol relative tolerance
   * @param forward whether forward mode is checked
   * @param batched whether backward passes with BATCHED cotangents are compared with single ones
   * @param forwardOverReverse whether the second derivative, forward over reverse, is checked along one random direction
   * @param name what reports call the function; empty for nothing but the operations that made its outputs
   */
  public record Options(double eps, double atol, double rtol, boolean forward, boolean batched, boolean forwardOverReverse, String name) {
    /** Steps of 1e-6, tolerances of 1e-5 and 1e-3, everything checked. */
    public static final Options DEFAULT = new Options(1e-6, 1e-5, 1e-3, true, true, true, "");

    /**
     * Options.
     *
     * @throws ArgumentException if eps is not positive or a tolerance is negative
     */
    public Options {
      if (!(eps > 0) || !(atol >= 0) || !(rtol >= 0)) {
        throw new ArgumentException("gradcheck: needs a positive eps and tolerances of at least 0: " + eps + ", " + atol + ", " + rtol);
      }
    }

    /** These options with another step. */
    public Options eps(double e) {
      return new Options(e, atol, rtol, forward, batched, forwardOverReverse, name);
    }

    /** These options with another absolute tolerance. */
    public Options atol(double a) {
      return new Options(eps, a, rtol, forward, batched, forwardOverReverse, name);
    }

    /** These options with another relative tolerance. */
    public Options rtol(double r) {
      return new Options(eps, atol, r, forward, batched, forwardOverReverse, name);
    }

    /** These options with forward mode checked or not. */
    public Options forward(boolean on) {
      return new Options(eps, atol, rtol, on, batched, forwardOverReverse, name);
    }

    /** These options with batched cotangents checked or not. */
    public Options batched(boolean on) {
      return new Options(eps, atol, rtol, forward, on, forwardOverReverse, name);
    }

    /** These options with forward over reverse checked or not. */
    public Options forwardOverReverse(boolean on) {
      return new Options(eps, atol, rtol, forward, batched, on, name);
    }

    /** These options with a name of the function for reports: "gradcheck of clip: ...". */
    public Options name(String n) {
      return new Options(eps, atol, rtol, forward, batched, forwardOverReverse, n);
    }

    String title(String op) {
      return name.isEmpty() ? op : op + " of " + name;
    }

    boolean close(double a, double n) {
      return a == n || Math.abs(a - n) <= atol + rtol * Math.abs(n);
    }
  }

  /** {@link #gradcheck(Function, Object, Options)} with the default options. */
  public static <A, B> void gradcheck(Function<A, B> f, A inputs) {
    gradcheck(f, inputs, Options.DEFAULT);
  }

  /**
   * Checks the first derivatives of {@code f} at {@code inputs} in reverse mode, in forward mode and with BATCHED cotangents, and its
   * second derivatives forward over reverse.
   *
   * @throws GradCheckException at the first difference: "gradcheck: output 0 of tanh / input 1 [3, 2]: analytic 0.412100, numeric
   *     0.487000 (reverse mode)", with the element of the output too unless it is a scalar, and the function's name if the options
   *     have one
   * @throws DTypeException if a floating input or output is not float64
   */
  public static <A, B> void gradcheck(Function<A, B> f, A inputs, Options options) {
    Tree<A> in = Tree.of("gradcheck", inputs);
    try (MemoryScope _ = MemoryScope.open()) {
      new GradCheckRun(options.title("gradcheck"), flat(f, in), in.leaves(), options).all();
    }
  }

  /** {@link #gradgradcheck(Function, Object, Options)} with the default options. */
  public static <A, B> void gradgradcheck(Function<A, B> f, A inputs) {
    gradgradcheck(f, inputs, Options.DEFAULT);
  }

  /**
   * Checks the second derivatives of {@code f}: {@link #gradcheck(Function, Object, Options)} of its pullback, as a function of the
   * inputs and of random cotangents.
   *
   * @throws GradCheckException at the first difference; outputs are the cotangents of inputs then, and inputs those of {@code f}
   *     followed by the cotangents of its outputs
   * @throws DTypeException if a floating input or output is not float64
   */
  public static <A, B> void gradgradcheck(Function<A, B> f, A inputs, Options options) {
    Tree<A> in = Tree.of("gradgradcheck", inputs);
    try (MemoryScope _ = MemoryScope.open()) {
      Function<List<Tensor>, List<Tensor>> g = flat(f, in);
      var first = new GradCheckRun(options.title("gradgradcheck"), g, in.leaves(), options);
      var random = new Random(SEED);
      var all = new ArrayList<>(in.leaves());
      first.values().forEach(y -> all.add(GradCheckRun.normal(random, y)));
      int n = in.leaves().size();
      Function<List<Tensor>, List<Tensor>> pullback =
          v -> Autograd.vjpTree(first::outputs, v.subList(0, n)).apply(v.subList(n, v.size()));
      new GradCheckRun(options.title("gradgradcheck"), pullback, all, options.forwardOverReverse(false)).all();
    }
  }

  private static <A, B> Function<List<Tensor>, List<Tensor>> flat(Function<A, B> f, Tree<A> in) {
    return v -> Tree.of("gradcheck", f.apply(in.rebuild().apply(v))).leaves();
  }

}
