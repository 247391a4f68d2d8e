package import Deliveries
package import Geodesy
package import Tracks

/// Asks of the registers as they are stored whether their fences were declared in the right coordinate system: an
/// import that came before any truck could not be asked about.
///
/// The declared system is not stored, and need not be: for each of the systems that it may have been, and each that it
/// may really be, the fences would lie elsewhere. Fences of one import are asked about together, as `CoordinateCheck`
/// asks; a plant or a site that nobody halts at is asked about alone where halts that no fence explains lie together
/// in the place that WGS-84 numbers would mean in another system. A site is asked about by fewer where loads whose
/// notes name it were dropped there: the note says where they went. So are single rows of an import before it is stored
/// (`runEach`), which is first asked about as a whole (`CoordinateCheck`).
package struct StoredFenceCheck: Sendable {
    private let parameters: AnalysisParameters.CoordinateFit

    package init(_ parameters: AnalysisParameters.CoordinateFit = .init()) {
        self.parameters = parameters
    }

    /// One row of the registers with a fence.
    package struct Row: Hashable, Sendable {
        package var place: PlaceReference
        /// Which import it came with.
        package var importID: Int64
        package var fence: Fence

        package init(place: PlaceReference, importID: Int64, fence: Fence) {
            self.place = place
            self.importID = importID
            self.fence = fence
        }
    }

    /// The rows of one import of one register.
    private struct Group: Hashable {
        var kind: PlaceReference.Kind
        var importID: Int64

        init(_ row: Row) { (self.kind, self.importID) = (row.place.kind, row.importID) }
    }

    /// How the halts lie in the fences, read in one way.
    private struct Fit {
        /// Of each row its halts, and those of them that lie in no fence as it stands.
        var halts: [Int]
        var unexplained: [Int]
        var haltsOfGroup: [Group: Int] = [:]
    }

    /// What is to be asked, by the index of the row.
    /// - Parameter noted: by site, where loads with a note for it were dropped outside every register.
    package func run(
        _ rows: [Row], halts: [Coordinate], noted: [String: [Coordinate]] = [:]
    ) -> [Int: QuestionedPlace] {
        guard !rows.isEmpty, !halts.isEmpty else { return [:] }
        let groups = rows.map(Group.init)
        let standing = FenceIndex(rows.map(\.fence))
        let isExplained = halts.map { !standing.containing($0).isEmpty }
        let own = self.fit(rows.map(\.fence), groups, halts, isExplained)
        var best: [Int: (question: QuestionedPlace, halts: Int)] = [:]
        for declared in CoordinateSystem.allCases {
            for likely in CoordinateSystem.allCases where likely != declared {
                let fences = rows.map { $0.fence.reread(declared: declared, as: likely) }
                let fit = self.fit(fences, groups, halts, isExplained)
                let asked = self.groupsAsked(groups, own, fit)
                for index in rows.indices {
                    let drops = self.drops(noted, of: rows[index], in: fences[index])
                    let isAlone =
                        declared == .wgs84
                        && (self.asksAlone(rows[index], own, fit, index) || self.asksByNotes(drops, own, index))
                    guard asked.contains(groups[index]) || isAlone else { continue }
                    // A group is asked about before one of its rows is.
                    let weight =
                        asked.contains(groups[index])
                        ? fit.haltsOfGroup[groups[index]] ?? 0
                        : max(fit.halts[index], drops)
                    guard weight > best[index]?.halts ?? 0 else { continue }
                    best[index] = (
                        QuestionedPlace(
                            place: rows[index].place, fence: fences[index], declared: declared, likely: likely,
                            haltsDeclared: own.halts[index], haltsLikely: max(fit.halts[index], drops)), weight
                    )
                }
            }
        }
        return best.mapValues(\.question)
    }

    /// What is to be asked of single rows of an import before it is stored, by the index of the row: the whole import
    /// may fit as it was declared, and one or two of its rows not.
    /// - Parameters:
    ///   - rows: those that were declared in this system.
    ///   - others: fences that explain halts beside these: of the import's other rows, and of the registers.
    ///   - noted: as for `run`.
    package func runEach(
        _ rows: [Row], declared: CoordinateSystem, beside others: [Fence], halts: [Coordinate],
        noted: [String: [Coordinate]] = [:]
    ) -> [Int: QuestionedPlace] {
        guard !rows.isEmpty, !halts.isEmpty else { return [:] }
        let groups = rows.map(Group.init)
        let standing = FenceIndex(rows.map(\.fence) + others)
        let isExplained = halts.map { !standing.containing($0).isEmpty }
        let own = self.fit(rows.map(\.fence), groups, halts, isExplained)
        var best: [Int: QuestionedPlace] = [:]
        for likely in CoordinateSystem.allCases where likely != declared {
            let fences = rows.map { $0.fence.reread(declared: declared, as: likely) }
            let fit = self.fit(fences, groups, halts, isExplained)
            for index in rows.indices {
                let drops = self.drops(noted, of: rows[index], in: fences[index])
                guard self.asksAlone(rows[index], own, fit, index) || self.asksByNotes(drops, own, index) else {
                    continue
                }
                let found = max(fit.halts[index], drops)
                guard found > best[index]?.haltsLikely ?? 0 else { continue }
                best[index] = QuestionedPlace(
                    place: rows[index].place, fence: fences[index], declared: declared, likely: likely,
                    haltsDeclared: own.halts[index], haltsLikely: found)
            }
        }
        return best
    }

    private func fit(_ fences: [Fence], _ groups: [Group], _ halts: [Coordinate], _ isExplained: [Bool]) -> Fit {
        let index = FenceIndex(fences)
        var fit = Fit(
            halts: [Int](repeating: 0, count: fences.count), unexplained: [Int](repeating: 0, count: fences.count))
        for (halt, explained) in zip(halts, isExplained) {
            let found = index.containing(halt)
            for fence in found {
                fit.halts[fence] += 1
                if !explained { fit.unexplained[fence] += 1 }
            }
            for group in Set(found.map { groups[$0] }) { fit.haltsOfGroup[group, default: 0] += 1 }
        }
        return fit
    }

    private func groupsAsked(_ groups: [Group], _ own: Fit, _ other: Fit) -> Set<Group> {
        func used(_ fit: Fit) -> [Group: Int] {
            var found: [Group: Int] = [:]
            for (group, halts) in zip(groups, fit.halts) where halts >= self.parameters.haltsOfFence {
                found[group, default: 0] += 1
            }
            return found
        }
        let (before, after) = (used(own), used(other))
        return Set(
            after.filter { group, fences in
                let halts = other.haltsOfGroup[group] ?? 0
                return fences >= self.parameters.fewestFences && halts >= self.parameters.fewestHalts
                    && Double(halts) > self.parameters.factor * Double(own.haltsOfGroup[group] ?? 0)
                    && Double(fences) >= self.parameters.fenceFactor * Double(before[group] ?? 0)
            }.keys)
    }

    private func drops(_ noted: [String: [Coordinate]], of row: Row, in fence: Fence) -> Int {
        guard row.place.kind == .site else { return 0 }
        return (noted[row.place.id] ?? []).count { fence.contains($0) }
    }

    private func asksByNotes(_ drops: Int, _ own: Fit, _ index: Int) -> Bool {
        drops >= self.parameters.haltsOfFence && own.halts[index] < self.parameters.haltsOfFence
            && Double(drops) > self.parameters.factor * Double(own.halts[index])
    }

    private func asksAlone(_ row: Row, _ own: Fit, _ other: Fit, _ index: Int) -> Bool {
        row.place.kind != .place && other.unexplained[index] >= self.parameters.fewestHalts
            && own.halts[index] < self.parameters.haltsOfFence
            && Double(other.unexplained[index]) > self.parameters.factor * Double(own.halts[index])
    }
}

