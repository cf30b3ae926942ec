package org.cotangent.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cotangent.Autocast;
import org.cotangent.DType;
import org.cotangent.Primitives;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.ShapeException;

/** Sums of products in Einstein's notation. */
public final class Einsum {
  /** Stand for the axes of an ellipsis, the last one first. */
  private static final char ELLIPSIS = '\u2400';

  private Einsum() {}

  /** A tensor with a letter for each axis. */
  private record Term(String letters, Tensor x) {}

  /**
   * The sum of products that the equation says: "ij,jk->ik" is the matrix product, "ii->i" the diagonal, "...ij->...ji" the transpose.
   * Without an arrow the result has the letters that occur once, in alphabetical order. Axes of size 1 stretch. Of many tensors, the
   * pairs are contracted in the order of fewest multiplications: the best one for up to {@value ContractionOrder#EXHAUSTIVE} tensors, else
   * the cheapest pair first. Sums of one tensor of integers over letters that no other tensor has are int64, as in {@code sum}, and
   * so are products with them; others keep the type.
   *
   * @throws ArgumentException if the equation is malformed or does not fit the number of tensors
   * @throws ShapeException if it does not fit their axes
   */
  public static Tensor einsum(String equation, Tensor... xs) {
    String text = equation.replace(" ", "");
    int arrow = text.indexOf("->");
    String[] in = (arrow < 0 ? text : text.substring(0, arrow)).split(",", -1);
    if (xs.length == 0 || in.length != xs.length) {
      throw new ArgumentException("einsum: \"" + equation + "\" names " + in.length + " tensors, there are " + xs.length);
    }
    var sizes = new TreeMap<Character, Integer>();
    String[] letters = new String[in.length];
    int ellipsis = 0;
    for (int i = 0; i < in.length; i++) {
      letters[i] = spelled(equation, in[i], xs[i].rank(), -1);
      ellipsis = Math.max(ellipsis, (int) letters[i].chars().filter(c -> c >= ELLIPSIS).count());
      sizes(equation, letters[i], xs[i], sizes);
    }
    String out = arrow < 0 ? implied(letters) : spelled(equation, text.substring(arrow + 2), -1, ellipsis);
    check(equation, out, sizes);
    var terms = new ArrayList<Term>();
    for (int i = 0; i < in.length; i++) {
      Tensor x = Autocast.lower(xs[i]);
      if (x.dtype() != Autocast.lower(xs[0]).dtype()) {
        throw new DTypeException("einsum: types differ: " + xs[0].dtype() + " and " + xs[i].dtype() + "; convert one with to(dtype)");
      }
      terms.add(reduced(diagonal(new Term(letters[i], x)), sizes));
    }
    return contracted(terms, out, sizes);
  }

  /** Letters for all axes, those of an ellipsis included; {@code rank} or the number of those axes is given. */
  private static String spelled(String equation, String part, int rank, int ellipsis) {
    int dots = part.indexOf("...");
    String named = dots < 0 ? part : part.substring(0, dots) + part.substring(dots + 3);
    if (!named.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z')) {
      throw new ArgumentException("einsum: \"" + equation + "\" holds other signs than letters, commas, an arrow and one ellipsis a part");
    }
    int free = rank < 0 ? ellipsis : rank - named.length();
    if (rank >= 0 && (free < 0 || dots < 0 && free > 0)) {
      throw new ShapeException("einsum: \"" + part + "\" of \"" + equation + "\" does not name " + rank + " axes");
    }
    if (dots < 0) {
      return part;
    }
    StringBuilder s = new StringBuilder(part.substring(0, dots));
    for (int i = free - 1; i >= 0; i--) {
      s.append((char) (ELLIPSIS + i));
    }
    return s.append(part.substring(dots + 3)).toString();
  }

  private static void sizes(String equation, String letters, Tensor x, Map<Character, Integer> sizes) {
    for (int i = 0; i < letters.length(); i++) {
      int n = x.size(i);
      int known = sizes.getOrDefault(letters.charAt(i), 1);
      if (known != n && known != 1 && n != 1) {
        throw new ShapeException("einsum: a letter of \"" + equation + "\" stands for axes of " + known + " and " + n);
      }
      sizes.put(letters.charAt(i), known == 1 ? n : known);
    }
  }

  private static String implied(String... letters) {
    var count = new TreeMap<Character, Integer>();
    for (String l : letters) {
      for (char c : l.toCharArray()) {
        count.merge(c, 1, Integer::sum);
      }
    }
    StringBuilder s = new StringBuilder();
    count.descendingMap().keySet().stream().filter(c -> c >= ELLIPSIS).forEach(s::append);
    count.forEach((c, n) -> s.append(c < ELLIPSIS && n == 1 ? c.toString() : ""));
    return s.toString();
  }

