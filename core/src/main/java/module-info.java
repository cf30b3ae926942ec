/** Tensors, automatic differentiation, neural networks, optimizers and data loading. */
module org.cotangent.core {
  requires com.fasterxml.jackson.core;

  exports org.cotangent;
  exports org.cotangent.data;
  exports org.cotangent.errors;
  exports org.cotangent.expr;
  exports org.cotangent.io;
  exports org.cotangent.nn;
  exports org.cotangent.ops;
  exports org.cotangent.optim;
  exports org.cotangent.spi;
  exports org.cotangent.lower to
      org.cotangent.cpu,
      org.cotangent.cuda;

  uses org.cotangent.spi.BackendProvider;
}
