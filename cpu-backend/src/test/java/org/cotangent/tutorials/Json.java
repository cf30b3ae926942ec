package org.cotangent.tutorials;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON text as maps, lists, strings, numbers (Double), booleans and null; numbers may be NaN or infinite. */
final class Json {
  private final String s;
  private int at;

  private Json(String s) {
    this.s = s;
  }

  static Object parse(String text) {
    Json j = new Json(text);
    Object v = j.value();
    j.space();
    if (j.at != text.length()) {
      throw new IllegalArgumentException("json: more text at " + j.at);
    }
    return v;
  }

  private Object value() {
    space();
    return switch (s.charAt(at)) {
      case '{' -> map();
      case '[' -> list();
      case '"' -> string();
      default -> word();
    };
  }

  private Map<String, Object> map() {
    var m = new LinkedHashMap<String, Object>();
    at++;
    for (space(); s.charAt(at) != '}'; space()) {
      skip(',');
      space();
      String key = string();
      space();
      skip(':');
      m.put(key, value());
    }
    at++;
    return m;
  }

  private List<Object> list() {
    var l = new ArrayList<Object>();
    at++;
    for (space(); s.charAt(at) != ']'; space()) {
      skip(',');
      l.add(value());
    }
    at++;
    return l;
  }

  private String string() {
    var b = new StringBuilder();
    for (at++; s.charAt(at) != '"'; at++) {
      char c = s.charAt(at);
      if (c != '\\') {
        b.append(c);
        continue;
      }
      c = s.charAt(++at);
      switch (c) {
        case 'n' -> b.append('\n');
        case 't' -> b.append('\t');
        case 'r' -> b.append('\r');
        case 'b' -> b.append('\b');
        case 'f' -> b.append('\f');
        case 'u' -> {
          b.append((char) Integer.parseInt(s, at + 1, at + 5, 16));
          at += 4;
        }
        default -> b.append(c);
      }
    }
    at++;
    return b.toString();
  }

  private Object word() {
    int from = at;
    while (at < s.length() && ",]} \n\r\t".indexOf(s.charAt(at)) < 0) {
      at++;
    }
    String w = s.substring(from, at);
    return switch (w) {
      case "null" -> null;
      case "true" -> true;
      case "false" -> false;
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> Double.valueOf(w);
    };
  }

  private void skip(char c) {
    if (s.charAt(at) == c) {
      at++;
    }
  }

  private void space() {
    while (at < s.length() && Character.isWhitespace(s.charAt(at))) {
      at++;
    }
  }
}
