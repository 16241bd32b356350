import CLibSSH

/// A device's public key.
public struct HostKey: Hashable, Sendable, CustomStringConvertible {
  /// As in `known_hosts`, such as `ssh-ed25519`.
  public var type: String
  /// The key as OpenSSH writes it, in base64.
  public var base64: String
  /// `SHA256:` and the digest in base64 without padding, as `ssh-keygen -l` prints it.
  public var fingerprint: String

  public var description: String { "\(type) \(fingerprint)" }

  /// Reads libssh's key, which stays the caller's; `nil` when libssh can't write it down.
  init?(_ key: OpaquePointer) {
    // Of ECDSA keys the type's own name lacks the curve.
    let kind = ssh_key_type(key)
    guard
      let type = kind == SSH_KEYTYPE_ECDSA
        ? ssh_pki_key_ecdsa_name(key) : ssh_key_type_to_char(kind)
    else { return nil }
    var text: UnsafeMutablePointer<CChar>?
    guard ssh_pki_export_pubkey_base64(key, &text) == SSH_OK, let text else { return nil }
    defer { ssh_string_free_char(text) }
    var hash: UnsafeMutablePointer<UInt8>?
    var length = 0
    guard ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &length) == 0 else {
      return nil
    }
    defer { ssh_clean_pubkey_hash(&hash) }
    guard let print = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, length) else {
      return nil
    }
    defer { ssh_string_free_char(print) }
    self.type = String(cString: type)
    self.base64 = String(cString: text)
    self.fingerprint = String(cString: print)
  }
}
