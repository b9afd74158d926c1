//! Every text of the page has its translations.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use triage_cli::texts::{problems, translated};

#[test]
fn catalogues_lack_nothing() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for language in translated() {
        let found = problems(&root, language).unwrap();
        assert!(
            found.is_empty(),
            "{}; run `./dev cli texts` to add new texts to locales/:\n{}",
            language.tag(),
            found.join("\n")
        );
    }
}
