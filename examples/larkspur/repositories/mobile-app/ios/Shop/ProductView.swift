import SwiftUI

public struct ProductView: View {
    let name: String
    let brand: String
    let price: Price
    let soldOut: Bool
    let add: () -> Void

    public var body: some View {
        VStack(alignment: .leading, spacing: 8) {
            Text(brand).font(.caption)
            Text(name).font(.title2)
            Text(price.formatted())
            Button(soldOut ? "Sold out" : "Add to basket", action: add)
                .disabled(soldOut)
                .buttonStyle(.borderedProminent)
        }
        .padding()
    }
}
