import ModelFormat
import Testing

@Suite struct Binary16Tests {
  @Test func everyHalfComesBack() {
    for bits in UInt16.min...UInt16.max {
      let number = Binary16.number(bits)
      if bits & 0x7c00 == 0x7c00, bits & 0x3ff != 0 {
        #expect(number.isNaN && Binary16.bits(number) == bits | 0x200)
      } else {
        #expect(Binary16.bits(number) == bits)
      }
    }
  }

  /// Between two neighbours the middle goes to the even one, and what lies beside the middle to the nearer one.
  @Test func roundsToNearestEven() {
    for low in UInt16(0)..<0x7bff {
      let middle = (Binary16.number(low) + Binary16.number(low + 1)) / 2
      let even = low.isMultiple(of: 2) ? low : low + 1
      #expect(Binary16.bits(middle) == even)
      #expect(Binary16.bits(middle.nextDown) == low)
      #expect(Binary16.bits(middle.nextUp) == low + 1)
      #expect(Binary16.bits(-middle) == even | 0x8000)
    }
  }

  @Test func beyondTheRange() {
    #expect(Binary16.bits(65519.996) == 0x7bff)
    #expect(Binary16.bits(65520) == 0x7c00)
    #expect(Binary16.bits(.greatestFiniteMagnitude) == 0x7c00)
    #expect(Binary16.bits(-.infinity) == 0xfc00)
    #expect(Binary16.bits(.leastNonzeroMagnitude) == 0)
    #expect(Binary16.bits(-0.0) == 0x8000)
    #expect(Binary16.number(0x3c00) == 1 && Binary16.number(1) == 0x1p-24)
  }
}
