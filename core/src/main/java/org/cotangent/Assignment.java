package org.cotangent;

import java.util.List;
import org.cotangent.expr.Expr;

/**
 * What {@link Tensors#assign} does: {@code out[j]} becomes {@code f[j]} of {@code in}, element by element, where {@code Expr.arg(i)} stands for
 * {@code in[i]}.
 *
 * @param f the expressions
 * @param in what they read: of the shape of the results, or scalars; of their type and on their device
 * @param out leaves or tensors without a graph, of one shape and type
 * @param own by output: whether nobody else holds its storage, so that it may be written over or freed
 */
public record Assignment(List<Expr> f, List<Tensor> in, List<Tensor> out, boolean[] own) {}