  private static void check(String equation, String out, Map<Character, Integer> sizes) {
    for (int i = 0; i < out.length(); i++) {
      if (out.indexOf(out.charAt(i)) != i || !sizes.containsKey(out.charAt(i))) {
        throw new ArgumentException("einsum: the result of \"" + equation + "\" repeats a letter or has one that no tensor has");
      }
    }
  }

  /** Axes with the same letter as one. */
  private static Term diagonal(Term t) {
    for (int i = 0; i < t.letters().length(); i++) {
      int j = t.letters().indexOf(t.letters().charAt(i), i + 1);
      if (j > 0) {
        char c = t.letters().charAt(i);
        if (t.x().size(i) != t.x().size(j)) {
          throw new ShapeException("einsum: a letter that is repeated stands for axes of " + t.x().size(i) + " and " + t.x().size(j));
        }
        String rest = new StringBuilder(t.letters()).deleteCharAt(j).deleteCharAt(i).toString();
        return diagonal(new Term(rest + c, t.x().diagonal(0, i, j)));
      }
    }
    return t;
  }

  /** Without axes of size 1 that stretch elsewhere. */
  private static Term reduced(Term t, Map<Character, Integer> sizes) {
    Tensor x = t.x();
    StringBuilder s = new StringBuilder();
    for (int i = 0; i < t.letters().length(); i++) {
      char c = t.letters().charAt(i);
      if (x.size(s.length()) == 1 && sizes.get(c) != 1) {
        x = x.squeeze(s.length());
      } else {
        s.append(c);
      }
    }
    return new Term(s.toString(), x);
  }

  /** Pairs in the order of {@link ContractionOrder}; what only one term has is summed first. */
  private static Tensor contracted(List<Term> terms, String out, Map<Character, Integer> sizes) {
    var rest = new ArrayList<Term>(terms);
    if (rest.size() == 1) {
      return ordered(summed(rest.get(0), out), out, sizes);
    }
    for (int[] pair : ContractionOrder.of(terms.stream().map(Term::letters).toList(), out, sizes)) {
      Term y = rest.remove(pair[1]);
      Term x = rest.remove(pair[0]);
      StringBuilder later = new StringBuilder(out);
      rest.forEach(t -> later.append(t.letters()));
      rest.add(product(summed(x, y.letters() + later), summed(y, x.letters() + later), later.toString()));
    }
    return ordered(rest.get(0), out, sizes);
  }

  private static Term product(Term x, Term y, String later) {
    DType type = DType.promote(x.x().dtype(), y.x().dtype());
    StringBuilder o = new StringBuilder();
    for (char c : (x.letters() + y.letters()).toCharArray()) {
      if (later.indexOf(c) >= 0 && o.indexOf(String.valueOf(c)) < 0) {
        o.append(c);
      }
    }
    return new Term(o.toString(), Primitives.contract(x.letters(), x.x().to(type), y.letters(), y.x().to(type), o.toString()));
  }

  /** Summed over letters that are not needed. */
  private static Term summed(Term t, String needed) {
    StringBuilder s = new StringBuilder();
    var axes = new ArrayList<Integer>();
    for (int i = 0; i < t.letters().length(); i++) {
      if (needed.indexOf(t.letters().charAt(i)) < 0) {
        axes.add(i);
      } else {
        s.append(t.letters().charAt(i));
      }
    }
    if (axes.isEmpty()) {
      return t;
    }
    return new Term(s.toString(), t.x().sum(axes.stream().mapToInt(Integer::intValue).toArray()));
  }

  private static Tensor ordered(Term t, String out, Map<Character, Integer> sizes) {
    StringBuilder have = new StringBuilder(t.letters());
    Tensor x = t.x();
    for (char c : out.toCharArray()) {
      if (have.indexOf(String.valueOf(c)) < 0) {
        have.append(c);
        x = x.unsqueeze(-1);
      }
    }
    int[] p = new int[out.length()];
    int[] d = new int[p.length];
    for (int i = 0; i < p.length; i++) {
      p[i] = have.indexOf(String.valueOf(out.charAt(i)));
      d[i] = sizes.get(out.charAt(i));
    }
    Tensor y = x.permute(p);
    return java.util.Arrays.equals(y.shape().dims(), d) ? y : y.expand(d);
  }
}
