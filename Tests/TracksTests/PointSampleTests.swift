import Geodesy
import Testing
import Tracks

@Suite struct PointSampleTests {
    @Test(arguments: [1, 2, 3, 31, 32, 33, 1000, 100_000])
    func theMedianIsInTheMiddle(count: Int) throws {
        var sample = PointSample()
        for index in 0..<count {
            sample.add(Coordinate(latitudeE7: Int32(index), longitudeE7: Int32(-index)), limit: 32)
        }
        let median = try #require(sample.median)
        #expect(abs(Double(median.latitudeE7) - Double(count - 1) / 2) <= Double(count) / 8 + 1)
        #expect(median.latitudeE7 == -median.longitudeE7)
    }

    @Test func ofNothingThereIsNone() { #expect(PointSample().median == nil) }

    @Test func farPointsDoNotOverflow() {
        var sample = PointSample()
        sample.add(Coordinate(latitudeE7: 900_000_000, longitudeE7: 1_800_000_000), limit: 4)
        sample.add(Coordinate(latitudeE7: 900_000_000, longitudeE7: 1_800_000_000), limit: 4)
        #expect(sample.median?.longitudeE7 == 1_800_000_000)
    }
}
