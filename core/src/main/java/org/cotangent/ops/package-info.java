/** Compositions of tensor operations: losses, activations, normalisations and what layers compute. */
package org.cotangent.ops;
