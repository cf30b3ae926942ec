package org.cotangent.cuda.contract;

import org.cotangent.Device;
import org.cotangent.cuda.driver.OnDevice;
import org.cotangent.testkit.OpContract;
import org.junit.jupiter.api.extension.ExtendWith;

/** The operations that {@link CudaOpContractTest} leaves out. */
@ExtendWith(OnDevice.class)
class CudaOtherOpContractTest extends OpContract {
  CudaOtherOpContractTest() {
    super(Device.cuda(), 1, 2);
  }
}
