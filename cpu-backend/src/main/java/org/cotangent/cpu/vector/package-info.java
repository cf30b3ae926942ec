/** Kernels by the Vector API: the one package that imports jdk.incubator.vector, loaded only where that module is present. */
package org.cotangent.cpu.vector;
