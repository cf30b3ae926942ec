/** Kernels for NVIDIA GPUs. */
module org.cotangent.cuda {
  requires org.cotangent.core;
}
