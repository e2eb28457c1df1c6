// Begins and ends following the driver when the shell says so. No page reaches this: the plugin has no commands of its own
// there.

import MomFoodEngine
import SwiftRs
import Tauri
import UIKit
import WebKit

class ShiftArgs: Decodable {
  let folder: String
  let server: String
  let language: String
}

class LocationPlugin: Plugin {
  private let follower = Follower()

  @objc public func begin(_ invoke: Invoke) throws {
    let args = try invoke.parseArgs(ShiftArgs.self)
    DispatchQueue.main.async {
      guard Follower.isPermitted else {
        invoke.reject("location is not permitted")
        return
      }
      self.follower.begin(folder: args.folder, server: args.server)
      invoke.resolve()
    }
  }

  @objc public func end(_ invoke: Invoke) throws {
    DispatchQueue.main.async {
      self.follower.end()
      invoke.resolve()
    }
  }
}

@_cdecl("init_plugin_momfood_location")
func initPlugin() -> Plugin {
  return LocationPlugin()
}
