package org.cotangent.examples.conformance;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON text as maps, lists, strings, booleans, longs and doubles; {@link #NULL} for null. */
final class Json {
  /** JSON's null. */
  static final Object NULL = new Object() {
    @Override
    public String toString() {
      return "null";
    }
  };

  private static final JsonFactory FACTORY = new JsonFactory();

  private Json() {}

  /** The only value of {@code text}. */
  static Object parse(String text) throws IOException {
    try (JsonParser p = FACTORY.createParser(text)) {
      p.nextToken();
      return value(p);
    }
  }

  private static Object value(JsonParser p) throws IOException {
    return switch (p.currentToken()) {
      case START_OBJECT -> object(p);
      case START_ARRAY -> array(p);
      case VALUE_STRING -> p.getText();
      case VALUE_NUMBER_INT -> p.getNumberType() == JsonParser.NumberType.BIG_INTEGER ? (Object) p.getDoubleValue() : p.getLongValue();
      case VALUE_NUMBER_FLOAT -> p.getDoubleValue();
      case VALUE_TRUE -> Boolean.TRUE;
      case VALUE_FALSE -> Boolean.FALSE;
      default -> NULL;
    };
  }

  private static Map<String, Object> object(JsonParser p) throws IOException {
    var m = new LinkedHashMap<String, Object>();
    while (p.nextToken() != JsonToken.END_OBJECT) {
      String key = p.currentName();
      p.nextToken();
      m.put(key, value(p));
    }
    return m;
  }

  private static List<Object> array(JsonParser p) throws IOException {
    var l = new ArrayList<>();
    while (p.nextToken() != JsonToken.END_ARRAY) {
      l.add(value(p));
    }
    return l;
  }

  /** {@code o} as an object. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Object o) {
    return (Map<String, Object>) o;
  }

  /** {@code o} as a list; null as an empty one. */
  @SuppressWarnings("unchecked")
  static List<Object> list(Object o) {
    return o == null || o == NULL ? List.of() : (List<Object>) o;
  }

  /** {@code o} as a list of integers. */
  static int[] ints(Object o) {
    return list(o).stream().mapToInt(v -> (int) number(v)).toArray();
  }

  /** {@code o} as a number; true and false are 1 and 0, strings are "NaN", "Infinity" and "-Infinity". */
  static double number(Object o) {
    return switch (o) {
      case Number n -> n.doubleValue();
      case Boolean b -> b ? 1 : 0;
      default -> Double.parseDouble(o.toString());
    };
  }
}
