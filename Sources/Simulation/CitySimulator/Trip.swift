/// What a truck does with one load, and what its papers say of it.
struct Trip: Sendable {
    /// Ways to break the rules, each after the rule that ought to notice.
    enum Scheme: CaseIterable {
        case hiddenToSite, hiddenToUnregistered
        /// Loaded at a hidden plant, with a note of a licensed one.
        case lentName
        /// Loaded at a hidden plant with the terminal switched off.
        case hiddenInTheDark
        /// A licensed load that ends where nobody registered a site.
        case diverted
        /// A part of it does.
        case partlyDiverted
        /// A plant whose licence has expired or is suspended.
        case invalidPlant
        /// Concrete from a plant that may make mortar.
        case wrongScope
        /// A licensed load without a note that ends where nobody registered a site; only where nothing else is done
        /// (`CityPlan.Cheats.unnoted`), so that the cities of all others stay as they are.
        case unnoted
        case withoutNote, noteOfOtherTruck, noteOfOtherTime, noteOfTooMuch, noteUsedBefore
        case overloaded
        /// An hour and a half on the way.
        case tooOld
        /// A halt on a lot by the road, where water is added.
        case watered
        /// The terminal is switched off on the way.
        case dark
        /// By a way that nobody takes.
        case astray

        /// How often, against the others.
        var weight: Double {
            switch self {
            case .hiddenToSite: 40
            case .hiddenToUnregistered: 24
            case .lentName, .diverted, .invalidPlant: 8
            case .hiddenInTheDark, .partlyDiverted, .wrongScope, .withoutNote, .noteOfOtherTruck, .noteUsedBefore: 4
            case .watered, .astray: 4
            case .noteOfOtherTime, .noteOfTooMuch, .overloaded, .tooOld, .dark: 2
            case .unnoted: 0
            }
        }

        static let sum = Self.allCases.reduce(0) { $0 + $1.weight }

        private static let onTheWay: [Scheme] = [.hiddenInTheDark, .watered, .dark]

        /// The scheme of a number from 0 up to, not including, 1.
        init(share: Double, of cheats: CityPlan.Cheats) {
            switch cheats {
            case .all: break
            case .onTheWay:
                self = Self.onTheWay[Int(share * Double(Self.onTheWay.count))]
                return
            case .unnoted:
                self = .unnoted
                return
            }
            var left = share * Self.sum
            self = .hiddenToSite
            for scheme in Self.allCases {
                self = scheme
                left -= scheme.weight
                if left < 0 { return }
            }
        }
    }

    /// What is wrong with the delivery note.
    enum NoteFault { case none, otherTruck, otherTime, tooMuch, usedBefore }

    /// What the truck does between load and drop.
    enum Stopover { case fuel, rest, lot, farAway }

    var origin: Int
    var destinations: [Int]
    /// The site and the plant that the note names; no note without a site, the true origin without a plant.
    var ticketSite: Int?
    var ticketPlant: Int?
    var noteFault = NoteFault.none
    var stopover: Stopover?
    /// A plant to which the truck is called in vain before it is loaded at another.
    var firstCall: Int?
    /// The site that refuses the load first.
    var refusingSite: Int?
    /// Whether it stays in the yard with its load and its note until the site is ready.
    var waitsForPump = false
    var isDarkAtLoad = false
    var isDarkOnTheWay = false
    var isOverloaded = false
}
