/// GeoJSON collections (RFC 7946) with this API's foreign members.
enum FeatureCollection {
    /// One page of a collection; `next` is null at the end.
    static func page<Element>(
        _ page: Page<Element>, write: (Element, inout JSONWriter) -> Void
    ) -> [UInt8] {
        JSONWriter.document(reserving: 64 + page.elements.count * 512) { collection in
            collection.member("type", "FeatureCollection")
            collection.arrayMember("features") { list in
                for element in page.elements { write(element, &list) }
            }
            collection.member("next", page.next)
        }
    }

    /// Trucks; `revision` is what a client gives as `since` to get only what changed later.
    static func positions(
        _ positions: some Sequence<LatestPosition>, revision: Int64, cameraHold: Double
    ) -> [UInt8] {
        JSONWriter.document(reserving: 64 + positions.underestimatedCount * 512) { collection in
            collection.members(of: positions, revision: revision, cameraHold)
        }
    }

    /// One page of all trucks; `next` is null at the end.
    static func positions(_ page: PositionPage, cameraHold: Double) -> [UInt8] {
        JSONWriter.document(reserving: 64 + page.positions.count * 512) { collection in
            collection.members(of: page.positions, revision: page.revision, cameraHold)
            collection.member("next", page.next)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func members(
        of positions: some Sequence<LatestPosition>, revision: Int64, _ cameraHold: Double
    ) {
        self.member("type", "FeatureCollection")
        self.member("revision", revision)
        self.arrayMember("features") { list in
            for position in positions { position.writeFeature(to: &list, cameraHold: cameraHold) }
        }
    }
}
