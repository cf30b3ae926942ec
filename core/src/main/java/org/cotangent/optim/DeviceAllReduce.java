package org.cotangent.optim;

import java.util.ArrayList;
import java.util.List;
import org.cotangent.Autograd;
import org.cotangent.Device;
import org.cotangent.Tensor;
import org.cotangent.errors.ArgumentException;
import org.cotangent.spi.Collective;

/** By what the devices have for it. */
record DeviceAllReduce(List<Device> devices, Collective collective) implements AllReduce {
  @Override
  public List<List<Tensor>> mean(List<List<Tensor>> replicas) {
    AllReduce.check(replicas);
    for (int r = 0; r < replicas.size(); r++) {
      for (Tensor t : replicas.get(r)) {
        if (replicas.size() != devices.size() || !t.device().equals(devices.get(r))) {
          throw new ArgumentException("allReduce: made for " + devices + ", replica " + r + " of " + replicas.size() + " is on " + t.device());
        }
      }
    }
    return Autograd.noGrad(() -> {
      var sums = new ArrayList<List<Tensor>>();
      replicas.forEach(all -> sums.add(all.stream().map(DeviceAllReduce::fresh).toList()));
      for (int i = 0; i < replicas.getFirst().size(); i++) {
        int at = i;
        collective.sum(sums.stream().map(all -> all.get(at).storage()).toList());
      }
      return sums.stream().map(all -> all.stream().map(t -> t.div(devices.size())).toList()).toList();
    });
  }

  /** The same numbers in dense storage that nobody else has. */
  private static Tensor fresh(Tensor t) {
    Tensor copy = t.detach().copy();
    boolean own = copy.storage().buffer() != t.detach().storage().buffer() && copy.storage().layout().contiguous();
    return own ? copy : Tensor.of(t.detach().toDoubleArray(), t.shape().dims()).to(t.dtype()).to(t.device());
  }

  @Override
  public void close() {
    collective.close();
  }
}
