//! The machine the figures were seen on: without it they mean nothing.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use serde::Serialize;

use crate::stats::{Samples, Summary};

#[derive(Clone, Debug, Serialize)]
pub struct Machine {
    pub cores: usize,
    pub cpu: String,
    pub memory_gib: f64,
    pub kernel: String,
    /// What else ran when measuring began: runnable programs, averaged over a minute.
    pub load_before: f64,
    /// Kind of the file system that databases are put on.
    pub disk: String,
    /// Milliseconds to write 4 KiB to it and see them safe (fdatasync); what a durable answer waits for at least.
    pub safe_write: Summary,
}

pub fn describe() -> Machine {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let folder = std::env::temp_dir();
    Machine {
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        cpu: value(&read("/proc/cpuinfo"), "model name").unwrap_or_else(|| "?".to_owned()),
        memory_gib: gib(&read("/proc/meminfo")),
        kernel: rustix::system::uname().release().to_string_lossy().into_owned(),
        load_before: first_number(&read("/proc/loadavg")),
        disk: disk_of(&folder, &read("/proc/mounts")),
        safe_write: safe_writes(&folder).unwrap_or_default().summary(),
    }
}

impl Machine {
    pub fn lines(&self) -> Vec<String> {
        vec![
            format!(
                "{} cores ({}), {:.1} GiB, Linux {}",
                self.cores, self.cpu, self.memory_gib, self.kernel
            ),
            format!(
                "databases on {}: a safe write of 4 KiB takes {:.2} ms (p50), {:.2} ms (p99)",
                self.disk, self.safe_write.p50, self.safe_write.p99
            ),
            format!("load average before: {:.1}", self.load_before),
        ]
    }
}

fn value(text: &str, name: &str) -> Option<String> {
    let mut lines = text.lines().filter_map(|line| line.split_once(':'));
    let (_, value) = lines.find(|(key, _)| key.trim() == name)?;
    Some(value.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn gib(meminfo: &str) -> f64 {
    value(meminfo, "MemTotal").map_or(0.0, |total| first_number(&total) / (1024.0 * 1024.0))
}

fn first_number(text: &str) -> f64 {
    text.split_whitespace()
        .next()
        .and_then(|word| word.parse().ok())
        .unwrap_or(0.0)
}

/// The file system of the longest mount point that `folder` lies under.
fn disk_of(folder: &Path, mounts: &str) -> String {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let mounts = mounts.lines().filter_map(|line| {
        let mut fields = line.split_whitespace().skip(1);
        Some((fields.next()?, fields.next()?))
    });
    mounts
        .filter(|(point, _)| folder.starts_with(point))
        // Of two on the same point the later one is seen.
        .max_by_key(|(point, _)| point.len())
        .map_or_else(|| "?".to_owned(), |(_, kind)| kind.to_owned())
}

fn safe_writes(folder: &Path) -> std::io::Result<Samples> {
    let path = folder.join(format!("momfood-bench-{}.write", std::process::id()));
    let mut file = fs::File::create(&path)?;
    let measured = (0..200)
        .map(|_| {
            let began = Instant::now();
            file.write_all(&[7; 4096])?;
            file.sync_data()?;
            Ok(began.elapsed())
        })
        .collect();
    fs::remove_file(&path)?;
    measured
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_disk_is_that_of_the_nearest_mount_point() {
        let mounts = "/dev/vda / ext4 rw 0 0\ntmpfs /proc tmpfs rw 0 0\ndisk /proc/self xfs rw 0 0\n";
        assert_eq!(disk_of(Path::new("/"), mounts), "ext4");
        assert_eq!(disk_of(Path::new("/proc"), mounts), "tmpfs");
    }

    #[test]
    fn what_the_kernel_says_is_read() {
        assert_eq!(
            value("model name\t: Some  CPU\n", "model name").as_deref(),
            Some("Some CPU")
        );
        assert!((gib("MemTotal:       2097152 kB\n") - 2.0).abs() < 1e-9);
        assert!((first_number("3.25 1.0 0.5 1/200 999") - 3.25).abs() < 1e-9);
    }
}
