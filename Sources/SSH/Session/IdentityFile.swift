import CLibSSH
import Foundation

/// A private key on this machine.
struct IdentityFile {
  let path: String

  init(_ path: String) { self.path = (path as NSString).expandingTildeInPath }

  enum State: Equatable {
    case missing
    case encrypted
    case readable
    case unreadable(String)
  }

  /// Tells whether the key can be used without a passphrase, from the file's own words.
  var state: State {
    guard FileManager.default.fileExists(atPath: path) else { return .missing }
    let text: String
    do { text = try String(contentsOfFile: path, encoding: .utf8) } catch {
      return .unreadable("can't be read")
    }
    if text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("4,ENCRYPTED") {
      return .encrypted
    }
    if text.contains("BEGIN OPENSSH PRIVATE KEY") {
      let body = text.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
      guard let bytes = Data(base64Encoded: body, options: .ignoreUnknownCharacters) else {
        return .unreadable("is no OpenSSH key: its base64 is damaged")
      }
      // "openssh-key-v1\0", then the cipher's name as length and text.
      let unencrypted = Data("openssh-key-v1\0".utf8) + [0, 0, 0, 4] + Data("none".utf8)
      return bytes.starts(with: unencrypted) ? .readable : .encrypted
    }
    return text.contains("PRIVATE KEY-----")
      ? .readable : .unreadable("is no private key; is it the .pub file?")
  }

  /// The key, the caller's to free; `nil` when libssh can't read it.
  func load() -> OpaquePointer? {
    var key: OpaquePointer?
    return ssh_pki_import_privkey_file(path, nil, nil, nil, &key) == SSH_OK ? key : nil
  }

  static let defaults = ["~/.ssh/id_ed25519", "~/.ssh/id_ecdsa", "~/.ssh/id_rsa"]
}
