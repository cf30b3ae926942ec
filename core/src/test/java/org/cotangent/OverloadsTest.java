package org.cotangent;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Overloads of the transforms are told apart by the number of a lambda's parameters, so that these need no types. */
class OverloadsTest {
  /** For each parameter of a method the arity of its functional interface, -1 if it is none or takes nothing. */
  private static List<Integer> arities(Method m) {
    return Arrays.stream(m.getParameterTypes()).map(OverloadsTest::arity).toList();
  }

  /** A lambda without parameters has all its types, and Java tells apart those that give something and those that do not. */
  private static int arity(Class<?> type) {
    if (!type.isInterface()) {
      return -1;
    }
    List<Method> open = Arrays.stream(type.getMethods()).filter(m -> Modifier.isAbstract(m.getModifiers())).toList();
    return open.size() == 1 && open.get(0).getParameterCount() > 0 ? open.get(0).getParameterCount() : -1;
  }

  private static List<String> clashes(Class<?> c) {
    List<Method> all = Arrays.stream(c.getMethods()).filter(m -> Modifier.isStatic(m.getModifiers())).toList();
    var r = new ArrayList<String>();
    for (int i = 0; i < all.size(); i++) {
      for (int j = i + 1; j < all.size(); j++) {
        if (all.get(i).getName().equals(all.get(j).getName()) && clash(all.get(i), all.get(j))) {
          r.add(all.get(i) + " and " + all.get(j));
        }
      }
    }
    return r;
  }

  /** Whether a call could mean either: as many arguments, and functions of equal arity wherever one of them takes a function. */
  private static boolean clash(Method a, Method b) {
    List<Integer> x = arities(a);
    return x.equals(arities(b)) && x.stream().anyMatch(n -> n > 0);
  }

  @Test
  void noTwoTransformsOfOneNameTakeFunctionsOfEqualArity() {
    assertThat(clashes(Autograd.class)).isEmpty();
  }

  @Test
  void functionsOfEqualArityAreFound() {
    assertThat(clashes(Ambiguous.class)).hasSize(1).first().asString().contains("same").doesNotContain("other");
  }

  /** A pair that Java can tell apart only by the types of a lambda's parameters, and one that it can by their number. */
  static final class Ambiguous {
    private Ambiguous() {}

    public static void same(UnaryOperator<Tensor> f, Tensor x) {}

    public static <A> void same(Function<A, Tensor> f, A x) {}

    public static void other(UnaryOperator<Tensor> f) {}

    public static void other(TernaryOperator f) {}
  }
}
