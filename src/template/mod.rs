//! The language of templates: `minijinja`, made to agree with Backstage's.
