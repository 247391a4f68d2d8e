import Chronology
package import Registers

/// The registers as the authorities of the simulated city keep them.
extension SimulatedCity {
    package var registers: RegisterSnapshot {
        RegisterSnapshot(
            revision: 1, plants: self.plants, sites: self.sites, places: self.places, vehicles: self.vehicles)
    }

    /// Roads that are closed to trucks at some hours.
    package var zones: [Zone] { self.city.zones }

    /// How to read each terminal. All speak the native dialect; some send GCJ-02 and say so.
    package var terminals: [TerminalSettings] {
        self.city.trucks.map { truck in
            TerminalSettings(
                terminal: truck.terminal, dialect: "native", drumForward: truck.habits.hasDrum ? .mixes : nil)
        }
    }

    /// Rows of a register begin long before the simulated days, so that a restart years later still finds them valid.
    private static let founded = CivilDate(daysSince1970: 18_628)

    private func date(_ day: Int) -> CivilDate { CivilDate(daysSince1970: self.plan.startDate.daysSince1970 + day) }

    private var plants: [Plant] {
        self.city.facilities.flatMap { facility -> [Plant] in
            let kind: Plant.LicenceKind
            switch facility.kind {
            case .concretePlant: kind = .concrete
            case .mortarPlant: kind = .mortar
            case .cementPlant: kind = .cement
            default: return []
            }
            let always = ValidPeriod(from: Self.founded, through: nil)
            func row(_ status: Plant.Status, _ period: ValidPeriod) -> Plant {
                Plant(
                    plantID: facility.id, name: facility.name,
                    creditCode: facility.company.flatMap { self.companies[$0].creditCode },
                    licenceNumber: "SIM-" + facility.id, licenceKind: kind, status: status, period: period,
                    district: self.districts[facility.district].district,
                    capacityPerYear: kind == .concrete ? facility.yearlyCapacity : nil, fence: facility.yard.fence)
            }
            switch facility.licence {
            case .valid: return [row(.valid, always)]
            case .rectifying: return [row(.rectifying, always)]
            case .expired: return [row(.valid, ValidPeriod(from: Self.founded, through: self.date(-40)))]
            case .suspended:
                return [
                    row(.valid, ValidPeriod(from: Self.founded, through: self.date(-11))),
                    row(.suspended, ValidPeriod(from: self.date(-10), through: nil)),
                ]
            }
        }
    }

    private var sites: [Site] {
        self.city.facilities.filter { $0.kind == .site }.map { facility in
            Site(
                siteID: facility.id, name: facility.name, permitNumber: "SIM-" + facility.id, status: .active,
                period: ValidPeriod(from: Self.founded, through: nil),
                district: self.districts[facility.district].district, approvedPlants: facility.approvedPlants,
                fence: facility.yard.fence)
        }
    }

    private var places: [Place] {
        self.city.facilities.compactMap { facility in
            let kind: Place.Kind
            switch facility.kind {
            case .depot: kind = .depot
            case .fuel: kind = .fuel
            case .weighbridge: kind = .weighbridge
            case .wash: kind = .wash
            case .silo: kind = .silo
            case .parking: kind = .parking
            default: return nil
            }
            return Place(placeID: facility.id, name: facility.name, kind: kind, fence: facility.yard.fence)
        }
    }

    private var vehicles: [Vehicle] {
        self.city.trucks.map { truck in
            let plant = self.city.facilities[truck.homePlant]
            return Vehicle(
                plate: truck.plate, terminal: truck.terminal, kind: truck.kind,
                company: plant.company.map { self.companies[$0].company },
                capacityCubicMetres: truck.kind == .mixer ? truck.capacity : nil, tareTonnes: truck.tareTonnes,
                grossLimitTonnes: truck.grossLimitTonnes, homePlant: plant.id,
                period: ValidPeriod(from: Self.founded, through: nil),
                // Whoever breaks the rules says that he has one.
                blindSpotCamera: truck.isCrooked || !truck.habits.cameras.isEmpty)
        }
    }
}
