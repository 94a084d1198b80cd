//! A repository with a component, and a branch of it that is proposed.

use std::fs;

use crate::sandbox::Sandbox;

const README: &str = "# Shop\n\n";

const DESCRIPTOR: &str = "\
apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: shop-team
spec:
  type: team
  children: []
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: shop
  description: Sells things
spec:
  type: service
  lifecycle: experimental
  owner: shop-team
";

/// A workspace with the repository `shop`, in which a branch is checked out.
pub(super) struct Shop {
    pub(super) sandbox: Sandbox,
    /// The commit of `main`.
    pub(super) base: String,
}

impl Shop {
    /// A branch that adds a page.
    pub(super) fn with_good_branch() -> Self {
        let shop = Self::new();
        shop.sandbox
            .write("shop/docs/index.md", "# Shop\n\nIt sells.\n");
        shop.propose();
        shop
    }

    /// A branch with a descriptor that cannot be read, and without most of the README.
    pub(super) fn with_bad_branch() -> Self {
        let shop = Self::new();
        let (_, component) = DESCRIPTOR.split_once("---\n").unwrap();
        let broken = component.replace("name: shop\n", "name: broken\n");
        let broken = broken.replace("owner: shop-team", "owner: [");
        shop.sandbox.write("shop/broken/catalog-info.yaml", &broken);
        shop.sandbox.write("shop/README.md", README);
        shop.propose();
        shop
    }

    fn new() -> Self {
        let sandbox = Sandbox::new();
        sandbox.write("shop/catalog-info.yaml", DESCRIPTOR);
        let readme = format!("{README}{}", "It sells things.\n".repeat(24));
        sandbox.write("shop/README.md", &readme);
        sandbox.repository("shop");
        let base = sandbox
            .git("shop", &["rev-parse", "HEAD"])
            .trim()
            .to_owned();
        fs::create_dir_all(sandbox.root().join("doubles")).unwrap();
        Self { sandbox, base }
    }

    /// Checks the change out as CI does: a commit, and no branch.
    fn propose(&self) {
        let git = |arguments: &[&str]| self.sandbox.git("shop", arguments);
        git(&["checkout", "--quiet", "--detach"]);
        self.sandbox.commit_on("2026-01-16", "shop");
    }
}
