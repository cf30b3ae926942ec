package org.cotangent.examples.conformance;

import org.cotangent.Tensor;
import org.cotangent.ops.Einsum;

/** Products of vectors and matrices. */
final class ProductApis {
  private ProductApis() {}

  static void register(Apis apis) {
    apis.add("torch.matmul", c -> c.input().matmul(c.tensor(1, "other")));
    apis.add("torch.Tensor.__rmatmul__", c -> c.tensor(1, "other").matmul(c.tensor(0, "self")));
    apis.add("torch.mm", c -> c.input().mm(c.tensor(1, "mat2")));
    apis.add("torch.mv", c -> c.input().mv(c.tensor(1, "vec")));
    apis.add("torch.bmm", c -> c.input().bmm(c.tensor(1, "mat2")));
    apis.add("torch.dot", c -> c.input().dot(c.tensor(1, "tensor")));
    apis.add("torch.vdot", c -> c.input().vdot(c.tensor(1, "other")));
    apis.add("torch.outer", c -> c.input().outer(c.tensor(1, "vec2")));
    apis.add("torch.inner", c -> c.input().inner(c.tensor(1, "other")));
    apis.add("torch.kron", c -> c.input().kron(c.tensor(1, "other")));
    apis.add("torch.addmm", c -> c.input().addmm(
        c.tensor(1, "mat1"), c.tensor(2, "mat2"), c.numberOr("beta", 1), c.numberOr("alpha", 1)));
    apis.add("torch.addmv", c -> c.input().addmv(
        c.tensor(1, "mat"), c.tensor(2, "vec"), c.numberOr("beta", 1), c.numberOr("alpha", 1)));
    apis.add("torch.addr", c -> c.input().addr(
        c.tensor(1, "vec1"), c.tensor(2, "vec2"), c.numberOr("beta", 1), c.numberOr("alpha", 1)));
    apis.add("torch.addbmm", c -> c.input().addbmm(
        c.tensor(1, "batch1"), c.tensor(2, "batch2"), c.numberOr("beta", 1), c.numberOr("alpha", 1)));
    apis.add("torch.baddbmm", c -> c.input().baddbmm(
        c.tensor(1, "batch1"), c.tensor(2, "batch2"), c.numberOr("beta", 1), c.numberOr("alpha", 1)));
    apis.add("torch.cross", c -> c.has(2, "dim")
        ? c.input().cross(c.tensor(1, "other"), c.integer(2, "dim")) : c.input().cross(c.tensor(1, "other")));
    apis.add("torch.einsum", c -> Einsum.einsum(c.string(0, "equation"), c.rest(1)));
    apis.add("torch.tensordot", ProductApis::tensordot);
  }

  private static Tensor tensordot(Call c) {
    Tensor x = c.tensor(0, "a");
    Tensor y = c.tensor(1, "b");
    if (c.isInt(2, "dims")) {
      return x.tensordot(y, c.integer(2, "dims"));
    }
    Call axes = c.items(2, "dims");
    return x.tensordot(y, axes.ints(0, "a"), axes.ints(1, "b"));
  }
}
