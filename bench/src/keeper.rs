//! Programs that must end with this one, however it ends: a shell keeps each, in a folder of its own, and ends it and
//! removes the folder when the shell's input closes. The kernel closes that pipe even when this program is killed.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// How long a program may take to end.
const PATIENCE: Duration = Duration::from_secs(20);

/// The folder, the first words, and the end. What is between starts the program as `$program`.
const OPENING: &str = r#"
set -u
dir=$(mktemp -d "${TMPDIR:-/tmp}/momfood-bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT
fail() { cat "$dir"/*.log >&2; exit 1; }
"#;
const CLOSING: &str = r#"
echo "$program $dir"
cat >/dev/null || true
kill -TERM $program 2>/dev/null
wait $program
"#;

/// A program that runs, and its folder.
pub struct Kept {
    pub pid: u32,
    pub folder: PathBuf,
    shell: Child,
    input: Option<ChildStdin>,
}

/// Starts what `script` starts; it gets `args` as `$1…`. As another user when this one is root and `user` is named.
pub fn keep(what: &str, script: &str, args: &[&str], user: Option<&str>) -> Result<Kept> {
    let mut command = match user.filter(|_| rustix::process::geteuid().is_root()) {
        None => Command::new("sh"),
        Some(user) => {
            let mut command = Command::new("runuser");
            command.args(["-u", user, "--", "sh"]);
            command
        }
    };
    command
        .args(["-c", &format!("{OPENING}{script}{CLOSING}"), "momfood-bench"])
        .args(args)
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // A group of its own: Ctrl-C in the terminal must not reach it before the pipe closes.
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut shell = command.spawn().with_context(|| format!("cannot start {what}"))?;
    let input = shell.stdin.take();
    let mut line = String::new();
    if let Some(output) = shell.stdout.take() {
        BufReader::new(output).read_line(&mut line)?;
    }
    let Some((pid, folder)) = line.trim().split_once(' ') else {
        let mut why = String::new();
        if let Some(mut errors) = shell.stderr.take() {
            errors.read_to_string(&mut why)?;
        }
        shell.wait()?;
        bail!("{what} did not start: {}", why.trim());
    };
    Ok(Kept {
        pid: pid.parse()?,
        folder: folder.into(),
        shell,
        input,
    })
}

impl Kept {
    /// What it wrote into `name` in its folder.
    pub fn read(&self, name: &str) -> Result<String> {
        let path = self.folder.join(name);
        std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        drop(self.input.take());
        let asked = Instant::now();
        while asked.elapsed() < PATIENCE {
            if !matches!(self.shell.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}

/// A port nobody listens on now.
pub fn free_port() -> Result<u16> {
    let socket = std::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0))?;
    Ok(socket.local_addr()?.port())
}

/// The first of `names` that is a program on `PATH`.
pub fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|program| Path::is_file(program))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_ends_with_its_keeper_and_leaves_no_folder() {
        let kept = keep("a sleeper", "sleep 60 >/dev/null 2>&1 &\nprogram=$!\n", &[], None).unwrap();
        let (pid, folder) = (kept.pid, kept.folder.clone());
        let alive = || Path::new(&format!("/proc/{pid}")).exists();
        assert!(alive() && folder.is_dir());
        drop(kept);
        assert!(!alive() && !folder.exists());
    }

    #[test]
    fn what_does_not_start_says_why() {
        let failed = keep(
            "a failure",
            "echo no such luck >\"$dir/own.log\"; fail\n",
            &[],
            None,
        );
        assert!(failed.err().unwrap().to_string().contains("no such luck"));
    }
}
