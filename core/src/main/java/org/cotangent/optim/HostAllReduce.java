package org.cotangent.optim;

import java.util.ArrayList;
import java.util.List;
import org.cotangent.Autograd;
import org.cotangent.Tensor;

/** Through the first replica's device. */
final class HostAllReduce implements AllReduce {
  @Override
  public List<List<Tensor>> mean(List<List<Tensor>> replicas) {
    AllReduce.check(replicas);
    return Autograd.noGrad(() -> {
      var means = new ArrayList<List<Tensor>>();
      replicas.forEach(_ -> means.add(new ArrayList<>()));
      for (int i = 0; i < replicas.getFirst().size(); i++) {
        Tensor first = replicas.getFirst().get(i).detach();
        Tensor total = first.to(first.dtype().computed());
        for (int r = 1; r < replicas.size(); r++) {
          total = total.add(replicas.get(r).get(i).detach().to(first.device()).to(total.dtype()));
        }
        Tensor mean = total.div(replicas.size()).to(first.dtype()).synchronize();
        for (int r = 0; r < replicas.size(); r++) {
          means.get(r).add(mean.to(replicas.get(r).get(i).device()));
        }
      }
      return List.copyOf(means);
    });
  }

  @Override
  public void close() {}
}
