package org.cotangent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.GradientException;
import org.cotangent.primitive.Value;
import org.cotangent.transform.Gate;

/**
 * A structure of tensors taken apart: a Tensor, Tensor[], List, Map or {@link TensorTree}, nested to any depth.
 *
 * @param leaves its tensors
 * @param names where each stands: "", "0", "weight", "layers.0"
 * @param rebuild the structure with other leaves in their places
 */
record Tree<A>(List<Tensor> leaves, List<String> names, Function<List<Tensor>, A> rebuild) {
  @SuppressWarnings("unchecked") // build gives back the structure that it was given
  static <A> Tree<A> of(String op, A structure) {
    var b = new Builder(op);
    Function<List<Tensor>, Object> rebuild = b.build("", structure);
    return new Tree<>(List.copyOf(b.leaves), List.copyOf(b.names), l -> (A) rebuild.apply(l));
  }

  Value[] values() {
    Value[] v = Eager.values(leaves.toArray(Tensor[]::new));
    for (int i = 0; i < v.length; i++) {
      v[i] = Gate.standIn(v[i]); // a parameter in a functional call is what stands for it, also where a level wraps it
    }
    return v;
  }

  /**
   * The leaves of {@code other}, in the order of this: maps are matched by their keys.
   *
   * @throws GradientException if there are others, in the words "2 inputs and 1 tangents"
   */
  List<Tensor> match(String op, String own, String theirs, Tree<?> other) {
    if (other.names.equals(names)) {
      return other.leaves;
    }
    if (other.names.size() != names.size()) {
      throw new GradientException(op + ": " + names.size() + " " + own + " and " + other.names.size() + " " + theirs);
    }
    if (Set.copyOf(names).size() < names.size() || !Set.copyOf(names).equals(Set.copyOf(other.names))) {
      throw new GradientException(op + ": the " + own + " are " + names + ", the " + theirs + " " + other.names);
    }
    return names.stream().map(n -> other.leaves.get(other.names.indexOf(n))).toList();
  }

  A with(Value... values) {
    return rebuild.apply(List.of(Eager.tensors(values)));
  }

  private static final class Builder {
    private final String op;
    private final List<Tensor> leaves = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    Builder(String op) {
      this.op = op;
    }

    Function<List<Tensor>, Object> build(String name, Object o) {
      return switch (o) {
        case Tensor t -> leaf(name, t);
        case Tensor[] a -> {
          var f = parts(name, List.of((Object[]) a));
          yield l -> f.apply(l).toArray(Tensor[]::new);
        }
        case List<?> list -> {
          var f = parts(name, list);
          yield f::apply;
        }
        case Map<?, ?> map -> map(name, map);
        case TensorTree<?> tree -> tree(name, tree);
        case null, default -> throw new ArgumentException(
            op + ": takes tensors, arrays, lists and maps of them, and TensorTree; not " + (o == null ? "null" : o.getClass().getName()));
      };
    }

    private Function<List<Tensor>, Object> leaf(String name, Tensor t) {
      int at = leaves.size();
      leaves.add(t);
      names.add(name);
      return l -> l.get(at);
    }

    private Function<List<Tensor>, List<Object>> parts(String name, List<?> list) {
      var parts = new ArrayList<Function<List<Tensor>, Object>>();
      for (int i = 0; i < list.size(); i++) {
        parts.add(build(join(name, Integer.toString(i)), list.get(i)));
      }
      return l -> parts.stream().map(p -> p.apply(l)).toList();
    }

    private Function<List<Tensor>, Object> map(String name, Map<?, ?> map) {
      var parts = new LinkedHashMap<Object, Function<List<Tensor>, Object>>();
      map.forEach((k, v) -> parts.put(k, build(join(name, k.toString()), v)));
      return l -> {
        var r = new LinkedHashMap<Object, Object>();
        parts.forEach((k, p) -> r.put(k, p.apply(l)));
        return r;
      };
    }

    private Function<List<Tensor>, Object> tree(String name, TensorTree<?> tree) {
      int from = leaves.size();
      List<Tensor> own = tree.leaves();
      for (int i = 0; i < own.size(); i++) {
        leaf(join(name, Integer.toString(i)), own.get(i));
      }
      return l -> tree.withLeaves(l.subList(from, from + own.size()));
    }

    private static String join(String a, String b) {
      return a.isEmpty() ? b : a + "." + b;
    }
  }
}
