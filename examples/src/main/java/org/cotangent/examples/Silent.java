package org.cotangent.examples;

import me.tongfei.progressbar.ProgressBarConsumer;

/** Shows no progress. */
public final class Silent implements ProgressBarConsumer {
  @Override
  public int getMaxRenderedLength() {
    return 1;
  }

  @Override
  public void accept(String line) {}

  @Override
  public void close() {}
}
