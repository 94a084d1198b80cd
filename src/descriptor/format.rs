//! The files that are known by their names.

/// A format of descriptors.
#[derive(Debug)]
pub struct Format {
    /// Whose it is.
    pub name: &'static str,
    /// The names of its files.
    pub file_names: &'static [&'static str],
    /// Whether its files are read, or only counted.
    pub is_read: bool,
}

/// All formats. One more is one more line here and one file beside this one.
pub static FORMATS: &[Format] = &[
    Format {
        name: "Backstage",
        file_names: &["catalog-info.yaml", "catalog-info.yml"],
        is_read: true,
    },
    Format {
        name: "Compass",
        file_names: &["compass.yml", "compass.yaml"],
        is_read: false,
    },
    Format {
        name: "Cortex",
        file_names: &["cortex.yaml", "cortex.yml"],
        is_read: false,
    },
    Format {
        name: "OpsLevel",
        file_names: &["opslevel.yml"],
        is_read: false,
    },
    Format {
        name: "Datadog",
        file_names: &[
            "service.datadog.yaml",
            "service.datadog.yml",
            "entity.datadog.yaml",
            "entity.datadog.yml",
        ],
        is_read: false,
    },
    Format {
        name: "Port",
        file_names: &["port.yml", "port.yaml"],
        is_read: false,
    },
];

impl Format {
    /// The format that a file of that name has. Names are compared as they are written.
    #[must_use]
    pub fn of(name: &[u8]) -> Option<&'static Self> {
        // Every known name ends so, and almost no file of a repository does.
        if !name.ends_with(b".yaml") && !name.ends_with(b".yml") {
            return None;
        }
        FORMATS.iter().find(|format| {
            format
                .file_names
                .iter()
                .any(|known| known.as_bytes() == name)
        })
    }
}

/// Folders whose descriptors belong to somebody else: they count only when a Location, the
/// configuration or a command names them.
pub const IGNORED_FOLDERS: [&str; 5] = [
    "vendor",
    "node_modules",
    "third_party",
    "testdata",
    "fixtures",
];

/// Whether a path lies below one of [`IGNORED_FOLDERS`].
#[must_use]
pub fn is_below_ignored_folder(path: &[u8]) -> bool {
    let mut folders: Vec<&[u8]> = path.split(|byte| *byte == b'/').collect();
    folders.pop();
    folders.iter().any(|folder| {
        IGNORED_FOLDERS
            .iter()
            .any(|ignored| ignored.as_bytes() == *folder)
    })
}
