import Geodesy
import PostgresClient
import Registers
package import Telemetry

/// How ingestion hears of the terminals' settings.
extension LogWriter {
    /// The settings of all terminals when they are not known yet or an import has changed them; `nil` otherwise. Asked
    /// for before every batch, so that no message is read by what was known before an import that has ended: one short
    /// query, where a notification may still be on its way.
    package func changedDevices() throws(StoreError) -> DeviceDirectory? {
        do throws(PostgresError) {
            let revision = try self.connection.query(Self.selectDevicesRevision).integer(0, 0) ?? 0
            guard revision != self.devicesRevision else { return nil }
            let devices = try self.devices()
            self.devicesRevision = revision
            return devices
        } catch {
            throw StoreError.database(error)
        }
    }

    private func devices() throws(PostgresError) -> DeviceDirectory {
        let rows = try self.connection.query(Self.selectDevices)
        var settings: [(terminal: String, settings: DeviceSettings)] = []
        for row in 0..<rows.rowCount {
            guard let content = rows.text(row, 0),
                let terminal = try? JSONText.decode(TerminalSettings.self, from: content)
            else {
                throw PostgresError(.unexpectedResult, message: "a row of the register of terminals is not readable")
            }
            settings.append((terminal.terminal, DeviceSettings(terminal)))
        }
        return DeviceDirectory(settings)
    }

    private static let selectDevicesRevision = NamedQuery(
        "log.terminals.revision", "SELECT terminals_revision FROM register_state")
    private static let selectDevices = NamedQuery(
        "log.terminals.settings",
        "SELECT content FROM register_entry WHERE kind = 'terminals' AND known_to IS NULL ORDER BY entry_id")
}

extension DeviceSettings {
    fileprivate init(_ row: TerminalSettings) {
        self.init(
            drumForward: row.drumForward.map {
                switch $0 {
                case .mixes: .mixes
                case .discharges: .discharges
                }
            }, rightCameraChannel: row.rightCameraChannel, coordinates: row.coordinates)
    }
}
