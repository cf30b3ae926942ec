package org.cotangent.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.cotangent.lower.Fuser;
import org.cotangent.lower.Scope;
import org.cotangent.lower.Stored;
import org.cotangent.primitive.Value;
import org.cotangent.spi.Buffer;

/** The stored values inside wrapped ones. */
public final class Values {
  private Values() {}

  /** Calls {@code to} for each stored value inside {@code v}. */
  public static void stored(Value v, Consumer<Stored> to) {
    switch (v) {
      case Stored s -> to.accept(s);
      case Traced t -> stored(t.primal(), to);
      case Batched b -> stored(b.value(), to);
      case Dual d -> {
        stored(d.primal(), to);
        stored(d.tangent(), to);
      }
      default -> throw new IllegalStateException("unknown value " + v.getClass());
    }
  }

  /** Computes what is pending in {@code v}. */
  public static void force(Value v) {
    switch (v) {
      case Stored s -> s.compute();
      case Traced t -> force(t.primal());
      default -> force(List.of(v));
    }
  }

  /** Computes what is pending in the values, together where it fits. */
  public static List<Stored> force(Iterable<Value> values) {
    var found = new ArrayList<Stored>();
    values.forEach(v -> stored(v, found::add));
    Fuser.force(found);
    return found;
  }

  /** Computes what is pending in {@code v} and lets it outlive scopes opened after {@code home}; the storage that had to be let out. */
  public static List<Buffer> settle(Value v, Optional<Scope> home) {
    var escaped = new ArrayList<Buffer>(1);
    for (Stored s : force(List.of(v))) {
      if (!s.isConstant() && Scope.escape(s.operand().buffer(), home)) {
        escaped.add(s.operand().buffer());
      }
    }
    return escaped;
  }

  /** Computes what is pending in {@code v} and lets it outlive {@code scope}. */
  public static void keep(Value v, Scope scope) {
    for (Stored s : force(List.of(v))) {
      if (!s.isConstant()) {
        scope.keep(s.operand().buffer());
      }
    }
  }

  /** Whether {@code v} is part of a graph, which needs what was computed on the way to it. */
  public static boolean recorded(Value v) {
    return switch (v) {
      case Traced t -> true;
      case Dual d -> recorded(d.primal()) || recorded(d.tangent());
      case Batched b -> recorded(b.value());
      default -> false;
    };
  }

  /** {@code v} without the tangents around it. */
  public static Value primal(Value v) {
    return v instanceof Dual d ? primal(d.primal()) : v;
  }
}
