package org.cotangent.testkit;

import static org.cotangent.testkit.OpRow.binary;
import static org.cotangent.testkit.OpRow.many;
import static org.cotangent.testkit.OpRow.of;
import static org.cotangent.testkit.OpRow.row;
import static org.cotangent.testkit.OpRow.unary;

import java.util.List;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.DTypeException;
import org.cotangent.errors.GradientException;
import org.cotangent.testkit.OpRow.Part;

/** Rows of further pointwise operations and of special functions. */
final class ElementRows {
  private ElementRows() {}

  private static Tensor ones(int... shape) {
    return Tensor.ones(shape);
  }

  private static OpRow integers(String name, java.util.function.BinaryOperator<Tensor> f) {
    return row(name, x -> f.apply(x[0], x[1]), of(2, 3), of(3)).index(0, 60).index(1, 60).without(Part.FIRST)
        .refuses("floating tensors", DTypeException.class, "needs integers", () -> f.apply(ones(1), ones(1)));
  }

  static List<OpRow> rows() {
    return List.of(
        binary("fmax", (x, y) -> x.fmax(y)).without(Part.TIES), binary("fmin", (x, y) -> x.fmin(y)).without(Part.TIES),
        binary("heaviside", (x, y) -> x.heaviside(y)).without(Part.FIRST)
            .refuses("different types", DTypeException.class, "types differ", () -> ones(1).heaviside(Tensor.of(1L))),
        binary("hypot", (x, y) -> x.hypot(y)).within(0, 0.5, 2)
            .refuses("integers", DTypeException.class, "floating", () -> Tensor.of(1).hypot(Tensor.of(1))),
        binary("ldexp", (x, y) -> x.ldexp(y)).roundings(2),
        many("frexp", x -> {
          var b = x[0].frexp();
          return new Tensor[] {b.mantissa(), b.exponent()};
        }, of(2, 3)).within(0.6, 0.9).refuses("integers", DTypeException.class, "floating", () -> Tensor.of(1).frexp()),
        unary("nanToNum", x -> x.nanToNum()), unary("nanToNum numbers", x -> x.nanToNum(1, 2, 3)),
        binary("nextafter", (x, y) -> x.nextafter(y)).without(Part.FIRST),
        integers("gcd", Tensor::gcd), integers("lcm", Tensor::lcm),
        unary("sgn", Tensor::sgn).without(Part.FIRST), unary("angle", Tensor::angle).without(Part.FIRST),
        unary("isReal", Tensor::isReal).without(Part.FIRST),
        binary("equal", (x, y) -> Tensor.scalar(x.equal(y))).without(Part.FIRST, Part.VMAP),
        binary("allClose", (x, y) -> Tensor.scalar(x.allClose(y, 0.1, 0.1, false))).without(Part.FIRST, Part.VMAP),
        unary("ndtr", Tensor::ndtr), unary("logNdtr", Tensor::logNdtr), unary("logNdtr far", Tensor::logNdtr).within(-30, -3),
        unary("ndtri", Tensor::ndtri).within(0.1, 0.9), unary("erfcx", Tensor::erfcx), unary("erfcx far", Tensor::erfcx).within(5, 30),
        unary("entr", Tensor::entr).within(0.2, 2), unary("i0", Tensor::i0), unary("i0e", Tensor::i0e),
        unary("i0e far", Tensor::i0e).within(15, 30), unary("i1", Tensor::i1), unary("i1e", Tensor::i1e),
        unary("zeta number", x -> x.detach().add(3).zeta(1.5)).without(Part.FIRST),
        row("zeta", x -> Tensor.of(1.5, 2, 4).to(x[0].dtype()).to(x[0].device()).zeta(x[0]), of(2, 3)).within(0.5, 2)
            .refuses("an exponent that requires grad", GradientException.class, "exponent",
                () -> Tensor.of(2.5).requiresGrad_().zeta(Tensor.of(1.5)).sum().backward()),
        unary("mvlgamma", x -> x.mvlgamma(3)).within(1.5, 3)
            .refuses("dimension 0", ArgumentException.class, "dimension", () -> ones(1).mvlgamma(0)));
  }
}
