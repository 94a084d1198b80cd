import Foundation

/// An amount as the GraphQL API delivers it: a decimal string and a currency.
public struct Price: Equatable, Sendable {
    public let amount: Decimal
    public let currency: String

    public init?(amount: String, currency: String) {
        guard let amount = Decimal(string: amount, locale: Locale(identifier: "en_US_POSIX")) else {
            return nil
        }
        self.amount = amount
        self.currency = currency
    }

    public func formatted(locale: Locale = .current) -> String {
        amount.formatted(.currency(code: currency).locale(locale))
    }
}
