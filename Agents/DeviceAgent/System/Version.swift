/// The version that the agent says it has.
public enum Version {
  public static let current = "0.1.0"
}
