/**
 * Elementary functions over blocks of numbers: the interface, the scalar implementation, and the choice between it and the vectors. Nothing
 * here imports the Vector API.
 */
package org.cotangent.cpu.math;
