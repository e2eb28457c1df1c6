// Says where the driver is while on shift, whether or not anybody looks at the app. It obeys the engine's pace, hands each
// position to the engine, shows that it does in a notification, and ends with the shift. It never runs off shift.

package app.momfood.location

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.app.Service
import android.content.Context
import android.content.Intent
import android.content.pm.ServiceInfo
import android.location.Location
import android.os.Build
import android.os.IBinder
import androidx.core.app.NotificationCompat
import app.tauri.Logger
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.json.JSONObject
import uniffi.momfood.Engine
import uniffi.momfood.EngineException
import uniffi.momfood.EventListener
import uniffi.momfood.Subscription
import uniffi.momfood.Why

private const val CHANNEL = "momfood-shift"
private const val ON_SHIFT = 1
private const val OPEN_AGAIN = 2

class ShiftService : Service() {
    private val scope: CoroutineScope = MainScope()
    private lateinit var receiver: Receiver
    private var words: Context = this
    private var engine: Engine? = null
    private var subscription: Subscription? = null
    private var begun = false

    override fun onBind(intent: Intent?): IBinder? = null

    override fun onCreate() {
        super.onCreate()
        receiver = Receiver(this) { measured(it) }
    }

    override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {
        val shift = Shift.kept(this)
        words = shift?.words(this) ?: this
        makeChannel()
        if (shift == null || !enterForeground()) {
            // Begun by Android itself, with nobody in front of the app: it may not ask the receiver from there.
            notify(OPEN_AGAIN, notification(R.string.momfood_shift_open, null, false))
            stopSelf()
            return START_NOT_STICKY
        }
        notifications().cancel(OPEN_AGAIN)
        if (!begun) {
            begun = true
            scope.launch { follow(shift) }
        }
        return START_STICKY
    }

    /** Opens the engine, or the one that is open, and does as it says from now on. */
    private suspend fun follow(shift: Shift) {
        try {
            val opened = withContext(Dispatchers.IO) { shift.open() }
            engine = opened
            subscription = opened.subscribe(object : EventListener {
                override fun onEvent(event: String) {
                    if (JSONObject(event).optString("event") == "pace") {
                        scope.launch { obey() }
                    }
                }
            })
            obey()
        } catch (failed: EngineException) {
            Logger.error("the engine cannot be opened: ${failed.message}")
            stopSelf()
        }
    }

    private suspend fun obey() {
        val pace = try {
            engine?.pace() ?: return
        } catch (failed: EngineException) {
            Logger.error("no pace: ${failed.message}")
            return
        }
        val state = when (pace.reason) {
            Why.OFF_SHIFT, Why.STARTING -> {
                stopSelf()
                return
            }
            Why.IDLE -> R.string.momfood_shift_idle
            Why.ON_THE_WAY -> R.string.momfood_shift_way
            Why.CLOSE -> R.string.momfood_shift_close
        }
        receiver.ask(pace)
        notify(ON_SHIFT, notification(R.string.momfood_shift_on, state, true))
    }

    private fun measured(location: Location) {
        val heading = if (location.hasBearing()) (location.bearing.toInt() % 360).toUShort() else null
        scope.launch {
            try {
                engine?.reportPosition(location.latitude, location.longitude, heading)
            } catch (failed: EngineException) {
                // The next position is as good.
                Logger.error("a position was not taken: ${failed.message}")
            }
        }
    }

    override fun onDestroy() {
        receiver.stop()
        scope.cancel()
        subscription?.end()
        subscription?.destroy()
        engine?.destroy()
        super.onDestroy()
    }

    private fun enterForeground(): Boolean {
        val notification = notification(R.string.momfood_shift_on, R.string.momfood_shift_idle, true)
        return try {
            if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) {
                startForeground(ON_SHIFT, notification, ServiceInfo.FOREGROUND_SERVICE_TYPE_LOCATION)
            } else {
                startForeground(ON_SHIFT, notification)
            }
            true
        } catch (refused: RuntimeException) {
            Logger.error("not allowed in front: ${refused.message}")
            false
        }
    }

    private fun notification(title: Int, text: Int?, ongoing: Boolean): Notification {
        val open = packageManager.getLaunchIntentForPackage(packageName)
        val tap = open?.let { PendingIntent.getActivity(this, 0, it, PendingIntent.FLAG_IMMUTABLE) }
        return NotificationCompat.Builder(this, CHANNEL)
            .setSmallIcon(R.drawable.momfood_shift)
            .setContentTitle(words.getString(title))
            .setContentText(text?.let { words.getString(it) })
            .setContentIntent(tap)
            .setOngoing(ongoing)
            .setOnlyAlertOnce(true)
            .setCategory(NotificationCompat.CATEGORY_SERVICE)
            .setForegroundServiceBehavior(NotificationCompat.FOREGROUND_SERVICE_IMMEDIATE)
            .build()
    }

    private fun makeChannel() {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.O) {
            val name = words.getString(R.string.momfood_shift_channel)
            val channel = NotificationChannel(CHANNEL, name, NotificationManager.IMPORTANCE_LOW)
            notifications().createNotificationChannel(channel)
        }
    }

    private fun notify(id: Int, notification: Notification) {
        // Without the permission Android shows nothing, and nothing breaks.
        notifications().notify(id, notification)
    }

    private fun notifications() = getSystemService(Context.NOTIFICATION_SERVICE) as NotificationManager
}
