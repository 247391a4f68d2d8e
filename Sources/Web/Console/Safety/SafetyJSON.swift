import Chronology
import Geodesy
import Registers
import Safety

/// The safety figures as JSON. Undefined is null; a limit without bound is the text `inf`, as in the machine formats.
extension JSONWriter {
    mutating func member(_ name: String, cell: RateCell) {
        switch cell {
        case .text(let text): self.member(name, text)
        case .integer(let number): self.member(name, number)
        case .number(let number?) where number == .infinity: self.member(name, "inf")
        case .number(let number): self.member(name, number)
        }
    }

    mutating func members(_ columns: [String], _ cells: [RateCell]) {
        for (name, cell) in zip(columns, cells) { self.member(name, cell: cell) }
    }

    mutating func member(_ name: String, statement: SafetyStatement?) {
        guard let statement else { return self.member(name, nil as String?) }
        self.objectMember(name) {
            $0.member("zh", statement.zh)
            $0.member("en", statement.en)
        }
    }

    mutating func member(_ name: String, statements: [SafetyStatement]) {
        self.arrayMember(name) { list in
            for statement in statements {
                list.object {
                    $0.member("zh", statement.zh)
                    $0.member("en", statement.en)
                }
            }
        }
    }

    /// Both ends as `name_low` and `name_high`.
    mutating func member(_ name: String, limits: Interval?) {
        self.member(name + "_low", cell: .number(limits?.low))
        self.member(name + "_high", cell: .number(limits?.high))
    }
}

extension AccidentRate {
    func write(to writer: inout JSONWriter) {
        writer.object { row in
            row.members(Self.columns, self.cells)
            row.member("progress", self.progress)
            row.member("allowed_count", self.allowedCount)
            let open = self.observation.openDeaths
            row.member("deaths_left_out", open.leftOut)
            row.member("deaths_by_shorter_window", open.byShorterWindow)
            row.member("deaths_unclear", open.unclear)
            row.member("baseline_exposure", self.baseline?.source?.rawValue)
            row.member("counted_window_days", self.observation.otherWindow)
            row.member("baseline_window_days", self.baseline?.otherWindow ?? self.refusedWindow)
            row.member("sentence", statement: RateSentences.finding(self))
            row.member("cautions", statements: RateSentences.cautions(self))
            self.writeSensitivity(to: &row)
        }
    }

    private func writeSensitivity(to row: inout JSONWriter) {
        guard let sensitivity = ExposureSensitivity(self) else {
            return row.member("exposure_sensitivity", nil as String?)
        }
        row.objectMember("exposure_sensitivity") {
            $0.member("error", ExposureSensitivity.error)
            $0.member("rate", limits: sensitivity.rate)
            $0.member("interval", limits: sensitivity.interval)
            $0.member("ratio", limits: sensitivity.ratio)
            $0.member("probability_target_met", limits: sensitivity.probability)
            $0.member("sentence", statement: RateSentences.sensitivity(self))
        }
    }
}

extension SafetyOverview {
    func writeSummary(to writer: inout JSONWriter) {
        let (quiet, current) = (self.quiet, self.current)
        writer.object { summary in
            summary.name("rate")
            current.write(to: &summary)
            summary.member("as_of", quiet.date.description)
            summary.member("register_kept_since", quiet.keptSince?.description)
            summary.member("fatal_accidents_registered", quiet.fatal)
            summary.member("days_since_last_fatal_accident", quiet.days)
            summary.member("later_accidents_with_unknown_deaths", quiet.unclear)
            summary.member("fatal_accidents_per_year", quiet.perYear)
            summary.member("quiet", statement: quiet.sentence)
            summary.member("years_until_a_halving_shows", self.yearsUntilAHalvingShows)
            summary.member("power", statement: self.power)
            summary.member("progress", statement: RateSentences.progress(current))
            summary.member("allowance", statement: RateSentences.allowance(current))
            summary.member("finish", statement: RateSentences.finish(current))
            summary.arrayMember("years") { list in
                for year in self.years { year.write(to: &list) }
            }
            summary.member("years_cautions", statements: RateSentences.series(self.years, beside: current))
            summary.member("rolling", statement: self.rolling.sentence)
            summary.arrayMember("events") { list in
                for day in self.events { list.value(day.description) }
            }
            let driven = self.exposure.first { $0.group == .city } ?? ExposureRow(group: .city)
            summary.member("exposure", statement: driven.sentence)
            summary.member("deaths", statement: RateSentences.deaths(self.accidents))
            summary.member("right_turns", statement: RateSentences.rightTurns(self.accidents))
            summary.member("funnel", statement: self.funnel.sentence)
            summary.member("district", self.district)
            summary.member("parameters", self.rulesVersion)
            summary.member("read_at", self.at)
        }
    }
}

