//! What a program has used so far, as Linux counts it.

use std::collections::{BTreeMap, HashMap};
use std::fs;

/// Seconds of processor time of `pid` itself, all its threads.
pub fn cpu_seconds(pid: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    read_stat(&stat).map_or(0.0, |stat| seconds(stat.ticks))
}

/// Seconds of processor time of `pid` and everything it started that still runs.
pub fn cpu_seconds_of_family(pid: u32) -> f64 {
    seconds(family(pid).iter().map(|(_, stat)| stat.ticks).sum())
}

/// Memory of `pid` and everything it started, each page that several share counted in parts: for each program its number
/// of processes and bytes.
pub fn memory_of_family(pid: u32) -> BTreeMap<String, (usize, u64)> {
    let mut programs = BTreeMap::new();
    for (member, _) in family(pid) {
        let name = fs::read_to_string(format!("/proc/{member}/comm")).unwrap_or_default();
        let shares = fs::read_to_string(format!("/proc/{member}/smaps_rollup")).unwrap_or_default();
        let entry = programs.entry(name.trim().to_owned()).or_insert((0, 0));
        entry.0 += 1;
        entry.1 += field(&shares, "Pss:") * 1024;
    }
    programs
}

/// When `pid` began, seconds since the machine did.
pub fn began(pid: u32) -> Option<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    Some(seconds(read_stat(&stat)?.began))
}

/// The process of that name which `pid`, or something it started, started.
pub fn find_in_family(pid: u32, name: &str) -> Option<u32> {
    let is_it = |member: u32| {
        let program = fs::read_link(format!("/proc/{member}/exe")).ok();
        program.is_some_and(|program| program.file_name().is_some_and(|file| file == name))
    };
    family(pid)
        .into_iter()
        .map(|(member, _)| member)
        .find(|member| is_it(*member))
}

/// `pid` and everything it started that still runs.
fn family(pid: u32) -> Vec<(u32, Stat)> {
    let mut all = HashMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let member = entry
            .file_name()
            .to_str()
            .and_then(|name| name.parse::<u32>().ok());
        let stat = fs::read_to_string(entry.path().join("stat"));
        if let (Some(member), Some(stat)) = (member, stat.ok().and_then(|stat| read_stat(&stat))) {
            all.insert(member, stat);
        }
    }
    let is_family = |mut member: u32| {
        while member != pid {
            match all.get(&member) {
                Some(stat) if stat.parent != member && stat.parent != 0 => member = stat.parent,
                _ => return false,
            }
        }
        true
    };
    let members: Vec<u32> = all.keys().copied().filter(|member| is_family(*member)).collect();
    let taken = |member: u32| Some((member, all.remove(&member)?));
    members.into_iter().filter_map(taken).collect()
}

/// Memory of `pid` in RAM: now, and at most so far. Bytes.
pub fn memory(pid: u32) -> (u64, u64) {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    (field(&status, "VmRSS:") * 1024, field(&status, "VmHWM:") * 1024)
}

struct Stat {
    parent: u32,
    /// Processor time.
    ticks: u64,
    /// When it began, since the machine did.
    began: u64,
}

/// Reads `/proc/<pid>/stat`; the program's name in it may hold anything, so what counts begins after its last bracket.
fn read_stat(stat: &str) -> Option<Stat> {
    let (_, after) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = after.split_whitespace().collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    Some(Stat {
        parent: fields.get(1)?.parse().ok()?,
        ticks: number(11)? + number(12)?,
        began: number(19)?,
    })
}

#[expect(clippy::cast_precision_loss, reason = "hundredths of seconds")]
fn seconds(ticks: u64) -> f64 {
    ticks as f64 / rustix::param::clock_ticks_per_second() as f64
}

fn field(status: &str, name: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_programs_name_cannot_confuse_the_count() {
        let stat = "42 (a) b) R 7 42 42 0 -1 4194560 10 0 0 0 150 50 0 0 20 0 1 0 100 1000 10";
        let read = read_stat(stat).unwrap();
        assert_eq!((read.parent, read.ticks), (7, 200));
        assert!(read_stat("").is_none());
    }

    #[test]
    fn this_test_uses_memory_and_time() {
        let me = std::process::id();
        let (now, most) = memory(me);
        assert!(now > 100_000 && most >= now);
        let mut spun = 0_u64;
        while cpu_seconds(me) == 0.0 {
            spun = std::hint::black_box(spun + 1);
        }
        assert!(cpu_seconds_of_family(me) >= cpu_seconds(me) * 0.5);
    }
}
