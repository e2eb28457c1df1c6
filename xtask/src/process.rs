//! Running other programs: failures name the command, and Ctrl-C reaches the ones that must end well.

use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

/// How often a running program is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// Runs to the end with this terminal's input and output.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot start `{}`", line(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", line(command));
    }
    Ok(())
}

/// Standard output of a program that is expected to succeed quietly; `None` when it does not.
pub fn output_of(program: impl AsRef<OsStr>, args: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The command as one would type it, without its environment.
pub fn line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    std::iter::once(name)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Programs that live until the person says stop, and are then asked to end rather than killed.
pub struct Company {
    members: Vec<Member>,
    stop: StopSignal,
}

struct Member {
    name: &'static str,
    child: Child,
    part: Part,
}

/// What the end of a program means for the others.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Without it the others have nothing to do.
    Vital,
    /// The others go on.
    Guest,
}

impl Company {
    /// From here on Ctrl-C no longer ends xtask by itself.
    pub fn new() -> Result<Self> {
        Ok(Self {
            members: Vec::new(),
            stop: StopSignal::listen()?,
        })
    }

    /// Starts a program apart from the terminal's signals: it gets exactly the ones passed on to it.
    pub fn start(&mut self, name: &'static str, part: Part, command: &mut Command) -> Result<()> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        command.stdin(Stdio::null());
        let child = command
            .spawn()
            .with_context(|| format!("cannot start `{}`", line(command)))?;
        self.members.push(Member { name, child, part });
        Ok(())
    }

    /// Whether the person asked to stop.
    pub fn stop_asked(&self) -> bool {
        self.stop.count() > 0
    }

    /// Fails when a vital program has ended by itself; says so when a guest has.
    pub fn check(&mut self) -> Result<()> {
        let mut index = 0;
        while let Some(member) = self.members.get_mut(index) {
            let Some(status) = member.child.try_wait()? else {
                index += 1;
                continue;
            };
            let gone = self.members.remove(index);
            if gone.part == Part::Vital {
                bail!("the {} ended by itself ({status})", gone.name);
            }
            println!("the {} ended ({status})", gone.name);
        }
        Ok(())
    }

    /// Waits for Ctrl-C, then asks all to end, last started first. Fails when a vital one ends before or badly.
    pub fn wait(mut self) -> Result<()> {
        while !self.stop_asked() {
            self.check()?;
            std::thread::sleep(LOOK);
        }
        println!("\nStopping; Ctrl-C again stops at once.");
        while let Some(member) = self.members.pop() {
            let status = end(member.child, &self.stop)?;
            if member.part == Part::Vital && !status.success() {
                bail!("the {} ended with {status}", member.name);
            }
        }
        Ok(())
    }
}

impl Drop for Company {
    fn drop(&mut self) {
        for mut member in self.members.drain(..) {
            if let Ok(None) = member.child.try_wait() {
                let _ = member.child.kill();
                let _ = member.child.wait();
            }
        }
    }
}

/// Asks a program to end; kills it when the person asks a second time.
fn end(mut member: Child, stop: &StopSignal) -> Result<ExitStatus> {
    if let Some(status) = member.try_wait()? {
        return Ok(status);
    }
    ask_to_end(&mut member);
    let asked = stop.count();
    loop {
        if let Some(status) = member.try_wait()? {
            return Ok(status);
        }
        if stop.count() > asked {
            member.kill()?;
        }
        std::thread::sleep(LOOK);
    }
}

#[cfg(unix)]
fn ask_to_end(member: &mut Child) {
    let id = i32::try_from(member.id())
        .ok()
        .and_then(rustix::process::Pid::from_raw);
    if let Some(id) = id {
        let _ = rustix::process::kill_process(id, rustix::process::Signal::TERM);
    }
}

#[cfg(not(unix))]
fn ask_to_end(member: &mut Child) {
    let _ = member.kill();
}

/// Counts Ctrl-C and termination requests.
struct StopSignal {
    #[cfg(unix)]
    seen: std::sync::Arc<std::sync::atomic::AtomicUsize>,
}

#[cfg(unix)]
impl StopSignal {
    fn listen() -> Result<Self> {
        use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
        use std::sync::{Arc, atomic::AtomicUsize, atomic::Ordering};
        let seen = Arc::new(AtomicUsize::new(0));
        let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP])?;
        let counter = Arc::clone(&seen);
        std::thread::spawn(move || {
            for _ in signals.forever() {
                counter.fetch_add(1, Ordering::SeqCst);
            }
        });
        Ok(Self { seen })
    }

    fn count(&self) -> usize {
        self.seen.load(std::sync::atomic::Ordering::SeqCst)
    }
}

#[cfg(not(unix))]
impl StopSignal {
    #[expect(
        clippy::unnecessary_wraps,
        reason = "the same signature as on Unix, where it can fail"
    )]
    fn listen() -> Result<Self> {
        // A console's Ctrl-C reaches every program in it, this one included: there is nothing to pass on.
        Ok(Self {})
    }

    fn count(&self) -> usize {
        0
    }
}
