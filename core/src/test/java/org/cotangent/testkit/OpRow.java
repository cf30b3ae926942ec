package org.cotangent.testkit;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.cotangent.Tensor;
import org.cotangent.errors.CotangentException;

/**
 * One operation and what {@link OpContract} needs to check it.
 *
 * @param name the method's name, then perhaps what is special here: "norm p = 3"
 * @param f the operation on tensors of the shapes of {@code inputs}
 * @param inputs what it takes
 * @param empty shapes of the same inputs with an axis of size 0; absent if it refuses or has no empty form
 * @param scalar whether it takes scalars for all inputs, too
 * @param tolerance how far float32 may be from float64, relative to 1 + |value|
 * @param roundings how often a result is rounded on its way in float16 and bfloat16; 0 where those are refused
 * @param without what does not apply
 * @param refusals arguments that it refuses
 */
public record OpRow(
    String name,
    Function<Tensor[], Tensor[]> f,
    List<Input> inputs,
    Optional<List<int[]>> empty,
    boolean scalar,
    double tolerance,
    int roundings,
    Set<Part> without,
    List<Refusal> refusals) {

  /** What an input holds. */
  public enum Kind {
    /** Floating numbers from low to high. */
    REAL,
    /** int64 from low to high, exclusive. */
    INDEX,
    /** true or false. */
    MASK
  }

  /** Parts of the contract that a row may be without. */
  public enum Part {
    /** Second derivatives: there are none. */
    SECOND,
    /** Derivatives: the function is piecewise constant or takes no floating input. */
    FIRST,
    /** vmap: the shape of the result depends on the numbers. */
    VMAP,
    /** Layouts whose elements repeat: the function is not smooth at ties. */
    TIES
  }

  /** One input: its shape and numbers. */
  public record Input(Kind kind, double low, double high, int... shape) {}

  /** Arguments that are refused, with the exception's type and a phrase of its message. */
  public record Refusal(String what, Runnable call, Class<? extends CotangentException> type, String phrase) {}

  /** A function with several results. */
  public static OpRow many(String name, Function<Tensor[], Tensor[]> f, int[]... shapes) {
    var inputs = new ArrayList<Input>();
    for (int[] s : shapes) {
      inputs.add(new Input(Kind.REAL, -2, 2, s));
    }
    return new OpRow(name, f, List.copyOf(inputs), Optional.empty(), false, 2e-5, 1, EnumSet.noneOf(Part.class), List.of());
  }

  /** A function of tensors of these shapes. */
  public static OpRow row(String name, Function<Tensor[], Tensor> f, int[]... shapes) {
    return many(name, x -> new Tensor[] {f.apply(x)}, shapes);
  }

  /** A function of one tensor of any shape. */
  public static OpRow unary(String name, UnaryOperator<Tensor> f) {
    return row(name, x -> f.apply(x[0]), new int[] {2, 3}).scalars().empty(new int[] {0, 3});
  }

  /** A function of two tensors that broadcast. */
  public static OpRow binary(String name, BinaryOperator<Tensor> f) {
    return row(name, x -> f.apply(x[0], x[1]), new int[] {2, 3}, new int[] {3}).scalars().empty(new int[] {0, 3}, new int[] {3});
  }

  /** A shape. */
  public static int[] of(int... shape) {
    return shape;
  }

  private OpRow inputs(List<Input> in) {
    return new OpRow(name, f, List.copyOf(in), empty, scalar, tolerance, roundings, without, refusals);
  }

  private OpRow input(int i, Kind kind, double low, double high) {
    var in = new ArrayList<>(inputs);
    in.set(i, new Input(kind, low, high, inputs.get(i).shape()));
    return inputs(in);
  }

  /** All floating inputs from low to high. */
  public OpRow within(double low, double high) {
    return inputs(inputs.stream().map(x -> x.kind() == Kind.REAL ? new Input(Kind.REAL, low, high, x.shape()) : x).toList());
  }

  /** Input i from low to high. */
  public OpRow within(int i, double low, double high) {
    return input(i, Kind.REAL, low, high);
  }

  /** Input i holds positions below n. */
  public OpRow index(int i, int n) {
    return input(i, Kind.INDEX, 0, n);
  }

  /** Input i is bool. */
  public OpRow mask(int i) {
    return input(i, Kind.MASK, 0, 2);
  }

  /** With shapes of which one has an axis of size 0. */
  public OpRow empty(int[]... shapes) {
    return new OpRow(name, f, inputs, Optional.of(List.of(shapes)), scalar, tolerance, roundings, without, refusals);
  }

  /** Without a check of empty inputs. */
  public OpRow full() {
    return new OpRow(name, f, inputs, Optional.empty(), scalar, tolerance, roundings, without, refusals);
  }

  /** All inputs may be scalars. */
  public OpRow scalars() {
    return new OpRow(name, f, inputs, empty, true, tolerance, roundings, without, refusals);
  }

  /** With another tolerance of float32. */
  public OpRow tolerance(double t) {
    return new OpRow(name, f, inputs, empty, scalar, t, roundings, without, refusals);
  }

  /** Made of several operations, each of which rounds in float16 and bfloat16. */
  public OpRow roundings(int n) {
    return new OpRow(name, f, inputs, empty, scalar, tolerance, n, without, refusals);
  }

  /** Refused for float16 and bfloat16, as PyTorch does. */
  public OpRow noHalf() {
    return roundings(0);
  }

  /** Without parts of the contract. */
  public OpRow without(Part... parts) {
    var all = EnumSet.noneOf(Part.class);
    all.addAll(without);
    all.addAll(List.of(parts));
    return new OpRow(name, f, inputs, empty, scalar, tolerance, roundings, all, refusals);
  }

  /** With arguments that are refused. */
  public OpRow refuses(String what, Class<? extends CotangentException> type, String phrase, Runnable call) {
    var all = new ArrayList<>(refusals);
    all.add(new Refusal(what, call, type, phrase));
    return new OpRow(name, f, inputs, empty, scalar, tolerance, roundings, without, List.copyOf(all));
  }

  /** The method's name. */
  public String op() {
    int space = name.indexOf(' ');
    return space < 0 ? name : name.substring(0, space);
  }
}
