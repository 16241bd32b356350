import SSH
import Testing

/// Expects an ``SSHError`` with this very problem.
func expectProblem<Value>(
  where isExpected: (SSHError.Problem) -> Bool,
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Value
) async {
  do {
    _ = try await body()
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
  } catch let error as SSHError {
    #expect(isExpected(error.problem), "\(error)", sourceLocation: sourceLocation)
  } catch {
    Issue.record(error, sourceLocation: sourceLocation)
  }
}
