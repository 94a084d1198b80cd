import XCTest
@testable import Shop

final class PriceTests: XCTestCase {
    func testAmountIsReadIndependentlyOfTheLocale() {
        XCTAssertEqual(Price(amount: "129.95", currency: "EUR")?.amount, Decimal(string: "129.95"))
    }

    func testTextIsRefused() {
        XCTAssertNil(Price(amount: "free", currency: "EUR"))
    }
}
