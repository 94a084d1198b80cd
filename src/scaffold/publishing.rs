//! What the actions share that make repositories and propose changes.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    Call, Effect, Outputs, Proposal, Publication, RemoteRepository, StepError, TargetPath, WorkTree,
};
use crate::model::ForgeKind;

/// Fields of `publish:HOST` that are carried out, or that have no meaning without a server.
const CARRIED_OUT: [&str; 17] = [
    "repoUrl",
    "description",
    "homepage",
    "repoVisibility",
    "defaultBranch",
    "gitCommitMessage",
    "gitAuthorName",
    "gitAuthorEmail",
    "sourcePath",
    "topics",
    "settings",
    "token",
    "signCommit",
    "skipExisting",
    "allowedHosts",
    "subscribe",
    "enableLFS",
];

/// Fields of `settings` of `publish:gitlab` that are carried out.
const CARRIED_OUT_SETTINGS: [&str; 5] = ["name", "path", "description", "topics", "visibility"];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PublishInput {
    repo_url: String,
    description: Option<String>,
    homepage: Option<String>,
    repo_visibility: Option<String>,
    default_branch: Option<String>,
    git_commit_message: Option<String>,
    git_author_name: Option<String>,
    git_author_email: Option<String>,
    source_path: Option<Value>,
    topics: Option<Vec<String>>,
    settings: Option<Map<String, Value>>,
}

/// Notes a repository to be made of the tree, or of a folder of it.
///
/// # Errors
/// When the input names no repository or no folder.
pub(super) fn publish(
    call: &mut Call<'_>,
    forge: ForgeKind,
    default_branch: &str,
) -> Result<Outputs, StepError> {
    let input: PublishInput = call.typed_input()?;
    let remote = RemoteRepository::of_repo_url(&input.repo_url, forge)?;
    let branch = branch_name(input.default_branch.as_deref().unwrap_or(default_branch))?;
    let setting = |name: &str| {
        let value = input.settings.as_ref()?.get(name)?;
        value.as_str().map(str::to_owned)
    };
    let topics = input.settings.as_ref().and_then(|settings| {
        let topics = settings.get("topics")?.as_array()?;
        Some(
            topics
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
        )
    });
    let outputs = Outputs::from_iter([
        ("remoteUrl".to_owned(), remote.clone_url().into()),
        (
            "repoContentsUrl".to_owned(),
            remote.contents_url(&branch).into(),
        ),
    ]);
    let publication = Publication {
        files: match &input.source_path {
            Some(Value::String(folder)) => subtree(call.tree, folder)?,
            Some(Value::Bool(false)) => WorkTree::default(),
            _ => call.tree.clone(),
        },
        remote,
        description: setting("description").or(input.description),
        homepage: input.homepage,
        visibility: setting("visibility")
            .or(input.repo_visibility)
            .unwrap_or_else(|| "private".to_owned()),
        topics: topics.or(input.topics).unwrap_or_default(),
        branch,
        message: input
            .git_commit_message
            .unwrap_or_else(|| "initial commit".to_owned()),
        author: (input.git_author_name, input.git_author_email),
        left_out: left_out(call.input),
    };
    call.effects.push(Effect::Publish(Box::new(publication)));
    Ok(outputs)
}

/// The names of the fields that only a forge's own tools can carry out.
fn left_out(input: &Map<String, Value>) -> Vec<String> {
    let is_set = |value: &Value| !matches!(value, Value::Null | Value::Bool(false));
    let fields = input
        .iter()
        .filter(|(name, value)| is_set(value) && !CARRIED_OUT.contains(&name.as_str()));
    let settings = input.get("settings").and_then(Value::as_object);
    let settings = settings
        .into_iter()
        .flatten()
        .filter(|(name, value)| is_set(value) && !CARRIED_OUT_SETTINGS.contains(&name.as_str()));
    let fields = fields.map(|(name, _)| name.clone());
    fields
        .chain(settings.map(|(name, _)| format!("settings.{name}")))
        .collect()
}

/// What the actions that propose a change take; their names for the same thing differ.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProposeInput {
    repo_url: String,
    #[serde(alias = "sourceBranch")]
    branch_name: Option<String>,
    #[serde(alias = "targetBranch")]
    target_branch_name: Option<String>,
    title: Option<String>,
    description: Option<String>,
    target_path: Option<String>,
    source_path: Option<String>,
    commit_message: Option<String>,
    #[serde(alias = "gitCommitMessage")]
    git_commit_message: Option<String>,
    #[serde(default)]
    files_to_delete: Vec<String>,
    commit_action: Option<String>,
    git_author_name: Option<String>,
    git_author_email: Option<String>,
}

