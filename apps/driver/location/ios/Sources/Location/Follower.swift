// Says where the driver is while on shift, whether or not anybody looks at the app: iOS lets an app go on in the background
// that began while it was looked at, and shows that it does. It obeys the engine's pace, hands each position to the engine,
// and ends with the shift. It never runs off shift. Everything here happens on the main thread.

import CoreLocation
import Foundation
import MomFoodEngine
import os.log

/// Seconds after which a position says where the phone was, not where it is.
private let oldest: TimeInterval = 10
/// Metres beyond which a position is no place.
private let roughest: CLLocationAccuracy = 1_000

final class Follower: NSObject, CLLocationManagerDelegate {
  private let manager = CLLocationManager()
  private let log = OSLog(subsystem: "app.momfood.location", category: "shift")
  private var engine: Engine?
  private var subscription: Subscription?
  private var isAsking = false

  static var isPermitted: Bool {
    switch CLLocationManager().authorizationStatus {
    case .authorizedAlways, .authorizedWhenInUse: return true
    default: return false
    }
  }

  override init() {
    super.init()
    manager.delegate = self
    manager.activityType = .otherNavigation
    // Waiting at a counter is part of the work.
    manager.pausesLocationUpdatesAutomatically = false
  }

  /// Opens the process's one engine (the window's), and does as it says from now on.
  func begin(folder: String, server: String) {
    if engine == nil {
      do {
        let opened = try Engine.open(config: OpenConfig(app: .driver, folder: folder, server: server))
        subscription = try opened.subscribe(
          listener: Hearer { [weak self] in
            DispatchQueue.main.async { self?.obey() }
          })
        engine = opened
      } catch {
        os_log("the engine cannot be opened: %{public}@", log: log, "\(error)")
        return
      }
    }
    obey()
  }

  func end() {
    manager.stopUpdatingLocation()
    manager.allowsBackgroundLocationUpdates = false
    isAsking = false
    subscription?.end()
    subscription = nil
    engine = nil
  }

  private func obey() {
    guard let engine = engine else { return }
    Task { @MainActor in
      do {
        self.ask(try await engine.pace())
      } catch {
        os_log("no pace: %{public}@", log: self.log, "\(error)")
      }
    }
  }

  private func ask(_ pace: Pace) {
    guard engine != nil else { return }
    switch pace.reason {
    case .offShift, .starting:
      end()
    case .idle, .onTheWay, .close:
      manager.desiredAccuracy =
        pace.exact ? kCLLocationAccuracyNearestTenMeters : kCLLocationAccuracyHundredMeters
      // No least distance: who stands still is still there, and the engine knows how often that is worth saying.
      manager.distanceFilter = kCLDistanceFilterNone
      if !isAsking {
        isAsking = true
        manager.allowsBackgroundLocationUpdates = true
        manager.showsBackgroundLocationIndicator = true
        manager.startUpdatingLocation()
      }
    }
  }

  func locationManager(_ manager: CLLocationManager, didUpdateLocations locations: [CLLocation]) {
    guard let engine = engine, let location = locations.last else { return }
    let isHere =
      location.horizontalAccuracy >= 0 && location.horizontalAccuracy <= roughest
      && abs(location.timestamp.timeIntervalSinceNow) <= oldest
    guard isHere else { return }
    let place = location.coordinate
    let heading = location.course >= 0 ? UInt16(location.course) % 360 : nil
    Task {
      do {
        try await engine.reportPosition(lat: place.latitude, lng: place.longitude, heading: heading)
      } catch {
        // The next position is as good.
        os_log("a position was not taken: %{public}@", log: self.log, "\(error)")
      }
    }
  }

  func locationManager(_ manager: CLLocationManager, didFailWithError error: Error) {
    // No signal in a tunnel is no reason to stop.
    os_log("the receiver: %{public}@", log: log, "\(error)")
  }

  func locationManagerDidChangeAuthorization(_ manager: CLLocationManager) {
    // Somebody took the permission away in the middle of a shift: what was asked is over. The page says so.
    if isAsking && !Follower.isPermitted {
      manager.stopUpdatingLocation()
      isAsking = false
    }
  }
}

/// Hears that the pace is another. Told on a thread of the engine's.
private final class Hearer: EventListener {
  private let changed: @Sendable () -> Void

  init(changed: @escaping @Sendable () -> Void) {
    self.changed = changed
  }

  func onEvent(event: String) throws {
    guard
      let said = try JSONSerialization.jsonObject(with: Data(event.utf8)) as? [String: Any],
      said["event"] as? String == "pace"
    else { return }
    changed()
  }
}
