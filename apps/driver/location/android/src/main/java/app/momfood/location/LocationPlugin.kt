// Begins and ends the service when the shell says so. No page reaches this: the plugin has no commands of its own there.

package app.momfood.location

import android.Manifest
import android.app.Activity
import android.content.Intent
import android.os.Build
import androidx.core.content.ContextCompat
import app.tauri.PermissionState
import app.tauri.annotation.Command
import app.tauri.annotation.InvokeArg
import app.tauri.annotation.Permission
import app.tauri.annotation.PermissionCallback
import app.tauri.annotation.TauriPlugin
import app.tauri.plugin.Invoke
import app.tauri.plugin.Plugin

@InvokeArg
class ShiftArgs {
    lateinit var folder: String
    lateinit var server: String
    var language: String = "ar"
}

private const val NOTIFICATIONS = "notifications"

@TauriPlugin(
    permissions = [
        Permission(strings = [Manifest.permission.POST_NOTIFICATIONS], alias = NOTIFICATIONS)
    ]
)
class LocationPlugin(private val activity: Activity) : Plugin(activity) {
    @Command
    fun begin(invoke: Invoke) {
        val args = invoke.parseArgs(ShiftArgs::class.java)
        Shift(args.folder, args.server, args.language).keep(activity)
        if (!Receiver.isPermitted(activity)) {
            invoke.reject("location is not permitted")
            return
        }
        // The service runs without it too; only then nobody sees that it does.
        val asks = Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU &&
            getPermissionState(NOTIFICATIONS) == PermissionState.PROMPT
        if (asks) {
            requestPermissionForAlias(NOTIFICATIONS, invoke, "answered")
        } else {
            start(invoke)
        }
    }

    @PermissionCallback
    private fun answered(invoke: Invoke) {
        start(invoke)
    }

    private fun start(invoke: Invoke) {
        try {
            ContextCompat.startForegroundService(activity, Intent(activity, ShiftService::class.java))
            invoke.resolve()
        } catch (refused: RuntimeException) {
            // The app went behind others in the meantime: Android lets no service begin from there.
            invoke.reject(refused.message ?: "the service was refused")
        }
    }

    @Command
    fun end(invoke: Invoke) {
        activity.stopService(Intent(activity, ShiftService::class.java))
        invoke.resolve()
    }
}
