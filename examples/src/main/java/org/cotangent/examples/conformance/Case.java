package org.cotangent.examples.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cotangent.Device;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;

/** One record: a call, and what came of it in PyTorch. */
final class Case {
  private final Map<String, Object> fields;
  private final List<Data> tensors;

  Case(Map<String, Object> fields) {
    this.fields = fields;
    this.tensors = datas("tensors");
  }

  private String text(String field) {
    Object v = fields.get(field);
    return v == null ? "" : v.toString();
  }

  String id() {
    return text("id");
  }

  String op() {
    return text("op");
  }

  String api() {
    return text("api");
  }

  String kind() {
    return text("kind");
  }

  String tier() {
    return text("tier");
  }

  /** Whether the record holds this part. */
  boolean has(String field) {
    return fields.get(field) != null && fields.get(field) != Json.NULL;
  }

  /** The object of this name; empty if there is none. */
  Map<String, Object> object(String field) {
    return has(field) ? Json.map(fields.get(field)) : Map.of();
  }

  /** The tensors of this name, null where the record says so. */
  List<Data> datas(String field) {
    return datas(fields, field);
  }

  /** The tensors of this name in {@code object}. */
  static List<Data> datas(Map<String, Object> object, String field) {
    var r = new ArrayList<Data>();
    for (Object o : Json.list(object.get(field))) {
      r.add(o == Json.NULL ? null : Data.of(Json.map(o)));
    }
    return r;
  }

  /** The Jacobian blocks [output][input], null where the record says so. */
  List<List<Data>> jacobian() {
    var r = new ArrayList<List<Data>>();
    for (Object row : Json.list(fields.get("jacobian"))) {
      r.add(datas(Map.of("row", row), "row"));
    }
    return r;
  }

  int[] inputs() {
    return Json.ints(fields.get("diff_in"));
  }

  int[] outputs() {
    return Json.ints(fields.get("diff_out"));
  }

  /** The record's tensors, none of which requires grad. */
  List<Tensor> tensors(Device device) {
    var r = new ArrayList<Tensor>();
    for (Data d : tensors) {
      r.add(d.tensor(device));
    }
    return r;
  }

  /** Makes the call on these tensors. */
  Tensor[] call(Apis apis, Api f, List<Tensor> on, Device device) {
    Map<String, Object> kwargs = object("kwargs");
    Call c = new Call(Json.list(fields.get("args")), kwargs, on, device);
    Tensor[] y = results(f.call(c));
    if (c.has("out")) {
      y = Out.write(c, y, apis.pointwise(api()));
    }
    if (!c.leftOver().isEmpty()) {
      throw new UnsupportedException(c.leftOver());
    }
    return y;
  }

  private static Tensor[] results(Object r) {
    return switch (r) {
      case Tensor t -> new Tensor[] {t};
      case Tensor[] t -> t;
      case List<?> l -> l.toArray(Tensor[]::new);
      default -> throw new ArgumentException("conformance: a result is no tensor: " + r.getClass());
    };
  }
}
