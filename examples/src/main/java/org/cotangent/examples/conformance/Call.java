package org.cotangent.examples.conformance;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import org.cotangent.DType;
import org.cotangent.Device;
import org.cotangent.Shape;
import org.cotangent.Tensor;

/**
 * The arguments of one call in PyTorch's terms: each is found by its place, or by its name. What is never asked for is reported, so
 * that no argument is ignored in silence.
 */
final class Call {
  /** A combination of a tensor and a floating number. */
  interface WithDouble {
    /** f(x, c). */
    Tensor apply(Tensor x, double c);
  }

  /** A combination of a tensor and an integer. */
  interface WithLong {
    /** f(x, c). */
    Tensor apply(Tensor x, long c);
  }

  private final List<Object> args;
  private final Map<String, Object> kwargs;
  private final List<Tensor> tensors;
  private final Device device;
  private final Set<Object> taken = new HashSet<>();

  /** The tagged values {@code args} and {@code kwargs}, which name {@code tensors} by number. */
  Call(List<Object> args, Map<String, Object> kwargs, List<Tensor> tensors, Device device) {
    this.args = args;
    this.kwargs = kwargs;
    this.tensors = tensors;
    this.device = device;
  }

  // ---- what there is

  /** Number of positional arguments. */
  int count() {
    return args.size();
  }

  /** Where the call runs. */
  Device device() {
    return device;
  }

  private Map<String, Object> raw(int i, String name) {
    if (i >= 0 && i < args.size()) {
      taken.add(i);
      return Json.map(args.get(i));
    }
    taken.add(name);
    Object v = kwargs.get(name);
    return v == null ? Map.of("none", true) : Json.map(v);
  }

  /** Whether an argument is given and not None; does not count as asking for it. */
  boolean has(int i, String name) {
    Object v = i >= 0 && i < args.size() ? args.get(i) : kwargs.get(name);
    return v != null && !Json.map(v).containsKey("none");
  }

  /** Whether an argument that may be given by name alone is given and not None. */
  boolean has(String name) {
    return has(-1, name);
  }

  private boolean tagged(int i, String name, String tag) {
    Object v = i >= 0 && i < args.size() ? args.get(i) : kwargs.get(name);
    return v != null && Json.map(v).containsKey(tag);
  }

  /** Whether an argument is a tensor. */
  boolean isTensor(int i, String name) {
    return tagged(i, name, "tensor");
  }

  /** Whether an argument is a list of integers. */
  boolean isInts(int i, String name) {
    return tagged(i, name, "ints");
  }

  /** Whether an argument is one integer. */
  boolean isInt(int i, String name) {
    return tagged(i, name, "int");
  }

  /** Whether an argument is an integer or a bool, which Python counts as one. */
  boolean isIntegral(int i, String name) {
    return isInt(i, name) || tagged(i, name, "bool");
  }

  /** Whether an argument is a bool. */
  boolean isBool(int i, String name) {
    return tagged(i, name, "bool");
  }

  /** Whether an argument is a number. */
  boolean isNumber(int i, String name) {
    return isIntegral(i, name) || tagged(i, name, "float");
  }

  /** Whether an argument is a string. */
  boolean isString(int i, String name) {
    return tagged(i, name, "str");
  }

  /** Whether an argument is a list of tensors. */
  boolean isTensors(int i, String name) {
    return tagged(i, name, "tensors");
  }

  /** Whether an argument is a dtype. */
  boolean isDtype(int i, String name) {
    return tagged(i, name, "dtype");
  }

  /** The tagged values of a mixed list, as arguments of a call of their own. */
  Call items(int i, String name) {
    Map<String, Object> v = raw(i, name);
    Object items = v.get("items");
    if (items == null) {
      return new Call(List.of(v), Map.of(), tensors, device);
    }
    return new Call(Json.list(items), Map.of(), tensors, device);
  }

  /** The tag and the value of an argument, for what has no accessor: {"slice": [1, 2, 1]}. */
  Map<String, Object> tagged(int i, String name) {
    return raw(i, name);
  }

  // ---- typed access; the forms with a default take None, or nothing, as the default

  private Object value(int i, String name, String... tags) {
    Map<String, Object> v = raw(i, name);
    for (String tag : tags) {
      if (v.containsKey(tag)) {
        return v.get(tag);
      }
    }
    throw new MismatchException("argument " + name + " as " + v.keySet());
  }

  /** A tensor. */
  Tensor tensor(int i, String name) {
    return tensors.get((int) Json.number(value(i, name, "tensor")));
  }

  /** The first argument, which most functions name input. */
  Tensor input() {
    return tensor(0, "input");
  }

  /** Several tensors. */
  Tensor[] tensors(int i, String name) {
    return Json.list(value(i, name, "tensors", "ints")).stream().map(k -> tensors.get((int) Json.number(k))).toArray(Tensor[]::new);
  }

  /** The tensors from place {@code i} on: Python's *args. */
  Tensor[] rest(int i) {
    if (isTensors(i, "tensors")) {
      return tensors(i, "tensors");
    }
    Tensor[] r = new Tensor[Math.max(0, args.size() - i)];
    for (int k = 0; k < r.length; k++) {
      r[k] = tensor(i + k, "tensors");
    }
    return r;
  }

  /** An integer. */
  int integer(int i, String name) {
    return Math.toIntExact(longValue(i, name));
  }

  /** An integer. */
  long longValue(int i, String name) {
    Object v = value(i, name, "int", "bool");
    return v instanceof Long l ? l : (long) Json.number(v);
  }

