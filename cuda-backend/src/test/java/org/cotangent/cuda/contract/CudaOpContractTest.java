package org.cotangent.cuda.contract;

import org.cotangent.Device;
import org.cotangent.cuda.driver.OnDevice;
import org.cotangent.testkit.OpContract;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every other operation, beside {@link CudaOtherOpContractTest}: two processes compile kernels twice as fast as one. */
@ExtendWith(OnDevice.class)
class CudaOpContractTest extends OpContract {
  CudaOpContractTest() {
    super(Device.cuda(), 0, 2);
  }
}
