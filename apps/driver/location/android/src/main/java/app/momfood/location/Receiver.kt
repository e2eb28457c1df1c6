// The phone's receiver, asked as often as the pace says and no oftener. Android's own providers: no Google services needed.

package app.momfood.location

import android.Manifest
import android.annotation.SuppressLint
import android.content.Context
import android.content.pm.PackageManager
import android.location.Location
import android.location.LocationManager
import android.os.Build
import android.os.SystemClock
import androidx.core.content.ContextCompat
import androidx.core.location.LocationListenerCompat
import androidx.core.location.LocationManagerCompat
import androidx.core.location.LocationRequestCompat
import uniffi.momfood.Pace

/** A position older than this says where the phone was, not where it is. */
private const val OLDEST_NANOS = 10_000_000_000L

internal class Receiver(private val context: Context, private val measured: (Location) -> Unit) :
    LocationListenerCompat {
    private val manager = context.getSystemService(Context.LOCATION_SERVICE) as LocationManager
    private var asked: Pace? = null

    /** Asks as `pace` says. What was asked before ends. On the main thread. */
    @SuppressLint("MissingPermission")
    fun ask(pace: Pace) {
        if (pace == asked) {
            return
        }
        stop()
        if (!isPermitted(context)) {
            return
        }
        val provider = provider(pace.exact) ?: return
        val quality = if (pace.exact) {
            LocationRequestCompat.QUALITY_HIGH_ACCURACY
        } else {
            LocationRequestCompat.QUALITY_BALANCED_POWER_ACCURACY
        }
        // No least distance: who stands still is still there, and the engine knows how often that is worth saying.
        val request = LocationRequestCompat.Builder(pace.seconds.toLong() * 1_000L).setQuality(quality).build()
        LocationManagerCompat.requestLocationUpdates(
            manager, provider, request, ContextCompat.getMainExecutor(context), this
        )
        asked = pace
    }

    fun stop() {
        LocationManagerCompat.removeUpdates(manager, this)
        asked = null
    }

    override fun onLocationChanged(location: Location) {
        if (SystemClock.elapsedRealtimeNanos() - location.elapsedRealtimeNanos <= OLDEST_NANOS) {
            measured(location)
        }
    }

    private fun provider(exact: Boolean): String? {
        val fused = if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) {
            listOf(LocationManager.FUSED_PROVIDER)
        } else {
            emptyList()
        }
        val others = if (exact) {
            listOf(LocationManager.GPS_PROVIDER, LocationManager.NETWORK_PROVIDER)
        } else {
            listOf(LocationManager.NETWORK_PROVIDER, LocationManager.GPS_PROVIDER)
        }
        val enabled = manager.getProviders(true)
        return (fused + others).firstOrNull { it in enabled }
    }

    companion object {
        fun isPermitted(context: Context): Boolean {
            val granted = { permission: String ->
                ContextCompat.checkSelfPermission(context, permission) == PackageManager.PERMISSION_GRANTED
            }
            return granted(Manifest.permission.ACCESS_FINE_LOCATION) ||
                granted(Manifest.permission.ACCESS_COARSE_LOCATION)
        }
    }
}
