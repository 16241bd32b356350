public import ArgumentParser
public import Rollout

extension FleetShare: ExpressibleByArgument {
  public init?(argument: String) { self.init(parsing: argument) }
  public var defaultValueDescription: String { description }
}
