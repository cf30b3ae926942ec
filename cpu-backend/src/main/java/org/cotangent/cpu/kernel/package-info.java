/**
 * The kernels of the CPU backend, and the storage they work on.
 *
 * <p>{@code Geometry} reduces the index space of some operands to as few axes as their strides allow, {@code Cursor} walks its rows, {@code Rows}
 * moves runs of elements. {@code Pointwise} runs programs block by block: a {@code Recipe} is a program resolved to {@code Stage}s, each one of the
 * loops that {@code Functions} lists. The other kernels have a class each. How work is cut into tasks depends on shapes and strides alone, never on
 * the number of threads, so results have the same bits for any number.
 *
 * <p>Loops of floats and doubles have a plain form here and a vector form in {@code org.cotangent.cpu.vector} with the same bits;
 * {@code FloatOps} and {@code DoubleOps} pair them.
 */
package org.cotangent.cpu.kernel;
