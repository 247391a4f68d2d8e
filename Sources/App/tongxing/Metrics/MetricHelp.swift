/// What each metric of ingestion and analysis counts, by its name: swift-metrics has no place for it.
enum MetricHelp {
    /// Counted by ingestion, and said by `tongxing status` too.
    static let unknownFields = "tongxing_ingestion_unknown_fields_total"

    static let texts = [
        "tongxing_ingestion_batch_duration_seconds": "Time to store one batch and commit it.",
        "tongxing_ingestion_batches_total": "Batches sealed and committed.",
        "tongxing_ingestion_interruptions_total": "Times the broker or the database was lost.",
        "tongxing_ingestion_sessions_lost_total": "Connections to a broker that had forgotten the session.",
        Self.unknownFields: "Fields and items of messages that this program does not know and left out.",
        "tongxing_analysis_reports_total": "Reports that analysis has taken in.",
        "tongxing_analysis_delivery_changes_total": "Deliveries derived, judged again or withdrawn.",
    ]
}