  /** An integer, or {@code otherwise}. */
  int intOr(int i, String name, int otherwise) {
    return has(i, name) ? integer(i, name) : none(i, name, otherwise);
  }

  /** A number. */
  double number(int i, String name) {
    return Json.number(value(i, name, "float", "int", "bool"));
  }

  /** A number, or {@code otherwise}. */
  double numberOr(int i, String name, double otherwise) {
    return has(i, name) ? number(i, name) : none(i, name, otherwise);
  }

  /** A number given by name, or {@code otherwise}. */
  double numberOr(String name, double otherwise) {
    return numberOr(-1, name, otherwise);
  }

  /** True or false. */
  boolean bool(int i, String name) {
    return Json.number(value(i, name, "bool", "int")) != 0;
  }

  /** True or false, or {@code otherwise}. */
  boolean boolOr(int i, String name, boolean otherwise) {
    return has(i, name) ? bool(i, name) : none(i, name, otherwise);
  }

  /** True or false given by name, or {@code otherwise}. */
  boolean boolOr(String name, boolean otherwise) {
    return boolOr(-1, name, otherwise);
  }

  /** Integers; one alone is a list of one. */
  int[] ints(int i, String name) {
    Object v = value(i, name, "ints", "tensors", "int", "bools");
    return v instanceof List ? Json.ints(v) : new int[] {(int) Json.number(v)};
  }

  /** Integers; one alone is a list of one; none, if there are none. */
  int[] intsOr(int i, String name, int... otherwise) {
    return has(i, name) ? ints(i, name) : none(i, name, otherwise);
  }

  /** The integers from place {@code i} on, given one by one or as one list. */
  int[] restInts(int i, String name) {
    if (args.size() <= i || isInts(i, name) || tagged(i, name, "tensors")) {
      return ints(i, name);
    }
    int[] r = new int[args.size() - i];
    for (int k = 0; k < r.length; k++) {
      r[k] = integer(i + k, name);
    }
    return r;
  }

  /** Numbers. */
  double[] numbers(int i, String name) {
    return Json.list(value(i, name, "floats", "ints", "tensors")).stream().mapToDouble(Json::number).toArray();
  }

  /** A string. */
  String string(int i, String name) {
    return value(i, name, "str").toString();
  }

  /** A string, or {@code otherwise}. */
  String stringOr(int i, String name, String otherwise) {
    return has(i, name) ? string(i, name) : none(i, name, otherwise);
  }

  /** A string given by name, or {@code otherwise}. */
  String stringOr(String name, String otherwise) {
    return stringOr(-1, name, otherwise);
  }

  /** An element type. */
  DType dtype(int i, String name) {
    return Data.dtype(value(i, name, "dtype").toString());
  }

  /** An element type given by name, or {@code otherwise}. */
  DType dtypeOr(String name, DType otherwise) {
    return dtypeOr(-1, name, otherwise);
  }

  /** An element type, or {@code otherwise}. */
  DType dtypeOr(int i, String name, DType otherwise) {
    return has(i, name) ? dtype(i, name) : none(i, name, otherwise);
  }

  /** Arguments that choose nothing here, such as a memory layout. */
  Call ignoring(String... names) {
    for (String n : names) {
      taken.add(n);
    }
    return this;
  }

  /** Positional arguments that choose nothing here. */
  Call ignoring(int... places) {
    for (int i : places) {
      taken.add(i);
    }
    return this;
  }

  /** The bound of a slice, or {@code otherwise}; those beyond the range of an int are clipped. */
  int boundOr(int i, String name, int otherwise) {
    return has(i, name) ? Math.clamp(longValue(i, name), Integer.MIN_VALUE, Integer.MAX_VALUE) : none(i, name, otherwise);
  }

  /** The type that a number has by itself. */
  DType natural(int i, String name) {
    return tagged(i, name, "bool") ? DType.BOOL : isInt(i, name) ? DType.INT64 : DType.FLOAT32;
  }

  /** A number as a tensor that combines with {@code x} as the number would. */
  Tensor scalar(int i, String name, Tensor x) {
    DType own = natural(i, name);
    DType t = own.category() > x.dtype().category() ? own : x.dtype();
    return Tensor.full(Shape.SCALAR, number(i, name), t, x.device());
  }

  private <T> T none(int i, String name, T otherwise) {
    raw(i, name);
    return otherwise;
  }

  // ---- shapes of calls that many functions have

  /** f(input, other), where {@code other} is a tensor, a floating number or an integer. */
  Tensor combine(BinaryOperator<Tensor> f, WithDouble g, WithLong h) {
    return combine(input(), 1, "other", f, g, h);
  }

  /** f(x, argument), where the argument is a tensor, a floating number or an integer. */
  Tensor combine(Tensor x, int i, String name, BinaryOperator<Tensor> f, WithDouble g, WithLong h) {
    if (isTensor(i, name)) {
      return f.apply(x, tensor(i, name));
    }
    return isIntegral(i, name) ? h.apply(x, longValue(i, name)) : g.apply(x, number(i, name));
  }

  /** An argument that is never asked for, which would be ignored in silence; empty if there is none. */
  String leftOver() {
    for (int i = 0; i < args.size(); i++) {
      if (!taken.contains(i) && has(i, "")) {
        return "argument " + i;
      }
    }
    for (String k : kwargs.keySet()) {
      if (!taken.contains(k) && has(k)) {
        return "argument " + k;
      }
    }
    return "";
  }
}
