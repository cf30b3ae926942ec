package org.cotangent;

/**
 * A result, and what else a function computed on the way: tensors, or structures of them, that are not differentiated.
 *
 * <p>A function {@code x -> new Aux<>(loss, logits)} given to {@link Autograd#gradAux} and its like keeps the logits, which would be
 * refused as escaped otherwise; the transform gives its own result with them.
 *
 * @param value what is differentiated, or the derivative
 * @param aux what comes with it
 */
public record Aux<B, C>(B value, C aux) {}
