/** Kernels for NVIDIA GPUs. */
module org.cotangent.cuda {
  requires transitive org.cotangent.core;
  requires jcuda;
  requires jcublas;

  exports org.cotangent.cuda;
  exports org.cotangent.cuda.driver to
      org.cotangent.examples;
  exports org.cotangent.cuda.kernel to
      org.cotangent.examples;

  provides org.cotangent.spi.BackendProvider with
      org.cotangent.cuda.CudaProvider;
}
