import ModelFormat
import Testing

@testable import BrambleCommands

/// What `model show` tells of quantized tensors.
@Suite struct ShownTensorTests {
  private func shown(
    _ type: ElementType, _ quantization: Quantization? = nil, shape: Shape = [1, 64]
  ) -> ShownTensor {
    ShownTensor(tensor: Tensor(name: "x", shape: shape, type: type, quantization: quantization))
  }

  @Test func activationsWithScaleAndZeroPoint() {
    let int8 = shown(.int8, Quantization(scales: [0.0625], zeroPoints: [-128]))
    #expect(int8.text == "[1, 64] int8 (scale 0.0625, zero point -128)")
    #expect(int8.scale == 0.0625 && int8.zeroPoint == -128)
    #expect(int8.json.text.contains("\"zero_point\": -128"))
    #expect(shown(.float32).text == "[1, 64] float32")
    #expect(shown(.float32).json.text.contains("\"scale\": null"))
  }

  @Test func weightsAsTheyAreStored() {
    let channels = Quantization(scales: [0.1, 0.2], zeroPoints: [0, 0], axis: 0)
    #expect(shown(.int8, channels, shape: [2, 4]).storage == "int8 per channel of axis 0")
    #expect(shown(.int8, channels, shape: [2, 4]).scale == nil)
    #expect(shown(.int8, Quantization(scales: [0.1], zeroPoints: [0])).storage == "int8")
    #expect(shown(.float16).storage == "float16")
    #expect(shown(.int4).storage == "int4 in blocks of 32")
  }
}
