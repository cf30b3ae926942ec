package org.cotangent.primitive;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cotangent.DType;
import org.cotangent.expr.Expr;
import org.cotangent.expr.Fn;
import org.cotangent.expr.Program;
import org.cotangent.primitive.Rule.From;
import org.cotangent.primitive.Rule.Source;

/** Collects the results of a derivative, and what they read. */
final class RuleBuilder {
  private final List<DType> in;
  private final List<DType> out;
  private final List<DType> flow;
  private final List<Source> sources = new ArrayList<>();
  private final List<DType> types = new ArrayList<>();
  private final Map<Source, Expr> at = new HashMap<>();
  private final List<Expr> outs = new ArrayList<>();
  private final List<Integer> which = new ArrayList<>();
  private final Map<Integer, Source> direct = new TreeMap<>();

  /** For a kernel with inputs and outputs of these types, through which values of the types {@code flow} pass. */
  RuleBuilder(List<DType> in, List<DType> out, List<DType> flow) {
    this.in = in;
    this.out = out;
    this.flow = flow;
  }

  private Expr arg(Source s, DType type) {
    return at.computeIfAbsent(s, t -> {
      sources.add(t);
      types.add(type);
      return Expr.arg(sources.size() - 1);
    });
  }

  /** The value that flows with number {@code j}. */
  Expr flow(int j) {
    return arg(new Source(From.FLOW, j), flow.get(j));
  }

  /** {@code d}, in which ARG and OUT mean those of the primal kernel. */
  Expr read(Expr d) {
    Map<Expr, Expr> names = new HashMap<>();
    for (Expr e : Pointwise.leaves(d)) {
      names.put(e, e.fn() == Fn.ARG
          ? arg(new Source(From.IN, e.index()), in.get(e.index()))
          : arg(new Source(From.OUT, e.index()), out.get(e.index())));
    }
    return d.replace(names);
  }

  /** Makes {@code e}, converted to {@code type} in the same kernel, result number i; null for none. */
  void out(int i, Expr e, DType type) {
    if (e == null) {
      return;
    }
    DType own = Program.types(List.of(e), types).get(0);
    if (e.fn() == Fn.ARG && own == type) {
      direct.put(i, sources.get(e.index()));
    } else {
      outs.add(own == type && e.fn() != Fn.CONST ? e : Expr.cast(type, e));
      which.add(i);
    }
  }

  /** The rule with n results; the kernel reads only what its outputs use. */
  Rule rule(int n) {
    var used = new TreeMap<Integer, Expr>();
    for (Expr e : Expr.parts(outs)) {
      if (e.fn() == Fn.ARG) {
        used.put(e.index(), e);
      }
    }
    var rename = new HashMap<Expr, Expr>();
    var read = new ArrayList<Source>();
    used.forEach((i, e) -> {
      rename.put(e, Expr.arg(read.size()));
      read.add(sources.get(i));
    });
    Source[] d = new Source[n];
    direct.forEach((i, s) -> d[i] = s);
    Pointwise p = outs.isEmpty() ? null : new Pointwise(outs.stream().map(e -> e.replace(rename)).toList());
    return new Rule(List.copyOf(read), p, which.stream().mapToInt(Integer::intValue).toArray(), d);
  }
}
