// swift-tools-version:5.7

import PackageDescription

// `Engine/` is made by `cargo xtask mobile-overlay`, out of what `cargo xtask bindings` writes: the engine's face in Swift,
// and the C it speaks. The library behind it is the shell's own.
let package = Package(
  name: "tauri-plugin-momfood-location",
  platforms: [
    .iOS(.v16)
  ],
  products: [
    .library(
      name: "tauri-plugin-momfood-location",
      type: .static,
      targets: ["tauri-plugin-momfood-location"])
  ],
  dependencies: [
    .package(name: "Tauri", path: "../.tauri/tauri-api")
  ],
  targets: [
    .target(
      name: "momfoodFFI",
      path: "Engine/C",
      publicHeadersPath: "."),
    .target(
      name: "MomFoodEngine",
      dependencies: ["momfoodFFI"],
      path: "Engine/Swift"),
    .target(
      name: "tauri-plugin-momfood-location",
      dependencies: [
        .byName(name: "Tauri"),
        .byName(name: "MomFoodEngine"),
      ],
      path: "Sources/Location"),
  ]
)
