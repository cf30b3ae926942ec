/** Factorisations of single matrices: LAPACK of OpenBLAS through FFM, and a Java fallback. */
package org.cotangent.cpu.lapack;
