//! Symbolic links that a template brings: they stay inside, or nothing is written.

use super::{StepError, TargetPath};

/// Refuses the target of a link that leads out of the folder to which the link's path is relative.
///
/// The target is looked at as text, so it may go up only at its beginning: `a/../b` means what it
/// says only where `a` is no link itself, and a chain of such links could leave the folder. From
/// there on it goes down, and what it meets there is held to the same rule.
///
/// # Errors
/// When the target is absolute, leads out, or is something that no path of a template may be.
pub fn refuse_outside(path: &TargetPath, target: &str) -> Result<(), StepError> {
    let refuse = |reason: &str| {
        Err(StepError::new(format!(
            "link \"{path}\" points to \"{target}\", which {reason}"
        ))
        .help("links of a template stay inside of the folder that it brings"))
    };
    if target.is_empty() {
        return refuse("is empty");
    }
    if target.starts_with('/') {
        return refuse("is absolute");
    }
    let mut folders: Vec<&str> = path.as_str().split('/').collect();
    folders.pop();
    let mut goes_down = false;
    for name in target.split('/') {
        match name {
            "" | "." => {}
            ".." if goes_down => return refuse("goes up after it went down"),
            ".." => {
                if folders.pop().is_none() {
                    return refuse("leads out of its folder");
                }
            }
            name => {
                goes_down = true;
                folders.push(name);
            }
        }
    }
    match TargetPath::of_input(&folders.join("/")) {
        Ok(_) => Ok(()),
        Err(refusal) => refuse(refusal.reason),
    }
}

#[cfg(test)]
mod tests {
    use super::{TargetPath, refuse_outside};

    #[test]
    fn links_stay_inside() {
        for (path, target, stays) in [
            ("a", "b", true),
            ("a/b", "../c", true),
            ("a/b/c", "../../d/e", true),
            ("a/b", "./c/", true),
            ("a/b", "..", true),
            ("a", "missing/as/yet", true),
            ("a", "", false),
            ("a", "/etc/passwd", false),
            ("a", "../b", false),
            ("a/b", "../../b", false),
            ("a/b", "../../a/b", false),
            ("a/b/c", "../d/../../x", false),
            ("a", "b/../c", false),
            ("a", "C:\\Windows", false),
            ("a", "..\\x", false),
            ("a", ".git/hooks/post-commit", false),
            ("a/b", "../.GIT/config", false),
            ("a", "nul", false),
            ("a", "x\ny", false),
        ] {
            let path = TargetPath::new(path).expect("a path");
            assert_eq!(
                refuse_outside(&path, target).is_ok(),
                stays,
                "{path} -> {target}"
            );
        }
    }

    #[test]
    fn the_link_is_named() {
        let path = TargetPath::new("docs/secret").expect("a path");
        let error = refuse_outside(&path, "../../../etc/passwd").expect_err("a refusal");
        assert_eq!(
            error.message,
            "link \"docs/secret\" points to \"../../../etc/passwd\", which leads out of its folder"
        );
    }
}
