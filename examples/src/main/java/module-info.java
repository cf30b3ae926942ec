/** The cotangent command and the training examples. */
module org.cotangent.examples {
  requires org.cotangent.core;
  requires org.cotangent.cpu;
  requires org.cotangent.cuda;
  requires com.fasterxml.jackson.core;
  requires java.desktop;
  requires info.picocli;
  requires me.tongfei.progressbar;
  requires org.knowm.xchart;

  opens org.cotangent.examples to info.picocli;
  opens org.cotangent.examples.conformance to info.picocli;
  opens org.cotangent.examples.laws to info.picocli;
  opens org.cotangent.examples.quickstart to info.picocli;
}
