//! Bills of materials as SPDX 2.2 and 2.3, JSON and tag-value.
//!
//! The packages that the document describes are the product itself, and no components of it.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};

use serde::Deserialize;

use super::cyclonedx::{Bill, GIVES};
use super::document::{begins_with, json, looks_like, or_default, text, time};
use super::{ImportError, ImportFile, ImportFormat, Imported};
use crate::repo::normalize_remote;

/// The format.
pub(super) const FORMAT: ImportFormat = ImportFormat {
    name: "spdx",
    source: "spdx",
    about: "bills of materials: SPDX 2.3, JSON and tag-value (spdx.github.io/spdx-spec/v2.3), \
            also as GitHub exports it",
    gives: GIVES,
    recognises: |file| {
        looks_like(file, &["\"spdxVersion\""]) || looks_like(file, &["SPDXVersion: SPDX-"])
    },
    read,
};

/// What GitHub's API puts around a document.
#[derive(Deserialize)]
struct Wrapped<'a> {
    #[serde(borrow)]
    sbom: Option<Document<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    #[serde(borrow)]
    spdx_version: Cow<'a, str>,
    #[serde(borrow)]
    creation_info: Option<CreationInfo<'a>>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    #[serde(rename = "documentDescribes")]
    subjects: Vec<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    packages: Vec<Package<'a>>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    relationships: Vec<Relationship<'a>>,
}

#[derive(Deserialize)]
struct CreationInfo<'a> {
    #[serde(borrow)]
    created: Option<Cow<'a, str>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Package<'a> {
    #[serde(borrow, rename = "SPDXID")]
    id: Cow<'a, str>,
    #[serde(borrow)]
    license_concluded: Option<Cow<'a, str>>,
    #[serde(borrow)]
    license_declared: Option<Cow<'a, str>>,
    #[serde(borrow)]
    download_location: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Relationship<'a> {
    #[serde(borrow)]
    spdx_element_id: Cow<'a, str>,
    #[serde(borrow)]
    #[serde(rename = "relationshipType")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    related_spdx_element: Cow<'a, str>,
}

fn read(file: &ImportFile<'_>) -> Result<Imported, ImportError> {
    let text = text(file)?;
    let bill = if begins_with(file, &['{']) {
        of_json(&text)?
    } else {
        of_tags(&text)?
    };
    Ok(bill.say(file))
}

fn of_json(text: &str) -> Result<Bill, ImportError> {
    let is_wrapped = text.get(..200).unwrap_or(text).contains("\"sbom\"");
    let document: Document<'_> = if is_wrapped {
        let wrapped: Wrapped<'_> = json(text)?;
        let missing = || ImportError::new("there is no bill of materials in it");
        wrapped.sbom.ok_or_else(missing)?
    } else {
        json(text)?
    };
    let mut described: HashSet<&str> = document.subjects.iter().map(|it| &**it).collect();
    for relationship in &document.relationships {
        let (from, to) = (
            &*relationship.spdx_element_id,
            &*relationship.related_spdx_element,
        );
        match &*relationship.kind {
            "DESCRIBES" if from == "SPDXRef-DOCUMENT" => described.insert(to),
            "DESCRIBED_BY" if to == "SPDXRef-DOCUMENT" => described.insert(from),
            _ => false,
        };
    }
    let created = document.creation_info.as_ref();
    let created = created.and_then(|it| time(it.created.as_deref()?));
    is_read(&document.spdx_version)?;
    Ok(bill(created, &document.packages, &described))
}

fn bill(
    created: Option<jiff::Timestamp>,
    packages: &[Package<'_>],
    described: &HashSet<&str>,
) -> Bill {
    let mut bill = Bill {
        created,
        ..Bill::default()
    };
    for package in packages {
        if described.contains(&*package.id) {
            bill.repository = bill.repository.take().or_else(|| package.repository());
            continue;
        }
        bill.components += 1;
        let is_said = |license: &&str| !matches!(*license, "NOASSERTION" | "NONE");
        let concluded = package.license_concluded.as_deref().filter(is_said);
        let license = concluded.or(package.license_declared.as_deref());
        bill.license(license.unwrap_or_default());
    }
    bill
}

impl Package<'_> {
    /// The repository of `git+https://github.com/larkspur/payments@1f2e3d`.
    fn repository(&self) -> Option<String> {
        let location = self.download_location.as_deref()?.strip_prefix("git+")?;
        let location = location.split('#').next().unwrap_or(location);
        let revision = location.rfind('@').filter(|at| {
            let slash = location.rfind('/');
            slash.is_some_and(|slash| *at > slash)
        });
        normalize_remote(&location[..revision.unwrap_or(location.len())])
    }
}

/// Reads tags, one a line; a text between `<text>` and `</text>` may have several lines.
fn of_tags(text: &str) -> Result<Bill, ImportError> {
    let mut packages: Vec<Package<'_>> = Vec::new();
    let mut described = BTreeSet::new();
    let (mut version, mut created) = (None, None);
    let mut is_text = false;
    for line in text.lines() {
        if is_text {
            is_text = !line.contains("</text>");
            continue;
        }
        let Some((tag, value)) = line.split_once(':') else {
            continue;
        };
        let value = value.trim();
        is_text = value.starts_with("<text>") && !value.contains("</text>");
        let package = packages.last_mut();
        match (tag.trim(), package) {
            ("SPDXVersion", _) => version = Some(value),
            ("Created", _) => created = time(value),
            ("PackageName", _) => packages.push(Package::default()),
            ("SPDXID", Some(package)) if package.id.is_empty() => package.id = value.into(),
            ("PackageLicenseConcluded", Some(package)) => {
                package.license_concluded = Some(value.into());
            }
            ("PackageLicenseDeclared", Some(package)) => {
                package.license_declared = Some(value.into());
            }
            ("PackageDownloadLocation", Some(package)) => {
                package.download_location = Some(value.into());
            }
            ("Relationship", _) => {
                let target = value.strip_prefix("SPDXRef-DOCUMENT DESCRIBES ");
                described.extend(target.map(str::trim));
            }
            _ => {}
        }
    }
    let missing = || ImportError::new("there is no \"SPDXVersion\": this is not SPDX");
    is_read(version.ok_or_else(missing)?)?;
    if is_text {
        return Err(ImportError::new("the file ends within a <text>"));
    }
    let described = described.into_iter().collect();
    Ok(bill(created, &packages, &described))
}

/// Later versions of the second one only add to it.
fn is_read(version: &str) -> Result<(), ImportError> {
    if version.starts_with("SPDX-2.") {
        return Ok(());
    }
    let message = format!("\"{version}\" is not read, only SPDX 2.2 and 2.3");
    Err(ImportError::new(message))
}
