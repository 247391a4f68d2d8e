package import Chronology
import Exchange
package import Safety

/// The monthly reports: what the safety page shows, as a file to print or to reckon with.
package enum SafetyReport: String, Sendable, CaseIterable {
    case safety, cameras

    /// The forms of a report.
    package enum Format: String, Sendable, CaseIterable {
        case xlsx, html

        package var mediaType: String {
            switch self {
            case .xlsx: TableFormat.xlsx.mediaType
            case .html: "text/html; charset=utf-8"
            }
        }
    }

    var title: SafetyStatement {
        switch self {
        case .safety: SafetyStatement(zh: "安全月报", en: "Monthly safety report")
        case .cameras: SafetyStatement(zh: "盲区摄像头月报", en: "Monthly report on blind-spot cameras")
        }
    }

    /// For example `tongxing-safety-2026-03.xlsx`.
    package func fileName(month: CivilDate, format: Format) -> String {
        "tongxing-\(self.rawValue)-\(SafetyPage.text(month)).\(format.rawValue)"
    }

    package func bytes(_ overview: SafetyOverview, format: Format) -> [UInt8] {
        switch format {
        case .xlsx: WorkbookFile.bytes(SafetyWorkbook(overview, self).sheets)
        case .html: Array(SafetyPage(overview, report: self).html.utf8)
        }
    }
}
