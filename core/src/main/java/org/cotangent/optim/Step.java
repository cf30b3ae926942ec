package org.cotangent.optim;

import java.util.List;
import org.cotangent.Tensor;
import org.cotangent.expr.Expr;

/**
 * A parameter's step as one kernel, whose results are the new states and, last, the new value.
 *
 * @param states names of the states that are results
 * @param f the expressions of the results
 * @param in what they read: the parameter, its gradient, states and numbers
 */
record Step(List<String> states, List<Expr> f, List<Tensor> in) {}
