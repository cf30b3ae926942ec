package org.cotangent.contract;

import org.cotangent.Device;
import org.cotangent.testkit.OpContract;

class CpuOpContractTest extends OpContract {
  CpuOpContractTest() {
    super(Device.CPU);
  }
}
