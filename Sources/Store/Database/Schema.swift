import GRDB

/// The tables, version by version. A released migration is never changed: add another.
enum Schema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("v1") { db in
      try db.execute(sql: fleet)
      try db.execute(sql: rollouts)
      try db.execute(sql: telemetry)
      try db.execute(sql: history)
    }
    return migrator
  }

  /// Times are milliseconds since 1970 by the controller's clock; digests are hexadecimal text.
  private static let fleet = """
    CREATE TABLE device (
      name TEXT PRIMARY KEY, installation TEXT NOT NULL, facts TEXT NOT NULL, seen INTEGER NOT NULL
    );
    CREATE INDEX device_installation ON device (installation);
    CREATE TABLE model (
      name TEXT PRIMARY KEY, record TEXT NOT NULL, added INTEGER NOT NULL
    );
    CREATE TABLE variant (
      digest TEXT PRIMARY KEY, model TEXT NOT NULL REFERENCES model (name), recipe TEXT NOT NULL,
      manifest BLOB NOT NULL, detail TEXT NOT NULL, added INTEGER NOT NULL
    );
    CREATE INDEX variant_model ON variant (model, recipe);
    CREATE TABLE audit (
      id INTEGER PRIMARY KEY, at INTEGER NOT NULL, person TEXT NOT NULL, action TEXT NOT NULL,
      detail TEXT NOT NULL
    );
    """

  private static let rollouts = """
    CREATE TABLE rollout (
      id INTEGER PRIMARY KEY AUTOINCREMENT, epoch INTEGER NOT NULL UNIQUE, variant TEXT NOT NULL,
      plan TEXT NOT NULL, started INTEGER NOT NULL, ended INTEGER, outcome TEXT, finding TEXT
    );
    CREATE TABLE rollout_event (
      rollout INTEGER NOT NULL REFERENCES rollout (id), sequence INTEGER NOT NULL,
      at INTEGER NOT NULL, event TEXT NOT NULL, PRIMARY KEY (rollout, sequence)
    ) WITHOUT ROWID;
    """

  /// Journal records as the devices wrote them, keyed by (installation, boot, sequence): storing
  /// one twice stores it once. Installations and variants are short numbers here.
  private static let telemetry = """
    CREATE TABLE installation (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE);
    CREATE TABLE variant_key (id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE);
    CREATE TABLE collected (
      installation INTEGER PRIMARY KEY, boot INTEGER NOT NULL, sequence INTEGER NOT NULL,
      at INTEGER NOT NULL
    );
    CREATE TABLE prediction (
      installation INTEGER NOT NULL, boot INTEGER NOT NULL, sequence INTEGER NOT NULL,
      at INTEGER NOT NULL, variant INTEGER NOT NULL, source INTEGER NOT NULL, label INTEGER,
      expected INTEGER, latency INTEGER NOT NULL, inference INTEGER NOT NULL,
      PRIMARY KEY (installation, boot, sequence)
    ) WITHOUT ROWID;
    CREATE TABLE failure (
      installation INTEGER NOT NULL, boot INTEGER NOT NULL, sequence INTEGER NOT NULL,
      at INTEGER NOT NULL, variant INTEGER NOT NULL, source INTEGER NOT NULL, reason TEXT NOT NULL,
      PRIMARY KEY (installation, boot, sequence)
    ) WITHOUT ROWID;
    CREATE TABLE feedback (
      installation INTEGER NOT NULL, boot INTEGER NOT NULL, sequence INTEGER NOT NULL,
      at INTEGER NOT NULL, of_boot INTEGER NOT NULL, of_sequence INTEGER NOT NULL,
      variant INTEGER, predicted INTEGER, label INTEGER NOT NULL,
      PRIMARY KEY (installation, boot, sequence)
    ) WITHOUT ROWID;
    CREATE TABLE happening (
      installation INTEGER NOT NULL, boot INTEGER NOT NULL, sequence INTEGER NOT NULL,
      at INTEGER NOT NULL, kind TEXT NOT NULL, variant INTEGER, epoch INTEGER,
      detail TEXT NOT NULL, PRIMARY KEY (installation, boot, sequence)
    ) WITHOUT ROWID;
    CREATE TABLE memory (
      installation INTEGER NOT NULL, boot INTEGER NOT NULL, sequence INTEGER NOT NULL,
      at INTEGER NOT NULL, daemon INTEGER NOT NULL, model INTEGER NOT NULL,
      PRIMARY KEY (installation, boot, sequence)
    ) WITHOUT ROWID;
    CREATE TABLE gap (
      installation INTEGER NOT NULL, boot INTEGER NOT NULL, sequence INTEGER NOT NULL,
      at INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (installation, boot, sequence)
    ) WITHOUT ROWID;
    """

  /// What old predictions are folded into, by device, variant, source and day (UTC).
  private static let history = """
    CREATE TABLE prediction_day (
      installation INTEGER NOT NULL, day INTEGER NOT NULL, variant INTEGER NOT NULL,
      source INTEGER NOT NULL, count INTEGER NOT NULL, labelled INTEGER NOT NULL,
      correct INTEGER NOT NULL, worst INTEGER NOT NULL,
      PRIMARY KEY (installation, day, variant, source)
    ) WITHOUT ROWID;
    CREATE TABLE latency_day (
      installation INTEGER NOT NULL, day INTEGER NOT NULL, variant INTEGER NOT NULL,
      source INTEGER NOT NULL, bucket INTEGER NOT NULL, count INTEGER NOT NULL,
      PRIMARY KEY (installation, day, variant, source, bucket)
    ) WITHOUT ROWID;
    CREATE TABLE feedback_day (
      installation INTEGER NOT NULL, day INTEGER NOT NULL, variant INTEGER NOT NULL,
      count INTEGER NOT NULL, correct INTEGER NOT NULL,
      PRIMARY KEY (installation, day, variant)
    ) WITHOUT ROWID;
    """
}
