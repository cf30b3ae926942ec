package org.cotangent.cuda.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import org.cotangent.spi.Native;

/**
 * The controls of the emulated driver, which native/emulator/README.md describes: settings, injected faults, and the record of what ran.
 * Absent on a real driver.
 */
public final class Emulator {
  private static final FunctionDescriptor TEXT = FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);

  private final SymbolLookup library;

  private Emulator(SymbolLookup library) {
    this.library = library;
  }

  private static final class Loaded {
    static final Optional<Emulator> HERE =
        Libraries.driver().filter(l -> l.find(Discovery.EMULATOR_MARK).isPresent()).map(Emulator::new);
  }

  /** The emulated driver, if the process uses it. */
  public static Optional<Emulator> here() {
    return Loaded.HERE;
  }

  /**
   * Sets one of the emulator's settings.
   *
   * @throws IllegalArgumentException if there is none of that name or it does not take the value
   */
  public void configure(String name, String value) {
    try (Arena arena = Arena.ofConfined()) {
      var type = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
      Object status = call("emulatorConfigure", type, arena.allocateFrom(name), arena.allocateFrom(value));
      if ((Integer) status != 0) {
        throw new IllegalArgumentException(lastError());
      }
    }
  }

  /** What ran since {@link #clear}, a line an operation, if the setting "record" is on. */
  public List<String> record() {
    return lines("emulatorRecord");
  }

  /** What ran since {@link #clear}: "kind name count=n bytes=n work=n", a line for each kind and name. */
  public List<String> totals() {
    return lines("emulatorTotals");
  }

  /** Faults and misuse since {@link #clear}. */
  public List<String> reports() {
    return lines("emulatorReports");
  }

  /** "kind n": operations counted since the setting "fault" was made. */
  public List<String> counts() {
    return lines("emulatorCounts");
  }

  /** Device and page-locked memory that is allocated. */
  public List<String> live() {
    return lines("emulatorLive");
  }

  /** Operations that are queued and have not run. */
  public long queued() {
    return (Long) call("emulatorQueued", FunctionDescriptor.of(ValueLayout.JAVA_LONG));
  }

  /** Why the last refused call was refused. */
  public String lastError() {
    return text("emulatorLastError");
  }

  /** Forgets the record, the totals and the reports. */
  public void clear() {
    call("emulatorClear", FunctionDescriptor.ofVoid());
  }

  /** Back to before the driver was used: contexts and memory are gone, and every open device of this process is invalid. */
  void reset() {
    call("emulatorReset", FunctionDescriptor.ofVoid());
  }

  private List<String> lines(String function) {
    return text(function).lines().toList();
  }

  private String text(String function) {
    long length = (Long) call(function, TEXT, MemorySegment.NULL, 0L);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(length + 1);
      call(function, TEXT, buffer, length + 1);
      return buffer.getString(0);
    }
  }

  @SuppressWarnings("restricted") // calling the emulator is what this class is for
  private Object call(String function, FunctionDescriptor type, Object... arguments) {
    var handle = Linker.nativeLinker().downcallHandle(library.findOrThrow(function), type);
    return Native.call(() -> handle.invokeWithArguments(arguments));
  }
}
