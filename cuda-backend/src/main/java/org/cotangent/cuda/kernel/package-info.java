/** The kernels: CUDA C generated from programs, hand-written {@code .cu} files, and how launches divide the work. */
package org.cotangent.cuda.kernel;
