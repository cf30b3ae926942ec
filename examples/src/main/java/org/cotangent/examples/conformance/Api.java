package org.cotangent.examples.conformance;

/** How one function of PyTorch is called here. */
interface Api {
  /** The result of the call: a tensor, an array or a list of them. */
  Object call(Call c);
}
