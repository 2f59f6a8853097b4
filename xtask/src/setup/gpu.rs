//! A Vulkan driver for the tests of the WGSL engine: Mesa's software one where the machine has no other.
//!
//! Not here: which adapter is chosen (`src/engine/gpu/device`).

use super::apt;
use crate::shell::say;
use anyhow::Result;
use std::path::Path;

/// Where drivers announce themselves to the Vulkan loader on Linux.
const DRIVERS: [&str; 3] = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d", "/usr/local/share/vulkan/icd.d"];

pub fn software_vulkan() -> Result<()> {
    if !cfg!(target_os = "linux") || DRIVERS.iter().any(|folder| has_driver(Path::new(folder))) {
        return Ok(());
    }
    if apt::on_debian() {
        return apt::install(
            &["mesa-vulkan-drivers", "libvulkan1"],
            "the tests of the WGSL engine need a Vulkan adapter; this one is software",
        );
    }
    say(
        "no Vulkan driver was found; the tests of the WGSL engine will fail without one (mesa-vulkan-drivers or the like)",
    );
    Ok(())
}

fn has_driver(folder: &Path) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).any(|path| path.extension().is_some_and(|extension| extension == "json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_driver_is_a_json_file_in_the_folder() {
        let folder = std::env::temp_dir().join(format!("lab-icd-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        assert!(!has_driver(&folder) && !has_driver(&folder.join("nowhere")));
        std::fs::write(folder.join("lvp_icd.x86_64.json"), "{}").unwrap();
        assert!(has_driver(&folder));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
