import Foundation

/// A direction and size in the body's or the sensor's frame: x forward, y left, z up.
struct Vector3 {
  var x: Double
  var y: Double
  var z: Double

  static func + (a: Vector3, b: Vector3) -> Vector3 {
    Vector3(x: a.x + b.x, y: a.y + b.y, z: a.z + b.z)
  }

  static func * (a: Vector3, factor: Double) -> Vector3 {
    Vector3(x: a.x * factor, y: a.y * factor, z: a.z * factor)
  }

  /// Turned by `angle` radians about the y axis: forward goes down.
  func pitched(by angle: Double) -> Vector3 {
    Vector3(x: cos(angle) * x + sin(angle) * z, y: y, z: cos(angle) * z - sin(angle) * x)
  }

  /// Turned by `angle` radians about the x axis.
  func rolled(by angle: Double) -> Vector3 {
    Vector3(x: x, y: cos(angle) * y - sin(angle) * z, z: cos(angle) * z + sin(angle) * y)
  }

  /// Turned by `angle` radians about the z axis.
  func turned(by angle: Double) -> Vector3 {
    Vector3(x: cos(angle) * x - sin(angle) * y, y: sin(angle) * x + cos(angle) * y, z: z)
  }
}