extension CameraRate {
    func write(to writer: inout JSONWriter) {
        writer.object { row in
            row.members(Self.columns, self.cells)
            row.member("sentence", statement: self.sentence)
        }
    }
}

extension AccidentMoment {
    func write(to writer: inout JSONWriter) {
        let (accident, reach) = (self.accident, Self.reach)
        writer.object { row in
            row.member("accident_id", accident.accidentID)
            row.member("occurred_at", accident.occurredAt)
            row.member("plate", accident.plate)
            row.member("company", accident.company)
            row.member("district", accident.district)
            row.member("severity", accident.severity?.rawValue)
            row.member("deaths_within_7_days", accident.deathsWithin7Days)
            row.member("deaths_within_30_days", accident.deathsWithin30Days)
            row.member("injuries", accident.injuries)
            row.member("right_turn", accident.isRightTurn)
            row.member("lat", accident.coordinate?.latitude)
            row.member("lon", accident.coordinate?.longitude)
            row.member("source", accident.source)
            row.member("terminal", self.terminal)
            row.member("camera", self.camera?.rawValue)
            row.arrayMember("legal_holds") { list in self.holds.forEach { list.value($0) } }
            row.member("trail_from", accident.occurredAt.advanced(bySeconds: -reach))
            row.member("trail_to", accident.occurredAt.advanced(bySeconds: reach))
        }
    }
}

extension CameraToMend {
    func write(to writer: inout JSONWriter, now: Instant) {
        writer.object { row in
            row.member("plate", self.plate)
            row.member("terminal", self.terminal)
            row.member("company", self.company)
            row.member("district", self.district)
            row.member("condition", self.condition.rawValue)
            row.member("since", self.since)
            row.member("age_days", self.ageDays(at: now))
            row.member("heard_at", self.heardAt)
        }
    }
}

extension QualityRow {
    func write(to writer: inout JSONWriter) {
        writer.object { row in
            row.member("scope", self.scope.text)
            row.member("month", String(self.month.description.prefix(7)))
            for indicator in QualityIndicator.allCases {
                let share = self.counts.share(indicator)
                row.objectMember(indicator.rawValue) {
                    $0.member("value", share?.value)
                    $0.member("part", share?.part)
                    $0.member("whole", share?.whole)
                    $0.member("reference", indicator.reference)
                    $0.member("reason", statement: self.counts.reason(indicator))
                }
            }
            row.member("turn_coverage", self.counts.camera.turnCoverage)
        }
    }
}

extension CapacityBoard {
    func write(to writer: inout JSONWriter) {
        writer.object { board in
            board.member("year", self.year)
            board.member("days_observed", self.days)
            board.member("top_three_share", self.topThreeShare)
            board.member("sentence", statement: self.sentence)
            board.arrayMember("plants") { list in
                for plant in self.plants {
                    list.object {
                        $0.member("plant_id", plant.plantID)
                        $0.member("name", plant.name)
                        $0.member("district", plant.district)
                        $0.member("capacity_m3_per_year", plant.capacity)
                        $0.member("observed_m3", plant.observed)
                        $0.member("loads", plant.loads)
                        $0.member("loads_without_volume", plant.unmeasured)
                        $0.member("utilisation", plant.utilisation)
                        $0.member("above_capacity", plant.isAboveCapacity)
                    }
                }
            }
            board.arrayMember("districts") { list in
                for district in self.districts { Self.write(district, to: &list) }
            }
        }
    }

    private static func write(_ district: DistrictRow, to writer: inout JSONWriter) {
        writer.object { row in
            row.member("district", district.district)
            row.member("name", district.name)
            row.member("plants", district.plants)
            row.member("capacity_m3_per_year", district.capacity)
            row.member("observed_m3", district.observed)
            row.member("utilisation", district.utilisation)
            row.arrayMember("plans") { list in
                for plan in district.plans {
                    list.object {
                        $0.member("year", plan.year)
                        $0.member("product", plan.product)
                        $0.member("capacity", plan.capacity)
                        $0.member("supply", plan.supply)
                        $0.member("unit", plan.unit)
                        $0.member("utilisation", plan.utilisation)
                    }
                }
            }
        }
    }
}
