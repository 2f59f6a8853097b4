//! Debian packages: installed where the rights are there; where they are not, the exact command is printed.
//!
//! Not here: which packages are needed for what.

use super::announce;
use crate::shell::{ask, command, run, typed};
use anyhow::{Result, bail};
use std::io::IsTerminal;
use std::path::Path;
use std::process::Command;

/// True on Debian and what descends from it.
pub fn here() -> bool {
    Path::new("/etc/debian_version").exists() && which::which("apt-get").is_ok()
}

/// True on Debian itself, whose archive the recipes were tried with (Ubuntu's `chromium` is a snap, for one).
pub fn on_debian() -> bool {
    here() && std::fs::read_to_string("/etc/os-release").is_ok_and(|text| is_debian(&text))
}

fn is_debian(os_release: &str) -> bool {
    os_release.lines().any(|line| line.trim().replace('"', "") == "ID=debian")
}

/// How to become root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rights {
    Root,
    /// `sudo` that asks for nothing.
    Sudo,
    /// `sudo` that will ask for a password, with a person there to type it.
    SudoAsks,
    None,
}

/// Installs those of the packages that are missing.
pub fn install(packages: &[&str], why: &str) -> Result<()> {
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    announce(&format!("the Debian packages {}", missing.join(" ")), why);
    let rights = rights();
    let mut update = as_root(rights, &["apt-get", "update", "-q"]);
    let mut words = vec!["apt-get", "install", "-q", "-y", "--no-install-recommends"];
    words.extend(&missing);
    let mut install = as_root(rights, &words);
    if rights == Rights::None {
        bail!(
            "no right to install packages here. Run this once, as root, and then the same xtask command again:\n\n    {} && {}\n",
            typed(&update),
            typed(&install)
        );
    }
    // An archive of the machine that cannot be reached must not stop an install that does not need it.
    if let Err(error) = run(&mut update) {
        crate::shell::say(&format!("{error:#}; trying with the lists there are"));
    }
    run(&mut install)
}

fn installed(package: &str) -> bool {
    let status = ask(command("dpkg-query").args(["-W", "-f", "${Status}", package]));
    status.as_deref() == Some("install ok installed")
}

fn rights() -> Rights {
    if ask(command("id").arg("-u")).as_deref() == Some("0") {
        Rights::Root
    } else if which::which("sudo").is_err() {
        Rights::None
    } else if ask(command("sudo").args(["-n", "true"])).is_some() {
        Rights::Sudo
    } else if std::io::stdin().is_terminal() {
        Rights::SudoAsks
    } else {
        Rights::None
    }
}

fn as_root(rights: Rights, words: &[&str]) -> Command {
    let mut full: Vec<&str> = match rights {
        Rights::Root => vec![],
        Rights::Sudo => vec!["sudo", "-n"],
        Rights::SudoAsks | Rights::None => vec!["sudo"],
    };
    if matches!(rights, Rights::None) && which::which("sudo").is_err() {
        full.clear();
    }
    full.extend(words);
    let mut built = command("env");
    if full[0] == "sudo" {
        // `sudo` drops the variable unless it is given behind it.
        built = command(full.remove(0));
        if full[0] == "-n" {
            built.arg(full.remove(0));
        }
        built.arg("env");
    }
    built.arg("DEBIAN_FRONTEND=noninteractive").args(full);
    built
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_fits_the_rights() {
        assert_eq!(
            typed(&as_root(Rights::Root, &["apt-get", "update"])),
            "env DEBIAN_FRONTEND=noninteractive apt-get update"
        );
        assert_eq!(
            typed(&as_root(Rights::Sudo, &["apt-get", "update"])),
            "sudo -n env DEBIAN_FRONTEND=noninteractive apt-get update"
        );
    }

    #[test]
    fn debian_is_told_from_its_descendants() {
        assert!(is_debian("NAME=\"Debian GNU/Linux\"\nID=debian\n"));
        assert!(is_debian("ID=\"debian\""));
        assert!(!is_debian("ID=ubuntu\nID_LIKE=debian\n"));
    }
}
