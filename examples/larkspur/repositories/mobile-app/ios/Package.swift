// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Shop",
    platforms: [.iOS(.v17)],
    products: [
        .library(name: "Shop", targets: ["Shop"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apollographql/apollo-ios.git", from: "1.25.0"),
    ],
    targets: [
        .target(
            name: "Shop",
            dependencies: [.product(name: "Apollo", package: "apollo-ios")],
            path: "Shop"
        ),
        .testTarget(name: "ShopTests", dependencies: ["Shop"], path: "ShopTests"),
    ]
)
