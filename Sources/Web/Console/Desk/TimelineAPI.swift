import Casework
import Chronology
import Geodesy
import Deliveries
import Hummingbird
import Registers
import Suspicions
import Telemetry
import Tracks

/// `/api/v1/deliveries/{id}/timeline`: what an officer looks at beside the trail. It tells where a person stood, so it
/// asks for a purpose and is noted like a trail.
struct TimelineAPI: Sendable {
    let fleet: FleetAPI
    let desk: any DeskKeeping

    /// Seconds shown around a delivery, and before an unload whose load was not seen.
    private static let margin = 300.0
    private static let beforeUnseenLoad = 7200.0

    func add(to table: inout RouteTable) {
        table.add("/api/v1/deliveries/{id}/timeline", ["purpose", "viewing"]) { try await self.timeline(Query($0, $1)) }
    }

    private func timeline(_ query: Query) async throws -> Response {
        let id = try query.path("id")
        guard let judged = try await self.fleet.fleet.delivery(id: id)?.judged else {
            // An attempt is noted whatever it was for.
            var attempt = FleetAPI.Look(at: id, purpose: try query.text("purpose") ?? "")
            attempt.outcome = .notFound
            try await self.fleet.note(attempt, query)
            throw Problem.unknown("delivery", zh: "运单", place: "path parameter id")
        }
        let purpose = try FleetAPI.purpose(of: query)
        let (from, to) = Self.stretch(of: judged.delivery)
        let timeline = try await self.desk.timeline(of: judged, from: from, to: to)
        try await self.fleet.note(
            FleetAPI.Look(at: judged.delivery.terminal.text, during: from..<to, purpose: purpose), query)
        return Response(
            json: JSONWriter.document(reserving: 8192) { body in
                body.member("delivery_id", judged.delivery.deliveryID)
                body.member("from", from)
                body.member("to", to)
                body.arrayMember("cameras") { list in for report in timeline.cameras { report.write(to: &list) } }
                body.member("camera_hold_s", self.fleet.configuration.cameraHoldSeconds)
                body.arrayMember("stays") { list in for stay in timeline.stays { stay.write(to: &list) } }
                body.arrayMember("gaps") { list in
                    for gap in judged.delivery.haul?.gaps ?? [] {
                        list.object {
                            $0.member("start", gap.start)
                            $0.member("end", gap.end)
                            $0.member("metres", gap.metres)
                        }
                    }
                }
                body.arrayMember("tickets") { list in for ticket in timeline.tickets { ticket.write(to: &list) } }
                body.name("vehicle")
                if let vehicle = timeline.vehicle { vehicle.write(to: &body) } else { body.null() }
                body.statements("checks", SiteChecks.list(for: judged))
            })
    }

    /// From the arrival at the plant to the departure from the site, and a little more.
    private static func stretch(of delivery: Delivery) -> (from: Instant, to: Instant) {
        let start =
            delivery.loadStart ?? delivery.loadEnd ?? delivery.unloadStart.advanced(bySeconds: -Self.beforeUnseenLoad)
        return (start.advanced(bySeconds: -Self.margin), delivery.unloadEnd.advanced(bySeconds: Self.margin))
    }
}

extension CameraReport {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { report in
            report.member("time", self.recordedAt)
            report.objectMember("cameras") { cameras in
                for camera in self.cameras { cameras.member(camera.name, camera.state.rawValue) }
            }
        }
    }
}

extension StayRecord {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { stay in
            stay.member("start", self.start)
            stay.member("end", self.end)
            stay.member("lat", self.coordinate.latitude)
            stay.member("lon", self.coordinate.longitude)
            stay.member("drum_known_s", self.drumSeconds)
            stay.member("discharging_s", self.dischargeSeconds)
            stay.member("loading_s", self.loadingSeconds)
            stay.member("load_change_kg", self.loadChange)
        }
    }
}

extension Ticket {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { ticket in
            ticket.member("ticket_id", self.ticketID)
            ticket.member("plant_id", self.plantID)
            ticket.member("site_id", self.siteID)
            ticket.member("plate", self.plate)
            ticket.member("product", self.product)
            ticket.member("volume_m3", self.volumeCubicMetres)
            ticket.member("issued_at", self.issuedAt)
        }
    }
}