extension QuestionedPlace {
    /// Rows beyond these are only counted.
    private static let namedLimit = 10

    /// The question to the person who imports these rows, with the figures; `nil` where there are none.
    package static func question(about rows: [QuestionedPlace]) -> Statement? {
        guard !rows.isEmpty else { return nil }
        let some = rows.prefix(Self.namedLimit)
        let more = rows.count > some.count ? " …" : ""
        let zh = some.map {
            "\($0.place.id)（声明 \($0.declared.rawValue)，有 \($0.haltsDeclared) 次停留；"
                + "按 \($0.likely.rawValue)，有 \($0.haltsLikely) 次）"
        }
        let en = some.map {
            "\($0.place.id) (\($0.haltsDeclared) halts as declared, \($0.declared.rawValue); \($0.haltsLikely) as "
                + "\($0.likely.rawValue))"
        }
        return Statement(
            zh: "\(rows.count) 行的围栏按另一坐标系解读明显更符合车辆停留：\(zh.joined(separator: "、"))\(more)。"
                + "请确认坐标系，必要时在这些行的 coordinates 列改填后重新导入。",
            en: "The fences of \(Wording.count(rows.count, "row")) fit the trucks' halts far better in another "
                + "coordinate system: \(en.joined(separator: ", "))\(more). Check the source; if so, put the right one "
                + "into the column coordinates of these rows and import again.")
    }
}