/// Notes a branch with one commit in a repository that exists. The page that offers to merge it
/// is the output `url_output`; which branch it is for is known where the template names it.
///
/// # Errors
/// When the input names no repository, branch or folder.
pub(super) fn propose(
    call: &mut Call<'_>,
    forge: ForgeKind,
    url_output: &str,
) -> Result<Outputs, StepError> {
    let input: ProposeInput = call.typed_input()?;
    let remote = RemoteRepository::of_repo_url(&input.repo_url, forge)?;
    let title = input
        .title
        .ok_or_else(|| StepError::new("input \"title\" is missing"))?;
    let branch = input
        .branch_name
        .as_deref()
        .unwrap_or("backstage-scaffolder");
    let branch = branch_name(branch)?;
    let base = input.target_branch_name.as_deref().map(branch_name);
    let base = base.transpose()?;
    let source = input.source_path.as_deref().or(match forge {
        // GitLab's action takes the files of `targetPath` where no other folder is named.
        ForgeKind::GitLab => input.target_path.as_deref(),
        _ => None,
    });
    let files = match source {
        Some(folder) => subtree(call.tree, folder)?,
        None => call.tree.clone(),
    };
    let target = input.target_path.as_deref().unwrap_or("");
    let target = TargetPath::of_input(target)?;
    let under = |path: &str| TargetPath::join(target.as_ref(), path);
    let mut removed = Vec::new();
    for path in &input.files_to_delete {
        removed.push(under(path.trim_start_matches("./"))?.to_string());
    }
    let mut placed = WorkTree::default();
    for (path, entry) in files.below(None) {
        let path = under(path.as_str())?;
        match input.commit_action.as_deref() {
            Some("delete") => removed.push(path.to_string()),
            Some("skip") => {}
            // What is to be deleted is deleted, whatever the template brings.
            _ if removed.iter().any(|gone| gone == path.as_str()) => {}
            _ => placed.put(path, entry.clone())?,
        }
    }
    let url = remote.compare_url(base.as_deref(), &branch);
    let mut outputs = Outputs::from_iter([(url_output.to_owned(), url.into())]);
    if let Some(base) = &base {
        outputs.insert("targetBranchName".to_owned(), base.clone().into());
    }
    if forge == ForgeKind::GitLab {
        let path = format!("{}/{}", remote.owner, remote.name);
        outputs.insert("projectid".to_owned(), path.clone().into());
        outputs.insert("projectPath".to_owned(), path.into());
    }
    let message = input.commit_message.or(input.git_commit_message);
    let proposal = Proposal {
        remote,
        branch,
        base,
        message: message.unwrap_or_else(|| title.clone()),
        title,
        description: input.description.unwrap_or_default(),
        files: placed,
        removed,
        author: (input.git_author_name, input.git_author_email),
    };
    call.effects.push(Effect::Propose(Box::new(proposal)));
    Ok(outputs)
}

/// A folder of the tree as a tree of its own.
fn subtree(tree: &WorkTree, folder: &str) -> Result<WorkTree, StepError> {
    let Some(folder) = TargetPath::of_input(folder)? else {
        return Ok(tree.clone());
    };
    let prefix = folder.as_str().len() + 1;
    let mut part = WorkTree::default();
    for (path, entry) in tree.below(Some(&folder)) {
        part.put(TargetPath::new(&path.as_str()[prefix..])?, entry.clone())?;
    }
    if part.is_empty() {
        return Err(StepError::new(format!("there is no folder \"{folder}\"")));
    }
    Ok(part)
}

/// A name that Git takes for a branch, and that no program takes for an option.
pub(super) fn branch_name(name: &str) -> Result<String, StepError> {
    let is_strange = |c: char| c.is_control() || " ~^:?*[\\".contains(c);
    let is_fine = !name.is_empty()
        && !name.starts_with(['-', '/', '.'])
        && !name.ends_with(['/', '.'])
        && !["..", "//", "@{", "/."]
            .iter()
            .any(|part| name.contains(part))
        && !name
            .split('/')
            .any(|part| part.to_lowercase().ends_with(".lock"))
        && !name.contains(is_strange);
    if is_fine {
        return Ok(name.to_owned());
    }
    Err(StepError::new(format!("\"{name}\" is no name of a branch")))
}
