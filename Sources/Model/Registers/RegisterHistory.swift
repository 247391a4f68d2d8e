package import Chronology

/// What became known of a register by one import or one edit.
package struct RegisterRevision: Hashable, Sendable {
    /// What analysis did because of it.
    package struct Effect: Hashable, Sendable {
        package var appliedAt: Instant
        /// Trucks that were derived again.
        package var vehicles: Int
        /// Deliveries that were judged again.
        package var deliveries: Int
        /// Deliveries that came out otherwise.
        package var changed: Int
        /// Of these at most the first hundred by id; none where they are not this reader's to know.
        package var changedDeliveries: [String]

        package init(
            appliedAt: Instant, vehicles: Int, deliveries: Int, changed: Int, changedDeliveries: [String] = []
        ) {
            self.changedDeliveries = changedDeliveries
            self.appliedAt = appliedAt
            self.vehicles = vehicles
            self.deliveries = deliveries
            self.changed = changed
        }
    }

    package var importID: Int64
    package var at: Instant
    /// Who, and from which file or for which reason; `nil` where that is not this reader's to know.
    package var by: String?
    package var source: String?
    /// Rows that became known, and those that are known no more.
    package var added: [RegisterRecord] = []
    package var removed: [RegisterRecord] = []
    /// `nil` until analysis has acted on it, and for a register that no judgement rests on.
    package var effect: Effect?

    package init(importID: Int64, at: Instant, by: String?, source: String?) {
        self.importID = importID
        self.at = at
        self.by = by
        self.source = source
    }
}

/// All that is known of one thing in a register, and how it came to be known.
package struct RegisterItem: Hashable, Sendable {
    package var id: String
    /// Changes with every change of the thing; an edit names the one that it was made upon.
    package var version: String
    /// The rows that are known now, in order of validity.
    package var records: [RegisterRecord]
    /// The newest first.
    package var history: [RegisterRevision]

    package init(id: String, version: String, records: [RegisterRecord], history: [RegisterRevision]) {
        self.id = id
        self.version = version
        self.records = records
        self.history = history
    }
}

/// One line of a register's list: a thing by the row that holds now, or by its latest one.
package struct RegisterLine: Hashable, Sendable {
    package var id: String
    package var record: RegisterRecord
    /// How many rows are known of it.
    package var rows: Int

    package init(id: String, record: RegisterRecord, rows: Int) {
        self.id = id
        self.record = record
        self.rows = rows
    }
}

/// A row is about somebody or some place that is beyond the duty of the one who wants to store it.
package struct RegisterOutOfReach: Error, Hashable {
    package init() {}
}

/// Somebody changed meanwhile what is to be changed.
package struct RegisterConflict: Error, Hashable {
    package init() {}
}
