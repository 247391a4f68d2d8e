package import Chronology

extension FleetStatus {
    /// The object of `tongxing status --json`, with the server's time, by which a page knows how old its figures are.
    package func json(serverTime: Instant, eventClients: Int) -> [UInt8] {
        JSONWriter.document { status in
            status.member("server_time", serverTime)
            status.member("received", self.counts.received)
            status.member("stored", self.counts.stored)
            status.member("duplicate", self.counts.duplicate)
            status.member("quarantined", self.counts.quarantined)
            status.member("ignored", self.counts.ignored)
            status.member("positions", self.counts.positions)
            status.member("camera_reports", self.counts.cameraReports)
            status.member("alarms", self.counts.alarms)
            status.objectMember("analysis") {
                $0.member("lag_batches", self.analysisLagBatches)
                $0.member("lag_seconds", self.analysisLagSeconds)
            }
            status.objectMember("web") { $0.member("event_clients", eventClients) }
        }
    }
}
