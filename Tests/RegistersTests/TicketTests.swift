import Chronology
import Registers
import Testing

/// What makes a note one note, and how its product is read.
@Suite struct TicketTests {
    static let ticket = Ticket(
        ticketID: "K1", plantID: "P1", siteID: "S1", plate: "浙F12345", product: "C30", volumeCubicMetres: 8,
        issuedAt: Instant(seconds: 1_772_400_000))

    private static func changed(_ change: (inout Ticket) -> Void) -> Ticket {
        var ticket = Self.ticket
        change(&ticket)
        return ticket
    }

    @Test func aNumberUsedTwiceIsTwoNotes() {
        let others = [
            Self.changed { $0.plantID = "P2" }, Self.changed { $0.siteID = "S2" },
            Self.changed { $0.plate = "浙F54321" },
            Self.changed { $0.issuedAt = Instant(seconds: 1_772_400_060) }, Self.changed { $0.ticketID = "K2" },
        ]
        for other in others { #expect(RegisterRecord.ticket(other).key != RegisterRecord.ticket(Self.ticket).key) }
    }

    @Test func aCorrectionTakesThePlaceOfTheEarlierRow() {
        let corrected = Self.changed { ($0.product, $0.volumeCubicMetres) = ("C35", 9) }
        #expect(RegisterRecord.ticket(corrected).key == RegisterRecord.ticket(Self.ticket).key)
    }

    @Test func theOrderIsOneOrder() {
        let tickets = [
            Self.ticket, Self.changed { $0.volumeCubicMetres = 9 }, Self.changed { $0.plate = "浙F54321" },
            Self.changed { $0.issuedAt = Instant(seconds: 0) }, Self.changed { $0.product = nil },
        ]
        #expect(tickets.sorted(by: Ticket.isOrdered) == tickets.reversed().sorted(by: Ticket.isOrdered))
        #expect(tickets.sorted(by: Ticket.isOrdered).first?.issuedAt == Instant(seconds: 0))
    }

    @Test(arguments: [
        ("C30", ProductKind.concrete), ("C35P6 泵送", .concrete), ("c40", .concrete), ("预拌混凝土", .concrete),
        ("LC15", .concrete),
        ("水泥混凝土", .concrete), ("M7.5", .mortar), ("WM M10", .mortar), ("DP-M15", .mortar), ("湿拌砂浆", .mortar),
        ("水泥砂浆", .mortar), ("P.O 42.5", .cement), ("PO42.5", .cement), ("散装水泥", .cement),
    ])
    func productsAreRead(text: String, kind: ProductKind) { #expect(ProductKind(product: text) == kind) }

    @Test(arguments: ["", "特种料", "Crushed stone", "Mixed", "M"])
    func othersAreNot(text: String) { #expect(ProductKind(product: text) == nil) }

    @Test func aRetarderIsRead() {
        #expect(ProductKind.isRetarded(product: "C30 缓凝"))
        #expect(!ProductKind.isRetarded(product: "C30"))
    }
}
