//! Bills of materials as `CycloneDX`, JSON and XML, 1.2 to 1.6.

use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Deserialize;

use super::document::{begins_with, json, looks_like, or_default, text, time};
use super::xml::{Element, Xml};
use super::{Amount, ImportError, ImportFile, ImportFormat, Imported, Subject};
use crate::repo::normalize_remote;

/// The facts that bills of materials give.
pub(super) const GIVES: &[&str] = &["sbom.present", "sbom.components", "sbom.licenses"];

/// The format.
pub(super) const FORMAT: ImportFormat = ImportFormat {
    name: "cyclonedx",
    source: "cyclonedx",
    about: "bills of materials: CycloneDX 1.4, 1.5 and 1.6, JSON and XML \
            (cyclonedx.org/docs/1.6, ECMA-424)",
    gives: GIVES,
    recognises: |file| {
        looks_like(file, &["\"bomFormat\"", "\"CycloneDX\""])
            || looks_like(file, &["<bom", "http://cyclonedx.org/schema/bom/"])
    },
    read,
};

/// A bill of materials, whatever its format.
#[derive(Debug, Default)]
pub(super) struct Bill {
    pub(super) created: Option<Timestamp>,
    pub(super) components: u64,
    pub(super) licenses: BTreeSet<String>,
    /// The repository of what it is about.
    pub(super) repository: Option<String>,
}

impl Bill {
    /// What it says.
    pub(super) fn say(self, file: &ImportFile<'_>) -> Imported {
        let mut imported = Imported::observed(file, self.created);
        let subject = self.repository.map_or(Subject::File, |repository| {
            Subject::Repository(repository, String::new())
        });
        imported.add(&subject, "sbom.present", Amount::value(true));
        let components = Amount::count(self.components);
        imported.add(&subject, "sbom.components", components);
        imported.add(&subject, "sbom.licenses", Amount::Texts(self.licenses));
        imported
    }

    /// Adds a license, as SPDX names it or as people call it.
    pub(super) fn license(&mut self, license: &str) {
        const LONGEST: usize = 200;
        const MOST: usize = 1_000;
        let license = license.trim();
        let is_said = !license.is_empty() && !matches!(license, "NOASSERTION" | "NONE");
        if is_said && license.len() <= LONGEST && self.licenses.len() < MOST {
            self.licenses.insert(license.to_owned());
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    #[serde(borrow)]
    bom_format: Cow<'a, str>,
    #[serde(borrow)]
    spec_version: Cow<'a, str>,
    #[serde(borrow)]
    metadata: Option<Metadata<'a>>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    components: Vec<Component<'a>>,
}

#[derive(Deserialize)]
struct Metadata<'a> {
    #[serde(borrow)]
    timestamp: Option<Cow<'a, str>>,
    #[serde(borrow)]
    component: Option<Component<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Component<'a> {
    #[serde(borrow, default, deserialize_with = "or_default")]
    licenses: Vec<LicenseChoice<'a>>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    external_references: Vec<Reference<'a>>,
    #[serde(borrow, default, deserialize_with = "or_default")]
    components: Vec<Component<'a>>,
}

#[derive(Deserialize)]
struct LicenseChoice<'a> {
    #[serde(borrow)]
    license: Option<License<'a>>,
    #[serde(borrow)]
    expression: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct License<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    url: Option<Cow<'a, str>>,
}

fn read(file: &ImportFile<'_>) -> Result<Imported, ImportError> {
    let text = text(file)?;
    let bill = if begins_with(file, &['<']) {
        of_xml(&text)?
    } else {
        of_json(&text)?
    };
    Ok(bill.say(file))
}

fn of_json(text: &str) -> Result<Bill, ImportError> {
    let document: Document<'_> = json(text)?;
    if document.bom_format != "CycloneDX" {
        let message = format!("\"{}\" is not CycloneDX", document.bom_format);
        return Err(ImportError::new(message));
    }
    is_read(&document.spec_version)?;
    let metadata = document.metadata.as_ref();
    let subject = metadata.and_then(|it| it.component.as_ref());
    let references = subject.map_or(&[][..], |it| &it.external_references);
    let mut urls = references
        .iter()
        .filter(|it| it.kind.as_deref() == Some("vcs"));
    let mut bill = Bill {
        created: metadata.and_then(|it| time(it.timestamp.as_deref()?)),
        repository: urls.find_map(|it| normalize_remote(it.url.as_deref()?)),
        ..Bill::default()
    };
    // JSON is at most 128 levels deep, and so is this.
    bill.add(&document.components);
    Ok(bill)
}

impl Bill {
    fn add(&mut self, components: &[Component<'_>]) {
        for component in components {
            self.components += 1;
            for choice in &component.licenses {
                let license = choice.license.as_ref();
                let named = license.and_then(|it| it.id.as_deref().or(it.name.as_deref()));
                self.license(choice.expression.as_deref().or(named).unwrap_or_default());
            }
            self.add(&component.components);
        }
    }
}

fn of_xml(text: &str) -> Result<Bill, ImportError> {
    let mut bill = Bill::default();
    let mut xml = Xml::new(text);
    let mut is_bill = false;
    let mut is_repository = false;
    while let Some(element) = xml.next()? {
        let Element {
            name, is_opened, ..
        } = &element;
        let is_metadata = xml.is_inside("metadata");
        let of_subject = is_metadata && !xml.is_inside("tools");
        if *is_opened {
            match name.as_str() {
                "bom" => {
                    is_bill = true;
                    if let Some((_, version)) =
                        element.attribute("xmlns").rsplit_once("/schema/bom/")
                    {
                        is_read(version)?;
                    }
                }
                "component" if !is_metadata && xml.is_inside("components") => bill.components += 1,
                "reference" if of_subject => {
                    is_repository = element.attribute("type") == "vcs";
                }
                _ => {}
            }
            continue;
        }
        let parent = xml.parent();
        match name.as_str() {
            "timestamp" if parent == Some("metadata") => bill.created = time(xml.text()),
            "url" if of_subject && is_repository && bill.repository.is_none() => {
                bill.repository = normalize_remote(xml.text().trim());
            }
            "id" | "name" if !is_metadata && parent == Some("license") => bill.license(xml.text()),
            "expression" if !is_metadata && parent == Some("licenses") => bill.license(xml.text()),
            _ => {}
        }
    }
    if !is_bill {
        return Err(ImportError::new("there is no <bom>: this is not CycloneDX"));
    }
    Ok(bill)
}

/// Later versions of the first one only add to it.
fn is_read(version: &str) -> Result<(), ImportError> {
    if version.starts_with("1.") {
        return Ok(());
    }
    let message = format!("CycloneDX {version} is not read, only 1.2 to 1.6");
    Err(ImportError::new(message))
}
