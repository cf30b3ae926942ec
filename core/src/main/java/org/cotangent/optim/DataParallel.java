package org.cotangent.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.cotangent.Autograd;
import org.cotangent.MemoryScope;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.errors.FreedException;
import org.cotangent.errors.GradientException;

/**
 * Training of one model on several devices: each has a replica, and steps by the mean of all replicas' gradients, so that replicas stay equal.
 *
 * <pre>{@code
 * try (var parallel = new DataParallel(List.of(optim0, optim1), AllReduce.between(devices))) {
 *   double loss = parallel.step(List.of(
 *       () -> crossEntropy(model0.apply(x0), y0),
 *       () -> crossEntropy(model1.apply(x1), y1)));
 * }
 * }</pre>
 *
 * <p>With losses that are means over shards of equal size, a step is the step of one device on all examples, but for rounding. Each loss is
 * computed on a thread of its own, where {@link org.cotangent.Autocast}, transforms and memory scopes of the caller do not apply; what is
 * born there is freed after the step. Replicas may share a device. It has never run over several GPUs.
 */
public final class DataParallel implements AutoCloseable {
  private final List<Optimizer> optimizers;
  private final AllReduce reduce;
  private final ExecutorService threads;

  /**
   * Replicas with these optimisers, of which each has the parameters of its replica in the same order. The parameters of all become those of
   * the first.
   *
   * @throws ArgumentException if there are no optimisers, or one is given twice
   * @throws org.cotangent.errors.ShapeException if parameters differ in shape
   */
  public DataParallel(List<? extends Optimizer> optimizers, AllReduce reduce) {
    if (optimizers.isEmpty() || optimizers.stream().distinct().count() < optimizers.size()) {
      throw new ArgumentException("data parallel: an optimiser for each replica is needed, each once: there are " + optimizers.size());
    }
    this.optimizers = List.copyOf(optimizers);
    this.reduce = reduce;
    AllReduce.check(this.optimizers.stream().map(DataParallel::parameters).toList());
    Autograd.noGrad(() -> {
      List<Tensor> first = parameters(this.optimizers.getFirst());
      for (Optimizer o : this.optimizers.subList(1, this.optimizers.size())) {
        List<Tensor> own = parameters(o);
        for (int i = 0; i < own.size(); i++) {
          own.get(i).copy_(first.get(i).detach().to(own.get(i).device()));
        }
      }
    });
    threads = Executors.newFixedThreadPool(optimizers.size(), Thread.ofPlatform().daemon().name("cotangent-replica-", 0).factory());
  }

  private static List<Tensor> parameters(Optimizer o) {
    return o.slots().stream().map(Slot::parameter).toList();
  }

  /**
   * One step of all replicas: gradients are removed, losses and gradients computed on all devices at once, gradients averaged, and each
   * optimiser steps. Returns the mean of the losses. If a replica fails no parameter changes, and gradients are removed;
   * where an optimiser refuses its step, those before it have made theirs.
   *
   * @param losses for each replica its loss, a scalar that requires grad
   * @throws ArgumentException if there is not a loss for each replica
   * @throws GradientException if a parameter has a gradient in some replicas alone
   */
  public double step(List<Supplier<Tensor>> losses) {
    if (losses.size() != optimizers.size()) {
      throw new ArgumentException("data parallel: " + losses.size() + " losses for " + optimizers.size() + " replicas");
    }
    if (threads.isShutdown()) {
      throw new FreedException("data parallel: step after close; make a new one");
    }
    boolean done = false;
    try (var _ = MemoryScope.open()) {
      double loss = backward(losses);
      average();
      optimizers.forEach(Optimizer::step);
      done = true;
      return loss;
    } finally {
      if (!done) {
        optimizers.forEach(Optimizer::zeroGrad);
      }
    }
  }

  private double backward(List<Supplier<Tensor>> losses) {
    var running = new ArrayList<Future<Double>>();
    for (int r = 0; r < losses.size(); r++) {
      Optimizer o = optimizers.get(r);
      Supplier<Tensor> loss = losses.get(r);
      running.add(threads.submit(() -> backward(o, loss)));
    }
    double sum = 0;
    var failures = new ArrayList<Throwable>();
    for (Future<Double> f : running) { // all are waited for, so that none runs on after a failure
      try {
        sum += f.get();
      } catch (ExecutionException e) {
        failures.add(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failures.add(new IllegalStateException("data parallel: interrupted", e));
      }
    }
    if (!failures.isEmpty()) {
      throw rethrown(failures);
    }
    return sum / losses.size();
  }

  private static double backward(Optimizer o, Supplier<Tensor> loss) {
    try (var _ = MemoryScope.open()) {
      o.zeroGrad();
      Tensor l = loss.get();
      l.backward();
      return l.item();
    }
  }

  /** The first failure, with the others added to it. */
  private static RuntimeException rethrown(List<Throwable> failures) {
    Throwable first = failures.getFirst();
    failures.stream().skip(1).filter(f -> f != first).forEach(first::addSuppressed);
    switch (first) {
      case RuntimeException e -> {
        return e;
      }
      case Error e -> throw e;
      default -> {
        return new IllegalStateException(first);
      }
    }
  }

  private void average() {
    List<List<Tensor>> all = optimizers.stream().map(DataParallel::parameters).toList();
    var which = new ArrayList<Integer>();
    for (int i = 0; i < all.getFirst().size(); i++) {
      int at = i;
      long with = all.stream().filter(p -> p.get(at).hasGrad()).count();
      if (with > 0 && with < all.size()) {
        throw new GradientException("data parallel: parameter " + i + " " + all.getFirst().get(i).shape() + " has a gradient in " + with + " of " + all.size()
            + " replicas; every replica must compute the same function");
      }
      if (with > 0) {
        which.add(i);
      }
    }
    List<List<Tensor>> gradients = all.stream().map(p -> which.stream().map(i -> p.get(i).grad()).toList()).toList();
    List<List<Tensor>> means = reduce.mean(gradients);
    for (int r = 0; r < gradients.size(); r++) {
      for (int i = 0; i < which.size(); i++) {
        Tensor mean = means.get(r).get(i);
        gradients.get(r).get(i).apply_("allReduce", _ -> mean);
      }
    }
  }

  /**
   * Ends the replicas' threads and closes the reduction.
   *
   * @throws FreedException if it is closed already
   */
  @Override
  public void close() {
    if (threads.isShutdown()) {
      throw new FreedException("data parallel: closed already");
    }
    threads.shutdown();
    reduce.close();
  }
}
