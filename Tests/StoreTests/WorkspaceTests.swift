import Encoding
import Foundation
import Store
import Testing

struct WorkspaceTests {
  @Test func isMadeOnceAndFoundFromBelow() throws {
    let folder = try TemporaryFolder()
    let made = try Workspace.create(at: folder.path)
    try "x".write(toFile: made.devices + "/pi.yaml", atomically: true, encoding: .utf8)
    #expect(try Workspace.create(at: folder.path) == made)
    #expect(FileManager.default.fileExists(atPath: made.devices + "/pi.yaml"))
    #expect(try Workspace.find(from: made.devices) == made)
    #expect(try Workspace.find(from: folder.path) == made)
  }

  @Test func aFolderOutsideIsNone() throws {
    let folder = try TemporaryFolder()
    #expect(throws: WorkspaceError.self) { try Workspace.find(from: folder.path) }
  }

  @Test func onlyOneRunsRolloutsAtATime() throws {
    let folder = try TemporaryFolder()
    let workspace = try Workspace.create(at: folder.path)
    var first: RolloutLock? = try workspace.lockRollouts()
    #expect(throws: WorkspaceError.rolloutRunning(process: getpid())) {
      try workspace.lockRollouts()
    }
    withExtendedLifetime(first) {}
    first = nil
    _ = try workspace.lockRollouts()
  }
}

struct ObjectsTests {
  @Test func areKeptUnderTheirHash() throws {
    let folder = try TemporaryFolder()
    let objects = Objects(directory: folder.file("objects"))
    let bytes = [UInt8]("a variant".utf8)
    let digest = try objects.put(bytes)
    #expect(digest == SHA256.digest(of: bytes))
    #expect(try objects.put(bytes) == digest)
    #expect(try objects.read(digest) == bytes)
    #expect(objects.size(of: digest) == 9)
    let names = try FileManager.default.contentsOfDirectory(atPath: objects.directory)
    #expect(names == ["\(digest.hex).bramble"], "nothing temporary is left behind")
  }

  @Test func aChangedByteIsFound() throws {
    let folder = try TemporaryFolder()
    let objects = Objects(directory: folder.path)
    let digest = try objects.put([1, 2, 3])
    try Data([1, 2, 4]).write(to: URL(fileURLWithPath: objects.path(of: digest)))
    #expect(throws: ObjectError.damaged(digest, path: objects.path(of: digest))) {
      try objects.read(digest)
    }
    // Keeping it again mends it.
    _ = try objects.put([1, 2, 3])
    #expect(try objects.read(digest) == [1, 2, 3])
  }

  @Test func whatIsNotThereIsSaid() throws {
    let folder = try TemporaryFolder()
    let digest = SHA256.digest(of: [9])
    #expect(throws: ObjectError.missing(digest)) {
      try Objects(directory: folder.path).read(digest)
    }
  }

  @Test func aFolderThatCannotBeWrittenIsAnError() throws {
    let folder = try TemporaryFolder()
    try "in the way".write(toFile: folder.file("objects"), atomically: true, encoding: .utf8)
    #expect(throws: ObjectError.self) {
      try Objects(directory: folder.file("objects")).put([1])
    }
  }
}
