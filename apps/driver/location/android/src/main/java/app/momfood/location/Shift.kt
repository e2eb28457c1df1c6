// What the service needs to reach the engine, kept for when Android starts it again without the app.

package app.momfood.location

import android.content.Context
import android.content.res.Configuration
import java.util.Locale
import uniffi.momfood.AppName
import uniffi.momfood.Engine
import uniffi.momfood.OpenConfig

internal class Shift(private val folder: String, private val server: String, private val language: String) {
    fun keep(context: Context) {
        context.getSharedPreferences(FILE, Context.MODE_PRIVATE).edit()
            .putString("folder", folder)
            .putString("server", server)
            .putString("language", language)
            .apply()
    }

    /** The process's one engine: the window's, if there is a window. It may have to read its files: not on the main thread. */
    fun open(): Engine {
        // The face is linked into the shell's library; there is no other, and there must be no second one.
        System.setProperty("uniffi.component.momfood.libraryOverride", "momfood_driver_shell")
        return Engine.open(OpenConfig(AppName.DRIVER, folder, server))
    }

    /** Words in the language the app speaks, which need not be the phone's. */
    fun words(context: Context): Context {
        val configuration = Configuration(context.resources.configuration)
        configuration.setLocale(Locale(language))
        return context.createConfigurationContext(configuration)
    }

    companion object {
        private const val FILE = "momfood-shift"

        fun kept(context: Context): Shift? {
            val kept = context.getSharedPreferences(FILE, Context.MODE_PRIVATE)
            val folder = kept.getString("folder", null) ?: return null
            val server = kept.getString("server", null) ?: return null
            return Shift(folder, server, kept.getString("language", null) ?: "ar")
        }
    }
}
